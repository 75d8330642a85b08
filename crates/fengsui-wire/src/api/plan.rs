//! A plan pack, readable: what a program needs to know which names and steps a plan has.

use std::collections::BTreeMap;

use fengsui_domain::plan;

use super::{Form, InForce, IncidentLevel, MediumText, ShortText, Text};

mod duty;
mod grading;
mod header;
mod playbook;
mod response;
mod standing;
mod warning;

pub use duty::{CalendarLimit, CalendarUnit, ClockRule, Escalation};
pub use grading::{Category, Choice, Fact, FactKind, GradingRule, GradingRules, Level, Routed};
pub use header::{PlanEvaluation, PlanInterpreted, PlanJoined, PlanNotice, PlanProof};
pub use playbook::{PlanAsk, PlanBranch, PlanGate, PlanPlaybook, PlanState, PlanStep, PlanStepRef};
pub use response::{
    Chain, EndCondition, EndWhen, FilingRule, OrderRule, PublicationRule, ResponseRule, ReviewLead,
    ReviewRule, Right, Stage,
};
pub use standing::{ProofField, StandingDuty};
pub use warning::{
    ColourGrading, ColourLimit, ColourRule, IssuingApproval, IssuingRight, PeriodOrder, PlanColour,
    PlanWarnings, TwoPersonColours, WarningChange, WarningChanges, WarningEdition, WarningField, WarningForm,
    WarningMeasure, WarningPeriod, WarningReceipt,
};

/// A named, clause-bound item of a list.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Named {
    /// Its id in the pack.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// Where it comes from.
    pub clause: String,
}

impl From<&plan::Named> for Named {
    fn from(named: &plan::Named) -> Self {
        Self { id: named.id.to_string(), title: (&named.title).into(), clause: named.clause.to_string() }
    }
}

/// The days off of one year.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct HolidayYear {
    /// The year, as in `2026`.
    pub year: String,
    /// Days off, `YYYY-MM-DD`; Saturdays and Sundays are off anyway.
    pub off: Vec<String>,
    /// Saturdays and Sundays that are worked.
    pub worked: Vec<String>,
    /// Where that is laid down.
    pub source: Text,
}

impl From<(&i16, &plan::HolidayYear)> for HolidayYear {
    fn from((year, days): (&i16, &plan::HolidayYear)) -> Self {
        Self {
            year: year.to_string(),
            off: days.off.iter().map(ToString::to_string).collect(),
            worked: days.worked.iter().map(ToString::to_string).collect(),
            source: (&days.source).into(),
        }
    }
}

/// How a plan runs beside another one on one incident.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PlanBeside {
    /// The other plan.
    pub id: String,
    /// `parent`: the other is the plan of the authority above; `overlap`: both govern some incidents.
    pub relation: &'static str,
    /// The clause that says so, of this plan or of the other.
    pub clause: String,
    /// Bodies of this plan that are bodies of the other: own id, the other's.
    pub bodies: BTreeMap<String, String>,
    /// Facts of this plan that one answer serves with those of the other: own id, the other's.
    pub facts: BTreeMap<String, String>,
}

impl From<(&plan::PlanId, &plan::Beside)> for PlanBeside {
    fn from((id, beside): (&plan::PlanId, &plan::Beside)) -> Self {
        Self {
            id: id.to_string(),
            relation: beside.relation.as_str(),
            clause: beside.clause.to_string(),
            bodies: beside.bodies.iter().map(|(own, other)| (own.to_string(), other.to_string())).collect(),
            facts: beside.facts.iter().map(|(own, other)| (own.to_string(), other.to_string())).collect(),
        }
    }
}

/// A body, post or team of the plan.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PlanRole {
    /// Its id in the pack.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// What it does, in a sentence.
    pub duty: Text,
    /// The clause that names it.
    pub clause: String,
    /// Who acts when this role is not manned or not formed.
    pub fallback: Option<String>,
    /// It exists only once an incident's headquarters is formed.
    pub temporary: bool,
}

/// What each triage outcome rests on.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct TriageRules {
    /// The clause that asks for the judgement, if the plan has one.
    pub clause: Option<String>,
    /// The clause of a security event, if the plan has one.
    pub incident: Option<String>,
    /// The clause of a false alarm, if the plan has one.
    pub false_positive: Option<String>,
    /// The clause of what is not ours, if the plan has one.
    pub not_ours: Option<String>,
    /// The clause of what the plan is for, which the judgement asks first, if it has one.
    pub scope: Option<String>,
    /// Points of the analysis that follows verification.
    pub analysis: Vec<Named>,
}

/// Our settlement of something the document leaves open.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Settlement {
    /// Its id in the pack.
    pub id: String,
    /// The clauses that are silent, ambiguous or at odds.
    pub clauses: Vec<String>,
    /// The open question.
    pub question: Text,
    /// What this pack does unless another option was chosen.
    pub answer: Text,
    /// What an operator may choose instead.
    pub options: Vec<Alternative>,
    /// The option that was chosen; null while the answer holds.
    pub chosen: Option<String>,
}

