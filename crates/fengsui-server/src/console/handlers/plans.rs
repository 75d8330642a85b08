//! Plans, readable: the list, and one plan with every rule beside its clause.

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::{Plan, PlanId, Playbook};
use fengsui_wire::plan::{Pack, Severity};

use super::session::Visitor;
use super::shell::{PageResult, page, shell};
use super::show;
use crate::app::App;
use crate::console::lang::Lang;
use crate::console::view::plan::{Finding, PlanList, PlanPage, PlanRow, PlaybookRow};
use crate::console::view::problem::ProblemKind;
use crate::console::view::words::{FindingWeight, Section};

mod cards;
mod coverage;
mod obligations;
mod options;
mod sections;

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/plans", get(list))
        .route("/plans/{id}", get(plan))
        .route("/plans/{id}/defaults/{default}", get(options::show_option).post(options::choose))
        .route("/plans/{id}/obligations", get(obligations::obligations))
        .route("/plans/{id}/coverage", get(coverage::page_of))
        .route("/plans/{id}/playbooks", get(cards::all))
        .route("/plans/{id}/playbooks/{playbook}", get(cards::one))
}

async fn list(State(app): State<App>, visitor: Visitor) -> PageResult {
    visitor.caller.actor.permit(Permission::PlanRead)?;
    let active = app.service.plan_in_force().await?;
    let lang = visitor.look.lang;
    let packs: Vec<&Pack> = app.service.plans().list().collect();
    let opened = if visitor.caller.actor.may(Permission::CaseRead) {
        app.service.store().incident_counts_by_plan().await?
    } else {
        Vec::new()
    };
    let governed = |id: &PlanId| opened.iter().find(|(plan, _)| plan == id).map_or(0, |(_, count)| *count);
    let now = app.service.now();
    let rows = packs.into_iter().map(|pack| {
        let findings = findings(pack, lang);
        let count = |weight| findings.iter().filter(|finding| finding.weight == weight).count();
        PlanRow {
            id: pack.plan.id.as_str().to_owned(),
            href: format!("/plans/{}", pack.plan.id),
            title: show::text(&pack.plan.title, lang),
            issuer: show::text(&pack.plan.issuer, lang),
            document: pack.plan.document.clone(),
            in_force: in_force(pack, lang),
            active: pack.plan.id == active.id,
            in_force_now: pack.plan.in_force_at(now),
            errors: count(FindingWeight::Error),
            warnings: count(FindingWeight::Warning),
            incidents: usize::try_from(governed(&pack.plan.id)).unwrap_or(usize::MAX),
        }
    });
    let rows = rows.collect();
    page(&PlanList { shell: shell(&app, &visitor, "nav-plans", Some(Section::Plans)).await?, rows })
}

fn in_force(pack: &Pack, lang: Lang) -> String {
    let from = pack.plan.in_force_from.to_string();
    match pack.plan.in_force_until {
        Some(until) => lang.t_ab("plan-until", &from, &until.to_string()).into_owned(),
        None => from,
    }
}

/// What a check of a pack finds. A pack with an error is not loaded at all: what is wrong with it is in the
/// log of the start.
fn findings(pack: &Pack, lang: Lang) -> Vec<Finding> {
    let finding = |found: &fengsui_wire::plan::Finding| Finding {
        weight: match found.severity {
            Severity::Error => FindingWeight::Error,
            Severity::Warning => FindingWeight::Warning,
        },
        place: format!("{}:{}:{}", found.file, found.line, found.column),
        text: show::text(&found.message, lang),
        advice: found.fix.as_ref().map_or_else(String::new, |fix| show::text(fix, lang)),
    };
    pack.findings.iter().map(finding).collect()
}

async fn plan(State(app): State<App>, visitor: Visitor, Path(id): Path<String>) -> PageResult {
    visitor.caller.actor.permit(Permission::PlanRead)?;
    let lang = visitor.look.lang;
    let pack = app.service.plans().get(&PlanId::new(id)).ok_or(ProblemKind::NotFound)?;
    let plan = &pack.plan;
    let title = show::text(&plan.title, lang);
    let view = PlanPage {
        shell: shell(&app, &visitor, &title, Some(Section::Plans)).await?,
        id: plan.id.as_str().to_owned(),
        title,
        issuer: show::text(&plan.issuer, lang),
        document: plan.document.clone(),
        in_force: in_force(pack, lang),
        fingerprint: pack.digest.clone(),
        zone: plan.zone.clone(),
        findings: findings(pack, lang),
        sections: sections::all(plan, lang),
        playbooks: plan.playbooks.iter().map(|playbook| playbook_row(plan, playbook, lang)).collect(),
        defaults: plan.defaults.iter().map(|default| options::default(plan, default, lang)).collect(),
        chosen: options::chosen(&app, &visitor, plan).await?,
        unverified: plan
            .unverified
            .iter()
            .map(|each| (show::clause(&each.clause, plan), show::text(&each.open, lang)))
            .collect(),
    };
    page(&view)
}

fn playbook_row(plan: &Plan, playbook: &Playbook, lang: Lang) -> PlaybookRow {
    let categories = playbook.categories.iter().filter_map(|id| plan.categories.get(id));
    let categories: Vec<String> = categories.map(|category| show::text(&category.title, lang)).collect();
    PlaybookRow {
        title: show::text(&playbook.title, lang),
        clause: show::clause(&playbook.clause, plan),
        first: playbook.first.as_ref().map(|first| show::text(first, lang)),
        categories: categories.join(&lang.t("list-comma")),
        by: show::roles(plan, &playbook.by, lang),
        steps: playbook.steps.len(),
        card: format!("/plans/{}/playbooks/{}", plan.id, playbook.id),
    }
}
