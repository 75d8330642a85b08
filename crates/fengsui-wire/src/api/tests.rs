//! The promises of the API's bodies: bounds, names, refusals of what is not known.

use std::collections::BTreeMap;

use fengsui_domain::account::{AccountWords, MAX_NAME_CHARS, MAX_TOKEN_DAYS};
use fengsui_domain::event::{MAX_EVIDENCE_LINES, MAX_LINE_CHARS};
use fengsui_domain::id::{ClockId, DisposalId, ReportId};
use fengsui_domain::incident::Command;
use fengsui_domain::limits::{MAX_ITEMS, MAX_TITLE_CHARS};
use fengsui_domain::refusal::Refusal;
use fengsui_domain::{incident, permission, resource};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use utoipa::PartialSchema;
use uuid::Uuid;

use super::*;

fn schema<T: PartialSchema>() -> Value {
    serde_json::to_value(T::schema()).unwrap()
}

/// The figure at a place of a type's schema.
fn figure<T: PartialSchema>(field: &str, key: &str) -> Option<u64> {
    schema::<T>().pointer(&format!("/properties/{field}/{key}")).and_then(|figure| {
        // Bounds of numbers are written as floats, here always of whole numbers.
        figure.as_u64().or_else(|| figure.as_f64()?.to_string().parse().ok())
    })
}

/// The component that a field of a type refers to, also where it may be `null`.
fn refers<T: PartialSchema>(field: &str) -> Option<String> {
    let field = schema::<T>().pointer(&format!("/properties/{field}"))?.clone();
    let reference = field.get("$ref").or_else(|| field.pointer("/oneOf/0/$ref"))?.as_str()?;
    reference.strip_prefix("#/components/schemas/").map(str::to_owned)
}

#[test]
fn bounds_in_the_schemas_are_those_of_the_core() {
    for (what, stated, limit) in [
        ("lines", figure::<RecordEvent>("lines", "maxItems"), MAX_EVIDENCE_LINES),
        ("line origin", figure::<EvidenceLine>("origin", "maxLength"), MAX_TITLE_CHARS),
        ("line text", figure::<EvidenceLine>("text", "maxLength"), MAX_LINE_CHARS),
        ("steps", figure::<DraftDisposal>("steps", "maxItems"), MAX_ITEMS),
        ("step", figure::<CompleteStep>("step", "maximum").map(|last| last + 1), MAX_ITEMS),
        ("sign-in name", figure::<CreateAccount>("name", "maxLength"), MAX_NAME_CHARS),
        ("bodies", figure::<ChangeAccount>("bodies", "maxItems"), MAX_ITEMS),
        ("scopes", figure::<CreateToken>("scopes", "maxItems"), MAX_ITEMS),
        ("fields", figure::<AddResource>("fields", "maxItems"), resource::Expertise::ALL.len()),
        ("amended fields", figure::<AmendResource>("fields", "maxItems"), resource::Expertise::ALL.len()),
        ("categories", figure::<AddResource>("categories", "maxItems"), resource::MAX_CATEGORIES),
        ("keywords", figure::<AmendResource>("keywords", "maxItems"), resource::MAX_KEYWORDS),
        ("count", figure::<Quantity>("count", "maximum"), usize::try_from(resource::MAX_COUNT).unwrap()),
        ("days", figure::<CreateToken>("days", "maximum"), usize::try_from(MAX_TOKEN_DAYS).unwrap()),
    ] {
        assert_eq!(stated, Some(limit as u64), "{what}");
    }
}

