//! Orders between bodies and calls of experts, and operating permissions for an incident.
//!
//! Who may order what of whom stands in the plan. The addressee answers; where it cannot sign in here,
//! whoever gave the order records who answered and by what means.
//! Source: `jincheng-internet-2008/5.2.2.2`, `5.2.3.1.1`, `5.2.3.1.2`, `5.2.3.3`, `5.3.2`, `6.1.a`.

use jiff::{SignedDuration, Timestamp};

use super::super::{
    Acknowledgement, Grant, GrantEndWhy, IncidentChange, Order, OrderOutcome, OrderReport, OrderTo,
    OrderWords, Phase,
};
use super::{Decided, Decider, not_before, not_beyond, spoken};
use crate::id::{GrantId, OrderId};
use crate::limits::{MAX_GRANT_S, MAX_PART_CHARS, MAX_TITLE_CHARS, optional_text, text};
use crate::permission::Permission;
use crate::plan::{OrderRule, RoleId};
use crate::refusal::Refusal;

/// What a new operating permission says.
pub(super) struct GrantWords {
    pub(super) to: RoleId,
    pub(super) person: String,
    pub(super) what: String,
    pub(super) asset: String,
    pub(super) until: Timestamp,
    pub(super) reason: String,
}

impl Decider<'_, '_, '_> {
    pub(super) fn give_order(&mut self, words: OrderWords) -> Decided {
        self.permit(Permission::IncidentDecide)?;
        let OrderWords { rule: id, to, what, due_at } = words;
        let rule = self.context.plan.order(&id);
        let rule = rule.ok_or_else(|| Refusal::Unknown { field: "rule", value: id.to_string() })?;
        self.order_fits(rule)?;
        let to = addressee(rule, to)?;
        let given = self.sign(&rule.from)?;
        let what = text("what", &what, MAX_PART_CHARS)?;
        if let Some(at) = due_at.filter(|at| *at <= self.context.now) {
            return Err(Refusal::BadTime { field: "due_at", at, problem: "not in the future" });
        }
        due_at.map_or(Ok(()), |at| not_beyond("due_at", at, self.context.now))?;
        let id = OrderId((self.context.new_id)());
        let order = Order {
            id,
            rule: rule.id.clone(),
            to,
            what,
            due_at,
            given,
            disposal: None,
            acknowledged: None,
            reports: Vec::new(),
            withdrawn: None,
        };
        Ok(vec![IncidentChange::OrderGiven { order }])
    }

    /// Orders of the response while there is one to come; those of the aftermath once it has ended.
    fn order_fits(&self, rule: &OrderRule) -> Result<(), Refusal> {
        if !self.incident.holds(&rule.when) {
            return Err(Refusal::NotReady {
                action: "give-order",
                needs: "an incident this order applies to",
            });
        }
        match self.incident.phase {
            Phase::Ended(_) | Phase::Reviewed(_) if rule.aftermath => Ok(()),
            _ if rule.aftermath => Err(self.wrong_phase("give-order")),
            _ => self.not_ended("give-order"),
        }
    }

    pub(super) fn acknowledge_order(&mut self, id: OrderId, at: Timestamp, spoke: &str) -> Decided {
        self.permit(Permission::IncidentWork)?;
        let order = self.open_order(id, "acknowledge-order")?;
        if order.acknowledged.is_some() {
            return Err(Refusal::AlreadyDone { action: "acknowledge-order" });
        }
        let own = self.answers_for(order)?;
        not_before(at, order.given.at, "before the order was given")?;
        let spoke = spoken(own, spoke)?;
        let acknowledgement = Acknowledgement { at: self.past("at", at)?, spoke, by: self.by() };
        Ok(vec![IncidentChange::OrderAcknowledged { order: id, acknowledgement }])
    }

    pub(super) fn report_order(
        &mut self,
        id: OrderId,
        outcome: OrderOutcome,
        at: Timestamp,
        words: &str,
    ) -> Decided {
        self.permit(Permission::IncidentWork)?;
        let order = self.open_order(id, "report-order")?;
        self.answers_for(order)?;
        not_before(at, order.given.at, "before the order was given")?;
        let text = text("text", words, MAX_PART_CHARS)?;
        let report = OrderReport { outcome, at: self.past("at", at)?, text, by: self.by() };
        Ok(vec![IncidentChange::OrderReported { order: id, report }])
    }

    pub(super) fn withdraw_order(&mut self, id: OrderId, reason: &str) -> Decided {
        self.permit(Permission::IncidentDecide)?;
        let order = self.open_order(id, "withdraw-order")?;
        let signed = self.sign(&order.givers(self.context.plan))?;
        let reason = text("reason", reason, MAX_PART_CHARS)?;
        Ok(vec![IncidentChange::OrderWithdrawn { order: id, reason, signed }])
    }

    fn open_order(&self, id: OrderId, action: &'static str) -> Result<&Order, Refusal> {
        let order = self.incident.order(id);
        let order = order.ok_or_else(|| Refusal::Unknown { field: "order", value: id.to_string() })?;
        if order.is_open() {
            Ok(order)
        } else {
            Err(Refusal::WrongPhase { action, phase: order.state().as_str() })
        }
    }

    /// Passes for the addressee (`true`) and for whoever gave the order and records the answer (`false`).
    fn answers_for(&self, order: &Order) -> Result<bool, Refusal> {
        let body = order.body().cloned();
        if let Some(body) = &body
            && self.speaks_for(std::slice::from_ref(body)).is_ok()
        {
            return Ok(true);
        }
        let entitled: Vec<RoleId> = body.into_iter().chain(order.givers(self.context.plan)).collect();
        self.speaks_for(&entitled).map(|_| false)
    }

    /// The aftermath is over. Source: `jincheng-internet-2008/6.1.a`.
    pub(super) fn aftermath_done(&self) -> Result<(), Refusal> {
        let aftermath = |order: &&Order| {
            self.context.plan.order(&order.rule).is_some_and(|rule| rule.aftermath) && order.is_open()
        };
        match self.incident.orders.iter().find(aftermath) {
            None => Ok(()),
            Some(_) => Err(Refusal::NotReady { action: "archive", needs: "report-order" }),
        }
    }

    pub(super) fn give_grant(&mut self, words: GrantWords) -> Decided {
        self.permit(Permission::IncidentDecide)?;
        // A playbook goes on after the response, and so do the permissions its steps take.
        if !self.incident.needs_grants(self.context.plan) {
            self.not_ended("give-grant")?;
        }
        let rule = self.context.plan.grants.as_ref();
        let given = self.sign(rule.map_or(&[], |rule| rule.by.as_slice()))?;
        let to = self.role("to", words.to)?;
        let person = optional_text("person", &words.person, MAX_TITLE_CHARS)?;
        let what = text("what", &words.what, MAX_TITLE_CHARS)?;
        let asset = text("asset", &words.asset, MAX_TITLE_CHARS)?;
        let reason = text("reason", &words.reason, MAX_PART_CHARS)?;
        let bad = |problem| Refusal::BadTime { field: "until", at: words.until, problem };
        if words.until <= self.context.now {
            return Err(bad("not in the future"));
        }
        if words.until.duration_since(self.context.now) > SignedDuration::from_secs(MAX_GRANT_S) {
            return Err(bad("more than 30 days ahead"));
        }
        let id = GrantId((self.context.new_id)());
        let grant = Grant { id, to, person, what, asset, until: words.until, reason, given, ended: None };
        Ok(vec![IncidentChange::GrantGiven { grant }])
    }

    pub(super) fn withdraw_grant(&mut self, id: GrantId, reason: &str) -> Decided {
        self.permit(Permission::IncidentDecide)?;
        let grant = self.incident.grant(id);
        let grant = grant.ok_or_else(|| Refusal::Unknown { field: "grant", value: id.to_string() })?;
        if !grant.live(self.context.now) {
            return Err(Refusal::AlreadyDone { action: "withdraw-grant" });
        }
        self.sign(&grant.givers(self.context.plan))?;
        let reason = text("reason", reason, MAX_PART_CHARS)?;
        Ok(vec![IncidentChange::GrantEnded { grant: id, why: GrantEndWhy::Withdrawn, reason }])
    }
}

/// The addressee, if the rule knows it.
fn addressee(rule: &OrderRule, to: OrderTo) -> Result<OrderTo, Refusal> {
    match to {
        OrderTo::Body { body } if rule.to.contains(&body) => Ok(OrderTo::Body { body }),
        OrderTo::Body { body } => Err(Refusal::Unknown { field: "to", value: body.to_string() }),
        OrderTo::Expert { name, field } => {
            if !rule.experts.iter().any(|known| known.id == field) {
                return Err(Refusal::Unknown { field: "field", value: field.to_string() });
            }
            Ok(OrderTo::Expert { name: text("name", &name, MAX_TITLE_CHARS)?, field })
        }
    }
}
