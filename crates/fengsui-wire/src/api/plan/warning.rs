//! Warnings, as a plan has them.

use fengsui_domain::plan::{self, ChangedBy, ColourRules, MeasureKind, ReceiptFrom};
use fengsui_domain::warning::{Act, WarningColour};

use super::{Fact, Named, Text, roles};
use crate::api::IncidentLevel;

/// What a plan says of warnings: colours, who may issue them, what they oblige to.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PlanWarnings {
    /// The clause that sets up the scale of colours.
    pub clause: String,
    /// The colours it uses, worst first.
    pub colours: Vec<PlanColour>,
    /// What it asks about a threat besides what it asks about an incident, in the order of the document.
    pub facts: Vec<Fact>,
    /// How a colour is proposed, and who decides on it.
    pub grading: ColourGrading,
    /// Who may issue which colours how far.
    pub rights: Vec<IssuingRight>,
    /// Decisions of other bodies that come before issuing.
    pub approvals: Vec<IssuingApproval>,
    /// Colours that one person drafts and another issues.
    pub two_person: Option<TwoPersonColours>,
    /// Who may change a warning once it was issued.
    pub changes: WarningChanges,
    /// What a warning states.
    pub form: WarningForm,
    /// For whom it is written, and how it reaches them.
    pub editions: Vec<WarningEdition>,
    /// Who confirms that it was received, and how soon.
    pub receipts: Vec<WarningReceipt>,
    /// What is to be done before and under a warning, and in periods without one.
    pub measures: Vec<WarningMeasure>,
    /// The clause by which each warning says itself what is to be done, where the plan names nothing for it.
    pub own_measures: Option<String>,
    /// Periods in which measures apply without a warning.
    pub periods: Vec<WarningPeriod>,
}

/// A colour of a plan.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PlanColour {
    /// `red`, `orange`, `yellow` or `blue`.
    pub id: &'static str,
    /// Its name.
    pub title: Text,
    /// The level of incident it stands for unless a person decides otherwise.
    pub level: IncidentLevel,
    /// Where it comes from.
    pub clause: String,
}

/// How a colour is proposed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct ColourGrading {
    /// Bodies that assess a threat and decide on the colour.
    pub confirmed_by: Vec<String>,
    /// Where it comes from.
    pub clause: String,
    /// The rules on the level of incident propose, and the colour is the one that stands for it.
    pub by_level: bool,
    /// Rules on the threat, tested from the top; none if `by_level`.
    pub rules: Vec<ColourRule>,
}

/// A rule that proposes a colour.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct ColourRule {
    /// Its id in the pack.
    pub id: String,
    /// The colour it proposes.
    pub colour: &'static str,
    /// When it holds (CEL).
    pub when: String,
    /// Where it comes from.
    pub clause: String,
    /// What the rule says, in a sentence.
    pub says: Text,
    /// What a person must look at before deciding, if the document cannot decide this alone.
    pub judge: Option<Text>,
}

/// A right to issue warnings.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct IssuingRight {
    /// Its id in the pack.
    pub id: String,
    /// What it says.
    pub title: Text,
    /// Any of these may issue.
    pub by: Vec<String>,
    /// The worst colour it covers.
    pub highest: &'static str,
    /// The mildest colour it covers.
    pub lowest: &'static str,
    /// How far the warnings may reach: `own-industry`, `own-region`, `industries-in-region`,
    /// `several-regions`, `several-industries`, `whole`.
    pub reach: Vec<&'static str>,
    /// It exists only where this approval is needed, for the body that the decision names.
    pub named_by: Option<String>,
    /// Where it comes from.
    pub clause: String,
    /// The document does not say so; it is ours.
    pub is_default: bool,
}

/// A decision that comes before issuing.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct IssuingApproval {
    /// Its id in the pack.
    pub id: String,
    /// What it says.
    pub title: Text,
    /// Any of these decides.
    pub by: Vec<String>,
    /// Colours that need it.
    pub colours: Vec<&'static str>,
    /// Marks on a threat that need it, whatever the colour.
    pub marks: Vec<String>,
    /// Where it comes from.
    pub clause: String,
}

