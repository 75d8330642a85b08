//! A scenario file from nodes to values: the header, then what refers to the plan it names.

use std::collections::{BTreeMap, BTreeSet};

use fengsui_domain::plan::{CategoryId, Clash, Plan, PlanId, RoleId, RuleId, together};
use jiff::SignedDuration;
use jiff::civil::DateTime;

use super::super::finding::{Code, Findings, Spot, quoted, say};
use super::super::predicate::Parsed;
use super::super::read::{Cx, Fields, MAX_TEXT_CHARS, NameRule, Names, plain_text};
use super::super::yaml::{self, Node, Stop};
use super::inject::injects;
use super::people::{hours, pace, staff};
use super::{
    Conduct, Expect, Hours, Library, MAX_BESIDE, MAX_DAYS, MAX_INDICATORS, Outcome, Range, Scenario,
};

const KEYS: [&str; 15] = [
    "scenario",
    "title",
    "says",
    "plan",
    "beside",
    "starts",
    "lasts",
    "pace",
    "hours",
    "people",
    "unmanned",
    "conduct",
    "indicators",
    "injects",
    "expect",
];

pub(super) fn read(
    path: &str,
    bytes: &[u8],
    plans: &Library,
    mut findings: Findings,
) -> (Option<Scenario>, Findings) {
    let Some(source) = yaml::decode(bytes, 0, &mut findings) else { return (None, findings) };
    let root = match yaml::read(source, 0, &mut findings) {
        Ok(Some(root)) => root,
        Ok(None) => {
            findings.add(Code::Empty, Spot::default(), "", say("文件是空的", "the file is empty"), None);
            return (None, findings);
        }
        Err(Stop) => return (None, findings),
    };
    let (sources, predicates, spots) = (vec![source], &Parsed::default(), BTreeMap::new());
    let mut cx = Cx { sources, predicates, names: Names::default(), findings, spots };
    let scenario = scenario(&mut cx, &root, path, plans);
    (scenario, cx.findings)
}

fn scenario(cx: &mut Cx<'_>, root: &Node, path: &str, plans: &Library) -> Option<Scenario> {
    let fields = Fields::of(cx, root, "", &KEYS)?;
    let id = fields.read(cx, "scenario", |cx, node, place| id(cx, node, place, path));
    let title = fields.title(cx, "title");
    let says = fields.long(cx, "says");
    let starts = fields.read(cx, "starts", date_time);
    let lasts = fields.read(cx, "lasts", span);
    let pace = fields.maybe(cx, "pace", pace);
    let hours = fields.maybe(cx, "hours", |cx, node, place| hours(cx, node, place, &Hours::default()));
    let lead = fields.read(cx, "plan", |cx, node, place| plan(cx, node, place, plans))?;
    let whole = fields.maybe(cx, "beside", |cx, node, place| beside(cx, node, place, lead, plans))?;
    let (plan, beside) = whole.unwrap_or_else(|| (lead.clone(), Vec::new()));
    let plan = &plan;
    know(cx, plan);
    let usual = hours.clone().flatten().unwrap_or_default();
    let people = fields.maybe(cx, "people", |cx, node, place| staff(cx, node, place, &usual));
    let unmanned = fields.maybe_roles(cx, "unmanned");
    let conduct = fields.maybe(cx, "conduct", |cx, node, place| conduct(cx, node, place, plan));
    let indicators = fields.maybe(cx, "indicators", |cx, node, place| texts(cx, node, place, MAX_INDICATORS));
    let injects = fields.read(cx, "injects", |cx, node, place| injects(cx, node, place, plan));
    let expect = fields.read(cx, "expect", |cx, node, place| expect(cx, node, place, plan));
    Some(Scenario {
        id: id?,
        title: title?,
        says: says?,
        plan: plan.id.clone(),
        beside,
        starts: starts?,
        lasts: lasts?,
        pace: pace?.unwrap_or_default(),
        hours: hours?.unwrap_or_default(),
        people: people?.unwrap_or_default(),
        unmanned: unmanned?.into_iter().collect(),
        conduct: conduct?.unwrap_or_default(),
        indicators: indicators?.unwrap_or_default(),
        injects: injects?,
        expect: expect?,
    })
}

/// The names of the plan, for whatever refers to them.
fn know(cx: &mut Cx<'_>, plan: &Plan) {
    fn set<'n>(names: impl Iterator<Item = &'n str>) -> BTreeSet<String> {
        names.map(str::to_owned).collect()
    }
    cx.names = Names {
        plan: plan.id.to_string(),
        roles: Some(set(plan.roles.keys().map(RoleId::as_str))),
        categories: Some(set(plan.categories.keys().map(CategoryId::as_str))),
        orders: Some(set(plan.orders.iter().map(|rule| rule.id.as_str()))),
        levels: Some(plan.levels.keys().copied().collect()),
        ..Names::default()
    };
}

