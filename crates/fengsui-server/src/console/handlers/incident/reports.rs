//! Reports: who owes whom, what was said and written, and the receipts.

use std::collections::BTreeSet;

use axum::extract::{Path, State};
use fengsui_domain::clock::{Clock, ClockState};
use fengsui_domain::id::ReportId;
use fengsui_domain::incident::{Command, IncidentChange, Report, ReportKind as Kind};
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::{ClockMeets, Form as Way, RoleId};

use super::super::post::Posted;
use super::super::shell::PageResult;
use super::super::show;
use super::act::{Asked, Place, act, both, nothing, one};
use super::case::{Case, forms, only};
use super::head::head;
use crate::app::App;
use crate::console::view::form::{FieldError, FieldProblem, Form};
use crate::console::view::incident::reports::{DutyCell, GridCell, GridRow, ReportEntry, Reports};
use crate::console::view::parts::Gate;
use crate::console::view::shell::Shell;
use crate::console::view::words::{self, DutyMark, IncidentTab, Means, Notice, ReportForm, ReportKind};

const PLACE: Place = Place { tab: IncidentTab::Reports, names: &[("of", "from"), ("spoke", "spoke_to")] };
/// What stands between who gave a receipt and its number.
const JOINT: &str = " · ";

/// `GET /incidents/{number}/reports`.
pub(super) fn view(case: &Case<'_>, shell: Shell, failed: Option<Form>) -> Reports {
    let duties: Vec<&Clock> =
        case.incident.clocks.iter().filter(|clock| clock.met_by == ClockMeets::Report).collect();
    let columns = in_order(duties.iter().map(|clock| &clock.to));
    let bodies = in_order(duties.iter().map(|clock| &clock.of));
    let row = |body: &RoleId| GridRow {
        body: case.role(body),
        cells: columns
            .iter()
            .map(|to| GridCell {
                oral: cell(case, &duties, body, to, Way::Oral),
                written: cell(case, &duties, body, to, Way::Written),
            })
            .collect(),
    };
    let waiting = case
        .incident
        .reports
        .iter()
        .rev()
        .filter(|report| waits(report))
        .map(|report| Form::new(format!("receipt-{}", report.id)).with("at", case.typed_now()));
    Reports {
        grid: bodies.iter().map(|body| row(body)).collect(),
        addressees: columns.iter().map(|to| case.roles(*to)).collect(),
        reports: case.incident.reports.iter().rev().map(|report| made(case, report)).collect(),
        record: only(!case.incident.is_closed(), case.gate(Permission::IncidentReport)),
        bodies: show::role_choices(case.plan, named(case, |rule| &rule.of), case.lang),
        to: show::role_choices(case.plan, named(case, |rule| &rule.to), case.lang),
        zone: case.zone_name(),
        forms: forms(waiting.chain([begun(case)]), failed),
        head: head(case),
        tab: IncidentTab::Reports,
        shell,
    }
}

/// Each once, in order of first appearance.
fn in_order<'c, T: PartialEq>(items: impl Iterator<Item = &'c T>) -> Vec<&'c T> {
    let mut seen: Vec<&T> = Vec::new();
    for item in items {
        if !seen.contains(&item) {
            seen.push(item);
        }
    }
    seen
}

/// Bodies that the plan's report duties name.
fn named<'p>(
    case: &Case<'p>,
    of: impl Fn(&'p fengsui_domain::plan::ClockRule) -> &'p Vec<RoleId>,
) -> BTreeSet<&'p RoleId> {
    let rules = case.plan.clocks.iter().filter(|rule| rule.met_by == ClockMeets::Report);
    rules.flat_map(of).collect()
}

/// The form filled in from the duty that runs out first and from what is known.
fn begun(case: &Case<'_>) -> Form {
    let incident = &case.incident;
    let duties = incident.running().filter(|clock| clock.met_by == ClockMeets::Report);
    let next = duties.min_by_key(|clock| (clock.due_at, clock.id));
    let kind = if incident.reports.is_empty() { ReportKind::First } else { ReportKind::FollowUp };
    let mut form =
        Form::new("report").with("kind", kind.code()).with("at", case.typed_now()).with("text", draft(case));
    if let Some(clock) = next {
        let way = clock.form.unwrap_or(Way::Oral);
        let means = if way == Way::Oral { Means::Phone } else { Means::Document };
        form = form
            .with("form", show::form(way).code())
            .with("means", means.code())
            .with("from", clock.of.as_str());
        if let Some(to) = clock.to.first() {
            form = form.with("to", to.as_str());
        }
    }
    form
}

