//! What goes wrong, as the document tells it: RFC 9457 problems with stable codes, by operation.

use std::collections::BTreeMap;

use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

use super::names::named_schema;

/// The media type of a problem (RFC 9457, section 3).
pub const MEDIA_TYPE: &str = "application/problem+json";

/// What went wrong and what to do. The header `x-request-id` carries the id that stands in the node's log.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, ToSchema)]
pub struct Problem {
    /// `urn:fengsui:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// The stable code: decide by this, not by the sentence.
    pub code: ProblemCode,
    /// What went wrong, in a sentence for people.
    pub detail: String,
    /// The field of the request it is about, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub field: Option<String>,
}

/// Declares the codes: variants, names, `ALL`.
macro_rules! codes {
    ($($(#[doc = $item:literal])* $variant:ident = $text:literal,)*) => {
        /// Stable codes of problems; codes are added, never renamed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum ProblemCode { $($(#[doc = $item])* #[serde(rename = $text)] $variant,)* }

        named_schema!(
            ProblemCode,
            "Stable codes of problems; codes are added, never renamed.",
            &[$(($text, concat!($($item),*)),)*]
        );

        impl ProblemCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The code a name stands for.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.as_str() == name)
            }
        }
    };
}

codes! {
    /// The request cannot be read: a query, a header, JSON that is none.
    BadRequest = "bad_request",
    /// Nobody is signed in, or the token does not work.
    Unauthenticated = "unauthenticated",
    /// Name, password or code are not right.
    SignInFailed = "sign_in_failed",
    /// The caller's roles or token do not allow it.
    NotPermitted = "not_permitted",
    /// The plan gives this step to other bodies.
    NotEntitled = "not_entitled",
    /// Two steps that the plan gives to separate people.
    SamePerson = "same_person",
    /// A person must do this, not a service token.
    PersonRequired = "person_required",
    /// There is no such thing, or the caller may not know of it.
    NotFound = "not_found",
    /// The address does not take this method.
    MethodNotAllowed = "method_not_allowed",
    /// The body is packed in a way that is not known.
    UnsupportedPacking = "unsupported_packing",
    /// Not possible in the present phase.
    WrongPhase = "wrong_phase",
    /// Already done.
    AlreadyDone = "already_done",
    /// An earlier step is missing, or the node is not ready.
    NotReady = "not_ready",
    /// A step of a playbook whose turn has not come.
    StepsOpen = "steps_open",
    /// The plan of the incident knows no such chain, filing or response.
    NotInPlan = "not_in_plan",
    /// Conditions of the step do not hold.
    ConditionsOpen = "conditions_open",
    /// Derived incidents are still open.
    DerivedOpen = "derived_open",
    /// The name is taken.
    NameTaken = "name_taken",
    /// The last administrator cannot go.
    LastAdministrator = "last_administrator",
    /// Others change this at the moment; try again.
    Conflict = "conflict",
    /// It was changed since the version in `If-Match`.
    Changed = "changed",
    /// The body is too large.
    TooLarge = "too_large",
    /// A value is not what it must be.
    Invalid = "invalid",
    /// The `Idempotency-Key` was used for another request.
    KeyReused = "key_reused",
    /// A required field is empty.
    Missing = "missing",
    /// A field is too long.
    TooLong = "too_long",
    /// A field holds a control character.
    ControlCharacter = "control_character",
    /// A value is not known.
    UnknownValue = "unknown_value",
    /// A time lies in the future or before what it must follow.
    BadTime = "bad_time",
    /// The level differs from the proposal: a reason is needed.
    ReasonRequired = "reason_required",
    /// A list has too many items.
    TooMany = "too_many",
    /// Too many failed attempts; `Retry-After` says how long to wait.
    SlowDown = "slow_down",
    /// The node cannot write at the moment and kept nothing: the same request may succeed later.
    Unavailable = "unavailable",
    /// The node could not do it; its log says why.
    Failed = "failed",
    /// No answer in time.
    Timeout = "timeout",
}

