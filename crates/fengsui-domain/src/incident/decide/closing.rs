//! Telling the public, reviewing, filing, sealing; and withdrawing what was no incident.
//!
//! Source: `jincheng-internet-2008/6.2`, `6.2.2`, `6.2.3`, `6.4.1.a` to `6.4.2.b`, `national-2017/5.e`.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::super::{
    AskedFiling, Filing, IncidentChange, Phase, Publication, PublicationStep, Receipt, Review, Reviewed,
};
use super::opening::topics;
use super::{Decided, Decider, not_before, not_beyond};
use crate::actor::TwoPersons;
use crate::clock::{Clock, ReplacedWhy};
use crate::id::{ClockId, PublicationId};
use crate::limits::{MAX_PART_CHARS, MAX_TEXT_CHARS, MAX_TITLE_CHARS, optional_text, text};
use crate::permission::Permission;
use crate::plan::{self, Plan, PlanId, PublicationRule, RoleId, RuleId};
use crate::refusal::Refusal;

impl<'c> Decider<'_, 'c, '_> {
    pub(super) fn draft_publication(&mut self, rule: RuleId, words: &str) -> Decided {
        self.permit(Permission::IncidentWork)?;
        if self.context.plan.publications.is_empty() {
            return Err(Refusal::NotInPlan { what: "publication chain" });
        }
        let chain = self.publication_rule(&rule)?;
        if !self.incident.holds(&chain.when) {
            return Err(Refusal::NotReady {
                action: "draft-publication",
                needs: "an incident this chain applies to",
            });
        }
        let drafted = self.sign(&chain.draft)?;
        let id = PublicationId((self.context.new_id)());
        let text = text("text", words, MAX_TEXT_CHARS)?;
        let publication = Publication { id, rule, text, drafted, approved: None, released: None };
        Ok(vec![IncidentChange::PublicationDrafted { publication }])
    }

    pub(super) fn publish(&mut self, id: PublicationId, step: PublicationStep) -> Decided {
        self.permit(Permission::IncidentDecide)?;
        let publication = self.incident.publications.iter().find(|publication| publication.id == id);
        let publication =
            publication.ok_or_else(|| Refusal::Unknown { field: "publication", value: id.to_string() })?;
        let chain = self.publication_rule(&publication.rule)?;
        match step {
            PublicationStep::Approve => {
                if publication.approved.is_some() || chain.approve.is_empty() {
                    return Err(Refusal::AlreadyDone { action: "approve-publication" });
                }
                let signed = self.sign(&chain.approve)?;
                let drafter = ("draft-publication", &publication.drafted.person);
                TwoPersons::new(drafter, ("approve-publication", &signed.person))?;
                Ok(vec![IncidentChange::PublicationApproved { publication: id, signed }])
            }
            PublicationStep::Release => {
                if publication.released.is_some() {
                    return Err(Refusal::AlreadyDone { action: "release-publication" });
                }
                if publication.approved.is_none() && !chain.approve.is_empty() {
                    return Err(Refusal::NotReady {
                        action: "release-publication",
                        needs: "approve-publication",
                    });
                }
                let signed = self.sign(&chain.release)?;
                Ok(vec![IncidentChange::PublicationReleased { publication: id, signed }])
            }
        }
    }

    fn publication_rule(&self, id: &RuleId) -> Result<&PublicationRule, Refusal> {
        let rule = self.context.plan.publications.iter().find(|rule| rule.id == *id);
        rule.ok_or_else(|| Refusal::Unknown { field: "rule", value: id.to_string() })
    }

    /// A soft deadline moves only with reason and approver; the old clock stays in the record.
    pub(super) fn extend(&mut self, id: ClockId, until: Timestamp, reason: &str) -> Decided {
        self.permit(Permission::IncidentDecide)?;
        let unknown = || Refusal::Unknown { field: "clock", value: id.to_string() };
        let clock = self.incident.clock(id).ok_or_else(unknown)?;
        let rule = self.context.plan.clocks.iter().find(|rule| rule.id == clock.rule).ok_or_else(unknown)?;
        if rule.extendable_by.is_empty() {
            return Err(Refusal::NotEntitled { entitled: Vec::new() });
        }
        self.sign(&rule.extendable_by)?;
        if !clock.runs() {
            return Err(Refusal::AlreadyDone { action: "extend" });
        }
        if until <= clock.lapses_at || until <= self.context.now {
            return Err(Refusal::BadTime {
                field: "until",
                at: until,
                problem: "not later than the present deadline",
            });
        }
        not_beyond("until", until, self.context.now)?;
        let reason = text("reason", reason, MAX_PART_CHARS)?;
        let heir = extended(clock, ClockId((self.context.new_id)()), until, self.context.now);
        let (by, why) = (Some(heir.id), ReplacedWhy::Extended);
        Ok(vec![
            IncidentChange::ClockReplaced { clock: id, by, why, reason },
            IncidentChange::ClockStarted { clock: heir },
        ])
    }

