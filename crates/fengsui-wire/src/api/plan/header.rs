//! What a plan says of itself: how it was issued, how often it is evaluated, who explains it, what runs with it.

use fengsui_domain::plan;

use super::{HolidayYear, Text, roles};

/// How a plan came to be issued.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PlanNotice {
    /// Who agreed to it before it was issued.
    pub approved_by: Option<Text>,
    /// The day it was issued, `YYYY-MM-DD`.
    pub issued: String,
    /// The day it was made public.
    pub published: Option<String>,
    /// To whom it is addressed.
    pub addressees: Option<Text>,
    /// Where this is printed.
    pub clause: String,
}

impl From<&plan::Notice> for PlanNotice {
    fn from(notice: &plan::Notice) -> Self {
        Self {
            approved_by: notice.approved_by.as_ref().map(Text::from),
            issued: notice.issued.to_string(),
            published: notice.published.map(|day| day.to_string()),
            addressees: notice.addressees.as_ref().map(Text::from),
            clause: notice.clause.to_string(),
        }
    }
}

/// The cycle in which a plan itself is evaluated.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PlanEvaluation {
    /// Months from one evaluation to the next.
    pub every_months: u8,
    /// The day of the last one, `YYYY-MM-DD`, if there was one.
    pub last: Option<String>,
    /// Who evaluates.
    pub by: Vec<String>,
    /// The clause that asks for it.
    pub clause: String,
}

impl From<&plan::Evaluation> for PlanEvaluation {
    fn from(evaluation: &plan::Evaluation) -> Self {
        Self {
            every_months: evaluation.every_months,
            last: evaluation.last.map(|day| day.to_string()),
            by: roles(&evaluation.by),
            clause: evaluation.clause.to_string(),
        }
    }
}

/// Who explains a plan where its words are in doubt.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PlanInterpreted {
    /// Which body, in the document's words.
    pub by: Text,
    /// The clause that says so.
    pub clause: String,
}

impl From<&plan::Interpreted> for PlanInterpreted {
    fn from(interpreted: &plan::Interpreted) -> Self {
        Self { by: (&interpreted.by).into(), clause: interpreted.clause.to_string() }
    }
}

/// A clause whose proof the software keeps.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PlanProof {
    /// The duty.
    pub clause: String,
    /// The stable name of what is kept of it, such as `duty-records`.
    pub keeps: &'static str,
    /// The same in words.
    pub title: Text,
    /// Method and path at which the record is read or written.
    pub route: &'static str,
}

impl From<&plan::Proof> for PlanProof {
    fn from(proof: &plan::Proof) -> Self {
        let kept = proof.keeps;
        Self {
            clause: proof.clause.to_string(),
            keeps: kept.as_str(),
            title: kept.title().into(),
            route: kept.route(),
        }
    }
}

/// A plan that runs together with the leading one.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PlanJoined {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// IANA time zone in which its days are counted.
    pub zone: String,
    /// Its days off, year by year.
    pub holidays: Vec<HolidayYear>,
}

impl From<&plan::Joined> for PlanJoined {
    fn from(joined: &plan::Joined) -> Self {
        Self {
            id: joined.id.to_string(),
            title: (&joined.title).into(),
            zone: joined.zone.clone(),
            holidays: joined.holidays.years.iter().map(HolidayYear::from).collect(),
        }
    }
}
