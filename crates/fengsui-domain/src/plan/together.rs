//! Several plans on one incident: composed into one plan that the engine runs like any other.
//!
//! One plan leads: its categories class the incident, its bodies confirm the level, its rights start and
//! end the response, its zone shows the times; the days of a duty are counted by the calendar of its own plan. All duties of every plan apply: clocks, playbooks, orders,
//! immediate actions, publications, topics of the review. The rules on levels are tested from the gravest
//! level down, whichever plan they stand in, so the graver proposal is the one proposed. What a plan has
//! once (a response at one level, the disposal chain, permissions) is the leading plan's; where it has none
//! or leaves the level to others, that of the next plan which has one. Each plan that asks for a filing gets
//! its own ([`Plan::filings`]). Warnings are not about one incident: each plan has its own, and the whole has
//! those of the leading plan.
//!
//! Names of another plan get its id in front, joined by [`JOINT`], so that nothing of one plan is ever
//! taken for something of another; only bodies and facts that the packs themselves call the same
//! ([`Beside`]) are one. A body of the same id is the same body, as it is for the accounts of a node.
//! Source: `jincheng-internet-2008/8.5.1.b`, `jincheng-egov-2008/1.4.b`, `7.b`, `national-2017/4.2.3`, `8.1.b`.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    CategoryId, Clause, ClockRule, Disposal, Fact, FactId, FactKind, Filing, Holidays, Named, OrderRule,
    Plan, PlanId, Playbook, PublicationRule, ResponseRule, Right, Role, RoleId, RuleId, Stage, StepRef, Text,
};
use crate::expr::Expr;
use crate::permission::named;

/// What stands between the id of a plan and a name of that plan, where several plans run together.
pub const JOINT: char = '~';

named! {
    /// How a plan stands to another one that it runs beside.
    Relation {
        /// The other is the plan of the authority above.
        Parent = "parent",
        /// Both govern some incidents.
        Overlap = "overlap",
    }
}

/// What a plan says of running beside another one on one incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beside {
    /// How it stands to the other.
    pub relation: Relation,
    /// The clause that says so, of this plan or of the other.
    pub clause: Clause,
    /// Bodies of this plan that are bodies of the other: own id, the other's.
    pub bodies: BTreeMap<RoleId, RoleId>,
    /// Facts of this plan that are facts of the other, so that one answer serves both: own id, the other's.
    pub facts: BTreeMap<FactId, FactId>,
}

/// A plan that runs together with the leading one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// Its id.
    pub id: PlanId,
    /// Its name.
    pub title: Text,
    /// The filing it asks for, its bodies named as in the whole.
    pub filing: Option<Filing>,
    /// The zone in which its days are counted.
    pub zone: String,
    /// Its days off.
    pub holidays: Holidays,
}

impl Plan {
    /// Every filing that is asked for, the leading plan's first; with the id of a plan that runs beside it.
    pub fn filings(&self) -> impl Iterator<Item = (Option<&PlanId>, &Filing)> {
        let beside = self.joined.iter().filter_map(|plan| Some((Some(&plan.id), plan.filing.as_ref()?)));
        self.filing.iter().map(|filing| (None, filing)).chain(beside)
    }
}

/// Why two plans cannot run together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Clash {
    /// A plan stands twice in the list.
    #[error("the plan {0} is there already")]
    Twice(PlanId),
    /// A pack calls two things the same of which one does not exist.
    #[error("the plan {plan} takes {name} for the same, which is not in the other plan")]
    Missing {
        /// The plan whose pack says so.
        plan: PlanId,
        /// The name that is not there.
        name: String,
    },
    /// Two facts called the same are answered differently.
    #[error("the fact {fact} of {plan} is answered in another way than {other}")]
    Unlike {
        /// The plan.
        plan: PlanId,
        /// Its fact.
        fact: FactId,
        /// The fact it is said to be.
        other: FactId,
    },
}

/// The plan that `lead` and `others` make together; `lead` alone makes itself.
///
/// # Errors
/// [`Clash`] if the packs contradict each other on what is the same.
pub fn together(lead: &Plan, others: &[&Plan]) -> Result<Plan, Clash> {
    let mut whole = lead.clone();
    let mut known: Vec<(&Plan, Names)> = vec![(lead, Names::own(lead))];
    for other in others {
        if known.iter().any(|(plan, _)| plan.id == other.id) {
            return Err(Clash::Twice(other.id.clone()));
        }
        let names = Names::among(other, &known)?;
        names.check(other, &whole)?;
        join(&mut whole, other, &names);
        known.push((other, names));
    }
    // Sorting keeps the order within a level, so the leading plan's rules come first there.
    whole.grading.rules.sort_by_key(|rule| rule.level);
    Ok(whole)
}

