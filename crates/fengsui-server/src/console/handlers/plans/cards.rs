//! Playbooks as printed cards, for when nothing else works: one, or all of a plan.

use axum::extract::{Path, Query, State};
use fengsui_domain::incident::PlanVersion;
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::{Lang as PlanLang, Plan, PlanId, RuleId};
use fengsui_wire::plan::{Card, card};

use crate::app::App;
use crate::console::handlers::session::Visitor;
use crate::console::handlers::shell::{PageError, PageResult, page, shell};
use crate::console::handlers::show;
use crate::console::lang::Lang;
use crate::console::view::card::{CardFoot, Cards, Sheet};
use crate::console::view::problem::ProblemKind;
use crate::console::view::words::Section;

/// How cards are asked for.
#[derive(Debug, Default, serde::Deserialize)]
pub(super) struct Asked {
    /// Each in both languages, one sheet after the other.
    both: Option<String>,
    /// The version of the plan, where an incident runs under another one than that in use.
    version: Option<String>,
}

/// `GET /plans/{id}/playbooks`: the cards of all its playbooks.
pub(super) async fn all(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> PageResult {
    draw(&app, &visitor, &id, None, &asked).await
}

/// `GET /plans/{id}/playbooks/{playbook}`: one card.
pub(super) async fn one(
    State(app): State<App>,
    visitor: Visitor,
    Path((id, playbook)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> PageResult {
    draw(&app, &visitor, &id, Some(RuleId::new(playbook)), &asked).await
}

async fn draw(app: &App, visitor: &Visitor, id: &str, only: Option<RuleId>, asked: &Asked) -> PageResult {
    visitor.caller.actor.permit(Permission::PlanRead)?;
    let lang = visitor.look.lang;
    let (plan, digest) = version(app, PlanId::new(id), asked)?;
    let wanted = plan.playbooks.iter().map(|playbook| &playbook.id);
    let wanted = wanted.filter(|playbook| only.as_ref().is_none_or(|only| only == *playbook));
    let cards: Vec<Card> = wanted.flat_map(|playbook| in_langs(plan, playbook, lang, asked)).collect();
    let first = cards.first().ok_or(ProblemKind::NotFound)?;
    let title = if only.is_some() { first.title.clone() } else { lang.t("cards").into_owned() };
    let both = if asked.both.is_some() { "" } else { "both=1&" };
    let view = Cards {
        shell: shell(app, visitor, &title, Some(Section::Plans)).await?,
        plan: plan.id.to_string(),
        title,
        both: asked.both.is_some(),
        other: format!("?{both}version={digest}"),
        foot: foot(app, plan, digest),
        sheets: cards.into_iter().map(Sheet::from).collect(),
    };
    page(&view)
}

/// The plan in the version asked for, or the one in use, with its fingerprint.
fn version<'a>(app: &'a App, id: PlanId, asked: &'a Asked) -> Result<(&'a Plan, &'a str), PageError> {
    let Some(digest) = &asked.version else {
        let pack = app.service.plans().get(&id).ok_or(ProblemKind::NotFound)?;
        return Ok((&pack.plan, &pack.digest));
    };
    let version = PlanVersion { id, digest: digest.clone() };
    let plan = app.service.plan(&version).map_err(|_| ProblemKind::NotFound)?;
    Ok((plan, digest))
}

/// A card in the reader's language, and in the other if both are asked for.
fn in_langs(plan: &Plan, playbook: &RuleId, lang: Lang, asked: &Asked) -> Vec<Card> {
    let own = show::plan_lang(lang);
    let other = if own == PlanLang::Zh { PlanLang::En } else { PlanLang::Zh };
    let langs = std::iter::once(own).chain(asked.both.is_some().then_some(other));
    langs.filter_map(|lang| card(plan, playbook, lang)).collect()
}

/// What says which version a card was printed from, and when.
fn foot(app: &App, plan: &Plan, digest: &str) -> CardFoot {
    let printed = app.service.now().to_zoned(show::zone(plan)).date();
    CardFoot {
        plan: plan.id.to_string(),
        document: plan.document.clone(),
        in_force: plan.in_force_from.to_string(),
        digest: digest.to_owned(),
        printed: printed.to_string(),
    }
}
