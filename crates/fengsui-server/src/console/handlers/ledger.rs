//! The ledger: its checkpoint, its entries, the proof of one entry.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use fengsui_domain::change::{Entry, Subject};
use fengsui_domain::permission::Permission;
use fengsui_ledger::{Checkpoint, ProofFile, VerifierKey, leaf_hash};
use fengsui_service::store::TimelineRow;

use super::session::{Visitor, encode};
use super::shell::{PageError, PageResult, page, plan_in_force, shell};
use super::show;
use crate::app::App;
use crate::console::view::form::Form;
use crate::console::view::ledger::{EntryProof, LedgerEntries, LedgerPage, LedgerRow};
use crate::console::view::parts::{Choice, Pager};
use crate::console::view::problem::ProblemKind;
use crate::console::view::words::Section;
use crate::page::DEFAULT_LIMIT;

/// Entries looked through for one filtered page: eight full pages of the store.
const MAX_LOOKED_AT: usize = 1_600;
/// Kinds of subjects an entry can be about.
const SUBJECTS: [(&str, &str); 9] = [
    ("event", "event"),
    ("incident", "incident"),
    ("account", "nav-users"),
    ("token", "nav-tokens"),
    ("list", "nav-indicators"),
    ("resource", "nav-resources"),
    ("duty_book", "nav-duties"),
    ("duty_record", "duty-records"),
    ("node", "nav-node"),
];

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/ledger", get(ledger))
        .route("/ledger/entries", get(entries))
        .route("/ledger/entries/{index}", get(entry))
}

/// The text of a signed note before its signatures.
fn checkpoint_of(note: &str) -> Result<Checkpoint, PageError> {
    let (text, _) = note.split_once("\n\n").ok_or(ProblemKind::Internal)?;
    format!("{text}\n").parse().map_err(|_| PageError::Kind(ProblemKind::Internal))
}

async fn ledger(State(app): State<App>, visitor: Visitor) -> PageResult {
    let note = app.service.ledger_checkpoint().await?;
    let checkpoint = checkpoint_of(&note)?;
    let node = app.service.node().await?.value;
    let (_, plan) = plan_in_force(&app).await?;
    // A checkpoint is signed in the commit of its last entry.
    let last = app.service.store().entry_list(None, Some(checkpoint.size), 1).await?.items.pop();
    let now = app.service.now();
    let signed_at = last.map_or(now, |row| row.entry.at);
    let moment = |at| show::moment(at, &show::zone(plan), now, visitor.look.lang);
    let view = LedgerPage {
        shell: shell(&app, &visitor, "nav-ledger", Some(Section::Ledger)).await?,
        origin: checkpoint.origin.clone(),
        size: checkpoint.size,
        root: checkpoint.root.to_base64(),
        signed_at: moment(signed_at),
        checkpoint: note,
        verifier_key: node.verifier_key.clone(),
        commands: vec![format!("fengsui ledger verify --key '{}' fengsui-data", node.verifier_key)],
        backup: node.backup.map(|backup| moment(backup.at)),
        trial: node.trial.as_ref().map(|trial| moment(trial.at)),
        trial_problem: node.trial.and_then(|trial| trial.problem).unwrap_or_default(),
        may_list: visitor.caller.actor.may(Permission::LedgerRead),
    };
    page(&view)
}

#[derive(Debug, Default, serde::Deserialize)]
struct Asked {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    q: String,
    before: Option<u64>,
}

async fn entries(State(app): State<App>, visitor: Visitor, Query(asked): Query<Asked>) -> PageResult {
    let (rows, next) = matching(&app, &visitor, &asked).await?;
    let lang = visitor.look.lang;
    let kinds = SUBJECTS.map(|(value, key)| Choice {
        value: value.to_owned(),
        text: lang.t(key).into_owned(),
        hint: String::new(),
    });
    let (_, plan) = plan_in_force(&app).await?;
    let (zone, now) = (show::zone(plan), app.service.now());
    let mut shown = Vec::with_capacity(rows.len());
    for row in &rows {
        let bytes =
            app.service.ledger_entries(&visitor.caller, row.index, 1).await?.pop().unwrap_or_default();
        shown.push(LedgerRow {
            index: row.index,
            href: format!("/ledger/entries/{}", row.index),
            at: show::moment(row.entry.at, &zone, now, lang),
            by: row.entry.by.name().to_owned(),
            kind: row.kind.clone(),
            subject: row.entry.change.subject().to_string(),
            hash: leaf_hash(&bytes).to_hex(),
        });
    }
    let next = next.map(|before| {
        format!("/ledger/entries?kind={}&q={}&before={before}", encode(&asked.kind), encode(&asked.q))
    });
    let view = LedgerEntries {
        shell: shell(&app, &visitor, "ledger-list", Some(Section::Ledger)).await?,
        form: Form::new("filter").with("kind", asked.kind).with("q", asked.q),
        kinds: kinds.to_vec(),
        pager: Pager { previous: None, next, shown: shown.len(), total: None },
        rows: shown,
    };
    page(&view)
}