/// Colours that one person drafts and another issues.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct TwoPersonColours {
    /// The colours.
    pub colours: Vec<&'static str>,
    /// Where it comes from.
    pub clause: String,
    /// The document does not say so; it is ours.
    pub is_default: bool,
}

/// Who may change a warning once it was issued.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct WarningChanges {
    /// Its text, in the same colour.
    pub update: WarningChange,
    /// Its colour or how far it reaches; issuing in the new colour must be allowed as well.
    pub adjust: WarningChange,
    /// Its end.
    pub lift: WarningChange,
}

/// A right to change a warning.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct WarningChange {
    /// The body that issued it has it.
    pub by_issuer: bool,
    /// Otherwise any of these, whoever issued it.
    pub by: Vec<String>,
    /// Seconds until everybody who had the warning is told, if the plan says so.
    pub within_s: Option<i64>,
    /// Where it comes from.
    pub clause: String,
    /// The document does not say so, or gives no figure; it is ours.
    pub is_default: bool,
}

/// What a warning states.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct WarningForm {
    /// Where it comes from.
    pub clause: String,
    /// The fields, in the order of the document.
    pub fields: Vec<WarningField>,
    /// Further fields may be added.
    pub open: bool,
    /// Each measure that it names has a time limit; otherwise it may have one.
    pub measures_have_limits: bool,
}

/// A field of a warning.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct WarningField {
    /// Its id in the pack.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// Where it comes from.
    pub clause: String,
    /// It may be left out.
    pub optional: bool,
}

/// A warning as one audience gets it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct WarningEdition {
    /// Its id in the pack.
    pub id: String,
    /// Who gets it.
    pub audience: Text,
    /// Where it comes from.
    pub clause: String,
    /// How it reaches them; empty if the plan does not say.
    pub channels: Vec<Named>,
    /// What is told to them: `issue`, `update`, `adjust`, `lift`.
    pub acts: Vec<&'static str>,
}

/// Who confirms a warning, and how soon.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct WarningReceipt {
    /// Its id in the pack.
    pub id: String,
    /// What it says.
    pub title: Text,
    /// The edition it is about.
    pub edition: String,
    /// Who confirms: `units`, `people`.
    pub from: Vec<&'static str>,
    /// What is confirmed: `issue`, `update`, `adjust`, `lift`.
    pub acts: Vec<&'static str>,
    /// How soon by colour, counted from the sending.
    pub limits: Vec<ColourLimit>,
    /// Where it comes from.
    pub clause: String,
    /// The document gives no figures; these are ours.
    pub is_default: bool,
}

/// A limit for one colour.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct ColourLimit {
    /// The colour.
    pub colour: &'static str,
    /// Seconds.
    pub within_s: i64,
}

/// Something to be done before, under or without a warning.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct WarningMeasure {
    /// Its id in the pack.
    pub id: String,
    /// What is done.
    pub title: Text,
    /// Where it comes from.
    pub clause: String,
    /// From when it is owed: `always`, `information`, `judged`, `issued`.
    pub stage: &'static str,
    /// The colours it belongs to; before a warning is issued, none means any.
    pub colours: Vec<&'static str>,
    /// The periods it belongs to.
    pub periods: Vec<String>,
    /// Each of these owes it.
    pub of: Vec<String>,
    /// Who is told, if it is a report.
    pub to: Vec<String>,
    /// `once`, `standing` (kept up until the warning is lifted or the period ends), `every` or `as_it_comes`.
    pub kind: &'static str,
    /// Seconds it may take from its stage, between two times, or from what came; none if the plan gives no limit.
    pub within_s: Option<i64>,
    /// It is due at once; the seconds are the tolerance after which a person is told, which is ours.
    pub at_once: bool,
    /// Measures and receipts that come before it.
    pub after: Vec<String>,
    /// The document gives no figure here; this one is ours.
    pub is_default: bool,
}

/// A period in which measures apply without a warning.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct WarningPeriod {
    /// Its id in the pack.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// Where it comes from.
    pub clause: String,
    /// Who may order the measures of a colour in it, if the plan has that.
    pub order: Option<PeriodOrder>,
}

