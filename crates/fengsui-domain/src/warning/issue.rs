//! Who may issue a warning, after whose decision, and who may change it later.

use super::{Act, Reach, WarningColour};
use crate::expr::{Answers, Value};
use crate::plan::{
    Approval, ChangedBy, Clause, FactId, IssuingRight, Plan, RoleId, RuleId, Warnings, Within,
};

/// Whether a body may issue a warning, and who may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The answer.
    pub ruling: Ruling,
    /// Everybody who may issue this warning, in the order of the plan.
    pub entitled: Vec<Entitled>,
    /// The clause by which one person drafts it and another issues it, if that is so.
    pub two_person: Option<Clause>,
}

/// The answer for one body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// It may.
    May {
        /// By this right.
        right: RuleId,
        /// Where that comes from.
        clause: Clause,
    },
    /// It may once these have decided so.
    AfterApproval {
        /// By this right.
        right: RuleId,
        /// Where that comes from.
        clause: Clause,
        /// The decisions, all of them needed.
        gates: Vec<Gate>,
        /// The decision must name the body as the one that issues.
        if_named: bool,
    },
    /// It must not.
    MustNot {
        /// Why each of its rights does not cover it; empty if it has none.
        refusals: Vec<Refusal>,
    },
}

/// A decision that comes before issuing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    /// The plan's rule.
    pub approval: RuleId,
    /// Any of these decides.
    pub by: Vec<RoleId>,
    /// The colour asks for it.
    pub for_colour: bool,
    /// The marks that ask for it.
    pub for_marks: Vec<FactId>,
    /// Where it comes from.
    pub clause: Clause,
}

/// Why a right does not cover a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The right.
    pub right: RuleId,
    /// Where it comes from.
    pub clause: Clause,
    /// What it does not cover.
    pub because: RefusedFor,
}

/// What a right does not cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RefusedFor {
    /// The colour is worse than it goes.
    TooHigh(WarningColour),
    /// The colour is milder than it goes.
    TooLow(WarningColour),
    /// The warning reaches further, or elsewhere.
    Reach,
    /// It exists only by a decision that this warning does not need.
    NotNamed,
    /// A decision is needed, and the body that it names issues.
    OthersNamed,
}

/// A right that covers a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entitled {
    /// The right.
    pub right: RuleId,
    /// Any of these may issue.
    pub by: Vec<RoleId>,
    /// Decisions that come before; empty if there are none.
    pub gates: Vec<Gate>,
    /// Only the body that the decision names.
    pub if_named: bool,
    /// Where it comes from.
    pub clause: Clause,
    /// The right is ours, not the document's.
    pub is_default: bool,
}

/// Whether a body may issue a warning of this colour and reach, after whose decision, and who else may.
///
/// `answers` are those about the threat: a mark among them may ask for a decision whatever the colour.
/// `None` if the plan has no warnings. What a body may do for another that is not manned is not asked here.
///
/// Source: `national-2017/3.3.c`, `3.3.d`, `jincheng-internet-2008/4.3.2.a`, `4.3.2.b`.
pub fn may_issue(
    plan: &Plan,
    body: &RoleId,
    colour: WarningColour,
    reach: Reach,
    answers: &Answers,
) -> Option<Verdict> {
    let warnings = plan.warnings.as_ref()?;
    let case = Case { warnings, colour, reach, gates: gates(warnings, colour, answers) };
    let entitled = case.entitled();
    let ruling = match entitled.iter().find(|right| right.by.contains(body)) {
        Some(Entitled { right, clause, gates, if_named, .. }) => {
            let (right, clause, gates) = (right.clone(), clause.clone(), gates.clone());
            if gates.is_empty() {
                Ruling::May { right, clause }
            } else {
                Ruling::AfterApproval { right, clause, gates, if_named: *if_named }
            }
        }
        None => Ruling::MustNot { refusals: case.refusals(body) },
    };
    Some(Verdict { ruling, entitled, two_person: two_person(warnings, colour) })
}

/// Everybody who may issue a warning of this colour and reach, in the order of the plan; empty if nobody may
/// under this plan, or it has no warnings.
pub fn who_may_issue(plan: &Plan, colour: WarningColour, reach: Reach, answers: &Answers) -> Vec<Entitled> {
    let Some(warnings) = &plan.warnings else { return Vec::new() };
    Case { warnings, colour, reach, gates: gates(warnings, colour, answers) }.entitled()
}

