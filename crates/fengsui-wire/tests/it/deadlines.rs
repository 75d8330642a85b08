//! Every deadline of the three plans, as tables that a lawyer can read, run by the engine.
//!
//! The tables stand in `deadlines/*.md`: for each case which obligations exist and no others, under which clause, who
//! owes them to whom, in which form, from which recorded fact, by when, and what meets them; then what becomes of each
//! when the level, a mark or a fact changes. Here every row is brought about with real commands under the real pack,
//! met in the last instant, met too late, and regraded. A clock of a pack without a row for each branch of its
//! condition fails the test. Standing duties have their table in [`crate::duties`].

mod case;
mod changes;
mod complete;
mod meet;
mod table;

use std::collections::BTreeSet;

use fengsui_domain::clock::{Clock, ClockState};
use fengsui_domain::plan::RoleId;

use crate::desk::{Desk, at, minute};
pub(crate) use case::{Case, change, everybody};
use meet::{Last, meets};
use table::{Row, Tables};

const NATIONAL: &str = include_str!("deadlines/national-2017.md");
const INTERNET: &str = include_str!("deadlines/jincheng-internet-2008.md");
const EGOV: &str = include_str!("deadlines/jincheng-egov-2008.md");

/// A clock in the words of the tables, for comparison and for messages.
fn told(desk: &Desk, clock: &Clock) -> String {
    let rule = desk.plan.clock(&clock.rule).unwrap();
    let join = |roles: &[RoleId]| roles.iter().map(RoleId::as_str).collect::<Vec<_>>().join(" or ");
    Row {
        clause: clock.clause.number().to_owned(),
        duty: clock.rule.to_string(),
        of: vec![clock.of.to_string()],
        to: vec![join(&clock.to)],
        form: table::form(clock.form).to_owned(),
        starts: table::starts(clock.starts).to_owned(),
        from: minute(clock.started_at),
        due: minute(clock.due_at),
        lapses: minute(clock.lapses_at),
        ours: rule.is_default,
        met_by: table::met_by(rule),
    }
    .told()
}

/// In each case exactly the obligations of the table exist, with their instants.
fn every_case(text: &str) {
    let tables = Tables::read(text);
    for (case, rows) in &tables.cases {
        let desk = Case::read(case).open(&tables.plan);
        let found: BTreeSet<String> = desk.incident.running().map(|clock| told(&desk, clock)).collect();
        let expected: BTreeSet<String> = rows.all.iter().flat_map(Row::each).map(|row| row.told()).collect();
        let missing: Vec<_> = expected.difference(&found).collect();
        let surplus: Vec<_> = found.difference(&expected).collect();
        assert!(
            missing.is_empty() && surplus.is_empty(),
            "{} `{case}`: asked for, not there: {missing:#?}; there, not in the table: {surplus:#?}",
            tables.plan
        );
    }
}

/// What the rule names meets the obligation: in the last instant in time, a minute later too late for ever.
fn every_row_is_met(text: &str) {
    let tables = Tables::read(text);
    for (case, rows) in &tables.cases {
        let open = Case::read(case).open(&tables.plan);
        for row in rows.own.iter().flat_map(Row::each) {
            let to = row.to[0].split(" or ").next().unwrap().to_owned();
            let clock = open.clock(&row.duty, &row.of[0], &to).id;
            for last in [Last::InTime, Last::TooLate] {
                let what = format!("{} `{case}`: {} {}, {last:?}", tables.plan, row.clause, row.duty);
                let (desk, done) = meets(&open, clock, row.lapses, last);
                let known = desk.incident.clock(clock).unwrap();
                let ClockState::Met(met) = &known.state else { panic!("{what}: {:?}", known.state) };
                assert_eq!((met.at, met.late), (at(done), last == Last::TooLate), "{what}");
                // An act in time that is recorded later leaves the lapse in the record.
                let lapsed = (desk.now > at(row.lapses)).then(|| at(row.lapses));
                assert_eq!(known.lapsed_at, lapsed, "{what}");
                assert_eq!(minute(known.due_at), row.due, "{what}: meeting it moves no deadline");
            }
        }
    }
}

#[test]
fn national_2017_asks_for_exactly_this() {
    every_case(NATIONAL);
}

#[test]
fn national_2017_is_met_by_exactly_this() {
    every_row_is_met(NATIONAL);
}

#[test]
fn national_2017_when_something_changes() {
    changes::every_change(NATIONAL);
}

#[test]
fn national_2017_has_a_row_for_every_deadline() {
    complete::every_clock_has_its_rows(NATIONAL);
}

#[test]
fn jincheng_internet_2008_asks_for_exactly_this() {
    every_case(INTERNET);
}

#[test]
fn jincheng_internet_2008_is_met_by_exactly_this() {
    every_row_is_met(INTERNET);
}

#[test]
fn jincheng_internet_2008_when_something_changes() {
    changes::every_change(INTERNET);
}

#[test]
fn jincheng_internet_2008_has_a_row_for_every_deadline() {
    complete::every_clock_has_its_rows(INTERNET);
}

#[test]
fn jincheng_egov_2008_asks_for_exactly_this() {
    every_case(EGOV);
}

#[test]
fn jincheng_egov_2008_is_met_by_exactly_this() {
    every_row_is_met(EGOV);
}

#[test]
fn jincheng_egov_2008_when_something_changes() {
    changes::every_change(EGOV);
}

#[test]
fn jincheng_egov_2008_has_a_row_for_every_deadline() {
    complete::every_clock_has_its_rows(EGOV);
}
