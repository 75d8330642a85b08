//! The sections of a plan's page, in the order of the document: each rule in words, with its clause.

use std::borrow::Cow;

use fengsui_domain::plan::{
    Clause, ClockRule, Fact, FactId, FactKind, Named, OrderRule, Plan, PublicationRule, Right, RoleId,
    RuleId, Stage,
};

use crate::console::handlers::show;
use crate::console::lang::Lang;
use crate::console::view::plan::{PlanGroup, PlanRule, PlanSection};

mod warnings;

/// Every section of the plan.
pub(super) fn all(plan: &Plan, lang: Lang) -> Vec<PlanSection> {
    let writer = Writer { plan, lang };
    let sections = [
        ("roles", lang.t("plan-roles"), writer.roles()),
        ("categories", lang.t("category"), writer.categories()),
        ("intake", lang.t("plan-intake"), writer.intake()),
        ("facts", lang.t("facts"), writer.facts()),
        ("grading", lang.t("plan-grading"), writer.grading()),
        ("clocks", lang.t("clocks"), plan.clocks.iter().map(|clock| writer.clock(clock)).collect()),
        ("responses", lang.t("response"), writer.responses()),
        ("immediate", lang.t("immediate"), writer.named(&plan.immediate_actions)),
        ("disposal", lang.t("disposal"), writer.disposal()),
        ("orders", lang.t("orders"), writer.orders()),
        ("closing", lang.t("tab-closing"), writer.closing()),
        (
            "publications",
            lang.t("publications"),
            plan.publications.iter().map(|chain| writer.publication(chain)).collect(),
        ),
        ("clauses", lang.t("plan-clauses"), writer.clauses()),
    ];
    let section = |(id, title, rules): (&str, Cow<'static, str>, Vec<PlanRule>)| PlanSection {
        id: id.to_owned(),
        title: title.into_owned(),
        note: String::new(),
        groups: vec![PlanGroup { title: String::new(), colour: None, rules }],
    };
    let mut sections: Vec<PlanSection> =
        sections.into_iter().map(section).filter(|section| section.count() > 0).collect();
    if let Some(warnings) = &plan.warnings {
        // Documents speak of warnings between levels and response.
        let place = sections.iter().position(|section| section.id == "clocks");
        sections.insert(place.unwrap_or(sections.len()), writer.warnings(warnings));
    }
    sections
}

/// One duty of the plan in words.
pub(super) fn clock(plan: &Plan, rule: &ClockRule, lang: Lang) -> PlanRule {
    Writer { plan, lang }.clock(rule)
}

struct Writer<'p> {
    plan: &'p Plan,
    lang: Lang,
}