/// An order to do, for a period, what a warning of some colour obliges to.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PeriodOrder {
    /// Any of these may order it.
    pub by: Vec<String>,
    /// Whom it may be given to.
    pub to: Vec<String>,
    /// The colour whose measures apply.
    pub colour: &'static str,
    /// Where it comes from.
    pub clause: String,
    /// Whoever gave the order may lift it before the period ends; otherwise only that end does.
    pub lifted_by_orderer: bool,
    /// How it ends is not said by the document; it is ours.
    pub is_default: bool,
}

impl From<&plan::Warnings> for PlanWarnings {
    fn from(warnings: &plan::Warnings) -> Self {
        Self {
            clause: warnings.clause.to_string(),
            colours: warnings.colours.iter().map(PlanColour::from).collect(),
            facts: warnings.questions().into_iter().map(Fact::from).collect(),
            grading: (&warnings.grading).into(),
            rights: warnings.rights.iter().map(IssuingRight::from).collect(),
            approvals: warnings.approvals.iter().map(IssuingApproval::from).collect(),
            two_person: warnings.two_person.as_ref().map(TwoPersonColours::from),
            changes: WarningChanges {
                update: (&warnings.changes.update).into(),
                adjust: (&warnings.changes.adjust).into(),
                lift: (&warnings.changes.lift).into(),
            },
            form: (&warnings.form).into(),
            editions: warnings.editions.iter().map(WarningEdition::from).collect(),
            receipts: warnings.receipts.iter().map(WarningReceipt::from).collect(),
            measures: warnings.measures.iter().map(WarningMeasure::from).collect(),
            own_measures: warnings.own_measures.as_ref().map(ToString::to_string),
            periods: warnings.periods.iter().map(WarningPeriod::from).collect(),
        }
    }
}

impl From<(&WarningColour, &plan::Colour)> for PlanColour {
    fn from((colour, known): (&WarningColour, &plan::Colour)) -> Self {
        Self {
            id: colour.as_str(),
            title: (&known.title).into(),
            level: known.level.into(),
            clause: known.clause.to_string(),
        }
    }
}

impl From<&plan::ColourGrading> for ColourGrading {
    fn from(grading: &plan::ColourGrading) -> Self {
        let rules = match &grading.rules {
            ColourRules::ByLevel => [].as_slice(),
            ColourRules::Own(rules) => rules.as_slice(),
        };
        let rule = |rule: &plan::GradingRule<WarningColour>| ColourRule {
            id: rule.id.to_string(),
            colour: rule.level.as_str(),
            when: rule.when.to_string(),
            clause: rule.clause.to_string(),
            says: (&rule.says).into(),
            judge: rule.judge.as_ref().map(Text::from),
        };
        Self {
            confirmed_by: roles(&grading.confirmed_by),
            clause: grading.clause.to_string(),
            by_level: grading.rules == ColourRules::ByLevel,
            rules: rules.iter().map(rule).collect(),
        }
    }
}

impl From<&plan::IssuingRight> for IssuingRight {
    fn from(right: &plan::IssuingRight) -> Self {
        Self {
            id: right.id.to_string(),
            title: (&right.title).into(),
            by: roles(&right.by),
            highest: right.highest.as_str(),
            lowest: right.lowest.as_str(),
            reach: right.reach.iter().map(|reach| reach.as_str()).collect(),
            named_by: right.named_by.as_ref().map(ToString::to_string),
            clause: right.clause.to_string(),
            is_default: right.is_default,
        }
    }
}

impl From<&plan::Approval> for IssuingApproval {
    fn from(approval: &plan::Approval) -> Self {
        Self {
            id: approval.id.to_string(),
            title: (&approval.title).into(),
            by: roles(&approval.by),
            colours: colours(&approval.colours),
            marks: approval.marks.iter().map(ToString::to_string).collect(),
            clause: approval.clause.to_string(),
        }
    }
}

impl From<&plan::TwoPerson> for TwoPersonColours {
    fn from(rule: &plan::TwoPerson) -> Self {
        Self { colours: colours(&rule.colours), clause: rule.clause.to_string(), is_default: rule.is_default }
    }
}

