//! A corrected time of awareness or occurrence: what runs is counted anew, what was done or late stays as it was.
//!
//! A row says when a clock was due before and after the correction. The clock it was keeps its own times, is replaced
//! with the reason `start_corrected`, and the clock in its place names it; told the same again, nothing moves.

use fengsui_domain::clock::{Clock, ClockState, ReplacedWhy};
use fengsui_domain::id::ClockId;
use fengsui_domain::incident::{Command, Opening, PlanVersion};
use fengsui_domain::level::IncidentLevel::{self, II, IV};
use fengsui_domain::plan::{CategoryId, Form, Plan, PlanId};

use crate::ambiguities::version;
use crate::desk::{DUTY_ROOM, Desk, act_mark, at, minute, office, opening, report, role, speaker, unit};
use crate::together::pack;

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// An incident opened at minute 0 under this plan.
fn opened(plan: Plan, level: IncidentLevel) -> Desk {
    let category = CategoryId::new(plan.classes()[0].0.as_str());
    let version = PlanVersion { id: PlanId::new(plan.id.as_str()), digest: "3".repeat(64) };
    Desk::opened_under(plan, Opening { plan: version, category, ..opening(level) }).unwrap()
}

/// A financial entity that judged the incident to be major at this minute, aware since minute 0.
fn judged(minute: i64) -> Desk {
    let mut desk = opened(pack("eu-dora"), IV);
    desk.at(minute).does(&unit(), Command::Verify { basis: "seen in the log".to_owned() });
    desk.does(&unit(), Command::Grade { level: II, reason: "judged by the entity".to_owned() });
    desk
}

fn aware(desk: &mut Desk, body: &str, minute: i64) {
    desk.does(&unit(), Command::RecordAwareness { body: role(body), at: at(minute) });
}

/// The latest clock of a rule.
fn last<'d>(desk: &'d Desk, rule: &str) -> &'d Clock {
    let found = desk.incident.clocks.iter().rev().find(|clock| clock.rule.as_str() == rule);
    found.unwrap_or_else(|| panic!("no clock `{rule}`"))
}

fn due(desk: &Desk, rule: &str) -> i64 {
    minute(last(desk, rule).due_at)
}

/// The clock was replaced since its start was corrected, by `heir`, and apart from that is what it was.
fn gave_way(desk: &Desk, was: &Clock, heir: ClockId) {
    let is = desk.incident.clock(was.id).unwrap();
    let ClockState::Replaced { why, by, .. } = is.state else { panic!("{} is {:?}", is.rule, is.state) };
    assert_eq!((why, by), (ReplacedWhy::StartCorrected, Some(heir)), "{}", is.rule);
    let lapsed_at = is.lapsed_at;
    assert!(was.lapsed_at.is_none() || was.lapsed_at == lapsed_at, "{}: a lapse stays", is.rule);
    assert_eq!(&Clock { state: is.state.clone(), lapsed_at, ..was.clone() }, is, "never edited");
    assert_eq!(desk.incident.clock(heir).unwrap().replaces, Some(was.id));
}

