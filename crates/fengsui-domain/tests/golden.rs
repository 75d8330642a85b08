//! The stored format, one file for each kind of entry.
//!
//! Entries are kept for ever, so what `tests/golden/` holds must go on to read, and to mean the same.
//! Each file is an entry as the ledger stores it, only spread over lines; its name says what happened
//! (`incident.graded.json`), and a third part tells several apart (`incident.proposed.end.json`).
//!
//! A new kind of change does not compile here until it is listed, and then asks for its file. When a
//! change gains a field, move the file to `golden/old/` and write the grown form in its place: the old
//! one must still read, and keep every value it has.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use fengsui_domain::account::{AccountChange, TokenChange};
use fengsui_domain::actor::By;
use fengsui_domain::change::{Change, Entry, FORMAT};
use fengsui_domain::duty::{BookChange, RecordChange, Said, Vouched};
use fengsui_domain::event::{EventChange, Outcome};
use fengsui_domain::expr::Value;
use fengsui_domain::incident::{IncidentChange, OrderTo, Step};
use fengsui_domain::node::{ListChange, NodeChange};
use fengsui_domain::resource::ResourceChange;
use serde_json::Value as Json;

/// An enum of the stored format whose variants are all known here.
trait Stored {
    /// The names of all variants.
    const ALL: &'static [&'static str];

    /// The name of this one.
    fn variant(&self) -> &'static str;
}

/// Lists the variants of an enum; the `match` keeps the list complete.
macro_rules! stored {
    ($($type:ty { $($variant:ident)+ })+) => {
        $(impl Stored for $type {
            const ALL: &'static [&'static str] = &[$(stringify!($variant)),+];

            fn variant(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => stringify!($variant),)+
                }
            }
        })+
    };
}

stored! {
    Change { Node Account Token Event Incident List Resource DutyBook DutyRecord }
    NodeChange { Created PlanAdopted OptionsChosen SetUp Started Stopped ClockJumped SourceFollowed BackedUp RestoreTried Restored }
    AccountChange {
        Created Changed LinkMade PasswordSet TotpSet TotpCleared Disabled Enabled SignedIn SignInFailed
    }
    TokenChange { Created Revoked }
    EventChange { Recorded Amended Sighted Triaged Reopened HandoverReceipted PersonalRead }
    IncidentChange {
        Opened Verified Answered Categorised Analysed Graded AwarenessRecorded OccurrenceRecorded
        ClockStarted ClockTold ClockLapsed ClockMet ClockReplaced
        Reported ReportReceipted ActionTaken
        Proposed Declined ResponseStarted ResponseAdjusted HeadquartersDecided ConditionTicked ResponseEnded
        DisposalDrafted DisposalVerified DisposalSummedUp DisposalDecided DisposalStepDone
        OrderGiven OrderAcknowledged OrderReported OrderWithdrawn GrantGiven GrantEnded Pinned Unpinned
        PlaybookStarted PlaybookStepDone PlaybookStepSkipped PlaybookGatePassed PlaybookStepSwapped PlaybookEnded
        EvidenceAdded EvidenceHandedOver Assigned Relieved DerivedLinked DerivedClosed
        PublicationDrafted PublicationApproved PublicationReleased
        ReviewDrafted ReviewCompleted Filed FilingReceipted Archived Withdrawn
        PlanAttached PlanDetached Noted
    }
    ListChange { Imported Retired }
    ResourceChange { Added Amended Stood Retired PersonalRead }
    BookChange { Opened RhythmSet ExtensionAsked ExtensionDecided Told ParentRenewed Closed }
    RecordChange { Entered Corrected Receipted Withdrawn }
    Said { Done Vouched Changed }
    Vouched { Number Day Stated }
    By { Person Token Node Console }
    Outcome { Incident FalsePositive NotOurs }
    Step { Start Adjust End }
    OrderTo { Body Expert }
    Value { Bool Count Choice }
}

/// `SourceFollowed` as it is stored: `source_followed`.
fn stored_name(variant: &str) -> String {
    let mut name = String::new();
    for letter in variant.chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    name
}

/// The beginning of the name of an entry's file, and what the match says it is.
fn name_of(change: &Change) -> String {
    let variant = match change {
        Change::Node { change } => change.variant(),
        Change::Account { change, .. } => change.variant(),
        Change::Token { change, .. } => change.variant(),
        Change::Event { change, .. } => change.variant(),
        Change::Incident { change, .. } => change.variant(),
        Change::List { change, .. } => change.variant(),
        Change::Resource { change, .. } => change.variant(),
        Change::DutyBook { change, .. } => change.variant(),
        Change::DutyRecord { change, .. } => change.variant(),
    };
    format!("{}.{}", stored_name(change.variant()), stored_name(variant))
}

/// The names that must be there.
fn all_names() -> BTreeSet<String> {
    let of = |subject: &'static str, variants: &'static [&'static str]| {
        variants.iter().map(move |variant| format!("{subject}.{}", stored_name(variant)))
    };
    let names = of("node", NodeChange::ALL)
        .chain(of("account", AccountChange::ALL))
        .chain(of("token", TokenChange::ALL))
        .chain(of("event", EventChange::ALL))
        .chain(of("incident", IncidentChange::ALL))
        .chain(of("list", ListChange::ALL))
        .chain(of("resource", ResourceChange::ALL))
        .chain(of("duty_book", BookChange::ALL))
        .chain(of("duty_record", RecordChange::ALL));
    names.collect()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// The files of a folder by their name without ending; none if there is no such folder.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let Ok(files) = std::fs::read_dir(folder) else { return BTreeMap::new() };
    let files = files.map(|file| file.unwrap().path()).filter(|path| path.is_file());
    let read = |path: PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        (name, std::fs::read_to_string(path).unwrap())
    };
    files.map(read).collect()
}

