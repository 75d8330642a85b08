//! The plan pack: an emergency plan as data that one engine runs.
//!
//! A [`Plan`] is what `fengsui_wire::plan` makes of the files in `plans/NAME/`; by the time it is
//! one, every role, fact, level and clause it names exists and every predicate is typed. Each rule
//! carries the [`Clause`] it comes from. A choice the document leaves open is a [`struct@Default`] of ours
//! and marked so. What a plan cannot say is a reason to extend this module, not to hide a rule in code.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::expr::Expr;
use crate::level::IncidentLevel;

mod calendar;
mod closing;
mod duty;
mod evidence;
mod header;
mod ids;
mod playbook;
#[cfg(test)]
pub(crate) mod sample;
mod standing;
#[cfg(test)]
mod tests;
mod together;
mod warning;

pub use calendar::{
    Calendar, CalendarSpan, CalendarUnit, Due, DueTime, HolidayYear, Holidays, LONGEST_BREAK_DAYS,
    MAX_DAYS_OFF, is_weekend,
};
pub use closing::{Alternative, Default, Filing, Lead, PublicationRule, Review};
pub use duty::{ClockMeets, ClockRule, ClockStart, Escalation, Form, Within};
pub use evidence::{Kept, Proof};
pub use header::{Evaluation, Interpreted, Notice, Unverified};
pub use ids::{CategoryId, Clause, FactId, PlanId, RoleId, RuleId};
pub use playbook::{Ask, Branch, Gate, Playbook, PlaybookStep, StepRef, TemporaryState};
pub use standing::{Condition, Cycle, DutyKind, ProofField, Receipts, Recurrence, StandingDuty, Test};
pub use together::{Beside, Clash, JOINT, Joined, Relation, own_name, plan_of, together};
pub use warning::{
    Approval, Change, ChangedBy, Changes, Colour, ColourGrading, ColourRules, Edition, FieldOfWarning,
    IssuingRight, Measure, MeasureKind, Period, PeriodOrder, ReceiptFrom, ReceiptRule, TwoPerson,
    WarningForm, Warnings,
};

/// A string in the two languages of the product.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Text {
    /// Simplified Chinese, with the document's own term first.
    pub zh: String,
    /// English.
    pub en: String,
}

/// One of the two languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lang {
    /// Simplified Chinese.
    Zh,
    /// English.
    En,
}

