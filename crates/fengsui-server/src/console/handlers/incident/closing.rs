//! After the response: derived incidents, texts for the public, review, filing, archive.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use fengsui_domain::clock::Clock;
use fengsui_domain::id::PublicationId;
use fengsui_domain::incident::{self, AskedFiling, Command, IncidentChange, Phase, PublicationStep};
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::{self, ClockMeets, PlanId, PublicationRule, RoleId, RuleId, plan_of};
use fengsui_domain::refusal::Refusal;

use super::super::post::Posted;
use super::super::shell::{PageError, PageResult};
use super::super::show;
use super::act::{Asked, Place, act, nothing, one};
use super::case::{Case, forms, only};
use super::head::head;
use super::overview;
use super::reports::{receipt_parts, receipt_words};
use crate::app::App;
use crate::console::view::form::{FieldProblem, Form};
use crate::console::view::incident::closing::{
    Closing, Derived, Filing, FilingReceipt, Publication, Review, Topic,
};
use crate::console::view::parts::{Act, Choice, Countdown, Gate};
use crate::console::view::shell::Shell;
use crate::console::view::words::{IncidentTab, Notice, PublicationState};

const PLACE: Place = Place { tab: IncidentTab::Closing, names: &[] };

/// `GET /incidents/{number}/closing`.
pub(super) async fn view(case: &Case<'_>, shell: Shell, failed: Option<Form>) -> Result<Closing, PageError> {
    let chains: Vec<&PublicationRule> =
        case.plan.publications.iter().filter(|rule| case.incident.holds(&rule.when)).collect();
    let drafters = chains.iter().flat_map(|rule| rule.draft.iter().cloned()).collect::<Vec<_>>();
    let open = !case.incident.is_closed();
    Ok(Closing {
        blockers: blockers(case),
        derived: derived_rows(case).await?,
        link: only(case.not_ended(), case.gate(Permission::IncidentWork)),
        publishes: !case.plan.publications.is_empty(),
        publications: case
            .incident
            .publications
            .iter()
            .rev()
            .filter_map(|text| publication_row(case, text))
            .collect(),
        publish: only(open && !chains.is_empty(), case.gate_for(Permission::IncidentWork, &drafters)),
        publication_choices: chains
            .iter()
            .map(|rule| Choice {
                value: rule.id.to_string(),
                text: case.text(&rule.title),
                hint: case.text(&rule.audience),
            })
            .collect(),
        review: review_panel(case),
        filings: filing_panels(case),
        archive: archive_gate(case),
        archived: archived(case),
        zone: case.zone_name(),
        forms: forms([review_form(case)].into_iter().chain(receipt_forms(case)), failed),
        head: head(case),
        tab: IncidentTab::Closing,
        shell,
    })
}

/// What keeps the incident from its archive: each as the sentence the core would refuse with.
fn blockers(case: &Case<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let open = case.incident.derived_open();
    if open > 0 {
        found.push(case.lang.t_n("refusal-derived-open", open).into_owned());
    }
    let next = match &case.incident.phase {
        Phase::Judged(_) | Phase::Analysing(_) | Phase::Graded(_) | Phase::Responding(_) => {
            Some("blocker-response")
        }
        Phase::Ended(_) => Some("blocker-review"),
        Phase::Reviewed(reviewed) => {
            found.extend(filing_blockers(case, &reviewed.filings(case.plan)));
            case.incident.review_report_owed().then_some("blocker-review-report")
        }
        Phase::Archived(_) | Phase::Withdrawn(_) => None,
    };
    found.extend(next.map(|key| case.t(key)));
    found
}

/// What is missing of each filing; with the name of its plan where several plans ask for one.
fn filing_blockers(case: &Case<'_>, filings: &[AskedFiling<'_>]) -> Vec<String> {
    let missing = filings.iter().filter(|asked| !asked.is_complete());
    let sentence = |asked: &AskedFiling<'_>| {
        let said = case.t(if asked.made.is_none() { "blocker-filing" } else { "blocker-receipt" });
        if filings.len() == 1 {
            return said;
        }
        case.lang.t_ab("blocker-under", &filing_under(case, asked.plan), &said).into_owned()
    };
    missing.map(sentence).collect()
}

