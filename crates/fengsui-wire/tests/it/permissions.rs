//! Which system role opens the door to which command: one table, default deny.
//!
//! The actors speak for every body of the plan, so that only the door is tried here; the bodies are the
//! subject of the other modules.

use std::collections::BTreeMap;
use std::fmt::Write;

use fengsui_domain::actor::{Actor, By};
use fengsui_domain::id::{
    ClockId, DisposalId, EvidenceId, GrantId, IncidentId, OrderId, PublicationId, ReportId, RunId, TokenId,
};
use fengsui_domain::incident::{
    Command, DisposalVerdict, Finding, OrderOutcome, Pinned, PublicationStep, Step,
};
use fengsui_domain::level::IncidentLevel::IV;
use fengsui_domain::permission::{Permission, SystemRole};
use fengsui_domain::plan::{CategoryId, Form};
use uuid::Uuid;

use crate::desk::{
    Desk, act, approve, at, draft, holds, office, order, person, propose, report, role, rule, start,
};

/// One of each command, in the order of the enum.
pub(crate) fn one_of_each() -> Vec<Command> {
    let text = || "text".to_owned();
    let (id, topics) = (Uuid::from_u128(9), BTreeMap::new);
    vec![
        Command::Verify { basis: text() },
        Command::Answer { answers: BTreeMap::new() },
        Command::Categorise { category: CategoryId::new("fault") },
        Command::Analyse { points: topics() },
        Command::Grade { level: IV, reason: text() },
        Command::RecordAwareness { body: role("unit"), at: at(0) },
        Command::RecordOccurrence { at: at(0) },
        report(Form::Oral, "unit", "security-office-duty-room", at(0)),
        Command::ReceiptReport { report: ReportId(id), at: at(0), reference: text() },
        act("isolate-host", at(0)),
        propose(start(IV)),
        approve(Step::End),
        Command::DecideHeadquarters { form: true, grounds: text() },
        holds("hazard-removed", true),
        Command::DraftDisposal { draft: draft() },
        Command::VerifyDisposal {
            disposal: DisposalId(id),
            of: None,
            finding: Finding::Pass,
            remarks: text(),
        },
        Command::SumUpDisposal { disposal: DisposalId(id), pass: true, remarks: text() },
        Command::DecideDisposal {
            disposal: DisposalId(id),
            verdict: DisposalVerdict::Approve,
            reason: text(),
        },
        Command::DoDisposalStep { disposal: DisposalId(id), step: 0, at: at(0), result: text(), grant: None },
        Command::GiveOrder { words: order("early-disposal", "working-bodies") },
        Command::AcknowledgeOrder { order: OrderId(id), at: at(0), spoke: text() },
        Command::ReportOrder { order: OrderId(id), outcome: OrderOutcome::Done, at: at(0), text: text() },
        Command::WithdrawOrder { order: OrderId(id), reason: text() },
        Command::GiveGrant {
            to: role("unit"),
            person: String::new(),
            what: text(),
            asset: text(),
            until: at(60),
            reason: text(),
        },
        Command::WithdrawGrant { grant: GrantId(id), reason: text() },
        Command::Pin { what: Pinned::Incident { incident: IncidentId(id) }, title: text(), note: text() },
        Command::Unpin { what: Pinned::Incident { incident: IncidentId(id) } },
        Command::StartPlaybook { playbook: rule("no-such"), what: text(), found_at: at(0) },
        Command::DoStep {
            run: RunId(id),
            step: rule("step"),
            at: at(0),
            result: text(),
            spoke: text(),
            grant: None,
        },
        Command::AnswerStep {
            run: RunId(id),
            step: rule("step"),
            branch: rule("yes"),
            at: at(0),
            grounds: text(),
            spoke: text(),
        },
        Command::OpenGate { run: RunId(id), step: rule("step"), at: at(0), text: text(), spoke: text() },
        Command::WaiveGate { run: RunId(id), step: rule("step"), reason: text() },
        Command::SkipStep { run: RunId(id), step: rule("step"), reason: text() },
        Command::SwapSteps { run: RunId(id), step: rule("step"), before: rule("other"), reason: text() },
        Command::StopPlaybook { run: RunId(id), reason: text() },
        Command::AddEvidence {
            name: text(),
            sha256: "0".repeat(64),
            size_bytes: 1,
            collected_at: at(0),
            note: text(),
        },
        Command::HandOverEvidence { evidence: EvidenceId(id), holder: text(), why: text() },
        Command::Assign { role: role("unit"), person: text() },
        Command::Relieve { role: role("unit"), person: text() },
        Command::LinkDerived { incident: IncidentId(id) },
        Command::CloseDerived { incident: IncidentId(id) },
        Command::DraftPublication { rule: rule("briefing-all-units"), text: text() },
        Command::Publish { publication: PublicationId(id), step: PublicationStep::Release },
        Command::Extend { clock: ClockId(id), until: at(9), reason: text() },
        Command::DraftReview { topics: topics() },
        Command::Review { topics: topics(), plan_change: text() },
        Command::File { summary: text(), plan: None },
        Command::ReceiptFiling { at: at(0), reference: text(), plan: None, of: None },
        Command::Archive,
        Command::Withdraw { reason: text() },
        Command::Note { text: text() },
    ]
}

