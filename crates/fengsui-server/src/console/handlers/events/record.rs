//! An event's page: what is known, the evidence, who changed what, how it was judged.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use fengsui_domain::change::Change;
use fengsui_domain::event::{Event, EventChange, EventState, Judgement, Outcome};
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::{Clause, Plan, PlanId};
use fengsui_service::Error;
use fengsui_service::store::{MAX_PAGE, TimelineRow, Versioned};
use jiff::Timestamp;

use super::{POINTS, again, source, state};
use crate::app::App;
use crate::console::handlers::names::Names;
use crate::console::handlers::post::Posted;
use crate::console::handlers::session::Visitor;
use crate::console::handlers::shell::{PageError, PageResult, page_with, plan_in_force, plans_beside, shell};
use crate::console::handlers::show;
use crate::console::lang::Lang;
use crate::console::view::event::{EventPage, EvidenceLine, PlanChoice, Reporter, SightingRow, TriageRecord};
use crate::console::view::form::{Form, Forms};
use crate::console::view::parts::{Act, Gate, IncidentRef, Point};
use crate::console::view::problem::ProblemKind;
use crate::console::view::words::{Section, TriageOutcome};

/// What stands in place of a name or number that was not revealed; it says nothing of the length.
const MASK: &str = "＊＊＊";

pub(super) async fn show_event(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(chosen): Query<Chosen>,
) -> PageResult {
    let view = view(&app, &visitor, &number, chosen, None).await?;
    page_with(StatusCode::OK, &view)
}

/// The page with a form that was refused.
pub(super) async fn event_page(
    app: &App,
    visitor: &Visitor,
    number: &str,
    status: StatusCode,
    form: Form,
) -> PageResult {
    let plan = form.values.get("plan").and_then(|values| values.first()).cloned();
    let mut view = view(app, visitor, number, Chosen { plan }, None).await?;
    view.forms.0.insert(form.id.clone(), form);
    page_with(status, &view)
}

pub(super) async fn reveal(State(app): State<App>, Path(number): Path<String>, posted: Posted) -> PageResult {
    let visitor = &posted.visitor;
    let event = app.service.event_by_number(&visitor.caller, &number).await?;
    let reporter =
        match app.service.event_reporter(&visitor.caller, event.value.id, posted.text("reason")).await {
            Ok(reporter) => reporter,
            Err(error) => return again(&app, &posted, &number, error, &[]).await,
        };
    let (name, phone) = reporter.split_once('\n').unwrap_or((&reporter, ""));
    let shown = Reporter { name: name.to_owned(), phone: phone.to_owned(), revealed: true };
    let view = view(&app, visitor, &number, Chosen::default(), Some(shown)).await?;
    page_with(StatusCode::OK, &view)
}

async fn view(
    app: &App,
    visitor: &Visitor,
    number: &str,
    chosen: Chosen,
    revealed: Option<Reporter>,
) -> Result<EventPage, PageError> {
    let event = app.service.event_by_number(&visitor.caller, number).await?;
    let (_, plan) = plan_in_force(app).await?;
    let chosen = plan_chosen(app, chosen.plan.as_deref(), ProblemKind::NotFound).await?;
    let entries = app
        .service
        .store()
        .entry_list(Some(format!("event/{}", event.value.id)), None, MAX_PAGE)
        .await?
        .items;
    let reader = Reader {
        plan,
        lang: visitor.look.lang,
        now: app.service.now(),
        entries: &entries,
        names: Names::read(app, visitor.look.lang).await?,
    };
    let incident = incident(app, visitor, &event.value).await?;
    let frame = shell(app, visitor, &event.value.number, Some(Section::Events)).await?;
    let actor = &visitor.caller.actor;
    let may_triage = actor.may(Permission::EventTriage) && actor.may(Permission::CaseRead);
    let Versioned { version, value: event } = event;
    let zone = show::zone(plan);
    let at = |instant| show::moment(instant, &zone, reader.now, visitor.look.lang);
    let masked = Reporter { name: MASK.to_owned(), phone: MASK.to_owned(), revealed: false };
    let may_reveal = actor.may(Permission::PersonalRead) && event.intake.reporter.is_some();
    let gate = |open: bool| if open { Gate::Open } else { Gate::Hidden };
    Ok(EventPage {
        shell: frame,
        number: event.number.clone(),
        title: show::event_title(&event, visitor.look.lang),
        state: state(event.state()),
        source: source(event.intake.source, plan, visitor.look.lang),
        unit: event.intake.unit.clone(),
        asset: event.intake.asset.clone(),
        points: reader.points(&event),
        received_at: at(event.received_at),
        became_aware_at: Some(at(event.intake.aware_at)),
        occurred_at: event.intake.occurred_at.map(at),
        reporter: revealed.or_else(|| may_reveal.then_some(masked)),
        evidence: evidence(&event),
        evidence_more: more_lines(&event),
        sightings: reader.sightings(&event),
        amendments: reader.amendments(),
        triages: reader.triages(&event),
        incident,
        amend: gate(actor.may(Permission::EventRecord)),
        triage: gate(may_triage && event.state() == EventState::New),
        reopen: gate(may_triage && event.may_reopen().is_ok()),
        receipt: gate(may_triage && awaits_receipt(&event)),
        bodies: show::role_choices(plan, plan.roles.keys(), visitor.look.lang),
        categories: show::category_choices(chosen, visitor.look.lang),
        facts: show::fact_fields(chosen, visitor.look.lang),
        plans: plans(app, number, chosen, visitor.look.lang).await?,
        plan: chosen.id.to_string(),
        beside: plans_beside(app, chosen, &[&chosen.id], visitor.look.lang).await?,
        clauses: [
            (&chosen.triage.incident, chosen),
            (&plan.triage.false_positive, plan),
            (&plan.triage.not_ours, plan),
        ]
        .map(|(clause, plan)| clause.as_ref().map(|clause| show::clause(clause, plan))),
        revision: version,
        forms: forms(&event, visitor.look.lang),
    })
}

