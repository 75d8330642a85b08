//! The packs from outside the city's documents, run by the engine: `eu-nis2`, `eu-dora`, `cn-reporting-2025`.
//!
//! Each deadline has a row: clause, what starts it, body, addressee, due instant, what meets it; then what a regrading
//! does, and an incident from its opening to the archive. Reports come in stages: what comes after another report is
//! met by a further one only. Minute 0 is Monday, 2026-03-02, 09:00 in Brussels and 16:00 in Shanghai.

use std::collections::{BTreeMap, BTreeSet};

use fengsui_domain::actor::Actor;
use fengsui_domain::clock::{ClockState, ReplacedWhy};
use fengsui_domain::incident::{Command, Opening, PlanVersion, Step};
use fengsui_domain::level::IncidentLevel::{self, I, II, III, IV};
use fengsui_domain::plan::{CategoryId, Form, PlanId, RuleId};

use crate::desk::{Desk, act_mark, approve, at, minute, opening, order, report, rule, speaker, start, unit};
use crate::together::pack;

const NIS2: &str = "eu-nis2";
const DORA: &str = "eu-dora";
const CN: &str = "cn-reporting-2025";
const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// An incident opened at minute 0, with these marks set by the unit.
fn opened(id: &str, level: IncidentLevel, marks: &[&str]) -> Desk {
    let category = pack(id).classes()[0].0.as_str().to_owned();
    let plan = PlanVersion { id: PlanId::new(id), digest: "2".repeat(64) };
    let opening = Opening { plan, category: CategoryId::new(category), ..opening(level) };
    let mut desk = Desk::opened_under(pack(id), opening).unwrap();
    for mark in marks {
        desk.does(&unit(), act_mark(mark, true));
    }
    desk
}

fn by(body: &str) -> Actor {
    speaker(body, &[body])
}

/// A report made and recorded at this minute, with its receipt if it is written.
fn reports(desk: &mut Desk, form: Form, of: &str, to: &str, minute: i64) {
    desk.at(minute);
    desk.does(&by(of), report(form, of, to, at(minute)));
    if form == Form::Written {
        let id = desk.incident.reports.last().unwrap().id;
        desk.does(
            &by(of),
            Command::ReceiptReport { report: id, at: at(minute), reference: "R-1".to_owned() },
        );
    }
}

fn oral(desk: &mut Desk, of: &str, to: &str, minute: i64) {
    reports(desk, Form::Oral, of, to, minute);
}

fn written(desk: &mut Desk, minute: i64) {
    reports(desk, Form::Written, "unit", "financial-authority", minute);
}

/// The latest clock of a rule: clause, body, addressees, minutes until it is due.
fn row(desk: &Desk, rule: &str) -> (String, String, Vec<String>, i64) {
    let clock = desk.incident.clocks.iter().rev().find(|clock| clock.rule.as_str() == rule);
    let clock = clock.unwrap_or_else(|| panic!("no clock `{rule}`"));
    let to = clock.to.iter().map(ToString::to_string).collect();
    (clock.clause.number().to_owned(), clock.of.to_string(), to, minute(clock.due_at))
}

fn due(desk: &Desk, rule: &str) -> i64 {
    row(desk, rule).3
}

/// When the latest clock of a rule falls due, in UTC.
fn due_at(desk: &Desk, rule: &str) -> String {
    desk.incident.clocks.iter().rev().find(|clock| clock.rule.as_str() == rule).unwrap().due_at.to_string()
}

/// The minute at which the latest clock of a rule was met.
fn met(desk: &Desk, rule: &str) -> Option<i64> {
    let clock = desk.incident.clocks.iter().rev().find(|clock| clock.rule.as_str() == rule)?;
    match &clock.state {
        ClockState::Met(met) => Some(minute(met.at)),
        _ => None,
    }
}

fn grades(desk: &mut Desk, level: IncidentLevel, minute: i64) {
    desk.at(minute);
    if desk.incident.phase.name() == "judged" {
        desk.does(&unit(), Command::Verify { basis: "seen in the access log".to_owned() });
    }
    desk.does(&unit(), Command::Grade { level, reason: "judged by the entity".to_owned() });
}

fn responds(desk: &mut Desk, level: IncidentLevel, minute: i64) {
    grades(desk, level, minute);
    desk.does(&unit(), approve(start(level)));
}

