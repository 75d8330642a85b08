//! Refusals in the reader's words: what is wrong, and what to do next.

use fengsui_domain::plan::{FactId, Plan, RoleId};
use fengsui_domain::refusal::Refusal;
use fengsui_service::Error;
use fengsui_service::indicators::{RejectReason, Unreadable};
use fengsui_service::password::{MAX_CHARS, MIN_CHARS};
use fengsui_wire::api::{ProblemCode, RowReject};

use super::show;
use crate::console::lang::Lang;
use crate::console::view::form::FieldProblem;
use crate::console::view::words::{DisposalState, EventState, OrderState, Phase};

/// Bytes of a megabyte, as limits are told.
const MEGABYTE: u64 = 1 << 20;

/// A refusal of the core as a sentence; with a plan, ids become names.
pub(crate) fn sentence(refusal: &Refusal, plan: Option<&Plan>, lang: Lang) -> String {
    let text = match refusal {
        Refusal::NotPermitted { needed } => lang.t_s("refusal-not-permitted", needed.as_str()),
        Refusal::NotEntitled { entitled } => {
            let names = plan.map(|plan| show::roles(plan, entitled, lang));
            let ids = || entitled.iter().map(RoleId::as_str).collect::<Vec<_>>().join(", ");
            lang.t_s("refusal-not-entitled", &names.unwrap_or_else(ids))
        }
        Refusal::SamePerson { first, second } => {
            lang.t_ab("refusal-same-person", &step(first, lang), &step(second, lang))
        }
        Refusal::PersonRequired => lang.t("refusal-person-required"),
        Refusal::WrongPhase { phase, .. } => lang.t_s("refusal-wrong-phase", &phase_word(phase, lang)),
        Refusal::AlreadyDone { action } => lang.t_s("refusal-already-done", &step(action, lang)),
        Refusal::NotReady { action, needs } => {
            lang.t_ab("refusal-not-ready", &step(action, lang), &step(needs, lang))
        }
        Refusal::StepsOpen { steps, .. } => lang.t_s("refusal-steps-open", &step_names(steps, plan, lang)),
        Refusal::NotInPlan { what } => lang.t_s("refusal-not-in-plan", &step(what, lang)),
        Refusal::Missing { .. } => FieldProblem::Required.text(lang).into(),
        Refusal::TooLong { max, .. } => FieldProblem::TooLong(*max).text(lang).into(),
        Refusal::ControlCharacter { .. } => lang.t("refusal-control-character"),
        Refusal::Unknown { field: "name", .. } => lang.t("user-name-hint"),
        Refusal::Unknown { field: "roles", .. } => lang.t("refusal-roles-apart"),
        Refusal::Unknown { .. } => FieldProblem::NotAChoice.text(lang).into(),
        Refusal::BadTime { problem: "in the future", .. } => FieldProblem::InFuture.text(lang).into(),
        Refusal::BadTime { problem: "not in the future" | "not later than the present deadline", .. } => {
            lang.t("refusal-not-later")
        }
        Refusal::BadTime { problem: "more than 30 days ahead", .. } => lang.t("refusal-too-far"),
        Refusal::BadTime { problem: "more than a year ahead", .. } => lang.t("refusal-beyond-a-year"),
        Refusal::BadTime { problem: "outside the time of the permission", .. } => {
            lang.t("refusal-outside-grant")
        }
        Refusal::BadTime { .. } => lang.t("refusal-bad-time"),
        Refusal::ReasonRequired { proposed: Some(level) } => {
            lang.t_s("refusal-reason-required", level.as_str())
        }
        Refusal::ReasonRequired { proposed: None } => lang.t("refusal-reason-undecided"),
        Refusal::ConditionsOpen { missing } => {
            lang.t_s("refusal-conditions-open", &conditions(missing, plan, lang))
        }
        Refusal::DerivedOpen { open } => lang.t_n("refusal-derived-open", *open),
        Refusal::NameTaken { .. } => FieldProblem::Taken.text(lang).into(),
        Refusal::LastAdministrator => lang.t("refusal-last-administrator"),
        Refusal::TooMany { max, .. } => lang.t_n("refusal-too-many", *max),
    };
    text.into_owned()
}