/// Delegated Regulation (EU) 2025/301, article 5(1)(a): 4 hours from the classification, at most 24 from awareness.
#[test]
fn the_latest_time_from_awareness_moves_with_it() {
    for (classified, was, told, is) in [
        (22 * HOUR, DAY, HOUR, 25 * HOUR),
        (22 * HOUR, DAY, 2 * HOUR, 26 * HOUR), // Four hours from the classification, which count from here on.
        (22 * HOUR, DAY, 9 * HOUR, 26 * HOUR),
        (22 * HOUR, DAY, -HOUR, 23 * HOUR),
        (22 * HOUR, DAY, -5 * HOUR, 26 * HOUR), // Classified more than a day after awareness: article 5(2).
        (10 * HOUR, 14 * HOUR, -12 * HOUR, 12 * HOUR),
        (30 * HOUR, 34 * HOUR, 8 * HOUR, 32 * HOUR), // It was thought to be late, and was not.
    ] {
        let what = format!("classified at {classified}, aware at {told}");
        let mut desk = judged(classified);
        let old = last(&desk, "initial").clone();
        assert_eq!(minute(old.due_at), was, "{what}");
        desk.at(classified + 10);
        aware(&mut desk, "unit", told);
        let new = last(&desk, "initial").clone();
        assert_eq!([new.started_at, new.due_at, new.lapses_at].map(minute), [classified, is, is], "{what}");
        assert_eq!(
            (new.counts_from, new.runs()),
            (old.counts_from, true),
            "{what}: it asks for the same act"
        );
        gave_way(&desk, &old, new.id);
        desk.restart();
        let count = desk.incident.clocks.len();
        aware(&mut desk, "unit", told);
        assert_eq!(desk.incident.clocks.len(), count, "{what}: the same again moves nothing");
        aware(&mut desk, "unit", 0);
        assert_eq!(due(&desk, "initial"), was, "{what}: taken back");
    }
}

/// What no correction touches: the limit from the classification ends first, or another body became aware.
#[test]
fn a_correction_that_changes_no_deadline_moves_no_clock() {
    for (classified, body, told) in [
        (10 * HOUR, "unit", -HOUR),
        (10 * HOUR, "unit", 9 * HOUR),
        (22 * HOUR, "financial-authority", 2 * HOUR),
    ] {
        let mut desk = judged(classified);
        let before = desk.incident.clocks.clone();
        aware(&mut desk, body, told);
        assert_eq!(desk.incident.clocks, before, "{body} aware at {told}");
    }
}

/// Done stays done, on time or late, and the next stage counts from the report as it did.
#[test]
fn a_met_clock_keeps_its_facts() {
    for (reported, late) in [(23 * HOUR, false), (25 * HOUR, true)] {
        let mut desk = judged(22 * HOUR);
        desk.at(reported);
        desk.does(&unit(), report(Form::Written, "unit", "financial-authority", at(reported)));
        let sent = desk.incident.reports.last().unwrap().id;
        let receipt = Command::ReceiptReport { report: sent, at: at(reported), reference: "R-1".to_owned() };
        desk.does(&unit(), receipt);
        let before = desk.incident.clocks.clone();
        let met = desk.met("initial", "unit", "financial-authority").unwrap();
        assert_eq!((met.at, met.late), (at(reported), late));
        for told in [-5 * HOUR, 8 * HOUR] {
            aware(&mut desk, "unit", told);
            desk.tick();
            assert_eq!(desk.incident.clocks, before, "aware at {told}");
        }
    }
}

/// A lapse stays with the clock that lapsed, whether a tick had seen it or not; the clock in its place has its own.
#[test]
fn a_lapsed_clock_keeps_its_lapse() {
    for ticked in [true, false] {
        let mut desk = judged(22 * HOUR);
        desk.at(24 * HOUR + 30);
        if ticked {
            desk.tick();
        }
        let old = last(&desk, "initial").clone();
        aware(&mut desk, "unit", 2 * HOUR);
        let new = last(&desk, "initial").clone();
        gave_way(&desk, &old, new.id);
        assert_eq!(
            desk.incident.clock(old.id).unwrap().lapsed_at,
            Some(at(DAY)),
            "late as it was then known"
        );
        assert_eq!((minute(new.due_at), new.lapsed_at), (26 * HOUR, None), "and in time as it is known now");
    }
    // The other way round: in time as it was known, and late as soon as more is known.
    let mut desk = judged(22 * HOUR);
    desk.at(23 * HOUR + 30);
    let old = last(&desk, "initial").clone();
    aware(&mut desk, "unit", -HOUR);
    desk.tick();
    let new = last(&desk, "initial");
    gave_way(&desk, &old, new.id);
    assert_eq!(new.lapsed_at, Some(at(23 * HOUR)), "a lapse is told at the instant at which it came");
    assert_eq!(
        desk.incident.clock(old.id).unwrap().lapsed_at,
        None,
        "the clock that was running had not lapsed"
    );
}

