//! What happened, entry by entry.

use fengsui_domain::change::{Change, Entry};
use fengsui_domain::event::EventChange;
use fengsui_domain::resource::ResourceChange;
use jiff::Timestamp;
use serde_json::Value;

use super::By;

/// An entry of the ledger as a timeline shows it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct TimelineEntry {
    /// Its index in the ledger; proofs are asked by it.
    pub index: u64,
    /// Its stable kind, such as `incident.graded`.
    pub kind: String,
    /// When it was accepted.
    pub at: Timestamp,
    /// By whom.
    pub by: By,
    /// The request it came from, as it stands in the node's log.
    pub request: Option<String>,
    /// Its number in the history of its subject, from 1.
    pub version: u64,
    /// What changed, in the stored form, which only grows. A sealed reporter or contact is left out.
    #[schema(value_type = Object)]
    pub change: Value,
}

impl TimelineEntry {
    /// The entry at `index` of the ledger.
    pub fn new(index: u64, kind: String, entry: &Entry) -> Self {
        Self {
            index,
            kind,
            at: entry.at,
            by: (&entry.by).into(),
            request: entry.request.clone(),
            version: entry.version,
            change: change(&entry.change),
        }
    }
}

/// The change without its subject; a reporter of an event and a contact of a resource show only as being there.
fn change(change: &Change) -> Value {
    let mut written =
        serde_json::to_value(change).expect("changes have string keys, so they always write as JSON");
    let mut change_itself = written["change"].take();
    if let Change::Event { change: EventChange::Recorded { .. } | EventChange::Amended { .. }, .. } = change
        && let Some(intake) = change_itself["intake"].as_object_mut()
    {
        let reporter = intake.remove("reporter").is_some_and(|reporter| !reporter.is_null());
        intake.insert("has_reporter".to_owned(), Value::Bool(reporter));
    }
    if let Change::Resource { change: ResourceChange::Added { .. } | ResourceChange::Amended { .. }, .. } =
        change
        && let Some(particulars) = change_itself["particulars"].as_object_mut()
    {
        let contact = particulars.remove("contact").is_some_and(|contact| !contact.is_null());
        particulars.insert("has_contact".to_owned(), Value::Bool(contact));
    }
    change_itself
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use fengsui_domain::actor;
    use fengsui_domain::change::FORMAT;
    use fengsui_domain::event::{Intake, Sealed, Source};
    use fengsui_domain::id::{EntryId, EventId, ResourceId};
    use fengsui_domain::resource::{Particulars, ResourceKind, Standing};
    use uuid::Uuid;

    use super::*;

    fn intake(reporter: Option<Sealed>) -> Intake {
        Intake {
            title: "扫描".into(),
            details: String::new(),
            source: Source::Report,
            sender: "市局".into(),
            unit: "一中".into(),
            asset: String::new(),
            occurred_at: None,
            aware_at: Timestamp::UNIX_EPOCH,
            points: BTreeMap::new(),
            reporter,
        }
    }

    #[test]
    fn a_sealed_contact_never_leaves() {
        for (contact, has) in [(Some(Sealed("c2VhbGVk".into())), true), (None, false)] {
            let particulars = Particulars {
                kind: ResourceKind::Material,
                title: "应急通信车".into(),
                description: String::new(),
                place: String::new(),
                quantity: None,
                model: String::new(),
                rank: String::new(),
                fields: BTreeSet::new(),
                categories: BTreeSet::new(),
                keywords: BTreeSet::new(),
                holder: "市局".into(),
                contact,
            };
            let standing = Standing::Available;
            for change in [
                ResourceChange::Amended { particulars: particulars.clone() },
                ResourceChange::Added { particulars: particulars.clone(), standing },
            ] {
                let shown = change_of(Change::Resource { of: ResourceId(Uuid::nil()), change });
                assert!(!shown.to_string().contains("c2VhbGVk"), "{shown}");
                assert_eq!(shown["particulars"]["has_contact"], has, "{shown}");
                assert_eq!(shown["particulars"]["title"], "应急通信车");
            }
        }
    }

    fn change_of(change: Change) -> Value {
        let entry = Entry {
            format: FORMAT,
            id: EntryId(Uuid::nil()),
            at: Timestamp::UNIX_EPOCH,
            by: actor::By::Console,
            request: None,
            version: 1,
            change,
        };
        TimelineEntry::new(7, "resource.amended".into(), &entry).change
    }

    #[test]
    fn a_sealed_reporter_never_leaves() {
        for (reporter, has) in [(Some(Sealed("c2VhbGVk".into())), true), (None, false)] {
            for event in [
                EventChange::Amended { intake: intake(reporter.clone()) },
                EventChange::Recorded {
                    number: "E-2026-000001".into(),
                    intake: intake(reporter.clone()),
                    lines: Vec::new(),
                    sightings: None,
                },
            ] {
                let entry = Entry {
                    format: FORMAT,
                    id: EntryId(Uuid::nil()),
                    at: Timestamp::UNIX_EPOCH,
                    by: actor::By::Console,
                    request: None,
                    version: 1,
                    change: Change::Event { of: EventId(Uuid::nil()), change: event },
                };
                let shown = TimelineEntry::new(7, "event.amended".into(), &entry);
                let text = serde_json::to_string(&shown).unwrap();
                assert!(!text.contains("c2VhbGVk"), "{text}");
                assert_eq!(shown.change["intake"]["has_reporter"], has, "{text}");
                assert_eq!(shown.change["intake"]["title"], "扫描");
            }
        }
    }
}
