//! One route for each command to an incident. A handler only translates; the core decides.

use axum::extract::State;
use fengsui_domain::id::{IncidentId, PublicationId};
use fengsui_domain::incident::{Command, PublicationStep};
use fengsui_domain::plan::PlanId;
use fengsui_domain::refusal::Refusal;
use fengsui_service::{Caller, Error};
use fengsui_wire::api::{
    AboutPart, AcknowledgeOrder, AnswerFacts, AnswerPlaybookStep, AssignPerson, AttachPlan, ChangeCategory,
    ChangeHeaders, ChangeProblems, CompleteReview, CompleteStep, DecideDisposal, DecideHeadquarters,
    DecideStep, DetachPlan, DoPlaybookStep, DraftDisposal, DraftPublication, DraftReview, ExtendClock,
    FilePackage, GiveGrant, GiveOrder, GradeIncident, HandOverEvidence, Incident, LinkDerived,
    OpenPlaybookGate, PinThing, ProposeStep, RecordAction, RecordAwareness, RecordFilingReceipt,
    RecordOccurrence, RecordReceipt, RecordReport, RelievePerson, ReportOrder, SkipPlaybookStep,
    StartPlaybook, StopPlaybook, SumUpDisposal, SwapPlaybookSteps, TickCondition, UnpinThing, VerifyDisposal,
    VerifyIncident, WaivePlaybookGate, WithdrawGrant, WithdrawIncident, WithdrawOrder, WriteAnalysis,
    WriteNote,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::shown;
use crate::app::App;
use crate::call::{Call, Empty, Id, Ids};
use crate::etag::Tagged;
use crate::problem::Problem;

pub(super) fn router() -> OpenApiRouter<App> {
    assessing().merge(responding()).merge(playbooks()).merge(recording()).merge(closing())
}

fn assessing() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(incident_verify))
        .routes(routes!(incident_facts))
        .routes(routes!(incident_category))
        .routes(routes!(incident_analysis))
        .routes(routes!(incident_grading))
        .routes(routes!(incident_awareness))
        .routes(routes!(incident_occurrence))
        .routes(routes!(incident_plan_attach))
        .routes(routes!(incident_plan_detach))
        .routes(routes!(incident_clock_extend))
}

fn responding() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(incident_response_propose))
        .routes(routes!(incident_response_decide))
        .routes(routes!(incident_headquarters))
        .routes(routes!(incident_condition))
        .routes(routes!(incident_disposal_draft))
        .routes(routes!(incident_disposal_verify))
        .routes(routes!(incident_disposal_summing_up))
        .routes(routes!(incident_disposal_decide))
        .routes(routes!(incident_disposal_step))
        .routes(routes!(incident_order))
        .routes(routes!(incident_order_acknowledge))
        .routes(routes!(incident_order_report))
        .routes(routes!(incident_order_withdraw))
        .routes(routes!(incident_grant))
        .routes(routes!(incident_grant_withdraw))
}

fn playbooks() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(incident_playbook_start))
        .routes(routes!(incident_playbook_step))
        .routes(routes!(incident_playbook_answer))
        .routes(routes!(incident_playbook_gate))
        .routes(routes!(incident_playbook_waive))
        .routes(routes!(incident_playbook_skip))
        .routes(routes!(incident_playbook_swap))
        .routes(routes!(incident_playbook_stop))
}

fn recording() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(incident_report))
        .routes(routes!(incident_report_receipt))
        .routes(routes!(incident_action))
        .routes(routes!(incident_evidence_handover))
        .routes(routes!(incident_person_assign))
        .routes(routes!(incident_person_relieve))
        .routes(routes!(incident_derived))
        .routes(routes!(incident_pin))
        .routes(routes!(incident_unpin))
        .routes(routes!(incident_note))
}

fn closing() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(incident_publication_draft))
        .routes(routes!(incident_publication_approve))
        .routes(routes!(incident_publication_release))
        .routes(routes!(incident_review_draft))
        .routes(routes!(incident_review))
        .routes(routes!(incident_filing))
        .routes(routes!(incident_filing_receipt))
        .routes(routes!(incident_archive))
        .routes(routes!(incident_withdraw))
}

type Answer = Result<Tagged<Incident>, Problem>;

async fn carry_out(app: &App, caller: &Caller, id: IncidentId, command: Command) -> Answer {
    let incident = app.service.incident_command(caller, id, command).await?;
    Ok(shown(app, &incident))
}

