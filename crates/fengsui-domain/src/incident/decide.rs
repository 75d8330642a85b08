//! Decisions: `(state, command, context) -> changes or refusal`.
//!
//! Each command first asks for its permission (a door of the system), then for the body the plan
//! entitles, then for the phase, then looks at its words. What it sets in motion is left to `settle`.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::settle::{Work, settle};
use super::{Command, Incident, IncidentChange, Phase, Signed};
use crate::actor::{Actor, Bodies, By};
use crate::clock::{Ring, rings};
use crate::id::NewId;
use crate::limits::{MAX_AHEAD_S, MAX_DEADLINE_S, MAX_TITLE_CHARS, optional_text, text};
use crate::permission::Permission;
use crate::plan::{Plan, RoleId};
use crate::refusal::Refusal;

mod closing;
mod disposal;
mod opening;
mod order;
mod playbook;
mod record;
mod response;

pub use opening::{Opening, open};

/// Everything a decision depends on besides the incident and the command.
pub struct Context<'a> {
    /// The plan the incident runs under; with others beside it, what they make together
    /// ([`crate::plan::together`]), as they stand after the command.
    pub plan: &'a Plan,
    /// Who asks.
    pub actor: &'a Actor,
    /// Bodies that at least one active account speaks for.
    pub manned: &'a BTreeSet<RoleId>,
    /// When.
    pub now: Timestamp,
    /// Source of new ids.
    pub new_id: NewId<'a>,
}

/// Decides a command and what it sets in motion.
///
/// # Errors
/// A [`Refusal`] that says why not; the incident is as it was.
pub fn decide(
    incident: &Incident,
    command: Command,
    mut context: Context<'_>,
) -> Result<Vec<IncidentChange>, Refusal> {
    let direct = Decider { incident, context: &mut context }.decide(command)?;
    if direct.is_empty() {
        return Ok(direct);
    }
    let by = context.actor.by.clone();
    let mut work = Work::new(incident.clone(), context.now, &by);
    for change in unrecorded_lapses(incident, context.now).chain(direct) {
        work.push(change);
    }
    settle(&mut work, Some(incident), context.plan, context.new_id);
    Ok(work.into_changes())
}

/// Lapses that no tick has recorded yet: a clock that is about to be met or replaced must not take its lapse with it.
fn unrecorded_lapses(incident: &Incident, now: Timestamp) -> impl Iterator<Item = IncidentChange> {
    tick(incident, now).into_iter().filter(|change| matches!(change, IncidentChange::ClockLapsed { .. }))
}

/// What the running clocks have to say up to `now`.
pub fn tick(incident: &Incident, now: Timestamp) -> Vec<IncidentChange> {
    let said = rings(incident.running(), now).into_iter();
    said.map(|ring| match ring {
        Ring::Tell { clock, percent, to, at } => IncidentChange::ClockTold { clock, percent, to, due_at: at },
        Ring::Lapse { clock, at } => IncidentChange::ClockLapsed { clock, lapsed_at: at },
    })
    .collect()
}

/// One decision in the making.
struct Decider<'i, 'c, 'd> {
    incident: &'i Incident,
    context: &'d mut Context<'c>,
}

type Decided = Result<Vec<IncidentChange>, Refusal>;