#[test]
fn every_text_is_of_the_kind_that_the_core_checks() {
    for (what, stated, kind) in [
        ("title", refers::<RecordEvent>("title"), "ShortText"),
        ("details", refers::<RecordEvent>("details"), "OptionalLongText"),
        ("sender", refers::<RecordEvent>("sender"), "ShortText"),
        ("unit", refers::<RecordEvent>("unit"), "ShortText"),
        ("asset", refers::<RecordEvent>("asset"), "OptionalShortText"),
        ("points", refers::<RecordEvent>("points"), "TextsByName"),
        ("reporter", refers::<RecordEvent>("reporter"), "OptionalShortText"),
        ("amended title", refers::<AmendEvent>("title"), "ShortText"),
        ("amended details", refers::<AmendEvent>("details"), "OptionalLongText"),
        ("reason", refers::<ReopenEvent>("reason"), "MediumText"),
        ("receipt", refers::<RecordHandoverReceipt>("receipt"), "ShortText"),
        ("basis", refers::<VerifyIncident>("basis"), "LongText"),
        ("answers", refers::<AnswerFacts>("answers"), "FactAnswersByName"),
        ("category", refers::<ChangeCategory>("category"), "NameInPlan"),
        ("reason of a level", refers::<GradeIncident>("reason"), "OptionalMediumText"),
        ("text of a report", refers::<RecordReport>("text"), "LongText"),
        ("spoke", refers::<RecordReport>("spoke"), "ShortText"),
        ("risks", refers::<DraftDisposal>("risks"), "OptionalMediumText"),
        ("text of a publication", refers::<DraftPublication>("text"), "LongText"),
        ("summary", refers::<FilePackage>("summary"), "LongText"),
        ("note", refers::<WriteNote>("text"), "LongText"),
        ("display name", refers::<ChangeAccount>("display"), "ShortText"),
        ("title of a resource", refers::<AddResource>("title"), "ShortText"),
        ("description", refers::<AddResource>("description"), "OptionalLongText"),
        ("place", refers::<AmendResource>("place"), "OptionalShortText"),
        ("contact", refers::<AmendResource>("contact"), "OptionalShortText"),
        ("unit of a quantity", refers::<Quantity>("unit"), "OptionalUnit"),
        ("note of a standing", refers::<RecordStanding>("note"), "OptionalMediumText"),
        ("reason of a retirement", refers::<RetireResource>("reason"), "MediumText"),
        ("reason of reading", refers::<ReadContact>("reason"), "MediumText"),
        ("roles", refers::<CreateAccount>("roles"), "Roles"),
        ("name of a token", refers::<CreateToken>("name"), "ShortText"),
    ] {
        assert_eq!(stated.as_deref(), Some(kind), "{what}");
    }
}

#[test]
fn names_on_the_wire_are_those_of_the_core() {
    for role in SystemRole::ALL {
        assert_eq!(permission::SystemRole::parse(role.as_str()), Some((*role).into()), "{role:?}");
    }
    for door in Permission::ALL {
        assert_eq!(permission::Permission::parse(door.as_str()), Some((*door).into()), "{door:?}");
    }
    assert_eq!(SystemRole::ALL.len(), permission::SystemRole::ALL.len());
    assert_eq!(Permission::ALL.len(), permission::Permission::ALL.len());
    assert_eq!(Phase::ALL.map(Phase::as_str), incident::Phase::NAMES);
    for kind in ReportKind::ALL {
        let core = incident::ReportKind::from(*kind);
        assert_eq!(core.as_str().replace('-', "_"), kind.as_str());
    }
    for kind in ResourceKind::ALL {
        assert_eq!(resource::ResourceKind::from(*kind).as_str().replace('-', "_"), kind.as_str());
    }
    for field in Expertise::ALL {
        assert_eq!(resource::Expertise::from(*field).as_str().replace('-', "_"), field.as_str());
    }
    for standing in Standing::ALL {
        assert_eq!(resource::Standing::from(*standing).as_str().replace('-', "_"), standing.as_str());
    }
    for state in EventState::ALL {
        let core = fengsui_domain::event::EventState::from(*state);
        assert_eq!(core.as_str().replace('-', "_"), state.as_str());
    }
}

