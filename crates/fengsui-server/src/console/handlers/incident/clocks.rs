//! The clocks of an incident: why each runs, who is told when, what became of the others.

use axum::extract::{Path, State};
use fengsui_domain::clock::{Clock, ClockState, ReplacedWhy};
use fengsui_domain::id::ClockId;
use fengsui_domain::incident::{Command, IncidentChange};
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::{ClockMeets, ClockRule, ClockStart, Form as ReportForm, Within};
use jiff::{SignedDuration, Timestamp};

use super::super::post::Posted;
use super::super::shell::PageResult;
use super::super::show;
use super::act::{Place, act, both, nothing, one};
use super::awareness;
use super::case::{Case, forms};
use super::head::head;
use super::said;
use crate::app::App;
use crate::console::view::form::{FieldProblem, Form};
use crate::console::view::incident::clocks::{ClockCard, ClockPast, Clocks, Escalation};
use crate::console::view::parts::Gate;
use crate::console::view::shell::Shell;
use crate::console::view::words::{ClockEnd, IncidentTab, Notice};

const PLACE: Place = Place { tab: IncidentTab::Clocks, names: &[] };

/// `GET /incidents/{number}/clocks`.
pub(super) fn view(case: &Case<'_>, shell: Shell, failed: Option<Form>) -> Clocks {
    let mut running: Vec<&Clock> = case.incident.running().collect();
    running.sort_by_key(|clock| (clock.due_at, &clock.rule, &clock.of, &clock.to));
    let mut past: Vec<(Timestamp, ClockPast)> =
        case.incident.clocks.iter().filter_map(|clock| ended(case, clock)).collect();
    past.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    Clocks {
        shell,
        head: head(case),
        tab: IncidentTab::Clocks,
        open: running.into_iter().map(|clock| card(case, clock)).collect(),
        past: past.into_iter().map(|(_, past)| past).collect(),
        aware: awareness::rows(case),
        correct: awareness::gate(case),
        forms: forms(awareness::begin(case), failed),
    }
}

fn card(case: &Case<'_>, clock: &Clock) -> ClockCard {
    let rule = case.plan.clock(&clock.rule);
    let incident = show::incident(&case.incident);
    ClockCard {
        row: show::clock_row(clock, incident, case.plan, case.now, case.lang),
        unverified: show::unverified(case.plan, &clock.clause, case.lang),
        started_by: started_by(case, clock),
        started_at: case.moment(clock.started_at),
        within: rule.map(|rule| within(case, rule)).unwrap_or_default(),
        is_default: rule.is_some_and(|rule| rule.is_default),
        says: case.plan.clauses.get(&clock.clause).map(|text| case.text(text)).unwrap_or_default(),
        met_by: met_by(case, clock),
        escalations: clock
            .notices
            .iter()
            .map(|notice| Escalation {
                at: case.moment(notice.at),
                to: case.role(&notice.to),
                percent: notice.percent,
                done: notice.told_at.is_some(),
            })
            .collect(),
        extend: extend_gate(case, rule),
    }
}

fn extend_gate(case: &Case<'_>, rule: Option<&ClockRule>) -> Gate {
    match rule {
        Some(rule) if !rule.extendable_by.is_empty() => {
            case.gate_for(Permission::IncidentDecide, &rule.extendable_by)
        }
        _ => Gate::Hidden,
    }
}

fn started_by(case: &Case<'_>, clock: &Clock) -> String {
    let text = match clock.starts {
        ClockStart::Occurred if case.incident.occurred_at.is_some() => case.lang.t("clock-starts-occurred"),
        ClockStart::BodyBecameAware | ClockStart::Occurred if case.incident.aware_at(&clock.of).1 => {
            case.lang.t_s("clock-starts-aware", &case.role(&clock.of))
        }
        ClockStart::BodyBecameAware | ClockStart::Occurred => case.lang.t("clock-starts-arrived"),
        ClockStart::PlaybookBegun => case.lang.t("clock-starts-begun"),
        ClockStart::LevelConfirmed => case.lang.t("clock-starts-level"),
        ClockStart::ResponseEnded => case.lang.t("clock-starts-ended"),
        ClockStart::OrderGiven => case.lang.t("clock-starts-order"),
        ClockStart::PlaybookStarted => case.lang.t("clock-starts-playbook"),
        ClockStart::StepReady => case.lang.t("clock-starts-step"),
        ClockStart::LevelJudged => case.lang.t("clock-starts-judged"),
        ClockStart::ResponseStarted => case.lang.t("clock-starts-response"),
        ClockStart::ReviewCompleted => case.lang.t("clock-starts-reviewed"),
        ClockStart::ReportMade => case.lang.t("clock-starts-reported"),
    };
    text.into_owned()
}

fn within(case: &Case<'_>, rule: &ClockRule) -> String {
    let within = match rule.within {
        Within::Span(of) => span(case, of),
        Within::AtOnce { tolerance } => case.lang.t_s("clock-at-once", &span(case, tolerance)).into_owned(),
        Within::Calendar(of) => show::calendar(of, case.lang),
    };
    show::moved(within, rule, case.lang)
}

