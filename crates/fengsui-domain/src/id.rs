//! Ids: one type for each kind of thing, so that they cannot be mixed up.

use uuid::Uuid;

/// Where new ids come from; UUID version 7 in production, a counter in tests and drills.
pub type NewId<'a> = &'a mut dyn FnMut() -> Uuid;

/// Declares an id type over a UUID.
macro_rules! uuid_id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

uuid_id! {
    /// An entry of the ledger, unique even across restored copies.
    EntryId;
    /// A person who signs in.
    AccountId;
    /// An API token.
    TokenId;
    /// An observed occurrence on the duty desk.
    EventId;
    /// An event judged harmful.
    IncidentId;
    /// One running duty with a deadline.
    ClockId;
    /// A report made by one body to another.
    ReportId;
    /// A disposal plan (one version of it).
    DisposalId;
    /// A piece of evidence.
    EvidenceId;
    /// A text on its way to an audience.
    PublicationId;
    /// An order, task or call that one body gives another.
    OrderId;
    /// An operating permission given for one incident.
    GrantId;
    /// An imported list of indicators.
    ListId;
    /// A playbook running in an incident.
    RunId;
    /// A resource of the emergency database.
    ResourceId;
    /// The duty book of a unit under a plan.
    BookId;
    /// A record of a standing duty.
    RecordId;
}
