//! Indicators, sightings, sources of logs, and the state of the node.

use std::collections::BTreeMap;
use std::io::Cursor;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use fengsui_domain::change::Change;
use fengsui_domain::node::NodeChange;
use fengsui_domain::permission::Permission;
use fengsui_service::indicators::{Import, ListFormat, ListWords};
use fengsui_service::ingest::sources::LogSource;
use fengsui_service::store::{MAX_PAGE, SightingFilter, SightingRow as Seen};

use super::names::name_of;
use super::post::{MAX_FILE_BYTES, Posted, Upload, done, refused};
use super::session::{Visitor, encode};
use super::shell::{PageError, PageResult, page, page_with, plan_in_force, shell};
use super::{show, words};
use crate::app::App;
use crate::console::view::event::SightingRow;
use crate::console::view::form::{FieldProblem, Form, Forms};
use crate::console::view::parts::{Choice, Gate, Pager};
use crate::console::view::problem::ProblemKind;
use crate::console::view::threat::{
    ImportResult, IndicatorLists, ListRow, NodePart, NodeStatus, Reject, SightingList, SourceList, SourceRow,
};
use crate::console::view::words::{Health, IndicatorKind, Notice, Section};
use crate::page::{DEFAULT_LIMIT, cursor, write_cursor};

/// Sightings looked through for one filtered page: ten full pages of the store.
const MAX_LOOKED_AT: usize = 2_000;
/// Room for the other fields of an upload.
const UPLOAD_ROOM_BYTES: usize = 1 << 20;

pub(super) fn router() -> Router<App> {
    let import = get(lists).post(import).layer(DefaultBodyLimit::max(MAX_FILE_BYTES + UPLOAD_ROOM_BYTES));
    Router::new()
        .route("/indicators", import)
        .route("/indicators/{id}/remove", post(remove))
        .route("/sightings", get(sightings))
        .route("/sources", get(sources))
        .route("/node", get(node))
}

async fn lists(State(app): State<App>, visitor: Visitor) -> PageResult {
    lists_page(&app, &visitor, StatusCode::OK, Forms::default()).await
}

async fn lists_page(app: &App, visitor: &Visitor, status: StatusCode, forms: Forms) -> PageResult {
    let found = app.service.list_list(&visitor.caller).await?;
    let (_, plan) = plan_in_force(app).await?;
    let (zone, now, lang) = (show::zone(plan), app.service.now(), visitor.look.lang);
    let may = visitor.caller.actor.may(Permission::IndicatorManage);
    let gate = || if may { Gate::Open } else { Gate::Hidden };
    let rows: Vec<ListRow> = found
        .into_iter()
        .filter(|list| list.value.active)
        .map(|list| ListRow {
            id: list.value.id.to_string(),
            name: list.value.name,
            kinds: kinds(&list.value.kinds),
            imported_at: show::moment(list.value.imported_at, &zone, now, lang),
            by: name_of(&list.value.imported_by, lang),
            remove: gate(),
        })
        .collect();
    let total = rows.iter().flat_map(|row| &row.kinds).map(|(_, count)| *count).sum();
    let format = |value: &str, key: &str| Choice {
        value: value.to_owned(),
        text: lang.t(key).into_owned(),
        hint: String::new(),
    };
    let formats = ListFormat::ALL.map(|known| match known {
        ListFormat::Plain => format(known.name(), "format-list"),
        ListFormat::Csv => format(known.name(), "format-csv"),
        ListFormat::Hosts => format(known.name(), "format-hosts"),
    });
    let view = IndicatorLists {
        shell: shell(app, visitor, "nav-indicators", Some(Section::Indicators)).await?,
        rows,
        total,
        import: gate(),
        formats: std::iter::once(format("auto", "format-auto")).chain(formats).collect(),
        forms,
        limit: format!("{} MB", MAX_FILE_BYTES >> 20),
    };
    page_with(status, &view)
}

/// The matcher's kinds, folded into those that pages name.
fn kinds(stored: &BTreeMap<String, u64>) -> Vec<(IndicatorKind, usize)> {
    let mut folded: BTreeMap<IndicatorKind, usize> = BTreeMap::new();
    for (kind, count) in stored {
        let kind = match kind.as_str() {
            "domain" => IndicatorKind::Domain,
            "ipv4" | "ipv6" | "cidr" => IndicatorKind::Ip,
            "ip_port" => IndicatorKind::IpPort,
            "url" => IndicatorKind::Url,
            _ => IndicatorKind::Hash,
        };
        *folded.entry(kind).or_default() += usize::try_from(*count).unwrap_or(usize::MAX);
    }
    folded.into_iter().collect()
}