    pub(super) fn draft_review(&mut self, given: BTreeMap<RuleId, String>) -> Decided {
        self.permit(Permission::IncidentClose)?;
        if !matches!(self.incident.phase, Phase::Ended(_)) {
            return Err(self.wrong_phase("draft-review"));
        }
        let topics = topics("topics", &self.context.plan.review.topics, given)?;
        Ok(vec![IncidentChange::ReviewDrafted { topics }])
    }

    /// Complete only with every mandatory topic. Source: `jincheng-internet-2008/6.2`, `6.2.3`.
    pub(super) fn review(&mut self, given: BTreeMap<RuleId, String>, plan_change: &str) -> Decided {
        self.permit(Permission::IncidentClose)?;
        if !matches!(self.incident.phase, Phase::Ended(_)) {
            return Err(self.wrong_phase("review"));
        }
        let mandatory = &self.context.plan.review.topics;
        let mut all = self.incident.review_draft.clone();
        all.extend(given);
        let topics = topics("topics", mandatory, all)?;
        let empty = mandatory.iter().filter(|topic| topics.get(&topic.id).is_none_or(String::is_empty));
        let missing: Vec<String> = empty.map(|topic| topic.id.to_string()).collect();
        if !missing.is_empty() {
            return Err(Refusal::ConditionsOpen { missing });
        }
        let lead = self.incident.review_lead(self.context.plan);
        let signed = self.sign(lead.map_or(&[][..], |lead| &lead.by))?;
        let plan_change = optional_text("plan_change", plan_change, MAX_PART_CHARS)?;
        Ok(vec![IncidentChange::ReviewCompleted { review: Review { topics, plan_change, signed } }])
    }

    /// The rule of a filing: of the plan that was said, or the first that asks for one.
    fn filing_rule(&self, plan: Option<&PlanId>) -> Result<(Option<&'c PlanId>, &'c plan::Filing), Refusal> {
        let whole: &'c Plan = self.context.plan;
        let first = whole.filings().next().ok_or(Refusal::NotInPlan { what: "filing" })?;
        let Some(plan) = plan else { return Ok(first) };
        let unknown = || Refusal::Unknown { field: "plan", value: plan.to_string() };
        whole.filings().find(|(id, _)| id.unwrap_or(&whole.id) == plan).ok_or_else(unknown)
    }

    pub(super) fn file(&mut self, summary: &str, plan: Option<&PlanId>) -> Decided {
        self.permit(Permission::IncidentClose)?;
        let (plan, rule) = self.filing_rule(plan)?;
        let Phase::Reviewed(reviewed) = &self.incident.phase else { return Err(self.wrong_phase("file")) };
        if made(reviewed, self.context.plan, plan).is_some() {
            return Err(Refusal::AlreadyDone { action: "file" });
        }
        let signed = self.sign(&rule.by)?;
        let summary = text("summary", summary, MAX_TEXT_CHARS)?;
        let filing = Filing { summary, signed, receipt: None, receipts: BTreeMap::new() };
        Ok(vec![IncidentChange::Filed { filing, plan: plan.cloned() }])
    }