#[test]
fn the_schema_of_a_closed_set_has_the_names_that_are_written() {
    fn check<T: PartialSchema + serde::Serialize + Copy>(all: &[T]) {
        let written: Vec<Value> = all.iter().map(|value| serde_json::to_value(value).unwrap()).collect();
        let schema = schema::<T>();
        assert_eq!(schema["enum"], Value::Array(written), "{schema}");
        assert!(schema["description"].as_str().is_some_and(|words| words.contains("\n- `")), "{schema}");
    }
    check(IncidentLevel::ALL);
    check(Source::ALL);
    check(EventState::ALL);
    check(ReportKind::ALL);
    check(SystemRole::ALL);
    check(Permission::ALL);
    check(ProblemCode::ALL);
    check(ResourceKind::ALL);
    check(Expertise::ALL);
    check(Standing::ALL);
    check(Relation::ALL);
    check(ListFormat::ALL);
    check(RejectCode::ALL);
    assert_eq!(schema::<Phase>()["enum"], json!(Phase::ALL.map(Phase::as_str)));
}

#[test]
fn every_body_of_a_request_refuses_fields_it_does_not_know() {
    fn check<T: DeserializeOwned + PartialSchema>(mut body: Value) {
        assert!(serde_json::from_value::<T>(body.clone()).is_ok(), "{}: {body}", std::any::type_name::<T>());
        body["unknown"] = json!(1);
        let refused = serde_json::from_value::<T>(body).err().map(|error| error.to_string());
        let sentence = refused.unwrap_or_default();
        assert!(sentence.contains("`unknown`"), "{}: {sentence}", std::any::type_name::<T>());
    }
    fn closed<T: DeserializeOwned + PartialSchema>(body: Value) {
        assert_eq!(schema::<T>()["additionalProperties"], false, "{}", std::any::type_name::<T>());
        check::<T>(body);
    }
    let at = "2026-11-23T03:00:00Z";
    let step = json!({"kind": "start", "level": "II", "range": "全市"});
    closed::<RecordEvent>(json!({"title": "t", "source": "report", "sender": "s", "unit": "u"}));
    closed::<AmendEvent>(json!({}));
    closed::<ReopenEvent>(json!({"reason": "r"}));
    closed::<RecordHandoverReceipt>(json!({"receipt": "r"}));
    closed::<ReadReporter>(json!({"reason": "r"}));
    closed::<VerifyIncident>(json!({"basis": "b"}));
    closed::<AnswerFacts>(json!({"answers": {"spread": {"value": "strong"}}}));
    closed::<ChangeCategory>(json!({"category": "c"}));
    closed::<WriteAnalysis>(json!({"points": {}}));
    closed::<GradeIncident>(json!({"level": "IV"}));
    closed::<RecordAwareness>(json!({"body": "unit", "at": at}));
    closed::<RecordOccurrence>(json!({"at": at}));
    closed::<RecordReport>(
        json!({"kind": "follow_up", "form": "oral", "of": "unit", "to": "office", "at": at,
        "spoke": "a", "means": "b", "text": "c"}),
    );
    closed::<RecordReceipt>(json!({"at": at, "reference": "r"}));
    closed::<RecordAction>(json!({"action": "a", "at": at, "note": "n"}));
    closed::<HandOverEvidence>(json!({"holder": "h", "why": "w"}));
    closed::<AssignPerson>(json!({"role": "r", "person": "p"}));
    closed::<RelievePerson>(json!({"role": "r", "person": "p"}));
    closed::<LinkDerived>(json!({"incident": Uuid::nil()}));
    closed::<WriteNote>(json!({"text": "t"}));
    closed::<ProposeStep>(json!({"step": step, "grounds": "g"}));
    closed::<DecideStep>(json!({"step": {"kind": "end"}, "approve": true, "grounds": "g"}));
    closed::<DecideHeadquarters>(json!({"form": true, "grounds": "g"}));
    closed::<TickCondition>(json!({"condition": "c", "holds": true, "basis": "b"}));
    closed::<DraftDisposal>(json!({"steps": [{"text": "s"}]}));
    closed::<VerifyDisposal>(json!({"finding": "pass"}));
    closed::<PinThing>(json!({"what": {"kind": "incident", "incident": Uuid::nil()}}));
    closed::<UnpinThing>(json!({"what": {"kind": "incident", "incident": Uuid::nil()}}));
    closed::<SumUpDisposal>(json!({"pass": true}));
    closed::<GiveOrder>(json!({"rule": "r", "to": {"kind": "body", "body": "b"}, "what": "w"}));
    closed::<AcknowledgeOrder>(json!({"at": "2026-11-23T03:00:00Z"}));
    closed::<ReportOrder>(json!({"outcome": "done", "at": "2026-11-23T03:00:00Z", "text": "t"}));
    closed::<WithdrawOrder>(json!({"reason": "r"}));
    closed::<WithdrawGrant>(json!({"reason": "r"}));
    closed::<DecideDisposal>(json!({"verdict": "approve"}));
    closed::<CompleteStep>(json!({"step": 0, "at": at, "result": "r"}));
    closed::<DraftPublication>(json!({"rule": "r", "text": "t"}));
    closed::<ExtendClock>(json!({"until": at, "reason": "r"}));
    closed::<DraftReview>(json!({"topics": {}}));
    closed::<CompleteReview>(json!({"topics": {}}));
    closed::<FilePackage>(json!({"summary": "s"}));
    closed::<RecordFilingReceipt>(json!({"at": at, "reference": "r"}));
    closed::<WithdrawIncident>(json!({"reason": "r"}));
    closed::<CreateAccount>(json!({"name": "n", "display": "d", "roles": ["duty-officer"]}));
    closed::<ChangeAccount>(json!({"display": "d", "roles": ["auditor"], "bodies": []}));
    closed::<DisableAccount>(json!({"reason": "r"}));
    closed::<ResetAccount>(json!({"with_totp": false}));
    closed::<CreateToken>(json!({"name": "n", "days": 1}));
    closed::<RevokeToken>(json!({"reason": "r"}));
    closed::<RetireIndicators>(json!({"reason": "r"}));
    closed::<AddResource>(json!({"kind": "team", "title": "t", "holder": "h", "fields": ["network"]}));
    closed::<AmendResource>(json!({}));
    closed::<Quantity>(json!({"count": 1}));
    closed::<RecordStanding>(json!({"standing": "in_use"}));
    closed::<RetireResource>(json!({"reason": "r"}));
    closed::<ReadContact>(json!({"reason": "r"}));
    closed::<ChangePassword>(json!({"old": "o", "new": "n"}));
    closed::<ConfirmTotp>(json!({"secret": "s", "code": "000000"}));
    check::<TriageEvent>(json!({"outcome": "incident", "category": "c", "level": "IV"}));
    check::<TriageEvent>(json!({"outcome": "false_positive", "reason": "r", "done": "d"}));
    check::<TriageEvent>(json!({"outcome": "not_ours", "body": "b", "person": "p", "passed_on": "x"}));
    check::<Step>(json!({"kind": "end"}));
    check::<Step>(step);
}

