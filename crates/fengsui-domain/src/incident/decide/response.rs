//! The response: proposed and decided, adjusted, commanded, ended.
//!
//! Who may do what at which level stands in the plan ([`crate::plan::ResponseRule`]); where the plan
//! asks for two persons, [`TwoPersons`] is the only way to a decision.
//! Source: `jincheng-internet-2008/5.2.1` to `5.2.2.2`, `5.4.1`, `5.5.1`, `5.5.2`.

use super::super::{Decision, Headquarters, IncidentChange, Phase, Proposal, Step, Tick};
use super::{Decided, Decider};
use crate::actor::TwoPersons;
use crate::level::IncidentLevel;
use crate::limits::{MAX_PART_CHARS, text};
use crate::permission::Permission;
use crate::plan::{ResponseRule, Right, RuleId};
use crate::refusal::Refusal;

impl Decider<'_, '_, '_> {
    pub(super) fn propose(&mut self, step: Step, grounds: &str) -> Decided {
        self.permit(Permission::IncidentPropose)?;
        let step = self.step_fits(step)?;
        let rule = self.rule_for(&step)?;
        let right = right(rule, &step);
        let mut proposers = right.propose.clone();
        if proposers.is_empty() || right.without_proposal {
            proposers.extend(right.decide.iter().cloned());
        }
        let signed = self.sign(&proposers)?;
        if self.incident.proposal.as_ref().is_some_and(|open| open.step == step) {
            return Err(Refusal::AlreadyDone { action: "propose" });
        }
        let grounds = text("grounds", grounds, MAX_PART_CHARS)?;
        if step == Step::End {
            self.end_conditions(rule)?;
        }
        Ok(vec![IncidentChange::Proposed { proposal: Proposal { step, grounds, signed } }])
    }

    pub(super) fn decide_step(&mut self, step: Step, approve: bool, grounds: &str) -> Decided {
        self.permit(Permission::IncidentDecide)?;
        let step = self.step_fits(step)?;
        let rule = self.rule_for(&step)?;
        let right = right(rule, &step);
        let signed = self.sign(&right.decide)?;
        let proposal = self.incident.proposal.as_ref().filter(|open| open.step.name() == step.name());
        let must_be_proposed = rule.two_person || !right.without_proposal;
        if proposal.is_none() && must_be_proposed && !right.propose.is_empty() {
            return Err(Refusal::NotReady { action: "decide", needs: "propose" });
        }
        let persons = match proposal {
            Some(open) if rule.two_person => {
                Some(TwoPersons::new(("propose", &open.signed.person), ("decide", &signed.person))?)
            }
            _ => None,
        };
        let grounds = text("grounds", grounds, MAX_PART_CHARS)?;
        let decision = Decision { signed, grounds, persons };
        if !approve {
            proposal.ok_or(Refusal::NotReady { action: "decline", needs: "propose" })?;
            return Ok(vec![IncidentChange::Declined { decision }]);
        }
        let formed = self.headquarters_with(&step, &decision);
        let change = match step {
            Step::Start { level, range } => IncidentChange::ResponseStarted { level, range, decision },
            Step::Adjust { level, range } => IncidentChange::ResponseAdjusted { level, range, decision },
            Step::End => {
                self.end_conditions(rule)?;
                IncidentChange::ResponseEnded { decision }
            }
        };
        Ok([change].into_iter().chain(formed).collect())
    }

    /// The headquarters that comes with a response level, unless it was formed before.
    ///
    /// Source: `national-2017/2.1.c`, `4.2.1.a`.
    fn headquarters_with(&self, step: &Step, decision: &Decision) -> Option<IncidentChange> {
        let (Step::Start { level, .. } | Step::Adjust { level, .. }) = step else { return None };
        let rule = self.context.plan.response(*level)?.headquarters.as_ref()?;
        let Decision { signed, grounds, .. } = decision.clone();
        let headquarters = Headquarters { formed: true, grounds, signed };
        let needed = rule.always && !self.incident.has_headquarters();
        needed.then_some(IncidentChange::HeadquartersDecided { headquarters })
    }

    /// The step, its words checked, if the phase allows it.
    fn step_fits(&self, step: Step) -> Result<Step, Refusal> {
        let range = |range: &str| text("range", range, MAX_PART_CHARS);
        match (step, &self.incident.phase) {
            // Recorded here, dealt with under the other plan. Source: `national-2017/1.3.c`.
            (Step::Start { .. }, Phase::Graded(_))
                if self.context.plan.routed(&self.incident.category).is_some() =>
            {
                Err(Refusal::NotInPlan { what: "response to this category" })
            }
            (Step::Start { level, range: words }, Phase::Graded(_)) => {
                Ok(Step::Start { level, range: range(&words)? })
            }
            (Step::Adjust { level, range: words }, Phase::Responding(_)) => {
                Ok(Step::Adjust { level, range: range(&words)? })
            }
            (Step::End, Phase::Responding(_)) => Ok(Step::End),
            (step, _) => Err(self.wrong_phase(step.name())),
        }
    }

    /// The rule that governs a step: of the level asked for, and when adjusting the stricter of both levels.
    fn rule_for(&self, step: &Step) -> Result<&ResponseRule, Refusal> {
        let running = self.incident.phase.response().map(|response| response.level);
        let level = match step {
            Step::Start { level, .. } => *level,
            Step::Adjust { level, .. } => running.map_or(*level, |running| running.min(*level)),
            Step::End => running.unwrap_or(self.incident.level()),
        };
        self.response_rule(level)
    }

    fn response_rule(&self, level: IncidentLevel) -> Result<&ResponseRule, Refusal> {
        let rule = self.context.plan.responses.iter().find(|rule| rule.level == level);
        rule.ok_or_else(|| Refusal::Unknown { field: "level", value: level.to_string() })
    }

    /// "When necessary": recorded either way. Source: `jincheng-internet-2008/5.2.2.1.b`, `5.4.1`.
    pub(super) fn decide_headquarters(&mut self, form: bool, grounds: &str) -> Decided {
        self.permit(Permission::IncidentDecide)?;
        let level = match &self.incident.phase {
            Phase::Graded(_) => self.incident.level(),
            Phase::Responding(response) => response.level,
            _ => return Err(self.wrong_phase("decide-headquarters")),
        };
        let rule = self.response_rule(level)?;
        let Some(known) = &rule.headquarters else {
            return Err(Refusal::Unknown { field: "level", value: level.to_string() });
        };
        if known.always && !form {
            return Err(Refusal::NotInPlan { what: "response of this level without a headquarters" });
        }
        if self.incident.headquarters.as_ref().is_some_and(|known| known.formed == form) {
            return Err(Refusal::AlreadyDone { action: "decide-headquarters" });
        }
        let signed = self.sign(&rule.start.decide)?;
        let grounds = text("grounds", grounds, MAX_PART_CHARS)?;
        Ok(vec![IncidentChange::HeadquartersDecided {
            headquarters: Headquarters { formed: form, grounds, signed },
        }])
    }

    pub(super) fn tick_condition(&mut self, condition: RuleId, holds: bool, basis: &str) -> Decided {
        self.permit(Permission::IncidentWork)?;
        let Phase::Responding(response) = &self.incident.phase else {
            return Err(self.wrong_phase("tick-condition"));
        };
        let rule = self.response_rule(response.level)?;
        let known = rule.end_when.conditions.iter().find(|known| known.id == condition);
        let known =
            known.ok_or_else(|| Refusal::Unknown { field: "condition", value: condition.to_string() })?;
        let open = self.incident.derived_open();
        if holds && known.needs_derived_closed && open > 0 {
            return Err(Refusal::DerivedOpen { open });
        }
        let basis = text("basis", basis, MAX_PART_CHARS)?;
        let tick = Tick { holds, basis, at: self.context.now, by: self.by() };
        Ok(vec![IncidentChange::ConditionTicked { condition, tick }])
    }

    /// Passes if the plan's test for ending holds. A derived incident opened since a tick undoes it.
    fn end_conditions(&self, rule: &ResponseRule) -> Result<(), Refusal> {
        let open = self.incident.derived_open();
        let holds = |condition: &crate::plan::EndCondition| {
            let ticked = self.incident.ticks.get(&condition.id).is_some_and(|tick| tick.holds);
            ticked && !(condition.needs_derived_closed && open > 0)
        };
        let conditions = &rule.end_when.conditions;
        let passes =
            if rule.end_when.all { conditions.iter().all(holds) } else { conditions.iter().any(holds) };
        if passes {
            return Ok(());
        }
        let missing = conditions.iter().filter(|condition| !holds(condition));
        Err(Refusal::ConditionsOpen { missing: missing.map(|condition| condition.id.to_string()).collect() })
    }
}

fn right<'r>(rule: &'r ResponseRule, step: &Step) -> &'r Right {
    match step {
        Step::Start { .. } => &rule.start,
        Step::Adjust { .. } => &rule.adjust,
        Step::End => &rule.end,
    }
}