/// The same about a part of the incident; a part that is not there is "not found", like the incident itself.
async fn carry_out_about(
    app: &App,
    caller: &Caller,
    id: IncidentId,
    part: &'static str,
    command: Command,
) -> Answer {
    match app.service.incident_command(caller, id, command).await {
        Err(Error::Refused(Refusal::Unknown { field, value })) if field == part => {
            Err(Error::NotFound { what: part, id: value }.into())
        }
        answer => Ok(shown(app, &answer?)),
    }
}

/// Declares a route whose body is a command to the incident in the path.
macro_rules! command {
    ($(#[$doc:meta])* $name:ident takes $body:ident at $path:literal) => {
        $(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "incidents",
            params(("id" = Uuid, Path, description = "The incident's id"), ChangeHeaders), request_body = $body,
            responses((status = 200, description = "The incident as it stands now", body = Incident,
                headers(("ETag" = String, description = "Its version"))), ChangeProblems))]
        async fn $name(State(app): State<App>, Id(id): Id<IncidentId>, call: Call<$body>) -> Answer {
            carry_out(&app, &call.caller, id, Command::try_from(call.body)?).await
        }
    };
}

/// The same for a command about a part of the incident, named in the path too.
macro_rules! command_about {
    ($(#[$doc:meta])* $name:ident takes $body:ident at $path:literal about $part:literal) => {
        $(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "incidents",
            params(("id" = Uuid, Path, description = "The incident's id"),
                ($part = Uuid, Path, description = "The id of the part of the incident"), ChangeHeaders),
            request_body = $body,
            responses((status = 200, description = "The incident as it stands now", body = Incident,
                headers(("ETag" = String, description = "Its version"))), ChangeProblems))]
        async fn $name(State(app): State<App>, Ids(id, part): Ids<IncidentId, Uuid>, call: Call<$body>) -> Answer {
            let command = Command::try_from(AboutPart(part, call.body))?;
            carry_out_about(&app, &call.caller, id, $part, command).await
        }
    };
}