#[test]
fn tagged_bodies_are_closed_in_the_document_too() {
    let mut document = OpenApi::default();
    let components = document.components.get_or_insert_default();
    components.schemas.insert("Step".to_owned(), Step::schema());
    close_tagged(&mut document, &["Step", "NotThere"]);
    let written = serde_json::to_value(&document).unwrap();
    let variants = written["components"]["schemas"]["Step"]["oneOf"].as_array().unwrap().clone();
    assert_eq!(variants.len(), 3);
    for variant in variants {
        assert_eq!(variant["additionalProperties"], false, "{variant}");
        assert!(variant["properties"]["kind"].is_object(), "{variant}");
    }
}

#[test]
fn what_is_beyond_its_bound_names_its_field() {
    fn refused<T: DeserializeOwned>(body: Value) -> Option<&'static str>
    where
        Command: TryFrom<T, Error = Refusal>,
    {
        let body = serde_json::from_value(body).unwrap();
        Command::try_from(body).err().and_then(|refusal| {
            let size = ["too_long", "too_many", "missing", "unknown_value"];
            assert!(size.contains(&refusal.code()), "{refusal:?}");
            refusal.field()
        })
    }
    let (name, line, part, text) = ("n".repeat(130), "n".repeat(201), "n".repeat(2_001), "n".repeat(6_001));
    let many = vec![json!({"text": "s"}); 61];
    let at = "2026-11-23T03:00:00Z";
    for (field, found) in [
        ("basis", refused::<VerifyIncident>(json!({"basis": text}))),
        ("answers", refused::<AnswerFacts>(json!({"answers": {(name.clone()): {"value": true}}}))),
        ("answers", refused::<AnswerFacts>(json!({"answers": {"spread": {"value": name}}}))),
        ("reason", refused::<AnswerFacts>(json!({"answers": {"spread": {"value": 1, "reason": part}}}))),
        ("category", refused::<ChangeCategory>(json!({"category": name}))),
        ("points", refused::<WriteAnalysis>(json!({"points": {"losses": part}}))),
        ("reason", refused::<GradeIncident>(json!({"level": "I", "reason": part}))),
        ("body", refused::<RecordAwareness>(json!({"body": name, "at": at}))),
        ("reference", refused::<RecordFilingReceipt>(json!({"at": at, "reference": line}))),
        ("note", refused::<RecordAction>(json!({"action": "a", "at": at, "note": part}))),
        ("person", refused::<AssignPerson>(json!({"role": "r", "person": line}))),
        ("role", refused::<RelievePerson>(json!({"role": name, "person": "p"}))),
        (
            "range",
            refused::<ProposeStep>(
                json!({"step": {"kind": "adjust", "level": "I", "range": part}, "grounds": "g"}),
            ),
        ),
        (
            "grounds",
            refused::<DecideStep>(json!({"step": {"kind": "end"}, "approve": true, "grounds": part})),
        ),
        ("grounds", refused::<DecideHeadquarters>(json!({"form": true, "grounds": part}))),
        ("basis", refused::<TickCondition>(json!({"condition": "c", "holds": true, "basis": part}))),
        ("steps", refused::<DraftDisposal>(json!({"steps": many}))),
        ("rollback", refused::<DraftDisposal>(json!({"steps": [{"text": "s"}], "rollback": part}))),
        ("text", refused::<DraftPublication>(json!({"rule": "r", "text": text}))),
        ("topics", refused::<DraftReview>(json!({"topics": {"causes": part}}))),
        ("plan_change", refused::<CompleteReview>(json!({"topics": {}, "plan_change": part}))),
        ("summary", refused::<FilePackage>(json!({"summary": text}))),
        ("reason", refused::<WithdrawIncident>(json!({"reason": part}))),
        ("text", refused::<WriteNote>(json!({"text": text}))),
        ("text", refused::<WriteNote>(json!({"text": ""}))),
        ("steps", refused::<DraftDisposal>(json!({"steps": []}))),
        ("role", refused::<AssignPerson>(json!({"role": "", "person": "p"}))),
        (
            "answers",
            refused::<AnswerFacts>(json!({"answers": {"hit": {"value": 9_007_199_254_740_992_u64}}})),
        ),
    ] {
        assert_eq!(found, Some(field));
    }
}

