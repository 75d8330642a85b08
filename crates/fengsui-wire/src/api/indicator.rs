//! Indicator lists, what an import came to, sightings, and the sources of logs.

use std::collections::BTreeMap;

use fengsui_domain::node;
use fengsui_domain::refusal::Refusal;
use jiff::Timestamp;
use uuid::Uuid;

use super::By;
use super::bounds::{part, title};
use super::names::named_schema;
use super::texts::{MediumText, ShortText};

/// Declares a closed set whose core is not the domain: names, `ALL`, `parse`.
macro_rules! named {
    ($(#[doc = $doc:literal])* $name:ident {
        $($(#[doc = $item:literal])* $variant:ident = $text:literal,)*
    }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[doc = $item])* #[serde(rename = $text)] $variant,)* }

        named_schema!($name, concat!($($doc),*), &[$(($text, concat!($($item),*)),)*]);

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The value a name stands for.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == name)
            }
        }
    };
}

named! {
    /// How an indicator list is written.
    ListFormat {
        /// One value a line; remarks after `#`, `//` or `;`.
        List = "list",
        /// Columns, with or without a header.
        Csv = "csv",
        /// `0.0.0.0 name name…`, as for the resolver of a host.
        Hosts = "hosts",
    }
}

named! {
    /// Why a value of a list was left out; codes are added, never renamed.
    RejectCode {
        /// Nothing but blanks.
        Empty = "empty",
        /// Longer than an indicator can be.
        TooLong = "too_long",
        /// More than one word.
        Blanks = "blanks",
        /// A regular expression or a wildcard.
        Expression = "expression",
        /// A path without a host.
        PathOnly = "path_only",
        /// An e-mail address.
        Mail = "mail",
        /// A name of one label, such as `localhost`.
        SingleLabel = "single_label",
        /// Not a domain name.
        FaultyName = "faulty_name",
        /// A label that is longer than DNS allows.
        LongLabel = "long_label",
        /// A name that is longer than DNS allows.
        LongName = "long_name",
        /// It ends in a number like an address, but is none.
        FaultyAddress = "faulty_address",
        /// Characters that no domain name may have.
        Idna = "idna",
        /// A domain with a port.
        DomainPort = "domain_port",
        /// A port outside 1 to 65535.
        FaultyPort = "faulty_port",
        /// A prefix length or netmask that does not fit the address.
        PrefixLength = "prefix_length",
        /// A network of every address.
        EveryAddress = "every_address",
        /// It looks like a digest, but is none.
        FaultyDigest = "faulty_digest",
        /// Not as long as the digest it is said to be.
        DigestName = "digest_name",
        /// A URL without a usable host.
        UrlHost = "url_host",
        /// The line is longer than lines of a list can be.
        LineTooLong = "line_too_long",
        /// A quote that is not closed.
        OpenQuote = "open_quote",
        /// The row has no value in the indicator's column.
        NoValue = "no_value",
        /// A type that is not matched, such as a file name.
        OtherType = "other_type",
        /// A hosts line that maps a name to a real address.
        NoSink = "no_sink",
        /// The list has more indicators than one list takes.
        ListFull = "list_full",
    }
}

/// An imported list of indicators as it stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct IndicatorList {
    /// Its id.
    pub id: Uuid,
    /// How many changes it has had; the value of its `ETag`.
    pub version: u64,
    /// Its name, unique.
    pub name: String,
    /// Log lines are compared with it.
    pub active: bool,
    /// Its indicators in all.
    pub indicators: u64,
    /// Its indicators by kind: `domain`, `ipv4`, `ipv6`, `cidr`, `ip_port`, `url`, `md5`, `sha1`, `sha256`, `sha512`.
    pub kinds: BTreeMap<String, u64>,
    /// SHA-256 over its indicators in normal form, as it stands in the ledger.
    pub digest: String,
    /// When it was last imported.
    pub imported_at: Timestamp,
    /// By whom.
    pub imported_by: By,
}

impl IndicatorList {
    /// The list at `version`.
    pub fn new(version: u64, list: &node::IndicatorList) -> Self {
        Self {
            id: list.id.0,
            version,
            name: list.name.clone(),
            active: list.active,
            indicators: list.kinds.values().sum(),
            kinds: list.kinds.clone(),
            digest: list.digest.clone(),
            imported_at: list.imported_at,
            imported_by: (&list.imported_by).into(),
        }
    }
}

/// What is said of a list, beside its bytes; given in the query.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ImportIndicators {
    /// The name it is known by. A list of this name is replaced.
    #[param(value_type = ShortText)]
    pub name: String,
    /// How it is written; told from its first lines if not said.
    #[serde(default)]
    #[param(inline, nullable = false)]
    pub format: Option<ListFormat>,
}

impl ImportIndicators {
    /// The words, each within its bound.
    pub fn bounded(self) -> Result<Self, Refusal> {
        Ok(Self { name: title("name", self.name)?, ..self })
    }
}

/// What an import came to. The same bytes a second time are all `unchanged`, and nothing is written.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Imported {
    /// The list as it stands now.
    pub list: IndicatorList,
    /// Indicators that were not in the list before.
    pub new: u64,
    /// Indicators whose remark or spelling changed.
    pub updated: u64,
    /// Indicators that were there already.
    pub unchanged: u64,
    /// Values that were left out.
    pub rejected: u64,
    /// The first values that were left out, at most 100.
    #[schema(max_items = 100)]
    pub rejects: Vec<Reject>,
}

/// A value that was left out.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Reject {
    /// The line it stood on, from 1.
    pub line: u64,
    /// The value, cut at 120 characters, control characters escaped.
    pub value: String,
    /// The stable reason: decide by this, not by the sentence.
    pub code: RejectCode,
    /// The reason and what would be right, in a sentence for people.
    pub detail: String,
}

/// Retires a list: log lines are no longer compared with it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetireIndicators {
    /// Why.
    #[schema(value_type = MediumText)]
    pub reason: String,
}

impl TryFrom<RetireIndicators> for String {
    type Error = Refusal;

    fn try_from(body: RetireIndicators) -> Result<Self, Refusal> {
        part("reason", body.reason)
    }
}

/// Sightings of one value at one asset within one hour.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Sighting {
    /// The indicator list's name, or `attention/` and the rule of attention.
    pub rule: String,
    /// The indicator in normal form; for a rule of attention the address, client or account.
    pub value: String,
    /// The host it was seen on.
    pub asset: String,
    /// When the hour begins.
    pub window_at: Timestamp,
    /// How often.
    pub count: u64,
    /// The first time.
    pub first_at: Timestamp,
    /// The last time.
    pub last_at: Timestamp,
    /// The event it was folded into; absent without one, and for whoever may not read cases.
    pub event: Option<Uuid>,
}

/// A followed log file.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct LogSource {
    /// Its path.
    pub name: String,
    /// Lines read since it was first followed.
    pub lines: u64,
    /// Of these, lines that were no record of their format.
    pub rejected: u64,
    /// When the last line was read; absent before the first one.
    pub last_line_at: Option<Timestamp>,
    /// Bytes read of the present file.
    pub read_bytes: u64,
    /// Bytes the present file has; absent if it cannot be looked at.
    pub size_bytes: Option<u64>,
    /// Bytes that were not read yet; absent if it cannot be looked at.
    pub lag_bytes: Option<u64>,
    /// Why it cannot be looked at.
    pub trouble: Option<String>,
}