/// The name of the plan that asks for a filing; `None` is the leading one.
fn filing_under(case: &Case<'_>, plan: Option<&PlanId>) -> String {
    let joined = case.plan.joined.iter().find(|joined| Some(&joined.id) == plan);
    case.text(joined.map_or(&case.plan.title, |joined| &joined.title))
}

async fn derived_rows(case: &Case<'_>) -> Result<Vec<Derived>, PageError> {
    let refs = overview::derived(case).await?;
    let rows = refs.into_iter().zip(&case.incident.derived).map(|((incident, closed), known)| {
        let of = known.incident;
        let linked = case.entry(
            |change, _| matches!(change, IncidentChange::DerivedLinked { incident } if *incident == of),
        );
        let start = format!("{}{NOTED}", incident.number);
        let how = case.incident.notes.iter().find_map(|note| note.text.strip_prefix(&start));
        let act = linked.map(|row| Act {
            at: case.moment(row.entry.at),
            by: case.by(&row.entry.by),
            what: String::new(),
            proof: Some(show::proof(row.index)),
        });
        act.map(|act| Derived { incident, how: how.unwrap_or_default().to_owned(), closed, act })
    });
    Ok(rows.flatten().collect())
}

/// Stands between the thing a remark is about and the remark.
const NOTED: &str = ": ";

fn publication_row(case: &Case<'_>, text: &fengsui_domain::incident::Publication) -> Option<Publication> {
    let rule = case.plan.publications.iter().find(|rule| rule.id == text.rule)?;
    let (id, gated) = (text.id, !rule.approve.is_empty());
    let state = match (&text.approved, &text.released) {
        (_, Some(_)) => PublicationState::Released,
        (None, None) if gated => PublicationState::Drafted,
        (_, None) => PublicationState::Approved,
    };
    let drafted = |change: &IncidentChange| matches!(change, IncidentChange::PublicationDrafted { publication } if publication.id == id);
    let approved = |change: &IncidentChange| matches!(change, IncidentChange::PublicationApproved { publication, .. } if *publication == id);
    let released = |change: &IncidentChange| matches!(change, IncidentChange::PublicationReleased { publication, .. } if *publication == id);
    let mut acts = vec![case.act(&text.drafted, case.t("did-publication-drafted"), drafted)];
    acts.extend(
        text.approved.iter().map(|signed| case.act(signed, case.t("did-publication-approved"), approved)),
    );
    acts.extend(
        text.released.iter().map(|signed| case.act(signed, case.t("did-publication-released"), released)),
    );
    let (title, words) = text.text.split_once('\n').unwrap_or((&text.text, ""));
    Some(Publication {
        id: id.to_string(),
        rule: case.text(&rule.title),
        clause: case.clause(&rule.clause),
        audience: case.text(&rule.audience),
        title: title.to_owned(),
        text: words.to_owned(),
        state,
        acts,
        next: only(!case.incident.is_closed(), next_gate(case, rule, text, state)),
    })
}

fn next_gate(
    case: &Case<'_>,
    rule: &PublicationRule,
    text: &fengsui_domain::incident::Publication,
    state: PublicationState,
) -> Gate {
    match state {
        PublicationState::Drafted => {
            let own = case.visitor.caller.by().account() == Some(text.drafted.person.account);
            match case.gate_for(Permission::IncidentDecide, &rule.approve) {
                Gate::Open if own => case.closed(&Refusal::SamePerson {
                    first: "draft-publication",
                    second: "approve-publication",
                }),
                gate => gate,
            }
        }
        PublicationState::Approved => case.gate_for(Permission::IncidentDecide, &rule.release),
        PublicationState::Returned | PublicationState::Released => Gate::Hidden,
    }
}