/// A span in its largest whole unit.
fn span(case: &Case<'_>, of: SignedDuration) -> String {
    let minutes = usize::try_from(of.as_mins()).unwrap_or_default();
    let text = match minutes {
        days if days > 0 && days % 1_440 == 0 => case.lang.t_n("span-days", days / 1_440),
        hours if hours > 0 && hours % 60 == 0 => case.lang.t_n("span-hours", hours / 60),
        minutes => case.lang.t_n("span-minutes", minutes),
    };
    text.into_owned()
}

fn met_by(case: &Case<'_>, clock: &Clock) -> String {
    if let Some(action) = case.plan.clock(&clock.rule).and_then(|rule| rule.action.as_ref()) {
        return said::action(case, action);
    }
    case.t(match (clock.met_by, clock.form) {
        (ClockMeets::Report, Some(ReportForm::Oral)) => "clock-met-by-oral",
        (ClockMeets::Report, Some(ReportForm::Written)) => "clock-met-by-written",
        (ClockMeets::Report, None) => "clock-met-by-report",
        (ClockMeets::ImmediateAction, _) => "clock-met-by-action",
        (ClockMeets::ResponseRequested, _) => "clock-met-by-response",
        (ClockMeets::Review, _) => "clock-met-by-review",
        (ClockMeets::Filing, _) => "clock-met-by-filing",
        (ClockMeets::OrderAcknowledged, _) => "clock-met-by-acknowledgement",
        (ClockMeets::OrderAnswered, _) => "clock-met-by-answer",
        (ClockMeets::StepDone, _) => "clock-met-by-step",
        (ClockMeets::ResponseStarted, _) => "clock-met-by-started",
    })
}

fn ended(case: &Case<'_>, clock: &Clock) -> Option<(Timestamp, ClockPast)> {
    let (end, at, how) = match &clock.state {
        ClockState::Running => return None,
        ClockState::Met(met) => {
            let end = if met.late { ClockEnd::MetLate } else { ClockEnd::Met };
            (end, met.at, met_by(case, clock))
        }
        ClockState::Replaced { at, why, .. } => {
            let (end, key) = match why {
                ReplacedWhy::Regraded => (ClockEnd::Replaced, "clock-replaced-regraded"),
                ReplacedWhy::StartCorrected => (ClockEnd::Replaced, "clock-replaced-start"),
                ReplacedWhy::Extended => (ClockEnd::Extended, "clock-replaced-extended"),
                ReplacedWhy::OrderWithdrawn => (ClockEnd::FellAway, "clock-replaced-order"),
                ReplacedWhy::StepFellAway => (ClockEnd::FellAway, "clock-replaced-step"),
                ReplacedWhy::Withdrawn => (ClockEnd::FellAway, "clock-replaced-withdrawn"),
                ReplacedWhy::Archived => (ClockEnd::Unmet, "clock-replaced-archived"),
                ReplacedWhy::ResponseEnded => (ClockEnd::FellAway, "clock-replaced-ended"),
                ReplacedWhy::Routed => (ClockEnd::FellAway, "clock-replaced-routed"),
                ReplacedWhy::PlanDetached => (ClockEnd::FellAway, "clock-replaced-detached"),
            };
            (end, *at, case.t(key))
        }
    };
    let id = clock.id;
    let past = ClockPast {
        rule: case
            .plan
            .clock(&clock.rule)
            .map_or_else(|| clock.rule.to_string(), |rule| case.text(&rule.title)),
        clause: case.clause(&clock.clause),
        obliged: case.role(&clock.of),
        addressee: case.roles(&clock.to),
        end,
        started_at: case.moment(clock.started_at),
        due_at: case.moment(clock.due_at),
        ended_at: case.moment(at),
        how,
        proof: case.proof(|change| match change {
            IncidentChange::ClockMet { clock, .. } | IncidentChange::ClockReplaced { clock, .. } => {
                *clock == id
            }
            _ => false,
        }),
    };
    Some((at, past))
}

/// `POST /incidents/{number}/clocks/clock-{id}/extend`.
pub(super) async fn extend(
    State(app): State<App>,
    Path((number, clock)): Path<(String, String)>,
    posted: Posted,
) -> PageResult {
    let id = clock.strip_prefix("clock-").unwrap_or(&clock);
    let clock: ClockId = id.parse().map_err(|_| nothing())?;
    act(&app, &number, &posted, PLACE, |case| {
        let until = posted.at_required("until", &case.zone);
        let reason = match posted.text("reason") {
            "" => Err(posted.wrong("reason", FieldProblem::Required)),
            reason => Ok(reason.to_owned()),
        };
        let (until, reason) = both(until, reason)?;
        one(Command::Extend { clock, until, reason }, Notice::Extended)
    })
    .await
}
