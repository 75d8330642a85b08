//! The disposal chain: no step of a plan before its approval and order, no two stages by one person.
//!
//! Drafter, verifiers and approver are different persons; whoever sums the findings up belongs to the
//! verifiers' stage. Whoever carries a step out is none of those who checked it; the drafter may, since
//! the plan gives both stages to the handling team. Immediate actions need none of this.
//! Source: `jincheng-internet-2008/5.2.3.1.2`, `5.2.3.2.a` to `5.2.3.4`.

use jiff::Timestamp;

use super::super::{
    Disposal, DisposalDraft, DisposalState, DisposalVerdict, DraftStep, Finding, Grant, IncidentChange,
    Order, OrderOutcome, OrderReport, OrderTo, Signed, StepDone, SummingUp, Verification,
};
use super::{Decided, Decider, not_before};
use crate::actor::TwoPersons;
use crate::id::{DisposalId, GrantId, OrderId};
use crate::limits::{MAX_ITEMS, MAX_PART_CHARS, MAX_TITLE_CHARS, optional_text, text, together};
use crate::permission::Permission;
use crate::plan::{self, RoleId, RuleId};
use crate::refusal::Refusal;

impl Decider<'_, '_, '_> {
    pub(super) fn draft_disposal(&mut self, draft: &DisposalDraft) -> Decided {
        self.permit(Permission::IncidentWork)?;
        self.not_ended("draft-disposal")?;
        let drafted = self.sign(&self.chain()?.draft.by)?;
        let draft = checked(draft)?;
        let disposal = Disposal {
            id: DisposalId((self.context.new_id)()),
            draft,
            drafted,
            verifications: Vec::new(),
            summing_up: None,
            decided: None,
            order: None,
            state: DisposalState::Drafted,
            done: Vec::new(),
        };
        Ok(vec![IncidentChange::DisposalDrafted { disposal }])
    }

    pub(super) fn verify_disposal(
        &mut self,
        id: DisposalId,
        of: Option<RoleId>,
        finding: Finding,
        remarks: &str,
    ) -> Decided {
        self.permit(Permission::IncidentDecide)?;
        let decides = self.chain()?.sum_up.is_none();
        let (of, signed) = self.verifier(of)?;
        let states: &[_] = if decides {
            &[DisposalState::Drafted, DisposalState::Verified]
        } else {
            &[DisposalState::Drafted]
        };
        let plan = self.disposal_in(id, states, "verify-disposal")?;
        separate(("draft-disposal", &plan.drafted), ("verify-disposal", &signed))?;
        if plan.verifications.iter().any(|known| known.signed.person.account == signed.person.account) {
            return Err(Refusal::AlreadyDone { action: "verify-disposal" });
        }
        let check = if finding == Finding::Pass { optional_text } else { text };
        let remarks = check("remarks", remarks, MAX_PART_CHARS)?;
        let verification = Verification { of: Some(of), finding, remarks, signed };
        Ok(vec![IncidentChange::DisposalVerified { disposal: id, verification, decides }])
    }

    /// The kind of verifier asked for, or else the first that the actor speaks for.
    fn verifier(&self, of: Option<RoleId>) -> Result<(RoleId, Signed), Refusal> {
        let kinds = &self.chain()?.verify.by;
        let Some(of) = of else {
            let first = kinds.iter().find_map(|kind| Some((kind.clone(), self.sign_one(kind).ok()?)));
            return first.map_or_else(|| self.sign(kinds).map(|signed| (signed.body.clone(), signed)), Ok);
        };
        if !kinds.contains(&of) {
            return Err(Refusal::Unknown { field: "of", value: of.to_string() });
        }
        let signed = self.sign_one(&of)?;
        Ok((of, signed))
    }

    fn sign_one(&self, body: &RoleId) -> Result<Signed, Refusal> {
        self.sign(std::slice::from_ref(body))
    }

    /// One body sums the findings up and submits the result; a missing kind of verifier is explained.
    pub(super) fn sum_up_disposal(&mut self, id: DisposalId, pass: bool, remarks: &str) -> Decided {
        self.permit(Permission::IncidentDecide)?;
        let chain = self.chain()?;
        let stage = chain.sum_up.as_ref().ok_or(Refusal::NotInPlan { what: "summing-up" })?;
        let signed = self.sign(&stage.by)?;
        let plan = self.disposal_in(id, &[DisposalState::Drafted], "sum-up-disposal")?;
        separate(("draft-disposal", &plan.drafted), ("sum-up-disposal", &signed))?;
        if plan.verifications.is_empty() {
            return Err(Refusal::NotReady { action: "sum-up-disposal", needs: "verify-disposal" });
        }
        let missing = plan.without_finding(&chain.verify.by);
        let failed = plan.verifications.iter().any(|each| each.finding == Finding::Fail);
        let check = if pass && missing.is_empty() && !failed { optional_text } else { text };
        let remarks = check("remarks", remarks, MAX_PART_CHARS)?;
        let summing_up = SummingUp { pass, remarks, missing, signed };
        Ok(vec![IncidentChange::DisposalSummedUp { disposal: id, summing_up }])
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
        apart_from_checkers(plan, ("decide-disposal", &signed))?;
        let reason = match verdict {
            DisposalVerdict::Approve => optional_text("reason", reason, MAX_PART_CHARS)?,
            DisposalVerdict::Return | DisposalVerdict::Reject => text("reason", reason, MAX_PART_CHARS)?,
        };
        let wanted: Vec<String> = plan.draft.wanted().map(str::to_owned).collect();
        let (mut orders, mut order) = (Vec::new(), None);
        if verdict == DisposalVerdict::Approve {
            let (carry_out, resources) = (self.chain()?.order.clone(), self.chain()?.resources.clone());
            let carry_out = self.order_by_approval(id, carry_out.as_ref(), String::new(), &signed);
            order = carry_out.as_ref().map(|order| order.id);
            orders.extend(carry_out);
            for what in wanted {
                orders.extend(self.order_by_approval(id, resources.as_ref(), what, &signed));
            }
        }
        let decided = IncidentChange::DisposalDecided { disposal: id, verdict, reason, signed, order };
        let given = orders.into_iter().map(|order| IncidentChange::OrderGiven { order });
        Ok([decided].into_iter().chain(given).collect())
    }

    /// An order that approval gives by itself to the body the plan names for it.
    fn order_by_approval(
        &mut self,
        disposal: DisposalId,
        rule: Option<&RuleId>,
        what: String,
        signed: &Signed,
    ) -> Option<Order> {
        let rule = self.context.plan.order(rule?)?;
        let body = rule.to.first()?.clone();
        Some(Order {
            id: OrderId((self.context.new_id)()),
            rule: rule.id.clone(),
            to: OrderTo::Body { body },
            what,
            due_at: None,
            given: signed.clone(),
            disposal: Some(disposal),
            acknowledged: None,
            reports: Vec::new(),
            withdrawn: None,
        })
    }

    pub(super) fn do_step(
        &mut self,
        id: DisposalId,
        step: usize,
        at: Timestamp,
        result: &str,
        grant: Option<GrantId>,
    ) -> Decided {
        self.permit(Permission::IncidentWork)?;
        let signed = self.sign(&self.chain()?.execute.by)?;
        let plan = self.disposal_in(id, &[DisposalState::Approved], "do-disposal-step")?;
        let order = plan.order.and_then(|order| self.incident.order(order));
        if order.is_some_and(|order| order.withdrawn.is_some()) {
            return Err(Refusal::NotReady { action: "do-disposal-step", needs: "an order that stands" });
        }
        apart_from_checkers(plan, ("do-disposal-step", &signed))?;
        if let Some(approved) = &plan.decided {
            separate(("decide-disposal", approved), ("do-disposal-step", &signed))?;
            not_before(at, approved.at, "before the plan was approved")?;
        }
        let unknown = || Refusal::Unknown { field: "step", value: step.to_string() };
        let drafted = plan.draft.steps.get(step).ok_or_else(unknown)?;
        let mut open = plan.open_steps();
        if !open.any(|open| open == step) {
            return Err(Refusal::AlreadyDone { action: "do-disposal-step" });
        }
        let at = self.past("at", at)?;
        match grant {
            Some(grant) => self.may_use(grant, at, &signed, "do-disposal-step")?,
            None if drafted.needs.is_empty() => {}
            None => return Err(Refusal::NotReady { action: "do-disposal-step", needs: "give-grant" }),
        }
        let result = text("result", result, MAX_PART_CHARS)?;
        let last = plan.done.len() + 1 == plan.draft.steps.len();
        let carried_out = order.filter(|order| last && order.is_open()).map(|order| {
            let report = OrderReport { outcome: OrderOutcome::Done, at, text: result.clone(), by: self.by() };
            IncidentChange::OrderReported { order: order.id, report }
        });
        let done = StepDone { step, at, result, grant, signed };
        let done = IncidentChange::DisposalStepDone { disposal: id, done };
        Ok([done].into_iter().chain(carried_out).collect())
    }

    /// Passes if the permission was given by somebody else, to this body or person, and was live then.
    pub(super) fn may_use(
        &self,
        id: GrantId,
        at: Timestamp,
        signed: &Signed,
        action: &'static str,
    ) -> Result<(), Refusal> {
        let grant = self.incident.grant(id);
        let grant = grant.ok_or_else(|| Refusal::Unknown { field: "grant", value: id.to_string() })?;
        separate(("give-grant", &grant.given), (action, signed))?;
        if !self.covers(grant, signed) {
            return Err(Refusal::NotEntitled { entitled: vec![grant.to.clone()] });
        }
        if !grant.live(at) {
            return Err(Refusal::BadTime { field: "at", at, problem: "outside the time of the permission" });
        }
        Ok(())
    }

    fn covers(&self, grant: &Grant, signed: &Signed) -> bool {
        let acting = self.bodies().acting(std::slice::from_ref(&grant.to));
        let body = grant.to == signed.body || acting.contains(&signed.body);
        body && (grant.person.is_empty() || grant.person == signed.person.name)
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

/// The words of a draft, within their limits.
fn checked(draft: &DisposalDraft) -> Result<DisposalDraft, Refusal> {
    let too_many = |field, count| Err(Refusal::TooMany { field, count, max: MAX_ITEMS });
    if draft.steps.len() > MAX_ITEMS {
        return too_many("steps", draft.steps.len());
    }
    let step = |step: &DraftStep| -> Result<DraftStep, Refusal> {
        Ok(DraftStep {
            text: text("steps", &step.text, MAX_PART_CHARS)?,
            needs: optional_text("needs", &step.needs, MAX_TITLE_CHARS)?,
        })
    };
    let steps: Vec<DraftStep> = draft.steps.iter().map(step).collect::<Result<_, _>>()?;
    if steps.is_empty() {
        return Err(Refusal::Missing { field: "steps" });
    }
    let draft = DisposalDraft {
        steps,
        resources: optional_text("resources", &draft.resources, MAX_PART_CHARS)?,
        risks: optional_text("risks", &draft.risks, MAX_PART_CHARS)?,
        rollback: optional_text("rollback", &draft.rollback, MAX_PART_CHARS)?,
    };
    let wanted = draft.wanted().count();
    if wanted > MAX_ITEMS {
        return too_many("resources", wanted);
    }
    let steps = draft.steps.iter().flat_map(|step| [&step.text, &step.needs]);
    together("steps", steps.chain([&draft.resources, &draft.risks, &draft.rollback]))?;
    Ok(draft)
}

/// Neither a verifier nor whoever summed their findings up.
fn apart_from_checkers(plan: &Disposal, second: (&'static str, &Signed)) -> Result<(), Refusal> {
    for verification in &plan.verifications {
        separate(("verify-disposal", &verification.signed), second)?;
    }
    plan.summing_up.iter().try_for_each(|summed| separate(("sum-up-disposal", &summed.signed), second))
}

fn separate(first: (&'static str, &Signed), second: (&'static str, &Signed)) -> Result<(), Refusal> {
    TwoPersons::new((first.0, &first.1.person), (second.0, &second.1.person)).map(drop)
}
