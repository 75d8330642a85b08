//! Response levels, chains, review, filing and publications, as a plan has them.

use std::collections::BTreeSet;

use fengsui_domain::plan;

use super::{IncidentLevel, Named, Text, roles};

/// Who proposes and decides a step.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Right {
    /// May propose; empty when the deciders act alone.
    pub propose: Vec<String>,
    /// May decide.
    pub decide: Vec<String>,
    /// The deciders may act without a proposal.
    pub without_proposal: bool,
    /// Who is told of the decision.
    pub notify: Vec<String>,
    /// Where it comes from.
    pub clause: String,
}

impl From<&plan::Right> for Right {
    fn from(right: &plan::Right) -> Self {
        Self {
            propose: roles(&right.propose),
            decide: roles(&right.decide),
            without_proposal: right.without_proposal,
            notify: roles(&right.notify),
            clause: right.clause.to_string(),
        }
    }
}

/// One condition of ending.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct EndCondition {
    /// Its id in the pack.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// Where it comes from.
    pub clause: String,
    /// It cannot hold while a derived incident is open.
    pub needs_derived_closed: bool,
}

/// The test for ending a response.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct EndWhen {
    /// All of them must hold; otherwise any one is enough.
    pub all: bool,
    /// The conditions, each ticked by a person with its basis.
    pub conditions: Vec<EndCondition>,
}

impl From<&plan::EndWhen> for EndWhen {
    fn from(end: &plan::EndWhen) -> Self {
        let conditions = end.conditions.iter().map(|condition| EndCondition {
            id: condition.id.to_string(),
            title: (&condition.title).into(),
            clause: condition.clause.to_string(),
            needs_derived_closed: condition.needs_derived_closed,
        });
        Self { all: end.all, conditions: conditions.collect() }
    }
}

/// One response level.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct ResponseRule {
    /// The response level.
    pub level: IncidentLevel,
    /// Its name.
    pub title: Text,
    /// Where it comes from.
    pub clause: String,
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
    /// The clause that forms a headquarters, if the plan has one at this level.
    pub headquarters: Option<String>,
    /// Starting the response at this level forms the headquarters; else it is formed "when necessary".
    pub headquarters_always: bool,
    /// The plan leaves this level to other plans; what that means, in a sentence.
    pub delegated: Option<Text>,
}

impl From<&plan::ResponseRule> for ResponseRule {
    fn from(rule: &plan::ResponseRule) -> Self {
        Self {
            level: rule.level.into(),
            title: (&rule.title).into(),
            clause: rule.clause.to_string(),
            start: (&rule.start).into(),
            adjust: (&rule.adjust).into(),
            end: (&rule.end).into(),
            end_when: (&rule.end_when).into(),
            two_person: rule.two_person,
            headquarters: rule.headquarters.as_ref().map(|rule| rule.clause.to_string()),
            headquarters_always: rule.headquarters.as_ref().is_some_and(|rule| rule.always),
            delegated: rule.delegated.as_ref().map(Text::from),
        }
    }
}

/// One stage of a chain.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Stage {
    /// Any of these may act.
    pub by: Vec<String>,
    /// Where it comes from.
    pub clause: String,
}

impl From<&plan::Stage> for Stage {
    fn from(stage: &plan::Stage) -> Self {
        Self { by: roles(&stage.by), clause: stage.clause.to_string() }
    }
}

/// The disposal chain: each stage by another person.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Chain {
    /// Who drafts.
    pub draft: Stage,
    /// The kinds of verifier.
    pub verify: Stage,
    /// Who sums the findings up and submits them; without it one finding decides.
    pub sum_up: Option<Stage>,
    /// Who approves, returns or rejects.
    pub approve: Stage,
    /// The kind of order that approval gives for each resource.
    pub resources: Option<String>,
    /// Who carries it out.
    pub execute: Stage,
    /// The kind of order that approval gives to carry it out.
    pub order: Option<String>,
}

impl From<&plan::Disposal> for Chain {
    fn from(disposal: &plan::Disposal) -> Self {
        Self {
            draft: (&disposal.draft).into(),
            verify: (&disposal.verify).into(),
            sum_up: disposal.sum_up.as_ref().map(Stage::from),
            approve: (&disposal.approve).into(),
            resources: disposal.resources.as_ref().map(ToString::to_string),
            execute: (&disposal.execute).into(),
            order: disposal.order.as_ref().map(ToString::to_string),
        }
    }
}

