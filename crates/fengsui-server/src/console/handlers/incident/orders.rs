//! Orders between bodies, calls of experts, and operating permissions for the incident.

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::post;
use fengsui_domain::id::{GrantId, OrderId};
use fengsui_domain::incident::{
    Command, Grant, GrantEndWhy, IncidentChange, Order, OrderOutcome as Outcome, OrderState as S, OrderTo,
    OrderWords, Phase,
};
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::{OrderRule, RoleId, RuleId};

use super::super::post::Posted;
use super::super::shell::PageResult;
use super::super::show;
use super::act::{Place, act, nothing, one};
use super::case::{Case, forms, only};
use super::head::head;
use crate::app::App;
use crate::console::view::form::{FieldProblem, Form};
use crate::console::view::incident::orders::{Answer, GrantRow, OrderKind, OrderRow, Orders};
use crate::console::view::parts::{Act, Choice, Gate};
use crate::console::view::shell::Shell;
use crate::console::view::words::{GrantState, IncidentTab, Notice, OrderOutcome, OrderState};

const PLACE: Place = Place { tab: IncidentTab::Orders, names: &[("due_at", "due")] };
/// What stands between a kind of order and its addressee in the value of a choice.
const JOINT: char = ':';

/// Routes of orders and permissions; the tab itself is drawn with the others.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/incidents/{number}/orders", post(give))
        .route("/incidents/{number}/orders/call", post(call))
        .route("/incidents/{number}/orders/{order}/acknowledge", post(acknowledge))
        .route("/incidents/{number}/orders/{order}/report", post(report))
        .route("/incidents/{number}/orders/{order}/withdraw", post(withdraw))
        .route("/incidents/{number}/grants", post(give_grant))
        .route("/incidents/{number}/grants/{grant}/withdraw", post(withdraw_grant))
}

/// `GET /incidents/{number}/orders`.
pub(super) fn view(case: &Case<'_>, shell: Shell, failed: Option<Form>) -> Orders {
    let fitting: Vec<&OrderRule> = case.plan.orders.iter().filter(|rule| fits(case, rule)).collect();
    let mine: Vec<&OrderRule> =
        fitting.iter().copied().filter(|rule| case.entitled(&rule.from).is_ok()).collect();
    let may = case.may(Permission::IncidentDecide);
    let givers: Vec<RoleId> = fitting.iter().flat_map(|rule| rule.from.iter().cloned()).collect();
    let grants = case.plan.grants.as_ref();
    let open = case.incident.orders.iter().filter(|order| order.is_open());
    let begun = open.flat_map(|order| {
        let id = order.id;
        ["acknowledge", "report"].map(|form| Form::new(format!("{form}-{id}")).with("at", case.typed_now()))
    });
    Orders {
        orders: case.incident.orders.iter().rev().map(|order| row(case, order)).collect(),
        kinds: kinds(case, mine.iter().filter(|_| may), |rule| bodies(case, &rule.to)),
        give: only(!fitting.is_empty(), case.gate_for(Permission::IncidentDecide, &givers)),
        calls: kinds(case, mine.iter().filter(|_| may), |rule| {
            rule.experts.iter().map(|field| (field.id.to_string(), case.text(&field.title))).collect()
        }),
        grants: case.incident.grants.iter().rev().map(|grant| grant_row(case, grant)).collect(),
        grant: grants.map_or(Gate::Hidden, |rule| {
            let needed = case.not_ended() || case.incident.needs_grants(case.plan);
            only(needed, case.gate_for(Permission::IncidentDecide, &rule.by))
        }),
        grant_clause: grants.map(|rule| case.clause(&rule.clause)),
        bodies: show::role_choices(case.plan, case.plan.roles.keys(), case.lang),
        zone: case.zone_name(),
        forms: forms(begun.collect::<Vec<_>>(), failed),
        head: head(case),
        tab: IncidentTab::Orders,
        shell,
    }
}

