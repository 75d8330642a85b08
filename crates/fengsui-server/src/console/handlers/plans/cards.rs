//! Playbooks as printed cards, for when nothing else works: one, or all of a plan.

use axum::extract::{Path, Query, State};
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::{Lang as PlanLang, PlanId, RuleId};
use fengsui_wire::plan::{Card, Pack, card};

use crate::app::App;
use crate::console::handlers::session::Visitor;
use crate::console::handlers::shell::{PageResult, page, shell};
use crate::console::handlers::show;
use crate::console::view::card::{CardFoot, Cards, Sheet};
use crate::console::view::problem::ProblemKind;
use crate::console::view::words::Section;

/// Whether each card comes in both languages, one sheet after the other.
#[derive(Debug, Default, serde::Deserialize)]
pub(super) struct Asked {
    both: Option<String>,
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
    let pack = app.service.plans().get(&PlanId::new(id)).ok_or(ProblemKind::NotFound)?;
    let wanted = pack.plan.playbooks.iter().map(|playbook| &playbook.id);
    let wanted = wanted.filter(|playbook| only.as_ref().is_none_or(|only| only == *playbook));
    let own = show::plan_lang(lang);
    let other = if own == PlanLang::Zh { PlanLang::En } else { PlanLang::Zh };
    let langs = if asked.both.is_some() { vec![own, other] } else { vec![own] };
    let in_langs = |playbook: &RuleId| -> Vec<Card> {
        langs.iter().filter_map(|lang| card(&pack.plan, playbook, *lang)).collect()
    };
    let cards: Vec<Card> = wanted.flat_map(in_langs).collect();
    if cards.is_empty() {
        return Err(ProblemKind::NotFound.into());
    }
    let title = if only.is_some() { cards[0].title.clone() } else { lang.t("cards").into_owned() };
    let view = Cards {
        shell: shell(app, visitor, &title, Some(Section::Plans)).await?,
        plan: pack.plan.id.to_string(),
        title,
        both: asked.both.is_some(),
        foot: foot(app, pack),
        sheets: cards.into_iter().map(Sheet::from).collect(),
    };
    page(&view)
}

/// What says which version a card was printed from, and when.
fn foot(app: &App, pack: &Pack) -> CardFoot {
    let printed = app.service.now().to_zoned(show::zone(&pack.plan)).date();
    CardFoot {
        plan: pack.plan.id.to_string(),
        document: pack.plan.document.clone(),
        in_force: pack.plan.in_force_from.to_string(),
        digest: pack.digest.clone(),
        printed: printed.to_string(),
    }
}
