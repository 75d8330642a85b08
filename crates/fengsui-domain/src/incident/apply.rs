//! Folding changes into an incident. Total: whatever the ledger holds was decided before.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{
    Answer, Assignment, Attached, Derived, DisposalState, DisposalVerdict, Finding, Grading, GradingKind,
    GrantEnd, Incident, IncidentChange, Judged, Note, Phase, Withdrawn,
};
use crate::actor::By;
use crate::clock::{Clock, ClockState};
use crate::id::{ClockId, IncidentId};

impl Incident {
    /// The incident that a first change makes; `None` for any other change.
    pub fn first(id: IncidentId, change: IncidentChange, at: Timestamp, by: By) -> Option<Self> {
        let IncidentChange::Opened {
            number,
            title,
            event,
            plan,
            unit,
            asset,
            category,
            received_at,
            occurred_at,
            awareness,
            answers,
            level,
            reason,
            parent,
        } = change
        else {
            return None;
        };
        let facts = answers.clone();
        let answers = answers
            .into_iter()
            .map(|(fact, value)| (fact, Answer { value, reason: String::new(), at, by: by.clone() }))
            .collect();
        let grading = Grading {
            level,
            kind: GradingKind::Provisional,
            proposed: None,
            rule: None,
            reason,
            facts,
            at,
            by,
        };
        Some(Self {
            id,
            number,
            title,
            event,
            plan,
            beside: Vec::new(),
            unit,
            asset,
            category,
            received_at,
            occurred_at,
            opened_at: at,
            awareness,
            answers,
            analysis: BTreeMap::new(),
            gradings: vec![grading],
            phase: Phase::Judged(Judged { at }),
            proposal: None,
            headquarters: None,
            ticks: BTreeMap::new(),
            clocks: Vec::new(),
            reports: Vec::new(),
            actions: Vec::new(),
            disposals: Vec::new(),
            orders: Vec::new(),
            grants: Vec::new(),
            pins: Vec::new(),
            runs: Vec::new(),
            evidence: Vec::new(),
            people: Vec::new(),
            publications: Vec::new(),
            parent,
            derived: Vec::new(),
            notes: Vec::new(),
            review_draft: BTreeMap::new(),
        })
    }

    /// Folds one more change in.
    pub fn apply(&mut self, change: IncidentChange, at: Timestamp, by: By) {
        use IncidentChange as C;
        match change {
            C::Opened { .. } => {}
            C::Verified { .. }
            | C::Graded { .. }
            | C::ResponseStarted { .. }
            | C::ResponseAdjusted { .. }
            | C::ResponseEnded { .. }
            | C::ReviewCompleted { .. }
            | C::Filed { .. }
            | C::FilingReceipted { .. }
            | C::Archived { .. }
            | C::Withdrawn { .. } => self.apply_phase(change, at, by),
            C::ClockStarted { .. }
            | C::ClockTold { .. }
            | C::ClockLapsed { .. }
            | C::ClockMet { .. }
            | C::ClockReplaced { .. } => self.apply_clock(change, at),
            C::DisposalDrafted { .. }
            | C::DisposalVerified { .. }
            | C::DisposalSummedUp { .. }
            | C::DisposalDecided { .. }
            | C::DisposalStepDone { .. } => self.apply_disposal(change),
            C::OrderGiven { .. }
            | C::OrderAcknowledged { .. }
            | C::OrderReported { .. }
            | C::OrderWithdrawn { .. } => self.apply_order(change),
            C::PlaybookStarted { .. }
            | C::PlaybookStepDone { .. }
            | C::PlaybookStepSkipped { .. }
            | C::PlaybookGatePassed { .. }
            | C::PlaybookStepSwapped { .. }
            | C::PlaybookEnded { .. } => self.apply_playbook(change),
            C::PlanAttached { plan, reason } => self.beside.push(Attached { plan, reason, at, by }),
            C::PlanDetached { plan, .. } => self.beside.retain(|attached| attached.plan.id != plan),
            C::GrantGiven { grant } => self.grants.push(grant),
            C::GrantEnded { grant: id, why, reason } => {
                if let Some(grant) = self.grants.iter_mut().find(|grant| grant.id == id) {
                    grant.ended = Some(GrantEnd { at, why, reason, by });
                }
            }
            other => self.apply_record(other, at, by),
        }
    }

