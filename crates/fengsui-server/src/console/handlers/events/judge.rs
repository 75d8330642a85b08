//! Triage of an event: exactly three outcomes, and the way back.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use fengsui_domain::expr::Value;
use fengsui_domain::id::EventId;
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::plan::{CategoryId, FactId, Plan, PlanId};
use fengsui_service::events::Triage;

use super::{again, record};
use crate::app::App;
use crate::console::handlers::post::{Posted, done};
use crate::console::handlers::shell::{PageError, PageResult};
use crate::console::handlers::show;
use crate::console::view::form::{FieldError, FieldProblem};
use crate::console::view::problem::ProblemKind;
use crate::console::view::words::{Notice, TriageOutcome};

/// What the core calls a field, and what the form calls it.
const NAMES: [(&str, &str); 1] = [("answers", "facts")];

pub(super) async fn triage(State(app): State<App>, Path(number): Path<String>, posted: Posted) -> PageResult {
    let visitor = &posted.visitor;
    let id = event_id(&app, &posted, &number).await?;
    let chosen = Some(posted.text("plan")).filter(|id| !id.is_empty());
    let plan = record::plan_chosen(&app, chosen, ProblemKind::FormExpired).await?;
    let words = match TriageOutcome::parse(posted.text("outcome")).ok_or(ProblemKind::FormExpired)? {
        TriageOutcome::Incident => incident_words(&posted, plan),
        TriageOutcome::FalsePositive => Ok(Triage::FalsePositive {
            reason: posted.text("reason").to_owned(),
            done: posted.text("done").to_owned(),
        }),
        TriageOutcome::NotOurs => Ok(Triage::NotOurs {
            body: posted.text("body").to_owned(),
            person: posted.text("person").to_owned(),
            passed_on: posted.text("passed_on").to_owned(),
        }),
    };
    let words = match words {
        Ok(words) => words,
        Err(errors) => {
            let form = posted.failed(errors);
            return record::event_page(&app, visitor, &number, StatusCode::UNPROCESSABLE_ENTITY, form).await;
        }
    };
    let event = match app.service.event_triage(&visitor.caller, id, words).await {
        Ok(event) => event.value,
        Err(error) => return again(&app, &posted, &number, error, &NAMES).await,
    };
    if !posted.text("receipt").is_empty() {
        // The hand-over stands; the receipt is a record of its own and can be repeated on the page.
        let mut caller = visitor.caller.clone();
        (caller.key, caller.expected) = (None, None);
        if let Err(error) = app.service.event_receipt(&caller, id, posted.text("receipt")).await {
            return again(&app, &posted, &number, error, &[]).await;
        }
    }
    let to = match event.incident() {
        Some(incident) => {
            format!("/incidents/{}", app.service.incident(&visitor.caller, incident).await?.value.number)
        }
        None => format!("/events/{number}"),
    };
    Ok(done(visitor, &to, Notice::Triaged))
}

async fn event_id(app: &App, posted: &Posted, number: &str) -> Result<EventId, PageError> {
    Ok(app.service.event_by_number(&posted.visitor.caller, number).await?.value.id)
}

/// The incident that is to be opened, or every field that is missing or wrong.
fn incident_words(posted: &Posted, plan: &Plan) -> Result<Triage, Vec<FieldError>> {
    let mut errors = Vec::new();
    let level = IncidentLevel::parse(posted.text("level"));
    for (field, given) in [("category", !posted.text("category").is_empty()), ("level", level.is_some())] {
        if !given {
            errors.push(posted.wrong(field, FieldProblem::ChooseOne));
        }
    }
    let facts = posted.facts(plan).unwrap_or_else(|wrong| {
        errors.extend(wrong);
        Vec::new()
    });
    for (id, value, reason) in &facts {
        let marked = plan.facts.get(id).is_some_and(|fact| fact.needs_reason) && *value == Value::Bool(true);
        if marked && reason.is_empty() {
            errors.push(posted.wrong(&format!("reason.{id}"), FieldProblem::Required));
        }
    }
    let Some(level) = level.filter(|_| errors.is_empty()) else { return Err(errors) };
    Ok(Triage::Incident {
        plan: Some(plan.id.clone()),
        beside: posted.all("beside").into_iter().map(PlanId::new).collect(),
        title: posted.text("title").to_owned(),
        category: CategoryId::new(posted.text("category")),
        level,
        reason: reason(posted, plan, &facts),
        answers: facts.into_iter().map(|(id, value, _)| (id, value)).collect(),
        parent: None,
    })
}

/// Why this level, followed by the grounds of each mark.
fn reason(posted: &Posted, plan: &Plan, facts: &[(FactId, Value, String)]) -> String {
    let lang = posted.visitor.look.lang;
    let grounds = facts.iter().filter(|(_, _, reason)| !reason.is_empty()).map(|(id, _, reason)| {
        format!("{}{}{reason}", show::text(&plan.fact_title(id), lang), lang.t("colon"))
    });
    let typed = Some(posted.text("reason").to_owned()).filter(|typed| !typed.is_empty());
    typed.into_iter().chain(grounds).collect::<Vec<_>>().join("\n")
}

pub(super) async fn reopen(State(app): State<App>, Path(number): Path<String>, posted: Posted) -> PageResult {
    let id = event_id(&app, &posted, &number).await?;
    match app.service.event_reopen(&posted.visitor.caller, id, posted.text("reason")).await {
        Ok(_) => Ok(done(&posted.visitor, &format!("/events/{number}#triage"), Notice::Triaged)),
        Err(error) => again(&app, &posted, &number, error, &[]).await,
    }
}

pub(super) async fn receipt(
    State(app): State<App>,
    Path(number): Path<String>,
    posted: Posted,
) -> PageResult {
    let id = event_id(&app, &posted, &number).await?;
    match app.service.event_receipt(&posted.visitor.caller, id, posted.text("receipt")).await {
        Ok(_) => Ok(done(&posted.visitor, &format!("/events/{number}"), Notice::ReceiptSaved)),
        Err(error) => again(&app, &posted, &number, error, &[]).await,
    }
}