/// The plan lets orders of this kind be given now.
fn fits(case: &Case<'_>, rule: &OrderRule) -> bool {
    let now = match case.incident.phase {
        Phase::Ended(_) | Phase::Reviewed(_) => rule.aftermath,
        _ => !rule.aftermath && case.not_ended(),
    };
    now && case.incident.holds(&rule.when)
}

/// Kinds with their addressees; those without any are left out.
fn kinds<'r>(
    case: &Case<'_>,
    rules: impl Iterator<Item = &'r &'r OrderRule>,
    to: impl Fn(&OrderRule) -> Vec<(String, String)>,
) -> Vec<OrderKind> {
    let kinds = rules.map(|rule| OrderKind {
        title: case.text(&rule.title),
        to: to(rule)
            .into_iter()
            .map(|(value, text)| Choice {
                value: format!("{}{JOINT}{value}", rule.id),
                text,
                hint: String::new(),
            })
            .collect(),
    });
    kinds.filter(|kind| !kind.to.is_empty()).collect()
}

fn bodies(case: &Case<'_>, ids: &[RoleId]) -> Vec<(String, String)> {
    ids.iter().map(|id| (id.to_string(), case.role(id))).collect()
}

/// To whom an order was given, in words.
pub(super) fn addressee(case: &Case<'_>, order: &Order) -> String {
    match &order.to {
        OrderTo::Body { body } => case.role(body),
        OrderTo::Expert { name, field } => {
            let rule = case.plan.order(&order.rule);
            let field = rule.and_then(|rule| rule.experts.iter().find(|known| known.id == *field));
            field.map_or_else(|| name.clone(), |field| format!("{name} · {}", case.text(&field.title)))
        }
    }
}

/// The kind of an order, in words.
pub(super) fn title(case: &Case<'_>, order: &Order) -> String {
    let rule = case.plan.order(&order.rule);
    rule.map_or_else(|| order.rule.to_string(), |rule| case.text(&rule.title))
}

fn row(case: &Case<'_>, order: &Order) -> OrderRow {
    let id = order.id;
    let rule = case.plan.order(&order.rule);
    let open = order.is_open() && !case.incident.is_closed();
    let own = order.body().is_some_and(|body| case.entitled(std::slice::from_ref(body)).is_ok());
    let givers = order.givers(case.plan);
    let answering: Vec<RoleId> = order.body().cloned().into_iter().chain(givers.iter().cloned()).collect();
    let version = order.disposal.and_then(|plan| {
        case.incident.disposals.iter().position(|known| known.id == plan).map(|place| place + 1)
    });
    OrderRow {
        id: id.to_string(),
        title: title(case, order),
        clause: rule.map(|rule| case.clause(&rule.clause)),
        to: addressee(case, order),
        what: order.what.clone(),
        version,
        state: state(order.state()),
        given: case.act(
            &order.given,
            "",
            |change| matches!(change, IncidentChange::OrderGiven { order } if order.id == id),
        ),
        due: order.due_at.map(|at| case.moment(at)),
        answers: answers(case, order),
        acknowledge: only(
            open && order.acknowledged.is_none(),
            case.gate_for(Permission::IncidentWork, &answering),
        ),
        report: only(open, case.gate_for(Permission::IncidentWork, &answering)),
        withdraw: only(
            open && case.entitled(&givers).is_ok(),
            case.gate_for(Permission::IncidentDecide, &givers),
        ),
        own,
    }
}

