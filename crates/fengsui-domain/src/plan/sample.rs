//! A small plan for the tests of this crate: grading as in `jincheng-internet-2008/2.2`, little else.

use std::collections::BTreeMap;

use jiff::civil::date;

use super::{
    Choice, Clause, Fact, FactId, FactKind, Grading, GradingRule, Holidays, Intake, Level, Plan, PlanId,
    Review, RoleId, RuleId, Text, Triage,
};
use crate::expr::{Comparison, Expr, Value};
use crate::level::IncidentLevel::{self, I, II, III, IV};

/// The plan.
pub(crate) fn plan() -> Plan {
    Plan {
        id: PlanId::new("sample"),
        title: text("样例预案", "Sample plan"),
        document: "1".to_owned(),
        issuer: text("市政府", "City government"),
        notice: None,
        aims: Vec::new(),
        basis: Vec::new(),
        in_force_from: date(2008, 1, 4),
        in_force_until: None,
        zone: "Asia/Shanghai".to_owned(),
        holidays: Holidays::default(),
        clauses: BTreeMap::new(),
        roles: BTreeMap::new(),
        categories: BTreeMap::new(),
        facts: facts(),
        levels: IncidentLevel::ALL.into_iter().map(|level| (level, level_of(level))).collect(),
        grading: Grading { confirmed_by: vec![office()], clause: clause("5.1.5.4"), rules: rules() },
        intake: Intake::default(),
        triage: Triage::default(),
        clocks: Vec::new(),
        responses: Vec::new(),
        immediate_actions: Vec::new(),
        disposal: None,
        orders: Vec::new(),
        grants: None,
        playbooks: Vec::new(),
        review: Review { leads: Vec::new(), topics: Vec::new(), clause: clause("6.2"), plan_change: None },
        filing: None,
        publications: Vec::new(),
        duties: Vec::new(),
        evidence: Vec::new(),
        warnings: None,
        evaluation: None,
        taxonomy: None,
        interpreted_by: None,
        in_force_clause: None,
        defaults: Vec::new(),
        unverified: Vec::new(),
        beside: BTreeMap::new(),
        joined: Vec::new(),
    }
}

/// A fact id.
pub(crate) fn fact(name: &str) -> FactId {
    FactId::new(name)
}

/// A choice.
pub(crate) fn choice(name: &str) -> Value {
    Value::Choice(name.to_owned())
}

/// A text in both languages.
pub(crate) fn text(zh: &str, en: &str) -> Text {
    Text { zh: zh.to_owned(), en: en.to_owned() }
}

fn clause(number: &str) -> Clause {
    Clause::new(format!("jincheng-internet-2008/{number}"))
}

fn office() -> RoleId {
    RoleId::new("security-office")
}

fn level_of(level: IncidentLevel) -> Level {
    Level { title: text(level.as_zh(), level.as_str()), clause: clause("2.2") }
}

fn facts() -> BTreeMap<FactId, Fact> {
    let spread = [
        ("none", "无扩散性", "none"),
        ("practically-none", "基本无扩散性", "practically none"),
        ("strong", "扩散性强", "strong"),
        ("very-strong", "扩散性很强", "very strong"),
    ];
    let spread = spread.map(|(id, zh, en)| Choice { id: id.to_owned(), title: text(zh, en), clause: None });
    let question = |kind: FactKind, zh: &str, en: &str, needs_reason: bool| Fact {
        place: 0,
        title: text(zh, en),
        hint: text("据实填写", "As it is"),
        kind,
        judged_by: office(),
        clause: clause("2.2"),
        needs_reason,
    };
    let facts = [
        (fact("spread"), question(FactKind::OneOf(spread.into()), "扩散性", "Spread", false)),
        (fact("paralysis"), question(FactKind::Bool, "大面积瘫痪", "large-area paralysis", false)),
        (fact("stability"), question(FactKind::Bool, "影响社会稳定", "social stability affected", false)),
        (
            fact("derived"),
            question(FactKind::Bool, "衍生其他重大安全事件", "other major events derived", false),
        ),
        (fact("vital"), question(FactKind::Bool, "涉及国计民生", "vital system", false)),
        (fact("individual"), question(FactKind::Bool, "发生在个别单位", "individual units only", false)),
        (fact("special"), question(FactKind::Bool, "特殊情况", "special circumstances", true)),
        (fact("systems"), question(FactKind::Count, "受影响系统数", "Systems hit", false)),
    ];
    facts.into_iter().enumerate().map(|(place, (id, fact))| (id, Fact { place, ..fact })).collect()
}

fn rules() -> Vec<GradingRule> {
    let yes = |name: &str| Expr::Fact(fact(name));
    let spread = |name: &str| Expr::Compare(fact("spread"), Comparison::Equal, choice(name));
    let rule = |id: &str, level, when, number: &str, judge| GradingRule {
        id: RuleId::new(id),
        level,
        when,
        clause: clause(number),
        says: text("如条款", "as the clause says"),
        judge,
    };
    let very_strong_and_all =
        Expr::All(vec![spread("very-strong"), yes("paralysis"), yes("stability"), yes("derived")]);
    let strong = Expr::OneOf(fact("spread"), vec![choice("strong"), choice("very-strong")]);
    let look = text("三、四级用语相同", "III and IV share these words");
    vec![
        rule("i", I, very_strong_and_all, "2.2.1", None),
        rule("ii", II, Expr::Any(vec![strong, yes("vital")]), "2.2.2", None),
        rule("iii-spread", III, spread("practically-none"), "2.2.3", None),
        rule("iii-units", III, yes("individual"), "2.2.3", Some(look)),
        rule("iv", IV, Expr::Const(true), "2.2.4", None),
    ]
}
