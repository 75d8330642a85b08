//! After the end: review (`jincheng-internet-2008/6.2`), filing and archive (`6.2.2`), publications (`6.4.1.a` to
//! `6.4.2.b`), and withdrawing what was no incident (`5.1.5.2`).

use std::collections::BTreeMap;

use fengsui_domain::clock::{ClockState, ReplacedWhy};
use fengsui_domain::expr::Value;
use fengsui_domain::id::IncidentId;
use fengsui_domain::incident::{Command, IncidentChange, PublicationStep};
use fengsui_domain::level::IncidentLevel::{self, I, II, III, IV};
use fengsui_domain::plan::{FactId, RuleId};
use fengsui_domain::refusal::Refusal;
use uuid::Uuid;

use crate::desk::{
    DUTY_ROOM, Desk, act, at, city, days, minute, office, office_2, rule, speaker, told, unit,
};

const DAY: i64 = 24 * 60;
const TOPICS: [&str; 6] = ["cause", "nature", "impact", "responsibility", "lessons", "reconstruction"];

fn topics(ids: &[&str]) -> BTreeMap<RuleId, String> {
    ids.iter().map(|id| (rule(id), format!("what we found on {id}"))).collect()
}

fn review(ids: &[&str]) -> Command {
    Command::Review { topics: topics(ids), plan_change: "name a deputy".to_owned() }
}

fn file() -> Command {
    Command::File { summary: "web server cleaned and restored".to_owned(), plan: None }
}

fn receipt_filing(desk: &Desk) -> Command {
    Command::ReceiptFiling { at: desk.now, reference: "B-2026-9".to_owned(), plan: None, of: None }
}

fn extend(desk: &Desk, rule: &str, of: &str, until: i64) -> Command {
    let to = if rule == "filing" { "security-office" } else { "" };
    let clock = desk.clock(rule, of, to).id;
    Command::Extend { clock, until: at(until), reason: "the laboratory needs longer".to_owned() }
}

/// Ended at minute 0, reviewed.
fn reviewed(level: IncidentLevel) -> Desk {
    let mut desk = Desk::ended(level);
    desk.does(&office(), review(&TOPICS));
    desk
}

/// 6.2, 6.2.2: both fall due 30 days of 24 hours after the end; nothing of it runs before.
#[test]
fn review_and_filing_start_with_the_end() {
    for level in IncidentLevel::ALL {
        let desk = Desk::responding(level);
        let running = desk.running_rules();
        assert!(!running.contains("review") && !running.contains("filing"), "{level}");
        let mut desk = desk;
        desk.at(100).tick_all();
        let desk = Desk::ended(level);
        for (rule, of, to, clause) in [
            ("review", "security-office", "", "6.2"),
            ("filing", "handling-team", "security-office", "6.2.2"),
        ] {
            let clock = desk.clock(rule, of, to);
            assert_eq!(clock.clause.number(), clause);
            assert_eq!(clock.due_at, desk.now + days(30), "{rule} at {level}");
        }
    }
}

/// 6.2: told at 50 and 90 percent and at the end; lapsed after it; met late when done late.
#[test]
fn the_review_escalates_and_lapses() {
    let mut desk = Desk::ended(IV);
    desk.at(200).tick();
    let rows = [
        (15, vec![(50, "security-office")], false),
        (27, vec![(90, "handling-team"), (90, "security-office")], false),
        (30, vec![(100, "coordination-group"), (100, "security-office")], false),
        (31, vec![], true),
    ];
    for (day, expected, lapsed) in rows {
        let mut said: Vec<_> = told(&desk.at(day * DAY).tick());
        said.sort();
        let expected: Vec<_> =
            expected.iter().map(|(percent, to)| (*percent, (*to).to_owned(), day * DAY)).collect();
        assert_eq!(said, expected, "day {day}");
        assert_eq!(desk.clock("review", "security-office", "").lapsed_at.is_some(), lapsed, "day {day}");
    }
    desk.does(&office(), review(&TOPICS));
    let met = desk.met("review", "security-office", "").unwrap();
    assert_eq!((met.late, met.at), (true, at(31 * DAY)));
}