    fn apply_phase(&mut self, change: IncidentChange, at: Timestamp, by: By) {
        use IncidentChange as C;
        let phase = std::mem::replace(&mut self.phase, Phase::Judged(Judged { at }));
        self.phase = match (change, phase) {
            (C::Verified { basis }, Phase::Judged(judged)) => Phase::Analysing(judged.verify(at, by, basis)),
            (C::Graded { level, kind, proposed, rule, reason }, phase) => {
                let facts = self.facts();
                self.gradings.push(Grading { level, kind, proposed, rule, reason, facts, at, by });
                match phase {
                    Phase::Analysing(analysing) => Phase::Graded(analysing.grade(at)),
                    other => other,
                }
            }
            (C::ResponseStarted { level, range, decision }, Phase::Graded(graded)) => {
                self.proposal = None;
                Phase::Responding(graded.respond(level, range, decision))
            }
            (C::ResponseAdjusted { level, range, decision }, Phase::Responding(mut responding)) => {
                self.proposal = None;
                responding.level = level;
                responding.range = range;
                responding.adjusted = Some(decision);
                Phase::Responding(responding)
            }
            (C::ResponseEnded { decision }, Phase::Responding(responding)) => {
                self.proposal = None;
                Phase::Ended(responding.end(decision))
            }
            (C::ReviewCompleted { review }, Phase::Ended(ended)) => Phase::Reviewed(ended.review(review)),
            (C::Filed { filing, plan }, Phase::Reviewed(mut reviewed)) => {
                match plan {
                    None => reviewed.filing = Some(filing),
                    Some(plan) => drop(reviewed.filed_beside.insert(plan, filing)),
                }
                Phase::Reviewed(reviewed)
            }
            (C::FilingReceipted { receipt, plan, of }, Phase::Reviewed(mut reviewed)) => {
                match (reviewed.filing_mut(plan.as_ref()), of) {
                    (Some(filing), Some(of)) => drop(filing.receipts.insert(of, receipt)),
                    (Some(filing), None) => filing.receipt = Some(receipt),
                    (None, _) => {}
                }
                Phase::Reviewed(reviewed)
            }
            (C::Archived { by }, Phase::Reviewed(reviewed)) => Phase::Archived(reviewed.archive(at, by)),
            (C::Withdrawn { reason }, _) => Phase::Withdrawn(Withdrawn { at, reason, by }),
            (_, phase) => phase,
        };
    }

    fn apply_clock(&mut self, change: IncidentChange, at: Timestamp) {
        use IncidentChange as C;
        match change {
            C::ClockStarted { clock } => self.clocks.push(clock),
            C::ClockTold { clock, percent, to, .. } => {
                let notices = self.clock_mut(clock).map(|clock| &mut clock.notices);
                let told = notices.into_iter().flatten().filter(|n| n.percent == percent && n.to == to);
                told.for_each(|notice| notice.told_at = Some(at));
            }
            C::ClockLapsed { clock, lapsed_at } => {
                if let Some(clock) = self.clock_mut(clock) {
                    clock.lapsed_at = Some(lapsed_at);
                }
            }
            C::ClockMet { clock, met } => {
                if let Some(clock) = self.clock_mut(clock) {
                    clock.state = ClockState::Met(met);
                }
            }
            C::ClockReplaced { clock, by, why, .. } => {
                if let Some(clock) = self.clock_mut(clock) {
                    clock.state = ClockState::Replaced { at, by, why };
                }
            }
            _ => {}
        }
    }

    fn clock_mut(&mut self, id: ClockId) -> Option<&mut Clock> {
        self.clocks.iter_mut().find(|clock| clock.id == id)
    }

    fn apply_disposal(&mut self, change: IncidentChange) {
        use IncidentChange as C;
        let id = match &change {
            C::DisposalDrafted { disposal } => disposal.id,
            C::DisposalVerified { disposal, .. }
            | C::DisposalSummedUp { disposal, .. }
            | C::DisposalDecided { disposal, .. }
            | C::DisposalStepDone { disposal, .. } => *disposal,
            _ => return,
        };
        if let C::DisposalDrafted { disposal } = change {
            self.disposals.push(disposal);
            return;
        }
        let Some(plan) = self.disposals.iter_mut().find(|plan| plan.id == id) else { return };
        match change {
            C::DisposalVerified { verification, decides, .. } => {
                match verification.finding {
                    Finding::Pass if decides => plan.state = DisposalState::Verified,
                    Finding::Fail if decides => plan.state = DisposalState::Failed,
                    Finding::Pass | Finding::Fail | Finding::Remarks => {}
                }
                plan.verifications.push(verification);
            }
            C::DisposalSummedUp { summing_up, .. } => {
                plan.state = if summing_up.pass { DisposalState::Verified } else { DisposalState::Failed };
                plan.summing_up = Some(summing_up);
            }
            C::DisposalDecided { verdict, signed, order, .. } => {
                plan.decided = Some(signed);
                plan.order = order;
                plan.state = match verdict {
                    DisposalVerdict::Approve => DisposalState::Approved,
                    DisposalVerdict::Return => DisposalState::Returned,
                    DisposalVerdict::Reject => DisposalState::Rejected,
                };
            }
            C::DisposalStepDone { done, .. } => {
                plan.done.push(done);
                if plan.open_steps().next().is_none() {
                    plan.state = DisposalState::Done;
                }
            }
            _ => {}
        }
    }

