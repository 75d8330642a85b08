//! What a warning obliges to, and an order that takes its place: measures and receipts with their limits.

use jiff::{SignedDuration, Timestamp};

use super::{Act, Stage, WarningColour};
use crate::plan::{
    Clause, Measure, MeasureKind, Period, Plan, ReceiptFrom, ReceiptRule, RoleId, RuleId, Within,
};

/// Something that is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// The measure or the receipt.
    pub rule: RuleId,
    /// Where it comes from.
    pub clause: Clause,
    /// What of it is owed.
    pub what: Owing,
    /// Who owes it; empty for a receipt, which everybody owes who was told.
    pub of: Vec<RoleId>,
    /// By when.
    pub due: Option<Due>,
    /// The figure is ours, not the document's.
    pub is_default: bool,
}

/// What is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owing {
    /// A measure, in this way.
    Measure(MeasureKind),
    /// A receipt.
    Receipt {
        /// From whom.
        from: Vec<ReceiptFrom>,
        /// For each of these acts.
        acts: Vec<Act>,
    },
}

/// By when something is owed, as spans from the issue of the warning or the act that is confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Until it falls due; zero for "at once".
    pub after: SignedDuration,
    /// Until it counts as lapsed; the same unless it is due at once.
    pub lapses_after: SignedDuration,
}

impl Owed {
    /// When it falls due, counted from the issue; `None` without a limit, or beyond the calendar.
    pub fn due_at(&self, issued_at: Timestamp) -> Option<Timestamp> {
        issued_at.checked_add(self.due?.after).ok()
    }
}

/// What a warning of a colour obliges to: receipts, then measures in the order of the plan.
///
/// With a role, its own measures only; receipts are owed by everybody who was told, so they are always there.
/// Limits count from the issue. Measures before the issue are not among them ([`Measure::stage`]).
/// Empty if the plan has no warnings.
///
/// Source: `national-2017/3.4.1.1.a` to `3.4.3`, `jincheng-internet-2008/4.3.3.b`.
pub fn owed_by_warning(plan: &Plan, colour: WarningColour, role: Option<&RoleId>) -> Vec<Owed> {
    let Some(warnings) = &plan.warnings else { return Vec::new() };
    let receipts = warnings.receipts.iter().map(|rule| receipt(rule, colour));
    let measures = warnings.measures.iter().filter(|measure| of_colour(measure, colour));
    receipts.chain(measures.filter(|measure| concerns(measure, role)).map(owed)).collect()
}

/// What an order obliges to that takes the place of a warning in a period: the measures of its colour.
///
/// Nothing is confirmed, since nothing was published. Limits count from the order.
/// Empty if the plan has no such period, or nobody may order anything in it.
///
/// Source: `national-2017/6.5.b`.
pub fn owed_by_order(plan: &Plan, period: &RuleId, role: Option<&RoleId>) -> Vec<Owed> {
    let Some(warnings) = &plan.warnings else { return Vec::new() };
    let Some(order) = warnings.period(period).and_then(|period| period.order.as_ref()) else {
        return Vec::new();
    };
    let measures = warnings.measures.iter().filter(|measure| of_colour(measure, order.colour));
    measures.filter(|measure| concerns(measure, role)).map(owed).collect()
}

/// What a period obliges to by itself, whether anything is ordered in it or not. Limits count from its start.
///
/// Source: `national-2017/6.5.a`, `6.5.c`, `6.5.d`.
pub fn owed_in_period(plan: &Plan, period: &RuleId, role: Option<&RoleId>) -> Vec<Owed> {
    let Some(warnings) = &plan.warnings else { return Vec::new() };
    let measures = warnings.measures.iter().filter(|measure| measure.periods.contains(period));
    measures.filter(|measure| concerns(measure, role)).map(owed).collect()
}

/// Whether a body may lift an order that `orderer` gave before its period is over.
///
/// Source: plan differences, `national-2017/3.5`, `6.5.b`.
pub fn may_end_order(period: &Period, body: &RoleId, orderer: &RoleId) -> bool {
    period.order.as_ref().is_some_and(|order| order.lifted_by_orderer) && body == orderer
}

/// When the measures of an order end: with its lifting, or else with the period.
pub fn ends_at(period_until: Timestamp, lifted_at: Option<Timestamp>) -> Timestamp {
    lifted_at.map_or(period_until, |lifted_at| lifted_at.min(period_until))
}

fn of_colour(measure: &Measure, colour: WarningColour) -> bool {
    measure.stage == Stage::Issued && measure.colours.contains(&colour)
}

fn concerns(measure: &Measure, role: Option<&RoleId>) -> bool {
    role.is_none_or(|role| measure.of.contains(role))
}

fn owed(measure: &Measure) -> Owed {
    Owed {
        rule: measure.id.clone(),
        clause: measure.clause.clone(),
        what: Owing::Measure(measure.kind),
        of: measure.of.clone(),
        due: measure.kind.first_due().map(due),
        is_default: measure.is_default,
    }
}

fn receipt(rule: &ReceiptRule, colour: WarningColour) -> Owed {
    Owed {
        rule: rule.id.clone(),
        clause: rule.clause.clone(),
        what: Owing::Receipt { from: rule.from.clone(), acts: rule.acts.clone() },
        of: Vec::new(),
        due: rule.within.get(&colour).map(|span| due(Within::Span(*span))),
        is_default: rule.is_default,
    }
}

fn due(within: Within) -> Due {
    Due { after: within.due(), lapses_after: within.lapse() }
}
