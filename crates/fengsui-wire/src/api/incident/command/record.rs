//! Keeping the record.

use fengsui_domain::id::{EvidenceId, IncidentId, ReportId};
use fengsui_domain::incident::Command;
use fengsui_domain::limits::MAX_TEXT_CHARS;
use fengsui_domain::plan::{RoleId, RuleId};
use fengsui_domain::refusal::Refusal;
use jiff::Timestamp;
use uuid::Uuid;

use super::AboutPart;
use crate::api::bounds::{id, optional_part, part, text, title};
use crate::api::object::object;
use crate::api::{Form, LongText, MediumText, NameInPlan, OptionalMediumText, Pinned, ReportKind, ShortText};

/// Records a report by one body to another; late ones are recorded like any other.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordReport {
    /// First, follow-up or final.
    pub kind: ReportKind,
    /// Oral or written.
    pub form: Form,
    /// The body that reports.
    #[schema(value_type = NameInPlan)]
    pub of: String,
    /// The body reported to.
    #[schema(value_type = NameInPlan)]
    pub to: String,
    /// When it was made; not in the future.
    pub at: Timestamp,
    /// Who spoke to whom, or who sent it.
    #[schema(value_type = ShortText)]
    pub spoke: String,
    /// By what means: telephone, fax, courier, e-mail.
    #[schema(value_type = ShortText)]
    pub means: String,
    /// What was reported.
    #[schema(value_type = LongText)]
    pub text: String,
}

impl TryFrom<RecordReport> for Command {
    type Error = Refusal;

    fn try_from(body: RecordReport) -> Result<Self, Refusal> {
        Ok(Self::Report {
            kind: body.kind.into(),
            form: body.form.into(),
            of: RoleId::new(id("of", body.of)?),
            to: RoleId::new(id("to", body.to)?),
            at: body.at,
            spoke: title("spoke", body.spoke)?,
            means: title("means", body.means)?,
            text: text("text", body.text, MAX_TEXT_CHARS)?,
        })
    }
}

/// Records the receipt of a report by its addressee.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordReceipt {
    /// When it was given.
    pub at: Timestamp,
    /// Number, name or post by which it can be found again.
    #[schema(value_type = ShortText)]
    pub reference: String,
}

impl TryFrom<AboutPart<RecordReceipt>> for Command {
    type Error = Refusal;

    fn try_from(AboutPart(report, body): AboutPart<RecordReceipt>) -> Result<Self, Refusal> {
        let reference = title("reference", body.reference)?;
        Ok(Self::ReceiptReport { report: ReportId(report), at: body.at, reference })
    }
}

/// Records an immediate action, taken without waiting for approval.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordAction {
    /// Which of the plan's list.
    #[schema(value_type = NameInPlan)]
    pub action: String,
    /// When; not in the future.
    pub at: Timestamp,
    /// What exactly was done, with what result.
    #[schema(value_type = MediumText)]
    pub note: String,
}

impl TryFrom<RecordAction> for Command {
    type Error = Refusal;

    fn try_from(body: RecordAction) -> Result<Self, Refusal> {
        let action = RuleId::new(id("action", body.action)?);
        Ok(Self::TakeAction { action, at: body.at, note: part("note", body.note)? })
    }
}

/// What is said of a piece of evidence, beside its bytes; given in the query.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EvidenceWords {
    /// File name or description.
    #[param(value_type = ShortText)]
    pub name: String,
    /// When it was collected; now, if not said.
    #[serde(default)]
    #[param(nullable = false)]
    pub collected_at: Option<Timestamp>,
    /// Where and how it was collected.
    #[serde(default)]
    #[param(value_type = OptionalMediumText)]
    pub note: String,
}

impl EvidenceWords {
    /// The words, each within its bound.
    pub fn bounded(self) -> Result<Self, Refusal> {
        Ok(Self { name: title("name", self.name)?, note: optional_part("note", self.note)?, ..self })
    }
}

/// Hands a piece of evidence over.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOverEvidence {
    /// Who holds it from now on.
    #[schema(value_type = ShortText)]
    pub holder: String,
    /// Why it changes hands.
    #[schema(value_type = MediumText)]
    pub why: String,
}

impl TryFrom<AboutPart<HandOverEvidence>> for Command {
    type Error = Refusal;

    fn try_from(AboutPart(evidence, body): AboutPart<HandOverEvidence>) -> Result<Self, Refusal> {
        let (holder, why) = (title("holder", body.holder)?, part("why", body.why)?);
        Ok(Self::HandOverEvidence { evidence: EvidenceId(evidence), holder, why })
    }
}

/// Puts a person into a role of the plan.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignPerson {
    /// The role.
    #[schema(value_type = NameInPlan)]
    pub role: String,
    /// The person's name.
    #[schema(value_type = ShortText)]
    pub person: String,
}

impl TryFrom<AssignPerson> for Command {
    type Error = Refusal;

    fn try_from(body: AssignPerson) -> Result<Self, Refusal> {
        Ok(Self::Assign { role: RoleId::new(id("role", body.role)?), person: title("person", body.person)? })
    }
}

/// Relieves a person of a role.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RelievePerson {
    /// The role.
    #[schema(value_type = NameInPlan)]
    pub role: String,
    /// The person's name.
    #[schema(value_type = ShortText)]
    pub person: String,
}

impl TryFrom<RelievePerson> for Command {
    type Error = Refusal;

    fn try_from(body: RelievePerson) -> Result<Self, Refusal> {
        Ok(Self::Relieve { role: RoleId::new(id("role", body.role)?), person: title("person", body.person)? })
    }
}

/// Notes that another incident was derived from this one.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkDerived {
    /// The derived incident.
    pub incident: Uuid,
}

impl TryFrom<LinkDerived> for Command {
    type Error = Refusal;

    fn try_from(body: LinkDerived) -> Result<Self, Refusal> {
        Ok(Self::LinkDerived { incident: IncidentId(body.incident) })
    }
}

/// Writes a remark.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteNote {
    /// The remark.
    #[schema(value_type = LongText)]
    pub text: String,
}

impl TryFrom<WriteNote> for Command {
    type Error = Refusal;

    fn try_from(body: WriteNote) -> Result<Self, Refusal> {
        Ok(Self::Note { text: text("text", body.text, MAX_TEXT_CHARS)? })
    }
}

/// Pins something of the emergency database to the incident.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PinThing {
    /// What.
    #[serde(deserialize_with = "object")]
    pub what: Pinned,
    /// What it is good for here.
    #[serde(default)]
    #[schema(value_type = OptionalMediumText)]
    pub note: String,
}

impl TryFrom<PinThing> for Command {
    type Error = Refusal;

    fn try_from(body: PinThing) -> Result<Self, Refusal> {
        let note = optional_part("note", body.note)?;
        Ok(Self::Pin { what: body.what.into(), title: String::new(), note })
    }
}

/// Takes a pin away.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnpinThing {
    /// Which one.
    #[serde(deserialize_with = "object")]
    pub what: Pinned,
}

impl TryFrom<UnpinThing> for Command {
    type Error = Refusal;

    fn try_from(body: UnpinThing) -> Result<Self, Refusal> {
        Ok(Self::Unpin { what: body.what.into() })
    }
}
