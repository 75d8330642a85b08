//! Checks that need the whole plan; those that need one entry are made while it is read.

use std::collections::BTreeSet;

use fengsui_domain::expr::{Answers, Situation, Truth};
use fengsui_domain::grading::RuleSet;
use fengsui_domain::plan::{ClockRule, ClockStart, Plan, RuleId};
use jiff::civil::Date;

use super::citations::citations;
use super::finding::{Code, Spot, quoted, say};
use super::read::Cx;
use cases::Cases;

mod calendar;
mod cases;
mod clocks;
mod conditions;
mod limits;
mod parents;
mod playbooks;
mod stages;
mod warnings;

pub(super) use parents::elsewhere;

/// Conditions looked at to see whether every grading rule can be the one that decides: branches of answers
/// times conditions; this many take about a second.
const MAX_STEPS: usize = 5_000_000;

/// How much is left to look at in one pack, or in one try of its options: with hundreds of options each must not
/// take as long as the pack itself.
#[derive(Debug)]
pub(super) struct Effort<'p> {
    /// The pack whose options are tried; what was found in it need not be found again.
    pack: Option<&'p Plan>,
    /// Conditions in combinations of answers to the questions of grading.
    grading: usize,
    /// Conditions in cases.
    cases: usize,
}

impl<'p> Effort<'p> {
    pub(super) fn of_pack() -> Self {
        Self { pack: None, grading: 2 * MAX_STEPS, cases: cases::MAX_STEPS }
    }

    /// For one of so many options: twice as much for all of them as for the pack alone, each its share.
    pub(super) fn of_option(pack: &'p Plan, options: usize) -> Self {
        let (grading, cases) = (4 * MAX_STEPS / options.max(1), 2 * cases::MAX_STEPS / options.max(1));
        Self { pack: Some(pack), grading, cases }
    }

    /// Questions, levels and the rules on them are those of the pack, which was looked at.
    fn graded_alike(&self, plan: &Plan) -> bool {
        self.pack.is_some_and(|pack| {
            (&pack.facts, &pack.levels, &pack.grading) == (&plan.facts, &plan.levels, &plan.grading)
        })
    }

    /// So are the rules on warnings.
    fn warned_alike(&self, plan: &Plan) -> bool {
        self.graded_alike(plan) && self.pack.is_some_and(|pack| pack.warnings == plan.warnings)
    }

    /// The rules that can be the one that decides; `None` if there are too many combinations to try.
    fn reachable<L: Copy + Ord>(&mut self, rules: &RuleSet<'_, L>) -> Option<BTreeSet<RuleId>> {
        let allowed = self.grading.min(MAX_STEPS);
        let mut left = allowed;
        let reached = rules.reachable(&mut left);
        self.grading -= allowed - left;
        reached
    }
}

/// Looks at a plan whose every entry is right by itself, and, if a day is given, at whether it can be relied on then.
/// What that took is taken from `effort`.
pub(super) fn whole(cx: &mut Cx<'_>, plan: &Plan, on: Option<Date>, effort: &mut Effort<'_>) {
    if !effort.graded_alike(plan) {
        rules_reached(cx, plan, effort);
    }
    levels_graded(cx, plan);
    reviews_led(cx, plan);
    defaults_explained(cx, plan);
    clauses_carried(cx, plan);
    unit_named(cx, plan);
    parents::named(cx, plan);
    calendar::calendar(cx, plan, on);
    let allowed = effort.cases.min(cases::MAX_STEPS);
    let mut cases = Cases::new(plan, allowed);
    playbooks::playbooks(cx, plan, &mut cases);
    conditions::conditions(cx, plan, &mut cases);
    clocks::clocks(cx, plan, &mut cases);
    stages::stages(cx, plan, &mut cases);
    limits::limits(cx, plan, &mut cases);
    warnings::warnings(cx, plan, effort);
    effort.cases -= allowed - cases.left();
    if cases.untried() {
        let message = say(
            "条件的组合太多，未全部相互检验",
            "there are too many combinations of answers to try all conditions against each other",
        );
        cx.report(Code::TooManyCases, spot(cx, "clocks"), "clocks", message, None);
    }
}

fn rules_reached(cx: &mut Cx<'_>, plan: &Plan, effort: &mut Effort<'_>) {
    let Some(reached) = effort.reachable(&RuleSet::levels(plan)) else {
        let message = say(
            "答案的组合太多，未检验每条规则是否用得到",
            "there are too many combinations of answers to try whether every rule is reached",
        );
        let at = first_rule(cx, plan);
        cx.report(Code::TooManyCases, at, "grading/rules", message, None);
        return;
    };
    for rule in plan.grading.rules.iter().filter(|rule| !reached.contains(&rule.id)) {
        let place = format!("grading/rules/{}", rule.id);
        let id = quoted(rule.id.as_str());
        let message = say(
            format!("定级规则 {id} 永远用不到"),
            format!("the grading rule {id} can never be the one that decides"),
        );
        let fix = say(
            "前面的规则总会先成立，或它的条件从不成立",
            "a rule above always holds first, or its condition never does",
        );
        let at = spot(cx, &place);
        cx.report(Code::Unreachable, at, &place, message, Some(fix));
    }
}