/// What a use case said of the whole form.
pub(crate) fn sentence_of(error: &Error, lang: Lang) -> String {
    let text = match error {
        Error::SignIn => lang.t("refusal-sign-in"),
        Error::SlowDown { wait_s } => {
            lang.t_n("refusal-slow-down", usize::try_from(*wait_s).unwrap_or(usize::MAX))
        }
        Error::Changed { .. } => lang.t("problem-conflict-why"),
        Error::KeyReused => lang.t("problem-form-expired-why"),
        Error::TooLarge { max, .. } => {
            let megabytes = usize::try_from(max / MEGABYTE).unwrap_or(usize::MAX);
            FieldProblem::TooLarge(megabytes.max(1)).text(lang).into()
        }
        _ => lang.t("problem-internal-why"),
    };
    text.into_owned()
}

/// What is wrong with a field that a use case has checked itself.
pub(crate) fn field_problem(field: &str, problem: &str, lang: Lang) -> String {
    let problem = match field {
        "password" if problem.contains("at least") => FieldProblem::TooShort(MIN_CHARS),
        "password" if problem.contains("at most") => FieldProblem::TooLong(MAX_CHARS),
        "password" => return lang.t("refusal-weak-password").into_owned(),
        "code" | "secret" => FieldProblem::WrongCode,
        "days" | "role" | "account" => FieldProblem::NotAChoice,
        "file" if problem.contains("UTF-8") => return lang.t("table-encoding").into_owned(),
        "file" if problem.contains("column") => return lang.t("table-header").into_owned(),
        "list" if problem.contains("no indicator") => return lang.t("import-empty").into_owned(),
        "list" if problem.contains("can be matched") => return lang.t("import-unusable").into_owned(),
        _ => return lang.t_s("refusal-unreadable", problem).into_owned(),
    };
    problem.text(lang)
}

/// Why a value of an indicator list was left out, and what would be right.
pub(crate) fn reject(why: RejectReason, lang: Lang) -> String {
    let key = match why {
        RejectReason::Unreadable(Unreadable::Empty) => "reject-empty",
        RejectReason::Unreadable(Unreadable::TooLong) => "reject-too-long",
        RejectReason::Unreadable(Unreadable::Blanks) => "reject-blanks",
        RejectReason::Unreadable(Unreadable::Expression) => "reject-expression",
        RejectReason::Unreadable(Unreadable::PathOnly) => "reject-path-only",
        RejectReason::Unreadable(Unreadable::Mail) => "reject-mail",
        RejectReason::Unreadable(Unreadable::SingleLabel) => "reject-single-label",
        RejectReason::Unreadable(Unreadable::Name) => "reject-faulty-name",
        RejectReason::Unreadable(Unreadable::LongLabel) => "reject-long-label",
        RejectReason::Unreadable(Unreadable::LongName) => "reject-long-name",
        RejectReason::Unreadable(Unreadable::FaultyAddress) => "reject-faulty-address",
        RejectReason::Unreadable(Unreadable::Idna) => "reject-idna",
        RejectReason::Unreadable(Unreadable::DomainPort) => "reject-domain-port",
        RejectReason::Unreadable(Unreadable::Port) => "reject-faulty-port",
        RejectReason::Unreadable(Unreadable::PrefixLength) => "reject-prefix-length",
        RejectReason::Unreadable(Unreadable::EveryAddress) => "reject-every-address",
        RejectReason::Unreadable(Unreadable::Digest) => "reject-faulty-digest",
        RejectReason::Unreadable(Unreadable::DigestName) => "reject-digest-name",
        RejectReason::Unreadable(Unreadable::UrlHost) => "reject-url-host",
        RejectReason::LineTooLong => "reject-line-too-long",
        RejectReason::Quote => "reject-open-quote",
        RejectReason::NoValue => "reject-no-value",
        RejectReason::Type => "reject-other-type",
        RejectReason::NoSink => "reject-no-sink",
        RejectReason::Full => "reject-list-full",
    };
    lang.t(key).into_owned()
}

