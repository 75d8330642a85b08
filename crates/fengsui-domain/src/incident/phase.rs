//! The phases of an incident as types: each holds only what is true by then.
//!
//! A transition consumes the phase it leaves, so a state that skipped a step cannot be written.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Decision, Receipt, Signed};
use crate::actor::{Bodies, By, Person};
use crate::level::IncidentLevel;
use crate::plan::{self, Plan, PlanId, RoleId, RuleId};

/// Where an incident stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub enum Phase {
    /// Judged to be an incident, not yet verified.
    Judged(Judged),
    /// Verified; losses, severity and spread are being analysed.
    Analysing(Analysing),
    /// Its level was confirmed by a person.
    Graded(Graded),
    /// The response runs.
    Responding(Responding),
    /// The response was ended.
    Ended(Ended),
    /// The review was completed.
    Reviewed(Reviewed),
    /// Filed, receipted and sealed.
    Archived(Archived),
    /// A redone triage found that it is no incident.
    Withdrawn(Withdrawn),
}

/// Judged: waits for verification.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Judged {
    /// Since when.
    pub at: Timestamp,
}

/// Verified: being analysed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Analysing {
    /// When it was verified.
    pub verified_at: Timestamp,
    /// By whom.
    pub by: By,
    /// Against what, with what result.
    pub basis: String,
}

/// Graded: the response can be prepared.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Graded {
    /// The verification.
    pub analysis: Analysing,
    /// When the level was first confirmed.
    pub at: Timestamp,
}

/// Responding.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Responding {
    /// The response level, a field of its own (`jincheng-internet-2008/5.2.1`).
    pub level: IncidentLevel,
    /// The range.
    pub range: String,
    /// When it started.
    pub started_at: Timestamp,
    /// Who started it, on what grounds.
    pub decision: Decision,
    /// Who last changed its level or range, on what grounds.
    #[serde(default)]
    pub adjusted: Option<Decision>,
}

/// Ended: normal management again.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Ended {
    /// The response that ended.
    pub response: Responding,
    /// When.
    pub ended_at: Timestamp,
    /// Who ended it, on what grounds.
    pub decision: Decision,
}

/// A completed review.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Review {
    /// The mandatory contents, by topic.
    pub topics: BTreeMap<RuleId, String>,
    /// Whether the plan must change, and how; empty if it need not.
    pub plan_change: String,
    /// Who completed it, for which body.
    pub signed: Signed,
}

/// Reviewed: waits for filing.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Reviewed {
    /// The ended response.
    pub ended: Ended,
    /// The review.
    pub review: Review,
    /// The filing, once made: the leading plan's.
    pub filing: Option<Filing>,
    /// The filings of plans beside it, once made.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub filed_beside: BTreeMap<PlanId, Filing>,
}

/// The closing package filed with an authority.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Filing {
    /// Process and result in short.
    pub summary: String,
    /// Who filed it.
    pub signed: Signed,
    /// The receipt, once it is there, where that of one addressee is enough.
    pub receipt: Option<Receipt>,
    /// The receipts by addressee, where each gives one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub receipts: BTreeMap<RoleId, Receipt>,
}

impl Filing {
    /// The addressees of whom a receipt is still missing; of any one of them, unless each gives one.
    pub fn without_receipt<'r>(&self, rule: &'r plan::Filing) -> Vec<&'r RoleId> {
        let missing = |body: &&RoleId| {
            if rule.to_each { !self.receipts.contains_key(*body) } else { self.receipt.is_none() }
        };
        rule.to.iter().filter(missing).collect()
    }
}

impl plan::Filing {
    /// Who may record a receipt that these give: they themselves.
    ///
    /// Where each of several authorities gives one, an authority for which nobody signs in here must not keep the
    /// archive closed for ever, so whoever files records that one on its word.
    pub fn receipt_recorded_by(&self, givers: &[RoleId], bodies: &Bodies<'_>) -> Vec<RoleId> {
        let absent = |giver: &RoleId| {
            !bodies.acting(std::slice::from_ref(giver)).iter().any(|body| bodies.manned.contains(body))
        };
        let filers = self.by.iter().filter(|_| self.to_each && givers.iter().any(absent));
        givers.iter().chain(filers).cloned().collect()
    }
}

/// A filing that a plan asks for, and what was made of it.
#[derive(Clone, Copy, Debug)]
pub struct AskedFiling<'a> {
    /// The plan, if it is not the leading one.
    pub plan: Option<&'a PlanId>,
    /// What it asks for.
    pub rule: &'a plan::Filing,
    /// The filing, once made.
    pub made: Option<&'a Filing>,
}

impl AskedFiling<'_> {
    /// It was made and every receipt that it needs is there.
    pub fn is_complete(&self) -> bool {
        self.made.is_some_and(|made| made.without_receipt(self.rule).is_empty())
    }
}

/// Sealed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Archived {
    /// All that led here.
    pub reviewed: Reviewed,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Person,
}

/// Withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Withdrawn {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: By,
}

impl Phase {
    /// The names of all phases, in order.
    pub const NAMES: [&'static str; 8] =
        ["judged", "analysing", "graded", "responding", "ended", "reviewed", "archived", "withdrawn"];

    /// Its stable name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Judged(_) => "judged",
            Self::Analysing(_) => "analysing",
            Self::Graded(_) => "graded",
            Self::Responding(_) => "responding",
            Self::Ended(_) => "ended",
            Self::Reviewed(_) => "reviewed",
            Self::Archived(_) => "archived",
            Self::Withdrawn(_) => "withdrawn",
        }
    }

    /// When the response ended, from the phase that first knows it.
    pub fn ended_at(&self) -> Option<Timestamp> {
        match self {
            Self::Judged(_)
            | Self::Analysing(_)
            | Self::Graded(_)
            | Self::Responding(_)
            | Self::Withdrawn(_) => None,
            Self::Ended(ended) => Some(ended.ended_at),
            Self::Reviewed(reviewed) => Some(reviewed.ended.ended_at),
            Self::Archived(archived) => Some(archived.reviewed.ended.ended_at),
        }
    }

    /// The response, while it runs and after.
    pub fn response(&self) -> Option<&Responding> {
        match self {
            Self::Judged(_) | Self::Analysing(_) | Self::Graded(_) | Self::Withdrawn(_) => None,
            Self::Responding(response) => Some(response),
            Self::Ended(ended) => Some(&ended.response),
            Self::Reviewed(reviewed) => Some(&reviewed.ended.response),
            Self::Archived(archived) => Some(&archived.reviewed.ended.response),
        }
    }

    /// The review, once completed.
    pub fn review(&self) -> Option<&Review> {
        match self {
            Self::Reviewed(reviewed) => Some(&reviewed.review),
            Self::Archived(archived) => Some(&archived.reviewed.review),
            _ => None,
        }
    }

    /// The filing, once made: the leading plan's.
    pub fn filing(&self) -> Option<&Filing> {
        self.reviewed()?.filing.as_ref()
    }

    /// The reviewed incident, filed or not.
    pub fn reviewed(&self) -> Option<&Reviewed> {
        match self {
            Self::Reviewed(reviewed) => Some(reviewed),
            Self::Archived(archived) => Some(&archived.reviewed),
            _ => None,
        }
    }
}

impl Judged {
    /// Verified: the analysis opens. Source: `jincheng-internet-2008/5.1.5.2.1`.
    pub fn verify(self, at: Timestamp, by: By, basis: String) -> Analysing {
        Analysing { verified_at: at, by, basis }
    }
}

impl Analysing {
    /// The level was confirmed. Source: `jincheng-internet-2008/5.1.5.4`.
    pub fn grade(self, at: Timestamp) -> Graded {
        Graded { analysis: self, at }
    }
}

impl Graded {
    /// The response starts. Source: `jincheng-internet-2008/5.2.2.1.a`, `5.2.2.2`.
    pub fn respond(self, level: IncidentLevel, range: String, decision: Decision) -> Responding {
        Responding { level, range, started_at: decision.signed.at, decision, adjusted: None }
    }
}

impl Responding {
    /// The response ends. Source: `jincheng-internet-2008/5.5.1`, `5.5.2`.
    pub fn end(self, decision: Decision) -> Ended {
        Ended { response: self, ended_at: decision.signed.at, decision }
    }
}

impl Ended {
    /// The review is complete. Source: `jincheng-internet-2008/6.2`.
    pub fn review(self, review: Review) -> Reviewed {
        Reviewed { ended: self, review, filing: None, filed_beside: BTreeMap::new() }
    }
}

impl Reviewed {
    /// Every filing that the plan asks for, the leading plan's first.
    ///
    /// Of incidents that were filed while one filing was enough, the one that was made under a leading plan
    /// without any stands for the first that is asked for.
    pub fn filings<'a>(&'a self, plan: &'a Plan) -> Vec<AskedFiling<'a>> {
        let asked = plan.filings().enumerate();
        asked
            .map(|(place, (id, rule))| {
                let earlier = self.filing.as_ref().filter(|_| place == 0);
                let made = id.and_then(|id| self.filed_beside.get(id)).or(earlier);
                AskedFiling { plan: id, rule, made }
            })
            .collect()
    }

    /// The filing under the leading plan, or one beside it, to be completed.
    pub(super) fn filing_mut(&mut self, plan: Option<&PlanId>) -> Option<&mut Filing> {
        match plan.and_then(|plan| self.filed_beside.get_mut(plan)) {
            Some(filing) => Some(filing),
            None => self.filing.as_mut(),
        }
    }

    /// Sealed. Source: `jincheng-internet-2008/6.2.2`.
    pub fn archive(self, at: Timestamp, by: Person) -> Archived {
        Archived { reviewed: self, at, by }
    }
}
