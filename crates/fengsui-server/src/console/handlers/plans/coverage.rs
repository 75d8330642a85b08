//! Coverage of a plan: each clause beside the rules that carry it and the tests that ran them.

use axum::extract::{Path, State};
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::{Clause, Kept, Lang as PlanLang, PlanId};
use fengsui_wire::plan::{Carried, ClauseRow, Pack, coverage, own_clauses};

use crate::app::App;
use crate::console::handlers::session::Visitor;
use crate::console::handlers::shell::{PageResult, page, shell};
use crate::console::handlers::show;
use crate::console::lang::Lang;
use crate::console::view::coverage::{CoverageCount, CoveragePage, CoverageRow, CoverageRule, StateWord};
use crate::console::view::problem::ProblemKind;
use crate::console::view::words::Section;

/// `GET /plans/{id}/coverage`.
pub(super) async fn page_of(State(app): State<App>, visitor: Visitor, Path(id): Path<String>) -> PageResult {
    visitor.caller.actor.permit(Permission::PlanRead)?;
    let lang = visitor.look.lang;
    let pack = app.service.plans().get(&PlanId::new(id)).ok_or(ProblemKind::NotFound)?;
    let found = coverage([pack], &own_clauses(pack, PlanLang::Zh));
    let counts = StateWord::ALL.into_iter().map(|state| {
        let count = found.iter().filter(|row| StateWord::from(row.state) == state).count();
        CoverageCount { state, count }
    });
    let counts = counts.collect();
    let rows = found.into_iter().map(|row| shown(row, pack, lang)).collect();
    let title = show::text(&pack.plan.title, lang);
    let shell = shell(&app, &visitor, &title, Some(Section::Plans)).await?;
    page(&CoveragePage { shell, id: pack.plan.id.to_string(), title, counts, rows })
}

fn shown(row: ClauseRow, pack: &Pack, lang: Lang) -> CoverageRow {
    let clause = Clause::new(row.id);
    let (mut rules, mut kept) = (Vec::new(), Vec::new());
    for carried in row.carried {
        match carried {
            Carried::Rule { plan, rule, tests } => {
                let href = format!("/plans/{plan}#{}", section(&rule));
                rules.push(CoverageRule { href, place: rule, tests });
            }
            Carried::Record { keeps, route, .. } => {
                let title = Kept::parse(&keeps).map_or(keeps, |kept| show::text(kept.title(), lang));
                kept.push((title, route));
            }
        }
    }
    let title = pack.plan.clauses.get(&clause).map_or_else(String::new, |title| show::text(title, lang));
    let unverified = show::unverified(&pack.plan, &clause, lang);
    let clause = show::clause(&clause, &pack.plan);
    CoverageRow { clause, title, unverified, state: row.state.into(), rules, kept }
}

/// The section of the plan's page that shows a place of the pack.
fn section(place: &str) -> &str {
    match place.split('/').next().unwrap_or_default() {
        "triage" => "intake",
        "levels" => "grading",
        "immediate_actions" => "immediate",
        "grants" => "orders",
        "review" | "filing" => "closing",
        "in_force" | "evaluation" | "interpreted_by" | "notice" | "basis" => "findings",
        other => other,
    }
}