/// Ends the response, every condition ticked.
fn ends(desk: &mut Desk, minute: i64) {
    desk.at(minute);
    let level = desk.incident.phase.response().unwrap().level;
    let conditions = desk.plan.response(level).unwrap().end_when.conditions.clone();
    for condition in conditions {
        desk.does(&unit(), crate::desk::holds(condition.id.as_str(), true));
    }
    desk.does(&unit(), approve(Step::End));
}

fn reviews_and_archives(desk: &mut Desk) {
    let topics: BTreeMap<RuleId, String> =
        desk.plan.review.topics.iter().map(|topic| (topic.id.clone(), "found out".to_owned())).collect();
    desk.does(&unit(), Command::Review { topics, plan_change: String::new() });
    desk.does(&unit(), Command::Archive);
    assert_eq!(desk.incident.phase.name(), "archived");
}

/// Every clock rule of a pack has a row in one of these tables.
fn all_seen(id: &str, seen: &[&str]) {
    let rules: BTreeSet<String> = pack(id).clocks.iter().map(|rule| rule.id.to_string()).collect();
    assert_eq!(seen.iter().map(|rule| (*rule).to_owned()).collect::<BTreeSet<_>>(), rules, "{id}");
}

/// Directive (EU) 2022/2555, article 23(1), (4), (5).
#[test]
fn nis2_from_awareness() {
    let authorities = ["csirt", "competent-authority"];
    for (clause, rule, marks, to, minutes) in [
        ("23.4.a", "early-warning", &[][..], &authorities[..], DAY),
        ("23.4.b", "notification", &[], &authorities, 3 * DAY),
        ("23.4.trust", "notification-trust", &["trust_services_affected"], &authorities, DAY),
        ("23.1", "recipients-told", &["recipients_affected"], &["recipients"], DAY),
    ] {
        let desk = opened(NIS2, II, marks);
        let to = to.iter().map(|to| (*to).to_owned()).collect();
        assert_eq!(row(&desk, rule), (clause.to_owned(), "unit".to_owned(), to, minutes), "{rule}");
    }
    let trust = opened(NIS2, II, &["trust_services_affected"]);
    assert_eq!(trust.running_rules(), BTreeSet::from(["early-warning", "notification-trust"]));
    assert_eq!(opened(NIS2, IV, &["recipients_affected"]).running_rules(), BTreeSet::new());
}

/// 23.4.a to 23.4.d, 23.5: one report meets one stage, and the month begins with the notification.
#[test]
fn nis2_stages() {
    let mut desk = opened(NIS2, II, &[]);
    oral(&mut desk, "unit", "csirt", HOUR);
    assert_eq!((met(&desk, "early-warning"), met(&desk, "notification")), (Some(HOUR), None));
    assert_eq!(row(&desk, "answer"), ("23.5".into(), "csirt".into(), vec!["unit".into()], HOUR + DAY));
    desk.restart();
    oral(&mut desk, "unit", "competent-authority", 2 * HOUR);
    assert_eq!(met(&desk, "notification"), Some(2 * HOUR));
    // One month by the calendar, over the change to summer time: 11:00 in Brussels both times.
    let (clause, of, _, _) = row(&desk, "final-report");
    assert_eq!((clause.as_str(), of.as_str()), ("23.4.d", "unit"));
    assert_eq!(due_at(&desk, "final-report"), "2026-04-02T09:00:00Z");
    assert_eq!(met(&desk, "final-report"), None, "the notification is not the final report");
    oral(&mut desk, "csirt", "unit", 3 * HOUR);
    assert_eq!(met(&desk, "answer"), Some(3 * HOUR));
    oral(&mut desk, "unit", "csirt", 20 * DAY);
    assert_eq!(met(&desk, "final-report"), Some(20 * DAY));
    assert_eq!(desk.running_rules(), BTreeSet::new());
}