fn read(name: &str, text: &str) -> Entry {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("`{name}` no longer reads: {error}"))
}

#[test]
fn every_kind_of_change_has_its_file() {
    let there: BTreeSet<String> = files(&folder())
        .into_keys()
        .map(|name| name.split('.').take(2).collect::<Vec<_>>().join("."))
        .collect();
    assert_eq!(there, all_names());
}

#[test]
fn every_file_reads_and_is_written_back_as_it_was() {
    for (name, text) in files(&folder()) {
        let entry = read(&name, &text);
        assert!(entry.format <= FORMAT, "{name}");
        assert!(name.starts_with(&name_of(&entry.change)), "`{name}` holds `{}`", name_of(&entry.change));
        assert_eq!(serde_json::to_string_pretty(&entry).unwrap() + "\n", text, "{name}");
    }
}

#[test]
fn the_bytes_of_the_ledger_read_as_well() {
    for (name, text) in files(&folder()) {
        let entry = read(&name, &text);
        let bytes = serde_json::to_vec(&entry).unwrap();
        assert_eq!(serde_json::from_slice::<Entry>(&bytes).unwrap(), entry, "{name}");
    }
}

#[test]
fn older_forms_keep_every_value_they_have() {
    for (name, text) in files(&folder().join("old")) {
        let entry = read(&name, &text);
        assert!(name.starts_with(&name_of(&entry.change)), "`{name}` holds `{}`", name_of(&entry.change));
        let (old, new) = (serde_json::from_str(&text).unwrap(), serde_json::to_value(&entry).unwrap());
        assert!(keeps(&new, &old), "{name}: {new} does not hold all of {old}");
    }
}

/// Whether `new` has every value of `old` in its place; it may have more.
fn keeps(new: &Json, old: &Json) -> bool {
    match (new, old) {
        (Json::Object(new), Json::Object(old)) => {
            old.iter().all(|(key, old)| new.get(key).is_some_and(|new| keeps(new, old)))
        }
        (Json::Array(new), Json::Array(old)) => {
            new.len() == old.len() && new.iter().zip(old).all(|(new, old)| keeps(new, old))
        }
        (new, old) => new == old,
    }
}

#[test]
fn only_new_values_may_be_added() {
    let parse = |text: &str| serde_json::from_str::<Json>(text).unwrap();
    for (new, old, kept) in [
        (r#"{"a":1,"b":{"c":[1]}}"#, r#"{"b":{"c":[1]}}"#, true),
        (r#"{"a":[{"x":1,"y":2}]}"#, r#"{"a":[{"x":1}]}"#, true),
        (r#"{"a":1}"#, r#"{"a":2}"#, false),
        (r#"{"b":1}"#, r#"{"a":1}"#, false),
        (r#"{"a":[1,2]}"#, r#"{"a":[1]}"#, false),
        (r#"{"a":"1"}"#, r#"{"a":1}"#, false),
    ] {
        assert_eq!(keeps(&parse(new), &parse(old)), kept, "{new} and {old}");
    }
}

/// Enums inside of changes: each of their variants is in some file.
#[test]
fn what_is_inside_of_changes_is_covered_too() {
    let entries: Vec<Entry> = files(&folder()).iter().map(|(name, text)| read(name, text)).collect();
    let by = entries.iter().map(|entry| entry.by.variant());
    assert_eq!(by.collect::<BTreeSet<_>>(), By::ALL.iter().copied().collect());
    let (mut outcomes, mut steps, mut values) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let (mut addressees, mut said, mut vouched) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for entry in &entries {
        match &entry.change {
            Change::Event { change: EventChange::Triaged { outcome }, .. } => {
                outcomes.insert(outcome.variant());
            }
            Change::Incident { change, .. } => match &**change {
                IncidentChange::Proposed { proposal } => {
                    steps.insert(proposal.step.variant());
                }
                IncidentChange::OrderGiven { order } => {
                    addressees.insert(order.to.variant());
                }
                IncidentChange::Opened { answers, .. } => {
                    values.extend(answers.values().map(Stored::variant));
                }
                _ => {}
            },
            Change::DutyRecord { change: RecordChange::Entered { said: words, .. }, .. } => {
                said.insert(words.variant());
                if let Said::Vouched { value, .. } = words {
                    vouched.insert(value.variant());
                }
            }
            _ => {}
        }
    }
    assert_eq!(outcomes, Outcome::ALL.iter().copied().collect());
    assert_eq!(steps, Step::ALL.iter().copied().collect());
    assert_eq!(said, Said::ALL.iter().copied().collect());
    assert_eq!(vouched, Vouched::ALL.iter().copied().collect());
    assert_eq!(addressees, OrderTo::ALL.iter().copied().collect());
    assert_eq!(values, Value::ALL.iter().copied().collect());
}