/// A page of entries that the filter lets through, and where the next one begins.
async fn matching(
    app: &App,
    visitor: &Visitor,
    asked: &Asked,
) -> Result<(Vec<TimelineRow>, Option<u64>), PageError> {
    let wanted = |row: &TimelineRow| {
        let subject = row.entry.change.subject();
        let text = asked.q.trim();
        let kind = asked.kind.is_empty() || subject.kind() == asked.kind;
        let said = || {
            row.entry.by.name().contains(text)
                || subject.to_string().contains(text)
                || row.kind.contains(text)
        };
        kind && (text.is_empty() || said())
    };
    let (mut before, mut rows, mut looked_at) = (asked.before, Vec::new(), 0);
    loop {
        let page = app.service.ledger_list(&visitor.caller, before, fengsui_service::store::MAX_PAGE).await?;
        looked_at += page.items.len();
        let more = page.next.is_some();
        for row in page.items {
            before = Some(row.index);
            if wanted(&row) {
                rows.push(row);
                if rows.len() == DEFAULT_LIMIT {
                    return Ok((rows, before.filter(|index| *index > 0)));
                }
            }
        }
        if !more || looked_at >= MAX_LOOKED_AT {
            return Ok((rows, before.filter(|_| more)));
        }
    }
}

async fn entry(State(app): State<App>, visitor: Visitor, Path(index): Path<String>) -> PageResult {
    let index: u64 = index.parse().map_err(|_| ProblemKind::NotFound)?;
    let proven = app.service.ledger_proof(&visitor.caller, index).await?;
    let entry: Entry = serde_json::from_slice(&proven.bytes).map_err(|_| ProblemKind::Internal)?;
    let checkpoint = checkpoint_of(&proven.checkpoint)?;
    let node = app.service.node().await?.value;
    let (_, plan) = plan_in_force(&app).await?;
    let now = app.service.now();
    let lang = visitor.look.lang;
    let title = lang.t_s("entry-title", &index.to_string());
    let kind = kind_of(&app, index).await?;
    let at = |index: u64| format!("/ledger/entries/{index}");
    let view = EntryProof {
        shell: shell(&app, &visitor, &title, Some(Section::Ledger)).await?,
        index,
        at: show::moment(entry.at, &show::zone(plan), now, lang),
        by: entry.by.name().to_owned(),
        kind,
        subject: subject(&app, &visitor, &entry).await?,
        content: Some(pretty(&proven.bytes)),
        leaf_hash: leaf_hash(&proven.bytes).to_base64(),
        path: proven.proof.0.iter().map(|hash| hash.to_base64()).collect(),
        tree_size: checkpoint.size,
        root: checkpoint.root.to_base64(),
        checked: holds(&proven, &node.verifier_key, &checkpoint.origin),
        command: format!("fengsui ledger verify --key '{}' fengsui-data", node.verifier_key),
        previous: index.checked_sub(1).map(at),
        next: (index + 1 < checkpoint.size).then(|| at(index + 1)),
    };
    page(&view)
}

/// Checks the proof as a stranger would: entry, path and signed checkpoint, with the key alone.
fn holds(proven: &fengsui_service::ledger::Proven, key: &str, origin: &str) -> bool {
    let Ok(key) = key.parse::<VerifierKey>() else { return false };
    let file = ProofFile {
        extra: None,
        index: proven.index,
        proof: proven.proof.clone(),
        checkpoint: proven.checkpoint.clone(),
    };
    file.verify(&proven.bytes, origin, &[key]).is_ok()
}

/// The stable kind of an entry, as lists show it.
async fn kind_of(app: &App, index: u64) -> Result<String, PageError> {
    let rows = app.service.store().entry_list(None, Some(index + 1), 1).await?.items;
    Ok(rows.into_iter().next().map_or_else(String::new, |row| row.kind))
}

/// What the entry is about, with its page where the reader may open it.
async fn subject(app: &App, visitor: &Visitor, entry: &Entry) -> Result<Option<(String, String)>, PageError> {
    let may = visitor.caller.actor.may(Permission::CaseRead);
    Ok(match entry.change.subject() {
        Subject::Event(id) if may => {
            let event = app.service.store().event_get(id).await?;
            event.map(|event| (event.value.number.clone(), format!("/events/{}", event.value.number)))
        }
        Subject::Incident(id) if may => {
            let incident = app.service.store().incident_get(id).await?;
            incident.map(|incident| {
                (incident.value.number.clone(), format!("/incidents/{}", incident.value.number))
            })
        }
        Subject::Account(id) if visitor.caller.actor.may(Permission::AccountManage) => {
            Some((id.to_string(), format!("/users/{id}")))
        }
        _ => None,
    })
}

/// The bytes as indented JSON; what is no JSON, as it is.
fn pretty(bytes: &[u8]) -> String {
    let value: Option<serde_json::Value> = serde_json::from_slice(bytes).ok();
    let text = value.and_then(|value| serde_json::to_string_pretty(&value).ok());
    text.unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned())
}