/// The plan somebody chose for the incident to be opened; the node's own if nobody did.
#[derive(Default, serde::Deserialize)]
pub(super) struct Chosen {
    plan: Option<String>,
}

/// The plan with this id, or the node's own; `otherwise` if it is none that can be chosen today.
pub(super) async fn plan_chosen<'a>(
    app: &'a App,
    id: Option<&str>,
    otherwise: ProblemKind,
) -> Result<&'a Plan, PageError> {
    match app.service.plan_chosen(id.map(PlanId::new).as_ref()).await {
        Ok(version) => Ok(app.service.plan(&version)?),
        Err(Error::Refused(_)) => Err(otherwise.into()),
        Err(error) => Err(error.into()),
    }
}

/// The plans to choose from, each as a link to this page with that plan chosen.
async fn plans(app: &App, number: &str, chosen: &Plan, lang: Lang) -> Result<Vec<PlanChoice>, PageError> {
    let mut choices = Vec::new();
    for version in app.service.plans_to_choose().await? {
        let plan = app.service.plan(&version)?;
        choices.push(PlanChoice {
            title: show::text(&plan.title, lang),
            href: format!("/events/{number}?plan={}#triage", plan.id),
            chosen: plan.id == chosen.id,
        });
    }
    Ok(choices)
}

/// The event's forms as they begin: what is known already stands in them.
fn forms(event: &Event, lang: Lang) -> Forms {
    let mut amend = Form::new("amend").with("details", &event.intake.details);
    for (field, id) in POINTS {
        let known = event.intake.points.iter().find(|(point, _)| point.as_str() == id);
        amend = amend.with(field, known.map_or("", |(_, text)| text.as_str()));
    }
    let incident = Form::new("triage-incident").with("title", show::event_title(event, lang));
    Forms::default().with(amend).with(incident)
}

async fn incident(app: &App, visitor: &Visitor, event: &Event) -> Result<Option<IncidentRef>, PageError> {
    let may = visitor.caller.actor.may(Permission::CaseRead);
    let Some(id) = event.incident().filter(|_| may) else { return Ok(None) };
    Ok(Some(show::incident(&app.service.incident(&visitor.caller, id).await?.value)))
}

fn evidence(event: &Event) -> Vec<EvidenceLine> {
    let line = |line: &fengsui_domain::event::EvidenceLine| EvidenceLine {
        file: line.origin.clone(),
        line: line.line,
        text: line.text.clone(),
        indicator: line.because.clone(),
        list: event.sightings.as_ref().map_or_else(String::new, |seen| seen.rule.clone()),
        weak: false,
        at: None,
    };
    event.lines.iter().map(line).collect()
}

/// Sightings beyond the lines that were kept.
fn more_lines(event: &Event) -> usize {
    let count = event.sightings.as_ref().map_or(0, |seen| usize::try_from(seen.count).unwrap_or(usize::MAX));
    count.saturating_sub(event.lines.len())
}

fn awaits_receipt(event: &Event) -> bool {
    let outcome = event.judgement().map(|judgement| &judgement.outcome);
    matches!(outcome, Some(Outcome::NotOurs { receipt: None, .. }))
}

/// What the parts of the page are written with.
struct Reader<'a> {
    plan: &'a Plan,
    lang: Lang,
    now: Timestamp,
    /// The event's entries, newest first.
    entries: &'a [TimelineRow],
    names: Names,
}