/// What an operator may choose instead of a settlement of ours.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Alternative {
    /// Its id, unique within the settlement.
    pub id: String,
    /// What the plan does then.
    pub answer: Text,
}

/// Chooses among the options of a plan's defaults, in the place of what was chosen before.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChooseOptions {
    /// The option of each default by its id; where there is none, ours holds.
    #[schema(value_type = BTreeMap<String, ShortText>)]
    pub options: BTreeMap<String, String>,
    /// Why.
    #[schema(value_type = MediumText)]
    pub reason: String,
}

/// A clause that was not checked against the official text.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Unverified {
    /// The clause.
    pub clause: String,
    /// What is open, and what it was taken from.
    pub open: Text,
}

impl From<&plan::Unverified> for Unverified {
    fn from(each: &plan::Unverified) -> Self {
        Self { clause: each.clause.to_string(), open: (&each.open).into() }
    }
}

/// An emergency plan in one exact version.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Plan {
    /// The pack's id.
    pub id: String,
    /// SHA-256 over its files, in hex: the name of this version.
    pub digest: String,
    /// The plan's name.
    pub title: Text,
    /// Number of the issuing document, as printed.
    pub document: String,
    /// Who issued it.
    pub issuer: Text,
    /// How it came to be issued, if the pack says so.
    pub notice: Option<PlanNotice>,
    /// What it is for, and the principles it names.
    pub aims: Vec<Named>,
    /// The laws, plans and standards it rests on.
    pub basis: Vec<Named>,
    /// When it is in force.
    pub in_force: InForce,
    /// The clause that says from when it applies, if the pack names it.
    pub in_force_clause: Option<String>,
    /// IANA time zone in which its days are counted.
    pub zone: String,
    /// The days off it knows, year by year; of other years Saturdays and Sundays alone are taken as off.
    pub holidays: Vec<HolidayYear>,
    /// The clauses it rests on, each with its heading.
    pub clauses: BTreeMap<String, Text>,
    /// Bodies, posts and teams.
    pub roles: Vec<PlanRole>,
    /// The clause that says how incidents are classed, if the pack names it.
    pub taxonomy: Option<String>,
    /// The taxonomy, in the order of the document.
    pub categories: Vec<Category>,
    /// What it asks about an incident, in the order of the document.
    pub facts: Vec<Fact>,
    /// The incident levels it uses, worst first.
    pub levels: Vec<Level>,
    /// Who confirms a level, and the rules in the order in which they are tested.
    pub grading: GradingRules,
    /// Where events come from.
    pub sources: Vec<Named>,
    /// What intake asks.
    pub intake: Vec<Named>,
    /// What each triage outcome rests on.
    pub triage: TriageRules,
    /// Duties with a deadline.
    pub clocks: Vec<ClockRule>,
    /// Response levels with their rights, worst first.
    pub responses: Vec<ResponseRule>,
    /// Steps a unit may take at once without approval.
    pub immediate_actions: Vec<Named>,
    /// How a disposal plan comes to be carried out, if the plan has such a chain.
    pub disposal: Option<Chain>,
    /// What bodies may order, ask or call each other for.
    pub orders: Vec<OrderRule>,
    /// Who gives operating permissions for an incident.
    pub grants: Option<Stage>,
    /// What is done about one kind of incident, step by step.
    pub playbooks: Vec<PlanPlaybook>,
    /// The review of an ended response.
    pub review: ReviewRule,
    /// The filing of the closing package, if the plan asks for it.
    pub filing: Option<FilingRule>,
    /// The filings that other plans ask for, by plan: only in what several plans make together.
    pub filings_beside: BTreeMap<String, FilingRule>,
    /// Publication chains.
    pub publications: Vec<PublicationRule>,
    /// What is owed outside of incidents, in the order of the document.
    pub duties: Vec<StandingDuty>,
    /// Duties of organisations whose proof the software keeps.
    pub evidence: Vec<PlanProof>,
    /// How often the plan itself is evaluated, if the pack says so.
    pub evaluation: Option<PlanEvaluation>,
    /// Who explains the plan, if the pack says so.
    pub interpreted_by: Option<PlanInterpreted>,
    /// Warnings: colours, who may issue them, what they oblige to; none if the document has none.
    pub warnings: Option<PlanWarnings>,
    /// Our settlements of what the document leaves open.
    pub defaults: Vec<Settlement>,
    /// What was not checked against the official text.
    pub unverified: Vec<Unverified>,
    /// What it says of running beside other plans on one incident.
    pub beside: Vec<PlanBeside>,
    /// The plans that run together with this one on an incident; empty in a pack.
    pub joined: Vec<PlanJoined>,
}

