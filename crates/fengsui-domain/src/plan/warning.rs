//! Warnings, as a plan has them: colours, how one is proposed, who may issue it, and what it obliges to.
//!
//! The scale of colours is its own. A plan says which level of incident a colour stands for, and proposes
//! colours by that level or by rules of its own on a threat. What is done with these rules is in
//! [`crate::warning`]; nothing here issues, sends or keeps a warning.
//! Source: `national-2017/3.1.a` to `3.5`, `6.5.a` to `6.5.d`; `jincheng-internet-2008/4.1.1` to `4.3.3.c`.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use super::{Clause, Fact, FactId, GradingRule, Named, RoleId, RuleId, Text, Within};
use crate::level::IncidentLevel;
use crate::warning::{Act, Reach, Stage, WarningColour};

/// What a plan says of warnings.
#[derive(Clone, Debug, PartialEq)]
pub struct Warnings {
    /// The clause that sets up the scale of colours.
    pub clause: Clause,
    /// The colours the plan uses, worst first.
    pub colours: BTreeMap<WarningColour, Colour>,
    /// What the plan asks about a threat besides what it asks about an incident; no name is in both.
    pub facts: BTreeMap<FactId, Fact>,
    /// How a colour is proposed, and who decides on it.
    pub grading: ColourGrading,
    /// Who may issue which colours how far, in the order of the document.
    pub rights: Vec<IssuingRight>,
    /// Decisions of other bodies that come before issuing.
    pub approvals: Vec<Approval>,
    /// Colours that one person drafts and another issues; none if the plan has no such rule.
    pub two_person: Option<TwoPerson>,
    /// Who may change a warning once it was issued.
    pub changes: Changes,
    /// What a warning states.
    pub form: WarningForm,
    /// For whom it is written, and how it reaches them.
    pub editions: Vec<Edition>,
    /// Who confirms that it was received.
    pub receipts: Vec<ReceiptRule>,
    /// What is to be done, in the order of the document.
    pub measures: Vec<Measure>,
    /// The clause by which each warning says itself what is to be done, where the plan names nothing for it.
    pub own_measures: Option<Clause>,
    /// Periods in which measures apply without a warning.
    pub periods: Vec<Period>,
}

/// A colour of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colour {
    /// Its name, such as 红色.
    pub title: Text,
    /// The level of incident it stands for unless a person decides otherwise.
    pub level: IncidentLevel,
    /// Where it comes from.
    pub clause: Clause,
}

/// How a colour is proposed, and who decides on it.
#[derive(Clone, Debug, PartialEq)]
pub struct ColourGrading {
    /// Bodies that assess a threat and decide on the colour.
    pub confirmed_by: Vec<RoleId>,
    /// Where it comes from.
    pub clause: Clause,
    /// What proposes it.
    pub rules: ColourRules,
}

/// What proposes a colour.
#[derive(Clone, Debug, PartialEq)]
pub enum ColourRules {
    /// The rules on the level of the incident that happened or may happen; the colour is the one that stands
    /// for the level.
    ByLevel,
    /// Rules on the threat, tested from the top; the first that holds is proposed.
    Own(Vec<GradingRule<WarningColour>>),
}

/// Who may issue which colours how far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuingRight {
    /// Its id.
    pub id: RuleId,
    /// What it says, in a sentence.
    pub title: Text,
    /// Any of these may issue.
    pub by: Vec<RoleId>,
    /// The worst colour it covers.
    pub highest: WarningColour,
    /// The mildest colour it covers.
    pub lowest: WarningColour,
    /// How far the warnings may reach.
    pub reach: Vec<Reach>,
    /// It exists only where this approval is needed, and only for the body which that decision names; where
    /// it is needed, rights without that name do not count.
    pub named_by: Option<RuleId>,
    /// Where it comes from.
    pub clause: Clause,
    /// The document does not say so; it is ours.
    pub is_default: bool,
}

impl IssuingRight {
    /// Whether it covers a colour.
    pub fn covers(&self, colour: WarningColour) -> bool {
        (self.highest..=self.lowest).contains(&colour)
    }
}

/// A decision of another body that comes before issuing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// Its id.
    pub id: RuleId,
    /// What it says, in a sentence.
    pub title: Text,
    /// Any of these decides.
    pub by: Vec<RoleId>,
    /// Colours that need it.
    pub colours: Vec<WarningColour>,
    /// Marks on a threat that need it, whatever the colour.
    pub marks: Vec<FactId>,
    /// Where it comes from.
    pub clause: Clause,
}

/// Colours that take two persons: one who drafts, another who issues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TwoPerson {
    /// The colours.
    pub colours: Vec<WarningColour>,
    /// Where it comes from.
    pub clause: Clause,
    /// The document does not say so; it is ours.
    pub is_default: bool,
}

/// Who may change a warning once it was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// Its text, in the same colour.
    pub update: Change,
    /// Its colour or how far it reaches; issuing in the new colour must be allowed as well.
    pub adjust: Change,
    /// Its end.
    pub lift: Change,
}

impl Changes {
    /// The rule of an act; a warning is issued by its own rules.
    pub fn of(&self, act: Act) -> Option<&Change> {
        match act {
            Act::Issue => None,
            Act::Update => Some(&self.update),
            Act::Adjust => Some(&self.adjust),
            Act::Lift => Some(&self.lift),
        }
    }
}

