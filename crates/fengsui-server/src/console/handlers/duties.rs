//! Standing duties: the books of units, and what a form about them becomes.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use fengsui_domain::duty::state::Standing;
use fengsui_domain::duty::{self, Command};
use fengsui_domain::id::BookId;
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::{Cycle, DutyKind, Plan, PlanId, Recurrence, RuleId, StandingDuty, Test};
use fengsui_service::duties::Looked;
use fengsui_service::store::{DutyBookFilter, MAX_PAGE};
use jiff::Timestamp;
use jiff::civil::Date;

use super::names::Names;
use super::post::{Posted, done, refused};
use super::session::Visitor;
use super::shell::{PageError, PageResult, page_with, shell};
use super::show;
use crate::app::App;
use crate::console::lang::Lang;
use crate::console::view::duty::{BookRow, DutyBookPage, DutyBooks, DutyRow, ExtensionRow};
use crate::console::view::form::{FieldProblem, Form, Forms};
use crate::console::view::parts::{Choice, Gate, Pager};
use crate::console::view::problem::ProblemKind;
use crate::console::view::words::{DutyCycle, DutyOutcome, DutyStands, Notice, Section};
use crate::page::{DEFAULT_LIMIT, cursor, write_cursor};

mod history;
mod one;

/// Days after today that the book lists by themselves.
const WEEK_DAYS: i64 = 6;

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/duties", get(list).post(open))
        .route("/duties/{id}", get(book))
        .route("/duties/{id}/close", post(close))
        .route("/duties/{id}/{duty}", get(one::show_duty).post(one::record))
        .route("/duties/{id}/{duty}/changed", post(one::changed))
        .route("/duties/{id}/{duty}/receipt", post(one::receipt))
        .route("/duties/{id}/{duty}/withdraw", post(one::withdraw))
        .route("/duties/{id}/{duty}/extend", post(one::extend))
        .route("/duties/{id}/{duty}/rhythm", post(one::rhythm))
        .route("/duties/{id}/{duty}/decide", post(decide))
}

/// Where the list goes on.
#[derive(Clone, Debug, Default, serde::Deserialize)]
struct Asked {
    after: Option<String>,
}

async fn list(State(app): State<App>, visitor: Visitor, Query(asked): Query<Asked>) -> PageResult {
    list_page(&app, &visitor, asked, StatusCode::OK, Forms::default()).await
}

async fn list_page(
    app: &App,
    visitor: &Visitor,
    asked: Asked,
    status: StatusCode,
    forms: Forms,
) -> PageResult {
    let after = cursor(asked.after.as_deref()).map_err(|_| ProblemKind::NotFound)?;
    let filter = DutyBookFilter::default();
    let found = app.service.duty_book_list(&visitor.caller, filter, after, DEFAULT_LIMIT).await?;
    let (now, lang) = (app.service.now(), visitor.look.lang);
    let mut rows = Vec::new();
    for looked in &found.items {
        let (_, plan) = app.service.duty_plan(&looked.book.value.plan)?;
        rows.push(book_row(looked, plan, now, lang));
    }
    let with_duties = app.service.plans().list().filter(|pack| !pack.plan.duties.is_empty());
    let choice = |plan: &Plan| Choice {
        value: plan.id.to_string(),
        text: show::text(&plan.title, lang),
        hint: String::new(),
    };
    let plans: Vec<Choice> = with_duties.map(|pack| choice(&pack.plan)).collect();
    let next = found.next.as_ref().map(|next| format!("/duties?after={}", write_cursor(next)));
    let view = DutyBooks {
        shell: shell(app, visitor, "nav-duties", Some(Section::Duties)).await?,
        pager: Pager { previous: None, next, shown: rows.len(), total: None },
        rows,
        manage: gate(visitor.caller.actor.may(Permission::DutyManage)),
        plans,
        forms,
    };
    page_with(status, &view)
}

fn gate(open: bool) -> Gate {
    if open { Gate::Open } else { Gate::Hidden }
}

fn book_row(looked: &Looked, plan: &Plan, now: Timestamp, lang: Lang) -> BookRow {
    let book = &looked.book.value;
    let attention = looked.standings(plan, now);
    BookRow {
        href: format!("/duties/{}", book.id),
        unit: book.unit.clone(),
        plan: show::text(&plan.title, lang),
        from: book.from.to_string(),
        attention: attention.iter().filter(|standing| standing.stands.needs_attention()).count(),
        closed: book.closed.is_some(),
    }
}

/// A day as a form holds it.
fn day(posted: &Posted, field: &str) -> Result<Date, Form> {
    let text = posted.text(field);
    text.parse().map_err(|_| {
        let problem = if text.is_empty() { FieldProblem::Required } else { FieldProblem::NotATime };
        posted.failed(vec![posted.wrong(field, problem)])
    })
}

