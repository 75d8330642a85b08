//! Colours of warnings, run by the rules of the shipped plans: `jincheng-internet-2008/4.3.1.*` and
//! `national-2017/3.1.b`. Who may issue a warning and what it obliges to is data so far: nothing issues one.

use WarningColour::{Blue, Orange, Red, Yellow};
use fengsui_domain::expr::Answers;
use fengsui_domain::plan::Plan;
use fengsui_domain::warning::{Signal, WarningColour, colour_proposed};
use fengsui_wire::plan::answer_on_threat;

use crate::ran;
use crate::together::pack;

/// Answers written as `fact=answer`, the later one of a fact counts.
pub(crate) fn answers(plan: &Plan, list: &str) -> Answers {
    let pairs = list.split_whitespace().map(|pair| pair.split_once('=').unwrap());
    pairs.map(|(fact, value)| answer_on_threat(plan, fact, value).unwrap()).collect()
}

/// The rule that decides, the colour, and whether a person must look.
fn proposed(plan: &Plan, list: &str) -> (Option<String>, Signal, bool) {
    let found = colour_proposed(plan, &answers(plan, list)).unwrap();
    ran::colour(plan, &found);
    (
        found.rule.map(|rule| rule.to_string()),
        found.level.unwrap_or(found.highest_plausible),
        found.needs_judge,
    )
}

const NOTHING: &str = "new_threat=true whole_city=false threat_spread=none networks_hit=0 systems_hit=0 \
                       networks_partly_hit=0 systems_partly_hit=0";

#[test]
fn the_colour_of_each_clause_of_4_3_1() {
    let plan = pack("jincheng-internet-2008");
    for (clause, hit, rule, colour, judged) in [
        ("4.3.1.1", "whole_city=true threat_spread=nationwide", "red", Red, false),
        (
            "4.3.1.1: not to the whole country",
            "whole_city=true threat_spread=further",
            "orange",
            Orange,
            false,
        ),
        ("4.3.1.2: networks", "networks_hit=1 threat_spread=further", "orange", Orange, false),
        ("4.3.1.2: 2 systems", "systems_hit=2 threat_spread=further", "orange", Orange, false),
        ("4.3.1.2: to the whole country", "systems_hit=2 threat_spread=nationwide", "orange", Orange, false),
        ("gap: 1 system with spread", "systems_hit=1 threat_spread=further", "orange-gap", Orange, true),
        ("gap: 3 systems without", "systems_hit=3", "orange-gap", Orange, true),
        ("gap: 3 networks without", "networks_hit=3", "orange-gap", Orange, true),
        ("gap: the whole city without", "whole_city=true", "orange-gap", Orange, true),
        ("4.3.1.3: 1 network", "networks_hit=1", "yellow", Yellow, false),
        ("4.3.1.3: 2 networks", "networks_hit=2", "yellow", Yellow, false),
        ("4.3.1.3: 1 system", "systems_hit=1", "yellow", Yellow, false),
        ("4.3.1.3: 2 systems", "systems_hit=2", "yellow", Yellow, false),
        ("gap: 2 networks in part", "networks_partly_hit=2", "yellow-gap", Yellow, true),
        ("gap: 3 systems in part", "systems_partly_hit=3", "yellow-gap", Yellow, true),
        (
            "gap: in part, with spread",
            "systems_partly_hit=1 threat_spread=further",
            "yellow-gap",
            Yellow,
            true,
        ),
        ("4.3.1.4: part of 1 network", "networks_partly_hit=1", "blue", Blue, false),
        ("4.3.1.4: part of 1 system", "systems_partly_hit=1", "blue", Blue, false),
        ("4.3.1.4: part of 2 systems", "systems_partly_hit=2", "blue", Blue, false),
    ] {
        let found = proposed(&plan, &format!("{NOTHING} {hit}"));
        assert_eq!(found, (Some(rule.to_owned()), Signal::Colour(colour), judged), "{clause}");
    }
    for (why, list) in [
        ("nothing is hit", NOTHING.to_owned()),
        ("nothing is hit, however far it spreads", format!("{NOTHING} threat_spread=nationwide")),
        (
            "only new threats are spoken of",
            format!("{NOTHING} whole_city=true threat_spread=nationwide new_threat=false"),
        ),
        ("only new threats are spoken of, the rest unasked", "new_threat=false".to_owned()),
    ] {
        assert_eq!(proposed(&plan, &list), (None, Signal::NoWarning, false), "{why}");
    }
}

#[test]
fn the_worst_still_possible_falls_as_questions_are_answered() {
    let plan = pack("jincheng-internet-2008");
    for (list, highest, first_open) in [
        ("", Red, "new_threat"),
        ("new_threat=true", Red, "whole_city"),
        ("new_threat=true whole_city=false", Orange, "threat_spread"),
        ("new_threat=true whole_city=false networks_hit=0 systems_hit=0", Yellow, "networks_partly_hit"),
        (
            "new_threat=true whole_city=false networks_hit=0 systems_hit=0 threat_spread=none \
             networks_partly_hit=0",
            Yellow,
            "systems_partly_hit",
        ),
    ] {
        let found = colour_proposed(&plan, &answers(&plan, list)).unwrap();
        assert_eq!((found.level, found.highest_plausible), (None, Signal::Colour(highest)), "{list}");
        assert_eq!(found.open[0].as_str(), first_open, "{list}");
    }
}

/// The questions of 1.4, answered for what is expected.
#[test]
fn the_colour_stands_for_the_level_by_3_1_b() {
    let plan = pack("national-2017");
    let rest = "service_loss=none data_damage=none recovery_cost=small information_class=none \
                sensitive_consequence=none information_event=none threat=none effect=none";
    for (clause, expected, colour) in [
        ("1.4.1.1", "important_system=true service_loss=large-area recovery_cost=enormous", Red),
        ("1.4.2.1", "important_system=true service_loss=long-or-partial recovery_cost=huge", Orange),
        ("1.4.3.1", "important_system=true service_loss=interrupted recovery_cost=fairly-large", Yellow),
        ("1.4.4", "important_system=false service_loss=interrupted recovery_cost=fairly-large", Blue),
    ] {
        let found = proposed(&plan, &format!("{rest} {expected}"));
        assert_eq!(found.1, Signal::Colour(colour), "{clause}: {found:?}");
    }
}