/// Why a row of a table of resources was left out, and what would be right.
pub(crate) fn row_reject(reject: &RowReject, lang: Lang) -> String {
    let text = match (reject.code, reject.field.as_deref()) {
        (ProblemCode::Missing, Some("fields")) => lang.t("resource-fields-hint"),
        (ProblemCode::Missing, _) => FieldProblem::Required.text(lang).into(),
        (ProblemCode::TooLong, _) => lang.t("row-too-long"),
        (ProblemCode::ControlCharacter, _) => lang.t("refusal-control-character"),
        (ProblemCode::UnknownValue, Some("fields")) => lang.t("row-fields"),
        (ProblemCode::UnknownValue, Some("count")) => FieldProblem::NotANumber.text(lang).into(),
        (ProblemCode::UnknownValue, Some("categories")) => lang.t("row-category"),
        (ProblemCode::UnknownValue, _) => lang.t("row-unknown"),
        (ProblemCode::TooMany, None) => lang.t("row-beyond"),
        (ProblemCode::TooMany, Some(_)) => lang.t("row-too-many"),
        (ProblemCode::Invalid, Some(_)) => lang.t("row-twice"),
        (ProblemCode::Invalid, None) if reject.detail.contains("quote") => lang.t("row-quote"),
        (ProblemCode::Invalid, None) => lang.t("row-cells"),
        _ => lang.t_s("refusal-unreadable", &reject.detail),
    };
    text.into_owned()
}

/// What a field is called on its form, for the summary above it; empty where its place says enough.
pub(crate) fn label(field: &str, lang: Lang) -> String {
    let key = match field {
        "title" => "title",
        "details" => "event-details",
        "source" => "event-source",
        "unit" => "event-unit",
        "category" => "category",
        "level" => "level",
        "reason" => "reason",
        "name" | "admin_name" | "officer_name" => "user-name",
        "display_name" | "admin_display" | "officer_display" => "display-name",
        "password" | "admin_password" | "officer_password" => "password",
        "password_again" => "password-again",
        "current" => "password-current",
        "role" => "role",
        "body" => "bodies",
        "days" => "token-days",
        "file" => "file",
        "text" => "text",
        "result" => "result",
        "branch" => "step-answer",
        "grounds" => "grounds",
        "spoke" => "step-spoke",
        "before" => "step-before",
        "found_at" => "run-found",
        "code" => "totp-code",
        "receipt" => "handed-receipt",
        "asset" => "event-asset",
        "holder" => "resource-holder",
        "place" => "resource-place",
        "count" => "resource-count",
        "count_unit" => "resource-unit",
        "model" => "resource-model",
        "rank" => "resource-rank",
        "fields" => "resource-fields",
        "categories_other" => "resource-categories-other",
        "keywords" => "resource-keywords",
        "contact" => "resource-contact",
        "description" => "resource-description",
        "kind" => "resource-kind",
        "losses" => "event-losses",
        "impact" => "event-impact",
        _ => return String::new(),
    };
    lang.t(key).into_owned()
}

/// What is still open by its name in the plan: conditions of ending, topics of review, questions, temporary
/// states.
fn conditions(missing: &[String], plan: Option<&Plan>, lang: Lang) -> String {
    let name = |id: &String| {
        let plan = plan?;
        if let Some(fact) = plan.facts.get(&FactId::new(id.as_str())) {
            return Some(show::text(&fact.title, lang));
        }
        let states = plan.playbooks.iter().flat_map(|playbook| &playbook.states);
        let states = states.map(|state| (&state.id, &state.title));
        let conditions = plan.responses.iter().flat_map(|response| &response.end_when.conditions);
        let ends = conditions.map(|condition| (&condition.id, &condition.title));
        let topics =
            plan.review.topics.iter().chain(&plan.triage.analysis).map(|topic| (&topic.id, &topic.title));
        let (_, title) = ends.chain(topics).chain(states).find(|(known, _)| known.as_str() == id)?;
        Some(show::text(title, lang))
    };
    let names: Vec<String> = missing.iter().map(|id| name(id).unwrap_or_else(|| id.clone())).collect();
    names.join(&lang.t("list-comma"))
}

/// Steps of playbooks by their titles; the same id is the same act in every playbook of a plan.
fn step_names(steps: &[String], plan: Option<&Plan>, lang: Lang) -> String {
    let name = |id: &String| {
        let mut known = plan?.playbooks.iter().flat_map(|playbook| &playbook.steps);
        let step = known.find(|step| step.id.as_str() == id)?;
        Some(show::text(&step.title, lang))
    };
    let names: Vec<String> = steps.iter().map(|id| name(id).unwrap_or_else(|| id.clone())).collect();
    names.join(&lang.t("list-comma"))
}

