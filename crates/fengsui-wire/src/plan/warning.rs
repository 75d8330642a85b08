//! What a plan makes of a threat: its colour and why, who may issue the warning, what it states and obliges to.
//!
//! Asked offline, of the plan alone: nothing here issues, sends or keeps a warning.

use fengsui_domain::expr::{Answers, Atom, Truth};
use fengsui_domain::grading::{Proposal, RuleTrail, Turn};
use fengsui_domain::plan::{MeasureKind, Plan, ReceiptFrom, RoleId, Within};
use fengsui_domain::warning::{
    Entitled, Gate, Owed, Owing, Reach, Refusal, RefusedFor, Ruling, Signal, Stage, Verdict, WarningColour,
    colour_proposed, may_issue, owed_by_warning, who_may_issue,
};

use super::json::TextJson;
use super::obligations::typed;
use crate::api;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WarningAsked {
    /// Answers about the threat, or about the incident that is expected.
    pub answers: Answers,
    /// The colour, if a person decided on one.
    pub colour: Option<WarningColour>,
    /// The body that wants to issue it.
    pub by: Option<RoleId>,
    /// How far it reaches.
    pub reach: Reach,
}

/// What the plan says of it.
#[derive(Clone, Debug, PartialEq)]
pub struct WarningFound {
    /// What the rules propose.
    pub proposal: Proposal<Signal>,
    /// The colour that counts here: the one given, the one proposed, or the worst still allowed.
    pub signal: Signal,
    /// Everybody who may issue it; empty without a warning.
    pub entitled: Vec<Entitled>,
    /// The answer for the body that was asked for.
    pub verdict: Option<Verdict>,
    /// What it obliges to once it was issued.
    pub owed: Vec<Owed>,
}

impl WarningFound {
    /// What a plan makes of a threat; `None` if it has no warnings.
    pub fn new(plan: &Plan, asked: &WarningAsked) -> Option<Self> {
        let proposal = colour_proposed(plan, &asked.answers)?;
        let signal = asked.colour.map_or(proposal.highest_plausible, Signal::Colour);
        let colour = signal.colour();
        let entitled =
            colour.map(|colour| who_may_issue(plan, colour, asked.reach, &asked.answers)).unwrap_or_default();
        let verdict = colour
            .zip(asked.by.as_ref())
            .and_then(|(colour, body)| may_issue(plan, body, colour, asked.reach, &asked.answers));
        let owed = colour.map(|colour| owed_by_warning(plan, colour, None)).unwrap_or_default();
        Some(Self { proposal, signal, entitled, verdict, owed })
    }
}

/// `plan warning --json`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct WarningJson {
    /// The plan.
    pub plan: String,
    /// The colour that counts here; none if no warning is called for.
    pub colour: Option<&'static str>,
    /// Where it comes from: `given`, `proposed`, `still_possible`, or `none`.
    pub colour_is: &'static str,
    /// What the rules propose, and why.
    pub proposal: ColourProposalJson,
    /// Who may issue it.
    pub issue: IssueJson,
    /// Who may change it later.
    pub changes: Option<api::WarningChanges>,
    /// What it states.
    pub form: Option<api::WarningForm>,
    /// For whom it is written.
    pub editions: Vec<api::WarningEdition>,
    /// What comes before it is issued.
    pub before: Vec<api::WarningMeasure>,
    /// Receipts and measures once it was issued.
    pub owed: Vec<OwedJson>,
}

/// The colour that the rules propose.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ColourProposalJson {
    /// The colour, once it is decided.
    pub colour: Option<&'static str>,
    /// The worst colour that the answers still allow; `none` if no rule can hold.
    pub highest_plausible: &'static str,
    /// The rule that proposes it.
    pub rule: Option<String>,
    /// What a person has to look at before deciding.
    pub judge: Option<TextJson>,
    /// Questions without an answer that can still decide.
    pub open: Vec<String>,
    /// Every rule in order.
    pub rules: Vec<ColourRuleJson>,
    /// Every single answer that would change the outcome.
    pub turns: Vec<ColourTurnJson>,
}

/// One rule as it stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ColourRuleJson {
    /// The rule.
    pub rule: String,
    /// The colour it proposes, or `none`.
    pub colour: &'static str,
    /// Its clause.
    pub clause: String,
    /// `true`, `false` or `unknown`.
    pub holds: &'static str,
    /// Its conditions.
    pub conditions: Vec<ConditionJson>,
}

/// One condition of a rule.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ConditionJson {
    /// What it says.
    pub says: TextJson,
    /// It stands under a `!`.
    pub negated: bool,
    /// The answer it saw, as `--fact` takes it.
    pub answer: Option<String>,
    /// `true`, `false` or `unknown`.
    pub holds: &'static str,
}