/// `jincheng-internet-2008/5.1.3.a`, counted from awareness and, as an option, from the occurrence.
#[test]
fn what_counts_from_a_told_time_keeps_lapses_and_acts_too() {
    for choice in ["", "clock-start=from-occurrence"] {
        let tell = |desk: &mut Desk, told| {
            let command = if choice.is_empty() {
                Command::RecordAwareness { body: role("unit"), at: at(told) }
            } else {
                Command::RecordOccurrence { at: at(told) }
            };
            desk.does(&office(), command);
        };
        let mut desk = opened(version("jincheng-internet-2008", choice), IV);
        desk.at(20).report(Form::Oral, "unit", DUTY_ROOM, 20);
        let met = desk.clock("unit-oral-general", "unit", DUTY_ROOM).clone();
        desk.at(70);
        let written = desk.clock("unit-written-general", "unit", DUTY_ROOM).clone();
        assert_eq!(minute(written.due_at), 60, "`{choice}`");
        tell(&mut desk, 30);
        assert_eq!(
            desk.clock("unit-oral-general", "unit", DUTY_ROOM),
            &met,
            "`{choice}`: what was met stays"
        );
        let new = last(&desk, "unit-written-general").clone();
        gave_way(&desk, &written, new.id);
        assert_eq!(desk.incident.clock(written.id).unwrap().lapsed_at, Some(at(60)), "`{choice}`");
        assert_eq!(([new.started_at, new.due_at].map(minute), new.lapsed_at), ([30, 90], None), "`{choice}`");
        tell(&mut desk, -30);
        desk.tick();
        let last = last(&desk, "unit-written-general");
        assert_eq!((minute(last.due_at), last.lapsed_at), (30, Some(at(30))), "`{choice}`");
    }
}

/// What was extended gets no less by a correction, and more where the rule itself now gives more.
#[test]
fn an_extended_deadline_stays_or_grows() {
    let mut plan = pack("eu-nis2");
    let rule = plan.clocks.iter_mut().find(|rule| rule.id.as_str() == "early-warning").unwrap();
    rule.extendable_by = vec![role("csirt")];
    let mut desk = opened(plan, II);
    let clock = last(&desk, "early-warning").id;
    let until = at(30 * HOUR);
    desk.does(
        &speaker("csirt", &["csirt"]),
        Command::Extend { clock, until, reason: "the samples are in the laboratory".to_owned() },
    );
    let extended = last(&desk, "early-warning").clone();
    assert_eq!(minute(extended.due_at), 30 * HOUR);
    desk.at(10 * HOUR);
    for told in [-HOUR, 2 * HOUR] {
        aware(&mut desk, "unit", told);
        assert_eq!(last(&desk, "early-warning"), &extended, "aware at {told}");
    }
    aware(&mut desk, "unit", 8 * HOUR);
    assert_eq!(due(&desk, "early-warning"), 32 * HOUR);
    gave_way(&desk, &extended, last(&desk, "early-warning").id);
}

/// What a regrading cut off gets no more by a correction.
#[test]
fn a_deadline_that_was_cut_off_never_grows() {
    let mut desk = judged(HOUR);
    desk.at(2 * HOUR).does(&unit(), act_mark("weekend_relief", true));
    let cut = last(&desk, "initial-relieved").clone();
    assert_eq!(
        ([cut.started_at, cut.due_at]).map(minute),
        [2 * HOUR, 5 * HOUR],
        "no later than what it replaced"
    );
    aware(&mut desk, "unit", HOUR);
    assert_eq!(last(&desk, "initial-relieved"), &cut);
    aware(&mut desk, "unit", -20 * HOUR);
    assert_eq!(due(&desk, "initial-relieved"), 4 * HOUR, "24 hours from awareness");
    gave_way(&desk, &cut, last(&desk, "initial-relieved").id);
}