async fn import(State(app): State<App>, upload: Upload) -> PageResult {
    let Upload { posted, file } = upload;
    let visitor = &posted.visitor;
    let name = match (posted.text("name"), &file) {
        ("", Some((name, _))) => name.as_str(),
        (name, _) => name,
    };
    let text = posted.text("text").as_bytes();
    let bytes = file.as_ref().map_or_else(|| text.to_vec(), |(_, bytes)| bytes.to_vec());
    if bytes.is_empty() {
        let form = posted.form().fail("file", "", FieldProblem::Required.text(visitor.look.lang));
        return lists_page(&app, visitor, StatusCode::UNPROCESSABLE_ENTITY, Forms::default().with(form))
            .await;
    }
    let words = ListWords { name: name.to_owned(), format: ListFormat::of_name(posted.text("format")) };
    match app.service.list_import(&visitor.caller, words, Cursor::new(bytes)).await {
        Ok(import) => page(&import_view(&app, visitor, import).await?),
        Err(error) => {
            let refused = refused(error, None, visitor.look.lang)?;
            let status = refused.status;
            let form = refused.put(posted.form(), &[("name", "name"), ("list", "text")]);
            lists_page(&app, visitor, status, Forms::default().with(form)).await
        }
    }
}

async fn import_view(app: &App, visitor: &Visitor, import: Import) -> Result<ImportResult, PageError> {
    let count = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    let rejects = import.rejects.into_iter().map(|reject| Reject {
        line: reject.line,
        value: reject.value,
        code: reject.why.code(),
        reason: words::reject(reject.why, visitor.look.lang),
    });
    Ok(ImportResult {
        shell: shell(app, visitor, "title-import", Some(Section::Indicators)).await?,
        name: import.list.value.name,
        new: count(import.new),
        updated: count(import.updated),
        unchanged: count(import.unchanged),
        rejected: count(import.rejected),
        rejects: rejects.collect(),
    })
}

async fn remove(State(app): State<App>, Path(id): Path<String>, posted: Posted) -> PageResult {
    let visitor = &posted.visitor;
    let list = id.parse().map_err(|_| ProblemKind::NotFound)?;
    match app.service.list_retire(&visitor.caller, list, posted.text("reason")).await {
        Ok(_) => Ok(done(visitor, "/indicators", Notice::SettingsSaved)),
        Err(error) => {
            let refused = refused(error, None, visitor.look.lang)?;
            let status = refused.status;
            let mut form = refused.put(posted.form(), &[]);
            form.id = format!("remove-{id}");
            lists_page(&app, visitor, status, Forms::default().with(form)).await
        }
    }
}

#[derive(Debug, Default, serde::Deserialize)]
struct Asked {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    q: String,
    after: Option<String>,
}

async fn sightings(State(app): State<App>, visitor: Visitor, Query(asked): Query<Asked>) -> PageResult {
    let (found, next) = matching(&app, &visitor, &asked).await?;
    let events = events(&app, &visitor, &found).await?;
    let (_, plan) = plan_in_force(&app).await?;
    let (zone, now, lang) = (show::zone(plan), app.service.now(), visitor.look.lang);
    let row = |seen: &Seen| SightingRow {
        indicator: seen.value.clone(),
        kind: show::indicator_kind(&seen.value),
        list: seen.rule.clone(),
        asset: seen.asset.clone(),
        count: usize::try_from(seen.count).unwrap_or(usize::MAX),
        first_seen: show::moment(seen.first_at, &zone, now, lang),
        last_seen: show::moment(seen.last_at, &zone, now, lang),
        event: seen
            .event
            .as_ref()
            .and_then(|id| events.get(id))
            .map(|number| (number.clone(), format!("/events/{number}"))),
    };
    let rows: Vec<SightingRow> = found.iter().map(row).collect();
    let next = next
        .map(|next| format!("/sightings?kind={}&q={}&after={next}", encode(&asked.kind), encode(&asked.q)));
    let view = SightingList {
        shell: shell(&app, &visitor, "nav-sightings", Some(Section::Sightings)).await?,
        form: Form::new("filter").with("kind", asked.kind).with("q", asked.q),
        pager: Pager { previous: None, next, shown: rows.len(), total: None },
        rows,
    };
    page(&view)
}

/// A page of sightings that the filter lets through, and the cursor of the next one.
async fn matching(
    app: &App,
    visitor: &Visitor,
    asked: &Asked,
) -> Result<(Vec<Seen>, Option<String>), PageError> {
    let kind = IndicatorKind::parse(&asked.kind);
    let text = asked.q.trim();
    let wanted = |seen: &Seen| {
        let of_kind = kind.is_none() || show::indicator_kind(&seen.value) == kind;
        of_kind && [&seen.value, &seen.asset, &seen.rule].iter().any(|part| part.contains(text))
    };
    let mut after = cursor(asked.after.as_deref()).map_err(|_| ProblemKind::NotFound)?;
    let (mut rows, mut looked_at) = (Vec::new(), 0);
    loop {
        // Whole pages are taken, so that the store's own cursor goes on exactly where this one ends.
        let found = app
            .service
            .sighting_list(&visitor.caller, SightingFilter::default(), after, DEFAULT_LIMIT)
            .await?;
        looked_at += found.items.len();
        rows.extend(found.items.into_iter().filter(|seen| wanted(seen)));
        let Some(next) = found.next else { return Ok((rows, None)) };
        if rows.len() >= DEFAULT_LIMIT || looked_at >= MAX_LOOKED_AT {
            return Ok((rows, Some(write_cursor(&next))));
        }
        after = Some(next);
    }
}

