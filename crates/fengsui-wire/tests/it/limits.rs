//! Words, numbers and times that are refused: every text has a limit, no text holds control characters, no
//! recorded time lies ahead.

use std::collections::BTreeMap;

use fengsui_domain::expr::Value;
use fengsui_domain::incident::{Command, GradingKind, Opening};
use fengsui_domain::level::IncidentLevel::{self, IV};
use fengsui_domain::limits::{MAX_AHEAD_S, MAX_PART_CHARS, MAX_TEXT_CHARS, MAX_TITLE_CHARS};
use fengsui_domain::plan::{CategoryId, FactId, Form};
use fengsui_domain::refusal::Refusal;
use jiff::{SignedDuration, Timestamp};

use crate::desk::{Desk, act, at, mark, office, opening, report, role, rule};

/// A command made of one text, and what its text is called and may hold.
type Worded = (&'static str, usize, fn(String) -> Command);

const WORDED: [Worded; 10] = [
    ("basis", MAX_TEXT_CHARS, |basis| Command::Verify { basis }),
    ("text", MAX_TEXT_CHARS, |text| Command::Note { text }),
    ("reason", MAX_PART_CHARS, |reason| Command::Withdraw { reason }),
    ("note", MAX_PART_CHARS, |note| Command::TakeAction { action: rule("isolate-host"), at: at(0), note }),
    ("person", MAX_TITLE_CHARS, |person| Command::Assign { role: role("unit"), person }),
    ("spoke", MAX_TITLE_CHARS, |words| with_report(|report| report.spoke = words)),
    ("means", MAX_TITLE_CHARS, |words| with_report(|report| report.means = words)),
    ("text", MAX_TEXT_CHARS, |words| with_report(|report| report.text = words)),
    ("text", MAX_TEXT_CHARS, |text| Command::DraftPublication { rule: rule("briefing-all-units"), text }),
    ("name", MAX_TITLE_CHARS, |name| evidence(name, &"a".repeat(64))),
];

struct Words {
    spoke: String,
    means: String,
    text: String,
}

fn with_report(change: impl FnOnce(&mut Words)) -> Command {
    let mut words = Words { spoke: "Wang".to_owned(), means: "fax".to_owned(), text: "all".to_owned() };
    change(&mut words);
    match report(Form::Oral, "unit", "linkage-centre", at(0)) {
        Command::Report { kind, form, of, to, at, .. } => {
            let Words { spoke, means, text } = words;
            Command::Report { kind, form, of, to, at, spoke, means, text }
        }
        other => panic!("{other:?} is no report"),
    }
}

fn evidence(name: String, sha256: &str) -> Command {
    let sha256 = sha256.to_owned();
    Command::AddEvidence { name, sha256, size_bytes: 1, collected_at: at(0), note: String::new() }
}

#[test]
fn texts_have_limits() {
    for (field, max, command) in WORDED {
        let desk = Desk::open(IV);
        let said = |words: String| desk.clone().tries(&office(), command(words));
        assert!(said("字".repeat(max)).is_ok(), "{field}: {max} characters fit");
        assert!(said(format!("  {}\n", "字".repeat(max))).is_ok(), "{field}: ends are trimmed first");
        assert_eq!(said("字".repeat(max + 1)), Err(Refusal::TooLong { field, chars: max + 1, max }));
        for empty in ["", " \t\n"] {
            assert_eq!(said(empty.to_owned()), Err(Refusal::Missing { field }), "{empty:?}");
        }
        for bad in ["a\0b", "a\u{1b}[31mb", "a\u{7f}b", "a\u{85}b", "a\u{b}"] {
            assert_eq!(said(bad.to_owned()), Err(Refusal::ControlCharacter { field }), "{bad:?}");
        }
        for good in ["two\r\nlines\tand a tab", "line ends\rof an old system"] {
            assert!(said(good.to_owned()).is_ok(), "{field}: {good:?}");
        }
    }
}

/// The field of a time and a command made of it.
type Timed = (&'static str, fn(Timestamp) -> Command);
/// A refusal's code and what spoils an opening that way.
type Spoilt = (&'static str, fn(&mut Opening));

/// Times somebody gives: up to two minutes ahead is a clock that differs and is held at now; more is refused.
#[test]
fn nothing_was_done_in_the_future() {
    let commands: [Timed; 5] = [
        ("at", |time| act("isolate-host", time)),
        ("at", |time| report(Form::Oral, "unit", "linkage-centre", time)),
        ("at", |time| Command::RecordAwareness { body: role("unit"), at: time }),
        ("at", |time| Command::RecordOccurrence { at: time }),
        ("collected_at", |time| match evidence("log".to_owned(), &"a".repeat(64)) {
            Command::AddEvidence { name, sha256, size_bytes, note, .. } => {
                Command::AddEvidence { name, sha256, size_bytes, collected_at: time, note }
            }
            other => other,
        }),
    ];
    for (field, command) in commands {
        let mut desk = Desk::open(IV);
        let edge = at(0) + SignedDuration::from_secs(MAX_AHEAD_S);
        for ahead in [edge + SignedDuration::from_nanos(1), at(24 * 60), Timestamp::MAX] {
            let refusal = desk.tries(&office(), command(ahead)).unwrap_err();
            assert_eq!(refusal, Refusal::BadTime { field, at: ahead, problem: "in the future" });
        }
        desk.does(&office(), command(edge));
        for past in [at(-365 * 24 * 60), Timestamp::MIN] {
            desk.does(&office(), command(past));
        }
    }
    let mut desk = Desk::open(IV);
    let ahead = at(0) + SignedDuration::from_secs(MAX_AHEAD_S);
    desk.does(&office(), report(Form::Oral, "unit", "linkage-centre", ahead));
    assert_eq!(desk.incident.reports[0].at, at(0), "held at now");
    let report = desk.incident.reports[0].id;
    let early = Command::ReceiptReport { report, at: at(-1), reference: "R".to_owned() };
    assert_eq!(desk.refused(&office(), early), "bad_time", "no receipt before the report");
}

#[test]
fn unknown_names_are_refused() {
    let mut desk = Desk::open(IV);
    for command in [
        Command::Categorise { category: CategoryId::new("weather") },
        report(Form::Oral, "unit", "mars", at(0)),
        report(Form::Oral, "mars", "unit", at(0)),
        act("pray", at(0)),
        Command::RecordAwareness { body: role("mars"), at: at(0) },
        Command::Assign { role: role("mars"), person: "Li".to_owned() },
        Command::Relieve { role: role("unit"), person: "nobody".to_owned() },
        evidence("log".to_owned(), "abc"),
        evidence("log".to_owned(), &"A".repeat(64)),
        evidence("log".to_owned(), &"é".repeat(32)),
        Command::DraftPublication { rule: rule("gossip"), text: "text".to_owned() },
    ] {
        let name = command.name();
        assert_eq!(desk.refused(&office(), command), "unknown_value", "{name}");
    }
}

#[test]
fn answers_fit_their_facts() {
    let answer = |fact: &str, value, reason: &str| Command::Answer {
        answers: BTreeMap::from([(FactId::new(fact), (value, reason.to_owned()))]),
    };
    let mut desk = Desk::open(IV);
    for (fact, value) in [
        ("spread", Value::Bool(true)),
        ("spread", Value::Choice("sideways".to_owned())),
        ("vital_system", Value::Count(1)),
        ("weather", Value::Bool(true)),
    ] {
        assert_eq!(desk.refused(&office(), answer(fact, value, "")), "unknown_value", "{fact}");
    }
    let special = "special_circumstances";
    assert_eq!(
        desk.refused(&office(), answer(special, Value::Bool(true), " ")),
        "missing",
        "a mark has grounds"
    );
    desk.does(&office(), mark(true));
    assert_eq!(desk.does(&office(), mark(true)), [], "the same answer again changes nothing");
    desk.does(&office(), answer(special, Value::Bool(false), ""));
}

/// 5.1.5.2.1: what triage hands over is checked like any other word.
#[test]
fn openings_are_checked() {
    let cases: [Spoilt; 9] = [
        ("missing", |opening| opening.title = " ".to_owned()),
        ("too_long", |opening| opening.title = "字".repeat(MAX_TITLE_CHARS + 1)),
        ("missing", |opening| opening.unit = String::new()),
        ("control_character", |opening| opening.asset = "a\0".to_owned()),
        ("unknown_value", |opening| opening.category = CategoryId::new("weather")),
        ("bad_time", |opening| opening.aware_at = at(3)),
        ("bad_time", |opening| opening.occurred_at = Some(at(3))),
        ("unknown_value", |opening| {
            opening.answers = BTreeMap::from([(FactId::new("spread"), Value::Bool(true))]);
        }),
        ("missing", |opening| {
            opening.answers = BTreeMap::from([(FactId::new("special_circumstances"), Value::Bool(true))]);
            opening.reason = String::new();
        }),
    ];
    for (code, spoil) in cases {
        let mut spoiled = opening(IV);
        spoil(&mut spoiled);
        let refusal = Desk::opened(spoiled.clone()).err().map(|refusal| refusal.code());
        assert_eq!(refusal, Some(code), "{spoiled:?}");
    }
}

/// 5.1.5.4: another level than proposed, or one the rules leave to a judge, needs a reason.
#[test]
fn overriding_needs_a_reason() {
    let grade = |level, reason: &str| Command::Grade { level, reason: reason.to_owned() };
    for level in IncidentLevel::ALL {
        let mut desk = Desk::open(level);
        assert_eq!(desk.refused(&office(), grade(level, "seen")), "wrong_phase", "not verified");
        desk.does(&office(), Command::Verify { basis: "seen".to_owned() });
        assert_eq!(desk.refused(&crate::desk::city(), grade(level, "seen")), "not_entitled");
        desk.does(
            &office(),
            Command::Answer {
                answers: BTreeMap::from([(FactId::new("vital_system"), (Value::Bool(true), String::new()))]),
            },
        );
        assert_eq!(
            desk.refused(&office(), grade(level, " ")),
            "reason_required",
            "not everything is answered"
        );
        desk.does(&office(), grade(level, "the judgement of the office"));
    }
}

/// 5.1.5.4: what the rules propose for certain is confirmed without a word, anything else overridden with one.
#[test]
fn confirming_needs_none() {
    let no = |fact: &str| (FactId::new(fact), (Value::Bool(false), String::new()));
    let answers = BTreeMap::from([
        (FactId::new("spread"), (Value::Choice("none".to_owned()), String::new())),
        (FactId::new("vital_system"), (Value::Bool(true), String::new())),
        no("citywide_paralysis"),
        no("social_stability_affected"),
        no("major_events_derived"),
        no("individual_units"),
    ]);
    for level in IncidentLevel::ALL {
        let mut desk = Desk::open(IV);
        desk.does(&office(), Command::Verify { basis: "seen".to_owned() });
        desk.does(&office(), Command::Answer { answers: answers.clone() });
        let silent = Command::Grade { level, reason: String::new() };
        let proposed = level == IncidentLevel::II;
        if proposed {
            desk.does(&office(), silent);
        } else {
            assert_eq!(desk.refused(&office(), silent), "reason_required", "{level}");
            desk.grade(level);
        }
        let kind = if proposed { GradingKind::Confirmed } else { GradingKind::Overridden };
        let grading = desk.incident.grading();
        assert_eq!((grading.kind, grading.proposed), (kind, Some(IncidentLevel::II)), "{level}");
    }
}
