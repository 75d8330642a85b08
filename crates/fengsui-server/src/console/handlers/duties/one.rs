//! One duty of a book: how it stands and why, its records, and the forms about it.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use fengsui_domain::duty::{Command, Document, Record, RecordCommand, RecordWords, Said, Vouched};
use fengsui_domain::id::{BookId, RecordId};
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::{Cycle, DutyKind, Plan, RuleId, StandingDuty, Test};
use fengsui_service::Error;
use fengsui_service::store::{DutyRecordFilter, Versioned};
use jiff::Timestamp;
use jiff::civil::Date;

use super::{day, gate, outcome, parse, row};
use crate::app::App;
use crate::console::handlers::names::Names;
use crate::console::handlers::post::{Posted, done, refused};
use crate::console::handlers::session::Visitor;
use crate::console::handlers::shell::{PageError, PageResult, page_with, shell};
use crate::console::handlers::show;
use crate::console::lang::Lang;
use crate::console::view::duty::{Asks, DutyPage, PastRow, RecordRow};
use crate::console::view::form::{FieldError, FieldProblem, Form, Forms};
use crate::console::view::parts::Choice;
use crate::console::view::problem::ProblemKind;
use crate::console::view::words::{Notice, Section};

/// Records that the page shows; the API lists all.
const MAX_SHOWN: usize = 50;
/// What the core calls a field, and what the form calls it.
const NAMES: [(&str, &str); 1] = [("value", "basis")];

pub(super) async fn show_duty(
    State(app): State<App>,
    visitor: Visitor,
    Path((id, duty)): Path<(String, String)>,
) -> PageResult {
    page_of(&app, &visitor, (parse(&id)?, RuleId::new(duty)), StatusCode::OK, None).await
}

async fn page_of(
    app: &App,
    visitor: &Visitor,
    (id, duty): (BookId, RuleId),
    status: StatusCode,
    sent: Option<Form>,
) -> PageResult {
    let looked = app.service.duty_book(&visitor.caller, id).await?;
    let book = &looked.book.value;
    let (_, plan) = app.service.duty_plan(&book.plan)?;
    let rule = plan.standing_duty(&duty).ok_or(ProblemKind::NotFound)?;
    let (now, lang) = (app.service.now(), visitor.look.lang);
    let standing = looked.standings(plan, now).into_iter().find(|standing| standing.duty.id == duty);
    let standing = standing.ok_or(ProblemKind::NotFound)?;
    let filter = DutyRecordFilter { duty: Some(duty.to_string()), ..DutyRecordFilter::default() };
    let (_, found) = app.service.duty_record_list(&visitor.caller, id, filter, None, MAX_SHOWN).await?;
    let names = Names::read(app, lang).await?;
    let zone = show::zone(plan);
    let past = standing.past.iter().map(|past| PastRow {
        period: days(past.period.first, past.period.last),
        due: show::moment(past.due_at, &zone, now, lang),
        progress: format!("{}/{}", past.done, standing.times),
        outcome: outcome(past.outcome),
    });
    let actor = &visitor.caller.actor;
    let kept = book.closed.is_none();
    let may = |door| kept && actor.may(door);
    let settable = rule.recurrence().is_some_and(|recurrence| recurrence.settable);
    let mut forms = Forms::default();
    for name in ["record", "changed"] {
        forms = forms.with(Form::new(name).with("at", show::typed(now, &zone)));
    }
    if let Some(form) = sent {
        forms = forms.with(form);
    }
    let settled = plan.defaults_for(&rule.clause);
    let view = DutyPage {
        shell: shell(app, visitor, &show::text(&rule.title, lang), Some(Section::Duties)).await?,
        id: id.to_string(),
        duty: duty.to_string(),
        unit: book.unit.clone(),
        row: row(book, &standing, plan, now, lang),
        settled: settled.map(|settled| show::text(settled.holds(), lang)).collect(),
        parents: standing.parents.iter().map(|seen| parent(seen, lang)).collect(),
        period: standing.period.map_or_else(String::new, |period| days(period.first, period.last)),
        past: past.collect(),
        more: found.next.is_some(),
        records: found.items.iter().map(|record| record_row(record, plan, &names, now, lang)).collect(),
        asks: asks(rule, lang),
        changes: matches!(rule.kind, DutyKind::OnChange { .. }),
        record: gate(may(Permission::DutyRecord)),
        extend: gate(may(Permission::DutyRecord) && !rule.extendable_by.is_empty()),
        rhythm: gate(may(Permission::DutyManage) && settable),
        forms,
    };
    page_with(status, &view)
}