/// The plan a name belongs to where several run together: `None` for the leading one.
pub fn plan_of(name: &RuleId) -> Option<&str> {
    own_name(name).0
}

/// The same, with the name as that plan's pack has it.
pub fn own_name(name: &RuleId) -> (Option<&str>, &str) {
    match name.as_str().split_once(JOINT) {
        Some((plan, name)) => (Some(plan), name),
        None => (None, name.as_str()),
    }
}

/// Adds what `other` has to `whole`.
fn join(whole: &mut Plan, other: &Plan, names: &Names) {
    whole.joined.push(Joined {
        id: other.id.clone(),
        title: other.title.clone(),
        filing: other.filing.as_ref().map(|filing| names.filing(filing)),
        zone: other.zone.clone(),
        holidays: other.holidays.clone(),
    });
    whole.clauses.extend(other.clauses.clone());
    for (id, role) in &other.roles {
        whole.roles.entry(names.role(id)).or_insert_with(|| names.body(role));
    }
    let places = whole.facts.len();
    for (id, fact) in other.facts.iter().filter(|(id, _)| !names.facts.contains_key(*id)) {
        let fact =
            Fact { place: places + fact.place, judged_by: names.role(&fact.judged_by), ..fact.clone() };
        whole.facts.insert(names.fact(id), fact);
    }
    // A level that only another plan knows can be proposed, so it can be confirmed.
    for (level, entry) in &other.levels {
        whole.levels.entry(*level).or_insert_with(|| entry.clone());
    }
    let rules = other.grading.rules.iter().cloned().map(|mut rule| {
        (rule.id, rule.when) = (names.rule(&rule.id), names.expr(&rule.when));
        rule
    });
    whole.grading.rules.extend(rules);
    whole.intake.sources.extend(names.list(&other.intake.sources));
    whole.intake.points.extend(names.list(&other.intake.points));
    whole.triage.analysis.extend(names.list(&other.triage.analysis));
    whole.clocks.extend(other.clocks.iter().map(|rule| names.clock(rule)));
    for response in &other.responses {
        let own = whole.responses.iter().position(|own| own.level == response.level);
        match own {
            None => whole.responses.push(names.response(response)),
            Some(own) if whole.responses[own].delegated.is_some() && response.delegated.is_none() => {
                whole.responses[own] = names.response(response);
            }
            Some(_) => {}
        }
    }
    whole.responses.sort_by_key(|response| response.level);
    whole.immediate_actions.extend(names.list(&other.immediate_actions));
    if whole.disposal.is_none() {
        whole.disposal = other.disposal.as_ref().map(|chain| names.disposal(chain));
    }
    whole.orders.extend(other.orders.iter().map(|rule| names.order(rule)));
    if whole.grants.is_none() {
        whole.grants = other.grants.as_ref().map(|stage| names.stage(stage));
    }
    let classes = classes(whole, other);
    whole.playbooks.extend(other.playbooks.iter().map(|playbook| names.playbook(playbook, &classes)));
    whole.review.topics.extend(names.list(&other.review.topics));
    whole.publications.extend(other.publications.iter().map(|rule| names.publication(rule)));
    whole.evidence.extend(other.evidence.iter().cloned());
    let defaults = other.defaults.iter().cloned();
    whole.defaults.extend(defaults.map(|mut default| {
        default.id = names.rule(&default.id);
        default
    }));
    whole.unverified.extend(other.unverified.iter().cloned());
}

/// The leading plan's categories that match each category of another, by the mappings of both.
fn classes(lead: &Plan, other: &Plan) -> BTreeMap<CategoryId, Vec<CategoryId>> {
    let maps = |to: &[String], clause: &Clause| to.iter().any(|to| to == clause.as_str());
    let matching = |of: &super::Category| {
        let same = lead.categories.iter().filter(|(_, own)| {
            maps(&of.maps_to, &own.clause) || maps(&own.maps_to, &of.clause) || own.clause == of.clause
        });
        same.map(|(id, _)| id.clone()).collect()
    };
    other.categories.iter().map(|(id, category)| (id.clone(), matching(category))).collect()
}

/// What the names of one plan are called in the whole.
struct Names {
    /// Put in front of its names; empty for the leading plan.
    front: String,
    bodies: BTreeMap<RoleId, RoleId>,
    facts: BTreeMap<FactId, FactId>,
}