impl Reader<'_> {
    fn points(&self, event: &Event) -> Vec<Point> {
        let text = |id: &str| match id {
            "details" => event.intake.details.clone(),
            _ => event
                .intake
                .points
                .iter()
                .find(|(point, _)| point.as_str() == id)
                .map_or_else(String::new, |(_, text)| text.clone()),
        };
        let mut points: Vec<&fengsui_domain::plan::Named> = self.plan.intake.points.iter().collect();
        points.sort_by_key(|point| point.id.as_str() != "details");
        points
            .into_iter()
            .map(|point| Point {
                title: show::text(&point.title, self.lang),
                text: text(point.id.as_str()),
                clause: Some(show::clause(&point.clause, self.plan)),
            })
            .collect()
    }

    fn sightings(&self, event: &Event) -> Vec<SightingRow> {
        let zone = show::zone(self.plan);
        let row = |seen: &fengsui_domain::event::Sightings| SightingRow {
            indicator: seen.key.clone(),
            kind: show::indicator_kind(&seen.key),
            list: seen.rule.clone(),
            asset: event.intake.asset.clone(),
            count: usize::try_from(seen.count).unwrap_or(usize::MAX),
            first_seen: show::moment(seen.first_at, &zone, self.now, self.lang),
            last_seen: show::moment(seen.last_at, &zone, self.now, self.lang),
            event: Some((event.number.clone(), format!("/events/{}", event.number))),
        };
        event.sightings.iter().map(row).collect()
    }

    /// Entries of one kind of change, oldest first.
    fn changes(&self, wanted: impl Fn(&EventChange) -> bool) -> Vec<&TimelineRow> {
        let of_kind =
            |row: &&TimelineRow| matches!(&row.entry.change, Change::Event { change, .. } if wanted(change));
        self.entries.iter().rev().filter(of_kind).collect()
    }

    fn act(&self, row: &TimelineRow, what: String) -> Act {
        Act {
            at: show::moment(row.entry.at, &show::zone(self.plan), self.now, self.lang),
            by: self.names.by(&row.entry.by),
            what,
            proof: Some(show::proof(row.index)),
        }
    }

    fn amendments(&self) -> Vec<Act> {
        let rows = self.changes(|change| matches!(change, EventChange::Amended { .. }));
        rows.into_iter().rev().map(|row| self.act(row, String::new())).collect()
    }

    /// Judgements, newest first; the entries of judgements stand in the same order.
    fn triages(&self, event: &Event) -> Vec<TriageRecord> {
        let rows = self.changes(|change| matches!(change, EventChange::Triaged { .. }));
        let offset = event.judgements.len().saturating_sub(rows.len());
        let records = event.judgements.iter().enumerate().map(|(at, judgement)| {
            let entry = at.checked_sub(offset).and_then(|at| rows.get(at));
            let replaced = at + 1 < event.judgements.len() || event.reopened;
            self.record(judgement, entry.copied(), replaced)
        });
        let mut records: Vec<TriageRecord> = records.collect();
        records.reverse();
        records
    }

    fn record(&self, judgement: &Judgement, entry: Option<&TimelineRow>, replaced: bool) -> TriageRecord {
        let act = Act {
            at: show::moment(judgement.at, &show::zone(self.plan), self.now, self.lang),
            by: self.names.by(&judgement.by),
            what: String::new(),
            proof: None,
        };
        let (outcome, details) = self.outcome(&judgement.outcome);
        TriageRecord { outcome, act, details, replaced, proof: entry.map(|row| show::proof(row.index)) }
    }

    fn outcome(&self, outcome: &Outcome) -> (TriageOutcome, Vec<Point>) {
        let triage = &self.plan.triage;
        let point = |title: &str, text: &str, clause: &Option<Clause>| Point {
            title: title.to_owned(),
            text: text.to_owned(),
            clause: clause.as_ref().map(|clause| show::clause(clause, self.plan)),
        };
        match outcome {
            Outcome::Incident { .. } => (TriageOutcome::Incident, Vec::new()),
            Outcome::FalsePositive { reason, done } => {
                let reason = point(&self.lang.t("triage-reason"), reason, &triage.false_positive);
                let done = point(&self.lang.t("triage-done"), done, &triage.false_positive);
                (TriageOutcome::FalsePositive, vec![reason, done])
            }
            Outcome::NotOurs { body, person, passed_on, receipt, .. } => {
                let receipt = receipt.as_deref().unwrap_or_default();
                let points = vec![
                    point(&self.lang.t("handed-to-body"), body, &triage.not_ours),
                    point(&self.lang.t("handed-to-person"), person, &triage.not_ours),
                    point(&self.lang.t("passed-on"), passed_on, &triage.not_ours),
                    point(&self.lang.t("handed-receipt"), receipt, &triage.not_ours),
                ];
                (TriageOutcome::NotOurs, points)
            }
        }
    }
}