impl Decider<'_, '_, '_> {
    fn decide(&mut self, command: Command) -> Decided {
        use Command as C;
        if self.incident.is_closed() {
            self.context.actor.permit(Permission::CaseRead)?;
            return Err(self.wrong_phase(command.name()));
        }
        match command {
            C::Verify { basis } => self.verify(&basis),
            C::Answer { answers } => self.answer(answers),
            C::Categorise { category } => self.categorise(category),
            C::Analyse { points } => self.analyse(points),
            C::Grade { level, reason } => self.grade(level, &reason),
            C::RecordAwareness { body, at } => self.record_awareness(body, at),
            C::RecordOccurrence { at } => self.record_occurrence(at),
            C::Report { kind, form, of, to, at, spoke, means, text } => {
                self.report(record::ReportWords { kind, form, of, to, at, spoke, means, text })
            }
            C::ReceiptReport { report, at, reference } => self.receipt_report(report, at, &reference),
            C::TakeAction { action, at, note } => self.take_action(action, at, &note),
            C::Pin { what, title, note } => self.pin(what, &title, &note),
            C::Unpin { what } => self.unpin(what),
            C::AddEvidence { name, sha256, size_bytes, collected_at, note } => {
                self.add_evidence(&name, sha256, size_bytes, collected_at, &note)
            }
            C::HandOverEvidence { evidence, holder, why } => self.hand_over(evidence, &holder, &why),
            C::Assign { role, person } => self.assign(role, &person),
            C::Relieve { role, person } => self.relieve(role, person),
            C::LinkDerived { incident } => self.link_derived(incident),
            C::CloseDerived { incident } => self.close_derived(incident),
            C::Note { text } => self.note(&text),
            C::Propose { step, grounds } => self.propose(step, &grounds),
            C::Decide { step, approve, grounds } => self.decide_step(step, approve, &grounds),
            C::DecideHeadquarters { form, grounds } => self.decide_headquarters(form, &grounds),
            C::TickCondition { condition, holds, basis } => self.tick_condition(condition, holds, &basis),
            C::DraftDisposal { draft } => self.draft_disposal(&draft),
            C::VerifyDisposal { disposal, of, finding, remarks } => {
                self.verify_disposal(disposal, of, finding, &remarks)
            }
            C::SumUpDisposal { disposal, pass, remarks } => self.sum_up_disposal(disposal, pass, &remarks),
            C::DecideDisposal { disposal, verdict, reason } => {
                self.decide_disposal(disposal, verdict, &reason)
            }
            C::DoDisposalStep { disposal, step, at, result, grant } => {
                self.do_step(disposal, step, at, &result, grant)
            }
            C::GiveOrder { words } => self.give_order(words),
            C::AcknowledgeOrder { order, at, spoke } => self.acknowledge_order(order, at, &spoke),
            C::ReportOrder { order, outcome, at, text } => self.report_order(order, outcome, at, &text),
            C::WithdrawOrder { order, reason } => self.withdraw_order(order, &reason),
            C::GiveGrant { to, person, what, asset, until, reason } => {
                self.give_grant(order::GrantWords { to, person, what, asset, until, reason })
            }
            C::WithdrawGrant { grant, reason } => self.withdraw_grant(grant, &reason),
            C::StartPlaybook { playbook, what, found_at } => self.start_playbook(playbook, &what, found_at),
            C::DoStep { run, step, at, result: text, spoke, grant } => {
                self.do_playbook_step(playbook::StepWords { run, step, at, text, spoke }, grant)
            }
            C::AnswerStep { run, step, branch, at, grounds: text, spoke } => {
                self.answer_step(playbook::StepWords { run, step, at, text, spoke }, branch)
            }
            C::OpenGate { run, step, at, text, spoke } => {
                self.open_gate(playbook::StepWords { run, step, at, text, spoke })
            }
            C::WaiveGate { run, step, reason } => self.waive_gate(run, step, &reason),
            C::SkipStep { run, step, reason } => self.skip_step(run, step, &reason),
            C::SwapSteps { run, step, before, reason } => self.swap_steps(run, step, before, &reason),
            C::StopPlaybook { run, reason } => self.stop_playbook(run, &reason),
            C::DraftPublication { rule, text } => self.draft_publication(rule, &text),
            C::Publish { publication, step } => self.publish(publication, step),
            C::Extend { clock, until, reason } => self.extend(clock, until, &reason),
            C::DraftReview { topics } => self.draft_review(topics),
            C::Review { topics, plan_change } => self.review(topics, &plan_change),
            C::File { summary, plan } => self.file(&summary, plan.as_ref()),
            C::ReceiptFiling { at, reference, plan, of } => {
                self.receipt_filing(at, &reference, plan.as_ref(), of)
            }
            C::Archive => self.archive(),
            C::Withdraw { reason } => self.withdraw(&reason),
            C::AttachPlan { plan, reason } => self.attach_plan(plan, &reason),
            C::DetachPlan { plan, reason } => self.detach_plan(plan, &reason),
        }
    }

    fn permit(&self, permission: Permission) -> Result<(), Refusal> {
        self.context.actor.permit(permission)
    }

    fn bodies(&self) -> Bodies<'_> {
        Bodies {
            plan: self.context.plan,
            headquarters: self.incident.has_headquarters(),
            manned: self.context.manned,
        }
    }

    /// The body for which the actor speaks, if the plan entitles it.
    fn speaks_for(&self, entitled: &[RoleId]) -> Result<RoleId, Refusal> {
        self.context.actor.speaks_for(entitled, &self.bodies())
    }

    /// The actor's signature for one of the entitled bodies; a person must sign.
    fn sign(&self, entitled: &[RoleId]) -> Result<Signed, Refusal> {
        let body = self.speaks_for(entitled)?;
        Ok(Signed { person: self.context.actor.person()?, body, at: self.context.now })
    }

    fn by(&self) -> By {
        self.context.actor.by.clone()
    }

    fn wrong_phase(&self, action: &'static str) -> Refusal {
        Refusal::WrongPhase { action, phase: self.incident.phase.name() }
    }

    /// Passes before the response has ended.
    fn not_ended(&self, action: &'static str) -> Result<(), Refusal> {
        match self.incident.phase {
            Phase::Judged(_) | Phase::Analysing(_) | Phase::Graded(_) | Phase::Responding(_) => Ok(()),
            _ => Err(self.wrong_phase(action)),
        }
    }

    /// A time somebody gives for what was done: not ahead of now.
    fn past(&self, field: &'static str, at: Timestamp) -> Result<Timestamp, Refusal> {
        past(field, at, self.context.now)
    }

    fn role(&self, field: &'static str, role: RoleId) -> Result<RoleId, Refusal> {
        if self.context.plan.roles.contains_key(&role) {
            Ok(role)
        } else {
            Err(Refusal::Unknown { field, value: role.to_string() })
        }
    }
}