command! {
    /// Confirms the incident against what is known; opens the analysis.
    incident_verify takes VerifyIncident at "/api/v1/incidents/{id}/verify"
}
command! {
    /// Answers facts of the plan.
    incident_facts takes AnswerFacts at "/api/v1/incidents/{id}/facts"
}
command! {
    /// Changes the class.
    incident_category takes ChangeCategory at "/api/v1/incidents/{id}/category"
}
command! {
    /// Writes points of the analysis.
    incident_analysis takes WriteAnalysis at "/api/v1/incidents/{id}/analysis"
}
command! {
    /// Confirms the proposed level, or overrides it with a reason. Clocks are replaced where the level changes them.
    incident_grading takes GradeIncident at "/api/v1/incidents/{id}/grading"
}
command! {
    /// Records when a body became aware.
    incident_awareness takes RecordAwareness at "/api/v1/incidents/{id}/awareness"
}
command! {
    /// Records when the event is believed to have happened; clocks that count from there start anew.
    incident_occurrence takes RecordOccurrence at "/api/v1/incidents/{id}/occurrence"
}
command_about! {
    /// Extends a soft deadline, with reason and approver.
    incident_clock_extend takes ExtendClock at "/api/v1/incidents/{id}/clocks/{clock}/extend" about "clock"
}
command! {
    /// Proposes a step of the response.
    incident_response_propose takes ProposeStep at "/api/v1/incidents/{id}/response/propose"
}
command! {
    /// Decides a step of the response, proposed or not.
    incident_response_decide takes DecideStep at "/api/v1/incidents/{id}/response/decide"
}
command! {
    /// Decides whether a headquarters is necessary; recorded either way.
    incident_headquarters takes DecideHeadquarters at "/api/v1/incidents/{id}/headquarters"
}
command! {
    /// Ticks or unticks a condition of ending.
    incident_condition takes TickCondition at "/api/v1/incidents/{id}/conditions"
}
command! {
    /// Drafts a disposal plan.
    incident_disposal_draft takes DraftDisposal at "/api/v1/incidents/{id}/disposals"
}
command_about! {
    /// Gives a finding on a disposal plan; not by its drafter, and each verifier one.
    incident_disposal_verify takes VerifyDisposal at "/api/v1/incidents/{id}/disposals/{disposal}/verify" about "disposal"
}
command_about! {
    /// Sums the findings on a disposal plan up and submits them to whoever approves.
    incident_disposal_summing_up takes SumUpDisposal at "/api/v1/incidents/{id}/disposals/{disposal}/summing-up" about "disposal"
}
command_about! {
    /// Approves, returns or rejects a disposal plan; by neither drafter nor verifier. Approval gives the orders the plan names.
    incident_disposal_decide takes DecideDisposal at "/api/v1/incidents/{id}/disposals/{disposal}/decide" about "disposal"
}
command_about! {
    /// Records that a step of an approved plan was carried out.
    incident_disposal_step takes CompleteStep at "/api/v1/incidents/{id}/disposals/{disposal}/steps" about "disposal"
}
command! {
    /// Gives an order to a body, or calls an expert.
    incident_order takes GiveOrder at "/api/v1/incidents/{id}/orders"
}
command_about! {
    /// Acknowledges an order; by its addressee, or recorded by whoever gave it.
    incident_order_acknowledge takes AcknowledgeOrder at "/api/v1/incidents/{id}/orders/{order}/acknowledge" about "order"
}
command_about! {
    /// Reports back on an order; by its addressee, or recorded by whoever gave it.
    incident_order_report takes ReportOrder at "/api/v1/incidents/{id}/orders/{order}/reports" about "order"
}
command_about! {
    /// Withdraws an order; its clocks end with it.
    incident_order_withdraw takes WithdrawOrder at "/api/v1/incidents/{id}/orders/{order}/withdraw" about "order"
}
command! {
    /// Gives an operating permission for this incident; it ends at its time, and with the response.
    incident_grant takes GiveGrant at "/api/v1/incidents/{id}/grants"
}
command_about! {
    /// Withdraws an operating permission.
    incident_grant_withdraw takes WithdrawGrant at "/api/v1/incidents/{id}/grants/{grant}/withdraw" about "grant"
}
command! {
    /// Starts a playbook of the plan; its steps need no approval.
    incident_playbook_start takes StartPlaybook at "/api/v1/incidents/{id}/playbooks"
}
command_about! {
    /// Records that a step of a playbook was done.
    incident_playbook_step takes DoPlaybookStep at "/api/v1/incidents/{id}/playbooks/{run}/steps" about "run"
}
command_about! {
    /// Answers the question of a step; the answer decides which steps follow, and may set a mark.
    incident_playbook_answer takes AnswerPlaybookStep at "/api/v1/incidents/{id}/playbooks/{run}/answers" about "run"
}
command_about! {
    /// Says that what a step waits for is so; by the body it waits for, or recorded by whoever may waive it.
    incident_playbook_gate takes OpenPlaybookGate at "/api/v1/incidents/{id}/playbooks/{run}/gates" about "run"
}
command_about! {
    /// Lets a step go on though what it waits for is not so, with a reason.
    incident_playbook_waive takes WaivePlaybookGate at "/api/v1/incidents/{id}/playbooks/{run}/waivers" about "run"
}
command_about! {
    /// Leaves out a step that the playbook marks optional, with a reason.
    incident_playbook_skip takes SkipPlaybookStep at "/api/v1/incidents/{id}/playbooks/{run}/skips" about "run"
}
command_about! {
    /// Takes a step before another, with a reason; the clocks of both keep running.
    incident_playbook_swap takes SwapPlaybookSteps at "/api/v1/incidents/{id}/playbooks/{run}/swaps" about "run"
}
command_about! {
    /// Stops a playbook started in error; not while a temporary unprotected state stands open.
    incident_playbook_stop takes StopPlaybook at "/api/v1/incidents/{id}/playbooks/{run}/stop" about "run"
}
command! {
    /// Records a report by one body to another. An oral one meets its clock at once, a written one once receipted.
    incident_report takes RecordReport at "/api/v1/incidents/{id}/reports"
}
command_about! {
    /// Records the addressee's receipt of a report.
    incident_report_receipt takes RecordReceipt at "/api/v1/incidents/{id}/reports/{report}/receipt" about "report"
}
command! {
    /// Records an immediate action; it needs no approval.
    incident_action takes RecordAction at "/api/v1/incidents/{id}/actions"
}
command_about! {
    /// Hands a piece of evidence over.
    incident_evidence_handover takes HandOverEvidence at "/api/v1/incidents/{id}/evidence/{evidence}/handover" about "evidence"
}
command! {
    /// Puts a person into a role.
    incident_person_assign takes AssignPerson at "/api/v1/incidents/{id}/people"
}
command! {
    /// Relieves a person of a role.
    incident_person_relieve takes RelievePerson at "/api/v1/incidents/{id}/people/relieve"
}
command! {
    /// Notes that another incident was derived from this one; it blocks closing until it is over.
    incident_derived takes LinkDerived at "/api/v1/incidents/{id}/derived"
}
command! {
    /// Pins a resource, or a past incident, for those who handle this one.
    incident_pin takes PinThing at "/api/v1/incidents/{id}/pins"
}
command! {
    /// Takes a pin away.
    incident_unpin takes UnpinThing at "/api/v1/incidents/{id}/pins/remove"
}
command! {
    /// Writes a remark.
    incident_note takes WriteNote at "/api/v1/incidents/{id}/notes"
}
command! {
    /// Drafts a text for an audience.
    incident_publication_draft takes DraftPublication at "/api/v1/incidents/{id}/publications"
}
command! {
    /// Saves drafts of review topics.
    incident_review_draft takes DraftReview at "/api/v1/incidents/{id}/review/draft"
}
command! {
    /// Completes the review.
    incident_review takes CompleteReview at "/api/v1/incidents/{id}/review"
}
command! {
    /// Files the closing package under a plan that asks for it.
    incident_filing takes FilePackage at "/api/v1/incidents/{id}/filing"
}
command! {
    /// Records the receipt of a filing; where each addressee gives one, of that addressee.
    incident_filing_receipt takes RecordFilingReceipt at "/api/v1/incidents/{id}/filing/receipt"
}
command! {
    /// Takes off a plan that was attached. Refused once a playbook, an order or a publication of it was begun.
    incident_plan_detach takes DetachPlan at "/api/v1/incidents/{id}/plans/remove"
}
command! {
    /// Withdraws what was no incident; its event waits for triage again.
    incident_withdraw takes WithdrawIncident at "/api/v1/incidents/{id}/withdraw"
}

