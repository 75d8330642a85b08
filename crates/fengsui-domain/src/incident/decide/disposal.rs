//! The disposal chain: no step of a plan before its approval, no two stages by one person.
//!
//! Drafter, verifier and approver are three persons, and whoever carries a step out is neither the
//! verifier nor the approver; the drafter may carry out what others verified and approved, since the
//! plan gives both stages to the handling team. Immediate actions need none of this.
//! Source: `jincheng-internet-2008/5.2.3.2.a` to `5.2.3.4`.

use jiff::Timestamp;

use super::super::{
    Disposal, DisposalDraft, DisposalState, DisposalVerdict, IncidentChange, Signed, StepDone, Verification,
};
use super::{Decided, Decider, not_before};
use crate::actor::TwoPersons;
use crate::id::DisposalId;
use crate::limits::{MAX_ITEMS, MAX_PART_CHARS, optional_text, text, together};
use crate::permission::Permission;
use crate::plan;
use crate::refusal::Refusal;

impl Decider<'_, '_, '_> {
    pub(super) fn draft_disposal(&mut self, draft: &DisposalDraft) -> Decided {
        self.permit(Permission::IncidentWork)?;
        self.not_ended("draft-disposal")?;
        let drafted = self.sign(&self.chain()?.draft.by)?;
        if draft.steps.len() > MAX_ITEMS {
            return Err(Refusal::TooMany { field: "steps", count: draft.steps.len(), max: MAX_ITEMS });
        }
        let steps: Vec<String> =
            draft.steps.iter().map(|step| text("steps", step, MAX_PART_CHARS)).collect::<Result<_, _>>()?;
        if steps.is_empty() {
            return Err(Refusal::Missing { field: "steps" });
        }
        let draft = DisposalDraft {
            steps,
            resources: optional_text("resources", &draft.resources, MAX_PART_CHARS)?,
            risks: optional_text("risks", &draft.risks, MAX_PART_CHARS)?,
            rollback: optional_text("rollback", &draft.rollback, MAX_PART_CHARS)?,
        };
        together("steps", draft.steps.iter().chain([&draft.resources, &draft.risks, &draft.rollback]))?;
        let id = DisposalId((self.context.new_id)());
        let state = DisposalState::Drafted;
        let disposal = Disposal {
            id,
            draft,
            drafted,
            verifications: Vec::new(),
            decided: None,
            state,
            done: Vec::new(),
        };
        Ok(vec![IncidentChange::DisposalDrafted { disposal }])
    }

    pub(super) fn verify_disposal(&mut self, id: DisposalId, pass: bool, remarks: &str) -> Decided {
        self.permit(Permission::IncidentDecide)?;
        let signed = self.sign(&self.chain()?.verify.by)?;
        let plan =
            self.disposal_in(id, &[DisposalState::Drafted, DisposalState::Verified], "verify-disposal")?;
        separate(("draft-disposal", &plan.drafted), ("verify-disposal", &signed))?;
        if plan.verifications.iter().any(|known| known.signed.person.account == signed.person.account) {
            return Err(Refusal::AlreadyDone { action: "verify-disposal" });
        }
        let check = if pass { optional_text } else { text };
        let remarks = check("remarks", remarks, MAX_PART_CHARS)?;
        let verification = Verification { pass, remarks, signed };
        Ok(vec![IncidentChange::DisposalVerified { disposal: id, verification }])
    }

    pub(super) fn decide_disposal(
        &mut self,
        id: DisposalId,
        verdict: DisposalVerdict,
        reason: &str,
    ) -> Decided {
        self.permit(Permission::IncidentDecide)?;
        let signed = self.sign(&self.chain()?.approve.by)?;
        let plan = self.disposal_in(id, &[DisposalState::Verified], "decide-disposal")?;
        separate(("draft-disposal", &plan.drafted), ("decide-disposal", &signed))?;
        for verification in &plan.verifications {
            separate(("verify-disposal", &verification.signed), ("decide-disposal", &signed))?;
        }
        let reason = match verdict {
            DisposalVerdict::Approve => optional_text("reason", reason, MAX_PART_CHARS)?,
            DisposalVerdict::Return | DisposalVerdict::Reject => text("reason", reason, MAX_PART_CHARS)?,
        };
        Ok(vec![IncidentChange::DisposalDecided { disposal: id, verdict, reason, signed }])
    }

    pub(super) fn do_step(&mut self, id: DisposalId, step: usize, at: Timestamp, result: &str) -> Decided {
        self.permit(Permission::IncidentWork)?;
        let signed = self.sign(&self.chain()?.execute.by)?;
        let plan = self.disposal_in(id, &[DisposalState::Approved], "do-disposal-step")?;
        for verification in &plan.verifications {
            separate(("verify-disposal", &verification.signed), ("do-disposal-step", &signed))?;
        }
        if let Some(approved) = &plan.decided {
            separate(("decide-disposal", approved), ("do-disposal-step", &signed))?;
            not_before(at, approved.at, "before the plan was approved")?;
        }
        if step >= plan.draft.steps.len() {
            return Err(Refusal::Unknown { field: "step", value: step.to_string() });
        }
        if !plan.open_steps().any(|open| open == step) {
            return Err(Refusal::AlreadyDone { action: "do-disposal-step" });
        }
        let result = text("result", result, MAX_PART_CHARS)?;
        let done = StepDone { step, at: self.past("at", at)?, result, signed };
        Ok(vec![IncidentChange::DisposalStepDone { disposal: id, done }])
    }

    /// The plan's chain; a plan may leave disposal to others.
    fn chain(&self) -> Result<&plan::Disposal, Refusal> {
        self.context.plan.disposal.as_ref().ok_or(Refusal::NotInPlan { what: "disposal chain" })
    }

    fn disposal_in(
        &self,
        id: DisposalId,
        states: &[DisposalState],
        action: &'static str,
    ) -> Result<&Disposal, Refusal> {
        let plan = self.incident.disposals.iter().find(|plan| plan.id == id);
        let plan = plan.ok_or_else(|| Refusal::Unknown { field: "disposal", value: id.to_string() })?;
        if states.contains(&plan.state) {
            Ok(plan)
        } else {
            Err(Refusal::WrongPhase { action, phase: plan.state.as_str() })
        }
    }
}

fn separate(first: (&'static str, &Signed), second: (&'static str, &Signed)) -> Result<(), Refusal> {
    TwoPersons::new((first.0, &first.1.person), (second.0, &second.1.person)).map(drop)
}
