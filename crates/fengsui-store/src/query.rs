//! What can be asked of the store: filters, cursors, rows of lists.

use fengsui_domain::clock::Clock;
use fengsui_domain::event::{EventState, Source};
use fengsui_domain::id::{EventId, IncidentId};
use fengsui_domain::incident::PlanVersion;
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::resource::{Expertise, ResourceKind, Standing};
use jiff::Timestamp;

/// Items of one page at most.
pub const MAX_PAGE: usize = 200;

/// Where a list goes on: the sort key of the last row seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The number the list is sorted by (an instant in microseconds, or an index).
    pub at: i64,
    /// The text that makes it unique.
    pub id: String,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, in order.
    pub items: Vec<T>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// A page out of up to `limit + 1` rows; the extra one says that there is more.
    pub(crate) fn of(mut items: Vec<T>, limit: usize, cursor: impl Fn(&T) -> Cursor) -> Self {
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(cursor) } else { None };
        Self { items, next }
    }

    /// The same page with other rows.
    pub fn map<U>(self, to: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(to).collect(), next: self.next }
    }
}

/// Which events to list.
#[derive(Clone, Debug, Default)]
pub struct EventFilter {
    /// In this state.
    pub state: Option<EventState>,
    /// From this source.
    pub source: Option<Source>,
    /// With this in title or number.
    pub text: Option<String>,
}

/// An event in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// Its id.
    pub id: EventId,
    /// How many changes it has had.
    pub version: u64,
    /// The event.
    pub event: fengsui_domain::event::Event,
}

/// Which incidents to list.
#[derive(Clone, Debug, Default)]
pub struct IncidentFilter {
    /// In this phase.
    pub phase: Option<String>,
    /// Of this level.
    pub level: Option<IncidentLevel>,
    /// With this in title, number or unit.
    pub text: Option<String>,
    /// Derived from this one.
    pub parent: Option<IncidentId>,
}

/// An incident in a list: what the columns hold, without the whole record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentRow {
    /// Its id.
    pub id: IncidentId,
    /// How many changes it has had.
    pub version: u64,
    /// Its number.
    pub number: String,
    /// Its phase.
    pub phase: String,
    /// Its level.
    pub level: IncidentLevel,
    /// One line.
    pub title: String,
    /// The unit.
    pub unit: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When its next duty falls due, if one is open.
    pub next_due_at: Option<Timestamp>,
}

/// Which resources to list.
#[derive(Clone, Debug, Default)]
pub struct ResourceFilter {
    /// Of this kind.
    pub kind: Option<ResourceKind>,
    /// Of this category.
    pub category: Option<String>,
    /// With this field of expertise.
    pub field: Option<Expertise>,
    /// That stand so.
    pub standing: Option<Standing>,
    /// Retired ones only, or only those in the register.
    pub retired: Option<bool>,
    /// With each of these words, parted by blanks, in title, description, keywords, holder or model.
    pub text: Option<String>,
}

/// Which duty books to list.
#[derive(Clone, Debug, Default)]
pub struct DutyBookFilter {
    /// Under this plan.
    pub plan: Option<String>,
    /// Closed ones only, or only those that are kept.
    pub closed: Option<bool>,
}

/// Which records of a duty book to list.
#[derive(Clone, Debug, Default)]
pub struct DutyRecordFilter {
    /// Of this duty.
    pub duty: Option<String>,
    /// Done at this instant or later.
    pub from: Option<Timestamp>,
    /// Done before this instant.
    pub before: Option<Timestamp>,
}

/// An open duty with the incident it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenClock {
    /// The clock.
    pub clock: Clock,
    /// The incident.
    pub incident: IncidentId,
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Its level.
    pub level: IncidentLevel,
    /// The level was confirmed by a person.
    pub confirmed: bool,
    /// The plan it runs under; with others beside it, the one that leads.
    pub plan: PlanVersion,
    /// For a duty of another plan that governs too: all the others.
    pub beside: Vec<PlanVersion>,
}

/// Which sightings to list.
#[derive(Clone, Debug, Default)]
pub struct SightingFilter {
    /// Of this value: a normalised indicator, or the key of a rule of attention.
    pub value: Option<String>,
    /// At this asset.
    pub asset: Option<String>,
}

/// Something that waits for a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Awaiting {
    /// What: `start`, `adjust`, `end`, `verify-disposal`, `sum-up-disposal`, `decide-disposal`, `publish`, `release-publication`.
    pub what: String,
    /// Which one.
    pub reference: String,
    /// Since when.
    pub since: Timestamp,
    /// The incident.
    pub incident: IncidentId,
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Its level.
    pub level: IncidentLevel,
}

/// An entry of the ledger as the timeline shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineRow {
    /// Its index.
    pub index: u64,
    /// Its stable kind, such as `incident.graded`.
    pub kind: String,
    /// The entry.
    pub entry: fengsui_domain::change::Entry,
}
