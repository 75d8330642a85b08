//! The list of incidents: filters, pages, the duty that falls due next.

use axum::extract::{Query, State};
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::plan::Plan;
use fengsui_service::store::{IncidentFilter, IncidentRow as Row};
use jiff::Timestamp;

use super::super::session::{Visitor, encode};
use super::super::shell::{PageResult, page as answer, plan_in_force, shell};
use super::super::show;
use crate::app::App;
use crate::console::lang::Lang;
use crate::console::view::form::Form;
use crate::console::view::incident::{IncidentList, IncidentRow};
use crate::console::view::parts::{Countdown, Pager};
use crate::console::view::words::{ClockState, Phase, Section};
use crate::page::{DEFAULT_LIMIT, cursor, write_cursor};

/// Seconds before its due time from which a duty in the list counts as due soon.
const SOON_S: i64 = 1_800;

/// What is asked of the list.
#[derive(Debug, Default, serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    phase: String,
    #[serde(default)]
    level: String,
    #[serde(default)]
    q: String,
    #[serde(default)]
    cursor: String,
}

/// `GET /incidents`.
pub(super) async fn page(State(app): State<App>, visitor: Visitor, Query(asked): Query<Asked>) -> PageResult {
    let text = asked.q.trim();
    let filter = IncidentFilter {
        phase: Phase::parse(&asked.phase).map(|phase| phase.code().to_owned()),
        level: IncidentLevel::parse(&asked.level),
        text: (!text.is_empty()).then(|| text.to_owned()),
        parent: None,
    };
    // A cursor that cannot be read begins the list again.
    let after = cursor(Some(&asked.cursor)).ok().flatten();
    let again = after.is_some();
    let found = app.service.incident_list(&visitor.caller, filter, after, DEFAULT_LIMIT).await?;
    let (_, plan) = plan_in_force(&app).await?;
    let now = app.service.now();
    let rows: Vec<IncidentRow> =
        found.items.iter().map(|each| row(each, plan, now, visitor.look.lang)).collect();
    let asks = format!("phase={}&level={}&q={}", encode(&asked.phase), encode(&asked.level), encode(text));
    let pager = Pager {
        previous: again.then(|| format!("/incidents?{asks}")),
        next: found.next.as_ref().map(|next| format!("/incidents?{asks}&cursor={}", write_cursor(next))),
        shown: rows.len(),
        total: None,
    };
    let form = Form::new("filter").with("phase", asked.phase).with("level", asked.level).with("q", asked.q);
    let shell = shell(&app, &visitor, "nav-incidents", Some(Section::Incidents)).await?;
    answer(&IncidentList { shell, form, rows, pager })
}

fn row(row: &Row, plan: &Plan, now: Timestamp, lang: Lang) -> IncidentRow {
    let zone = show::zone(plan);
    let phase = Phase::parse(&row.phase).unwrap_or(Phase::Judged);
    let next = row.next_due_at.map(|due| Countdown {
        due: show::moment(due, &zone, now, lang),
        state: match due.duration_since(now).as_secs() {
            ..=0 => ClockState::Overdue,
            1..=SOON_S => ClockState::DueSoon,
            _ => ClockState::Running,
        },
        left: show::left(due, now, lang),
    });
    IncidentRow {
        number: row.number.clone(),
        href: format!("/incidents/{}", row.number),
        title: row.title.clone(),
        level: Some(show::level_mark(row.level, !matches!(phase, Phase::Judged | Phase::Analysing))),
        phase,
        unit: row.unit.clone(),
        opened_at: show::moment(row.opened_at, &zone, now, lang),
        next,
    }
}