/// Refuses a given time that lies before what it must follow by more than clocks differ.
fn not_before(at: Timestamp, earliest: Timestamp, problem: &'static str) -> Result<(), Refusal> {
    if earliest.duration_since(at) > SignedDuration::from_secs(MAX_AHEAD_S) {
        Err(Refusal::BadTime { field: "at", at, problem })
    } else {
        Ok(())
    }
}

/// Refuses a deadline further ahead than any that is meant.
fn not_beyond(field: &'static str, at: Timestamp, now: Timestamp) -> Result<(), Refusal> {
    if at.duration_since(now) > SignedDuration::from_secs(MAX_DEADLINE_S) {
        Err(Refusal::BadTime { field, at, problem: "more than a year ahead" })
    } else {
        Ok(())
    }
}

/// Who spoke; needed where somebody else recorded it.
fn spoken(own: bool, spoke: &str) -> Result<String, Refusal> {
    let check = if own { optional_text } else { text };
    check("spoke", spoke, MAX_TITLE_CHARS)
}

/// A time somebody gives for what was done, refused if it lies ahead of `now` by more than clocks differ.
fn past(field: &'static str, at: Timestamp, now: Timestamp) -> Result<Timestamp, Refusal> {
    if at.duration_since(now) > SignedDuration::from_secs(MAX_AHEAD_S) {
        Err(Refusal::BadTime { field, at, problem: "in the future" })
    } else {
        Ok(at.min(now))
    }
}