/// The clock of a duty that follows the end.
fn due(case: &Case<'_>, meets: ClockMeets) -> Option<Countdown> {
    let clock: Option<&Clock> = case.incident.running().find(|clock| clock.met_by == meets);
    clock.map(|clock| show::countdown(clock, &case.zone, case.now, case.lang))
}

fn review_panel(case: &Case<'_>) -> Review {
    let rule = &case.plan.review;
    let lead = case.incident.review_lead(case.plan);
    let led_by = lead.map_or(&[][..], |lead| &lead.by);
    let done = case.incident.phase.review();
    let texts = done.map_or(&case.incident.review_draft, |review| &review.topics);
    let gate = match case.incident.phase {
        Phase::Ended(_) => case.gate_for(Permission::IncidentClose, led_by),
        _ if case.not_ended() => Gate::Closed(case.t("after-end")),
        _ => Gate::Hidden,
    };
    Review {
        due: due(case, ClockMeets::Review),
        after_end: case.incident.phase.ended_at().is_none(),
        led_by: case.roles(led_by),
        clause: case.clause(lead.map_or(&rule.clause, |lead| &lead.clause)),
        topics: rule
            .topics
            .iter()
            .map(|topic| Topic {
                id: topic.id.to_string(),
                title: case.text(&topic.title),
                clause: case.clause(&topic.clause),
                text: texts.get(&topic.id).cloned().unwrap_or_default(),
            })
            .collect(),
        plan_change_clause: rule.plan_change.as_ref().map(|clause| case.clause(clause)),
        plan_change: done.map(|review| (!review.plan_change.is_empty(), review.plan_change.clone())),
        gate,
        done: done.map(|review| {
            case.act(&review.signed, "", |change| matches!(change, IncidentChange::ReviewCompleted { .. }))
        }),
    }
}

fn review_form(case: &Case<'_>) -> Form {
    case.incident
        .review_draft
        .iter()
        .fold(Form::new("review"), |form, (topic, text)| form.with(&format!("topic.{topic}"), text))
}

/// One for each filing that a plan asks for, the leading plan's first.
fn filing_panels(case: &Case<'_>) -> Vec<Filing> {
    let reviewed = case.incident.phase.reviewed();
    let asked = case.plan.filings().enumerate();
    asked
        .map(|(place, (plan, rule))| {
            let filings = reviewed.map_or_else(Vec::new, |reviewed| reviewed.filings(case.plan));
            let made = filings.get(place).and_then(|asked| asked.made);
            let key = if place == 0 { String::new() } else { format!("-{}", place + 1) };
            Filing { key, ..filing_panel(case, plan, rule, made) }
        })
        .collect()
}

fn filing_panel(
    case: &Case<'_>,
    plan: Option<&PlanId>,
    rule: &plan::Filing,
    made: Option<&incident::Filing>,
) -> Filing {
    let reviewed = matches!(case.incident.phase, Phase::Reviewed(_));
    let open = made.map_or_else(Vec::new, |filing| filing.without_receipt(rule));
    let open: Vec<RoleId> = open.into_iter().cloned().collect();
    let of = |filed: &IncidentChange| matches!(filed, IncidentChange::Filed { plan: under, .. } if under.as_ref() == plan);
    let choice =
        |body: &RoleId| Choice { value: body.to_string(), text: case.role(body), hint: String::new() };
    Filing {
        key: String::new(),
        plan: plan.map(ToString::to_string).unwrap_or_default(),
        under: (case.plan.filings().count() > 1).then(|| filing_under(case, plan)),
        by: case.roles(&rule.by),
        to: case.roles(&rule.to),
        to_each: rule.to_each,
        clause: case.clause(&rule.clause),
        due: filing_due(case, plan),
        after_end: case.incident.phase.ended_at().is_none(),
        filed: made
            .map(|filing| (case.moment(filing.signed.at), case.signed(&filing.signed), case.proof(of))),
        receipts: receipts(case, rule, made),
        file: only(reviewed && made.is_none(), case.gate_for(Permission::IncidentClose, &rule.by)),
        receive: only(
            reviewed && !open.is_empty(),
            case.gate_for(Permission::IncidentClose, &rule.receipt_recorded_by(&open, &case.bodies())),
        ),
        of_choices: open.iter().filter(|_| rule.to_each).map(choice).collect(),
    }
}

