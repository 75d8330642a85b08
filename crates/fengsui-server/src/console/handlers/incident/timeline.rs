//! The timeline: every entry of the incident by day, each with its proof, and notes to add.

use axum::extract::{Path, Query, State};
use fengsui_domain::incident::Command;
use fengsui_domain::permission::Permission;
use fengsui_service::store::TimelineRow;

use super::super::post::Posted;
use super::super::session::{Visitor, encode};
use super::super::shell::{PageResult, page as answer, shell};
use super::super::show;
use super::act::{Place, act, one};
use super::case::{Case, change_of, forms, only};
use super::head::head;
use super::said;
use crate::app::App;
use crate::console::view::form::Form;
use crate::console::view::incident::timeline::{Day, Entry, Timeline};
use crate::console::view::parts::{Choice, Pager};
use crate::console::view::shell::Shell;
use crate::console::view::words::{IncidentTab, Notice, Section};

/// Entries on a page.
const ON_PAGE: usize = 100;

const PLACE: Place = Place { tab: IncidentTab::Timeline, names: &[] };

/// What is asked of the timeline.
#[derive(Debug, Default, serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    q: String,
    before: Option<u64>,
}

/// `GET /incidents/{number}/timeline`.
pub(super) async fn page(
    State(app): State<App>,
    Path(number): Path<String>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> PageResult {
    let mut case = Case::load(&app, &visitor, &number).await?;
    let oldest = case.entries.last().map_or(0, |row| row.index);
    // Entries older than those every page reads; they are listed, not searched.
    if let Some(before) = asked.before.filter(|before| *before <= oldest) {
        let rows = app
            .service
            .incident_timeline(&visitor.caller, case.incident.id, Some(before), ON_PAGE + 1)
            .await?;
        case.entries = rows.items;
    }
    let title = format!("{} {}", case.incident.number, case.incident.title);
    let shell = shell(&app, &visitor, &title, Some(Section::Incidents)).await?;
    answer(&view(&case, shell, &asked, None))
}

/// The page.
pub(super) fn view(case: &Case<'_>, shell: Shell, asked: &Asked, failed: Option<Form>) -> Timeline {
    let text = asked.q.trim().to_lowercase();
    let before = asked.before.unwrap_or(u64::MAX);
    let mut found = case.entries.iter().filter(|row| row.index < before).filter_map(|row| {
        let change = change_of(row)?;
        let fits = asked.kind.is_empty() || said::group(change).0 == asked.kind;
        let entry = entry(case, row)?;
        let says = |part: &str| part.to_lowercase().contains(&text);
        (fits && (says(&entry.what) || says(&entry.detail) || says(&entry.by.name))).then_some(entry)
    });
    let entries: Vec<Entry> = found.by_ref().take(ON_PAGE).collect();
    let more = found.next().is_some();
    let base = format!(
        "/incidents/{}/timeline?kind={}&q={}",
        case.incident.number,
        encode(&asked.kind),
        encode(&asked.q)
    );
    let next = entries.last().filter(|_| more).map(|last| format!("{base}&before={}", last.proof.index));
    let pager = Pager { previous: asked.before.map(|_| base), next, shown: entries.len(), total: None };
    let kind = |(code, key): &(&str, &str)| Choice {
        value: (*code).to_owned(),
        text: case.t(key),
        hint: String::new(),
    };
    Timeline {
        head: head(case),
        tab: IncidentTab::Timeline,
        form: Form::new("filter").with("kind", &asked.kind).with("q", &asked.q),
        note: only(!case.incident.is_closed(), case.gate(Permission::IncidentWork)),
        forms: forms([], failed),
        kinds: said::GROUPS.iter().map(kind).collect(),
        days: days(entries),
        pager,
        shell,
    }
}

fn entry(case: &Case<'_>, row: &TimelineRow) -> Option<Entry> {
    let change = change_of(row)?;
    let at = case.moment(row.entry.at);
    let time = at.local.split_once(' ').map_or_else(String::new, |(_, time)| time.to_owned());
    Some(Entry {
        time,
        by: case.by(&row.entry.by),
        what: said::what(case, change),
        detail: said::detail(case, change),
        kind: case.t(said::group(change).1),
        abnormal: said::is_abnormal(change),
        proof: show::proof(row.index),
        at,
    })
}

/// `POST /incidents/{number}/notes`.
pub(super) async fn note(State(app): State<App>, Path(number): Path<String>, posted: Posted) -> PageResult {
    let text = posted.text("text").to_owned();
    act(&app, &number, &posted, PLACE, |_| one(Command::Note { text }, Notice::NoteSaved)).await
}

/// Entries by their day, in the order they come.
fn days(entries: Vec<Entry>) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for entry in entries {
        let date = entry.at.local.split_once(' ').map_or("", |(date, _)| date).to_owned();
        match days.last_mut() {
            Some(day) if day.date == date => day.entries.push(entry),
            _ => days.push(Day { date, entries: vec![entry] }),
        }
    }
    days
}
