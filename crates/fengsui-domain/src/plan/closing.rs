//! Review, filing and publication, and our settlements of what the document leaves open.

use super::{Clause, Named, RoleId, RuleId, Text};
use crate::expr::Expr;

/// The review of an ended response.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    /// Who leads it: the first entry that holds for the incident.
    pub leads: Vec<Lead>,
    /// Mandatory contents.
    pub topics: Vec<Named>,
    /// Where it comes from.
    pub clause: Clause,
    /// The clause that asks whether the plan itself must change, if there is one.
    pub plan_change: Option<Clause>,
}

/// Who leads the review of some incidents.
#[derive(Clone, Debug, PartialEq)]
pub struct Lead {
    /// The incidents.
    pub when: Expr,
    /// Any of these may lead.
    pub by: Vec<RoleId>,
    /// Where it comes from.
    pub clause: Clause,
}

/// Filing of the closing package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filing {
    /// Who files.
    pub by: Vec<RoleId>,
    /// Who receives and gives the receipt.
    pub to: Vec<RoleId>,
    /// Each of them gives a receipt; else that of any one is enough.
    pub to_each: bool,
    /// Where it comes from.
    pub clause: Clause,
}

/// A publication chain for some incidents and one audience.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicationRule {
    /// Its id.
    pub id: RuleId,
    /// Its name.
    pub title: Text,
    /// Where it comes from.
    pub clause: Clause,
    /// The incidents it applies to.
    pub when: Expr,
    /// Who is told.
    pub audience: Text,
    /// Who drafts.
    pub draft: Vec<RoleId>,
    /// Who checks and approves; empty when the chain has no such gate.
    pub approve: Vec<RoleId>,
    /// Who releases.
    pub release: Vec<RoleId>,
}

/// Our settlement of something the document leaves open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Default {
    /// Its id in the pack.
    pub id: RuleId,
    /// The clauses that are silent, ambiguous or at odds; at least one.
    pub clauses: Vec<Clause>,
    /// The open question.
    pub question: Text,
    /// What this pack does unless another option was chosen.
    pub answer: Text,
    /// What an operator may choose instead.
    pub options: Vec<Alternative>,
    /// The option that was chosen, which is one of `options`; `None` while `answer` holds.
    pub chosen: Option<RuleId>,
}

impl Default {
    /// What holds: the answer of the option chosen, or else ours.
    pub fn holds(&self) -> &Text {
        let option = self.options.iter().find(|option| Some(&option.id) == self.chosen.as_ref());
        option.map_or(&self.answer, |option| &option.answer)
    }
}

/// What an operator may choose instead of a settlement of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// Its id, unique within the settlement.
    pub id: RuleId,
    /// What the plan does then.
    pub answer: Text,
}