/// A version of a plan above: its name, first day in force, and the beginning of its digest.
fn parent(seen: &fengsui_domain::duty::ParentSeen, lang: Lang) -> String {
    let version = &seen.version;
    let short: String = version.digest.chars().take(12).collect();
    lang.t_ab("duty-parent", version.plan.as_str(), &format!("{} · {short}", version.in_force_from))
        .into_owned()
}

fn days(first: Date, last: Date) -> String {
    if first == last { first.to_string() } else { format!("{first} – {last}") }
}

/// What a form asks of a duty.
fn asks(rule: &StandingDuty, lang: Lang) -> Asks {
    let field = |field: &fengsui_domain::plan::ProofField| Choice {
        value: format!("proof.{}", field.id),
        text: show::text(&field.title, lang),
        hint: String::new(),
    };
    match &rule.kind {
        DutyKind::Holds(condition) => match &condition.test {
            Test::AtLeast { unit, .. } | Test::MoreThan { unit, .. } => Asks::Number(show::text(unit, lang)),
            Test::NotPassed => Asks::Day,
            Test::Stated => Asks::Stated,
        },
        kind => Asks::Done {
            period: matches!(kind, DutyKind::Every(_)),
            proof: rule.proof.iter().map(field).collect(),
            document: rule.document,
        },
    }
}

fn record_row(
    record: &Versioned<Record>,
    plan: &Plan,
    names: &Names,
    now: Timestamp,
    lang: Lang,
) -> RecordRow {
    let Versioned { version, value: record } = record;
    let zone = show::zone(plan);
    let missing = record.unreceipted(plan);
    let receipts = record.receipts.iter().map(|(body, receipt)| {
        lang.t_ab("duty-receipt-given", &show::role(plan, body, lang), &receipt.reference).into_owned()
    });
    RecordRow {
        id: record.id.to_string(),
        at: show::moment(record.at, &zone, now, lang),
        entered: show::moment(record.entered_at, &zone, now, lang),
        by: names.signed(&record.signed, plan, lang),
        lines: said(record, plan, lang).into_iter().chain(receipts).collect(),
        corrections: usize::try_from(record.corrections).unwrap_or(usize::MAX),
        withdrawn: record.withdrawn.as_ref().map(|closing| closing.reason.clone()),
        waits: show::role_choices(plan, missing, lang),
        revision: *version,
    }
}

/// What a record says, line by line.
fn said(record: &Record, plan: &Plan, lang: Lang) -> Vec<String> {
    let rule = plan.standing_duty(&record.duty);
    let named = |id: &RuleId| {
        let field = rule.and_then(|rule| rule.proof.iter().find(|field| field.id == *id));
        field.map_or_else(|| id.to_string(), |field| show::text(&field.title, lang))
    };
    let colon = lang.t("colon");
    match &record.said {
        Said::Done { for_day, proof, document } => {
            let every = rule.is_some_and(|rule| rule.recurrence().is_some());
            let day = every.then(|| lang.t_s("duty-for", &for_day.to_string()).into_owned());
            let texts = proof.iter().map(|(id, text)| format!("{}{colon}{text}", named(id)));
            let kept = document.iter().map(|document| {
                let digest = match document.sha256.as_str() {
                    "" => String::new(),
                    digest => format!(" · SHA-256 {digest}"),
                };
                format!("{} · {}{digest}", document.title, document.place)
            });
            day.into_iter().chain(texts).chain(kept).collect()
        }
        Said::Vouched { value, basis } => {
            let value = match value {
                Vouched::Number(number) => number.to_string(),
                Vouched::Day(day) => day.to_string(),
                Vouched::Stated(true) => lang.t("yes").into_owned(),
                Vouched::Stated(false) => lang.t("no").into_owned(),
            };
            vec![value, basis.clone()]
        }
        Said::Changed { what } => vec![lang.t_s("duty-was-changed", what).into_owned()],
    }
}