    pub(super) fn receipt_filing(
        &mut self,
        at: Timestamp,
        reference: &str,
        plan: Option<&PlanId>,
        of: Option<RoleId>,
    ) -> Decided {
        self.permit(Permission::IncidentClose)?;
        let (plan, rule) = self.filing_rule(plan)?;
        if let Some(of) = of.as_ref().filter(|of| !rule.to.contains(of)) {
            return Err(Refusal::Unknown { field: "of", value: of.to_string() });
        }
        let givers = of.as_ref().map_or(&rule.to[..], std::slice::from_ref);
        self.speaks_for(&rule.receipt_recorded_by(givers, &self.bodies()))?;
        let Phase::Reviewed(reviewed) = &self.incident.phase else {
            return Err(self.wrong_phase("receipt-filing"));
        };
        let Some(filing) = made(reviewed, self.context.plan, plan) else {
            return Err(Refusal::NotReady { action: "receipt-filing", needs: "file" });
        };
        let of = self.addressee(rule, filing, of)?;
        not_before(at, filing.signed.at, "before the filing was made")?;
        let reference = text("reference", reference, MAX_TITLE_CHARS)?;
        let receipt = Receipt { at: self.past("at", at)?, reference, by: self.by() };
        Ok(vec![IncidentChange::FilingReceipted { receipt, plan: plan.cloned(), of }])
    }

    /// Whose receipt it is where each addressee gives one: the one said, or the only one left for whom the
    /// actor speaks.
    fn addressee(
        &self,
        rule: &plan::Filing,
        filing: &Filing,
        of: Option<RoleId>,
    ) -> Result<Option<RoleId>, Refusal> {
        let open = filing.without_receipt(rule);
        let done = Refusal::AlreadyDone { action: "receipt-filing" };
        if !rule.to_each {
            return if open.is_empty() { Err(done) } else { Ok(None) };
        }
        if let Some(of) = of {
            return if open.contains(&&of) { Ok(Some(of)) } else { Err(done) };
        }
        let entitled = |body: &RoleId| rule.receipt_recorded_by(std::slice::from_ref(body), &self.bodies());
        let mut theirs = open.into_iter().filter(|body| self.speaks_for(&entitled(body)).is_ok());
        match (theirs.next(), theirs.next()) {
            (None, _) => Err(done),
            (Some(body), None) => Ok(Some(body.clone())),
            (Some(_), Some(_)) => Err(Refusal::Missing { field: "of" }),
        }
    }

    /// Sealed only when filed with every receipt under each plan that asks for it, when nothing derived is open
    /// and no report of the review is owed.
    ///
    /// Source: `jincheng-internet-2008/6.2.2`, `jincheng-egov-2008/5.2.5`, `national-2017/5.c`.
    pub(super) fn archive(&mut self) -> Decided {
        self.permit(Permission::IncidentClose)?;
        let Phase::Reviewed(reviewed) = &self.incident.phase else { return Err(self.wrong_phase("archive")) };
        if !reviewed.filings(self.context.plan).iter().all(AskedFiling::is_complete) {
            return Err(Refusal::NotReady { action: "archive", needs: "receipt-filing" });
        }
        if self.incident.review_report_owed() {
            return Err(Refusal::NotReady { action: "archive", needs: "report" });
        }
        let open = self.incident.derived_open();
        if open > 0 {
            return Err(Refusal::DerivedOpen { open });
        }
        self.aftermath_done()?;
        self.playbooks_done()?;
        Ok(vec![IncidentChange::Archived { by: self.context.actor.person()? }])
    }

    /// Possible until the response starts; a redone triage is behind it.
    pub(super) fn withdraw(&mut self, reason: &str) -> Decided {
        self.permit(Permission::EventTriage)?;
        if !matches!(self.incident.phase, Phase::Judged(_) | Phase::Analysing(_) | Phase::Graded(_)) {
            return Err(self.wrong_phase("withdraw"));
        }
        Ok(vec![IncidentChange::Withdrawn { reason: text("reason", reason, MAX_PART_CHARS)? }])
    }
}

/// The filing made under a plan, if it was.
fn made<'a>(reviewed: &'a Reviewed, whole: &'a Plan, plan: Option<&PlanId>) -> Option<&'a Filing> {
    let asked = reviewed.filings(whole).into_iter().find(|asked| asked.plan == plan);
    asked.and_then(|asked| asked.made)
}

/// The successor of an extended clock: same duty, same start, a later end; escalations still ahead of `now`.
fn extended(clock: &Clock, id: ClockId, until: Timestamp, now: Timestamp) -> Clock {
    let mut heir = clock.clone();
    heir.id = id;
    heir.lapsed_at = None;
    heir.replaces = Some(clock.id);
    heir.run_until(until);
    heir.notices.iter_mut().for_each(|notice| notice.told_at = None);
    heir.notices.retain(|notice| notice.at > now);
    heir
}