async fn open(State(app): State<App>, posted: Posted) -> PageResult {
    let visitor = &posted.visitor;
    let (status, form) = match day(&posted, "from") {
        Ok(from) => {
            let opening = duty::Opening { unit: posted.text("unit").to_owned(), from };
            let plan = PlanId::new(posted.text("plan"));
            match app.service.duty_book_open(&visitor.caller, &plan, &opening).await {
                Ok(looked) => {
                    let page = format!("/duties/{}", looked.book.value.id);
                    return Ok(done(visitor, &page, Notice::DutyBookOpened));
                }
                Err(error) => {
                    let refused = refused(error, None, visitor.look.lang)?;
                    (refused.status, refused.put(posted.form(), &[("name", "unit")]))
                }
            }
        }
        Err(form) => (StatusCode::UNPROCESSABLE_ENTITY, form),
    };
    list_page(&app, visitor, Asked::default(), status, Forms::default().with(form)).await
}

fn parse(id: &str) -> Result<BookId, PageError> {
    id.parse().map_err(|_| ProblemKind::NotFound.into())
}

async fn book(State(app): State<App>, visitor: Visitor, Path(id): Path<String>) -> PageResult {
    book_page(&app, &visitor, parse(&id)?, StatusCode::OK, Forms::default()).await
}

async fn book_page(app: &App, visitor: &Visitor, id: BookId, status: StatusCode, forms: Forms) -> PageResult {
    let looked = app.service.duty_book(&visitor.caller, id).await?;
    let book = &looked.book.value;
    let (_, plan) = app.service.duty_plan(&book.plan)?;
    let (now, lang) = (app.service.now(), visitor.look.lang);
    let names = Names::read(app, lang).await?;
    let zone = show::zone(plan);
    let today = now.to_zoned(zone.clone()).date();
    let (mut attention, mut due_today, mut week, mut rest) = (vec![], vec![], vec![], vec![]);
    for standing in looked.standings(plan, now) {
        let owed = standing.stands == duty::state::Stands::Open;
        // What is due at midnight is due on the day that ends then.
        let due = standing.due_at.map(|due| due - jiff::SignedDuration::from_micros(1));
        let day = due.map(|due| due.to_zoned(zone.clone()).date());
        let list = match day {
            _ if standing.stands.needs_attention() => &mut attention,
            Some(day) if owed && day <= today => &mut due_today,
            Some(day) if owed && day <= today.saturating_add(jiff::Span::new().days(WEEK_DAYS)) => &mut week,
            _ => &mut rest,
        };
        list.push(row(book, &standing, plan, now, lang));
    }
    let waiting = book.extensions.iter().filter(|extension| extension.decided.is_none());
    let waiting = waiting.map(|extension| ExtensionRow {
        duty: extension.duty.to_string(),
        title: title(plan, &extension.duty, lang),
        day: extension.period.to_string(),
        until: extension.until.to_string(),
        reason: extension.reason.clone(),
        asked: names.signed(&extension.asked, plan, lang),
    });
    let entries = app.service.duty_book_timeline(&visitor.caller, id, None, MAX_PAGE).await?.items;
    let may = visitor.caller.actor.may(Permission::DutyManage) && book.closed.is_none();
    let view = DutyBookPage {
        shell: shell(app, visitor, &book.unit, Some(Section::Duties)).await?,
        id: id.to_string(),
        row: book_row(&looked, plan, now, lang),
        attention,
        today: due_today,
        week,
        rest,
        waiting: waiting.collect(),
        closed: book.closed.as_ref().map(|closed| closed.reason.clone()),
        history: history::acts(&entries, plan, &names, now, lang),
        table_href: format!("/api/v1/duty-books/{id}/table?year={}", today.year()),
        manage: gate(may),
        revision: looked.book.version,
        forms,
    };
    page_with(status, &view)
}

fn title(plan: &Plan, duty: &RuleId, lang: Lang) -> String {
    plan.standing_duty(duty).map_or_else(|| duty.to_string(), |known| show::text(&known.title, lang))
}

/// A duty in a list.
fn row(book: &duty::Book, standing: &Standing<'_>, plan: &Plan, now: Timestamp, lang: Lang) -> DutyRow {
    let rule = standing.duty;
    let zone = show::zone(plan);
    let moment = |at: Timestamp| show::moment(at, &zone, now, lang);
    let progress = match rule.kind {
        DutyKind::Every(_) => format!("{}/{}", standing.done, standing.times),
        DutyKind::AsNeeded => {
            lang.t_n("duty-this-year", usize::try_from(standing.done).unwrap_or(usize::MAX)).into_owned()
        }
        DutyKind::Holds(_) | DutyKind::OnChange { .. } | DutyKind::OnParent { .. } => String::new(),
    };
    DutyRow {
        href: format!("/duties/{}/{}", book.id, rule.id),
        title: show::text(&rule.title, lang),
        clause: show::clause(&rule.clause, plan),
        by: show::roles(plan, &rule.by, lang),
        rhythm: match show::holidays_unknown(standing.holidays_unknown.as_slice(), lang) {
            unknown if unknown.is_empty() => rhythm_words(book, rule, lang),
            unknown => format!("{}{}{unknown}", rhythm_words(book, rule, lang), lang.t("list-comma")),
        },
        stands: stands(standing.stands),
        due: standing.due_at.map(moment),
        progress,
        last: standing.last.map(|(_, at)| moment(at)),
        unreceipted: standing.unreceipted.len(),
    }
}

