//! Changes as they happen, by server-sent events. They name what changed, never what it says.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use fengsui_domain::permission::Permission;
use fengsui_wire::api::OwnProblems;
use tokio_stream::wrappers::{BroadcastStream, WatchStream};
use tokio_stream::{Stream, StreamExt as _};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::call::Officer;
use crate::problem::Problem;

/// Silence after which a comment is sent, so that proxies keep the line open.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(changes))
}

/// A stream of `changed` messages with the kind and id of events and incidents; `behind` means read anew.
#[utoipa::path(get, path = "/api/v1/changes", operation_id = "changes", tag = "desk",
    responses((status = 200, description = "server-sent events", body = String, content_type = "text/event-stream"), OwnProblems))]
async fn changes(
    State(app): State<App>,
    Officer(caller): Officer,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    caller.actor.permit(Permission::CaseRead)?;
    let stop = WatchStream::new(app.stopping.subscribe()).filter_map(|stop| stop.then_some(None));
    let messages = BroadcastStream::new(app.service.changes()).filter_map(|message| {
        // None by name: on another node of the same database anything may have changed.
        let named = message.ok().filter(|subjects| !subjects.is_empty());
        let Some(subjects) = named else {
            return Some(Some(Ok(Event::default().event("behind").data("read anew"))));
        };
        let cases = subjects.iter().filter(|subject| matches!(subject.kind(), "event" | "incident"));
        let names: Vec<String> = cases.map(ToString::to_string).collect();
        (!names.is_empty()).then(|| Some(Ok(Event::default().event("changed").data(names.join(" ")))))
    });
    // A browser that is told the end comes back by itself; one that is cut off complains first.
    let until_stop = messages.merge(stop).map_while(|message| message);
    Ok(Sse::new(until_stop).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}