/// Seals the record. Takes no body.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/archive", tag = "incidents",
    params(("id" = Uuid, Path, description = "The incident's id"), ChangeHeaders),
    responses((status = 200, description = "The incident as it stands now", body = Incident,
        headers(("ETag" = String, description = "Its version"))), ChangeProblems))]
async fn incident_archive(State(app): State<App>, Id(id): Id<IncidentId>, call: Call<Empty>) -> Answer {
    carry_out(&app, &call.caller, id, Command::Archive).await
}

/// Lets another plan govern the incident too: all its duties apply from now on, and the shortest clock wins.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/plans", tag = "incidents",
    params(("id" = Uuid, Path, description = "The incident's id"), ChangeHeaders),
    request_body = AttachPlan,
    responses((status = 200, description = "The incident as it stands now", body = Incident,
        headers(("ETag" = String, description = "Its version"))), ChangeProblems))]
async fn incident_plan_attach(
    State(app): State<App>,
    Id(id): Id<IncidentId>,
    call: Call<AttachPlan>,
) -> Answer {
    let AttachPlan { plan, reason } = call.body.bounded().map_err(Error::from)?;
    let plan = app.service.plan_chosen(Some(&PlanId::new(plan))).await?;
    carry_out(&app, &call.caller, id, Command::AttachPlan { plan, reason }).await
}

/// Approves a text; not by its drafter. Takes no body.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/publications/{publication}/approve", tag = "incidents",
    params(("id" = Uuid, Path, description = "The incident's id"),
        ("publication" = Uuid, Path, description = "The id of the part of the incident"), ChangeHeaders),
    responses((status = 200, description = "The incident as it stands now", body = Incident,
        headers(("ETag" = String, description = "Its version"))), ChangeProblems))]
async fn incident_publication_approve(
    State(app): State<App>,
    Ids(id, publication): Ids<IncidentId, PublicationId>,
    call: Call<Empty>,
) -> Answer {
    let command = Command::Publish { publication, step: PublicationStep::Approve };
    carry_out_about(&app, &call.caller, id, "publication", command).await
}

/// Releases a text to its audience. Takes no body.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/publications/{publication}/release", tag = "incidents",
    params(("id" = Uuid, Path, description = "The incident's id"),
        ("publication" = Uuid, Path, description = "The id of the part of the incident"), ChangeHeaders),
    responses((status = 200, description = "The incident as it stands now", body = Incident,
        headers(("ETag" = String, description = "Its version"))), ChangeProblems))]
async fn incident_publication_release(
    State(app): State<App>,
    Ids(id, publication): Ids<IncidentId, PublicationId>,
    call: Call<Empty>,
) -> Answer {
    let command = Command::Publish { publication, step: PublicationStep::Release };
    carry_out_about(&app, &call.caller, id, "publication", command).await
}
