//! From nodes to values: every reading step reports what is wrong and goes on, so one run names all mistakes.
//!
//! `None` always means "reported". A caller reads all its fields first and combines them at the end.

use std::collections::{BTreeMap, BTreeSet};

use fengsui_domain::expr::Expr;
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::plan::{CategoryId, Clause, Named, RoleId, RuleId, Text};

use super::finding::{Code, Findings, Spot, quoted, say};
use super::nearest::suggestion;
use super::predicate;
use super::yaml::{Kind, Node, Scalar};

mod fields;
mod names;

pub(super) use fields::Fields;
pub(super) use names::{NameRule, Names};

/// Characters of a name or a heading.
pub(super) const MAX_TITLE_CHARS: usize = 200;
/// Characters of a longer text: a hint, a duty, a settlement.
pub(super) const MAX_TEXT_CHARS: usize = 2_000;

/// What a reading needs: the texts of the files, the names, and where to report.
pub(super) struct Cx<'s> {
    pub(super) sources: Vec<&'s str>,
    pub(super) predicates: &'s predicate::Parsed,
    pub(super) names: Names,
    pub(super) findings: Findings,
    /// Where things were declared, for checks that look at the whole plan.
    pub(super) spots: BTreeMap<String, Spot>,
}

impl Cx<'_> {
    pub(super) fn report(&mut self, code: Code, at: Spot, place: &str, message: Text, fix: Option<Text>) {
        self.findings.add(code, at, place, message, fix);
    }

    /// Reports an unknown name and suggests the nearest, or lists what there is; returns the nearest.
    pub(super) fn unknown<'n>(
        &mut self,
        (code, zh, en): (Code, &str, &str),
        (at, place): (Spot, &str),
        wrong: &str,
        known: impl IntoIterator<Item = &'n str> + Clone,
    ) -> Option<&'n str> {
        let message = say(format!("未知的{zh} {}", quoted(wrong)), format!("unknown {en} {}", quoted(wrong)));
        let (near, fix) = suggestion(wrong, known);
        self.report(code, at, place, message, fix);
        near
    }

    fn wrong_type(&mut self, node: &Node, place: &str, what: (&str, &str)) {
        self.wrong_type_with(node, place, what, None);
    }

    fn wrong_type_with(&mut self, node: &Node, place: &str, (zh, en): (&str, &str), fix: Option<Text>) {
        let (found_zh, found_en) = match &node.kind {
            Kind::Scalar(scalar) if scalar.is_null() => ("空", "nothing"),
            Kind::Scalar(_) => ("文字", "a text"),
            Kind::List(_) => ("列表", "a list"),
            Kind::Map(_) => ("键值", "keys with values"),
            Kind::Refused => return,
        };
        let message =
            say(format!("此处应为{zh}，却是{found_zh}"), format!("expected {en}, found {found_en}"));
        self.report(Code::WrongType, node.at, place, message, fix);
    }

    pub(super) fn bad_value(&mut self, node: &Node, place: &str, wrong: &str, (zh, en): (&str, &str)) {
        let wrong = quoted(wrong);
        let message = say(format!("不能理解的值 {wrong}"), format!("{wrong} is not understood here"));
        self.report(Code::BadValue, node.at, place, message, Some(say(zh, en)));
    }

    /// The text of a scalar.
    pub(super) fn scalar<'n>(&mut self, node: &'n Node, place: &str) -> Option<&'n Scalar> {
        match &node.kind {
            Kind::Scalar(scalar) if !scalar.is_null() => Some(scalar),
            _ => {
                self.wrong_type(node, place, ("文字", "a text"));
                None
            }
        }
    }

    /// The items of a list.
    pub(super) fn list<'n>(&mut self, node: &'n Node, place: &str) -> Option<&'n [Node]> {
        if self.findings.full() {
            return None;
        }
        if let Kind::List(items) = &node.kind {
            return Some(items);
        }
        self.wrong_type(node, place, ("列表", "a list"));
        None
    }

    /// The items of a list, or the value itself where a single one was written without brackets.
    fn one_or_more<'n>(&mut self, node: &'n Node, place: &str) -> Option<Vec<&'n Node>> {
        match &node.kind {
            Kind::List(items) => Some(items.iter().collect()),
            Kind::Scalar(scalar) if !scalar.is_null() => Some(vec![node]),
            _ => {
                self.wrong_type(node, place, ("名称或列表", "a name or a list of names"));
                None
            }
        }
    }

    /// The named entries of a mapping in the order of the file; each name is checked and its place kept.
    pub(super) fn entries<'n>(
        &mut self,
        node: &'n Node,
        place: &str,
        rule: NameRule,
    ) -> Option<Vec<(&'n str, &'n Node, String)>> {
        if self.findings.full() {
            return None;
        }
        let Kind::Map(entries) = &node.kind else {
            let fix = say(
                "每项写在自己的编号下，如 编号: …，不用 -",
                "write each under its id, as in `id: …`, without `-`",
            );
            let fix = matches!(node.kind, Kind::List(_)).then_some(fix);
            self.wrong_type_with(node, place, ("键值", "keys with values"), fix);
            return None;
        };
        let mut named = Vec::new();
        for (key, value) in entries {
            let place = format!("{place}/{}", key.text);
            self.spots.insert(place.clone(), key.at);
            if self.name(&key.text, key.at, &place, rule) {
                named.push((key.text.as_str(), value, place));
            }
        }
        Some(named)
    }

    /// Whether a name is well formed.
    fn name(&mut self, name: &str, at: Spot, place: &str, rule: NameRule) -> bool {
        let ok = rule.allows(name);
        if !ok {
            let (zh, en) = rule.says();
            let message = say(
                format!("名称 {} 不合规则", quoted(name)),
                format!("the name {} is not well formed", quoted(name)),
            );
            self.report(Code::BadName, at, place, message, Some(say(zh, en)));
        }
        ok
    }

    /// A text in both languages.
    pub(super) fn text(&mut self, node: &Node, place: &str, max: usize) -> Option<Text> {
        let fields = Fields::of(self, node, place, &["zh", "en"])?;
        fields.both(self, max)
    }

    /// A clause of the plan's own document.
    pub(super) fn clause(&mut self, node: &Node, place: &str) -> Option<Clause> {
        let clause = self.any_clause(node, place)?;
        if !self.names.plan.is_empty() && clause.document() != self.names.plan {
            let own = format!("{}/{}", self.names.plan, clause.number());
            let known = self.names.clauses.as_ref().is_some_and(|known| known.contains(&own));
            let message = say(
                format!("条款 {} 不属于本预案", quoted(clause.as_str())),
                format!("the clause {} is of another document", quoted(clause.as_str())),
            );
            let fix = if known {
                say(format!("是否为 {}？", quoted(&own)), format!("did you mean {}?", quoted(&own)))
            } else {
                let prefix = quoted(&format!("{}/", self.names.plan));
                say(
                    format!("本预案的条款以 {prefix} 开头"),
                    format!("the plan's own clauses start with {prefix}"),
                )
            };
            self.report(Code::ForeignClause, node.at, place, message, Some(fix));
            return None;
        }
        self.known_clause(&clause, node.at, place).then_some(clause)
    }

    /// A clause of any document; of the plan's own only a known one.
    pub(super) fn clause_of_any(&mut self, node: &Node, place: &str) -> Option<Clause> {
        let clause = self.any_clause(node, place)?;
        let own = clause.document() == self.names.plan;
        (!own || self.known_clause(&clause, node.at, place)).then_some(clause)
    }

    fn known_clause(&mut self, clause: &Clause, at: Spot, place: &str) -> bool {
        let known = self.names.clauses.take();
        let found =
            self.among(known.as_ref(), (Code::UnknownClause, "条款", "clause"), (at, place), clause.as_str());
        self.names.clauses = known;
        found
    }

    fn any_clause(&mut self, node: &Node, place: &str) -> Option<Clause> {
        let text = &self.scalar(node, place)?.text;
        if NameRule::Clause.allows(text) {
            return Some(Clause::new(text.as_str()));
        }
        self.bad_value(node, place, text, NameRule::Clause.says());
        None
    }

    pub(super) fn role(&mut self, node: &Node, place: &str) -> Option<RoleId> {
        let name = &self.scalar(node, place)?.text;
        let known = self.names.roles.take();
        let found = self.among(known.as_ref(), (Code::UnknownRole, "机构", "role"), (node.at, place), name);
        self.names.roles = known;
        found.then(|| RoleId::new(name.as_str()))
    }

    /// A kind of order that the plan has.
    pub(super) fn order(&mut self, node: &Node, place: &str) -> Option<RuleId> {
        let name = &self.scalar(node, place)?.text;
        let known = self.names.orders.take();
        let found = self.among(known.as_ref(), (Code::UnknownOrder, "指令", "order"), (node.at, place), name);
        self.names.orders = known;
        found.then(|| RuleId::new(name.as_str()))
    }

    /// An entry of `immediate_actions`.
    pub(super) fn immediate_action(&mut self, node: &Node, place: &str) -> Option<RuleId> {
        let name = &self.scalar(node, place)?.text;
        let known = self.names.actions.take();
        let what = (Code::BadValue, "即时处置", "immediate action");
        let found = self.among(known.as_ref(), what, (node.at, place), name);
        self.names.actions = known;
        found.then(|| RuleId::new(name.as_str()))
    }

    /// Whether a name is among the known ones; reported if not, taken as it is if none are known.
    pub(super) fn among(
        &mut self,
        known: Option<&BTreeSet<String>>,
        what: (Code, &str, &str),
        at: (Spot, &str),
        name: &str,
    ) -> bool {
        let Some(known) = known.filter(|known| !known.contains(name)) else { return true };
        self.unknown(what, at, name, known.iter().map(String::as_str));
        false
    }

    /// One role or several; at least one.
    pub(super) fn some_roles(&mut self, node: &Node, place: &str) -> Option<Vec<RoleId>> {
        let roles = self.roles(node, place)?;
        if roles.is_empty() {
            self.report(Code::Empty, node.at, place, say("没有写明机构", "nobody is named"), None);
            return None;
        }
        Some(roles)
    }

    /// One role, several or none, each once.
    fn roles(&mut self, node: &Node, place: &str) -> Option<Vec<RoleId>> {
        let nodes = self.one_or_more(node, place)?;
        let count = nodes.len();
        let mut seen = BTreeSet::new();
        let mut roles = Vec::new();
        for item in nodes {
            let Some(role) = self.role(item, place) else { continue };
            if seen.insert(role.clone()) {
                roles.push(role);
            } else {
                let twice = quoted(role.as_str());
                let message = say(format!("{twice} 写了两次"), format!("{twice} stands here twice"));
                self.report(Code::DuplicateId, item.at, place, message, None);
            }
        }
        (roles.len() == count).then_some(roles)
    }

    pub(super) fn category(&mut self, node: &Node, place: &str) -> Option<CategoryId> {
        let name = &self.scalar(node, place)?.text;
        let known = self.names.categories.take();
        let found =
            self.among(known.as_ref(), (Code::UnknownCategory, "类别", "category"), (node.at, place), name);
        self.names.categories = known;
        found.then(|| CategoryId::new(name.as_str()))
    }

    /// A level that the plan uses.
    pub(super) fn level(&mut self, node: &Node, place: &str) -> Option<IncidentLevel> {
        let text = &self.scalar(node, place)?.text;
        let levels = self.levels();
        let found = IncidentLevel::parse(text).filter(|level| levels.contains(level));
        if found.is_none() {
            let known = levels.iter().map(|level| level.as_str());
            self.unknown((Code::UnknownLevel, "等级", "level"), (node.at, place), text, known);
        }
        found
    }

    /// The levels of the plan; all there are if it does not say.
    fn levels(&self) -> BTreeSet<IncidentLevel> {
        self.names.levels.clone().unwrap_or_else(|| BTreeSet::from(IncidentLevel::ALL))
    }

    /// A predicate; `graded` if it may read the incident's level.
    pub(super) fn predicate(&mut self, node: &Node, place: &str, graded: bool) -> Option<Expr> {
        let scalar = self.scalar(node, place)?;
        if self.findings.full() {
            return None;
        }
        let levels = self.levels();
        let Names { facts, broken_facts: broken, no_facts, .. } = &self.names;
        let scope = predicate::Scope { facts, broken, no_facts: *no_facts, levels: &levels, graded };
        match predicate::compile(&scalar.text, scope, self.predicates) {
            Ok(expr) => Some(expr),
            Err(problems) => {
                for problem in problems {
                    let source = self.sources.get(node.at.file).copied().unwrap_or_default();
                    let at = scalar.spot_of(problem.offset, node.at, source).unwrap_or(node.at);
                    self.report(problem.code, at, place, problem.message, problem.fix);
                }
                None
            }
        }
    }

    /// `yes`/`true` or `no`/`false`.
    pub(super) fn flag(&mut self, node: &Node, place: &str) -> Option<bool> {
        let text = &self.scalar(node, place)?.text;
        match text.as_str() {
            "true" | "yes" => Some(true),
            "false" | "no" => Some(false),
            _ => {
                self.bad_value(node, place, text, ("写 true 或 false", "write true or false"));
                None
            }
        }
    }

    /// One of a few words.
    pub(super) fn word<T: Copy>(&mut self, node: &Node, place: &str, words: &[(&str, T)]) -> Option<T> {
        let text = &self.scalar(node, place)?.text;
        let found = words.iter().find(|(word, _)| word == text).map(|(_, value)| *value);
        if found.is_none() {
            let known = words.iter().map(|(word, _)| *word);
            self.unknown((Code::BadValue, "值", "value"), (node.at, place), text, known);
        }
        found
    }

    /// A mapping of ids to `{ zh, en, clause }`, in the order of the file.
    pub(super) fn named_list(&mut self, node: &Node, place: &str) -> Option<Vec<Named>> {
        let entries = self.entries(node, place, NameRule::Id)?;
        let count = entries.len();
        let mut named = Vec::new();
        for (id, value, place) in entries {
            let Some(fields) = Fields::of(self, value, &place, &["zh", "en", "clause"]) else { continue };
            let title = fields.both(self, MAX_TITLE_CHARS);
            let clause = fields.clause(self, "clause");
            if let (Some(title), Some(clause)) = (title, clause) {
                named.push(Named { id: RuleId::new(id), title, clause });
            }
        }
        (named.len() == count).then_some(named)
    }

    /// The id of a rule in a list, which must be new among `seen`.
    pub(super) fn rule_id(
        &mut self,
        fields: &Fields<'_>,
        list: &str,
        seen: &mut BTreeSet<String>,
    ) -> Option<RuleId> {
        let node = fields.need(self, "id")?;
        let place = fields.place("id");
        let id = self.scalar(node, &place)?.text.clone();
        if !self.name(&id, node.at, &place, NameRule::Id) {
            return None;
        }
        self.spots.insert(format!("{list}/{id}"), node.at);
        if !seen.insert(id.clone()) {
            let message =
                say(format!("编号 {} 重复", quoted(&id)), format!("the id {} is taken", quoted(&id)));
            self.report(Code::DuplicateId, node.at, &place, message, None);
            return None;
        }
        Some(RuleId::new(id))
    }
}