/// 23.4.e: still ongoing, so a progress report at that time and the final one a month after the handling; 23.4.c.
#[test]
fn nis2_still_ongoing_and_upon_request() {
    let mut desk = opened(NIS2, II, &[]);
    responds(&mut desk, II, 0);
    oral(&mut desk, "unit", "csirt", HOUR);
    oral(&mut desk, "unit", "csirt", 2 * HOUR);
    let month = due(&desk, "final-report");
    desk.does(&unit(), act_mark("still_ongoing", true));
    assert_eq!(row(&desk, "progress-report").0, "23.4.e");
    assert_eq!(due(&desk, "progress-report"), month, "at the time of the final report");
    assert!(!desk.running_rules().contains("final-report"));
    desk.does(&by("csirt"), Command::GiveOrder { words: order("ask-intermediate", "unit") });
    assert_eq!(
        row(&desk, "intermediate-answered"),
        ("23.4.c".into(), "unit".into(), vec!["csirt".into()], 2 * HOUR + 3 * DAY)
    );
    oral(&mut desk, "unit", "csirt", 30 * DAY);
    assert_eq!(met(&desk, "progress-report"), Some(30 * DAY));
    ends(&mut desk, 40 * DAY);
    // From 11 April, 10:00 summer time, to 11 May, 10:00.
    assert_eq!(due_at(&desk, "final-after-handling"), "2026-05-11T08:00:00Z");
    oral(&mut desk, "unit", "csirt", 50 * DAY);
    assert_eq!(met(&desk, "final-after-handling"), Some(50 * DAY));
    reviews_and_archives(&mut desk);
    all_seen(
        NIS2,
        &[
            "early-warning",
            "notification",
            "notification-trust",
            "recipients-told",
            "answer",
            "final-report",
            "progress-report",
            "final-after-handling",
            "intermediate-answered",
        ],
    );
}

/// What is not significant after all is owed no longer, and what becomes significant asks for all of it.
#[test]
fn nis2_regraded() {
    let mut desk = opened(NIS2, II, &[]);
    grades(&mut desk, IV, HOUR);
    assert_eq!(desk.running_rules(), BTreeSet::new());
    let why = |rule: &str| {
        desk.incident.clocks.iter().find(|clock| clock.rule.as_str() == rule).map(|clock| clock.state.clone())
    };
    assert!(matches!(
        why("notification"),
        Some(ClockState::Replaced { why: ReplacedWhy::Regraded, by: None, .. })
    ));
    grades(&mut desk, II, 2 * HOUR);
    assert_eq!(due(&desk, "early-warning"), 2 * HOUR + DAY, "newly asked for, it counts from now");
    assert_eq!(desk.running_rules(), BTreeSet::from(["early-warning", "notification"]));
}

/// Delegated Regulation (EU) 2025/301, article 5(1)(a) and (2): 4 hours, at most 24 from awareness, late classification.
#[test]
fn dora_initial_notification() {
    let to = vec!["financial-authority".to_owned()];
    for (classified, minutes) in
        [(0, 4 * HOUR), (10 * HOUR, 14 * HOUR), (22 * HOUR, DAY), (DAY, 28 * HOUR), (30 * HOUR, 34 * HOUR)]
    {
        let mut desk = opened(DORA, IV, &[]);
        assert_eq!(desk.running_rules(), BTreeSet::new());
        grades(&mut desk, II, classified);
        let expected = ("rts301.5.1.a".to_owned(), "unit".to_owned(), to.clone(), minutes);
        assert_eq!(row(&desk, "initial"), expected, "classified at {classified}");
    }
    let desk = opened(DORA, II, &["clients_interests"]);
    assert_eq!(row(&desk, "clients-told"), ("19.3".into(), "unit".into(), vec!["clients".into()], DAY));
}

/// Article 5(1)(b) and (c): 72 hours after the notification, a month after the latest intermediate report; only a
/// receipted report counts, and each stage is a further one. Then to the archive.
#[test]
fn dora_stages_to_the_end() {
    let mut desk = opened(DORA, II, &[]);
    responds(&mut desk, II, 0);
    desk.at(HOUR);
    desk.does(&unit(), report(Form::Written, "unit", "financial-authority", at(HOUR)));
    assert_eq!(met(&desk, "initial"), None, "no receipt yet");
    let sent = desk.incident.reports.last().unwrap().id;
    desk.does(&unit(), Command::ReceiptReport { report: sent, at: at(HOUR), reference: "R-1".to_owned() });
    assert_eq!((met(&desk, "initial"), due(&desk, "intermediate")), (Some(HOUR), HOUR + 3 * DAY));
    assert_eq!(row(&desk, "intermediate").0, "rts301.5.1.b");
    written(&mut desk, DAY);
    // Tuesday, 3 March, 09:00, to Friday, 3 April, 09:00 summer time.
    assert_eq!(
        (met(&desk, "intermediate"), due_at(&desk, "final")),
        (Some(DAY), "2026-04-03T07:00:00Z".into())
    );
    assert_eq!(row(&desk, "final").0, "rts301.5.1.c");
    ends(&mut desk, 3 * DAY);
    assert_eq!(due(&desk, "intermediate-updated"), 4 * DAY);
    desk.restart();
    written(&mut desk, 3 * DAY + HOUR);
    assert_eq!(met(&desk, "intermediate-updated"), Some(3 * DAY + HOUR));
    // Sunday, 5 April, is Easter and Monday a holiday: noon of Tuesday.
    assert_eq!(due_at(&desk, "final"), "2026-04-07T10:00:00Z");
    assert_eq!(met(&desk, "final"), None);
    let replaced = desk.incident.clocks.iter().filter(|clock| clock.rule.as_str() == "final").count();
    assert_eq!(replaced, 2, "counted anew from the updated report");
    written(&mut desk, 30 * DAY);
    assert_eq!(met(&desk, "final"), Some(30 * DAY));
    assert!(desk.incident.clocks.iter().all(|clock| clock.holidays_unknown.is_empty()));
    reviews_and_archives(&mut desk);
}