fn levels_graded(cx: &mut Cx<'_>, plan: &Plan) {
    let graded: BTreeSet<_> = plan.grading.rules.iter().map(|rule| rule.level).collect();
    for level in plan.levels.keys().filter(|level| !graded.contains(level)) {
        let place = format!("levels/{level}");
        let message =
            say(format!("没有规则给出 {level} 级"), format!("no grading rule proposes level {level}"));
        let at = spot(cx, &place);
        cx.report(Code::LevelNotGraded, at, &place, message, None);
    }
}

/// Whatever was answered: a review that waits for an answer would have no lead.
fn reviews_led(cx: &mut Cx<'_>, plan: &Plan) {
    let facts = Answers::new();
    for level in plan.levels.keys() {
        let situation = Situation { facts: &facts, level: Some(*level), response: None };
        if plan.review.leads.iter().any(|lead| lead.when.eval(&situation) == Truth::True) {
            continue;
        }
        let message = say(
            format!("{level} 级事件的调查评估无人牵头"),
            format!("nobody leads the review of a level {level} incident"),
        );
        let at = spot(cx, &format!("levels/{level}"));
        cx.report(Code::NobodyLeads, at, "review/leads", message, None);
    }
}

fn defaults_explained(cx: &mut Cx<'_>, plan: &Plan) {
    let clocks = plan.clocks.iter().filter(|clock| clock.is_default);
    let clocks = clocks.map(|clock| (("时限", "clock"), "clocks", clock.id.as_str(), &clock.clause));
    let duties = plan.duties.iter().filter(|duty| duty.is_default);
    let duties = duties.map(|duty| (("常规职责", "standing duty"), "duties", duty.id.as_str(), &duty.clause));
    for ((zh, en), list, id, clause) in clocks.chain(duties) {
        if plan.defaults_for(clause).next().is_some() {
            continue;
        }
        let place = format!("{list}/{id}");
        let (id, clause) = (quoted(id), quoted(clause.as_str()));
        let message = say(
            format!("{zh} {id} 标为我方数值，但 defaults 没有说明"),
            format!("the {en} {id} is marked as our figure, but `defaults` does not say why"),
        );
        let fix = say(format!("在 defaults 中写明 {clause}"), format!("add {clause} to `defaults`"));
        let at = spot(cx, &place);
        cx.report(Code::DefaultUnexplained, at, &place, message, Some(fix));
    }
}

fn clauses_carried(cx: &mut Cx<'_>, plan: &Plan) {
    let cited: BTreeSet<_> = citations(plan).into_iter().map(|(clause, _)| clause).collect();
    for clause in plan.clauses.keys().filter(|clause| !cited.contains(clause)) {
        let place = format!("clauses/{clause}");
        let quoted = quoted(clause.as_str());
        let message = say(format!("没有规则引用条款 {quoted}"), format!("nothing cites the clause {quoted}"));
        let at = spot(cx, &place);
        cx.report(Code::ClauseNotCarried, at, &place, message, None);
    }
    // A mark on a clause of another document, or in a pack without a table of clauses, is shown beside its rules alone.
    let open = plan.unverified.iter().map(|open| &open.clause);
    let open: BTreeSet<_> = open.filter(|clause| !plan.clauses.contains_key(*clause)).collect();
    for clause in open.into_iter().filter(|clause| !cited.contains(clause)) {
        let place = format!("unverified/clauses/{clause}");
        let clause = quoted(clause.as_str());
        let message = say(
            format!("标明未核对的条款 {clause} 没有任何规则引用，标注不会显示"),
            format!(
                "nothing cites the clause {clause} that is marked as unverified, so the mark is shown nowhere"
            ),
        );
        let fix = say("改正条款号，或删去标注", "mend the number, or remove the mark");
        let at = spot(cx, &place);
        cx.report(Code::ClauseNotCarried, at, &place, message, Some(fix));
    }
}

/// The time of awareness that intake records is that of the unit where it happened, by the name of its role.
fn unit_named(cx: &mut Cx<'_>, plan: &Plan) {
    let from_awareness = |clock: &&ClockRule| clock.starts == ClockStart::BodyBecameAware;
    let Some(clock) = plan.clocks.iter().find(from_awareness).filter(|_| plan.units().next().is_none())
    else {
        return;
    };
    let place = format!("clocks/{}", clock.id);
    let clock = quoted(clock.id.as_str());
    let message = say(
        format!("时限 {clock} 从获知事件起算，但没有机构名为 unit，登记时填写的获知时间对谁都不起作用"),
        format!(
            "{clock} counts from awareness, but no role is called `unit`, so the time of awareness given at intake \
             counts for nobody"
        ),
    );
    let fix = say("把事发单位的机构命名为 unit", "call the role of the unit where it happened `unit`");
    let at = spot(cx, &place);
    cx.report(Code::NoUnit, at, &place, message, Some(fix));
}

fn first_rule(cx: &Cx<'_>, plan: &Plan) -> Spot {
    plan.grading.rules.first().map_or(Spot::default(), |rule| spot(cx, &format!("grading/rules/{}", rule.id)))
}

fn spot(cx: &Cx<'_>, place: &str) -> Spot {
    cx.spots.get(place).copied().unwrap_or_default()
}