impl Text {
    /// The string in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// One emergency plan, checked and ready to run.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The pack's id, also the prefix of its clause ids.
    pub id: PlanId,
    /// The plan's name.
    pub title: Text,
    /// Number of the issuing document, as printed.
    pub document: String,
    /// Who issued it.
    pub issuer: Text,
    /// How it came to be issued, if the pack says so.
    pub notice: Option<Notice>,
    /// What it is for, and the principles it names.
    pub aims: Vec<Named>,
    /// The laws, plans and standards it rests on.
    pub basis: Vec<Named>,
    /// First day in force (local to `zone`).
    pub in_force_from: Date,
    /// Last day in force, if it was replaced or has an end.
    pub in_force_until: Option<Date>,
    /// IANA time zone in which the plan's days are counted and its times shown.
    pub zone: String,
    /// The days off it knows.
    pub holidays: Holidays,
    /// The clauses the pack rests on, each with its heading.
    pub clauses: BTreeMap<Clause, Text>,
    /// Bodies, posts and teams.
    pub roles: BTreeMap<RoleId, Role>,
    /// The taxonomy; `parent` makes the tree.
    pub categories: BTreeMap<CategoryId, Category>,
    /// What the plan asks about an incident.
    pub facts: BTreeMap<FactId, Fact>,
    /// The incident levels the plan uses, worst first.
    pub levels: BTreeMap<IncidentLevel, Level>,
    /// Who confirms a level, and the rules, tested in order.
    pub grading: Grading,
    /// Where events come from and what intake asks; empty if the document says nothing of it.
    pub intake: Intake,
    /// What each triage outcome rests on; empty where the document says nothing of it.
    pub triage: Triage,
    /// Duties with a deadline.
    pub clocks: Vec<ClockRule>,
    /// Response levels with their rights, worst first.
    pub responses: Vec<ResponseRule>,
    /// Steps a unit may take at once without approval.
    pub immediate_actions: Vec<Named>,
    /// How a disposal plan comes to be carried out, if the plan has such a chain.
    pub disposal: Option<Disposal>,
    /// What bodies may order, ask or call each other for.
    pub orders: Vec<OrderRule>,
    /// Who gives operating permissions for an incident, if the plan knows them.
    pub grants: Option<Stage>,
    /// Playbooks, in the order of the document.
    pub playbooks: Vec<Playbook>,
    /// Review (investigation and evaluation).
    pub review: Review,
    /// Filing, a condition of closing, if the plan asks for it.
    pub filing: Option<Filing>,
    /// Publication chains.
    pub publications: Vec<PublicationRule>,
    /// What is owed outside of incidents, in the order of the pack.
    pub duties: Vec<StandingDuty>,
    /// Duties of organisations whose proof the software keeps.
    pub evidence: Vec<Proof>,
    /// Warnings: colours, who may issue them, what they oblige to; none if the document has none.
    pub warnings: Option<Warnings>,
    /// How often the plan itself is evaluated, if the pack says so.
    pub evaluation: Option<Evaluation>,
    /// The clause that says how incidents are classed, if the pack names it.
    pub taxonomy: Option<Clause>,
    /// Who explains the plan, if the pack says so.
    pub interpreted_by: Option<Interpreted>,
    /// The clause that says from when the plan applies, if the pack names it.
    pub in_force_clause: Option<Clause>,
    /// Our settlements of what the document leaves open.
    pub defaults: Vec<Default>,
    /// What was not checked against the official text.
    pub unverified: Vec<Unverified>,
    /// What it says of running beside other plans on one incident.
    pub beside: BTreeMap<PlanId, Beside>,
    /// The plans that run together with this one, in the order in which they came; empty in a pack.
    pub joined: Vec<Joined>,
}

impl Plan {
    /// The clock rule of this id.
    pub fn clock(&self, id: &RuleId) -> Option<&ClockRule> {
        self.clocks.iter().find(|clock| clock.id == *id)
    }

    /// The facts in the order of the pack, which is that of the document: as people are asked them.
    pub fn questions(&self) -> Vec<(&FactId, &Fact)> {
        let mut facts: Vec<_> = self.facts.iter().collect();
        facts.sort_by_key(|(id, fact)| (fact.place, *id));
        facts
    }

    /// A question of the plan: about an incident, or about a threat of which it may warn.
    pub fn fact(&self, id: &FactId) -> Option<&Fact> {
        let of_threats = || self.warnings.as_ref()?.facts.get(id);
        self.facts.get(id).or_else(of_threats)
    }

    /// The order rule of this id.
    pub fn order(&self, id: &RuleId) -> Option<&OrderRule> {
        self.orders.iter().find(|order| order.id == *id)
    }

    /// The playbook of this id.
    pub fn playbook(&self, id: &RuleId) -> Option<&Playbook> {
        self.playbooks.iter().find(|playbook| playbook.id == *id)
    }

    /// The settlement of this id.
    pub fn default(&self, id: &RuleId) -> Option<&Default> {
        self.defaults.iter().find(|default| default.id == *id)
    }

    /// The options chosen, by their settlements.
    pub fn chosen(&self) -> BTreeMap<RuleId, RuleId> {
        let chosen = |default: &Default| Some((default.id.clone(), default.chosen.clone()?));
        self.defaults.iter().filter_map(chosen).collect()
    }

    /// The standing duty of this id.
    pub fn standing_duty(&self, id: &RuleId) -> Option<&StandingDuty> {
        self.duties.iter().find(|duty| duty.id == *id)
    }

