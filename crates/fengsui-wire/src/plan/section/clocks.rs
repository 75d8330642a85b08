//! Duties with a deadline.

use std::collections::BTreeSet;

use fengsui_domain::plan::{
    ClockMeets, ClockRule, ClockStart, Escalation, Form, RoleId, RuleId, StepRef, Within,
};
use jiff::civil::Time;

use super::super::finding::{Code, Spot, quoted, say};
use super::super::read::{Cx, Fields, NameRule};
use super::super::values::{self, Limit};
use super::super::yaml::Node;

mod stages;

const STARTS: [(&str, ClockStart); 12] = [
    ("body_became_aware", ClockStart::BodyBecameAware),
    ("level_confirmed", ClockStart::LevelConfirmed),
    ("response_ended", ClockStart::ResponseEnded),
    ("level_judged", ClockStart::LevelJudged),
    ("response_started", ClockStart::ResponseStarted),
    ("review_completed", ClockStart::ReviewCompleted),
    ("report_made", ClockStart::ReportMade),
    ("order_given", ClockStart::OrderGiven),
    ("playbook_started", ClockStart::PlaybookStarted),
    ("step_ready", ClockStart::StepReady),
    ("occurred", ClockStart::Occurred),
    ("playbook_begun", ClockStart::PlaybookBegun),
];
const MET_BY: [(&str, ClockMeets); 9] = [
    ("report", ClockMeets::Report),
    ("immediate_action", ClockMeets::ImmediateAction),
    ("response_requested", ClockMeets::ResponseRequested),
    ("review", ClockMeets::Review),
    ("filing", ClockMeets::Filing),
    ("order_acknowledged", ClockMeets::OrderAcknowledged),
    ("order_answered", ClockMeets::OrderAnswered),
    ("response_started", ClockMeets::ResponseStarted),
    ("step_done", ClockMeets::StepDone),
];
const FORMS: [(&str, Form); 2] = [("oral", Form::Oral), ("written", Form::Written)];
const KEYS: [&str; 18] = [
    "id",
    "title",
    "clause",
    "when",
    "duty",
    "starts",
    "after",
    "no_later_than",
    "within",
    "tolerance",
    "by_time",
    "day_off_moves_to",
    "met_by",
    "action",
    "repeats",
    "escalate",
    "extendable_by",
    "is_default",
];

