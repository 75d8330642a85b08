//! Operating permissions, given for one incident and one asset, for a limited time.
//!
//! They end by themselves: at their time, and with the response. What somebody did under one names it.
//! Source: `jincheng-internet-2008/5.2.3.1.2`.

use jiff::Timestamp;

use super::Signed;
use crate::actor::By;
use crate::id::GrantId;
use crate::plan::{Plan, RoleId};

/// A permission given to a body, or to one person of it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// The body that may use it.
    pub to: RoleId,
    /// The one person who may, if not the whole body.
    pub person: String,
    /// What may be done.
    pub what: String,
    /// On which asset.
    pub asset: String,
    /// Until when (UTC).
    pub until: Timestamp,
    /// Why it is needed.
    pub reason: String,
    /// Who gave it.
    pub given: Signed,
    /// How it ended before its time.
    pub ended: Option<GrantEnd>,
}

/// How a permission ended before its time.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct GrantEnd {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub why: GrantEndWhy,
    /// The reason given, for one withdrawn.
    pub reason: String,
    /// By whom.
    pub by: By,
}

/// Why a permission ended before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantEndWhy {
    /// It was withdrawn.
    Withdrawn,
    /// The response, or the incident, ended.
    Ended,
}

impl Grant {
    /// It could be used at `at`: given, not past its time, not ended.
    pub fn live(&self, at: Timestamp) -> bool {
        self.given.at <= at && at < self.until && self.ended.as_ref().is_none_or(|end| at < end.at)
    }

    /// Whoever gave it, and whoever else the plan lets give permissions.
    pub fn givers(&self, plan: &Plan) -> Vec<RoleId> {
        let rule = plan.grants.iter().flat_map(|rule| &rule.by);
        [&self.given.body].into_iter().chain(rule).cloned().collect()
    }
}
