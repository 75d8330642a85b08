//! Warnings as the plan has them: colours and why, who issues them, what they state and oblige to.
//!
//! The page tells what the plan prescribes, and says itself that nothing here issues a warning.

use fengsui_domain::level::IncidentLevel;
use fengsui_domain::plan::{
    Approval, Change, ChangedBy, ColourRules, Edition, FieldOfWarning, GradingRule, IssuingRight, Measure,
    MeasureKind, Named, Period, PeriodOrder, ReceiptFrom, ReceiptRule, RuleId, Text, Warnings, Within,
};
use fengsui_domain::warning::{Act, Stage, WarningColour};

use super::Writer;
use crate::console::handlers::show;
use crate::console::view::plan::{PlanGroup, PlanRule, PlanSection};

impl Writer<'_> {
    /// The section of a plan that has warnings.
    pub(super) fn warnings(&self, warnings: &Warnings) -> PlanSection {
        let subjects = [
            ("warnings-colours", self.colours(warnings)),
            ("warnings-proposal", self.proposal(warnings)),
            ("warnings-issue", self.issue(warnings)),
            ("warnings-states", self.states(warnings)),
            ("warnings-editions", warnings.editions.iter().map(|each| self.edition(each)).collect()),
            ("warnings-receipts", warnings.receipts.iter().map(|each| self.confirmed(each)).collect()),
            ("warnings-before", self.before(warnings)),
        ];
        let mut groups: Vec<PlanGroup> = subjects
            .into_iter()
            .map(|(key, rules)| PlanGroup { title: self.t(key), colour: None, rules })
            .collect();
        groups.extend(warnings.colours.keys().map(|colour| self.under(warnings, *colour)));
        groups.extend(warnings.own_measures.iter().map(|clause| PlanGroup {
            title: self.t("warnings-under-any"),
            colour: None,
            rules: vec![self.rule("warning-own-measures", self.t("warning-own-measures"), clause)],
        }));
        groups.extend(warnings.periods.iter().map(|period| self.period(warnings, period)));
        groups.retain(|group| !group.rules.is_empty());
        PlanSection {
            id: "warnings".to_owned(),
            title: self.t("warnings"),
            note: self.t("warnings-note"),
            groups,
        }
    }

    /// A colour as the plan calls it.
    fn colour(&self, colour: WarningColour) -> String {
        let known = self.plan.warnings.as_ref().and_then(|warnings| warnings.colours.get(&colour));
        let title = known.map_or_else(|| colour.title(), |known| known.title.clone());
        show::text(&title, self.lang)
    }

    fn joined(&self, words: impl Iterator<Item = String>) -> String {
        words.collect::<Vec<_>>().join(&self.lang.t("list-comma"))
    }

    fn titles_of(&self, titles: impl Iterator<Item = Text>) -> String {
        self.joined(titles.map(|title| show::text(&title, self.lang)))
    }

    fn colour_names(&self, colours: &[WarningColour]) -> String {
        self.joined(colours.iter().map(|colour| self.colour(*colour)))
    }

    fn acts(&self, acts: &[Act]) -> String {
        self.titles_of(acts.iter().map(|act| act.title()))
    }

    fn colours(&self, warnings: &Warnings) -> Vec<PlanRule> {
        let level = |level: IncidentLevel| format!("{level} {}", self.lang.t(show::level(level).key()));
        let scale = self.rule("warning-scale", self.t("warning-scale"), &warnings.clause);
        let colours = warnings.colours.iter().map(|(colour, known)| PlanRule {
            colour: Some(colour.as_str()),
            parts: Self::parts([(self.t("warning-stands"), level(known.level))]),
            ..self.rule(&format!("warning-{colour}"), self.colour(*colour), &known.clause)
        });
        std::iter::once(scale).chain(colours).collect()
    }

    fn proposal(&self, warnings: &Warnings) -> Vec<PlanRule> {
        let grading = &warnings.grading;
        let (says, rules) = match &grading.rules {
            ColourRules::ByLevel => ("warning-by-level", &[][..]),
            ColourRules::Own(rules) => ("warning-by-rules", &rules[..]),
        };
        let decided = PlanRule {
            says: self.t(says),
            parts: Self::parts([(self.t("decides"), self.bodies(&grading.confirmed_by))]),
            ..self.rule("warning-grading", self.t("warning-grading"), &grading.clause)
        };
        let facts = warnings.questions().into_iter().map(|question| self.fact(question));
        let rules = rules.iter().map(|rule| self.colour_rule(rule));
        std::iter::once(decided).chain(facts).chain(rules).collect()
    }

    fn colour_rule(&self, rule: &GradingRule<WarningColour>) -> PlanRule {
        let judge = rule.judge.iter().map(|judge| (self.t("level-judge"), show::text(judge, self.lang)));
        PlanRule {
            colour: Some(rule.level.as_str()),
            says: show::text(&rule.says, self.lang),
            parts: Self::parts(judge),
            when: show::text(&self.plan.words(&rule.when), self.lang),
            ..self.rule(&format!("warning-rule-{}", rule.id), self.colour(rule.level), &rule.clause)
        }
    }

    fn issue(&self, warnings: &Warnings) -> Vec<PlanRule> {
        let mut rules: Vec<PlanRule> =
            warnings.rights.iter().map(|right| self.issuing(warnings, right)).collect();
        rules.extend(warnings.approvals.iter().map(|approval| self.approval(approval)));
        rules.extend(warnings.two_person.iter().map(|rule| PlanRule {
            parts: Self::parts([(self.t("warning-colours"), self.colour_names(&rule.colours))]),
            is_default: rule.is_default,
            ..self.rule("warning-two-person", self.t("warning-two-person"), &rule.clause)
        }));
        let changes = &warnings.changes;
        for (id, key, change) in [
            ("warning-update", "warning-update", &changes.update),
            ("warning-adjust", "warning-adjust", &changes.adjust),
            ("warning-lift", "warning-lift", &changes.lift),
        ] {
            rules.push(self.change(id, self.t(key), change));
        }
        rules
    }

    fn issuing(&self, warnings: &Warnings, right: &IssuingRight) -> PlanRule {
        let covered: Vec<WarningColour> =
            WarningColour::ALL.iter().copied().filter(|colour| right.covers(*colour)).collect();
        let named = right.named_by.as_ref().and_then(|id| warnings.approval(id));
        let named = named.map(|approval| self.bodies(&approval.by));
        PlanRule {
            parts: Self::parts([
                (self.t("warning-issued-by"), self.bodies(&right.by)),
                (self.t("warning-colours"), self.colour_names(&covered)),
                (self.t("warning-reach"), self.titles_of(right.reach.iter().map(|reach| reach.title()))),
                (self.t("warning-named-by"), named.unwrap_or_default()),
            ]),
            is_default: right.is_default,
            ..self.rule(
                &format!("warning-right-{}", right.id),
                show::text(&right.title, self.lang),
                &right.clause,
            )
        }
    }

    fn approval(&self, approval: &Approval) -> PlanRule {
        let marks = approval.marks.iter().map(|mark| self.plan.fact_title(mark));
        PlanRule {
            parts: Self::parts([
                (self.t("decides"), self.bodies(&approval.by)),
                (self.t("warning-colours"), self.colour_names(&approval.colours)),
                (self.t("warning-marked"), self.titles_of(marks)),
            ]),
            ..self.rule(
                &format!("warning-approval-{}", approval.id),
                show::text(&approval.title, self.lang),
                &approval.clause,
            )
        }
    }

    fn change(&self, anchor: &str, title: String, change: &Change) -> PlanRule {
        let by = match &change.by {
            ChangedBy::Issuer => self.t("warning-by-issuer"),
            ChangedBy::Bodies(bodies) => self.bodies(bodies),
        };
        let told = change.within.map(|within| show::limit(within, self.lang));
        PlanRule {
            parts: Self::parts([
                (self.t("warning-changed-by"), by),
                (self.t("warning-told"), told.unwrap_or_default()),
            ]),
            is_default: change.is_default,
            ..self.rule(anchor, title, &change.clause)
        }
    }

    fn states(&self, warnings: &Warnings) -> Vec<PlanRule> {
        let form = &warnings.form;
        let limits = if form.measures_have_limits { "warning-limits-must" } else { "warning-limits-may" };
        let open = form.open.then(|| self.t("warning-form-open"));
        let whole = PlanRule {
            says: self.joined(std::iter::once(self.t(limits)).chain(open)),
            ..self.rule("warning-form", self.t("warning-form"), &form.clause)
        };
        let field = |field: &FieldOfWarning| PlanRule {
            says: self.t(if field.optional { "warning-field-optional" } else { "warning-field-required" }),
            ..self.rule(
                &format!("warning-field-{}", field.id),
                show::text(&field.title, self.lang),
                &field.clause,
            )
        };
        std::iter::once(whole).chain(form.fields.iter().map(field)).collect()
    }

    fn edition(&self, edition: &Edition) -> PlanRule {
        let channel = |channel: &Named| {
            let clause = show::clause(&channel.clause, self.plan).short;
            format!("{} (§ {clause})", show::text(&channel.title, self.lang))
        };
        PlanRule {
            parts: Self::parts([
                (self.t("warning-told-of"), self.acts(&edition.acts)),
                (self.t("warning-channels"), self.joined(edition.channels.iter().map(channel))),
            ]),
            ..self.rule(
                &format!("warning-edition-{}", edition.id),
                show::text(&edition.audience, self.lang),
                &edition.clause,
            )
        }
    }

    fn confirmed(&self, receipt: &ReceiptRule) -> PlanRule {
        let from = receipt.from.iter().map(|from| {
            self.t(match from {
                ReceiptFrom::Units => "warning-each-unit",
                ReceiptFrom::People => "warning-each-person",
            })
        });
        let limits = receipt
            .within
            .iter()
            .map(|(colour, span)| (self.colour(*colour), show::limit(Within::Span(*span), self.lang)));
        let who =
            [(self.t("obliged"), self.joined(from)), (self.t("warning-told-of"), self.acts(&receipt.acts))];
        PlanRule {
            parts: Self::parts(who.into_iter().chain(limits)),
            is_default: receipt.is_default,
            ..self.rule(
                &format!("warning-receipt-{}", receipt.id),
                show::text(&receipt.title, self.lang),
                &receipt.clause,
            )
        }
    }

    /// What is owed before there is a warning, the earliest stage first.
    fn before(&self, warnings: &Warnings) -> Vec<PlanRule> {
        let stages = [Stage::Always, Stage::Information, Stage::Judged];
        let of = |stage: Stage| warnings.measures.iter().filter(move |measure| measure.stage == stage);
        let measures = stages.into_iter().flat_map(of);
        measures.map(|measure| self.measure(warnings, &format!("warning-{}", measure.id), measure)).collect()
    }

    /// What a warning of this colour obliges to; what two colours ask for stands under both.
    fn under(&self, warnings: &Warnings, colour: WarningColour) -> PlanGroup {
        let owed = |measure: &&Measure| measure.stage == Stage::Issued && measure.colours.contains(&colour);
        let measures = warnings.measures.iter().filter(owed);
        PlanGroup {
            title: self.lang.t_s("warnings-under", &self.colour(colour)).into_owned(),
            colour: Some(colour.as_str()),
            rules: measures
                .map(|measure| self.measure(warnings, &format!("warning-{colour}-{}", measure.id), measure))
                .collect(),
        }
    }

    fn measure(&self, warnings: &Warnings, anchor: &str, measure: &Measure) -> PlanRule {
        let colours = if measure.stage == Stage::Issued { &[][..] } else { &measure.colours[..] };
        let after = measure.after.iter().filter_map(|id| named(warnings, id));
        PlanRule {
            parts: Self::parts([
                (self.t("obliged"), self.bodies(&measure.of)),
                (self.t("to"), self.bodies(&measure.to)),
                (self.t("warning-colours"), self.colour_names(colours)),
                (self.t("clock-within"), self.owed(&measure.kind, measure.stage)),
                (self.t("clock-started"), self.counts_from(measure)),
                (self.t("warning-after"), self.titles_of(after.cloned())),
            ]),
            is_default: measure.is_default,
            ..self.rule(anchor, show::text(&measure.title, self.lang), &measure.clause)
        }
    }

    /// How a measure is owed, and within what time.
    fn owed(&self, kind: &MeasureKind, stage: Stage) -> String {
        let limit = |within: &Option<Within>| within.map(|within| show::limit(within, self.lang));
        match kind {
            MeasureKind::Once(within) => limit(within).unwrap_or_default(),
            MeasureKind::Standing(within) => {
                let kept = self.t(match stage {
                    Stage::Always => "warning-always",
                    Stage::Information | Stage::Judged | Stage::Issued => "warning-kept-up",
                });
                self.joined(limit(within).into_iter().chain([kept]))
            }
            MeasureKind::Every(span) => {
                self.lang.t_s("warning-every", &show::span(*span, self.lang)).into_owned()
            }
            MeasureKind::AsItComes(within) => {
                self.joined(std::iter::once(self.t("warning-as-it-comes")).chain(limit(within)))
            }
        }
    }

    /// What the first limit of a measure counts from; empty without one.
    fn counts_from(&self, measure: &Measure) -> String {
        let key = match measure.stage {
            Stage::Always => return String::new(),
            Stage::Information => "starts-information",
            Stage::Judged => "starts-threat-judged",
            Stage::Issued => "starts-issued",
        };
        measure.kind.first_due().map_or_else(String::new, |_| self.t(key))
    }

    fn period(&self, warnings: &Warnings, period: &Period) -> PlanGroup {
        let heading =
            self.rule(&format!("warning-period-{}", period.id), self.t("warning-period"), &period.clause);
        let own = warnings.measures.iter().filter(|measure| measure.periods.contains(&period.id));
        let own = own
            .map(|measure| self.measure(warnings, &format!("warning-{}-{}", period.id, measure.id), measure));
        let order = period.order.iter().map(|order| self.ordered(period, order));
        PlanGroup {
            title: show::text(&period.title, self.lang),
            colour: None,
            rules: std::iter::once(heading).chain(own).chain(order).collect(),
        }
    }

    fn ordered(&self, period: &Period, order: &PeriodOrder) -> PlanRule {
        let ends = if order.lifted_by_orderer { "warning-order-lifted" } else { "warning-order-ends" };
        PlanRule {
            colour: Some(order.colour.as_str()),
            says: self.t(ends),
            parts: Self::parts([
                (self.t("order-given-by"), self.bodies(&order.by)),
                (self.t("to"), self.bodies(&order.to)),
            ]),
            is_default: order.is_default,
            ..self.rule(
                &format!("warning-order-{}", period.id),
                self.lang.t_s("warning-order", &self.colour(order.colour)).into_owned(),
                &order.clause,
            )
        }
    }
}

/// What a measure or a receipt is called.
fn named<'w>(warnings: &'w Warnings, id: &RuleId) -> Option<&'w Text> {
    let measures = warnings.measures.iter().map(|measure| (&measure.id, &measure.title));
    let receipts = warnings.receipts.iter().map(|receipt| (&receipt.id, &receipt.title));
    measures.chain(receipts).find(|(known, _)| *known == id).map(|(_, title)| title)
}
