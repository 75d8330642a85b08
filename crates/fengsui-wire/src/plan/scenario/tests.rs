//! Scenario files, right and wrong.

use std::sync::LazyLock;

use super::*;

const GOOD: &str = "\
scenario: small
title: { zh: 小演练, en: A small drill }
says: { zh: 一次小的演练。, en: One small drill. }
plan: jincheng-internet-2008
starts: 2026-03-02 09:30
lasts: 60 d
pace: { judge: 3-10 min, triage: 5 min }
hours: { days: [mon, sat], called: 30-60 min }
people:
  unit: { count: 1, reacts: 2-8 min, takes: { write: 1-2 h }, absent: [{ from: 0 min, to: 30 min }], never: [file] }
  security-office: { hours: { day: 07:00-19:00, on_duty: 2 } }
  local-government: { hours: always }
unmanned: [expert-group]
conduct: { headquarters: no, disposal: yes, publish: no, gates: waive, orders: [call-experts] }
indicators: [c2.example]
injects:
  - at: 0 min
    name: first
    event:
      title: { zh: 标题, en: Title }
      details: { zh: 详情, en: Details }
      source: report
      unit: { zh: 单位, en: Unit }
      asset: www.example
      aware: 10 min
      category: attack
      level: IV
      facts: { spread: none }
  - at: 5 min
    log: { lines: [\"one line\"], outcome: false-positive }
  - at: 1 h
    facts: { special_circumstances: true }
  - at: 2 h
    grade: II
  - at: 3 h
    order: { rule: early-disposal, to: working-bodies, what: { zh: 查一查, en: Look at it } }
expect:
  phase: archived
  level: II
  clocks: { filing: lapsed }
";

/// Read once: that takes longer than everything here.
static PLANS: LazyLock<Library> = LazyLock::new(Library::shipped);

fn read(text: &str) -> LoadedScenario {
    load("scenarios/small.yaml", text.as_bytes(), &PLANS)
}

fn findings(text: &str) -> Vec<String> {
    read(text).findings.iter().map(ToString::to_string).collect()
}

#[test]
fn everything_that_can_be_said_is_read() {
    let loaded = read(GOOD);
    assert_eq!(findings(GOOD), Vec::<String>::new());
    let scenario = loaded.scenario.expect("without findings there is a scenario");
    let minutes = SignedDuration::from_mins;
    assert_eq!(scenario.starts.to_string(), "2026-03-02T09:30:00");
    assert_eq!(scenario.lasts, minutes(60 * 24 * 60));
    assert_eq!(scenario.pace[&Work::Judge], Range { from: minutes(3), to: minutes(10) });
    assert_eq!(scenario.pace[&Work::Triage], Range { from: minutes(5), to: minutes(5) });
    let unit = &scenario.people[&RoleId::new("unit")];
    assert_eq!((unit.count, unit.absent.as_slice()), (1, &[(minutes(0), minutes(30))][..]));
    assert_eq!(unit.takes[&Work::Write].to, minutes(120));
    assert!(unit.never.contains(&Work::File));
    let office = scenario.people[&RoleId::new("security-office")].hours.as_ref().expect("its own hours");
    let usual = Hours {
        days: [1, 6].into(),
        called: Range { from: minutes(30), to: minutes(60) },
        ..Hours::default()
    };
    assert_eq!((&scenario.hours, scenario.beside.as_slice()), (&usual, &[][..]));
    assert_eq!(
        *office,
        Hours { day: Some((time(7, 0, 0, 0), time(19, 0, 0, 0))), on_duty: 2, ..usual.clone() }
    );
    let always = scenario.people[&RoleId::new("local-government")].hours.clone();
    assert_eq!((always, unit.hours.clone()), (Some(Hours { day: None, ..usual }), None));
    let Conduct { headquarters, disposal, publish, waive, orders } = &scenario.conduct;
    assert_eq!((*headquarters, *disposal, *publish, *waive), (Some(false), true, false, true));
    assert_eq!(orders.len(), 1);
    let names: Vec<&str> = scenario.injects.iter().map(|inject| inject.name.as_str()).collect();
    assert_eq!(names, ["first", "event-2", "first", "first", "first"]);
    assert_eq!(scenario.expect.clocks[&RuleId::new("filing")], Outcome::Lapsed);
}

/// One thing changed, and what is said of it.
#[test]
fn what_is_wrong_is_said_with_its_place_and_what_would_be_right() {
    let mut missed = Vec::new();
    for (right, wrong, says) in [
        (
            "plan: jincheng-internet-2008",
            "plan: jincheng-internet-2009",
            "4:7: unknown plan \"jincheng-internet-2009\"; did you mean \"jincheng-internet-2008\"?",
        ),
        (
            "starts: 2026-03-02 09:30",
            "starts: tomorrow",
            "5:9: \"tomorrow\" is not understood here; write it as in 2026-03-02 09:30",
        ),
        (
            "lasts: 60 d",
            "lasts: 731 d",
            "6:8: \"731 d\" is not understood here; write it as in 0 min, 90 min, 2 h or 30 d",
        ),
        (
            "judge: 3-10 min",
            "judge: 10-3 min",
            "7:16: \"10-3 min\" is not understood here; write it as in 2-8 min or 5 min, the shorter first",
        ),
        ("judge: 3-10 min", "juge: 3-10 min", "7:9: unknown kind of work \"juge\"; did you mean \"judge\"?"),
        ("  unit: { count: 1", "  units: { count: 1", "10:3: unknown role \"units\"; did you mean \"unit\"?"),
        (
            "count: 1",
            "count: 21",
            "10:18: \"21\" is not understood here; write 1 to 20; a body without people stands in `unmanned`",
        ),
        (
            "from: 0 min, to: 30 min",
            "from: 40 min, to: 30 min",
            "10:72: absences go from early to late and do not overlap",
        ),
        ("gates: waive", "gates: shut", "14:65: unknown value \"shut\"; known are \"open\", \"waive\""),
        (
            "category: attack",
            "category: atack",
            "26:17: unknown category \"atack\"; did you mean \"attack\"?",
        ),
        (
            "spread: none",
            "spread: nothing",
            "28:24: \"nothing\" is not understood here; `spread` is answered with none, practically-none, strong, very-strong",
        ),
        ("spread: none", "sprad: none", "28:16: unknown fact \"sprad\"; did you mean \"spread\"?"),
        ("at: 2 h", "at: 2 min", "33:5: injects stand in order of time"),
        (
            "    grade: II\n",
            "",
            "33:5: an inject says exactly one thing that happens; write one of event, log, facts, grade, playbook, order",
        ),
        (
            "to: working-bodies",
            "to: unit",
            "36:40: unknown addressee \"unit\"; known are \"working-bodies\", \"linked-units\"",
        ),
        ("filing: lapsed", "filling: lapsed", "40:13: unknown clock \"filling\"; did you mean \"filing\"?"),
        (
            "filing: lapsed",
            "filing: forgotten",
            "40:21: unknown value \"forgotten\"; known are \"met\", \"late\", \"lapsed\", \"replaced\", \"open\", \"none\"",
        ),
        ("phase: archived", "phase: archive", "38:10: unknown value \"archive\"; did you mean \"archived\"?"),
        (
            "scenario: small",
            "scenario: large",
            "1:11: the scenario is called \"large\", but its file \"small\"",
        ),
        ("en: A small drill", "zh2: A small drill", "2:19: unknown key \"zh2\"; did you mean \"zh\"?"),
        ("days: [mon, sat]", "days: []", "8:16: no day is named"),
        ("days: [mon, sat]", "days: [man]", "8:17: unknown value \"man\"; did you mean \"mon\"?"),
        (
            "day: 07:00-19:00",
            "day: 19:00-07:00",
            "11:36: \"19:00-07:00\" is not understood here; write it as in 08:30-18:00, the earlier first",
        ),
        ("on_duty: 2", "on_duty: 21", "11:58: \"21\" is not understood here; write 0 to 20"),
        ("hours: always", "hours: never", "12:30: unknown value \"never\"; known are \"always\""),
        (
            "starts: 2026",
            "beside: [jincheng-egov-2009]\nstarts: 2026",
            "5:10: unknown plan \"jincheng-egov-2009\"; did you mean \"jincheng-egov-2008\"?",
        ),
        (
            "starts: 2026",
            "beside: [jincheng-egov-2008, jincheng-internet-2008]\nstarts: 2026",
            "5:30: the plan \"jincheng-internet-2008\" cannot run beside those before it: the plan jincheng-internet-2008 is there already",
        ),
        ("starts: 2026", "beside: jincheng-egov-2008\nstarts: 2026", "5:9: expected a list, found a text"),
    ] {
        let changed = GOOD.replacen(right, wrong, 1);
        assert_ne!(changed, GOOD, "{right}");
        let found = findings(&changed);
        if !found.contains(&format!("scenarios/small.yaml:{says}")) {
            missed.push((wrong, says, found));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn every_mistake_is_reported_and_one_error_is_enough() {
    let text = GOOD.replace("category: attack", "category: x-y").replace("lasts: 60 d", "lasts: long");
    let loaded = read(&text);
    assert_eq!(loaded.findings.len(), 2, "{:?}", loaded.findings);
    assert!(loaded.scenario.is_none());
}

#[test]
fn limits_are_kept() {
    let event =
        &GOOD[GOOD.find("  - at: 1 h").expect("in the text")..GOOD.find("  - at: 2 h").expect("in the text")];
    let many = GOOD.replacen(event, &event.repeat(MAX_INJECTS), 1);
    assert!(findings(&many).iter().any(|found| found.ends_with("there are 148 of these, at most 144 fit")));
    assert!(findings("")[0].ends_with("the file is empty"));
    for bytes in [&b"\xff\xfe"[..], b"- a\n", b"a: [", b"a: &x 1\n"] {
        let loaded = load("x.yaml", bytes, &PLANS);
        assert!(loaded.scenario.is_none() && !loaded.findings.is_empty(), "{bytes:?}");
    }
}

#[test]
fn with_plans_beside_it_a_scenario_may_name_what_is_theirs() {
    let plans = "plan: jincheng-internet-2008\nbeside: [jincheng-egov-2008]";
    let two = GOOD.replacen("plan: jincheng-internet-2008", plans, 1);
    let theirs = two
        .replacen("unmanned: [expert-group]", "unmanned: [expert-group, cyber-police]", 1)
        .replacen("facts: { spread: none }", "facts: { jincheng-egov-2008~asset_kind: website }", 1)
        .replacen("filing: lapsed", "filing: lapsed, jincheng-egov-2008~filing: met", 1);
    assert_eq!(findings(&theirs), Vec::<String>::new());
    let scenario = read(&theirs).scenario.expect("without findings there is a scenario");
    assert_eq!((scenario.plan.as_str(), scenario.beside.len()), ("jincheng-internet-2008", 1));
    assert!(scenario.unmanned.contains(&RoleId::new("cyber-police")));
    assert_eq!(scenario.expect.clocks[&RuleId::new("jincheng-egov-2008~filing")], Outcome::Met);
    // What only the other plan has must be called so.
    for (named, says) in [
        ("jincheng-egov-2008~filing", "unknown clock \"jincheng-egov-2009~filing\""),
        ("jincheng-egov-2008~asset_kind", "unknown fact \"jincheng-egov-2009~asset_kind\""),
    ] {
        let wrong = theirs.replacen(named, &named.replace("egov-2008", "egov-2009"), 1);
        assert!(findings(&wrong).iter().any(|found| found.contains(says)), "{:?}", findings(&wrong));
    }
}
