//! From a form to commands: each once, in order, and on refusal back to the form.

use axum::http::StatusCode;
use fengsui_domain::incident::Command;
use fengsui_service::{Caller, Error};

use super::super::post::{self, Posted};
use super::super::shell::{PageError, PageResult};
use super::case::Case;
use crate::app::App;
use crate::console::view::form::FieldError;
use crate::console::view::words::{IncidentTab, Notice};

/// What a form asks for: commands in order, and what to say when they are done.
pub(super) type Asked = Result<(Vec<Command>, Notice), Vec<FieldError>>;

/// One command with its message.
#[expect(clippy::unnecessary_wraps, reason = "the forms that ask for one command hand this on as it is")]
pub(super) fn one(command: Command, notice: Notice) -> Asked {
    Ok((vec![command], notice))
}

/// Where a form stands, and what its fields are called.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// The tab it stands on.
    pub(super) tab: IncidentTab,
    /// What the core's fields are called on the form.
    pub(super) names: &'static [(&'static str, &'static str)],
}

/// Carries a form out, or draws its page again with what is wrong.
pub(super) async fn act(
    app: &App,
    number: &str,
    posted: &Posted,
    place: Place,
    ask: impl FnOnce(&Case<'_>) -> Asked + Send,
) -> PageResult {
    let case = Case::load(app, &posted.visitor, number).await?;
    let (commands, notice) = match ask(&case) {
        Ok(asked) => asked,
        Err(errors) => {
            let form = posted.failed(errors);
            return super::draw(&case, place.tab, Some(form), StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    match carry_out(app, &case, posted, commands).await {
        Ok(()) => {
            let location = match place.tab.code() {
                "" => format!("/incidents/{}", case.incident.number),
                code => format!("/incidents/{}/{code}", case.incident.number),
            };
            Ok(post::done(&posted.visitor, &location, notice))
        }
        Err(error) => refuse(app, &case, posted, place, error).await,
    }
}

/// Draws the page of a refused form from the incident as it now stands.
pub(super) async fn refuse(
    app: &App,
    case: &Case<'_>,
    posted: &Posted,
    place: Place,
    error: Error,
) -> PageResult {
    let refused = post::refused(error, Some(case.plan), case.lang)?;
    let status = refused.status;
    let form = refused.put(posted.form(), place.names);
    let now = Case::load(app, case.visitor, &case.incident.number).await?;
    super::draw(&now, place.tab, Some(form), status).await
}

/// Sends the commands one after the other. The page's key is theirs with their place behind it, so each
/// happens once however often the form is sent; the version seen counts for the first.
async fn carry_out(app: &App, case: &Case<'_>, posted: &Posted, commands: Vec<Command>) -> Result<(), Error> {
    for (place, command) in commands.into_iter().enumerate() {
        let mut caller: Caller = posted.visitor.caller.clone();
        if place > 0 {
            caller.expected = None;
            if let Some(key) = &mut caller.key {
                key.key = format!("{}:{place}", key.key);
            }
        }
        app.service.incident_command(&caller, case.incident.id, command).await?;
    }
    Ok(())
}

/// Gathers the errors of several fields, so that all are said at once.
pub(super) fn both<A, B>(
    a: Result<A, FieldError>,
    b: Result<B, FieldError>,
) -> Result<(A, B), Vec<FieldError>> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (a, b) => Err(a.err().into_iter().chain(b.err()).collect()),
    }
}

/// What the path names is not there.
pub(super) fn nothing() -> PageError {
    crate::console::view::problem::ProblemKind::NotFound.into()
}
