//! What the software keeps as proof of a duty that no rule can carry out.
//!
//! A plan has duties of organisations: teams to keep, people to name, exercises to hold. Software cannot do
//! them; it can keep the record that shows whether they were done. A pack says so with a word of [`Kept`],
//! never in free text: each word stands for a route of the API that exists, and a test holds it to that.
//! What nothing keeps has no word here, so that no pack can
//! claim it.

use std::sync::LazyLock;

use super::{Clause, Text};
use crate::permission::named;

named! {
    /// A kind of record that every node keeps.
    Kept {
        /// Exact versions of plans with their digests: header, basis, days in force, every rule.
        PlanVersions = "plan-versions",
        /// Who has an account, with which roles of the system and for which bodies of the plan.
        Accounts = "accounts",
        /// Who was put into which role in an incident, and relieved of it.
        Assignments = "assignments",
        /// The emergency database: experts, teams, equipment, networks, software, cases, solutions, and
        /// when each was last checked by whom.
        Resources = "resources",
        /// What of the emergency database is offered for an incident, and why.
        Offers = "offers",
        /// Sources of logs that are monitored, and how far each was read.
        LogSources = "log-sources",
        /// What monitoring saw, with lines of evidence.
        Sightings = "sightings",
        /// Lists of indicators taken in from others, with their source and every version.
        IndicatorLists = "indicator-lists",
        /// Clocks with their due time, met in time or late, or lapsed.
        Clocks = "clocks",
        /// Everything done in an incident, with time and person, in the ledger.
        Timeline = "timeline",
        /// Evidence with its digest and who held it when.
        Evidence = "evidence",
        /// Reviews with cause, responsibility and measures.
        Reviews = "reviews",
        /// Orders with acknowledgement and answers.
        Orders = "orders",
        /// What a unit did about its standing duties: records with proof, receipts, corrections.
        DutyRecords = "duty-records",
        /// The signed head of the ledger, by which an outsider proves that nothing was changed.
        Checkpoints = "checkpoints",
    }
}

impl Kept {
    /// Its name.
    pub fn title(self) -> &'static Text {
        static TITLES: LazyLock<Vec<Text>> = LazyLock::new(|| {
            let text = |kept: &Kept| {
                let (zh, en) = kept.words();
                Text { zh: zh.to_owned(), en: en.to_owned() }
            };
            Kept::ALL.iter().map(text).collect()
        });
        &TITLES[self as usize]
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::PlanVersions => ("预案的各个版本及其摘要", "Versions of the plan with their digests"),
            Self::Accounts => ("账户及其所代表的机构", "Accounts and the bodies they speak for"),
            Self::Assignments => ("事件中的岗位与人员", "Posts of an incident and who held them"),
            Self::Resources => ("应急数据库及其检查", "The emergency database and its checks"),
            Self::Offers => ("事件可用的应急资源", "Resources offered for an incident"),
            Self::LogSources => ("监测的日志来源", "Sources of logs under monitoring"),
            Self::Sightings => ("监测所见及日志原文", "What monitoring saw, with its lines"),
            Self::IndicatorLists => ("收到的威胁指标清单", "Lists of indicators taken in"),
            Self::Clocks => ("时限：按时、逾期或未履行", "Clocks: met in time, late, or lapsed"),
            Self::Timeline => ("事件处置的全过程记录", "Everything done in an incident"),
            Self::Evidence => ("证据及其保管链", "Evidence and its chain of custody"),
            Self::Reviews => ("调查与评估", "Reviews"),
            Self::Orders => ("指令、确认与答复", "Orders, acknowledgements, answers"),
            Self::DutyRecords => ("常规职责的履行记录", "Records of standing duties"),
            Self::Checkpoints => ("账本的签名检查点", "Signed checkpoints of the ledger"),
        }
    }

    /// Method and path at which the record is read or written.
    pub fn route(self) -> &'static str {
        match self {
            Self::PlanVersions => "GET /api/v1/plans/{id}",
            Self::Accounts => "GET /api/v1/accounts",
            Self::Assignments => "POST /api/v1/incidents/{id}/people",
            Self::Resources => "GET /api/v1/resources",
            Self::Offers => "GET /api/v1/incidents/{id}/offers",
            Self::LogSources => "GET /api/v1/sources",
            Self::Sightings => "GET /api/v1/sightings",
            Self::IndicatorLists => "GET /api/v1/indicator-lists",
            Self::Clocks => "GET /api/v1/clocks",
            Self::Timeline => "GET /api/v1/incidents/{id}/timeline",
            Self::Evidence => "GET /api/v1/incidents/{id}/evidence/{evidence}",
            Self::Reviews => "POST /api/v1/incidents/{id}/review",
            Self::Orders => "POST /api/v1/incidents/{id}/orders",
            Self::DutyRecords => "GET /api/v1/duty-books/{id}/records",
            Self::Checkpoints => "GET /ledger/checkpoint",
        }
    }
}

/// A clause whose proof the software keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The duty.
    pub clause: Clause,
    /// What is kept of it.
    pub keeps: Kept,
}
