//! What may be chosen in the place of a default of ours: what it would change, and the choice.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::{Default as Settlement, Plan, PlanId, RuleId};
use fengsui_service::Error;
use fengsui_wire::plan::diff_in_words;

use crate::app::App;
use crate::console::handlers::names::name_of;
use crate::console::handlers::post::{Posted, done, refused};
use crate::console::handlers::session::Visitor;
use crate::console::handlers::shell::{PageError, PageResult, page_with, plan_in_force, shell};
use crate::console::handlers::show;
use crate::console::lang::Lang;
use crate::console::view::form::Form;
use crate::console::view::parts::Gate;
use crate::console::view::plan::{ChoiceMade, OptionPage, PlanDefault, PlanOption};
use crate::console::view::problem::ProblemKind;
use crate::console::view::words::{Notice, Section};

/// A settlement as the page of its plan shows it.
pub(super) fn default(plan: &Plan, default: &Settlement, lang: Lang) -> PlanDefault {
    let href = |option: &str| format!("/plans/{}/defaults/{}?option={option}", plan.id, default.id);
    let ours = default.chosen.as_ref().map(|_| PlanOption {
        ours: true,
        answer: show::text(&default.answer, lang),
        href: href(""),
    });
    let others = default.options.iter().filter(|option| Some(&option.id) != default.chosen.as_ref());
    let others = others.map(|option| PlanOption {
        ours: false,
        answer: show::text(&option.answer, lang),
        href: href(option.id.as_str()),
    });
    PlanDefault {
        id: default.id.to_string(),
        clauses: default.clauses.iter().map(|clause| show::clause(clause, plan)).collect(),
        question: show::text(&default.question, lang),
        answer: show::text(default.holds(), lang),
        chosen: default.chosen.is_some(),
        others: ours.into_iter().chain(others).collect(),
    }
}

/// Who chose among the options of a plan last, while a choice is in force.
pub(super) async fn chosen(
    app: &App,
    visitor: &Visitor,
    plan: &Plan,
) -> Result<Option<ChoiceMade>, PageError> {
    let node = app.service.node().await?.value;
    let made = node.chosen.get(&plan.id).filter(|made| !made.options.is_empty());
    Ok(made.map(|made| ChoiceMade {
        by: name_of(&made.by, visitor.look.lang),
        at: show::moment(made.at, &show::zone(plan), app.service.now(), visitor.look.lang),
        reason: made.reason.clone(),
    }))
}

/// Which option of a default.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Asked {
    /// Its id; empty for our answer.
    #[serde(default)]
    option: String,
}

pub(super) async fn show_option(
    State(app): State<App>,
    visitor: Visitor,
    Path((id, default)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> PageResult {
    let of = (PlanId::new(id), RuleId::new(default));
    option_page(&app, &visitor, of, &asked.option, StatusCode::OK, Form::new("choose")).await
}

/// What is chosen once this option is as well.
fn choices(plan: &Plan, default: &RuleId, option: &str) -> BTreeMap<RuleId, RuleId> {
    let mut choices = plan.chosen();
    match option {
        "" => drop(choices.remove(default)),
        option => drop(choices.insert(default.clone(), RuleId::new(option))),
    }
    choices
}

async fn option_page(
    app: &App,
    visitor: &Visitor,
    (id, default): (PlanId, RuleId),
    option: &str,
    status: StatusCode,
    form: Form,
) -> PageResult {
    visitor.caller.actor.permit(Permission::PlanRead)?;
    let lang = visitor.look.lang;
    // What is in use may have been chosen by another process.
    plan_in_force(app).await?;
    let plan = &app.service.plans().get(&id).ok_or(ProblemKind::NotFound)?.plan;
    let settled = plan.default(&default).ok_or(ProblemKind::NotFound)?;
    let then = match app.service.plan_choosing(&id, &choices(plan, &default, option)) {
        Ok(pack) => &pack.plan,
        Err(Error::Refused(_)) => return Err(ProblemKind::NotFound.into()),
        Err(error) => return Err(error.into()),
    };
    let would_hold = then.default(&default).map_or_else(String::new, |other| show::text(other.holds(), lang));
    let in_use = plan.chosen() == then.chosen();
    let gate = if in_use {
        Gate::Closed(lang.t("option-in-use").into_owned())
    } else if visitor.caller.actor.may(Permission::NodeManage) {
        Gate::Open
    } else {
        Gate::Closed(lang.t("option-administrator").into_owned())
    };
    let mut changes = diff_in_words(plan, then, show::plan_lang(lang));
    // That the settlement is settled otherwise stands above.
    changes.retain(|section| section.section != "defaults");
    let view = OptionPage {
        shell: shell(app, visitor, "option-what", Some(Section::Plans)).await?,
        id: id.to_string(),
        title: show::text(&plan.title, lang),
        default: default.to_string(),
        option: option.to_owned(),
        clauses: settled.clauses.iter().map(|clause| show::clause(clause, plan)).collect(),
        question: show::text(&settled.question, lang),
        now: show::text(settled.holds(), lang),
        then: would_hold,
        changes,
        gate,
        form,
    };
    page_with(status, &view)
}

pub(super) async fn choose(
    State(app): State<App>,
    Path((id, default)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    posted: Posted,
) -> PageResult {
    let (id, default) = (PlanId::new(id), RuleId::new(default));
    plan_in_force(&app).await?;
    let plan = &app.service.plans().get(&id).ok_or(ProblemKind::NotFound)?.plan;
    let options = choices(plan, &default, &asked.option);
    match app.service.plan_choose(&posted.visitor.caller, &id, options, posted.text("reason")).await {
        Ok(_) => Ok(done(&posted.visitor, &format!("/plans/{id}#default-{default}"), Notice::OptionChosen)),
        Err(error) => {
            let refused = refused(error, Some(plan), posted.visitor.look.lang)?;
            let (status, form) = (refused.status, refused.put(posted.form(), &[]));
            option_page(&app, &posted.visitor, (id, default), &asked.option, status, form).await
        }
    }
}