    /// The plans above this one: what it says rests on them.
    /// Source: `national-2017/8.1.b`, `jincheng-internet-2008/8.5.1.b`.
    pub fn parents(&self) -> impl Iterator<Item = &PlanId> {
        let above = self.beside.iter().filter(|(_, beside)| beside.relation == Relation::Parent);
        above.map(|(id, _)| id)
    }

    /// The categories in the order of the pack.
    pub fn classes(&self) -> Vec<(&CategoryId, &Category)> {
        let mut classes: Vec<_> = self.categories.iter().collect();
        classes.sort_by_key(|(id, category)| (category.place, *id));
        classes
    }

    /// The grading rule of this id.
    pub fn grading_rule(&self, id: &RuleId) -> Option<&GradingRule> {
        self.grading.rules.iter().find(|rule| rule.id == *id)
    }

    /// The response of this level, if the plan has one.
    pub fn response(&self, level: IncidentLevel) -> Option<&ResponseRule> {
        self.responses.iter().find(|response| response.level == level)
    }

    /// Whether the plan is in force at an instant: its days are counted in its own time zone.
    pub fn in_force_at(&self, at: Timestamp) -> bool {
        let zone = TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC);
        let day = at.to_zoned(zone).date();
        self.in_force_from <= day && self.in_force_until.is_none_or(|until| day <= until)
    }

    /// The day by which the plan itself is to be evaluated next, in its own time zone: counted from the last
    /// evaluation, or from the first day in force. `None` if it has no cycle, or the day lies beyond the
    /// calendar. Source: `national-2017/8.1.a`.
    pub fn evaluation_due(&self) -> Option<Date> {
        let evaluation = self.evaluation.as_ref()?;
        let from = evaluation.last.unwrap_or(self.in_force_from);
        from.checked_add(jiff::Span::new().months(evaluation.every_months)).ok()
    }

    /// Where a category, or one above it, leads away from this plan.
    pub fn routed(&self, category: &CategoryId) -> Option<&Routed> {
        let mut next = self.categories.get(category);
        // A chain is no longer than there are categories; the loader refuses circles.
        for _ in 0..self.categories.len() {
            let category = next?;
            if let Some(routed) = &category.routed_to {
                return Some(routed);
            }
            next = self.categories.get(category.parent.as_ref()?);
        }
        None
    }

    /// Where a category leads away from the plan that a rule comes from. What the leading plan leaves to others says
    /// nothing of a plan beside it, and the incident has no class of that plan, so its rules apply.
    pub fn routed_under(&self, rule: &RuleId, category: &CategoryId) -> Option<&Routed> {
        if plan_of(rule).is_some() { None } else { self.routed(category) }
    }

    /// The calendar in which a rule's days are counted: that of the plan it comes from.
    pub fn calendar(&self, rule: &RuleId) -> Calendar<'_> {
        let joined = plan_of(rule).and_then(|id| self.joined.iter().find(|plan| plan.id.as_str() == id));
        match joined {
            Some(plan) => Calendar::new(&plan.zone, &plan.holidays),
            None => Calendar::new(&self.zone, &self.holidays),
        }
    }

    /// The roles of the unit where an incident happened, also as responsible unit: what intake records of its
    /// awareness counts for them. A pack names them so.
    pub fn units(&self) -> impl Iterator<Item = &RoleId> {
        self.roles.keys().filter(|role| matches!(role.as_str(), "unit" | "responsible-unit"))
    }

    /// Our settlements that concern a clause.
    pub fn defaults_for(&self, clause: &Clause) -> impl Iterator<Item = &Default> {
        self.defaults.iter().filter(move |default| default.clauses.contains(clause))
    }

    /// What of a clause was not checked against the official text.
    pub fn unverified_of(&self, clause: &Clause) -> impl Iterator<Item = &Unverified> {
        self.unverified.iter().filter(move |open| open.clause == *clause)
    }

    /// The mildest level the plan uses, taken when nothing says otherwise.
    pub fn mildest_level(&self) -> IncidentLevel {
        self.levels.keys().next_back().copied().unwrap_or(IncidentLevel::IV)
    }
}

