//! Which clause each part of a plan rests on.

use fengsui_domain::plan::{Clause, ColourRules, DutyKind, FactKind, Kept, Named, Plan, Right};

/// Every clause a plan cites with the place that cites it, in the order of the plan.
///
/// A clause cited by settlements only is not carried out by a rule; such a place starts with `defaults/`.
/// Neither is one whose proof is kept, at a place that starts with `evidence/`.
pub fn citations(plan: &Plan) -> Vec<(&Clause, String)> {
    let mut cited = Vec::new();
    cited.extend(plan.notice.iter().map(|notice| (&notice.clause, "notice".to_owned())));
    named("aims", &plan.aims, &mut cited);
    named("basis", &plan.basis, &mut cited);
    cited.extend(plan.in_force_clause.iter().map(|clause| (clause, "in_force".to_owned())));
    cited.extend(plan.evaluation.iter().map(|cycle| (&cycle.clause, "evaluation".to_owned())));
    let interpreted = plan.interpreted_by.iter();
    cited.extend(interpreted.map(|by| (&by.clause, "interpreted_by".to_owned())));
    cited.extend(plan.beside.iter().map(|(id, beside)| (&beside.clause, format!("beside/{id}"))));
    people(plan, &mut cited);
    levels(plan, &mut cited);
    desk(plan, &mut cited);
    responses(plan, &mut cited);
    disposal(plan, &mut cited);
    orders(plan, &mut cited);
    playbooks(plan, &mut cited);
    closing(plan, &mut cited);
    duties(plan, &mut cited);
    warnings(plan, &mut cited);
    cited.extend(plan.evidence.iter().map(|proof| (&proof.clause, format!("evidence/{}", proof.keeps))));
    for default in &plan.defaults {
        cited.extend(default.clauses.iter().map(|clause| (clause, format!("defaults/{}", default.id))));
    }
    cited
}

fn people<'p>(plan: &'p Plan, cited: &mut Vec<(&'p Clause, String)>) {
    cited.extend(plan.roles.iter().map(|(id, role)| (&role.clause, format!("roles/{id}"))));
    cited.extend(plan.taxonomy.iter().map(|clause| (clause, "categories".to_owned())));
    cited.extend(plan.categories.iter().map(|(id, category)| (&category.clause, format!("categories/{id}"))));
    let routed = plan.categories.iter().filter_map(|(id, category)| Some((id, category.routed_to.as_ref()?)));
    cited.extend(routed.map(|(id, routed)| (&routed.clause, format!("categories/{id}/routed_to"))));
    for (id, fact) in &plan.facts {
        let FactKind::OneOf(choices) = &fact.kind else { continue };
        let own = choices.iter().filter_map(|choice| Some((choice, choice.clause.as_ref()?)));
        cited.extend(own.map(|(choice, clause)| (clause, format!("facts/{id}/{}", choice.id))));
    }
    cited.extend(plan.facts.iter().map(|(id, fact)| (&fact.clause, format!("facts/{id}"))));
}

fn levels<'p>(plan: &'p Plan, cited: &mut Vec<(&'p Clause, String)>) {
    cited.extend(plan.levels.iter().map(|(id, level)| (&level.clause, format!("levels/{id}"))));
    cited.push((&plan.grading.clause, "grading".to_owned()));
    let rules = plan.grading.rules.iter();
    cited.extend(rules.map(|rule| (&rule.clause, format!("grading/rules/{}", rule.id))));
}

fn desk<'p>(plan: &'p Plan, cited: &mut Vec<(&'p Clause, String)>) {
    named("intake/sources", &plan.intake.sources, cited);
    named("intake/points", &plan.intake.points, cited);
    let triage = &plan.triage;
    let outcomes = [
        (&triage.clause, "triage"),
        (&triage.scope, "triage/scope"),
        (&triage.incident, "triage/incident"),
        (&triage.false_positive, "triage/false_positive"),
        (&triage.not_ours, "triage/not_ours"),
    ];
    let outcomes = outcomes.into_iter().filter_map(|(clause, place)| Some((clause.as_ref()?, place)));
    cited.extend(outcomes.map(|(clause, place)| (clause, place.to_owned())));
    named("triage/analysis", &triage.analysis, cited);
    named("immediate_actions", &plan.immediate_actions, cited);
    cited.extend(plan.clocks.iter().map(|clock| (&clock.clause, format!("clocks/{}", clock.id))));
}

fn responses<'p>(plan: &'p Plan, cited: &mut Vec<(&'p Clause, String)>) {
    for response in &plan.responses {
        let place = format!("responses/{}", response.level);
        cited.push((&response.clause, place.clone()));
        let right = |name: &str, right: &'p Right| (&right.clause, format!("{place}/{name}"));
        cited.extend([
            right("start", &response.start),
            right("adjust", &response.adjust),
            right("end", &response.end),
        ]);
        let conditions = response.end_when.conditions.iter();
        cited.extend(
            conditions.map(|condition| (&condition.clause, format!("{place}/end_when/{}", condition.id))),
        );
        let headquarters = response.headquarters.iter();
        cited.extend(headquarters.map(|rule| (&rule.clause, format!("{place}/headquarters"))));
    }
}

fn disposal<'p>(plan: &'p Plan, cited: &mut Vec<(&'p Clause, String)>) {
    let Some(disposal) = &plan.disposal else { return };
    cited.extend([
        (&disposal.draft.clause, "disposal/draft".to_owned()),
        (&disposal.verify.clause, "disposal/verify".to_owned()),
        (&disposal.approve.clause, "disposal/approve".to_owned()),
        (&disposal.execute.clause, "disposal/execute".to_owned()),
    ]);
    cited.extend(disposal.sum_up.iter().map(|stage| (&stage.clause, "disposal/sum_up".to_owned())));
}