/// One answer that would change the colour.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ColourTurnJson {
    /// The fact.
    pub fact: String,
    /// The other answer, as `--fact` takes it.
    pub to: String,
    /// The colour then; none if it would be open, or no rule could hold.
    pub colour: Option<&'static str>,
    /// The worst colour still allowed then; `none` if no rule could hold.
    pub highest_plausible: &'static str,
}

/// Who may issue a warning.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct IssueJson {
    /// How far it reaches.
    pub reach: &'static str,
    /// The body that was asked for.
    pub by: Option<String>,
    /// The answer for it: `may`, `after_approval` or `must_not`.
    pub ruling: Option<&'static str>,
    /// Why not, by each of its rights.
    pub refusals: Vec<RefusalJson>,
    /// Everybody who may, and after which decisions.
    pub entitled: Vec<EntitledJson>,
    /// The clause by which one person drafts and another issues, if that is so.
    pub two_person: Option<String>,
}

/// Why a right does not cover a warning.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct RefusalJson {
    /// The right.
    pub right: String,
    /// Where it comes from.
    pub clause: String,
    /// `too_high`, `too_low`, `reach`, `not_named` or `others_named`.
    pub because: &'static str,
}

/// A right that covers a warning.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct EntitledJson {
    /// The right.
    pub right: String,
    /// Any of these may issue.
    pub by: Vec<String>,
    /// Decisions that come before.
    pub after: Vec<GateJson>,
    /// Only the body that the decision names.
    pub if_named: bool,
    /// Where it comes from.
    pub clause: String,
    /// It is ours, not the document's.
    pub is_default: bool,
}

/// A decision that comes before issuing.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct GateJson {
    /// The plan's rule.
    pub approval: String,
    /// Any of these decides.
    pub by: Vec<String>,
    /// The colour asks for it.
    pub for_colour: bool,
    /// The marks that ask for it.
    pub for_marks: Vec<String>,
    /// Where it comes from.
    pub clause: String,
}

/// A receipt or a measure.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct OwedJson {
    /// Its id in the pack.
    pub rule: String,
    /// Where it comes from.
    pub clause: String,
    /// `receipt`, or how a measure is owed: `once`, `standing`, `every`, `as_it_comes`.
    pub kind: &'static str,
    /// Who owes it; for a receipt `units` and `people`.
    pub of: Vec<String>,
    /// Seconds from the issue until it falls due, zero for "at once"; none without a limit.
    pub due_s: Option<i64>,
    /// Seconds from what came, for what is owed as it comes.
    pub each_s: Option<i64>,
    /// The figure is ours, not the document's.
    pub is_default: bool,
}

impl WarningJson {
    /// What was found for a plan.
    pub fn new(plan: &Plan, asked: &WarningAsked, found: &WarningFound) -> Self {
        let warnings = plan.warnings.as_ref().map(api::PlanWarnings::from);
        let colour = found.signal.colour();
        let colour_is = match (asked.colour, found.proposal.level, colour) {
            (Some(_), ..) => "given",
            (None, Some(_), Some(_)) => "proposed",
            (None, None, Some(_)) => "still_possible",
            (None, _, None) => "none",
        };
        let before = warnings.as_ref().map(|known| known.measures.clone()).unwrap_or_default();
        let concerns = |measure: &api::WarningMeasure| {
            let any = measure.colours.is_empty();
            let named = colour.is_some_and(|colour| measure.colours.contains(&colour.as_str()));
            measure.stage != Stage::Issued.as_str() && (any || named)
        };
        Self {
            plan: plan.id.to_string(),
            colour: colour.map(WarningColour::as_str),
            colour_is,
            proposal: ColourProposalJson::new(plan, &found.proposal),
            issue: IssueJson::new(plan, asked, found),
            changes: warnings.as_ref().map(|known| known.changes.clone()),
            form: warnings.as_ref().map(|known| known.form.clone()),
            editions: warnings.map(|known| known.editions).unwrap_or_default(),
            before: before.into_iter().filter(concerns).collect(),
            owed: found.owed.iter().map(OwedJson::from).collect(),
        }
    }
}

impl ColourProposalJson {
    fn new(plan: &Plan, proposal: &Proposal<Signal>) -> Self {
        Self {
            colour: colour_of(proposal.level),
            highest_plausible: proposal.highest_plausible.as_str(),
            rule: proposal.rule.as_ref().map(ToString::to_string),
            judge: proposal.judge.as_ref().map(TextJson::from),
            open: proposal.open.iter().map(ToString::to_string).collect(),
            rules: proposal.trail.iter().map(|trail| ColourRuleJson::new(plan, trail)).collect(),
            turns: proposal.turning.iter().map(ColourTurnJson::from).collect(),
        }
    }
}