fn answers(case: &Case<'_>, order: &Order) -> Vec<Answer> {
    let id = order.id;
    let acknowledged = order.acknowledged.iter().map(|given| {
        let spoke = if given.spoke.is_empty() { String::new() } else { format!(" · {}", given.spoke) };
        let proof = case.proof(
            |change| matches!(change, IncidentChange::OrderAcknowledged { order, .. } if *order == id),
        );
        let what = format!("{}{spoke}", case.t("order-acknowledged"));
        let act = Act { at: case.moment(given.at), by: case.by(&given.by), what, proof };
        Answer { outcome: None, act }
    });
    let reported = order.reports.iter().map(|report| {
        let proof = case.proof(|change| {
            matches!(change, IncidentChange::OrderReported { order, report: known } if *order == id && known == report)
        });
        let act =
            Act { at: case.moment(report.at), by: case.by(&report.by), what: report.text.clone(), proof };
        Answer { outcome: Some(outcome(report.outcome)), act }
    });
    let withdrawn = order.withdrawn.iter().map(|(signed, reason)| {
        let what = format!("{}{}{reason}", case.t("order-withdrawn"), case.t("colon"));
        let act = case.act(
            signed,
            what,
            |change| matches!(change, IncidentChange::OrderWithdrawn { order, .. } if *order == id),
        );
        Answer { outcome: None, act }
    });
    acknowledged.chain(reported).chain(withdrawn).collect()
}

fn state(state: S) -> OrderState {
    match state {
        S::Given => OrderState::Given,
        S::Acknowledged => OrderState::Acknowledged,
        S::Done => OrderState::Done,
        S::NotPossible => OrderState::NotPossible,
        S::Withdrawn => OrderState::Withdrawn,
    }
}

fn outcome(outcome: Outcome) -> OrderOutcome {
    match outcome {
        Outcome::Progress => OrderOutcome::Progress,
        Outcome::Arrived => OrderOutcome::Arrived,
        Outcome::Done => OrderOutcome::Done,
        Outcome::NotPossible => OrderOutcome::NotPossible,
    }
}

fn grant_row(case: &Case<'_>, grant: &Grant) -> GrantRow {
    let id = grant.id;
    let disposals = case.incident.disposals.iter().flat_map(|plan| &plan.done).map(|done| done.grant);
    let runs = case.incident.runs.iter().flat_map(|run| &run.done).map(|done| done.grant);
    let body = case.role(&grant.to);
    let ended = grant.ended.as_ref().map(|end| Act {
        at: case.moment(end.at),
        by: case.by(&end.by),
        what: end.reason.clone(),
        proof: case
            .proof(|change| matches!(change, IncidentChange::GrantEnded { grant, .. } if *grant == id)),
    });
    GrantRow {
        id: id.to_string(),
        to: if grant.person.is_empty() { body } else { format!("{} · {body}", grant.person) },
        what: grant.what.clone(),
        asset: grant.asset.clone(),
        reason: grant.reason.clone(),
        until: case.moment(grant.until),
        state: match grant.ended.as_ref().map(|end| end.why) {
            Some(GrantEndWhy::Withdrawn) => GrantState::Withdrawn,
            Some(GrantEndWhy::Ended) => GrantState::Ended,
            None if grant.live(case.now) => GrantState::Live,
            None => GrantState::Expired,
        },
        given: case.act(
            &grant.given,
            "",
            |change| matches!(change, IncidentChange::GrantGiven { grant } if grant.id == id),
        ),
        ended,
        used: disposals.chain(runs).filter(|used| *used == Some(id)).count() as u64,
        revoke: only(
            grant.live(case.now),
            case.gate_for(Permission::IncidentDecide, &grant.givers(case.plan)),
        ),
    }
}

/// Kind and addressee out of the value of a choice.
fn chosen<'p>(posted: &'p Posted, field: &str) -> Option<(&'p str, &'p str)> {
    posted.text(field).split_once(JOINT)
}

/// `POST …/orders`: an order to a body.
async fn give(State(app): State<App>, Path(number): Path<String>, posted: Posted) -> PageResult {
    act(&app, &number, &posted, PLACE, |case| {
        let chosen = chosen(&posted, "to").ok_or_else(|| vec![posted.wrong("to", FieldProblem::ChooseOne)]);
        let due_at = posted.at("due", &case.zone).map_err(|error| vec![error]);
        let ((rule, body), due_at) = (chosen?, due_at?);
        let to = OrderTo::Body { body: RoleId::new(body) };
        let what = posted.text("what").to_owned();
        let words = OrderWords { rule: RuleId::new(rule), to, what, due_at };
        one(Command::GiveOrder { words }, Notice::OrderSaved)
    })
    .await
}