/// How often something is owed, or what must hold, in words.
fn rhythm_words(book: &duty::Book, rule: &StandingDuty, lang: Lang) -> String {
    match &rule.kind {
        DutyKind::Every(Recurrence { cycle: of_plan, times, by_time, .. }) => {
            let mut words = vec![lang.t(cycle(book.cycle(rule).unwrap_or(*of_plan)).key()).into_owned()];
            if *times > 1 {
                words.push(lang.t_n("duty-times", usize::from(*times)).into_owned());
            }
            if let Some(time) = by_time {
                let time = format!("{:02}:{:02}", time.hour(), time.minute());
                words.push(lang.t_s("duty-by-time", &time).into_owned());
            }
            words.join(&lang.t("list-comma"))
        }
        DutyKind::Holds(condition) => match &condition.test {
            Test::AtLeast { number, unit } => {
                lang.t_s("duty-at-least", &format!("{number} {}", show::text(unit, lang))).into_owned()
            }
            Test::MoreThan { number, unit } => {
                lang.t_s("duty-more-than", &format!("{number} {}", show::text(unit, lang))).into_owned()
            }
            Test::NotPassed => lang.t("duty-not-passed").into_owned(),
            Test::Stated => lang.t("duty-at-all-times").into_owned(),
        },
        DutyKind::OnChange { within_days } => {
            lang.t_n("duty-after-change", usize::from(*within_days)).into_owned()
        }
        DutyKind::OnParent { within_days } => {
            lang.t_n("duty-after-parent", usize::from(*within_days)).into_owned()
        }
        DutyKind::AsNeeded => lang.t("duty-as-needed").into_owned(),
    }
}

/// The standing as pages name it.
fn stands(stands: duty::state::Stands) -> DutyStands {
    use duty::state::Stands as S;
    match stands {
        S::Met => DutyStands::Met,
        S::Open => DutyStands::Open,
        S::Overdue => DutyStands::Overdue,
        S::Holds => DutyStands::Holds,
        S::Broken => DutyStands::Broken,
        S::OutOfDate => DutyStands::OutOfDate,
        S::NeverVouched => DutyStands::NeverVouched,
        S::AsNeeded => DutyStands::AsNeeded,
        S::NotOwed => DutyStands::NotOwed,
    }
}

/// The outcome as pages name it.
fn outcome(outcome: duty::state::Outcome) -> DutyOutcome {
    use duty::state::Outcome as O;
    match outcome {
        O::Met => DutyOutcome::Met,
        O::MetLate => DutyOutcome::MetLate,
        O::Missed => DutyOutcome::Missed,
        O::Extended => DutyOutcome::Extended,
    }
}

/// The period as pages name it.
fn cycle(cycle: Cycle) -> DutyCycle {
    match cycle {
        Cycle::Day => DutyCycle::Day,
        Cycle::Workday => DutyCycle::Workday,
        Cycle::Week => DutyCycle::Week,
        Cycle::Month => DutyCycle::Month,
        Cycle::Quarter => DutyCycle::Quarter,
        Cycle::HalfYear => DutyCycle::HalfYear,
        Cycle::Year => DutyCycle::Year,
    }
}

async fn close(State(app): State<App>, Path(id): Path<String>, posted: Posted) -> PageResult {
    let command = Command::Close { reason: posted.text("reason").to_owned() };
    book_command(&app, &posted, parse(&id)?, command).await
}

async fn decide(
    State(app): State<App>,
    Path((id, duty)): Path<(String, String)>,
    posted: Posted,
) -> PageResult {
    let id = parse(&id)?;
    let day = match day(&posted, "day") {
        Ok(day) => day,
        Err(form) => {
            let forms = Forms::default().with(form);
            return book_page(&app, &posted.visitor, id, StatusCode::UNPROCESSABLE_ENTITY, forms).await;
        }
    };
    let (grant, reason) = (posted.text("grant") == "yes", posted.text("reason").to_owned());
    let command = Command::DecideExtension { duty: RuleId::new(duty), day, grant, reason };
    book_command(&app, &posted, id, command).await
}

/// On to the book's page, or the page again with what is wrong.
async fn book_command(app: &App, posted: &Posted, id: BookId, command: Command) -> PageResult {
    let visitor = &posted.visitor;
    match app.service.duty_book_command(&visitor.caller, id, command).await {
        Ok(_) => Ok(done(visitor, &format!("/duties/{id}"), Notice::DutySaved)),
        Err(error) => {
            let plan = app.service.duty_book(&visitor.caller, id).await?.book.value.plan;
            let (_, plan) = app.service.duty_plan(&plan)?;
            let refused = refused(error, Some(plan), visitor.look.lang)?;
            let (status, form) = (refused.status, refused.put(posted.form(), &[]));
            book_page(app, visitor, id, status, Forms::default().with(form)).await
        }
    }
}