/// What was typed of a record, or what is wrong with it.
fn typed(posted: &Posted, plan: &Plan, rule: &StandingDuty) -> Result<RecordWords, Form> {
    let zone = show::zone(plan);
    let failed = |error: FieldError| posted.failed(vec![error]);
    let at = posted.at_required("at", &zone).map_err(failed)?;
    let text = |field: &str| posted.text(field).to_owned();
    let vouched = |value| Said::Vouched { value, basis: text("basis") };
    let said = if let DutyKind::Holds(condition) = &rule.kind {
        match &condition.test {
            Test::AtLeast { .. } | Test::MoreThan { .. } => {
                let number = text("number").parse();
                vouched(Vouched::Number(
                    number.map_err(|_| failed(posted.wrong("number", FieldProblem::NotANumber)))?,
                ))
            }
            Test::NotPassed => vouched(Vouched::Day(day(posted, "day")?)),
            Test::Stated => match posted.text("stated") {
                "yes" => vouched(Vouched::Stated(true)),
                "no" => vouched(Vouched::Stated(false)),
                _ => return Err(failed(posted.wrong("stated", FieldProblem::ChooseOne))),
            },
        }
    } else {
        let missing = rule.proof.iter().map(|field| format!("proof.{}", field.id));
        let mut missing = missing.filter(|field| posted.text(field).is_empty());
        if let Some(field) = missing.next() {
            return Err(failed(posted.wrong(&field, FieldProblem::Required)));
        }
        let proof: BTreeMap<RuleId, String> =
            rule.proof.iter().map(|field| (field.id.clone(), text(&format!("proof.{}", field.id)))).collect();
        let named = ["document", "place", "sha256"].iter().any(|field| !posted.text(field).is_empty());
        let document =
            named.then(|| Document { title: text("document"), place: text("place"), sha256: text("sha256") });
        let for_day = match posted.text("for_day") {
            "" => at.to_zoned(zone).date(),
            _ => day(posted, "for_day")?,
        };
        Said::Done { for_day, proof, document }
    };
    Ok(RecordWords { said, at })
}

/// The plan of a book, and its duty.
async fn known<'a>(
    app: &'a App,
    visitor: &Visitor,
    id: BookId,
    duty: &RuleId,
) -> Result<(&'a Plan, &'a StandingDuty), PageError> {
    let plan = app.service.duty_book(&visitor.caller, id).await?.book.value.plan;
    let (_, plan) = app.service.duty_plan(&plan)?;
    Ok((plan, plan.standing_duty(duty).ok_or(ProblemKind::NotFound)?))
}

/// On to the duty's page, or the page again with what is wrong.
async fn answered<T>(
    app: &App,
    posted: &Posted,
    (id, duty): (BookId, RuleId),
    plan: &Plan,
    answer: Result<T, Error>,
) -> PageResult {
    let visitor = &posted.visitor;
    match answer {
        Ok(_) => Ok(done(visitor, &format!("/duties/{id}/{duty}"), Notice::DutySaved)),
        Err(error) => {
            let refused = refused(error, Some(plan), visitor.look.lang)?;
            let (status, form) = (refused.status, refused.put(posted.form(), &NAMES));
            page_of(app, visitor, (id, duty), status, Some(form)).await
        }
    }
}

async fn again(app: &App, posted: &Posted, of: (BookId, RuleId), form: Form) -> PageResult {
    page_of(app, &posted.visitor, of, StatusCode::UNPROCESSABLE_ENTITY, Some(form)).await
}

pub(super) async fn record(
    State(app): State<App>,
    Path((id, duty)): Path<(String, String)>,
    posted: Posted,
) -> PageResult {
    let (id, duty) = (parse(&id)?, RuleId::new(duty));
    let (plan, rule) = known(&app, &posted.visitor, id, &duty).await?;
    let words = match typed(&posted, plan, rule) {
        Ok(words) => words,
        Err(form) => return again(&app, &posted, (id, duty), form).await,
    };
    let entered = (duty.clone(), words);
    let answer = app.service.duty_record_enter(&posted.visitor.caller, id, |_| Ok(entered)).await;
    answered(&app, &posted, (id, duty), plan, answer).await
}