impl From<&plan::Change> for WarningChange {
    fn from(change: &plan::Change) -> Self {
        let by = match &change.by {
            ChangedBy::Issuer => Vec::new(),
            ChangedBy::Bodies(bodies) => roles(bodies),
        };
        Self {
            by_issuer: change.by == ChangedBy::Issuer,
            by,
            within_s: change.within.map(|within| within.lapse().as_secs()),
            clause: change.clause.to_string(),
            is_default: change.is_default,
        }
    }
}

impl From<&plan::WarningForm> for WarningForm {
    fn from(form: &plan::WarningForm) -> Self {
        let field = |field: &plan::FieldOfWarning| WarningField {
            id: field.id.to_string(),
            title: (&field.title).into(),
            clause: field.clause.to_string(),
            optional: field.optional,
        };
        Self {
            clause: form.clause.to_string(),
            fields: form.fields.iter().map(field).collect(),
            open: form.open,
            measures_have_limits: form.measures_have_limits,
        }
    }
}

impl From<&plan::Edition> for WarningEdition {
    fn from(edition: &plan::Edition) -> Self {
        Self {
            id: edition.id.to_string(),
            audience: (&edition.audience).into(),
            clause: edition.clause.to_string(),
            channels: edition.channels.iter().map(Named::from).collect(),
            acts: acts(&edition.acts),
        }
    }
}

impl From<&plan::ReceiptRule> for WarningReceipt {
    fn from(rule: &plan::ReceiptRule) -> Self {
        let from = |from: &ReceiptFrom| match from {
            ReceiptFrom::Units => "units",
            ReceiptFrom::People => "people",
        };
        let limits = rule.within.iter();
        Self {
            id: rule.id.to_string(),
            title: (&rule.title).into(),
            edition: rule.edition.to_string(),
            from: rule.from.iter().map(from).collect(),
            acts: acts(&rule.acts),
            limits: limits
                .map(|(colour, span)| ColourLimit { colour: colour.as_str(), within_s: span.as_secs() })
                .collect(),
            clause: rule.clause.to_string(),
            is_default: rule.is_default,
        }
    }
}

impl From<&plan::Measure> for WarningMeasure {
    fn from(measure: &plan::Measure) -> Self {
        let (kind, within) = match measure.kind {
            MeasureKind::Once(within) => ("once", within),
            MeasureKind::Standing(within) => ("standing", within),
            MeasureKind::Every(span) => ("every", Some(plan::Within::Span(span))),
            MeasureKind::AsItComes(within) => ("as_it_comes", within),
        };
        Self {
            id: measure.id.to_string(),
            title: (&measure.title).into(),
            clause: measure.clause.to_string(),
            stage: measure.stage.as_str(),
            colours: colours(&measure.colours),
            periods: measure.periods.iter().map(ToString::to_string).collect(),
            of: roles(&measure.of),
            to: roles(&measure.to),
            kind,
            within_s: within.map(|within| within.lapse().as_secs()),
            at_once: within.is_some_and(plan::Within::at_once),
            after: measure.after.iter().map(ToString::to_string).collect(),
            is_default: measure.is_default,
        }
    }
}

impl From<&plan::Period> for WarningPeriod {
    fn from(period: &plan::Period) -> Self {
        let order = |order: &plan::PeriodOrder| PeriodOrder {
            by: roles(&order.by),
            to: roles(&order.to),
            colour: order.colour.as_str(),
            clause: order.clause.to_string(),
            lifted_by_orderer: order.lifted_by_orderer,
            is_default: order.is_default,
        };
        Self {
            id: period.id.to_string(),
            title: (&period.title).into(),
            clause: period.clause.to_string(),
            order: period.order.as_ref().map(order),
        }
    }
}

fn colours(colours: &[WarningColour]) -> Vec<&'static str> {
    colours.iter().map(|colour| colour.as_str()).collect()
}

fn acts(acts: &[Act]) -> Vec<&'static str> {
    acts.iter().map(|act| act.as_str()).collect()
}