    fn apply_order(&mut self, change: IncidentChange) {
        use IncidentChange as C;
        let id = match change {
            C::OrderGiven { order } => return self.orders.push(order),
            C::OrderAcknowledged { order, .. }
            | C::OrderReported { order, .. }
            | C::OrderWithdrawn { order, .. } => order,
            _ => return,
        };
        let Some(order) = self.orders.iter_mut().find(|order| order.id == id) else { return };
        match change {
            C::OrderAcknowledged { acknowledgement, .. } => order.acknowledged = Some(acknowledgement),
            C::OrderReported { report, .. } => order.reports.push(report),
            C::OrderWithdrawn { reason, signed, .. } => order.withdrawn = Some((signed, reason)),
            _ => {}
        }
    }

    fn apply_playbook(&mut self, change: IncidentChange) {
        use IncidentChange as C;
        let id = match change {
            C::PlaybookStarted { run } => return self.runs.push(run),
            C::PlaybookStepDone { run, .. }
            | C::PlaybookStepSkipped { run, .. }
            | C::PlaybookGatePassed { run, .. }
            | C::PlaybookStepSwapped { run, .. }
            | C::PlaybookEnded { run, .. } => run,
            _ => return,
        };
        let Some(run) = self.runs.iter_mut().find(|run| run.id == id) else { return };
        match change {
            C::PlaybookStepDone { done, .. } => run.done.push(done),
            C::PlaybookStepSkipped { skipped, .. } => run.skipped.push(skipped),
            C::PlaybookGatePassed { gate, .. } => run.gates.push(gate),
            C::PlaybookStepSwapped { swap, .. } => run.swaps.push(swap),
            C::PlaybookEnded { end, .. } => run.ended = Some(end),
            _ => {}
        }
    }

    fn apply_record(&mut self, change: IncidentChange, at: Timestamp, by: By) {
        use IncidentChange as C;
        match change {
            C::Answered { answers } => {
                for (fact, (value, reason)) in answers {
                    self.answers.insert(fact, Answer { value, reason, at, by: by.clone() });
                }
            }
            C::Categorised { category } => self.category = category,
            C::Analysed { points } => self.analysis.extend(points),
            C::AwarenessRecorded { body, at } => {
                self.awareness.insert(body, at);
            }
            C::OccurrenceRecorded { at } => self.occurred_at = Some(at),
            C::Reported { report } => self.reports.push(report),
            C::ReportReceipted { report: id, receipt } => {
                if let Some(report) = self.reports.iter_mut().find(|report| report.id == id) {
                    report.receipt = Some(receipt);
                }
            }
            C::ActionTaken { action } => self.actions.push(action),
            C::Proposed { proposal } => self.proposal = Some(proposal),
            C::Declined { .. } => self.proposal = None,
            C::HeadquartersDecided { headquarters } => self.headquarters = Some(headquarters),
            C::ConditionTicked { condition, tick } => {
                self.ticks.insert(condition, tick);
            }
            C::EvidenceAdded { evidence } => self.evidence.push(evidence),
            C::EvidenceHandedOver { evidence: id, custody } => {
                if let Some(evidence) = self.evidence.iter_mut().find(|evidence| evidence.id == id) {
                    evidence.custody.push(custody);
                }
            }
            C::Assigned { role, person } => {
                self.people.push(Assignment { role, person, from: at, until: None });
            }
            C::Relieved { role, person } => {
                let held = self.people.iter_mut().rev();
                let held =
                    held.filter(|held| held.until.is_none() && held.role == role && held.person == person);
                held.take(1).for_each(|held| held.until = Some(at));
            }
            C::DerivedLinked { incident } => self.derived.push(Derived { incident, closed: false }),
            C::DerivedClosed { incident } => {
                self.derived.iter_mut().filter(|d| d.incident == incident).for_each(|d| d.closed = true);
            }
            C::PublicationDrafted { publication } => self.publications.push(publication),
            C::PublicationApproved { publication: id, signed } => {
                if let Some(publication) = self.publications.iter_mut().find(|p| p.id == id) {
                    publication.approved = Some(signed);
                }
            }
            C::PublicationReleased { publication: id, signed } => {
                if let Some(publication) = self.publications.iter_mut().find(|p| p.id == id) {
                    publication.released = Some(signed);
                }
            }
            C::ReviewDrafted { topics } => self.review_draft.extend(topics),
            C::Pinned { pin } => self.pins.push(pin),
            C::Unpinned { what } => self.pins.retain(|pin| pin.what != what),
            C::Noted { text } => self.notes.push(Note { text, at, by }),
            _ => {}
        }
    }
}