/// 6.2, 6.2.1: complete only with all six topics; saved drafts count.
#[test]
fn a_review_has_six_topics() {
    let plan = crate::desk::plan();
    let named: Vec<&str> = plan.review.topics.iter().map(|topic| topic.id.as_str()).collect();
    assert_eq!(named.len(), 6);
    assert!(TOPICS.iter().all(|topic| named.contains(topic)));
    for missing in TOPICS {
        let mut desk = Desk::ended(III);
        let rest: Vec<&str> = TOPICS.into_iter().filter(|topic| *topic != missing).collect();
        let refusal = desk.tries(&office(), review(&rest)).unwrap_err();
        assert_eq!(refusal, Refusal::ConditionsOpen { missing: vec![missing.to_owned()] });
        let mut blank = topics(&rest);
        blank.insert(rule(missing), "  ".to_owned());
        let blank = Command::Review { topics: blank, plan_change: String::new() };
        assert_eq!(desk.refused(&office(), blank), "conditions_open");
        desk.does(&unit(), Command::DraftReview { topics: topics(&[missing]) });
        desk.at(DAY).does(&office(), review(&rest));
        assert_eq!(desk.incident.phase.review().unwrap().topics, topics(&TOPICS));
        assert!(!desk.met("review", "security-office", "").unwrap().late);
    }
    let mut desk = Desk::ended(III);
    assert_eq!(desk.refused(&unit(), review(&TOPICS)), "not_entitled", "the security office leads it");
    assert_eq!(desk.refused(&office(), review(&["weather"])), "unknown_value");
    assert_eq!(Desk::responding(III).refused(&office(), review(&TOPICS)), "wrong_phase");
    assert_eq!(reviewed(III).refused(&office(), review(&TOPICS)), "wrong_phase", "once");
}

/// 6.2: "in principle": a later date needs a reason and an approver, and both dates stay in the record.
#[test]
fn an_extension_is_a_new_clock_that_names_the_old() {
    let mut desk = Desk::ended(II);
    let old = desk.clock("review", "security-office", "").clone();
    desk.at(20 * DAY).tick();
    for (actor, until, code) in [
        (unit(), 45 * DAY, "not_entitled"),
        (city(), 45 * DAY, "not_entitled"),
        (office(), 30 * DAY, "bad_time"),
        (office(), 29 * DAY, "bad_time"),
        // A slip of the pen: a year beyond is 366 days from now, which is day 20.
        (office(), 386 * DAY + 1, "bad_time"),
    ] {
        let command = extend(&desk, "review", "security-office", until);
        assert_eq!(desk.refused(&actor, command), code, "until day {}", until / DAY);
    }
    let silent = Command::Extend { clock: old.id, until: at(45 * DAY), reason: " ".to_owned() };
    assert_eq!(desk.refused(&office(), silent), "missing");
    let changes = desk.does(&office(), extend(&desk, "review", "security-office", 45 * DAY));
    assert!(
        matches!(&changes[0], IncidentChange::ClockReplaced { reason, .. } if reason == "the laboratory needs longer")
    );
    let heir = desk.clock("review", "security-office", "").clone();
    assert_eq!((heir.replaces, heir.started_at, heir.due_at), (Some(old.id), old.started_at, at(45 * DAY)));
    let ClockState::Replaced { by, why, .. } = desk.incident.clock(old.id).unwrap().state else {
        panic!("not replaced")
    };
    assert_eq!((by, why), (Some(heir.id), ReplacedWhy::Extended));
    assert_eq!(desk.incident.clock(old.id).unwrap().due_at, old.due_at, "the old date stays");
    let again = Command::Extend { clock: old.id, until: at(50 * DAY), reason: "again".to_owned() };
    assert_eq!(desk.refused(&office(), again), "already_done");
    let dues: Vec<_> = heir.notices.iter().map(|notice| (notice.percent, minute(notice.at))).collect();
    assert_eq!(dues, [(50, 45 * DAY / 2), (90, 45 * DAY * 9 / 10), (100, 45 * DAY)]);
    let filing = extend(&desk, "filing", "handling-team", 45 * DAY);
    assert_eq!(desk.refused(&office(), filing), "not_entitled", "6.2.2 knows no extension");
    desk.at(40 * DAY).does(&office(), review(&TOPICS));
    assert!(!desk.met("review", "security-office", "").unwrap().late);
}

