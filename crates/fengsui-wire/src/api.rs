//! Bodies of the HTTP API: what strangers send and receive, and its conversion to and from the core.
//!
//! Bodies of requests refuse fields they do not know, and each text has the bound its schema shows; whoever
//! breaks one is told the field. Answers show everything a reader of the case may see, and nothing sealed:
//! of a reporting person only that there is one. Instants are UTC in RFC 3339; closed sets are enums with
//! stable names. Nothing here decides; the core does, once a body has become a command.

use std::borrow::Cow;

use utoipa::openapi::schema::{AdditionalProperties, KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{OpenApi, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

mod account;
mod actor;
mod bounds;
mod desk;
mod duty;
mod event;
mod headers;
mod incident;
mod indicator;
mod names;
mod object;
mod plan;
mod problem;
mod resource;
mod search;
#[cfg(test)]
mod tests;
mod texts;
mod timeline;
mod whole;

pub use account::{
    Account, AccountCreated, AccountLink, ChangeAccount, ChangePassword, ConfirmTotp, CreateAccount,
    CreateToken, DisableAccount, Me, ResetAccount, RevokeToken, Roles, Token, TokenCreated, Totp,
};
pub use actor::{By, ByKind, Person, Signed};
pub use bounds::MAX_ID_CHARS;
pub use desk::{Awaited, AwaitedStep, Desk, OpenClock};
pub use duty::{
    AskDutyExtension, CloseDutyBook, CorrectDutyRecord, DUTY_COLUMNS, DecideDutyExtension, DutyBook,
    DutyBookSummary, DutyDocument, DutyExtension, DutyParent, DutyPast, DutyPeriod, DutyRecord, DutyRhythm,
    DutySaid, DutyStanding, DutyUnreceipted, OpenDutyBook, ReceiptDutyRecord, RecordDuty, SetDutyRhythm,
    WithdrawDutyRecord, duty_records_csv,
};
pub use event::{
    AmendEvent, Event, EventSummary, EvidenceLine, Finding, Judgement, ReadReporter, RecordEvent,
    RecordHandoverReceipt, ReopenEvent, Reporter, Sightings, TriageEvent,
};
pub use headers::{ChangeHeaders, CreateHeaders, VersionHeaders};
pub use incident::*;
pub use indicator::{
    ImportIndicators, Imported, IndicatorList, ListFormat, LogSource, Reject, RejectCode, RetireIndicators,
    Sighting,
};
pub use names::*;
pub use plan::*;
pub use problem::{
    ChangeProblems, CreateProblems, HistoryProblems, ListProblems, MEDIA_TYPE as PROBLEM_MEDIA_TYPE,
    OpenProblems, OwnProblems, Problem, ProblemCode, ReadProblems, SecretProblems, UploadProblems,
};
pub use resource::{
    AddResource, AmendResource, ContactWords, Offer, OfferReason, Offers, PastCase, Quantity, ReadContact,
    RecordStanding, Resource, ResourceContact, ResourceRow, ResourceSummary, ResourcesImported,
    RetireResource, Retirement, RowReject, read_resources,
};
pub use search::{SearchField, SearchHit, SearchKind, SearchSpan};
pub use texts::{
    CategoryOfAnyPlan, FactAnswersByName, FactValuesByName, Keyword, LongText, MediumText, NameInPlan,
    OptionalLongText, OptionalMediumText, OptionalSha256, OptionalShortText, OptionalUnit, ShortText, TEXT,
    TEXT_THAT_SAYS_SOMETHING, TextsByName,
};
pub use timeline::TimelineEntry;

pub use crate::plan::{InForceJson as InForce, SummaryJson as PlanSummary, TextJson as Text};

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PageOf<T> {
    /// The rows, in order.
    pub items: Vec<T>,
    /// Give this as `cursor` to get the next page; absent on the last one.
    pub next: Option<String>,
}

/// Plain bytes, as the document tells them: a string of any octets, at least one.
#[derive(Clone, Copy, Debug)]
pub struct Binary;

impl PartialSchema for Binary {
    fn schema() -> RefOr<Schema> {
        let bytes = SchemaFormat::KnownFormat(KnownFormat::Binary);
        ObjectBuilder::new().schema_type(Type::String).format(Some(bytes)).min_length(Some(1)).into()
    }
}

impl ToSchema for Binary {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Binary")
    }
}

/// Says in the document what the code does: a tagged body refuses fields that its variant does not have.
///
/// The derived schema of an enum is open even where `deny_unknown_fields` closes it.
pub fn close_tagged(document: &mut OpenApi, names: &[&str]) {
    let Some(components) = &mut document.components else { return };
    for name in names {
        if let Some(RefOr::T(Schema::OneOf(variants))) = components.schemas.get_mut(*name) {
            for variant in &mut variants.items {
                if let RefOr::T(Schema::Object(object)) = variant {
                    object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
                }
            }
        }
    }
}