/// What is known, as the text of a report begins.
fn draft(case: &Case<'_>) -> String {
    let incident = &case.incident;
    let level = show::level(incident.level());
    let provisional =
        if incident.level_is_confirmed() { String::new() } else { format!(" ({})", case.t("provisional")) };
    let aware = incident.awareness.values().min().unwrap_or(&incident.received_at);
    let place = if incident.asset.is_empty() {
        incident.unit.clone()
    } else {
        format!("{}{JOINT}{}", incident.unit, incident.asset)
    };
    let at = case.moment(*aware);
    let colon = case.t("colon");
    let lines = [
        format!("{} {}", incident.number, incident.title),
        format!("{}{colon}{place}", case.t("event-unit")),
        format!("{}{colon}{} {}{provisional}", case.t("level"), level.code(), case.t(level.key())),
        format!("{}{colon}{} {}", case.t("event-aware-at"), at.local, at.zone),
    ];
    lines.join("\n")
}

fn cell(case: &Case<'_>, duties: &[&Clock], of: &RoleId, to: &[RoleId], way: Way) -> DutyCell {
    let own = duties
        .iter()
        .filter(|clock| clock.of == *of && clock.to == to && clock.form.unwrap_or(Way::Oral) == way);
    let own: Vec<&&Clock> = own.filter(|clock| !matches!(clock.state, ClockState::Replaced { .. })).collect();
    // An open duty is what matters; else the one met last.
    let clock = own.iter().find(|clock| clock.runs()).or_else(|| own.last());
    let Some(clock) = clock else {
        return DutyCell { mark: DutyMark::None, countdown: None, at: None, href: String::new() };
    };
    let number = &case.incident.number;
    match &clock.state {
        ClockState::Met(met) => DutyCell {
            mark: if met.late { DutyMark::MetLate } else { DutyMark::Met },
            countdown: None,
            at: Some(case.moment(met.at)),
            href: met
                .report
                .map_or_else(|| format!("/incidents/{number}/clocks"), |id| format!("#report-{id}")),
        },
        _ => running_cell(case, clock, way),
    }
}

fn running_cell(case: &Case<'_>, clock: &Clock, way: Way) -> DutyCell {
    let sent = case.incident.reports.iter().rev().find(|report| {
        waits(report)
            && way == Way::Written
            && report.of == clock.of
            && clock.to.contains(&report.to)
            && clock.counts_from.is_none_or(|from| from <= report.at)
    });
    if let Some(report) = sent {
        let at = Some(case.moment(report.at));
        return DutyCell {
            mark: DutyMark::AwaitingReceipt,
            countdown: None,
            at,
            href: format!("#report-{}", report.id),
        };
    }
    let countdown = show::countdown(clock, &case.zone, case.now, case.lang);
    let mark = match countdown.state {
        words::ClockState::Running => DutyMark::Running,
        words::ClockState::DueSoon => DutyMark::DueSoon,
        words::ClockState::Overdue => DutyMark::Overdue,
        words::ClockState::Lapsed => DutyMark::Lapsed,
    };
    let href = format!("/incidents/{}/clocks#clock-{}", case.incident.number, clock.id);
    DutyCell { mark, countdown: Some(countdown), at: None, href }
}

/// A written report without its receipt.
fn waits(report: &Report) -> bool {
    report.form == Way::Written && report.receipt.is_none()
}

fn made(case: &Case<'_>, report: &Report) -> ReportEntry {
    let met = case
        .incident
        .clocks
        .iter()
        .filter(|clock| matches!(&clock.state, ClockState::Met(met) if met.report == Some(report.id)));
    let met: Vec<String> = met
        .map(|clock| {
            case.plan.clock(&clock.rule).map_or_else(|| clock.rule.to_string(), |rule| case.text(&rule.title))
        })
        .collect();
    let id = report.id;
    let known = Means::parse(&report.means);
    ReportEntry {
        id: id.to_string(),
        kind: match report.kind {
            Kind::First => ReportKind::First,
            Kind::FollowUp => ReportKind::FollowUp,
            Kind::Final => ReportKind::Final,
        },
        form: show::form(report.form),
        from: case.role(&report.of),
        to: case.role(&report.to),
        at: case.moment(report.at),
        // Means that a program named freely are kept beside whom it spoke to.
        spoke_to: if known.is_some() {
            report.spoke.clone()
        } else {
            format!("{}{JOINT}{}", report.spoke, report.means)
        },
        means: known.unwrap_or(Means::System),
        text: report.text.clone(),
        by: case.by(&report.by),
        receipt: report.receipt.as_ref().map(|receipt| {
            let (who, reference) = receipt.reference.split_once(JOINT).unwrap_or((&receipt.reference, ""));
            (case.moment(receipt.at), who.to_owned(), reference.to_owned())
        }),
        receive: match (report.form, case.incident.is_closed()) {
            (Way::Written, false) => case.gate(Permission::IncidentReport),
            _ => Gate::Hidden,
        },
        met: met.join(&case.t("list-comma")),
        proof: case.proof(|change| matches!(change, IncidentChange::Reported { report } if report.id == id)),
    }
}