/// 6.2: an extension granted after the lapse leaves the lapse in the record.
#[test]
fn an_extension_does_not_undo_a_lapse() {
    let mut desk = Desk::ended(IV);
    let old = desk.clock("review", "security-office", "").id;
    desk.at(33 * DAY);
    desk.does(&office(), extend(&desk, "review", "security-office", 40 * DAY));
    assert_eq!(desk.incident.clock(old).unwrap().lapsed_at, Some(at(30 * DAY)));
    assert_eq!(desk.clock("review", "security-office", "").lapsed_at, None);
}

/// 6.2.2: filed by the handling team (the unit, without a headquarters), receipted by the office, then sealed.
#[test]
fn filing_with_receipt_before_the_archive() {
    assert_eq!(Desk::ended(IV).refused(&unit(), file()), "wrong_phase", "after the review");
    let mut desk = reviewed(IV);
    assert_eq!(desk.refused(&office(), Command::Archive), "not_ready");
    assert_eq!(desk.refused(&office(), receipt_filing(&desk)), "not_ready");
    assert_eq!(desk.refused(&office(), file()), "not_entitled");
    desk.at(2 * DAY).does(&unit(), file());
    assert_eq!(desk.refused(&unit(), file()), "already_done");
    assert_eq!(desk.met("filing", "handling-team", "security-office"), None, "not without the receipt");
    assert_eq!(desk.refused(&office(), Command::Archive), "not_ready");
    assert_eq!(desk.refused(&unit(), receipt_filing(&desk)), "not_entitled");
    let early = Command::ReceiptFiling { at: at(DAY), reference: "B-1".to_owned(), plan: None, of: None };
    assert_eq!(desk.refused(&office(), early), "bad_time");
    desk.at(31 * DAY);
    desk.does(&office(), receipt_filing(&desk));
    assert_eq!(desk.refused(&office(), receipt_filing(&desk)), "already_done");
    let met = desk.met("filing", "handling-team", "security-office").unwrap();
    assert_eq!((met.at, met.recorded_at, met.late), (at(2 * DAY), at(31 * DAY), false));
    desk.does(&office_2(), Command::Archive);
    assert_eq!(desk.incident.phase.name(), "archived");
}

/// 6.2.2, 5.5.2: an open derived incident keeps every level from being sealed.
#[test]
fn derived_incidents_block_the_archive() {
    let derived = IncidentId(Uuid::from_u128(77));
    let mut desk = Desk::responding(I);
    desk.does(&office(), Command::LinkDerived { incident: derived });
    desk.does(&office(), crate::desk::holds("danger-removed", true));
    desk.does(&office(), crate::desk::propose(fengsui_domain::incident::Step::End));
    desk.does(&city(), crate::desk::approve(fengsui_domain::incident::Step::End));
    desk.does(&office(), review(&TOPICS));
    desk.does(&unit(), file());
    desk.does(&office(), receipt_filing(&desk));
    assert_eq!(desk.refused(&office(), Command::Archive), "derived_open");
    desk.does(&office(), Command::CloseDerived { incident: derived });
    desk.does(&office(), Command::Archive);
}

/// An archived incident is not on the desk any more, even if a duty was never done; the lapse stays.
#[test]
fn a_sealed_incident_owes_nothing_and_says_nothing() {
    let mut desk = reviewed(IV);
    desk.does(&unit(), file());
    desk.does(&office(), receipt_filing(&desk));
    desk.at(45).does(&office(), Command::Archive);
    assert_eq!(desk.runs(), [""; 0]);
    let never_done = desk.clock("unit-oral-general", "unit", DUTY_ROOM);
    assert_eq!(never_done.lapsed_at, Some(at(30)));
    let sealed = ClockState::Replaced { at: at(45), by: None, why: ReplacedWhy::Archived };
    assert_eq!(never_done.state, sealed, "it is over, and not by being done");
    assert_eq!(desk.at(90).tick(), []);
}