/// Numbers of the events that sightings were folded into, for those who may read them.
async fn events(app: &App, visitor: &Visitor, found: &[Seen]) -> Result<BTreeMap<String, String>, PageError> {
    let mut numbers = BTreeMap::new();
    if !visitor.caller.actor.may(Permission::CaseRead) {
        return Ok(numbers);
    }
    for id in found.iter().filter_map(|seen| seen.event.as_ref()) {
        let Ok(event) = id.parse() else { continue };
        if !numbers.contains_key(id)
            && let Some(event) = app.service.store().event_get(event).await?
        {
            numbers.insert(id.clone(), event.value.number);
        }
    }
    Ok(numbers)
}

async fn sources(State(app): State<App>, visitor: Visitor) -> PageResult {
    let found = app.service.source_list(&visitor.caller).await?;
    let (_, plan) = plan_in_force(&app).await?;
    let (zone, now, lang) = (show::zone(plan), app.service.now(), visitor.look.lang);
    let row = |LogSource { row, now: file }: LogSource| {
        let (state, trouble, offset) = match file {
            Ok(file) => {
                let offset = format!("{} / {}", bytes(row.offset), bytes(file.size_bytes));
                (Health::Good, String::new(), offset)
            }
            Err(error) => (Health::Failing, lang.t_s("source-gone", &error).into_owned(), bytes(row.offset)),
        };
        SourceRow {
            name: row.name,
            kind: lang.t("source-file").into_owned(),
            state,
            trouble,
            offset,
            lines: usize::try_from(row.lines).unwrap_or(usize::MAX),
            rejected: usize::try_from(row.rejected).unwrap_or(usize::MAX),
            last_line: (row.lines > 0).then(|| show::moment(row.seen_at, &zone, now, lang)),
        }
    };
    let rows = found.into_iter().map(row).collect();
    page(&SourceList { shell: shell(&app, &visitor, "nav-sources", Some(Section::Sources)).await?, rows })
}

/// A size in words: `12.4 MB`.
fn bytes(count: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if count < 1_000 {
        return format!("{count} B");
    }
    let (mut tenths, mut unit) = (count / 100, 0);
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        (tenths, unit) = (tenths / 1_000, unit + 1);
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
}

async fn node(State(app): State<App>, visitor: Visitor) -> PageResult {
    visitor.caller.actor.permit(Permission::NodeRead)?;
    let (_, plan) = plan_in_force(&app).await?;
    let (zone, now, lang) = (show::zone(plan), app.service.now(), visitor.look.lang);
    let store = app.service.store();
    let created_at = app.service.node().await?.value.created_at;
    let entries = store.entry_list(Some("node".to_owned()), None, MAX_PAGE).await?.items;
    let started = |change: &Change| matches!(change, Change::Node { change: NodeChange::Started { .. } });
    let started_at =
        entries.iter().find(|row| started(&row.entry.change)).map_or(created_at, |row| row.entry.at);
    let (open, overdue) = store.clock_counts(now).await?;
    let size = usize::try_from(store.ledger_size().await?).unwrap_or(usize::MAX);
    let indicators: u64 = store
        .list_list()
        .await?
        .iter()
        .filter(|list| list.value.active)
        .flat_map(|list| list.value.kinds.values())
        .sum();
    let part =
        |key: &str, text: String| NodePart { name: lang.t(key).into_owned(), state: Health::Good, text };
    let clocks = lang.t_ab("part-clocks", &open.to_string(), &overdue.to_string()).into_owned();
    let parts = vec![
        part("part-store", lang.t_s("part-zone", &plan.zone).into_owned()),
        part("nav-ledger", lang.t_n("part-entries", size).into_owned()),
        part("clocks", clocks),
        part(
            "part-index",
            lang.t_n("part-indicators", usize::try_from(indicators).unwrap_or(usize::MAX)).into_owned(),
        ),
    ];
    let sum = |rows: Vec<(String, u64)>| rows.iter().map(|(_, count)| *count).sum::<u64>().to_string();
    let counters = vec![
        (lang.t("nav-events").into_owned(), sum(store.event_counts().await?)),
        (lang.t("nav-incidents").into_owned(), sum(store.incident_counts().await?)),
        (lang.t("nav-sources").into_owned(), store.source_list().await?.len().to_string()),
        (lang.t("nav-users").into_owned(), store.account_list().await?.len().to_string()),
    ];
    let view = NodeStatus {
        shell: shell(&app, &visitor, "nav-node", Some(Section::Node)).await?,
        version: format!("fengsui {} ({})", env!("CARGO_PKG_VERSION"), std::env::consts::ARCH),
        started_at: show::moment(started_at, &zone, now, lang),
        parts,
        counters,
    };
    page(&view)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_at_a_glance() {
        for (count, expected) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (12_400_000, "12.4 MB"),
            (3_100_000_000, "3.1 GB"),
        ] {
            assert_eq!(bytes(count), expected);
        }
    }
}