#[test]
fn a_body_about_a_part_carries_the_id_of_the_path() {
    let part = Uuid::from_u128(7);
    let at = jiff::Timestamp::UNIX_EPOCH;
    let receipt = RecordReceipt { at, reference: "收文 12".into() };
    assert_eq!(
        Command::try_from(AboutPart(part, receipt)),
        Ok(Command::ReceiptReport { report: ReportId(part), at, reference: "收文 12".into() })
    );
    let done = CompleteStep { step: 3, at, result: "ok".into(), grant: None };
    assert_eq!(
        Command::try_from(AboutPart(part, done)),
        Ok(Command::DoDisposalStep {
            disposal: DisposalId(part),
            step: 3,
            at,
            result: "ok".into(),
            grant: None
        })
    );
    let beyond = CompleteStep { step: 60, at, result: "ok".into(), grant: None };
    assert_eq!(Command::try_from(AboutPart(part, beyond)).unwrap_err().field(), Some("step"));
    let extend = ExtendClock { until: at, reason: "雪".into() };
    assert_eq!(
        Command::try_from(AboutPart(part, extend)),
        Ok(Command::Extend { clock: ClockId(part), until: at, reason: "雪".into() })
    );
}

#[test]
fn answers_keep_their_type() {
    for (written, value) in [
        (json!(true), FactValue::Bool(true)),
        (json!(0), FactValue::Count(0)),
        (json!(12), FactValue::Count(12)),
        (json!("strong"), FactValue::Choice("strong".into())),
        (json!("12"), FactValue::Choice("12".into())),
    ] {
        let read: FactValue = serde_json::from_value(written.clone()).unwrap();
        assert_eq!(read, value);
        assert_eq!(serde_json::to_value(&read).unwrap(), written);
    }
    for not_an_answer in [json!(-1), json!(1.5), json!(null), json!([]), json!({})] {
        assert!(serde_json::from_value::<FactValue>(not_an_answer.clone()).is_err(), "{not_an_answer}");
    }
}

