//! Which colour a threat has, why, and what would change it.

use std::borrow::Cow;

use super::WarningColour;
use crate::expr::Answers;
use crate::grading::{Proposal, RuleSet};
use crate::plan::{ColourRules, GradingRule, Plan, Warnings};

/// What the answers on a threat lead to: a colour, or no warning, which sorts last as the mildest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Signal {
    /// A warning of this colour.
    Colour(WarningColour),
    /// No rule can hold any longer.
    NoWarning,
}

impl Signal {
    /// The colour, if it is one.
    pub fn colour(self) -> Option<WarningColour> {
        match self {
            Self::Colour(colour) => Some(colour),
            Self::NoWarning => None,
        }
    }

    /// The stable name: that of the colour, or `none`.
    pub fn as_str(self) -> &'static str {
        self.colour().map_or("none", WarningColour::as_str)
    }
}

/// The colour that the plan proposes for what is known of a threat, with the explanation of every rule.
///
/// Where a plan proposes by the level of incident, the answers are those to its questions about an incident,
/// as far as that has happened or is expected. `None` if the plan has no warnings.
///
/// Source: `national-2017/3.1.b`, `jincheng-internet-2008/4.3.1.1` to `4.3.1.4`.
pub fn colour_proposed(plan: &Plan, answers: &Answers) -> Option<Proposal<Signal>> {
    let warnings = plan.warnings.as_ref()?;
    Some(rules_of_colours(plan, warnings).propose(answers))
}

/// The rules that propose a colour, for the proposal and for the check of the pack.
pub fn rules_of_colours<'p>(plan: &'p Plan, warnings: &Warnings) -> RuleSet<'p, Signal> {
    let rules = match &warnings.grading.rules {
        ColourRules::Own(rules) => {
            rules.iter().map(|rule| proposing(rule, Signal::Colour(rule.level))).collect()
        }
        ColourRules::ByLevel => plan.grading.rules.iter().map(|rule| by_level(warnings, rule)).collect(),
    };
    RuleSet::new(plan, Cow::Owned(rules), Signal::NoWarning)
}

/// A rule on the level of incident proposes the colour that stands for the level; none if no colour does.
fn by_level(warnings: &Warnings, rule: &GradingRule) -> GradingRule<Signal> {
    let mut colours = warnings.colours.iter();
    let colour = colours.find(|(_, colour)| colour.level == rule.level).map(|(colour, _)| *colour);
    proposing(rule, colour.map_or(Signal::NoWarning, Signal::Colour))
}

/// The same rule, proposing something else.
fn proposing<L>(rule: &GradingRule<L>, level: Signal) -> GradingRule<Signal> {
    GradingRule {
        id: rule.id.clone(),
        level,
        when: rule.when.clone(),
        clause: rule.clause.clone(),
        says: rule.says.clone(),
        judge: rule.judge.clone(),
    }
}