/// Roles in the order of [`SystemRole::ALL`], by initial; `.` is denied.
const TABLE: &str = "
verify             .D.....
answer             .DCH...
categorise         .DCH...
analyse            .DCH...
grade              .DC....
record-awareness   .DCH...
record-occurrence  .DCH...
report             .DCH...
receipt-report     .DCH...
take-action        .DCH...
propose            .DCH...
decide             .DC....
decide-headquarters .DC....
tick-condition     .DCH...
draft-disposal     .DCH...
verify-disposal    .DC....
sum-up-disposal    .DC....
decide-disposal    .DC....
do-disposal-step   .DCH...
give-order         .DC....
acknowledge-order  .DCH...
report-order       .DCH...
withdraw-order     .DC....
give-grant         .DC....
withdraw-grant     .DC....
pin                .DCH...
unpin              .DCH...
start-playbook     .DCH...
do-step            .DCH...
answer-step        .DCH...
open-gate          .DCH...
waive-gate         .DC....
skip-step          .DCH...
swap-steps         .DCH...
stop-playbook      .DC....
add-evidence       .DCH...
hand-over-evidence .DCH...
assign             .DCH...
relieve            .DCH...
link-derived       .DCH...
close-derived      .DCH...
draft-publication  .DCH...
publish            .DC....
extend             .DC....
draft-review       .DC....
review             .DC....
file               .DC....
receipt-filing     .DC....
archive            .DC....
withdraw           .D.....
note               .DCH...
";

/// Somebody of one system role who speaks for every body.
fn everybody(roles: &[SystemRole]) -> Actor {
    let plan = crate::desk::plan();
    let bodies: Vec<&str> = plan.roles.keys().map(fengsui_domain::plan::RoleId::as_str).collect();
    person("ever", roles, &bodies)
}

#[test]
fn the_door_of_each_command() {
    let mut desk = Desk::open(IV);
    let mut table = String::from("\n");
    for command in one_of_each() {
        write!(table, "{:<18} ", command.name()).unwrap();
        for role in SystemRole::ALL {
            let mut desk = desk.clone();
            let denied = match desk.tries(&everybody(&[*role]), command.clone()) {
                Err(refusal) => refusal.code() == "not_permitted",
                Ok(_) => false,
            };
            let initial = role.as_str().chars().next().unwrap().to_ascii_uppercase();
            table.push(if denied { '.' } else { initial });
        }
        table.push('\n');
        assert_eq!(desk.refused(&everybody(&[]), command), "not_permitted", "nobody without a role");
    }
    assert_eq!(table, TABLE);
}

/// A narrowed token keeps only its scopes, and never more than its roles.
#[test]
fn scopes_narrow_and_never_widen() {
    let note = || Command::Note { text: "seen".to_owned() };
    let mut desk = Desk::open(IV);
    let mut actor = everybody(&[SystemRole::Handler]);
    actor.scopes = [Permission::CaseRead].into();
    assert_eq!(desk.refused(&actor, note()), "not_permitted");
    actor.scopes = [Permission::IncidentWork, Permission::IncidentDecide].into();
    desk.does(&actor, note());
    let command = Command::DecideHeadquarters { form: true, grounds: "many".to_owned() };
    assert_eq!(desk.refused(&actor, command), "not_permitted", "a handler decides nothing");
}

/// What the plan gives to a person a service token cannot do.
#[test]
fn a_service_token_signs_nothing() {
    let mut token = everybody(&[SystemRole::DutyOfficer, SystemRole::Commander]);
    token.by = By::Token { token: TokenId(Uuid::from_u128(5)), name: "robot".to_owned() };
    let mut desk = Desk::graded(IV);
    for command in [
        Command::Grade { level: IV, reason: "sure".to_owned() },
        propose(start(IV)),
        approve(start(IV)),
        Command::DraftDisposal { draft: draft() },
        Command::DraftPublication { rule: rule("briefing-all-units"), text: "text".to_owned() },
    ] {
        assert_eq!(desk.refused(&token, command), "person_required");
    }
    desk.does(&token, act("isolate-host", at(0)));
    desk.does(&token, report(Form::Oral, "unit", "security-office-duty-room", at(0)));
}

/// Archived or withdrawn, an incident refuses every command, and says why.
#[test]
fn closed_incidents_refuse_everything() {
    let mut withdrawn = Desk::open(IV);
    withdrawn.does(&office(), Command::Withdraw { reason: "a test".to_owned() });
    let mut archived = Desk::ended(IV);
    let plan = crate::desk::plan();
    let topics = plan.review.topics.iter().map(|topic| (topic.id.clone(), "text".to_owned())).collect();
    archived.does(&office(), Command::Review { topics, plan_change: String::new() });
    archived.does(&crate::desk::unit(), Command::File { summary: "over".to_owned(), plan: None });
    archived.does(
        &office(),
        Command::ReceiptFiling { at: at(0), reference: "1".to_owned(), plan: None, of: None },
    );
    archived.does(&office(), Command::Archive);
    for desk in [&mut withdrawn, &mut archived] {
        for command in one_of_each() {
            let name = command.name();
            let all = everybody(&[SystemRole::DutyOfficer, SystemRole::Commander]);
            assert_eq!(desk.refused(&all, command.clone()), "wrong_phase", "{name}");
            assert_eq!(desk.refused(&everybody(&[SystemRole::Auditor]), command), "not_permitted", "{name}");
        }
    }
}