/// A warning that somebody wants to issue.
struct Case<'p> {
    warnings: &'p Warnings,
    colour: WarningColour,
    reach: Reach,
    /// The decisions it needs.
    gates: Vec<Gate>,
}

impl Case<'_> {
    fn entitled(&self) -> Vec<Entitled> {
        let rights = self.warnings.rights.iter().filter(|right| self.refused(right).is_none());
        rights
            .map(|right| Entitled {
                right: right.id.clone(),
                by: right.by.clone(),
                gates: self.gates.clone(),
                if_named: right.named_by.is_some(),
                clause: right.clause.clone(),
                is_default: right.is_default,
            })
            .collect()
    }

    fn refusals(&self, body: &RoleId) -> Vec<Refusal> {
        let own = self.warnings.rights.iter().filter(|right| right.by.contains(body));
        own.filter_map(|right| {
            let because = self.refused(right)?;
            Some(Refusal { right: right.id.clone(), clause: right.clause.clone(), because })
        })
        .collect()
    }

    /// Why a right does not cover the warning; `None` if it does.
    fn refused(&self, right: &IssuingRight) -> Option<RefusedFor> {
        if self.colour < right.highest {
            return Some(RefusedFor::TooHigh(right.highest));
        }
        if self.colour > right.lowest {
            return Some(RefusedFor::TooLow(right.lowest));
        }
        if !right.reach.contains(&self.reach) {
            return Some(RefusedFor::Reach);
        }
        // Where a needed decision names who issues, only rights by that decision count, and they only there.
        let needed = |approval: &RuleId| self.gates.iter().any(|gate| gate.approval == *approval);
        if let Some(approval) = &right.named_by {
            return (!needed(approval)).then_some(RefusedFor::NotNamed);
        }
        let mut names = self.warnings.rights.iter().filter_map(|right| right.named_by.as_ref());
        names.any(needed).then_some(RefusedFor::OthersNamed)
    }
}

/// The decisions that a warning needs.
fn gates(warnings: &Warnings, colour: WarningColour, answers: &Answers) -> Vec<Gate> {
    warnings.approvals.iter().filter_map(|approval| gate(approval, colour, answers)).collect()
}

fn two_person(warnings: &Warnings, colour: WarningColour) -> Option<Clause> {
    let rule = warnings.two_person.as_ref()?;
    rule.colours.contains(&colour).then(|| rule.clause.clone())
}

/// The decision an approval asks for, if colour or marks ask for it.
fn gate(approval: &Approval, colour: WarningColour, answers: &Answers) -> Option<Gate> {
    let set = |mark: &&FactId| answers.get(*mark) == Some(&Value::Bool(true));
    let for_marks: Vec<FactId> = approval.marks.iter().filter(set).cloned().collect();
    let for_colour = approval.colours.contains(&colour);
    (for_colour || !for_marks.is_empty()).then(|| Gate {
        approval: approval.id.clone(),
        by: approval.by.clone(),
        for_colour,
        for_marks,
        clause: approval.clause.clone(),
    })
}

/// Whether a body may change a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeVerdict {
    /// The answer.
    pub may: bool,
    /// Who may.
    pub who: Vec<RoleId>,
    /// How soon everybody who had the warning is told, if the plan says so.
    pub within: Option<Within>,
    /// Where it comes from.
    pub clause: Clause,
    /// The rule is ours, not the document's.
    pub is_default: bool,
}

/// Whether a body may update, adjust or lift a warning that `issuer` issued.
///
/// To adjust it to another colour or reach, [`may_issue`] must allow that as well. `None` if the plan has no
/// warnings, and for [`Act::Issue`], which is asked there.
///
/// Source: `national-2017/3.5`, `jincheng-internet-2008/4.3.2.a`.
pub fn may_change(plan: &Plan, act: Act, body: &RoleId, issuer: &RoleId) -> Option<ChangeVerdict> {
    let change = plan.warnings.as_ref()?.changes.of(act)?;
    let who = match &change.by {
        ChangedBy::Issuer => vec![issuer.clone()],
        ChangedBy::Bodies(bodies) => bodies.clone(),
    };
    Some(ChangeVerdict {
        may: who.contains(body),
        who,
        within: change.within,
        clause: change.clause.clone(),
        is_default: change.is_default,
    })
}