pub(crate) fn clocks(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Vec<ClockRule>> {
    let items = cx.list(node, place)?;
    let mut seen = BTreeSet::new();
    let clocks: Vec<_> = items.iter().map(|item| clock(cx, item, place, &mut seen)).collect();
    let clocks: Vec<ClockRule> = clocks.into_iter().collect::<Option<_>>()?;
    stages::check(cx, &clocks);
    Some(clocks)
}

fn clock(cx: &mut Cx<'_>, node: &Node, list: &str, seen: &mut BTreeSet<String>) -> Option<ClockRule> {
    let fields = Fields::of(cx, node, list, &KEYS)?;
    let id = cx.rule_id(&fields, list, seen);
    let title = fields.title(cx, "title");
    let clause = fields.clause(cx, "clause");
    let when = fields.read(cx, "when", |cx, node, place| cx.predicate(node, place, true));
    let met_by = fields.read(cx, "met_by", |cx, node, place| cx.word(node, place, &MET_BY));
    let duty = fields.read(cx, "duty", |cx, node, place| duty(cx, node, place, met_by));
    let starts = fields.read(cx, "starts", |cx, node, place| cx.word(node, place, &STARTS));
    check_about(cx, &fields, &place_of(list, id.as_ref()), (starts, met_by), duty.as_ref());
    let after =
        fields.maybe(cx, "after", |cx, node, _| stages::after(cx, node, &place_of(list, id.as_ref())));
    let no_later_than = fields.maybe(cx, "no_later_than", values::span);
    let within = within(cx, &fields);
    let day_off = day_off(cx, &fields, within);
    let action = fields.maybe(cx, "action", |cx, node, place| action(cx, node, place, met_by));
    let repeats = fields.flag(cx, "repeats");
    if repeats == Some(true) && met_by.is_some_and(|met_by| met_by != ClockMeets::Report) {
        let says = ("只有以报告履行的时限可以 repeats", "`repeats` is only for clocks that a report meets");
        shape(cx, fields.at, &fields.place("repeats"), says);
    }
    let escalate = fields.maybe(cx, "escalate", escalations);
    let extendable_by = fields.maybe_roles(cx, "extendable_by");
    let is_default = fields.flag(cx, "is_default");
    let duty = duty?;
    Some(ClockRule {
        id: id?,
        title: title?,
        clause: clause?,
        when: when?,
        of: duty.of,
        to: duty.to,
        any_addressee: duty.any_addressee,
        form: duty.form,
        starts: starts?,
        about: duty.about,
        step: duty.step,
        after: after?.unwrap_or_default(),
        within: within?,
        no_later_than: no_later_than?,
        day_off: day_off?,
        met_by: met_by?,
        action: action?,
        repeats: repeats?,
        escalate: escalate?.unwrap_or_default(),
        extendable_by: extendable_by?,
        is_default: is_default?,
    })
}

fn place_of(list: &str, id: Option<&RuleId>) -> String {
    id.map_or_else(|| list.to_owned(), |id| format!("{list}/{id}"))
}

/// A clock about orders starts with one, is met by its answer and says which kind, and so it is with steps of
/// playbooks; other clocks do none of it.
fn check_about(
    cx: &mut Cx<'_>,
    fields: &Fields<'_>,
    place: &str,
    (starts, met_by): (Option<ClockStart>, Option<ClockMeets>),
    duty: Option<&Duty>,
) {
    let (Some(starts), Some(met_by), Some(duty)) = (starts, met_by, duty) else { return };
    let ready = starts.is_of_playbook() || starts == ClockStart::StepReady;
    if ready != (met_by == ClockMeets::StepDone) || ready != duty.step.is_some() {
        let says = (
            "playbook_started、playbook_begun 或 step_ready，step_done，与 duty 的 step 须一起写",
            "`playbook_started`, `playbook_begun` or `step_ready`; `step_done`; and `step` in the duty go together",
        );
        shape(cx, fields.at, place, says);
    }
    if (starts, met_by) == (ClockStart::ReviewCompleted, ClockMeets::Review) {
        let says = (
            "从调查完成计的时限，一启动就已履行",
            "a clock from the end of the review is met by that very review",
        );
        shape(cx, fields.at, place, says);
    }
    let starts = starts == ClockStart::OrderGiven;
    let met = matches!(met_by, ClockMeets::OrderAcknowledged | ClockMeets::OrderAnswered);
    if starts != met || starts != duty.about.is_some() {
        let says = (
            "order_given、order_acknowledged 或 order_answered 与 duty 的 order 须一起写",
            "`order_given`, `order_acknowledged` or `order_answered`, and `order` in the duty go together",
        );
        shape(cx, fields.at, place, says);
    }
}

/// The one immediate action that meets a clock.
fn action(cx: &mut Cx<'_>, node: &Node, place: &str, met_by: Option<ClockMeets>) -> Option<RuleId> {
    let action = cx.immediate_action(node, place)?;
    if met_by.is_some_and(|met_by| met_by != ClockMeets::ImmediateAction) {
        let says = (
            "action 只用于以即时处置履行的时限",
            "`action` is only for clocks that an immediate action meets",
        );
        shape(cx, node.at, place, says);
    }
    Some(action)
}

struct Duty {
    about: Option<RuleId>,
    step: Option<StepRef>,
    of: Vec<RoleId>,
    to: Vec<RoleId>,
    any_addressee: bool,
    form: Option<Form>,
}

/// `{ of: unit, to: security-office, form: oral }`; `to_any_of` where one addressee is enough. `{ order:
/// secure-resources }` where each order is owed an answer by whoever it was given to; `{ step:
/// virus-outbreak/disconnect }` where a step of a playbook is owed by whoever does it, or by `of`.
fn duty(cx: &mut Cx<'_>, node: &Node, place: &str, met_by: Option<ClockMeets>) -> Option<Duty> {
    let fields = Fields::of(cx, node, place, &["of", "to", "to_any_of", "form", "order", "step"])?;
    let about = fields.maybe(cx, "order", Cx::order);
    let step = fields.maybe(cx, "step", step_ref);
    let with_order = fields.get("order").is_some() || fields.get("step").is_some();
    let of = if with_order { fields.maybe_roles(cx, "of") } else { fields.roles(cx, "of") };
    let to = fields.maybe_roles(cx, "to");
    let to_any_of = fields.maybe_roles(cx, "to_any_of");
    let form = fields.maybe(cx, "form", |cx, node, place| cx.word(node, place, &FORMS));
    let (of, to, to_any_of, form, about, step) = (of?, to?, to_any_of?, form?, about?, step?);
    if with_order && !(to.is_empty() && to_any_of.is_empty()) {
        let says = (
            "指令总是向下达者回复，步骤没有对象，不写 to",
            "an order is answered to whoever gave it and a step is owed to nobody; `to` does not belong here",
        );
        shape(cx, fields.at, place, says);
    }
    if !to.is_empty() && !to_any_of.is_empty() {
        shape(cx, fields.at, place, ("to 与 to_any_of 只能写一个", "`to` and `to_any_of` stand together"));
        return None;
    }
    let any_addressee = !to_any_of.is_empty();
    let to = if any_addressee { to_any_of } else { to };
    check_addressees(cx, &fields, place, met_by, (&of, &to));
    if form.is_some() && met_by.is_some_and(|met_by| met_by != ClockMeets::Report) {
        let says = ("form 只用于以报告履行的时限", "`form` is only for clocks that a report meets");
        shape(cx, fields.at, &fields.place("form"), says);
    }
    Some(Duty { about, step, of, to, any_addressee, form })
}

/// `playbook/step`; whether it is there is checked once the plan is read.
fn step_ref(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<StepRef> {
    let text = &cx.scalar(node, place)?.text;
    let parts =
        text.split_once('/').filter(|parts| [parts.0, parts.1].iter().all(|part| NameRule::Id.allows(part)));
    let Some((playbook, step)) = parts else {
        let says = ("写作“处置规程/步骤”", "write playbook/step, as in virus-outbreak/disconnect");
        cx.bad_value(node, place, text, says);
        return None;
    };
    Some(StepRef { playbook: RuleId::new(playbook), step: RuleId::new(step) })
}

/// A report, a request and a filing are owed to somebody else; an action and a review to nobody in particular.
fn check_addressees(
    cx: &mut Cx<'_>,
    fields: &Fields<'_>,
    place: &str,
    met_by: Option<ClockMeets>,
    (of, to): (&[RoleId], &[RoleId]),
) {
    let owed = match met_by {
        Some(ClockMeets::Report | ClockMeets::ResponseRequested | ClockMeets::Filing) => true,
        Some(
            ClockMeets::ImmediateAction
            | ClockMeets::Review
            | ClockMeets::ResponseStarted
            | ClockMeets::OrderAcknowledged
            | ClockMeets::OrderAnswered
            | ClockMeets::StepDone,
        )
        | None => false,
    };
    if owed && to.is_empty() && !fields.is_misspelt("to") && !fields.is_misspelt("to_any_of") {
        let message = say("时限没有写明向谁", "the clock does not say to whom");
        let fix = say("写上 to 或 to_any_of", "add `to` or `to_any_of`");
        cx.report(Code::NoAddressee, fields.at, place, message, Some(fix));
    }
    if let Some(both) = of.iter().find(|body| to.contains(body)) {
        let both = quoted(both.as_str());
        shape(
            cx,
            fields.at,
            place,
            (&format!("{both} 向自己履行义务"), &format!("{both} owes the duty to itself")),
        );
    }
}

/// `within: 30 min`, `within: at once` with `tolerance:`, or `within: 5 working days`, perhaps with `by_time:`.
pub(crate) fn within(cx: &mut Cx<'_>, fields: &Fields<'_>) -> Option<Within> {
    let limit = fields.read(cx, "within", values::limit);
    let tolerance = fields.maybe(cx, "tolerance", values::span);
    let by_time = fields.maybe(cx, "by_time", values::due_time);
    let (limit, tolerance, by_time) = (limit?, tolerance?, by_time?);
    if let Some(span) = limit.calendar(by_time) {
        return goes_with(cx, fields, "tolerance", tolerance.is_none()).then_some(Within::Calendar(span));
    }
    if !goes_with(cx, fields, "by_time", by_time.is_none()) {
        return None;
    }
    match (limit, tolerance) {
        (Limit::AtOnce, Some(tolerance)) => Some(Within::AtOnce { tolerance }),
        (Limit::AtOnce, None) => {
            let says = ("at once 须写明 tolerance", "`at once` needs a `tolerance`");
            shape(cx, fields.at, &fields.place("tolerance"), says);
            None
        }
        (Limit::Span(span), tolerance) => {
            goes_with(cx, fields, "tolerance", tolerance.is_none()).then_some(Within::Span(span))
        }
        (Limit::Calendar(..), _) => None,
    }
}

/// Reports a key of the limit that stands beside a limit of another kind.
fn goes_with(cx: &mut Cx<'_>, fields: &Fields<'_>, key: &str, fits: bool) -> bool {
    if !fits {
        let says = match key {
            "tolerance" => ("tolerance 只与 at once 同用", "`tolerance` goes with `at once` only"),
            _ => (
                "by_time 只与 month、calendar days、working days 同用",
                "`by_time` goes with months, calendar days and working days only",
            ),
        };
        shape(cx, fields.at, &fields.place(key), says);
    }
    fits
}

/// `day_off_moves_to: "12:00"`; what is due at once cannot wait for a working day.
#[expect(clippy::option_option, reason = "the outer one is for `?`, as everywhere in the reading")]
fn day_off(cx: &mut Cx<'_>, fields: &Fields<'_>, within: Option<Within>) -> Option<Option<Time>> {
    let time = fields.maybe(cx, "day_off_moves_to", values::time)?;
    if time.is_some() && within.is_some_and(Within::at_once) {
        let says = ("day_off_moves_to 不与 at once 同用", "`day_off_moves_to` does not go with `at once`");
        shape(cx, fields.at, &fields.place("day_off_moves_to"), says);
        return None;
    }
    Some(time)
}

/// `- { at: 50%, to: security-office }`
fn escalations(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Vec<Escalation>> {
    let items = cx.list(node, place)?;
    let steps: Vec<_> = items.iter().map(|item| escalation(cx, item, place)).collect();
    steps.into_iter().collect()
}

fn escalation(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Escalation> {
    let fields = Fields::of(cx, node, place, &["at", "to"])?;
    let at_percent = fields.read(cx, "at", |cx, node, place| {
        let percent = values::percent(cx, node, place)?;
        let found = u8::try_from(percent).ok().filter(|percent| (1..=100).contains(percent));
        if found.is_none() {
            let message = say(format!("{percent}% 超出范围"), format!("{percent}% is out of range"));
            let fix = say("写 1% 到 100%", "write 1% to 100%");
            cx.report(Code::PercentRange, node.at, place, message, Some(fix));
        }
        found
    });
    let to = fields.read(cx, "to", Cx::role);
    Some(Escalation { at_percent: at_percent?, to: to? })
}

fn shape(cx: &mut Cx<'_>, at: Spot, place: &str, (zh, en): (&str, &str)) {
    cx.report(Code::ClockShape, at, place, say(zh, en), None);
}
