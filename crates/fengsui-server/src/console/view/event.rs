//! Events: report one, find one, complete it, judge it.

use askama::Template;

use super::form::{Form, Forms};
use super::parts::{Act, Choice, ClauseRef, FactField, Gate, IncidentRef, Moment, Pager, Point, Proof};
use super::shell::Shell;
use super::words::{EventState, TriageOutcome};

/// `GET /events/new`: report an event in under a minute.
#[derive(Template)]
#[template(path = "event/new.html")]
pub struct EventNew {
    /// The frame.
    pub shell: Shell,
    /// Id `event`: `title`, `details`, `source`, `unit`, `became_aware_at`, then the optional
    /// `asset`, `data_traces`, `losses`, `impact`, `control`, `occurred_at`, `reporter_name`,
    /// `reporter_phone`.
    pub form: Form,
    /// The plan's sources.
    pub sources: Vec<Choice>,
    /// Units that were named before, offered while typing.
    pub units: Vec<String>,
    /// The zone in which times are typed: `UTC+8`.
    pub zone: String,
}

/// `GET /events`.
#[derive(Template)]
#[template(path = "event/list.html")]
pub struct EventList {
    /// The frame.
    pub shell: Shell,
    /// Id `filter`, sent by GET: `state`, `source`, `q`.
    pub form: Form,
    /// The plan's sources.
    pub sources: Vec<Choice>,
    /// The events.
    pub rows: Vec<EventRow>,
    /// Pages.
    pub pager: Pager,
}

/// An event in a list.
#[derive(Clone, Debug)]
pub struct EventRow {
    /// Its number: `E-2026-0114`.
    pub number: String,
    /// Its page.
    pub href: String,
    /// Its title.
    pub title: String,
    /// Where it came from, in words.
    pub source: String,
    /// Where it stands.
    pub state: EventState,
    /// Sightings so far.
    pub sightings: usize,
    /// Evidence lines kept.
    pub evidence: usize,
    /// First seen or received.
    pub first_seen: Moment,
    /// Last seen.
    pub last_seen: Moment,
}

/// `GET /events/{number}`.
#[derive(Template)]
#[template(path = "event/page.html")]
pub struct EventPage {
    /// The frame.
    pub shell: Shell,
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub state: EventState,
    /// Where it came from, in words.
    pub source: String,
    /// The unit where it happened.
    pub unit: String,
    /// The asset; may be empty.
    pub asset: String,
    /// What is known, point by point.
    pub points: Vec<Point>,
    /// When the event reached this desk.
    pub received_at: Moment,
    /// When the unit became aware.
    pub became_aware_at: Option<Moment>,
    /// When it is believed to have happened.
    pub occurred_at: Option<Moment>,
    /// Who reported it.
    pub reporter: Option<Reporter>,
    /// Log lines kept as evidence.
    pub evidence: Vec<EvidenceLine>,
    /// Lines counted but not kept.
    pub evidence_more: usize,
    /// Matches of indicators.
    pub sightings: Vec<SightingRow>,
    /// Changes of the record.
    pub amendments: Vec<Act>,
    /// Judgements, newest first.
    pub triages: Vec<TriageRecord>,
    /// The incident it became.
    pub incident: Option<IncidentRef>,
    /// May the reader complete it?
    pub amend: Gate,
    /// May the reader judge it (again)?
    pub triage: Gate,
    /// May the reader withdraw the last judgement, so that it can be judged again?
    pub reopen: Gate,
    /// May the reader record that the body it was handed to confirmed receipt?
    pub receipt: Gate,
    /// Bodies an event may be handed to.
    pub bodies: Vec<Choice>,
    /// Categories of the plan.
    pub categories: Vec<Choice>,
    /// The plan's questions.
    pub facts: Vec<FactField>,
    /// Plans in force that the incident can be opened under; the one chosen is marked.
    pub plans: Vec<PlanChoice>,
    /// Other plans that may govern the incident too.
    pub beside: Vec<Choice>,
    /// The id of the plan chosen: categories, questions and the clause of an incident are its own.
    pub plan: String,
    /// Clauses of the three outcomes, in the order of [`TriageOutcome::ALL`], where the plan has one.
    pub clauses: [Option<ClauseRef>; 3],
    /// Version of the record; sent back so that two people do not overwrite each other.
    pub revision: u64,
    /// Forms `amend`, `triage-incident`, `triage-false-positive`, `triage-not-ours`, `reporter`,
    /// `reopen` and `receipt`.
    pub forms: Forms,
}

/// A plan an incident can be opened under.
#[derive(Clone, Debug)]
pub struct PlanChoice {
    /// Its name.
    pub title: String,
    /// This page with that plan chosen.
    pub href: String,
    /// It is the one chosen.
    pub chosen: bool,
}

/// Who reported an event. Personal data: shown on request, and the request is recorded.
#[derive(Clone, Debug)]
pub struct Reporter {
    /// The name, in clear once revealed, else masked: `王**`.
    pub name: String,
    /// The number, in clear once revealed, else masked.
    pub phone: String,
    /// It was revealed on this page.
    pub revealed: bool,
}

/// A log line kept as evidence.
#[derive(Clone, Debug)]
pub struct EvidenceLine {
    /// The file or stream.
    pub file: String,
    /// The line's number in it, if it has one.
    pub line: Option<u64>,
    /// The line as it was, cut at a limit.
    pub text: String,
    /// The indicator that matched; empty for a rule of attention.
    pub indicator: String,
    /// The list or rule it comes from.
    pub list: String,
    /// The match is weak (the port was other or unknown).
    pub weak: bool,
    /// The line's own time, where it is known.
    pub at: Option<Moment>,
}

/// Matches of one indicator at one asset in one window.
#[derive(Clone, Debug)]
pub struct SightingRow {
    /// The indicator.
    pub indicator: String,
    /// What kind of value it is; `None` for the key of a rule of attention.
    pub kind: Option<super::words::IndicatorKind>,
    /// The list it comes from.
    pub list: String,
    /// Where it was seen.
    pub asset: String,
    /// How often.
    pub count: usize,
    /// First seen.
    pub first_seen: Moment,
    /// Last seen.
    pub last_seen: Moment,
    /// The event it became part of: number and page.
    pub event: Option<(String, String)>,
}

/// One judgement of an event.
#[derive(Clone, Debug)]
pub struct TriageRecord {
    /// Its outcome.
    pub outcome: TriageOutcome,
    /// When and who.
    pub act: Act,
    /// What the outcome asks for: label and text.
    pub details: Vec<Point>,
    /// It was replaced by a later judgement.
    pub replaced: bool,
    /// Its entry.
    pub proof: Option<Proof>,
}