#[test]
fn roles_of_an_account_are_taken_as_a_set() {
    let body =
        json!({"name": "zw", "display": "张伟", "roles": ["handler", "handler"], "bodies": ["unit", "unit"]});
    let words = AccountWords::try_from(serde_json::from_value::<CreateAccount>(body).unwrap()).unwrap();
    assert_eq!((words.roles.len(), words.bodies.len()), (1, 1));
}

#[test]
fn an_amendment_keeps_what_it_does_not_name() {
    use fengsui_domain::actor;
    use fengsui_domain::event::{EventChange, Intake, Sealed};
    use fengsui_domain::id::EventId;
    use jiff::Timestamp;
    let intake = Intake {
        title: "扫描".into(),
        details: "日志".into(),
        source: fengsui_domain::event::Source::Circular,
        sender: "市局".into(),
        unit: "一中".into(),
        asset: "web-01".into(),
        occurred_at: Some(Timestamp::UNIX_EPOCH),
        aware_at: Timestamp::UNIX_EPOCH,
        points: BTreeMap::new(),
        reporter: Some(Sealed("sealed".into())),
    };
    let recorded = EventChange::Recorded { number: "E".into(), intake, lines: Vec::new(), sightings: None };
    let by = actor::By::Console;
    let event =
        fengsui_domain::event::Event::first(EventId(Uuid::nil()), recorded, Timestamp::UNIX_EPOCH, by)
            .unwrap();
    let amendment = AmendEvent { asset: Some("web-02".into()), ..AmendEvent::default() };
    let amended = amendment.onto(&event).unwrap();
    assert_eq!(amended.asset, "web-02");
    assert_eq!((amended.title.as_str(), amended.details.as_str()), ("扫描", "日志"));
    assert_eq!(
        (amended.source, amended.sender.as_str(), amended.unit.as_str()),
        (Source::Circular, "市局", "一中")
    );
    assert_eq!(amended.occurred_at, Some(Timestamp::UNIX_EPOCH));
    assert_eq!(amended.aware_at, Some(Timestamp::UNIX_EPOCH));
    assert_eq!(amended.reporter, "", "the service keeps what is sealed");
}

#[test]
fn every_shipped_plan_can_be_shown() {
    for pack in crate::plan::Library::shipped().list() {
        let shown = Plan::new(&pack.digest, &pack.plan);
        assert_eq!(shown.id, pack.plan.id.as_str());
        assert_eq!(shown.clocks.len(), pack.plan.clocks.len());
        assert_eq!(shown.grading.rules.len(), pack.plan.grading.rules.len());
        let rule = &shown.grading.rules[0];
        assert!(rule.when.contains("facts."), "{}", rule.when);
        let text = serde_json::to_string(&shown).unwrap();
        for clause in pack.plan.clauses.keys() {
            assert!(text.contains(clause.as_str()), "{clause}");
        }
    }
}