/// A phase or state by its stable name, in words.
fn phase_word(code: &str, lang: Lang) -> String {
    let key = Phase::parse(code).map(Phase::key);
    let key = key.or_else(|| EventState::parse(code).map(EventState::key));
    let key = key.or_else(|| DisposalState::parse(code).map(DisposalState::key));
    let key = key.or_else(|| OrderState::parse(code).map(OrderState::key));
    match (key, code) {
        (Some(key), _) => lang.t(key).into_owned(),
        (None, "withdrawn") => lang.t("phase-withdrawn").into_owned(),
        (None, "retired") => lang.t("resource-retired").into_owned(),
        (None, code) => code.to_owned(),
    }
}

/// A step by its stable name, in words; an unknown one stays as it is.
fn step(code: &str, lang: Lang) -> String {
    let key = match code {
        "draft-disposal" => "act-draft-disposal",
        "verify-disposal" => "act-verify-disposal",
        "sum-up-disposal" => "act-sum-up-disposal",
        "decide-disposal" => "act-decide-disposal",
        "pin" => "act-pin",
        "unpin" => "act-unpin",
        "give-order" => "act-give-order",
        "acknowledge-order" => "act-acknowledge-order",
        "report-order" => "act-report-order",
        "withdraw-order" => "act-withdraw-order",
        "give-grant" => "act-give-grant",
        "withdraw-grant" => "act-withdraw-grant",
        "an order that stands" => "act-standing-order",
        "an incident this order applies to" => "act-right-order",
        "do-disposal-step" => "act-do-disposal-step",
        "draft-publication" => "act-draft-publication",
        "approve-publication" => "act-approve-publication",
        "release-publication" => "act-release-publication",
        "propose" => "act-propose",
        "decide" | "decline" => "act-decide",
        "decide-headquarters" => "act-decide-headquarters",
        "file" => "act-file",
        "receipt-filing" => "act-receipt-filing",
        "archive" => "act-archive",
        "create-account" => "act-create-account",
        "create-token" => "act-create-token",
        "assign" => "act-assign",
        "extend" => "act-extend",
        "link-derived" => "act-link-derived",
        "receipt" | "receipt-report" => "act-receipt",
        "report" => "act-report",
        "disposal chain" => "lacks-disposal",
        "publication chain" => "lacks-publications",
        "filing" => "lacks-filing",
        "response to this category" => "lacks-response",
        "response of this level without a headquarters" => "lacks-no-headquarters",
        "read-contact" => "act-read-contact",
        "contact" => "act-give-contact",
        "an incident this chain applies to" => "act-right-chain",
        "start-playbook" => "act-start-playbook",
        "do-step" => "act-do-step",
        "answer-step" => "act-answer-step",
        "open-gate" => "act-open-gate",
        "waive-gate" => "act-waive-gate",
        "skip-step" => "act-skip-step",
        "swap-steps" => "act-swap-steps",
        "stop-playbook" => "act-stop-playbook",
        "an incident this playbook fits" => "act-right-playbook",
        "a step that asks" => "act-step-that-asks",
        "a step with a gate" => "act-step-with-gate",
        "a step the playbook marks optional" => "act-optional-step",
        "the end of every playbook" => "act-end-playbooks",
        "such playbook" => "lacks-playbook",
        other => return other.to_owned(),
    };
    lang.t(key).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_is_said_in_both_languages() {
        use fengsui_domain::level::IncidentLevel;
        use fengsui_domain::permission::Permission;
        let at = jiff::Timestamp::UNIX_EPOCH;
        let refusals = [
            Refusal::NotPermitted { needed: Permission::CaseRead },
            Refusal::NotEntitled { entitled: vec![RoleId::new("city-government")] },
            Refusal::SamePerson { first: "draft-disposal", second: "verify-disposal" },
            Refusal::PersonRequired,
            Refusal::WrongPhase { action: "file", phase: "judged" },
            Refusal::AlreadyDone { action: "file" },
            Refusal::NotReady { action: "archive", needs: "receipt-filing" },
            Refusal::NotInPlan { what: "disposal chain" },
            Refusal::StepsOpen { action: "do-step", steps: vec!["report-police".into()] },
            Refusal::NotInPlan { what: "filing" },
            Refusal::Missing { field: "title" },
            Refusal::TooLong { field: "title", chars: 300, max: 200 },
            Refusal::ControlCharacter { field: "title" },
            Refusal::Unknown { field: "category", value: "x".into() },
            Refusal::BadTime { field: "at", at, problem: "in the future" },
            Refusal::BadTime { field: "at", at, problem: "before the report was made" },
            Refusal::BadTime { field: "until", at, problem: "not in the future" },
            Refusal::BadTime { field: "until", at, problem: "more than 30 days ahead" },
            Refusal::BadTime { field: "until", at, problem: "more than a year ahead" },
            Refusal::BadTime { field: "at", at, problem: "outside the time of the permission" },
            Refusal::ReasonRequired { proposed: Some(IncidentLevel::II) },
            Refusal::ReasonRequired { proposed: None },
            Refusal::ConditionsOpen { missing: vec!["contained".into()] },
            Refusal::DerivedOpen { open: 2 },
            Refusal::NameTaken { name: "a".into() },
            Refusal::LastAdministrator,
            Refusal::TooMany { field: "roles", count: 61, max: 60 },
        ];
        for lang in Lang::ALL {
            for refusal in &refusals {
                let text = sentence(refusal, None, lang);
                assert!(
                    !text.is_empty() && !text.contains('⟦') && !text.contains('{'),
                    "{refusal:?}: {text}"
                );
            }
        }
    }

    /// What is still open is said in the plan's words, whatever kind of thing it is.
    #[test]
    fn what_is_open_is_named_as_the_plan_names_it() {
        let library = fengsui_wire::plan::Library::shipped();
        let plan = &library.get(&fengsui_domain::plan::PlanId::new("jincheng-egov-2008")).unwrap().plan;
        for (id, named) in [
            ("asset_kind", "Kind of system hit"),
            ("no-ups", "Running without the uninterruptible supply"),
            ("not-in-the-plan", "not-in-the-plan"),
        ] {
            let refusal = Refusal::ConditionsOpen { missing: vec![id.to_owned()] };
            let text = sentence(&refusal, Some(plan), Lang::En);
            assert!(text.contains(&format!(": {named}. ")), "{id}: {text}");
        }
    }

    #[test]
    fn every_reject_of_a_list_is_said_in_both_languages() {
        let mut seen = std::collections::BTreeSet::new();
        for why in RejectReason::all() {
            for lang in Lang::ALL {
                let text = reject(why, lang);
                assert!(!text.contains('⟦') && seen.insert(text.clone()), "{why:?}: {text}");
            }
        }
    }

    #[test]
    fn every_reject_of_a_table_is_said_in_both_languages() {
        let header = "kind,title,holder,fields,count\n";
        let row = |text: &str| {
            let rows = fengsui_wire::api::read_resources(&format!("{header}{text}\n")).unwrap();
            rows.into_iter().find_map(Result::err).unwrap()
        };
        let refused = |refusal: Refusal| RowReject::refused(2, &refusal);
        let unknown = |field| refused(Refusal::Unknown { field, value: "x".into() });
        let rejects = [
            row("car,a,h"),
            row("expert,a,h,magic"),
            row("expert,a,h,network,two"),
            row("expert,a,h,network,1,more"),
            row("expert,\"a,h"),
            RowReject::twice(3, 2),
            RowReject::beyond(3, 2),
            refused(Refusal::Missing { field: "fields" }),
            refused(Refusal::Missing { field: "holder" }),
            refused(Refusal::TooLong { field: "title", chars: 201, max: 200 }),
            refused(Refusal::ControlCharacter { field: "title" }),
            refused(Refusal::TooMany { field: "keywords", count: 21, max: 20 }),
            unknown("categories"),
        ];
        for lang in Lang::ALL {
            let said: std::collections::BTreeSet<String> =
                rejects.iter().map(|reject| row_reject(reject, lang)).collect();
            assert!(said.iter().all(|text| !text.contains('⟦')), "{said:?}");
            assert_eq!(said.len(), rejects.len(), "each has words of its own: {said:?}");
        }
        let table = ["it is not UTF-8; save it as “CSV UTF-8”", "it has no column `kind`"];
        for (problem, said) in table.into_iter().zip(["Save the table as", "The first line must name"]) {
            let text = field_problem("file", problem, Lang::En);
            assert!(text.starts_with(said), "{text}");
        }
    }

    #[test]
    fn weak_passwords_are_told_apart() {
        let short = field_problem("password", "it must have at least 12 characters", Lang::En);
        assert_eq!(short, "Too short: at least 12 characters.");
    }
}