/// `POST …/orders/call`: an expert is called.
async fn call(State(app): State<App>, Path(number): Path<String>, posted: Posted) -> PageResult {
    act(&app, &number, &posted, PLACE, |case| {
        let chosen =
            chosen(&posted, "field").ok_or_else(|| vec![posted.wrong("field", FieldProblem::ChooseOne)]);
        let due_at = posted.at("due", &case.zone).map_err(|error| vec![error]);
        let ((rule, field), due_at) = (chosen?, due_at?);
        let to = OrderTo::Expert { name: posted.text("name").to_owned(), field: RuleId::new(field) };
        let what = posted.text("what").to_owned();
        let words = OrderWords { rule: RuleId::new(rule), to, what, due_at };
        one(Command::GiveOrder { words }, Notice::OrderSaved)
    })
    .await
}

/// `POST …/orders/{order}/acknowledge`.
async fn acknowledge(
    State(app): State<App>,
    Path((number, order)): Path<(String, String)>,
    posted: Posted,
) -> PageResult {
    let order: OrderId = order.parse().map_err(|_| nothing())?;
    act(&app, &number, &posted, PLACE, |case| {
        let at = posted.at_required("at", &case.zone).map_err(|error| vec![error])?;
        let spoke = posted.text("spoke").to_owned();
        one(Command::AcknowledgeOrder { order, at, spoke }, Notice::OrderSaved)
    })
    .await
}

/// `POST …/orders/{order}/report`.
async fn report(
    State(app): State<App>,
    Path((number, order)): Path<(String, String)>,
    posted: Posted,
) -> PageResult {
    let order: OrderId = order.parse().map_err(|_| nothing())?;
    act(&app, &number, &posted, PLACE, |case| {
        let outcome = Outcome::parse(posted.text("outcome"));
        let outcome = outcome.ok_or_else(|| vec![posted.wrong("outcome", FieldProblem::ChooseOne)]);
        let at = posted.at_required("at", &case.zone).map_err(|error| vec![error]);
        let (outcome, at, text) = (outcome?, at?, posted.text("text").to_owned());
        one(Command::ReportOrder { order, outcome, at, text }, Notice::OrderSaved)
    })
    .await
}

/// `POST …/orders/{order}/withdraw`.
async fn withdraw(
    State(app): State<App>,
    Path((number, order)): Path<(String, String)>,
    posted: Posted,
) -> PageResult {
    let order: OrderId = order.parse().map_err(|_| nothing())?;
    act(&app, &number, &posted, PLACE, |_| {
        let reason = posted.text("reason").to_owned();
        one(Command::WithdrawOrder { order, reason }, Notice::OrderSaved)
    })
    .await
}

/// `POST …/grants`.
async fn give_grant(State(app): State<App>, Path(number): Path<String>, posted: Posted) -> PageResult {
    act(&app, &number, &posted, PLACE, |case| {
        let until = posted.at_required("until", &case.zone).map_err(|error| vec![error])?;
        let text = |field| posted.text(field).to_owned();
        let command = Command::GiveGrant {
            to: RoleId::new(posted.text("to")),
            person: text("person"),
            what: text("what"),
            asset: text("asset"),
            until,
            reason: text("reason"),
        };
        one(command, Notice::GrantSaved)
    })
    .await
}

/// `POST …/grants/{grant}/withdraw`.
async fn withdraw_grant(
    State(app): State<App>,
    Path((number, grant)): Path<(String, String)>,
    posted: Posted,
) -> PageResult {
    let grant: GrantId = grant.parse().map_err(|_| nothing())?;
    act(&app, &number, &posted, PLACE, |_| {
        let reason = posted.text("reason").to_owned();
        one(Command::WithdrawGrant { grant, reason }, Notice::GrantSaved)
    })
    .await
}