/// A right to change a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Who has it.
    pub by: ChangedBy,
    /// How soon everybody who had the warning is told, counted from the decision, if the plan says so.
    pub within: Option<Within>,
    /// Where it comes from.
    pub clause: Clause,
    /// The document does not say so, or gives no figure; it is ours.
    pub is_default: bool,
}

/// Who may change a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangedBy {
    /// The body that issued it.
    Issuer,
    /// Any of these bodies, whoever issued it.
    Bodies(Vec<RoleId>),
}

/// What a warning states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WarningForm {
    /// Where it comes from.
    pub clause: Clause,
    /// The fields, in the order of the document.
    pub fields: Vec<FieldOfWarning>,
    /// Further fields may be added.
    pub open: bool,
    /// Each measure that it names has a time limit; otherwise it may have one.
    pub measures_have_limits: bool,
}

/// A field of a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldOfWarning {
    /// Its id.
    pub id: RuleId,
    /// Its name.
    pub title: Text,
    /// Where it comes from.
    pub clause: Clause,
    /// It may be left out.
    pub optional: bool,
}

/// A warning as one audience gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    /// Its id.
    pub id: RuleId,
    /// Who gets it.
    pub audience: Text,
    /// Where it comes from.
    pub clause: Clause,
    /// How it reaches them; empty if the plan does not say.
    pub channels: Vec<Named>,
    /// What is told to them.
    pub acts: Vec<Act>,
}

/// Who confirms a warning, and how soon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptRule {
    /// Its id.
    pub id: RuleId,
    /// What it says, in a sentence.
    pub title: Text,
    /// The edition it is about.
    pub edition: RuleId,
    /// Who confirms.
    pub from: Vec<ReceiptFrom>,
    /// What is confirmed.
    pub acts: Vec<Act>,
    /// How soon by colour, counted from the sending.
    pub within: BTreeMap<WarningColour, SignedDuration>,
    /// Where it comes from.
    pub clause: Clause,
    /// The document gives no figures; these are ours.
    pub is_default: bool,
}

/// Who confirms a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReceiptFrom {
    /// Each unit that was told.
    Units,
    /// Each person who was told.
    People,
}

/// Something to be done before, under or without a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// Its id.
    pub id: RuleId,
    /// What is done.
    pub title: Text,
    /// Where it comes from.
    pub clause: Clause,
    /// From when it is owed.
    pub stage: Stage,
    /// The colours it belongs to. Before a warning is issued, none means any.
    pub colours: Vec<WarningColour>,
    /// The periods it belongs to.
    pub periods: Vec<RuleId>,
    /// Each of these owes it.
    pub of: Vec<RoleId>,
    /// Who is told, if it is a report.
    pub to: Vec<RoleId>,
    /// How it is owed.
    pub kind: MeasureKind,
    /// Measures and receipts that come before it.
    pub after: Vec<RuleId>,
    /// The document gives no figure here; this one is ours.
    pub is_default: bool,
}

/// How a measure is owed; limits count from its stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeasureKind {
    /// Once, within a limit if the plan has one.
    Once(Option<Within>),
    /// Set up within the limit, then kept up until the warning is lifted or the period ends.
    Standing(Option<Within>),
    /// Again and again, this long after the time before.
    Every(SignedDuration),
    /// Whenever there is something, within the limit of that.
    AsItComes(Option<Within>),
}

impl MeasureKind {
    /// The limit that counts from the start of its stage; for what comes again, the first one.
    pub fn first_due(&self) -> Option<Within> {
        match self {
            Self::Once(within) | Self::Standing(within) => *within,
            Self::Every(span) => Some(Within::Span(*span)),
            Self::AsItComes(_) => None,
        }
    }
}

/// A period in which measures apply without a warning, such as an important event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// Its id.
    pub id: RuleId,
    /// Its name.
    pub title: Text,
    /// Where it comes from.
    pub clause: Clause,
    /// Who may order the measures of a colour in it, if the plan has that.
    pub order: Option<PeriodOrder>,
}

/// An order to do, for a period, what a warning of some colour obliges to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodOrder {
    /// Any of these may order it.
    pub by: Vec<RoleId>,
    /// Whom it may be given to.
    pub to: Vec<RoleId>,
    /// The colour whose measures apply.
    pub colour: WarningColour,
    /// Where it comes from.
    pub clause: Clause,
    /// The body that gave the order may lift it before the period ends; otherwise only that end does.
    pub lifted_by_orderer: bool,
    /// How it ends is not said by the document; it is ours.
    pub is_default: bool,
}

impl Warnings {
    /// The approval of this id.
    pub fn approval(&self, id: &RuleId) -> Option<&Approval> {
        self.approvals.iter().find(|approval| approval.id == *id)
    }

    /// The period of this id.
    pub fn period(&self, id: &RuleId) -> Option<&Period> {
        self.periods.iter().find(|period| period.id == *id)
    }

    /// The questions about a threat in the order of the pack.
    pub fn questions(&self) -> Vec<(&FactId, &Fact)> {
        let mut facts: Vec<_> = self.facts.iter().collect();
        facts.sort_by_key(|(id, fact)| (fact.place, *id));
        facts
    }
}