/// `scenario: internet-level-four`, which is also the name of the file.
fn id(cx: &mut Cx<'_>, node: &Node, place: &str, path: &str) -> Option<String> {
    let id = cx.scalar(node, place)?.text.clone();
    if !NameRule::Id.allows(&id) {
        let says = ("用小写字母、数字和连字符", "use lower-case letters, digits and hyphens");
        cx.bad_value(node, place, &id, says);
        return None;
    }
    let file = path.rsplit_once('/').map_or(path, |(_, file)| file);
    let file = file.strip_suffix(".yaml").unwrap_or(file);
    if file != id {
        let (id, file) = (quoted(&id), quoted(file));
        let message = say(
            format!("演练编号 {id} 与文件名 {file} 不同"),
            format!("the scenario is called {id}, but its file {file}"),
        );
        cx.report(Code::WrongFolder, node.at, place, message, None);
    }
    Some(id)
}

fn plan<'p>(cx: &mut Cx<'_>, node: &Node, place: &str, plans: &'p Library) -> Option<&'p Plan> {
    let name = &cx.scalar(node, place)?.text;
    let found = plans.get(&PlanId::new(name.as_str()));
    if found.is_none() {
        let known: Vec<&str> = plans.list().map(|pack| pack.plan.id.as_str()).collect();
        cx.unknown((Code::BadValue, "预案", "plan"), (node.at, place), name, known);
    }
    found.map(|pack| &pack.plan)
}

/// `[jincheng-internet-2008]`: the plan they make with the leading one, and their ids.
fn beside(
    cx: &mut Cx<'_>,
    node: &Node,
    place: &str,
    lead: &Plan,
    plans: &Library,
) -> Option<(Plan, Vec<PlanId>)> {
    let items = cx.list(node, place)?;
    not_too_many(cx, node, place, items.len(), MAX_BESIDE)?;
    let (mut whole, mut others) = (lead.clone(), Vec::new());
    for item in items {
        let other = plan(cx, item, place, plans)?;
        others.push(other);
        match together(lead, &others) {
            Ok(joined) => whole = joined,
            Err(clash) => {
                let code = match clash {
                    Clash::Twice(_) => Code::DuplicateId,
                    Clash::Missing { .. } | Clash::Unlike { .. } => Code::BadValue,
                };
                let name = quoted(other.id.as_str());
                let message = say(
                    format!("预案 {name} 不能与前面的预案同时适用：{clash}"),
                    format!("the plan {name} cannot run beside those before it: {clash}"),
                );
                cx.report(code, item.at, place, message, None);
                return None;
            }
        }
    }
    Some((whole, others.into_iter().map(|other| other.id.clone()).collect()))
}