/// Article 5(4) to (6): noon of the next working day, for those who have that relief.
#[test]
fn dora_weekends() {
    let mut desk = opened(DORA, IV, &["weekend_relief"]);
    grades(&mut desk, II, 2 * DAY);
    assert_eq!(row(&desk, "initial-relieved").0, "rts301.5.4");
    assert_eq!(due(&desk, "initial-relieved"), 2 * DAY + 4 * HOUR, "a Wednesday stays");
    written(&mut desk, 2 * DAY + HOUR);
    assert_eq!(due_at(&desk, "intermediate-relieved"), "2026-03-09T11:00:00Z", "72 hours end on a Saturday");
    written(&mut desk, 5 * DAY);
    assert_eq!(due_at(&desk, "final"), "2026-04-07T07:00:00Z", "a Tuesday stays as well");
    desk.does(&unit(), act_mark("relief_withdrawn", true));
    assert_eq!(row(&desk, "final-without-relief").0, "rts301.5.6");
    let mut strict = opened(DORA, IV, &[]);
    grades(&mut strict, II, 2 * DAY);
    written(&mut strict, 2 * DAY + HOUR);
    assert_eq!(due_at(&strict, "intermediate"), "2026-03-07T09:00:00Z", "without relief the Saturday counts");
    // Friday evening with relief: noon of Monday.
    let mut late = opened(DORA, IV, &["weekend_relief"]);
    grades(&mut late, II, 4 * DAY + 13 * HOUR);
    assert_eq!(due_at(&late, "initial-relieved"), "2026-03-09T11:00:00Z");
    all_seen(
        DORA,
        &[
            "initial",
            "initial-relieved",
            "intermediate",
            "intermediate-relieved",
            "intermediate-updated",
            "final",
            "final-without-relief",
            "clients-told",
        ],
    );
}

/// A month that ends in a year of which the days off are not known says so on the clock.
#[test]
fn dora_over_a_year_that_is_not_known() {
    let mut desk = opened(DORA, II, &[]);
    desk.plan.holidays.years.remove(&2026);
    written(&mut desk, HOUR);
    written(&mut desk, 2 * HOUR);
    let last = desk.incident.clocks.iter().find(|clock| clock.rule.as_str() == "final").unwrap();
    assert_eq!(last.holidays_unknown, [2026]);
    let stored = last.clone();
    desk.plan = pack(DORA);
    desk.restart();
    written(&mut desk, 3 * HOUR);
    let kept = desk.incident.clocks.iter().find(|clock| clock.id == stored.id).unwrap();
    assert_eq!(
        (kept.due_at, &kept.holidays_unknown),
        (stored.due_at, &stored.holidays_unknown),
        "what runs is kept"
    );
}

/// No longer major: nothing is owed; major again: a new notification.
#[test]
fn dora_regraded() {
    let mut desk = opened(DORA, II, &[]);
    grades(&mut desk, IV, HOUR);
    assert_eq!(desk.running_rules(), BTreeSet::new());
    grades(&mut desk, II, 2 * HOUR);
    assert_eq!(due(&desk, "initial"), 6 * HOUR);
}

/// Article 4 of the measures: who reports to whom within what time, by kind of operator and level.
#[test]
fn china_first_reports() {
    for (rule, marks, bodies, minutes) in [
        ("cii-report", &["cii"][..], &["protection-department", "public-security"][..], HOUR),
        ("cii-report", &["cii", "central_organ"], &["protection-department", "public-security"], HOUR),
        ("central-report", &["central_organ"], &["department-cyberspace"], 2 * HOUR),
        ("local-report", &[], &["provincial-cyberspace"], 4 * HOUR),
    ] {
        for level in [I, II, III] {
            let desk = opened(CN, level, marks);
            assert_eq!(desk.running_rules(), BTreeSet::from([rule]), "{marks:?} at {level}");
            for body in bodies {
                assert_eq!(minute(desk.clock(rule, "unit", body).due_at), minutes, "{rule} to {body}");
            }
        }
        assert_eq!(
            opened(CN, IV, marks).running_rules(),
            BTreeSet::new(),
            "a general incident is not reported"
        );
    }
    let crime = opened(CN, IV, &["suspected_crime"]);
    assert_eq!(
        row(&crime, "crime-report"),
        ("4.crime".into(), "unit".into(), vec!["public-security".into()], 4 * HOUR)
    );
    let known = opened(CN, II, &["suspected_crime", "cii"]);
    assert_eq!(known.running_rules(), BTreeSet::from(["cii-report"]), "the police have that report anyway");
}