/// The forms that record receipts, each with the present time in it.
fn receipt_forms(case: &Case<'_>) -> Vec<Form> {
    let forms = filing_panels(case).into_iter().map(|panel| Form::new(panel.receipt_form()));
    forms.map(|form| form.with("at", case.typed_now())).collect()
}

/// The receipts that are needed: one without a name, or one of each addressee.
fn receipts(case: &Case<'_>, rule: &plan::Filing, made: Option<&incident::Filing>) -> Vec<FilingReceipt> {
    let got = |receipt: &incident::Receipt| {
        let (who, number) = receipt_parts(&receipt.reference);
        (case.moment(receipt.at), who, number)
    };
    if !rule.to_each {
        let given = made.and_then(|filing| filing.receipt.as_ref()).map(got);
        return vec![FilingReceipt { of: String::new(), given }];
    }
    let of = |body: &RoleId| FilingReceipt {
        of: case.role(body),
        given: made.and_then(|filing| filing.receipts.get(body)).map(got),
    };
    rule.to.iter().map(of).collect()
}

/// When the filing under this plan is due.
fn filing_due(case: &Case<'_>, plan: Option<&PlanId>) -> Option<Countdown> {
    let under = |clock: &&Clock| plan_of(&clock.rule) == plan.map(PlanId::as_str);
    let clock = case.incident.running().filter(|clock| clock.met_by == ClockMeets::Filing).find(under);
    clock.map(|clock| show::countdown(clock, &case.zone, case.now, case.lang))
}

fn archive_gate(case: &Case<'_>) -> Gate {
    if case.incident.is_closed() {
        return Gate::Hidden;
    }
    match (case.gate(Permission::IncidentClose), blockers(case).is_empty()) {
        (Gate::Open, false) => Gate::Closed(case.t("blocker-archive")),
        (gate, _) => gate,
    }
}

fn archived(case: &Case<'_>) -> Option<Act> {
    let row = case.entry(|change, _| matches!(change, IncidentChange::Archived { .. }))?;
    Some(Act {
        at: case.moment(row.entry.at),
        by: case.by(&row.entry.by),
        what: case.t("did-archived"),
        proof: Some(show::proof(row.index)),
    })
}

/// `POST …/derived`: the link, and how it follows as a remark.
pub(super) async fn derived(
    State(app): State<App>,
    Path(number): Path<String>,
    posted: Posted,
) -> PageResult {
    let other = posted.text("number").to_owned();
    let found = app.service.incident_by_number(&posted.visitor.caller, &other).await;
    act(&app, &number, &posted, Place { names: &[("incident", "number")], ..PLACE }, |_| {
        let Ok(found) = found else { return Err(vec![posted.wrong("number", FieldProblem::NotAChoice)]) };
        let mut commands = vec![Command::LinkDerived { incident: found.value.id }];
        match posted.text("how") {
            "" => return Err(vec![posted.wrong("how", FieldProblem::Required)]),
            how => commands.push(Command::Note { text: format!("{}{NOTED}{how}", found.value.number) }),
        }
        Ok((commands, Notice::DerivedSaved))
    })
    .await
}

/// `POST …/publications`: title and text are kept as one, the title as its first line.
pub(super) async fn publication(
    State(app): State<App>,
    Path(number): Path<String>,
    posted: Posted,
) -> PageResult {
    act(&app, &number, &posted, PLACE, |_| {
        let required = ["title", "text"].into_iter().filter(|name| posted.text(name).is_empty());
        let errors: Vec<_> = required.map(|name| posted.wrong(name, FieldProblem::Required)).collect();
        if !errors.is_empty() {
            return Err(errors);
        }
        let text = format!("{}\n{}", posted.text("title"), posted.text("text"));
        one(
            Command::DraftPublication { rule: RuleId::new(posted.text("rule")), text },
            Notice::PublicationSaved,
        )
    })
    .await
}