impl Plan {
    /// The plan in the version with this digest.
    pub fn new(digest: &str, plan: &plan::Plan) -> Self {
        let from = plan.in_force_from.to_string();
        let in_force = InForce { from, until: plan.in_force_until.map(|day| day.to_string()) };
        Self {
            id: plan.id.to_string(),
            digest: digest.to_owned(),
            title: (&plan.title).into(),
            document: plan.document.clone(),
            issuer: (&plan.issuer).into(),
            notice: plan.notice.as_ref().map(PlanNotice::from),
            aims: plan.aims.iter().map(Named::from).collect(),
            basis: plan.basis.iter().map(Named::from).collect(),
            in_force,
            in_force_clause: plan.in_force_clause.as_ref().map(ToString::to_string),
            zone: plan.zone.clone(),
            holidays: plan.holidays.years.iter().map(HolidayYear::from).collect(),
            clauses: plan.clauses.iter().map(|(clause, title)| (clause.to_string(), title.into())).collect(),
            roles: plan.roles.iter().map(PlanRole::from).collect(),
            taxonomy: plan.taxonomy.as_ref().map(ToString::to_string),
            categories: plan.classes().into_iter().map(Category::from).collect(),
            facts: plan.questions().into_iter().map(Fact::from).collect(),
            levels: plan.levels.iter().map(Level::from).collect(),
            grading: (&plan.grading).into(),
            sources: plan.intake.sources.iter().map(Named::from).collect(),
            intake: plan.intake.points.iter().map(Named::from).collect(),
            triage: (&plan.triage).into(),
            clocks: plan.clocks.iter().map(ClockRule::from).collect(),
            responses: plan.responses.iter().map(ResponseRule::from).collect(),
            immediate_actions: plan.immediate_actions.iter().map(Named::from).collect(),
            disposal: plan.disposal.as_ref().map(Chain::from),
            orders: plan.orders.iter().map(OrderRule::from).collect(),
            grants: plan.grants.as_ref().map(Stage::from),
            playbooks: plan.playbooks.iter().map(PlanPlaybook::from).collect(),
            review: (&plan.review).into(),
            filing: plan.filing.as_ref().map(FilingRule::from),
            filings_beside: plan
                .filings()
                .filter_map(|(id, filing)| Some((id?.to_string(), filing.into())))
                .collect(),
            publications: plan.publications.iter().map(PublicationRule::from).collect(),
            duties: plan.duties.iter().map(StandingDuty::from).collect(),
            evidence: plan.evidence.iter().map(PlanProof::from).collect(),
            evaluation: plan.evaluation.as_ref().map(PlanEvaluation::from),
            interpreted_by: plan.interpreted_by.as_ref().map(PlanInterpreted::from),
            warnings: plan.warnings.as_ref().map(PlanWarnings::from),
            defaults: plan.defaults.iter().map(Settlement::from).collect(),
            unverified: plan.unverified.iter().map(Unverified::from).collect(),
            beside: plan.beside.iter().map(PlanBeside::from).collect(),
            joined: plan.joined.iter().map(PlanJoined::from).collect(),
        }
    }
}

impl From<(&plan::RoleId, &plan::Role)> for PlanRole {
    fn from((id, role): (&plan::RoleId, &plan::Role)) -> Self {
        Self {
            id: id.to_string(),
            title: (&role.title).into(),
            duty: (&role.duty).into(),
            clause: role.clause.to_string(),
            fallback: role.fallback.as_ref().map(ToString::to_string),
            temporary: role.temporary,
        }
    }
}

impl From<&plan::Triage> for TriageRules {
    fn from(triage: &plan::Triage) -> Self {
        Self {
            clause: triage.clause.as_ref().map(ToString::to_string),
            incident: triage.incident.as_ref().map(ToString::to_string),
            false_positive: triage.false_positive.as_ref().map(ToString::to_string),
            not_ours: triage.not_ours.as_ref().map(ToString::to_string),
            scope: triage.scope.as_ref().map(ToString::to_string),
            analysis: triage.analysis.iter().map(Named::from).collect(),
        }
    }
}

impl From<&plan::Default> for Settlement {
    fn from(settled: &plan::Default) -> Self {
        Self {
            id: settled.id.to_string(),
            clauses: settled.clauses.iter().map(ToString::to_string).collect(),
            question: (&settled.question).into(),
            answer: (&settled.answer).into(),
            options: settled.options.iter().map(Alternative::from).collect(),
            chosen: settled.chosen.as_ref().map(ToString::to_string),
        }
    }
}

impl From<&plan::Alternative> for Alternative {
    fn from(option: &plan::Alternative) -> Self {
        Self { id: option.id.to_string(), answer: (&option.answer).into() }
    }
}

/// The ids of roles.
fn roles(roles: &[plan::RoleId]) -> Vec<String> {
    roles.iter().map(ToString::to_string).collect()
}