fn orders<'p>(plan: &'p Plan, cited: &mut Vec<(&'p Clause, String)>) {
    for order in &plan.orders {
        let place = format!("orders/{}", order.id);
        cited.push((&order.clause, place.clone()));
        named(&format!("{place}/experts"), &order.experts, cited);
    }
    cited.extend(plan.grants.iter().map(|stage| (&stage.clause, "grants".to_owned())));
}

fn playbooks<'p>(plan: &'p Plan, cited: &mut Vec<(&'p Clause, String)>) {
    for playbook in &plan.playbooks {
        let place = format!("playbooks/{}", playbook.id);
        cited.push((&playbook.clause, place.clone()));
        cited.extend(
            playbook.states.iter().map(|state| (&state.clause, format!("{place}/states/{}", state.id))),
        );
        for step in &playbook.steps {
            let place = format!("{place}/steps/{}", step.id);
            cited.push((&step.clause, place.clone()));
            cited.extend(step.gate.iter().map(|gate| (&gate.clause, format!("{place}/gate"))));
            let branches = step.ask.iter().flat_map(|ask| &ask.branches);
            let own = branches.filter_map(|branch| Some((branch.clause.as_ref()?, &branch.id)));
            cited.extend(own.map(|(clause, id)| (clause, format!("{place}/ask/{id}"))));
        }
    }
}

fn closing<'p>(plan: &'p Plan, cited: &mut Vec<(&'p Clause, String)>) {
    cited.push((&plan.review.clause, "review".to_owned()));
    let leads = plan.review.leads.iter().enumerate();
    cited.extend(leads.map(|(at, lead)| (&lead.clause, format!("review/leads/{at}"))));
    named("review/topics", &plan.review.topics, cited);
    cited.extend(plan.review.plan_change.iter().map(|clause| (clause, "review/plan_change".to_owned())));
    cited.extend(plan.filing.iter().map(|filing| (&filing.clause, "filing".to_owned())));
    cited.extend(plan.publications.iter().map(|rule| (&rule.clause, format!("publications/{}", rule.id))));
}

/// What only keeps a record as it comes is proof that is kept; nothing in it is carried out by a rule.
fn duties<'p>(plan: &'p Plan, cited: &mut Vec<(&'p Clause, String)>) {
    for duty in &plan.duties {
        let place = match duty.kind {
            DutyKind::AsNeeded => format!("evidence/{}", Kept::DutyRecords),
            _ => format!("duties/{}", duty.id),
        };
        let own = duty.receipts.iter().filter(|receipts| receipts.clause != duty.clause);
        let own = own.filter(|_| duty.kind != DutyKind::AsNeeded);
        let receipts: Vec<_> = own.map(|receipts| (&receipts.clause, format!("{place}/receipts"))).collect();
        cited.push((&duty.clause, place));
        cited.extend(receipts);
    }
}

/// Colours and the rules on them, who issues and changes, what is stated, confirmed and done.
fn warnings<'p>(plan: &'p Plan, cited: &mut Vec<(&'p Clause, String)>) {
    let Some(warnings) = &plan.warnings else { return };
    let mut cite = |clause: &'p Clause, place: String| cited.push((clause, format!("warnings/{place}")));
    cite(&warnings.clause, "scale".to_owned());
    for (id, colour) in &warnings.colours {
        cite(&colour.clause, format!("colours/{id}"));
    }
    for (id, fact) in &warnings.facts {
        cite(&fact.clause, format!("facts/{id}"));
        let FactKind::OneOf(choices) = &fact.kind else { continue };
        for choice in choices {
            if let Some(clause) = &choice.clause {
                cite(clause, format!("facts/{id}/{}", choice.id));
            }
        }
    }
    cite(&warnings.grading.clause, "grading".to_owned());
    if let ColourRules::Own(rules) = &warnings.grading.rules {
        rules.iter().for_each(|rule| cite(&rule.clause, format!("grading/rules/{}", rule.id)));
    }
    warnings.rights.iter().for_each(|right| cite(&right.clause, format!("rights/{}", right.id)));
    warnings.approvals.iter().for_each(|gate| cite(&gate.clause, format!("approvals/{}", gate.id)));
    warnings.two_person.iter().for_each(|rule| cite(&rule.clause, "two_person".to_owned()));
    let changes = &warnings.changes;
    for (act, change) in [("update", &changes.update), ("adjust", &changes.adjust), ("lift", &changes.lift)] {
        cite(&change.clause, format!("changes/{act}"));
    }
    cite(&warnings.form.clause, "form".to_owned());
    warnings.form.fields.iter().for_each(|field| cite(&field.clause, format!("form/fields/{}", field.id)));
    for edition in &warnings.editions {
        let place = format!("editions/{}", edition.id);
        cite(&edition.clause, place.clone());
        edition.channels.iter().for_each(|way| cite(&way.clause, format!("{place}/channels/{}", way.id)));
    }
    warnings.receipts.iter().for_each(|rule| cite(&rule.clause, format!("receipts/{}", rule.id)));
    warnings.measures.iter().for_each(|measure| cite(&measure.clause, format!("measures/{}", measure.id)));
    warnings.own_measures.iter().for_each(|clause| cite(clause, "own_measures".to_owned()));
    for period in &warnings.periods {
        let place = format!("periods/{}", period.id);
        cite(&period.clause, place.clone());
        period.order.iter().for_each(|order| cite(&order.clause, format!("{place}/order")));
    }
}

fn named<'p>(list: &str, items: &'p [Named], cited: &mut Vec<(&'p Clause, String)>) {
    cited.extend(items.iter().map(|item| (&item.clause, format!("{list}/{}", item.id))));
}