/// Statuses with what they mean here.
const BAD_REQUEST: (&str, &str) = ("400", "The request cannot be read.");
const UNAUTHORIZED: (&str, &str) = ("401", "Nobody is signed in, or the token does not work.");
const FORBIDDEN: (&str, &str) = ("403", "The caller may not do this, or the plan gives it to others.");
const NOT_FOUND: (&str, &str) = ("404", "There is no such thing, or the caller may not know of it.");
const CONFLICT: (&str, &str) = ("409", "Not possible as things stand; `code` says why.");
const CHANGED: (&str, &str) = ("412", "It was changed since the version in `If-Match`.");
const TOO_LARGE: (&str, &str) = ("413", "The body is too large.");
const UNSUPPORTED: (&str, &str) = ("415", "The body is packed in a way that is not known.");
const UNPROCESSABLE: (&str, &str) = ("422", "A value is not what it must be; `field` says which.");
const SLOW_DOWN: (&str, &str) = ("429", "Too many failed attempts.");
const UNAVAILABLE: (&str, &str) = ("503", "The node cannot do this at the moment.");

/// Declares a set of problem answers.
macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident: $($answer:ident),*;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                [$($answer),*].into_iter().map(answer).collect()
            }
        }
    )*};
}

problems! {
    /// What can go wrong where everybody may ask.
    OpenProblems: UNAVAILABLE;
    /// What can go wrong when one reads what is one's own.
    OwnProblems: UNAUTHORIZED, FORBIDDEN, UNAVAILABLE;
    /// What can go wrong when one lists things.
    ListProblems: BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, UNAVAILABLE;
    /// What can go wrong when one reads a thing by its id.
    ReadProblems: UNAUTHORIZED, FORBIDDEN, NOT_FOUND, UNAVAILABLE;
    /// What can go wrong when one reads a page or a form of a thing.
    HistoryProblems: BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, UNAVAILABLE;
    /// What can go wrong when one makes a thing.
    CreateProblems: BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, CONFLICT, TOO_LARGE, UNPROCESSABLE, UNAVAILABLE;
    /// What can go wrong when one has to show a secret once more.
    SecretProblems: BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, CONFLICT, TOO_LARGE, UNPROCESSABLE, SLOW_DOWN, UNAVAILABLE;
    /// What can go wrong when one changes a thing.
    ChangeProblems: BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, CONFLICT, CHANGED, TOO_LARGE, UNPROCESSABLE, UNAVAILABLE;
    /// What can go wrong when one hands in a body that may be packed.
    UploadProblems: BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, CONFLICT, TOO_LARGE, UNSUPPORTED, UNPROCESSABLE, UNAVAILABLE;
}

fn answer((status, means): (&'static str, &'static str)) -> (String, RefOr<Response>) {
    let schema = RefOr::Ref(Ref::from_schema_name(Problem::name()));
    let content = ContentBuilder::new().schema(Some(schema)).build();
    let answer = ResponseBuilder::new().description(means).content(MEDIA_TYPE, content);
    let answer =
        headers(status).into_iter().fold(answer, |answer, (name, header)| answer.header(name, header));
    (status.to_owned(), RefOr::T(answer.build()))
}

/// What an answer of this status says beside its document.
fn headers(status: &str) -> Vec<(&'static str, Header)> {
    let header = |kind, says| {
        let schema = ObjectBuilder::new().schema_type(kind);
        HeaderBuilder::new().schema(Some(schema)).description(Some(says)).build()
    };
    match status {
        "401" => vec![("WWW-Authenticate", header(Type::String, "The scheme to sign in with"))],
        "429" | "503" => {
            vec![("Retry-After", header(Type::Integer, "Seconds after which another try makes sense"))]
        }
        _ => Vec::new(),
    }
}