/// A text that says something, is not too long and holds neither control characters but line feeds nor any that
/// make it look like another text.
pub(super) fn plain_text(
    cx: &mut Cx<'_>,
    node: &Node,
    place: &str,
    text: &str,
    max: usize,
) -> Option<String> {
    let chars = text.chars().count();
    if chars == 0 {
        cx.report(Code::Empty, node.at, place, say("文字为空", "the text is empty"), None);
        return None;
    }
    if chars > max {
        let message = say(
            format!("文字有 {chars} 个字符，上限为 {max}"),
            format!("the text has {chars} characters, at most {max} fit"),
        );
        cx.report(Code::Limit, node.at, place, message, None);
        return None;
    }
    if text.chars().any(|c| c.is_control() && c != '\n') {
        cx.bad_value(node, place, text, ("去掉控制字符", "remove the control character"));
        return None;
    }
    if text.chars().any(misleads) {
        let says = ("去掉不可见或改变文字方向的字符", "remove the character that hides or turns text");
        cx.bad_value(node, place, text, says);
        return None;
    }
    Some(text.to_owned())
}

/// Characters by which a text is shown as something else than it says: those that turn its direction
/// (`24 h` is shown as `h 42`), those of no width, line ends that no editor shows, and tags.
fn misleads(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200e}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e007f}'
    )
}