impl Names {
    fn own(lead: &Plan) -> Self {
        let facts = lead.facts.keys().map(|fact| (fact.clone(), fact.clone())).collect();
        Self { front: String::new(), bodies: BTreeMap::new(), facts }
    }

    /// What the packs call the same, whichever of two says so.
    fn among(plan: &Plan, known: &[(&Plan, Self)]) -> Result<Self, Clash> {
        let (mut bodies, mut facts) = (BTreeMap::new(), BTreeMap::new());
        for (other, names) in known {
            for (from, to) in plan.beside.get(&other.id).into_iter().flat_map(|beside| &beside.bodies) {
                bodies.entry(from.clone()).or_insert_with(|| names.role(to));
            }
            for (to, from) in other.beside.get(&plan.id).into_iter().flat_map(|beside| &beside.bodies) {
                bodies.entry(from.clone()).or_insert_with(|| names.role(to));
            }
            let same = plan.beside.get(&other.id).into_iter().flat_map(|beside| &beside.facts);
            let seen = other.beside.get(&plan.id).into_iter().flat_map(|beside| &beside.facts);
            for (from, to) in same.chain(seen.map(|(to, from)| (from, to))) {
                let missing = |plan: &Plan, name: &FactId| Clash::Missing {
                    plan: plan.id.clone(),
                    name: name.to_string(),
                };
                if !other.facts.contains_key(to) {
                    return Err(missing(plan, to));
                }
                if !plan.facts.contains_key(from) {
                    return Err(missing(other, from));
                }
                facts.entry(from.clone()).or_insert_with(|| names.fact(to));
            }
        }
        Ok(Self { front: format!("{}{JOINT}", plan.id), bodies, facts })
    }

    /// Passes if every fact called the same is answered in the same way.
    fn check(&self, plan: &Plan, whole: &Plan) -> Result<(), Clash> {
        for (from, to) in &self.facts {
            let (own, other) = (plan.facts.get(from), whole.facts.get(to));
            if !own.zip(other).is_some_and(|(own, other)| alike(own, other)) {
                let (plan, fact, other) = (plan.id.clone(), from.clone(), to.clone());
                return Err(Clash::Unlike { plan, fact, other });
            }
        }
        match self.bodies.values().find(|to| !whole.roles.contains_key(*to)) {
            Some(to) => Err(Clash::Missing { plan: plan.id.clone(), name: to.to_string() }),
            None => Ok(()),
        }
    }

    fn rule(&self, id: &RuleId) -> RuleId {
        RuleId::new(format!("{}{id}", self.front))
    }

    fn role(&self, id: &RoleId) -> RoleId {
        self.bodies.get(id).unwrap_or(id).clone()
    }

    fn fact(&self, id: &FactId) -> FactId {
        self.facts.get(id).cloned().unwrap_or_else(|| FactId::new(format!("{}{id}", self.front)))
    }

    /// The roles, each once: two of a plan may be one body of another.
    fn roles(&self, ids: &[RoleId]) -> Vec<RoleId> {
        let mut seen = BTreeSet::new();
        ids.iter().map(|id| self.role(id)).filter(|id| seen.insert(id.clone())).collect()
    }

    fn list(&self, items: &[Named]) -> Vec<Named> {
        items.iter().map(|item| Named { id: self.rule(&item.id), ..item.clone() }).collect()
    }

    fn expr(&self, when: &Expr) -> Expr {
        let all = |parts: &[Expr]| parts.iter().map(|part| self.expr(part)).collect();
        match when {
            Expr::Const(_) | Expr::Level(_) | Expr::Response(_) => when.clone(),
            Expr::Fact(fact) => Expr::Fact(self.fact(fact)),
            Expr::Mark(fact) => Expr::Mark(self.fact(fact)),
            Expr::Compare(fact, how, with) => Expr::Compare(self.fact(fact), *how, with.clone()),
            Expr::OneOf(fact, among) => Expr::OneOf(self.fact(fact), among.clone()),
            Expr::Not(part) => Expr::Not(Box::new(self.expr(part))),
            Expr::All(parts) => Expr::All(all(parts)),
            Expr::Any(parts) => Expr::Any(all(parts)),
        }
    }

    fn body(&self, role: &Role) -> Role {
        Role { fallback: role.fallback.as_ref().map(|id| self.role(id)), ..role.clone() }
    }

    fn stage(&self, stage: &Stage) -> Stage {
        Stage { by: self.roles(&stage.by), clause: stage.clause.clone() }
    }

