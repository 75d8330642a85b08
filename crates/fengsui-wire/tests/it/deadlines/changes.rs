//! What becomes of each obligation when the level, a mark or a fact changes, five minutes after the stage was reached.
//!
//! Cells: empty where there is no such obligation before or after; `kept`: the same clock runs on; `ends`: cancelled,
//! nothing in its place; `to RULE`: replaced by the clock of that rule; `due N`: begins with the change, due at
//! minute N. A change of the response's own level is written `response LEVEL`.

use std::collections::{BTreeMap, BTreeSet};

use fengsui_domain::clock::{Clock, ClockState, ReplacedWhy};
use fengsui_domain::incident::Incident;
use jiff::SignedDuration;

use super::case::{Case, change, decide, given};
use super::table::{Column, Tables};
use crate::desk::{Desk, adjust, minute};

/// Every column of the tables of changes, and that nothing happened that no column says.
pub(super) fn every_change(text: &str) {
    let tables = Tables::read(text);
    assert!(!tables.changes.is_empty(), "{} has no table of changes", tables.plan);
    for changes in &tables.changes {
        for Column { from, to, cells } in &changes.columns {
            let what = format!("{} {}: {from} > {to}", tables.plan, changes.stage);
            let mut desk = Case::read(&format!("{}: {from}", changes.stage)).open(&tables.plan);
            let before = desk.incident.clone();
            desk.now += SignedDuration::from_mins(5);
            if let Some(level) = to.strip_prefix("response ") {
                let (level, _) = given(level);
                decide(&mut desk, level, adjust(level));
            } else {
                let (level, facts) = given(to);
                change(&mut desk, level, &facts);
                if asks_for_more(from, to) {
                    no_time_was_bought(&desk, &what);
                }
            }
            let expected: BTreeMap<&str, BTreeSet<String>> = cells
                .iter()
                .filter(|(_, _, cell)| !cell.is_empty())
                .map(|(_, rule, cell)| (rule.as_str(), cell.split(" / ").map(str::to_owned).collect()))
                .collect();
            assert_eq!(became(&before, &desk), expected, "{what}");
            for (clause, rule, _) in cells {
                let known = desk.plan.clock(&crate::desk::rule(rule)).unwrap_or_else(|| panic!("{rule}"));
                assert_eq!(known.clause.number(), clause, "{rule}");
            }
        }
    }
}

/// A graver level, or a mark set at the same one.
fn asks_for_more(from: &str, to: &str) -> bool {
    let ((before, known), (after, facts)) = (given(from), given(to));
    after < before || after == before && facts.len() > known.len()
}

/// What became of the clocks of each rule, in the words of the cells.
fn became<'d>(before: &Incident, desk: &'d Desk) -> BTreeMap<&'d str, BTreeSet<String>> {
    let mut found: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for clock in &desk.incident.clocks {
        let was = before.clock(clock.id);
        if was.is_some_and(|was| !was.runs()) {
            continue; // What had ended before the change.
        }
        let cell = match &clock.state {
            ClockState::Running | ClockState::Met(_) if was.is_none() => {
                format!("due {}", minute(clock.due_at))
            }
            ClockState::Running => {
                let deadline = |clock: &Clock| (clock.started_at, clock.due_at, clock.lapses_at);
                assert_eq!(was.map(deadline), Some(deadline(clock)), "{} runs on as it was", clock.rule);
                "kept".to_owned()
            }
            ClockState::Met(_) => "met".to_owned(),
            ClockState::Replaced { by, why, .. } => {
                assert_eq!(*why, ReplacedWhy::Regraded, "{}", clock.rule);
                by.map_or("ends".to_owned(), |heir| heir_of(&desk.incident, clock, heir))
            }
        };
        found.entry(clock.rule.as_str()).or_default().insert(cell);
    }
    found
}

fn heir_of(incident: &Incident, old: &Clock, heir: fengsui_domain::id::ClockId) -> String {
    let heir = incident.clock(heir).unwrap();
    assert_eq!(heir.replaces, Some(old.id), "both name each other");
    assert_eq!(
        (&heir.of, &heir.step, heir.form),
        (&old.of, &old.step, old.form),
        "the same act of the same body"
    );
    format!("to {}", heir.rule)
}

/// What replaces an obligation because more is asked for is due no later than what it replaces.
fn no_time_was_bought(desk: &Desk, what: &str) {
    for heir in &desk.incident.clocks {
        let Some(old) = heir.replaces.and_then(|old| desk.incident.clock(old)) else { continue };
        assert!(
            heir.due_at <= old.due_at || old.lapsed_at.is_some(),
            "{what}: {} after {}",
            heir.rule,
            old.rule
        );
    }
}