/// `2026-03-02 09:30`, in the zone of the plan.
fn date_time(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<DateTime> {
    let text = &cx.scalar(node, place)?.text;
    let read = DateTime::strptime("%Y-%m-%d %H:%M", text).ok();
    if read.is_none() {
        cx.bad_value(node, place, text, ("写作 2026-03-02 09:30", "write it as in 2026-03-02 09:30"));
    }
    read
}

/// `0 min`, `90 min`, `2 h`, `30 d`, at most two years.
pub(super) fn span(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<SignedDuration> {
    let text = &cx.scalar(node, place)?.text;
    let found = span_of(text);
    if found.is_none() {
        let says = ("写作 0 min、90 min、2 h 或 30 d", "write it as in 0 min, 90 min, 2 h or 30 d");
        cx.bad_value(node, place, text, says);
    }
    found
}

fn span_of(text: &str) -> Option<SignedDuration> {
    let (figure, unit) = text.split_once(' ')?;
    let seconds = match unit {
        "s" => 1,
        "min" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    if figure.is_empty() || !figure.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let seconds = figure.parse::<i64>().ok()?.checked_mul(seconds)?;
    (seconds <= MAX_DAYS * 86_400).then(|| SignedDuration::from_secs(seconds))
}

/// `2-8 min`, or `5 min` for always the same.
pub(super) fn range(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Range> {
    let text = &cx.scalar(node, place)?.text;
    let found = || {
        let (figures, unit) = text.split_once(' ')?;
        let (from, to) = figures.split_once('-').unwrap_or((figures, figures));
        let [from, to] = [from, to].map(|figure| span_of(&format!("{figure} {unit}")));
        Some(Range { from: from?, to: to? }).filter(|range| range.from <= range.to)
    };
    let found = found();
    if found.is_none() {
        let zh = "写作 2-8 min 或 5 min，由短到长";
        cx.bad_value(node, place, text, (zh, "write it as in 2-8 min or 5 min, the shorter first"));
    }
    found
}

/// A list of plain texts.
pub(super) fn texts(cx: &mut Cx<'_>, node: &Node, place: &str, max: usize) -> Option<Vec<String>> {
    let items = cx.list(node, place)?;
    not_too_many(cx, node, place, items.len(), max)?;
    let mut found = Vec::new();
    for item in items {
        let text = cx.scalar(item, place).map(|scalar| scalar.text.trim());
        found.push(text.and_then(|text| plain_text(cx, item, place, text, MAX_TEXT_CHARS)));
    }
    found.into_iter().collect()
}

pub(super) fn not_too_many(
    cx: &mut Cx<'_>,
    node: &Node,
    place: &str,
    count: usize,
    max: usize,
) -> Option<()> {
    if count <= max {
        return Some(());
    }
    let message =
        say(format!("有 {count} 项，上限为 {max}"), format!("there are {count} of these, at most {max} fit"));
    cx.report(Code::Limit, node.at, place, message, None);
    None
}

/// A name among those the plan has.
pub(super) fn known<'n>(
    cx: &mut Cx<'_>,
    node: &Node,
    place: &str,
    (zh, en): (&str, &str),
    names: impl IntoIterator<Item = &'n str> + Clone,
) -> Option<RuleId> {
    let name = &cx.scalar(node, place)?.text;
    if names.clone().into_iter().any(|known| known == name) {
        return Some(RuleId::new(name.as_str()));
    }
    cx.unknown((Code::BadValue, zh, en), (node.at, place), name, names);
    None
}

fn conduct(cx: &mut Cx<'_>, node: &Node, place: &str, plan: &Plan) -> Option<Conduct> {
    let fields = Fields::of(cx, node, place, &["headquarters", "disposal", "publish", "gates", "orders"])?;
    let headquarters = fields.maybe(cx, "headquarters", Cx::flag);
    let disposal = fields.flag(cx, "disposal");
    let publish = fields.maybe(cx, "publish", Cx::flag);
    let words = [("open", false), ("waive", true)];
    let waive = fields.maybe(cx, "gates", |cx, node, place| cx.word(node, place, &words));
    let orders = fields.maybe(cx, "orders", |cx, node, place| {
        let names = plan.orders.iter().map(|rule| rule.id.as_str());
        let items = cx.list(node, place)?;
        let read = items.iter().map(|item| known(cx, item, place, ("指令", "order"), names.clone()));
        read.collect::<Vec<_>>().into_iter().collect()
    });
    Some(Conduct {
        headquarters: headquarters?,
        disposal: disposal?,
        publish: publish?.unwrap_or(true),
        waive: waive?.unwrap_or(false),
        orders: orders?.unwrap_or_default(),
    })
}

fn expect(cx: &mut Cx<'_>, node: &Node, place: &str, plan: &Plan) -> Option<Expect> {
    use fengsui_domain::incident::Phase;
    let fields = Fields::of(cx, node, place, &["phase", "level", "clocks"])?;
    let phases = Phase::NAMES.map(|name| (name, name));
    let phase = fields.maybe(cx, "phase", |cx, node, place| cx.word(node, place, &phases));
    let level = fields.maybe(cx, "level", Cx::level);
    let clocks = fields.maybe(cx, "clocks", |cx, node, place| clocks(cx, node, place, plan));
    Some(Expect { phase: phase?, level: level?, clocks: clocks?.unwrap_or_default() })
}

fn clocks(cx: &mut Cx<'_>, node: &Node, place: &str, plan: &Plan) -> Option<BTreeMap<RuleId, Outcome>> {
    // Rules of a plan beside the leading one have its id in front.
    let entries = cx.entries(node, place, NameRule::Any)?;
    let count = entries.len();
    let mut found = BTreeMap::new();
    for (rule, value, place) in entries {
        let known = plan.clocks.iter().map(|clock| clock.id.as_str());
        let is_known = known.clone().any(|id| id == rule);
        if !is_known {
            let at = cx.spots.get(&place).copied().unwrap_or(value.at);
            cx.unknown((Code::BadValue, "时限", "clock"), (at, &place), rule, known);
        }
        let outcome = cx.word(value, &place, Outcome::ALL);
        if let (true, Some(outcome)) = (is_known, outcome) {
            found.insert(RuleId::new(rule), outcome);
        }
    }
    (found.len() == count).then_some(found)
}