/// Article 4: from “major” up, whoever took the report passes it on, counted from when it was made.
#[test]
fn china_passed_on() {
    for (first, marks, to, rule, onward, minutes) in [
        (
            "cii-report",
            &["cii"][..],
            "protection-department",
            "cii-passed-on",
            &["national-cyberspace", "state-public-security"][..],
            30,
        ),
        (
            "central-report",
            &["central_organ"],
            "department-cyberspace",
            "central-passed-on",
            &["national-cyberspace"],
            HOUR,
        ),
        (
            "local-report",
            &[],
            "provincial-cyberspace",
            "local-passed-on",
            &["national-cyberspace", "peer-departments"],
            HOUR,
        ),
    ] {
        for (level, passed) in [(I, true), (II, true), (III, false)] {
            let mut desk = opened(CN, level, marks);
            oral(&mut desk, "unit", to, 20);
            assert_eq!(minute(desk.met(first, "unit", to).unwrap().at), 20);
            assert_eq!(desk.running_rules().contains(rule), passed, "{rule} at {level}");
            for body in onward.iter().filter(|_| passed) {
                assert_eq!(minute(desk.clock(rule, to, body).due_at), 20 + minutes, "{rule} to {body}");
                oral(&mut desk, to, body, 30);
                assert_eq!(minute(desk.met(rule, to, body).unwrap().at), 30, "{rule} to {body}");
            }
        }
    }
}

/// Articles 5 and 7, and an incident to its end; a raised level asks for the report to be passed on.
#[test]
fn china_to_the_end() {
    let mut desk = opened(CN, III, &["cause_open"]);
    responds(&mut desk, III, 0);
    oral(&mut desk, "unit", "provincial-cyberspace", HOUR);
    assert_eq!((row(&desk, "supplement").0.as_str(), due(&desk, "supplement")), ("5", HOUR + DAY));
    oral(&mut desk, "unit", "provincial-cyberspace", 2 * HOUR);
    assert_eq!(met(&desk, "supplement"), Some(2 * HOUR), "by a further report");
    grades(&mut desk, II, 3 * HOUR);
    assert!(desk.running_rules().contains("local-passed-on"), "{:?}", desk.running_rules());
    ends(&mut desk, 2 * DAY);
    // Ended on 4 March at 16:00; until the end of 3 April in Shanghai.
    assert_eq!(row(&desk, "summary").0, "7");
    assert_eq!(due_at(&desk, "summary"), "2026-04-03T16:00:00Z");
    oral(&mut desk, "unit", "provincial-cyberspace", 9 * DAY);
    assert_eq!(met(&desk, "summary"), Some(9 * DAY));
    reviews_and_archives(&mut desk);
    all_seen(
        CN,
        &[
            "cii-report",
            "cii-passed-on",
            "central-report",
            "central-passed-on",
            "local-report",
            "local-passed-on",
            "crime-report",
            "supplement",
            "summary",
        ],
    );
}

/// Beside the city's plan each counts in its own days: the month of the directive in Brussels, the 30 days in Shanghai.
#[test]
fn each_plan_counts_its_own_days() {
    let (city, nis2) = (pack("jincheng-internet-2008"), pack(NIS2));
    let whole = fengsui_domain::plan::together(&nis2, &[&city, &pack(CN)]).unwrap();
    let start = at(12 * HOUR);
    let due = |id: &str| {
        let rule = whole.clock(&rule(id)).unwrap_or_else(|| panic!("no rule `{id}`"));
        whole.calendar(&rule.id).due(rule, start, None).at.to_string()
    };
    assert_eq!(due("final-report"), "2026-04-02T19:00:00Z");
    assert_eq!(due("cn-reporting-2025~summary"), "2026-04-02T16:00:00Z");
    assert_eq!(whole.levels.keys().copied().collect::<Vec<_>>(), [I, II, III, IV]);
}
