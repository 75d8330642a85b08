//! One incident as its pages see it: read once, with plan, entries and names at hand.

use std::collections::BTreeSet;
use std::sync::Arc;

use fengsui_domain::actor::{Bodies, By};
use fengsui_domain::change::{Change, Entry};
use fengsui_domain::incident::{Grant, Incident, IncidentChange, Signed};
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::{self, Clause, Plan, RoleId};
use fengsui_domain::refusal::Refusal;
use fengsui_service::store::TimelineRow;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::super::names::Names;
use super::super::post::sentence;
use super::super::session::Visitor;
use super::super::shell::PageError;
use super::super::show;
use crate::app::App;
use crate::console::lang::Lang;
use crate::console::view::form::{Form, Forms};
use crate::console::view::parts::{Act, ClauseRef, Gate, Moment, Person, Proof};

/// Entries of an incident that its pages look at, newest first.
const MAX_ENTRIES: usize = 1_000;
/// Entries read at once.
const ENTRIES_AT_ONCE: usize = 200;

/// An incident with all its pages need.
pub(super) struct Case<'a> {
    /// The server.
    pub(super) app: &'a App,
    /// Who reads.
    pub(super) visitor: &'a Visitor,
    /// The incident.
    pub(super) incident: Incident,
    /// Its version.
    pub(super) version: u64,
    /// The plan version it runs under.
    pub(super) plan: &'a Plan,
    /// The plan's zone.
    pub(super) zone: TimeZone,
    /// When the page is made.
    pub(super) now: Timestamp,
    /// The reader's language.
    pub(super) lang: Lang,
    /// Its entries, newest first.
    pub(super) entries: Vec<TimelineRow>,
    manned: Arc<BTreeSet<RoleId>>,
    names: Names,
}

impl<'a> Case<'a> {
    /// Reads the incident with this number.
    pub(super) async fn load(app: &'a App, visitor: &'a Visitor, number: &str) -> Result<Self, PageError> {
        let service = &app.service;
        let known = service.incident_by_number(&visitor.caller, number).await?;
        let plan = service.plan_of(&known.value)?;
        let (mut entries, mut before) = (Vec::new(), None);
        while entries.len() < MAX_ENTRIES {
            let page =
                service.incident_timeline(&visitor.caller, known.value.id, before, ENTRIES_AT_ONCE).await?;
            entries.extend(page.items);
            let Some(next) = page.next else { break };
            before = u64::try_from(next.at).ok();
        }
        Ok(Self {
            app,
            visitor,
            version: known.version,
            incident: known.value,
            plan,
            zone: show::zone(plan),
            now: service.now(),
            lang: visitor.look.lang,
            entries,
            manned: service.manned().await?,
            names: Names::read(app, visitor.look.lang).await?,
        })
    }

    /// An instant, written out.
    pub(super) fn moment(&self, at: Timestamp) -> Moment {
        show::moment(at, &self.zone, self.now, self.lang)
    }

    /// The zone in which times are typed.
    pub(super) fn zone_name(&self) -> String {
        show::zone_name(&self.zone, self.now)
    }

    /// The present instant as a field holds it.
    pub(super) fn typed_now(&self) -> String {
        show::typed(self.now, &self.zone)
    }

    /// A text of the plan.
    pub(super) fn text(&self, text: &plan::Text) -> String {
        show::text(text, self.lang)
    }

    /// The text of a key.
    pub(super) fn t(&self, key: &str) -> String {
        self.lang.t(key).into_owned()
    }

    /// A clause.
    pub(super) fn clause(&self, clause: &Clause) -> ClauseRef {
        show::clause(clause, self.plan)
    }

    /// A body's name.
    pub(super) fn role(&self, id: &RoleId) -> String {
        show::role(self.plan, id, self.lang)
    }