    fn right(&self, right: &Right) -> Right {
        Right {
            propose: self.roles(&right.propose),
            decide: self.roles(&right.decide),
            notify: self.roles(&right.notify),
            ..right.clone()
        }
    }

    fn response(&self, response: &ResponseRule) -> ResponseRule {
        let mut response = response.clone();
        response.start = self.right(&response.start);
        response.adjust = self.right(&response.adjust);
        response.end = self.right(&response.end);
        response.end_when.conditions.iter_mut().for_each(|condition| condition.id = self.rule(&condition.id));
        response
    }

    fn clock(&self, rule: &ClockRule) -> ClockRule {
        let mut rule = rule.clone();
        rule.id = self.rule(&rule.id);
        rule.when = self.expr(&rule.when);
        (rule.of, rule.to) = (self.roles(&rule.of), self.roles(&rule.to));
        rule.about = rule.about.map(|id| self.rule(&id));
        rule.action = rule.action.map(|id| self.rule(&id));
        rule.after = rule.after.iter().map(|id| self.rule(id)).collect();
        rule.step = rule.step.map(|about| StepRef { playbook: self.rule(&about.playbook), ..about });
        rule.escalate.iter_mut().for_each(|step| step.to = self.role(&step.to));
        rule.extendable_by = self.roles(&rule.extendable_by);
        rule
    }

    fn order(&self, rule: &OrderRule) -> OrderRule {
        OrderRule {
            id: self.rule(&rule.id),
            when: self.expr(&rule.when),
            from: self.roles(&rule.from),
            to: self.roles(&rule.to),
            ..rule.clone()
        }
    }

    fn disposal(&self, chain: &Disposal) -> Disposal {
        Disposal {
            draft: self.stage(&chain.draft),
            verify: self.stage(&chain.verify),
            sum_up: chain.sum_up.as_ref().map(|stage| self.stage(stage)),
            approve: self.stage(&chain.approve),
            resources: chain.resources.as_ref().map(|id| self.rule(id)),
            execute: self.stage(&chain.execute),
            order: chain.order.as_ref().map(|id| self.rule(id)),
        }
    }

    fn filing(&self, filing: &Filing) -> Filing {
        Filing { by: self.roles(&filing.by), to: self.roles(&filing.to), ..filing.clone() }
    }

    fn publication(&self, rule: &PublicationRule) -> PublicationRule {
        PublicationRule {
            id: self.rule(&rule.id),
            when: self.expr(&rule.when),
            draft: self.roles(&rule.draft),
            approve: self.roles(&rule.approve),
            release: self.roles(&rule.release),
            ..rule.clone()
        }
    }

    /// Ids of steps, branches and states are names inside the playbook and stay.
    fn playbook(&self, playbook: &Playbook, classes: &BTreeMap<CategoryId, Vec<CategoryId>>) -> Playbook {
        let mut playbook = playbook.clone();
        playbook.id = self.rule(&playbook.id);
        playbook.when = self.expr(&playbook.when);
        playbook.by = self.roles(&playbook.by);
        playbook.asks.iter_mut().for_each(|fact| *fact = self.fact(fact));
        // A class that no class of the leading plan matches stays its own, and fits no incident there.
        let class = |own: &CategoryId| match classes.get(own) {
            Some(same) if !same.is_empty() => same.clone(),
            _ => vec![CategoryId::new(format!("{}{own}", self.front))],
        };
        playbook.categories = playbook.categories.iter().flat_map(class).collect();
        for step in &mut playbook.steps {
            (step.by, step.recorded_by) = (self.roles(&step.by), self.roles(&step.recorded_by));
            step.when = self.expr(&step.when);
            step.optional = self.roles(&step.optional);
            if let Some(gate) = &mut step.gate {
                (gate.by, gate.waive) = (self.roles(&gate.by), self.roles(&gate.waive));
            }
            let branches = step.ask.iter_mut().flat_map(|ask| &mut ask.branches);
            branches.for_each(|branch| branch.raises = branch.raises.take().map(|fact| self.fact(&fact)));
        }
        playbook
    }
}

/// Both are answered with the same values, and marks in both.
fn alike(own: &Fact, other: &Fact) -> bool {
    let kinds = match (&own.kind, &other.kind) {
        (FactKind::OneOf(own), FactKind::OneOf(other)) => {
            own.iter().map(|choice| &choice.id).eq(other.iter().map(|choice| &choice.id))
        }
        (own, other) => own == other,
    };
    kinds && own.needs_reason == other.needs_reason
}
