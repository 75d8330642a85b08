//! Keeping the record: awareness, reports, immediate actions, evidence, people, remarks.
//!
//! Source: `jincheng-internet-2008/5.1.2` to `5.1.4`, `5.3.1`, `5.5.2`.

use jiff::Timestamp;

use super::super::{
    ActionTaken, Custody, Evidence, IncidentChange, Pin, Pinned, Receipt, Report, ReportKind,
};
use super::{Decided, Decider};
use crate::id::{EvidenceId, IncidentId, ReportId};
use crate::limits::{MAX_ITEMS, MAX_PART_CHARS, MAX_TEXT_CHARS, MAX_TITLE_CHARS, optional_text, text};
use crate::permission::Permission;
use crate::plan::{Form, RoleId, RuleId};
use crate::refusal::Refusal;

/// What a person says of a report.
pub(super) struct ReportWords {
    pub(super) kind: ReportKind,
    pub(super) form: Form,
    pub(super) of: RoleId,
    pub(super) to: RoleId,
    pub(super) at: Timestamp,
    pub(super) spoke: String,
    pub(super) means: String,
    pub(super) text: String,
}

impl Decider<'_, '_, '_> {
    pub(super) fn record_awareness(&mut self, body: RoleId, at: Timestamp) -> Decided {
        self.permit(Permission::IncidentWork)?;
        self.not_ended("record-awareness")?;
        let body = self.role("body", body)?;
        let at = self.past("at", at)?;
        Ok(vec![IncidentChange::AwarenessRecorded { body, at }])
    }

    /// When it is believed to have happened; clocks that count from there start anew.
    /// Source: `jincheng-internet-2008/5.1.3.a`.
    pub(super) fn record_occurrence(&mut self, at: Timestamp) -> Decided {
        self.permit(Permission::IncidentWork)?;
        self.not_ended("record-occurrence")?;
        Ok(vec![IncidentChange::OccurrenceRecorded { at: self.past("at", at)? }])
    }

    /// A report by one body to another; late ones are recorded like any other, with both times.
    pub(super) fn report(&mut self, words: ReportWords) -> Decided {
        self.permit(Permission::IncidentReport)?;
        let report = Report {
            id: ReportId((self.context.new_id)()),
            kind: words.kind,
            form: words.form,
            of: self.role("of", words.of)?,
            to: self.role("to", words.to)?,
            at: self.past("at", words.at)?,
            spoke: text("spoke", &words.spoke, MAX_TITLE_CHARS)?,
            means: text("means", &words.means, MAX_TITLE_CHARS)?,
            text: text("text", &words.text, MAX_TEXT_CHARS)?,
            recorded_at: self.context.now,
            by: self.by(),
            receipt: None,
        };
        Ok(vec![IncidentChange::Reported { report }])
    }

    pub(super) fn receipt_report(&mut self, id: ReportId, at: Timestamp, reference: &str) -> Decided {
        self.permit(Permission::IncidentReport)?;
        let report = self.incident.reports.iter().find(|report| report.id == id);
        let report = report.ok_or_else(|| Refusal::Unknown { field: "report", value: id.to_string() })?;
        if report.receipt.is_some() {
            return Err(Refusal::AlreadyDone { action: "receipt-report" });
        }
        if at < report.at {
            return Err(Refusal::BadTime { field: "at", at, problem: "before the report was made" });
        }
        let reference = text("reference", reference, MAX_TITLE_CHARS)?;
        let receipt = Receipt { at: self.past("at", at)?, reference, by: self.by() };
        Ok(vec![IncidentChange::ReportReceipted { report: id, receipt }])
    }

    /// Needs no approval, in any phase before the end. Source: `jincheng-internet-2008/5.3.1`.
    pub(super) fn take_action(&mut self, action: RuleId, at: Timestamp, note: &str) -> Decided {
        self.permit(Permission::IncidentWork)?;
        self.not_ended("take-action")?;
        if !self.context.plan.immediate_actions.iter().any(|named| named.id == action) {
            return Err(Refusal::Unknown { field: "action", value: action.to_string() });
        }
        let note = text("note", note, MAX_PART_CHARS)?;
        let action = ActionTaken { action, at: self.past("at", at)?, note, by: self.by() };
        Ok(vec![IncidentChange::ActionTaken { action }])
    }

    pub(super) fn pin(&mut self, what: Pinned, title: &str, note: &str) -> Decided {
        self.permit(Permission::IncidentWork)?;
        if self.incident.pins.iter().any(|pin| pin.what == what) {
            return Err(Refusal::AlreadyDone { action: "pin" });
        }
        if self.incident.pins.len() >= MAX_ITEMS {
            let count = self.incident.pins.len() + 1;
            return Err(Refusal::TooMany { field: "pins", count, max: MAX_ITEMS });
        }
        let title = text("title", title, MAX_TEXT_CHARS)?;
        let note = optional_text("note", note, MAX_PART_CHARS)?;
        let pin = Pin { what, title, note, at: self.context.now, by: self.by() };
        Ok(vec![IncidentChange::Pinned { pin }])
    }

    pub(super) fn unpin(&mut self, what: Pinned) -> Decided {
        self.permit(Permission::IncidentWork)?;
        if !self.incident.pins.iter().any(|pin| pin.what == what) {
            return Err(Refusal::AlreadyDone { action: "unpin" });
        }
        Ok(vec![IncidentChange::Unpinned { what }])
    }

    pub(super) fn add_evidence(
        &mut self,
        name: &str,
        sha256: String,
        size_bytes: u64,
        collected_at: Timestamp,
        note: &str,
    ) -> Decided {
        self.permit(Permission::IncidentWork)?;
        if sha256.len() != 64 || !sha256.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase()) {
            return Err(Refusal::Unknown { field: "sha256", value: sha256 });
        }
        let collected_at = self.past("collected_at", collected_at)?;
        let custody = Custody {
            holder: self.context.actor.by.name().to_owned(),
            at: self.context.now,
            why: "collected".to_owned(),
            by: self.by(),
        };
        let evidence = Evidence {
            id: EvidenceId((self.context.new_id)()),
            name: text("name", name, MAX_TITLE_CHARS)?,
            sha256,
            size_bytes,
            collected_at,
            note: optional_text("note", note, MAX_PART_CHARS)?,
            custody: vec![custody],
        };
        Ok(vec![IncidentChange::EvidenceAdded { evidence }])
    }

    pub(super) fn hand_over(&mut self, id: EvidenceId, holder: &str, why: &str) -> Decided {
        self.permit(Permission::IncidentWork)?;
        if !self.incident.evidence.iter().any(|evidence| evidence.id == id) {
            return Err(Refusal::Unknown { field: "evidence", value: id.to_string() });
        }
        let holder = text("holder", holder, MAX_TITLE_CHARS)?;
        let why = text("why", why, MAX_PART_CHARS)?;
        let custody = Custody { holder, at: self.context.now, why, by: self.by() };
        Ok(vec![IncidentChange::EvidenceHandedOver { evidence: id, custody }])
    }

    pub(super) fn assign(&mut self, role: RoleId, person: &str) -> Decided {
        self.permit(Permission::IncidentWork)?;
        let role = self.role("role", role)?;
        let person = text("person", person, MAX_TITLE_CHARS)?;
        if self.holds_role(&role, &person) {
            return Err(Refusal::AlreadyDone { action: "assign" });
        }
        Ok(vec![IncidentChange::Assigned { role, person }])
    }

    pub(super) fn relieve(&mut self, role: RoleId, person: String) -> Decided {
        self.permit(Permission::IncidentWork)?;
        if !self.holds_role(&role, &person) {
            return Err(Refusal::Unknown { field: "person", value: person });
        }
        Ok(vec![IncidentChange::Relieved { role, person }])
    }

    fn holds_role(&self, role: &RoleId, person: &str) -> bool {
        let mut people = self.incident.people.iter();
        people.any(|held| held.until.is_none() && held.role == *role && held.person == person)
    }

    pub(super) fn link_derived(&mut self, incident: IncidentId) -> Decided {
        self.permit(Permission::IncidentWork)?;
        self.not_ended("link-derived")?;
        if incident == self.incident.id || Some(incident) == self.incident.parent {
            return Err(Refusal::Unknown { field: "incident", value: incident.to_string() });
        }
        if self.incident.derived.iter().any(|derived| derived.incident == incident) {
            return Err(Refusal::AlreadyDone { action: "link-derived" });
        }
        Ok(vec![IncidentChange::DerivedLinked { incident }])
    }

    pub(super) fn close_derived(&mut self, incident: IncidentId) -> Decided {
        self.permit(Permission::IncidentWork)?;
        let open =
            self.incident.derived.iter().any(|derived| derived.incident == incident && !derived.closed);
        if open { Ok(vec![IncidentChange::DerivedClosed { incident }]) } else { Ok(Vec::new()) }
    }

    pub(super) fn note(&mut self, words: &str) -> Decided {
        self.permit(Permission::IncidentWork)?;
        Ok(vec![IncidentChange::Noted { text: text("text", words, MAX_TEXT_CHARS)? }])
    }
}