/// `POST …/publications/{publication}`.
pub(super) async fn publish(
    State(app): State<App>,
    Path((number, publication)): Path<(String, String)>,
    posted: Posted,
) -> PageResult {
    let publication: PublicationId = publication.parse().map_err(|_| nothing())?;
    act(&app, &number, &posted, PLACE, |_| {
        let step = PublicationStep::parse(posted.text("decision"));
        let step = step.ok_or_else(|| vec![posted.wrong("decision", FieldProblem::ChooseOne)])?;
        one(Command::Publish { publication, step }, Notice::PublicationSaved)
    })
    .await
}

/// `POST …/review`: kept as a draft, or completed.
pub(super) async fn review(State(app): State<App>, Path(number): Path<String>, posted: Posted) -> PageResult {
    act(&app, &number, &posted, PLACE, |case| reviewing(case, &posted)).await
}

fn reviewing(case: &Case<'_>, posted: &Posted) -> Asked {
    let topics: BTreeMap<RuleId, String> = case
        .plan
        .review
        .topics
        .iter()
        .map(|topic| (topic.id.clone(), posted.text(&format!("topic.{}", topic.id)).to_owned()))
        .collect();
    if posted.text("complete") != "true" {
        return one(Command::DraftReview { topics }, Notice::ReviewSaved);
    }
    let empty = topics.iter().filter(|(_, text)| text.is_empty());
    let mut errors: Vec<_> =
        empty.map(|(id, _)| posted.wrong(&format!("topic.{id}"), FieldProblem::Required)).collect();
    let asked = case.plan.review.plan_change.is_some();
    let plan_change = match (posted.text("plan_change"), posted.text("plan_change_text")) {
        _ if !asked => String::new(),
        ("yes", "") => {
            errors.push(posted.wrong("plan_change_text", FieldProblem::Required));
            String::new()
        }
        ("yes", text) => text.to_owned(),
        ("no", _) => String::new(),
        _ => {
            errors.push(posted.wrong("plan_change", FieldProblem::ChooseOne));
            String::new()
        }
    };
    if errors.is_empty() {
        one(Command::Review { topics, plan_change }, Notice::ReviewSaved)
    } else {
        Err(errors)
    }
}

/// `POST …/filing`. The plan names the addressees; there is nothing else to choose.
pub(super) async fn file(State(app): State<App>, Path(number): Path<String>, posted: Posted) -> PageResult {
    let summary = posted.text("summary").to_owned();
    let plan = filing_plan(&posted);
    act(&app, &number, &posted, PLACE, |_| one(Command::File { summary, plan }, Notice::Filed)).await
}

/// `POST …/filing/receipt`.
pub(super) async fn file_receipt(
    State(app): State<App>,
    Path(number): Path<String>,
    posted: Posted,
) -> PageResult {
    act(&app, &number, &posted, Place { names: &[("reference", "by")], ..PLACE }, |case| {
        let at = posted.at_required("at", &case.zone).map_err(|error| vec![error])?;
        let of = Some(posted.text("of")).filter(|of| !of.is_empty()).map(RoleId::new);
        let (reference, plan) = (receipt_words(&posted), filing_plan(&posted));
        one(Command::ReceiptFiling { at, reference, plan, of }, Notice::ReceiptSaved)
    })
    .await
}

/// The plan beside the leading one, if the form is of its filing.
fn filing_plan(posted: &Posted) -> Option<PlanId> {
    Some(posted.text("plan")).filter(|plan| !plan.is_empty()).map(PlanId::new)
}

/// `POST …/archive`: a note first, since nothing can be added afterwards.
pub(super) async fn archive(
    State(app): State<App>,
    Path(number): Path<String>,
    posted: Posted,
) -> PageResult {
    let note = posted.text("reason").to_owned();
    act(&app, &number, &posted, PLACE, |_| {
        let mut commands = Vec::new();
        if !note.is_empty() {
            commands.push(Command::Note { text: note });
        }
        commands.push(Command::Archive);
        Ok((commands, Notice::Archived))
    })
    .await
}