impl ColourRuleJson {
    fn new(plan: &Plan, trail: &RuleTrail<Signal>) -> Self {
        let condition = |atom: &Atom| ConditionJson {
            says: TextJson::from(&plan.words(&atom.condition)),
            negated: atom.negated,
            answer: atom.value.as_ref().map(typed),
            holds: holds(atom.truth),
        };
        Self {
            rule: trail.rule.to_string(),
            colour: trail.level.as_str(),
            clause: trail.clause.to_string(),
            holds: holds(trail.truth),
            conditions: trail.atoms.iter().map(condition).collect(),
        }
    }
}

impl From<&Turn<Signal>> for ColourTurnJson {
    fn from(turn: &Turn<Signal>) -> Self {
        Self {
            fact: turn.fact.to_string(),
            to: typed(&turn.to),
            colour: colour_of(turn.level),
            highest_plausible: turn.highest_plausible.as_str(),
        }
    }
}

impl IssueJson {
    fn new(plan: &Plan, asked: &WarningAsked, found: &WarningFound) -> Self {
        let ruling = found.verdict.as_ref().map(|verdict| &verdict.ruling);
        let refusals = match ruling {
            Some(Ruling::MustNot { refusals }) => refusals.iter().map(RefusalJson::from).collect(),
            _ => Vec::new(),
        };
        let two = plan.warnings.as_ref().and_then(|warnings| warnings.two_person.as_ref());
        let two =
            two.filter(|rule| found.signal.colour().is_some_and(|colour| rule.colours.contains(&colour)));
        Self {
            reach: asked.reach.as_str(),
            by: asked.by.as_ref().map(ToString::to_string),
            ruling: ruling.map(|ruling| match ruling {
                Ruling::May { .. } => "may",
                Ruling::AfterApproval { .. } => "after_approval",
                Ruling::MustNot { .. } => "must_not",
            }),
            refusals,
            entitled: found.entitled.iter().map(EntitledJson::from).collect(),
            two_person: two.map(|rule| rule.clause.to_string()),
        }
    }
}

impl From<&Refusal> for RefusalJson {
    fn from(refusal: &Refusal) -> Self {
        let because = match refusal.because {
            RefusedFor::TooHigh(_) => "too_high",
            RefusedFor::TooLow(_) => "too_low",
            RefusedFor::Reach => "reach",
            RefusedFor::NotNamed => "not_named",
            RefusedFor::OthersNamed => "others_named",
        };
        Self { right: refusal.right.to_string(), clause: refusal.clause.to_string(), because }
    }
}

impl From<&Entitled> for EntitledJson {
    fn from(right: &Entitled) -> Self {
        Self {
            right: right.right.to_string(),
            by: right.by.iter().map(ToString::to_string).collect(),
            after: right.gates.iter().map(GateJson::from).collect(),
            if_named: right.if_named,
            clause: right.clause.to_string(),
            is_default: right.is_default,
        }
    }
}

impl From<&Gate> for GateJson {
    fn from(gate: &Gate) -> Self {
        Self {
            approval: gate.approval.to_string(),
            by: gate.by.iter().map(ToString::to_string).collect(),
            for_colour: gate.for_colour,
            for_marks: gate.for_marks.iter().map(ToString::to_string).collect(),
            clause: gate.clause.to_string(),
        }
    }
}

impl From<&Owed> for OwedJson {
    fn from(owed: &Owed) -> Self {
        let (kind, of) = match &owed.what {
            Owing::Receipt { from, .. } => {
                let from = from.iter().map(|from| match from {
                    ReceiptFrom::Units => "units".to_owned(),
                    ReceiptFrom::People => "people".to_owned(),
                });
                ("receipt", from.collect())
            }
            Owing::Measure(kind) => {
                let kind = match kind {
                    MeasureKind::Once(_) => "once",
                    MeasureKind::Standing(_) => "standing",
                    MeasureKind::Every(_) => "every",
                    MeasureKind::AsItComes(_) => "as_it_comes",
                };
                (kind, owed.of.iter().map(ToString::to_string).collect())
            }
        };
        let each = match &owed.what {
            Owing::Measure(MeasureKind::AsItComes(within)) => within.map(Within::lapse),
            _ => None,
        };
        Self {
            rule: owed.rule.to_string(),
            clause: owed.clause.to_string(),
            kind,
            of,
            due_s: owed.due.map(|due| due.after.as_secs()),
            each_s: each.map(|each| each.as_secs()),
            is_default: owed.is_default,
        }
    }
}

fn colour_of(signal: Option<Signal>) -> Option<&'static str> {
    signal.and_then(Signal::colour).map(WarningColour::as_str)
}

fn holds(truth: Truth) -> &'static str {
    match truth {
        Truth::True => "true",
        Truth::False => "false",
        Truth::Unknown => "unknown",
    }
}