/// A kind of order, task or call that one body may give another.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct OrderRule {
    /// Its id in the pack.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// Where it comes from.
    pub clause: String,
    /// The incidents it applies to (CEL).
    pub when: String,
    /// Who may give it.
    pub from: Vec<String>,
    /// The bodies it may be given to.
    pub to: Vec<String>,
    /// The fields of expertise it may call experts by.
    pub experts: Vec<Named>,
    /// It is given once the response has ended, and archiving waits for it.
    pub aftermath: bool,
}

impl From<&plan::OrderRule> for OrderRule {
    fn from(rule: &plan::OrderRule) -> Self {
        Self {
            id: rule.id.to_string(),
            title: (&rule.title).into(),
            clause: rule.clause.to_string(),
            when: rule.when.to_string(),
            from: roles(&rule.from),
            to: roles(&rule.to),
            experts: rule.experts.iter().map(Named::from).collect(),
            aftermath: rule.aftermath,
        }
    }
}

/// The review of an ended response.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct ReviewRule {
    /// Everybody who leads the review of some incident.
    pub led_by: Vec<String>,
    /// Who of them leads which: the first entry that holds.
    pub leads: Vec<ReviewLead>,
    /// Mandatory contents.
    pub topics: Vec<Named>,
    /// Where it comes from.
    pub clause: String,
    /// The clause that asks whether the plan itself must change, if there is one.
    pub plan_change: Option<String>,
}

/// Who leads the review of some incidents.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct ReviewLead {
    /// The incidents (CEL).
    pub when: String,
    /// Any of these may lead.
    pub by: Vec<String>,
    /// Where it comes from.
    pub clause: String,
}

impl From<&plan::Lead> for ReviewLead {
    fn from(lead: &plan::Lead) -> Self {
        Self { when: lead.when.to_string(), by: roles(&lead.by), clause: lead.clause.to_string() }
    }
}

impl From<&plan::Review> for ReviewRule {
    fn from(review: &plan::Review) -> Self {
        let bodies: BTreeSet<_> = review.leads.iter().flat_map(|lead| &lead.by).collect();
        Self {
            led_by: bodies.into_iter().map(ToString::to_string).collect(),
            leads: review.leads.iter().map(ReviewLead::from).collect(),
            topics: review.topics.iter().map(Named::from).collect(),
            clause: review.clause.to_string(),
            plan_change: review.plan_change.as_ref().map(ToString::to_string),
        }
    }
}

/// The filing of the closing package.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct FilingRule {
    /// Who files.
    pub by: Vec<String>,
    /// Who receives and gives the receipt.
    pub to: Vec<String>,
    /// Each of them gives a receipt; else that of any one is enough.
    pub to_each: bool,
    /// Where it comes from.
    pub clause: String,
}

impl From<&plan::Filing> for FilingRule {
    fn from(filing: &plan::Filing) -> Self {
        let (by, to, to_each) = (roles(&filing.by), roles(&filing.to), filing.to_each);
        Self { by, to, to_each, clause: filing.clause.to_string() }
    }
}

/// A publication chain for some incidents and one audience.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PublicationRule {
    /// Its id in the pack.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// Where it comes from.
    pub clause: String,
    /// The incidents it applies to (CEL).
    pub when: String,
    /// Who is told.
    pub audience: Text,
    /// Who drafts.
    pub draft: Vec<String>,
    /// Who checks and approves; empty when the chain has no such gate.
    pub approve: Vec<String>,
    /// Who releases.
    pub release: Vec<String>,
}

impl From<&plan::PublicationRule> for PublicationRule {
    fn from(rule: &plan::PublicationRule) -> Self {
        Self {
            id: rule.id.to_string(),
            title: (&rule.title).into(),
            clause: rule.clause.to_string(),
            when: rule.when.to_string(),
            audience: (&rule.audience).into(),
            draft: roles(&rule.draft),
            approve: roles(&rule.approve),
            release: roles(&rule.release),
        }
    }
}