/// A named, clause-bound item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its id in the pack.
    pub id: RuleId,
    /// Its name.
    pub title: Text,
    /// Where it comes from.
    pub clause: Clause,
}

/// A body, post or team of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its name.
    pub title: Text,
    /// What it does, in a sentence.
    pub duty: Text,
    /// The clause that names it.
    pub clause: Clause,
    /// Who acts when this role is not manned or not formed.
    pub fallback: Option<RoleId>,
    /// It exists only once an incident's headquarters is formed.
    pub temporary: bool,
}

/// A class of incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Its place among the categories of the pack, from 0: people are offered them in this order.
    pub place: usize,
    /// Its name.
    pub title: Text,
    /// What belongs to it.
    pub describes: Text,
    /// Where it comes from.
    pub clause: Clause,
    /// The wider category, if any.
    pub parent: Option<CategoryId>,
    /// Ids of the matching classes in other taxonomies (`rsit/...`, `national-2017/...`).
    pub maps_to: Vec<String>,
    /// Where incidents of this class are dealt with instead: they are recorded and handed over, and
    /// no duty and no response of this plan applies to them.
    pub routed_to: Option<Routed>,
}

/// Another plan that governs a category. Source: `national-2017/1.3.c`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routed {
    /// Which plan, in the document's words.
    pub to: Text,
    /// The clause that says so.
    pub clause: Clause,
}

/// A question about an incident whose answer decides levels, duties or chains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Its place among the facts of the pack, from 0: people are asked in this order.
    pub place: usize,
    /// The question's short name.
    pub title: Text,
    /// How to answer it.
    pub hint: Text,
    /// What an answer looks like.
    pub kind: FactKind,
    /// The role whose judgement it is.
    pub judged_by: RoleId,
    /// Where it comes from.
    pub clause: Clause,
    /// The answer needs a reason (a mark such as "special circumstances").
    pub needs_reason: bool,
}

/// The type of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactKind {
    /// Yes or no.
    Bool,
    /// One of these, in the order of the document.
    OneOf(Vec<Choice>),
    /// A whole number, zero or more.
    Count,
}

/// One possible answer of a [`FactKind::OneOf`] fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The value as predicates write it.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// The clause that describes this answer, if it has one of its own.
    pub clause: Option<Clause>,
}

/// An incident level of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// Its name, such as 特别重大.
    pub title: Text,
    /// Where it comes from.
    pub clause: Clause,
}

/// How a level is proposed and confirmed.
#[derive(Clone, Debug, PartialEq)]
pub struct Grading {
    /// Roles that may confirm or override the proposal.
    pub confirmed_by: Vec<RoleId>,
    /// The clause that gives them this right.
    pub clause: Clause,
    /// Tested from the top; the first that holds is proposed.
    pub rules: Vec<GradingRule>,
}

/// One grading rule: on the level of an incident, or on that of a warning, which is a colour.
#[derive(Clone, Debug, PartialEq)]
pub struct GradingRule<L = IncidentLevel> {
    /// Its id.
    pub id: RuleId,
    /// The level it proposes.
    pub level: L,
    /// When it holds.
    pub when: Expr,
    /// Where it comes from.
    pub clause: Clause,
    /// What the rule says, in a sentence.
    pub says: Text,
    /// The document cannot decide this alone: a person must look before confirming.
    pub judge: Option<Text>,
}

/// Intake: sources of event information and the questions to ask.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intake {
    /// Sources, such as the monitoring system, circulars, reports.
    pub sources: Vec<Named>,
    /// Points to record: data traces, details, losses, impact, state of control.
    pub points: Vec<Named>,
}

