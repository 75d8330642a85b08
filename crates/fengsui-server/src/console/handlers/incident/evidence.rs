//! Evidence: taken in with its hash, handed over, fetched again.

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use fengsui_domain::id::EvidenceId;
use fengsui_domain::incident::{Command, Evidence as Item, IncidentChange};
use fengsui_domain::permission::Permission;
use fengsui_service::evidence::{EvidenceWords, MAX_BYTES};

use super::super::post::{MAX_FILE_BYTES, Posted, Upload, done};
use super::super::session::{Visitor, encode};
use super::super::shell::{PageError, PageResult};
use super::act::{Place, act, nothing, one, refuse};
use super::case::{Case, forms, only};
use super::head::head;
use crate::app::App;
use crate::console::view::form::{FieldProblem, Form};
use crate::console::view::incident::evidence::{CustodyStep, Evidence, EvidenceItem};
use crate::console::view::parts::Person;
use crate::console::view::shell::Shell;
use crate::console::view::words::{IncidentTab, Notice};

const PLACE: Place =
    Place { tab: IncidentTab::Evidence, names: &[("name", "title"), ("holder", "to"), ("why", "reason")] };
/// What stands between a title and the file's name.
const JOINT: &str = " · ";
/// Bytes of a form around its file.
const AROUND_FILE: usize = 512 << 10;

/// Routes of evidence; the upload takes a body of its own size.
pub(super) fn router() -> Router<App> {
    let upload = post(add).layer(DefaultBodyLimit::max(MAX_FILE_BYTES + AROUND_FILE));
    Router::new()
        .route("/incidents/{number}/evidence", upload.get(super::evidence_page))
        .route("/incidents/{number}/evidence/{item}", get(download))
        .route("/incidents/{number}/evidence/{item}/custody", post(hand_over))
}

/// `GET /incidents/{number}/evidence`.
pub(super) fn view(case: &Case<'_>, shell: Shell, failed: Option<Form>) -> Evidence {
    Evidence {
        items: case.incident.evidence.iter().rev().map(|item| row(case, item)).collect(),
        add: only(!case.incident.is_closed(), case.gate(Permission::IncidentWork)),
        limit: size(MAX_BYTES),
        forms: forms([Form::new("upload").with("collected_at", case.typed_now())], failed),
        zone: case.zone_name(),
        head: head(case),
        tab: IncidentTab::Evidence,
        shell,
    }
}

fn row(case: &Case<'_>, item: &Item) -> EvidenceItem {
    let (title, file) = item.name.split_once(JOINT).unwrap_or((&item.name, &item.name));
    let id = item.id;
    EvidenceItem {
        id: id.to_string(),
        title: title.to_owned(),
        file: file.to_owned(),
        href: Some(format!("/incidents/{}/evidence/{id}", case.incident.number)),
        size: size(item.size_bytes),
        sha256: item.sha256.clone(),
        note: item.note.clone(),
        collected_at: case.moment(item.collected_at),
        custody: item
            .custody
            .iter()
            .enumerate()
            .map(|(place, step)| CustodyStep {
                at: case.moment(step.at),
                to: if place == 0 {
                    case.by(&step.by)
                } else {
                    Person { name: step.holder.clone(), acting_for: String::new() }
                },
                reason: if place == 0 { case.t("collected-at") } else { step.why.clone() },
                proof: case.proof(|change| match change {
                    IncidentChange::EvidenceAdded { evidence } => place == 0 && evidence.id == id,
                    IncidentChange::EvidenceHandedOver { evidence, custody } => {
                        *evidence == id && custody == step
                    }
                    _ => false,
                }),
            })
            .collect(),
        hand_over: only(!case.incident.is_closed(), case.gate(Permission::IncidentWork)),
    }
}

/// Bytes in words, rounded down to one decimal of a unit.
fn size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 2] = [(1 << 20, "MB"), (1 << 10, "KB")];
    match UNITS.into_iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) if bytes.is_multiple_of(unit) => format!("{} {name}", bytes / unit),
        Some((unit, name)) => format!("{}.{} {name}", bytes / unit, bytes % unit * 10 / unit),
        None => format!("{bytes} B"),
    }
}

/// `POST …/evidence`.
async fn add(State(app): State<App>, Path(number): Path<String>, upload: Upload) -> PageResult {
    let Upload { posted, file } = upload;
    let case = Case::load(&app, &posted.visitor, &number).await?;
    let title = posted.text("title");
    let mut errors = Vec::new();
    if title.is_empty() {
        errors.push(posted.wrong("title", FieldProblem::Required));
    }
    let collected_at = posted.at("collected_at", &case.zone).unwrap_or_else(|error| {
        errors.push(error);
        None
    });
    if file.is_none() {
        errors.push(posted.wrong("file", FieldProblem::Required));
    }
    let (true, Some((file, bytes))) = (errors.is_empty(), file) else {
        let form = Form { errors, ..posted.form() };
        return super::draw(&case, PLACE.tab, Some(form), axum::http::StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let words = EvidenceWords {
        name: format!("{title}{JOINT}{}", base_name(&file)),
        collected_at,
        note: posted.text("note").to_owned(),
    };
    let id = case.incident.id;
    match app.service.evidence_add(&posted.visitor.caller, id, words, bytes.to_vec()).await {
        Ok(_) => Ok(done(&posted.visitor, &format!("/incidents/{number}/evidence"), Notice::EvidenceSaved)),
        Err(error) => refuse(&app, &case, &posted, PLACE, error).await,
    }
}

/// The file's name without folders; some browsers send them.
fn base_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// `POST …/evidence/{item}/custody`.
async fn hand_over(
    State(app): State<App>,
    Path((number, item)): Path<(String, String)>,
    posted: Posted,
) -> PageResult {
    let evidence: EvidenceId = item.parse().map_err(|_| nothing())?;
    act(&app, &number, &posted, PLACE, |_| {
        let (holder, why) = (posted.text("to").to_owned(), posted.text("reason").to_owned());
        one(Command::HandOverEvidence { evidence, holder, why }, Notice::EvidenceSaved)
    })
    .await
}

/// `GET …/evidence/{item}`: always as a file to be saved, whatever it holds.
async fn download(
    State(app): State<App>,
    Path((number, item)): Path<(String, String)>,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let evidence: EvidenceId = item.parse().map_err(|_| nothing())?;
    let incident = app.service.incident_by_number(&visitor.caller, &number).await?.value;
    let (found, bytes) = app.service.evidence_bytes(&visitor.caller, incident.id, evidence).await?;
    let name = found.name.split_once(JOINT).map_or(found.name.as_str(), |(_, file)| file);
    let disposition = format!(
        "attachment; filename=\"evidence-{evidence}\"; filename*=UTF-8''{}",
        encode(name).replace('/', "_")
    );
    let mut answer = Body::from(bytes).into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_at_a_glance() {
        for (bytes, expected) in
            [(0, "0 B"), (1_023, "1023 B"), (1_024, "1 KB"), (1_536, "1.5 KB"), (64 << 20, "64 MB")]
        {
            assert_eq!(size(bytes), expected, "{bytes}");
        }
    }

    #[test]
    fn folders_of_the_senders_machine_are_dropped() {
        for (path, name) in [("a.log", "a.log"), ("C:\\logs\\a.log", "a.log"), ("/var/log/a.log", "a.log")] {
            assert_eq!(base_name(path), name);
        }
    }
}