/// The chains of 6.4: `(chain, levels, draft, approve, release)`.
#[test]
fn publication_chains() {
    let social = (FactId::new("social_impact"), (Value::Bool(true), "in the newspaper".to_owned()));
    for (chain, levels, approves, release) in [
        ("bulletin-key-units", &[I, II][..], true, "security-office"), // 6.4.1.a
        ("briefing-all-units", &[III, IV], false, "security-office"),  // 6.4.1.b
        ("public-information", &[I, II, III, IV], true, "news-office"), // 6.4.2.b
    ] {
        let draft =
            || Command::DraftPublication { rule: rule(chain), text: "What happened, what to do.".to_owned() };
        let publish = |desk: &Desk, step| Command::Publish { publication: desk.publication(), step };
        for level in IncidentLevel::ALL {
            let mut desk = Desk::open(level);
            if chain == "public-information" {
                assert_eq!(desk.refused(&office(), draft()), "not_ready", "{chain} without social impact");
                desk.does(&office(), Command::Answer { answers: BTreeMap::from([social.clone()]) });
            }
            if !levels.contains(&level) {
                assert_eq!(desk.refused(&office(), draft()), "not_ready", "{chain} at {level}");
                continue;
            }
            let somebody = speaker("somebody", &["linkage-centre", "city-government", "unit"]);
            assert_eq!(desk.refused(&somebody, draft()), "not_entitled", "{chain}");
            desk.does(&office(), draft());
            let releaser = speaker("xu", &[release]);
            if approves {
                assert_eq!(desk.refused(&releaser, publish(&desk, PublicationStep::Release)), "not_ready");
                assert_eq!(desk.refused(&office(), publish(&desk, PublicationStep::Approve)), "same_person");
                assert_eq!(desk.refused(&somebody, publish(&desk, PublicationStep::Approve)), "not_entitled");
                desk.does(&office_2(), publish(&desk, PublicationStep::Approve));
            }
            assert_eq!(
                desk.refused(&office(), publish(&desk, PublicationStep::Approve)),
                "already_done",
                "{chain}"
            );
            assert_eq!(desk.refused(&somebody, publish(&desk, PublicationStep::Release)), "not_entitled");
            if release == "news-office" {
                assert_eq!(desk.refused(&office(), publish(&desk, PublicationStep::Release)), "not_entitled");
            }
            desk.does(&releaser, publish(&desk, PublicationStep::Release));
            assert_eq!(desk.refused(&releaser, publish(&desk, PublicationStep::Release)), "already_done");
        }
    }
}

/// 5.1.5.2: a redone triage finds that it is none: every clock stops, nothing rings, nothing more is accepted.
#[test]
fn withdrawing_stops_the_clocks() {
    let withdraw = || Command::Withdraw { reason: "a load test of the unit's own".to_owned() };
    for mut desk in [Desk::open(II), Desk::graded(II), Desk::graded(IV)] {
        desk.does(&unit(), act("isolate-host", at(0)));
        desk.at(20).does(&office(), withdraw());
        assert_eq!(desk.runs(), [""; 0]);
        assert!(desk.incident.clocks.iter().all(|clock| match clock.state {
            ClockState::Replaced { why, by, at: when } =>
                (why, by, when) == (ReplacedWhy::Withdrawn, None, at(20)),
            ClockState::Met(_) => clock.rule.as_str() == "immediate-action",
            ClockState::Running => false,
        }));
        assert_eq!(desk.at(500).tick(), []);
        assert_eq!(desk.refused(&office(), withdraw()), "wrong_phase");
    }
    assert_eq!(
        Desk::responding(IV).refused(&office(), withdraw()),
        "wrong_phase",
        "the response has started"
    );
    assert_eq!(Desk::ended(IV).refused(&office(), withdraw()), "wrong_phase");
}