pub(super) async fn changed(
    State(app): State<App>,
    Path((id, duty)): Path<(String, String)>,
    posted: Posted,
) -> PageResult {
    let (id, duty) = (parse(&id)?, RuleId::new(duty));
    let (plan, _) = known(&app, &posted.visitor, id, &duty).await?;
    let at = match posted.at_required("at", &show::zone(plan)) {
        Ok(at) => at,
        Err(error) => {
            let form = posted.failed(vec![error]);
            return again(&app, &posted, (id, duty), form).await;
        }
    };
    let said = Said::Changed { what: posted.text("what").to_owned() };
    let entered = (duty.clone(), RecordWords { said, at });
    let answer = app.service.duty_record_enter(&posted.visitor.caller, id, |_| Ok(entered)).await;
    answered(&app, &posted, (id, duty), plan, answer).await
}

/// The record that a form is about.
fn record_of(posted: &Posted) -> Result<RecordId, PageError> {
    posted.text("record").parse().map_err(|_| ProblemKind::NotFound.into())
}

pub(super) async fn receipt(
    State(app): State<App>,
    Path((id, duty)): Path<(String, String)>,
    posted: Posted,
) -> PageResult {
    let (id, duty, record) = (parse(&id)?, RuleId::new(duty), record_of(&posted)?);
    let (plan, _) = known(&app, &posted.visitor, id, &duty).await?;
    let at = match posted.at_required("at", &show::zone(plan)) {
        Ok(at) => at,
        Err(error) => {
            let form = posted.failed(vec![error]);
            return again(&app, &posted, (id, duty), form).await;
        }
    };
    let body = fengsui_domain::plan::RoleId::new(posted.text("body"));
    let command = RecordCommand::Receipt { body, at, reference: posted.text("reference").to_owned() };
    let answer =
        app.service.duty_record_revise(&posted.visitor.caller, record, |_| Ok(command.clone())).await;
    answered(&app, &posted, (id, duty), plan, answer).await
}

pub(super) async fn withdraw(
    State(app): State<App>,
    Path((id, duty)): Path<(String, String)>,
    posted: Posted,
) -> PageResult {
    let (id, duty, record) = (parse(&id)?, RuleId::new(duty), record_of(&posted)?);
    let (plan, _) = known(&app, &posted.visitor, id, &duty).await?;
    let command = RecordCommand::Withdraw { reason: posted.text("reason").to_owned() };
    let answer =
        app.service.duty_record_revise(&posted.visitor.caller, record, |_| Ok(command.clone())).await;
    answered(&app, &posted, (id, duty), plan, answer).await
}

pub(super) async fn extend(
    State(app): State<App>,
    Path((id, duty)): Path<(String, String)>,
    posted: Posted,
) -> PageResult {
    let (id, duty) = (parse(&id)?, RuleId::new(duty));
    let looked = app.service.duty_book(&posted.visitor.caller, id).await?;
    let (_, plan) = app.service.duty_plan(&looked.book.value.plan)?;
    let until = match day(&posted, "until") {
        Ok(until) => until,
        Err(form) => return again(&app, &posted, (id, duty), form).await,
    };
    let standings = looked.standings(plan, app.service.now());
    let period = standings.iter().find(|standing| standing.duty.id == duty).and_then(|found| found.period);
    let day = period.ok_or(ProblemKind::NotFound)?.first;
    let reason = posted.text("reason").to_owned();
    let command = Command::AskExtension { duty: duty.clone(), day, until, reason };
    let answer = app.service.duty_book_command(&posted.visitor.caller, id, command).await;
    answered(&app, &posted, (id, duty), plan, answer).await
}

pub(super) async fn rhythm(
    State(app): State<App>,
    Path((id, duty)): Path<(String, String)>,
    posted: Posted,
) -> PageResult {
    let (id, duty) = (parse(&id)?, RuleId::new(duty));
    let (plan, _) = known(&app, &posted.visitor, id, &duty).await?;
    let cycle = Cycle::parse(posted.text("cycle")).ok_or(ProblemKind::FormExpired)?;
    let command = Command::SetRhythm { duty: duty.clone(), cycle, reason: posted.text("reason").to_owned() };
    let answer = app.service.duty_book_command(&posted.visitor.caller, id, command).await;
    answered(&app, &posted, (id, duty), plan, answer).await
}