    /// Bodies' names.
    pub(super) fn roles<'r>(&self, ids: impl IntoIterator<Item = &'r RoleId>) -> String {
        show::roles(self.plan, ids, self.lang)
    }

    /// Whoever an entry is by.
    pub(super) fn by(&self, by: &By) -> Person {
        self.names.by(by)
    }

    /// A person who signed for a body.
    pub(super) fn signed(&self, signed: &Signed) -> Person {
        self.names.signed(signed, self.plan, self.lang)
    }

    /// The entry of a change, newest first.
    pub(super) fn entry(&self, is: impl Fn(&IncidentChange, &Entry) -> bool) -> Option<&TimelineRow> {
        self.entries.iter().find(|row| change_of(row).is_some_and(|change| is(change, &row.entry)))
    }

    /// The proof of the newest entry with such a change.
    pub(super) fn proof(&self, is: impl Fn(&IncidentChange) -> bool) -> Option<Proof> {
        self.entry(|change, _| is(change)).map(|row| show::proof(row.index))
    }

    /// An act that somebody signed.
    pub(super) fn act(
        &self,
        signed: &Signed,
        what: impl Into<String>,
        is: impl Fn(&IncidentChange) -> bool,
    ) -> Act {
        Act { at: self.moment(signed.at), by: self.signed(signed), what: what.into(), proof: self.proof(is) }
    }

    /// Bodies that can act now.
    pub(super) fn bodies(&self) -> Bodies<'_> {
        Bodies { plan: self.plan, headquarters: self.incident.has_headquarters(), manned: &self.manned }
    }

    /// Whether the reader has the permission.
    pub(super) fn may(&self, needed: Permission) -> bool {
        self.visitor.caller.actor.may(needed)
    }

    /// Whether the plan entitles the reader, after fallbacks.
    pub(super) fn entitled(&self, to: &[RoleId]) -> Result<(), Refusal> {
        self.signs_for(to).map(drop)
    }

    /// The body for which the reader would sign, if the plan entitles it.
    pub(super) fn signs_for(&self, to: &[RoleId]) -> Result<RoleId, Refusal> {
        self.visitor.caller.actor.speaks_for(to, &self.bodies())
    }

    /// The reader, signing for a body, may use an operating permission: somebody else gave it, to them.
    pub(super) fn may_use(&self, grant: &Grant, body: &RoleId) -> bool {
        let Ok(person) = self.visitor.caller.actor.person() else { return false };
        let to = grant.to == *body || self.bodies().acting(std::slice::from_ref(&grant.to)).contains(body);
        let them = grant.person.is_empty() || grant.person == person.name;
        to && them && grant.given.person.account != person.account
    }

    /// A refusal as the reason why a form is not shown.
    pub(super) fn closed(&self, refusal: &Refusal) -> Gate {
        Gate::Closed(sentence(refusal, Some(self.plan), self.lang))
    }

    /// The gate of something that needs only a permission.
    pub(super) fn gate(&self, needed: Permission) -> Gate {
        if self.may(needed) { Gate::Open } else { Gate::Hidden }
    }

    /// The gate of something that the plan gives to some bodies.
    pub(super) fn gate_for(&self, needed: Permission, to: &[RoleId]) -> Gate {
        if !self.may(needed) {
            return Gate::Hidden;
        }
        match self.entitled(to) {
            Ok(()) => Gate::Open,
            Err(refusal) => self.closed(&refusal),
        }
    }

    /// The response has not ended.
    pub(super) fn not_ended(&self) -> bool {
        use fengsui_domain::incident::Phase as P;
        matches!(self.incident.phase, P::Judged(_) | P::Analysing(_) | P::Graded(_) | P::Responding(_))
    }
}

/// What an entry says of an incident.
pub(super) fn change_of(row: &TimelineRow) -> Option<&IncidentChange> {
    match &row.entry.change {
        Change::Incident { change, .. } => Some(change),
        _ => None,
    }
}

/// The forms a page begins with; one that was refused takes the place of its own.
pub(super) fn forms(begin: impl IntoIterator<Item = Form>, failed: Option<Form>) -> Forms {
    begin.into_iter().chain(failed).fold(Forms::default(), Forms::with)
}

/// `gate` while `when` holds; nothing otherwise.
pub(super) fn only(when: bool, gate: Gate) -> Gate {
    if when { gate } else { Gate::Hidden }
}