/// Triage: the clause of each of the three outcomes, where the document has one. The outcomes
/// themselves are the same under every plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Triage {
    /// The clause that asks for the judgement.
    pub clause: Option<Clause>,
    /// Security event: verified against the database, then analysed.
    pub incident: Option<Clause>,
    /// False alarm: recorded with reason and what was done.
    pub false_positive: Option<Clause>,
    /// Not ours: handed to the competent body.
    pub not_ours: Option<Clause>,
    /// What the plan is for, which the judgement asks first.
    pub scope: Option<Clause>,
    /// Points of the analysis that follows verification.
    pub analysis: Vec<Named>,
}

/// Who proposes, decides and is told of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Right {
    /// May propose; empty when the deciders act alone.
    pub propose: Vec<RoleId>,
    /// May decide.
    pub decide: Vec<RoleId>,
    /// The deciders may act without a proposal.
    pub without_proposal: bool,
    /// Who is told of the decision; the clocks say by when.
    pub notify: Vec<RoleId>,
    /// Where it comes from.
    pub clause: Clause,
}

/// One response level.
#[derive(Clone, Debug, PartialEq)]
pub struct ResponseRule {
    /// The response level (same scale as incidents, its own field).
    pub level: IncidentLevel,
    /// Its name.
    pub title: Text,
    /// Where the level comes from.
    pub clause: Clause,
    /// Rights to start it.
    pub start: Right,
    /// Rights to change its level or range.
    pub adjust: Right,
    /// Rights to end it.
    pub end: Right,
    /// Conditions of ending.
    pub end_when: EndWhen,
    /// Proposer and decider must be two persons.
    pub two_person: bool,
    /// The step that forms a headquarters, if the plan has one at this level.
    pub headquarters: Option<HeadquartersRule>,
    /// This plan leaves the level to other plans; what it means, in a sentence.
    pub delegated: Option<Text>,
}

/// How a headquarters comes about at a response level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadquartersRule {
    /// Where it comes from.
    pub clause: Clause,
    /// The response does not run at this level without one: starting it forms the headquarters. Else
    /// it is formed "when necessary", which is decided and recorded either way.
    pub always: bool,
}

/// The test for ending a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndWhen {
    /// All of them must hold; otherwise any one is enough.
    pub all: bool,
    /// The conditions, each ticked by a person with its basis.
    pub conditions: Vec<EndCondition>,
}

/// One condition of ending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndCondition {
    /// Its id.
    pub id: RuleId,
    /// Its name.
    pub title: Text,
    /// Where it comes from.
    pub clause: Clause,
    /// It cannot hold while a derived incident is open.
    pub needs_derived_closed: bool,
}

/// The disposal chain: draft, verify, sum up, approve, execute, by separate people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disposal {
    /// Who drafts.
    pub draft: Stage,
    /// The kinds of verifier; each gives a finding of its own.
    pub verify: Stage,
    /// Who sums the findings up and submits them to whoever approves; without it one finding decides.
    pub sum_up: Option<Stage>,
    /// Who approves, returns or rejects.
    pub approve: Stage,
    /// The rule of the orders that approval gives for the resources the plan calls for, one each.
    pub resources: Option<RuleId>,
    /// Who carries it out on orders.
    pub execute: Stage,
    /// The rule of the order that approval gives to carry it out; withdrawing that order stops the work.
    pub order: Option<RuleId>,
}

/// A kind of order, task or call that one body may give another in an incident.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderRule {
    /// Its id.
    pub id: RuleId,
    /// Its name.
    pub title: Text,
    /// Where it comes from.
    pub clause: Clause,
    /// The incidents it applies to.
    pub when: Expr,
    /// Who may give it.
    pub from: Vec<RoleId>,
    /// The bodies it may be given to.
    pub to: Vec<RoleId>,
    /// The fields of expertise it may call experts by; who is called is a person, not a body.
    pub experts: Vec<Named>,
    /// It belongs to the aftermath: given once the response has ended, and archiving waits for it.
    pub aftermath: bool,
}

/// One stage of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Any of these may act.
    pub by: Vec<RoleId>,
    /// Where it comes from.
    pub clause: Clause,
}
