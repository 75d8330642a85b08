//! Who may issue a warning, after whose decision, and who may change it later.

use super::{Act, Reach, WarningColour};
use crate::expr::{Answers, Value};
use crate::plan::{Approval, ChangedBy, Clause, FactId, IssuingRight, Plan, RoleId, RuleId, Warnings, Within};

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
    let gates: Vec<Gate> =
        warnings.approvals.iter().filter_map(|approval| gate(approval, colour, answers)).collect();
    let refused = |right: &IssuingRight| {
        refused(right, colour, reach).or_else(|| refused_by_name(warnings, right, &gates))
    };
    let rights = warnings.rights.iter();
    let entitled: Vec<Entitled> = rights
        .filter(|right| refused(right).is_none())
        .map(|right| Entitled {
            right: right.id.clone(),
            by: right.by.clone(),
            gates: gates.clone(),
            if_named: right.named_by.is_some(),
            clause: right.clause.clone(),
            is_default: right.is_default,
        })
        .collect();
    let own = entitled.iter().find(|right| right.by.contains(body));
    let ruling = match own {
        Some(Entitled { right, clause, gates, if_named, .. }) => {
            let (right, clause, gates) = (right.clone(), clause.clone(), gates.clone());
            if gates.is_empty() {
                Ruling::May { right, clause }
            } else {
                Ruling::AfterApproval { right, clause, gates, if_named: *if_named }
            }
        }
        None => Ruling::MustNot {
            refusals: (warnings.rights.iter().filter(|right| right.by.contains(body)))
                .filter_map(|right| {
                    let because = refused(right)?;
                    Some(Refusal { right: right.id.clone(), clause: right.clause.clone(), because })
                })
                .collect(),
        },
    };
    Some(Verdict { ruling, entitled, two_person: two_person(warnings, colour) })
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

/// Why a right does not cover a warning; `None` if it does.
fn refused(right: &IssuingRight, colour: WarningColour, reach: Reach) -> Option<RefusedFor> {
    if colour < right.highest {
        return Some(RefusedFor::TooHigh(right.highest));
    }
    if colour > right.lowest {
        return Some(RefusedFor::TooLow(right.lowest));
    }
    (!right.reach.contains(&reach)).then_some(RefusedFor::Reach)
}

/// Where a needed decision names who issues, only rights by that decision count, and they only there.
fn refused_by_name(warnings: &Warnings, right: &IssuingRight, gates: &[Gate]) -> Option<RefusedFor> {
    let needed = |approval: &RuleId| gates.iter().any(|gate| gate.approval == *approval);
    match &right.named_by {
        Some(approval) => (!needed(approval)).then_some(RefusedFor::NotNamed),
        None => {
            let mut names = warnings.rights.iter().filter_map(|right| right.named_by.as_ref());
            names.any(needed).then_some(RefusedFor::OthersNamed)
        }
    }
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