/// `POST /incidents/{number}/reports`.
pub(super) async fn record(State(app): State<App>, Path(number): Path<String>, posted: Posted) -> PageResult {
    act(&app, &number, &posted, PLACE, |case| reporting(case, &posted)).await
}

/// One command for each addressee.
fn reporting(case: &Case<'_>, posted: &Posted) -> Asked {
    let choose = |name: &str| posted.wrong(name, FieldProblem::ChooseOne);
    let kind = Kind::parse(posted.text("kind")).ok_or_else(|| choose("kind"));
    let form = match ReportForm::parse(posted.text("form")) {
        Some(ReportForm::Oral) => Ok(Way::Oral),
        Some(ReportForm::Written) => Ok(Way::Written),
        None => Err(choose("form")),
    };
    let to: Vec<RoleId> = posted.all("to").into_iter().map(RoleId::new).collect();
    let to = if to.is_empty() { Err(choose("to")) } else { Ok(to) };
    let at = posted.at_required("at", &case.zone);
    let of = match posted.text("from") {
        "" => Err(choose("from")),
        of => Ok(RoleId::new(of)),
    };
    let means = Means::parse(posted.text("means")).ok_or_else(|| choose("means"));
    let ((kind, form), ((to, at), (of, means))) =
        all((both(kind, form), all((both(to, at), both(of, means)))))?;
    let spoke = spoke(case, posted, form, &of).map_err(|error| vec![error])?;
    let text = posted.text("text").to_owned();
    let report = |to: RoleId| Command::Report {
        kind,
        form,
        of: of.clone(),
        to,
        at,
        spoke: spoke.clone(),
        means: means.code().to_owned(),
        text: text.clone(),
    };
    Ok((to.into_iter().map(report).collect(), Notice::ReportSaved))
}

/// Both, or the errors of both.
fn all<A, B>(
    (a, b): (Result<A, Vec<FieldError>>, Result<B, Vec<FieldError>>),
) -> Result<(A, B), Vec<FieldError>> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (a, b) => Err(a.err().into_iter().chain(b.err()).flatten().collect()),
    }
}

/// Whom an oral report was spoken to; a written one is sent by the body itself if nobody is named.
fn spoke(case: &Case<'_>, posted: &Posted, form: Way, of: &RoleId) -> Result<String, FieldError> {
    match (posted.text("spoke_to"), form) {
        ("", Way::Oral) => Err(posted.wrong("spoke_to", FieldProblem::Required)),
        ("", Way::Written) => Ok(case.role(of)),
        (spoke, _) => Ok(spoke.to_owned()),
    }
}

/// `POST /incidents/{number}/reports/{report}/receipt`.
pub(super) async fn receipt(
    State(app): State<App>,
    Path((number, report)): Path<(String, String)>,
    posted: Posted,
) -> PageResult {
    let report: ReportId = report.parse().map_err(|_| nothing())?;
    let place = Place { names: &[("reference", "by")], ..PLACE };
    act(&app, &number, &posted, place, |case| {
        let at = posted.at_required("at", &case.zone).map_err(|error| vec![error])?;
        let reference = receipt_words(&posted);
        one(Command::ReceiptReport { report, at, reference }, Notice::ReceiptSaved)
    })
    .await
}

/// Who received it and under which number, as one text.
pub(super) fn receipt_words(posted: &Posted) -> String {
    let words = [posted.text("by"), posted.text("reference")];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(JOINT)
}

/// The two again.
pub(super) fn receipt_parts(reference: &str) -> (String, String) {
    let (who, number) = reference.split_once(JOINT).unwrap_or((reference, ""));
    (who.to_owned(), number.to_owned())
}