impl Writer<'_> {
    fn rule(&self, anchor: &str, title: String, clause: &Clause) -> PlanRule {
        PlanRule {
            anchor: anchor.to_owned(),
            title,
            says: String::new(),
            parts: Vec::new(),
            when: String::new(),
            clause: show::clause(clause, self.plan),
            level: None,
            colour: None,
            unverified: show::unverified(self.plan, clause, self.lang),
            is_default: false,
        }
    }

    fn t(&self, key: &str) -> String {
        self.lang.t(key).into_owned()
    }

    fn bodies(&self, ids: &[RoleId]) -> String {
        show::roles(self.plan, ids, self.lang)
    }

    /// The parts that say something.
    fn parts(parts: impl IntoIterator<Item = (String, String)>) -> Vec<(String, String)> {
        parts.into_iter().filter(|(_, text)| !text.is_empty()).collect()
    }

    fn named(&self, items: &[Named]) -> Vec<PlanRule> {
        let rule = |item: &Named| {
            self.rule(&format!("rule-{}", item.id), show::text(&item.title, self.lang), &item.clause)
        };
        items.iter().map(rule).collect()
    }

    fn roles(&self) -> Vec<PlanRule> {
        let rule = |(id, role): (&RoleId, &fengsui_domain::plan::Role)| {
            let fallback = role.fallback.as_ref().map(|other| show::role(self.plan, other, self.lang));
            let falls_back = fallback.map(|other| self.lang.t_s("falls-back", &other).into_owned());
            let temporary = role.temporary.then(|| self.t("temporary"));
            PlanRule {
                says: show::text(&role.duty, self.lang),
                parts: Self::parts([(
                    self.t("details"),
                    temporary.into_iter().chain(falls_back).collect::<Vec<_>>().join(" · "),
                )]),
                ..self.rule(&format!("role-{id}"), show::text(&role.title, self.lang), &role.clause)
            }
        };
        self.plan.roles.iter().map(rule).collect()
    }

    fn categories(&self) -> Vec<PlanRule> {
        let choices = show::category_choices(self.plan, self.lang);
        let rule = |(choice, (_, category)): (
            crate::console::view::parts::Choice,
            (_, &fengsui_domain::plan::Category),
        )| {
            PlanRule {
                says: choice.hint,
                ..self.rule(&format!("category-{}", choice.value), choice.text, &category.clause)
            }
        };
        choices.into_iter().zip(self.plan.classes()).map(rule).collect()
    }

    fn intake(&self) -> Vec<PlanRule> {
        let triage = &self.plan.triage;
        let outcome =
            |id: &str, key: &str, clause: &Clause| self.rule(&format!("triage-{id}"), self.t(key), clause);
        let prefixed = |prefix: &str, items: &[Named]| -> Vec<PlanRule> {
            let rule = |item: &Named| {
                self.rule(&format!("{prefix}-{}", item.id), show::text(&item.title, self.lang), &item.clause)
            };
            items.iter().map(rule).collect()
        };
        let mut rules = prefixed("source", &self.plan.intake.sources);
        rules.extend(prefixed("point", &self.plan.intake.points));
        for (id, key, clause) in [
            ("incident", "triage-incident", &triage.incident),
            ("false-positive", "triage-false-positive", &triage.false_positive),
            ("not-ours", "triage-not-ours", &triage.not_ours),
        ] {
            rules.extend(clause.as_ref().map(|clause| outcome(id, key, clause)));
        }
        rules.extend(prefixed("analysis", &triage.analysis));
        rules
    }

    fn facts(&self) -> Vec<PlanRule> {
        self.plan.questions().into_iter().map(|question| self.fact(question)).collect()
    }

    fn fact(&self, (id, fact): (&FactId, &Fact)) -> PlanRule {
        let answers = match &fact.kind {
            FactKind::Bool => format!("{} / {}", self.t("yes"), self.t("no")),
            FactKind::Count => self.t("answer-count"),
            FactKind::OneOf(choices) => {
                let titles: Vec<String> =
                    choices.iter().map(|choice| show::text(&choice.title, self.lang)).collect();
                titles.join(&self.lang.t("list-comma"))
            }
        };
        let judged_by = show::role(self.plan, &fact.judged_by, self.lang);
        PlanRule {
            says: show::text(&fact.hint, self.lang),
            parts: Self::parts([(self.t("answers"), answers), (self.t("decides"), judged_by)]),
            ..self.rule(&format!("fact-{id}"), show::text(&fact.title, self.lang), &fact.clause)
        }
    }

    fn grading(&self) -> Vec<PlanRule> {
        let confirmed = PlanRule {
            parts: Self::parts([(self.t("level-confirms"), self.bodies(&self.plan.grading.confirmed_by))]),
            ..self.rule("grading-confirm", self.t("grade"), &self.plan.grading.clause)
        };
        let rule = |rule: &fengsui_domain::plan::GradingRule| PlanRule {
            says: show::text(&rule.says, self.lang),
            parts: Self::parts(
                rule.judge.iter().map(|judge| (self.t("level-judge"), show::text(judge, self.lang))),
            ),
            when: show::text(&self.plan.words(&rule.when), self.lang),
            level: Some(show::level(rule.level)),
            ..self.rule(
                &format!("rule-{}", rule.id),
                self.clause_title(&rule.clause, rule.level.as_str()),
                &rule.clause,
            )
        };
        std::iter::once(confirmed).chain(self.plan.grading.rules.iter().map(rule)).collect()
    }

    /// A grading rule is called as its clause is; the level's name stands in its badge.
    fn clause_title(&self, clause: &Clause, otherwise: &str) -> String {
        let heading = self.plan.clauses.get(clause);
        heading.map_or_else(|| otherwise.to_owned(), |heading| show::text(heading, self.lang))
    }

    fn clock(&self, clock: &ClockRule) -> PlanRule {
        let form = clock.form.map_or_else(String::new, |form| self.t(show::form(form).key()));
        let tell = |step: &fengsui_domain::plan::Escalation| {
            format!("{} % → {}", step.at_percent, show::role(self.plan, &step.to, self.lang))
        };
        PlanRule {
            parts: Self::parts([
                (self.t("obliged"), self.bodies(&clock.of)),
                (self.t("to"), self.bodies(&clock.to)),
                (self.t("report-form"), form),
                (self.t("clock-started"), show::starts(clock.starts, self.lang)),
                (self.t("clock-after"), self.titles(&clock.after)),
                (self.t("clock-within"), show::within(clock, self.lang)),
                (self.t("clock-met-by"), self.met_by(clock)),
                (self.t("clock-repeats"), if clock.repeats { self.t("yes") } else { String::new() }),
                (
                    self.t("escalations"),
                    clock.escalate.iter().map(tell).collect::<Vec<_>>().join(&self.lang.t("list-comma")),
                ),
                (self.t("extendable"), self.bodies(&clock.extendable_by)),
            ]),
            when: show::text(&self.plan.words(&clock.when), self.lang),
            is_default: clock.is_default,
            ..self.rule(&format!("rule-{}", clock.id), show::text(&clock.title, self.lang), &clock.clause)
        }
    }

    /// The names of clocks.
    fn titles(&self, clocks: &[RuleId]) -> String {
        let titles =
            clocks.iter().filter_map(|id| self.plan.clock(id)).map(|rule| show::text(&rule.title, self.lang));
        titles.collect::<Vec<_>>().join(&self.lang.t("list-comma"))
    }

    /// What meets a clock; the action by its name where only one does.
    fn met_by(&self, clock: &ClockRule) -> String {
        let wanted = clock.action.as_ref();
        let action = wanted.and_then(|id| self.plan.immediate_actions.iter().find(|known| known.id == *id));
        match action {
            Some(action) => show::text(&action.title, self.lang),
            None => show::met_by(clock.met_by, self.lang),
        }
    }

    fn responses(&self) -> Vec<PlanRule> {
        let mut rules = Vec::new();
        for response in &self.plan.responses {
            let conditions: Vec<String> = response
                .end_when
                .conditions
                .iter()
                .map(|condition| show::text(&condition.title, self.lang))
                .collect();
            let how = self.t(if response.end_when.all { "end-all" } else { "end-any" });
            let headquarters = response.headquarters.as_ref();
            let headquarters =
                headquarters.map(|rule| if rule.always { "hq-always" } else { "hq-necessary" });
            rules.push(PlanRule {
                says: response
                    .delegated
                    .as_ref()
                    .map_or_else(String::new, |text| show::text(text, self.lang)),
                level: Some(show::level(response.level)),
                parts: Self::parts([
                    (self.t("two-person"), self.t(if response.two_person { "yes" } else { "no" })),
                    (self.t("headquarters"), headquarters.map_or_else(String::new, |key| self.t(key))),
                    (
                        self.t("end-conditions"),
                        format!("{how} {}", conditions.join(&self.lang.t("list-comma"))),
                    ),
                ]),
                ..self.rule(
                    &format!("response-{}", response.level),
                    show::text(&response.title, self.lang),
                    &response.clause,
                )
            });
            let steps = [
                ("start", "response-step-start", &response.start),
                ("adjust", "response-step-adjust", &response.adjust),
                ("end", "response-step-end", &response.end),
            ];
            for (id, key, right) in steps {
                rules.push(self.right(&format!("response-{}-{id}", response.level), key, right));
            }
        }
        rules
    }

    fn right(&self, anchor: &str, key: &str, right: &Right) -> PlanRule {
        PlanRule {
            parts: Self::parts([
                (self.t("proposes"), self.bodies(&right.propose)),
                (self.t("decides"), self.bodies(&right.decide)),
                (self.t("is-told"), self.bodies(&right.notify)),
            ]),
            ..self.rule(anchor, self.t(key), &right.clause)
        }
    }

    fn disposal(&self) -> Vec<PlanRule> {
        let Some(disposal) = &self.plan.disposal else { return Vec::new() };
        let stage = |id: &str, key: &str, stage: &Stage| PlanRule {
            says: self.lang.t_s("stage-by", &self.bodies(&stage.by)).into_owned(),
            ..self.rule(&format!("disposal-{id}"), self.t(key), &stage.clause)
        };
        let mut stages = vec![
            stage("draft", "disposal-draft", &disposal.draft),
            stage("verify", "disposal-verify", &disposal.verify),
        ];
        stages.extend(disposal.sum_up.as_ref().map(|rule| stage("sum-up", "disposal-sum-up", rule)));
        stages.push(stage("approve", "disposal-approve", &disposal.approve));
        stages.push(stage("execute", "disposal-execute", &disposal.execute));
        stages
    }

    fn orders(&self) -> Vec<PlanRule> {
        let order = |rule: &OrderRule| {
            let fields: Vec<String> =
                rule.experts.iter().map(|field| show::text(&field.title, self.lang)).collect();
            let aftermath = if rule.aftermath { self.t("order-aftermath") } else { String::new() };
            PlanRule {
                says: aftermath,
                parts: Self::parts([
                    (self.t("order-given-by"), self.bodies(&rule.from)),
                    (self.t("to"), self.bodies(&rule.to)),
                    (self.t("expert-field"), fields.join(&self.lang.t("list-comma"))),
                ]),
                when: show::text(&self.plan.words(&rule.when), self.lang),
                ..self.rule(&format!("order-{}", rule.id), show::text(&rule.title, self.lang), &rule.clause)
            }
        };
        let grants = self.plan.grants.iter().map(|rule| PlanRule {
            says: self.lang.t_s("stage-by", &self.bodies(&rule.by)).into_owned(),
            ..self.rule("grants", self.t("grant-give"), &rule.clause)
        });
        self.plan.orders.iter().map(order).chain(grants).collect()
    }

    fn closing(&self) -> Vec<PlanRule> {
        let review = &self.plan.review;
        let mut rules = vec![self.rule("review", self.t("review"), &review.clause)];
        rules.extend(review.leads.iter().enumerate().map(|(place, lead)| PlanRule {
            says: self.bodies(&lead.by),
            when: show::text(&self.plan.words(&lead.when), self.lang),
            ..self.rule(&format!("review-lead-{}", place + 1), self.t("review-led"), &lead.clause)
        }));
        rules.extend(review.topics.iter().map(|topic| {
            self.rule(&format!("topic-{}", topic.id), show::text(&topic.title, self.lang), &topic.clause)
        }));
        let change = review.plan_change.iter();
        rules.extend(change.map(|clause| self.rule("plan-change", self.t("plan-change"), clause)));
        rules.extend(self.plan.filing.iter().map(|filing| PlanRule {
            parts: Self::parts([
                (self.t("obliged"), self.bodies(&filing.by)),
                (self.t("to"), self.bodies(&filing.to)),
                (self.t("receipt"), if filing.to_each { self.t("filing-each") } else { String::new() }),
            ]),
            ..self.rule("filing", self.t("filing"), &filing.clause)
        }));
        rules
    }

    fn publication(&self, chain: &PublicationRule) -> PlanRule {
        PlanRule {
            parts: Self::parts([
                (self.t("audience"), show::text(&chain.audience, self.lang)),
                (self.t("disposal-draft"), self.bodies(&chain.draft)),
                (self.t("approve"), self.bodies(&chain.approve)),
                (self.t("release-text"), self.bodies(&chain.release)),
            ]),
            when: show::text(&self.plan.words(&chain.when), self.lang),
            ..self.rule(
                &format!("publication-{}", chain.id),
                show::text(&chain.title, self.lang),
                &chain.clause,
            )
        }
    }

    /// Every clause the pack rests on: where links from anywhere in the console arrive.
    fn clauses(&self) -> Vec<PlanRule> {
        let mut clauses: Vec<_> = self.plan.clauses.iter().collect();
        clauses.sort_by(|(a, _), (b, _)| a.reading_order(b));
        let rule = |(clause, title): (&Clause, &fengsui_domain::plan::Text)| {
            self.rule(&show::clause_anchor(clause, self.plan), show::text(title, self.lang), clause)
        };
        clauses.into_iter().map(rule).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_clause_a_page_can_link_to_has_its_place_and_no_place_stands_twice() {
        let library = fengsui_wire::plan::Library::shipped();
        for pack in library.list() {
            for lang in Lang::ALL {
                let sections = all(&pack.plan, lang);
                let rules =
                    || sections.iter().flat_map(|section| &section.groups).flat_map(|group| &group.rules);
                let mut anchors = BTreeSet::new();
                for rule in rules() {
                    assert!(anchors.insert(rule.anchor.clone()), "`{}` stands twice", rule.anchor);
                    assert!(!rule.title.is_empty() && !rule.title.contains('⟦'), "`{}`", rule.anchor);
                }
                for rule in rules() {
                    let (_, anchor) = rule.clause.href.split_once('#').unwrap();
                    assert!(anchors.contains(anchor), "`{anchor}` leads nowhere");
                }
            }
        }
    }
}
