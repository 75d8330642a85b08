//! What must be true of an incident whatever happens: checked by the simulation after every change, and by the store
//! before each state is written, also in production. A breach is a fault of ours; the change is refused then.

use std::collections::BTreeSet;

use crate::actor::By;
use crate::clock::{Clock, ClockState};
use crate::incident::{GradingKind, Incident};

/// A rule about an incident.
pub struct Invariant {
    /// Its name, which stands in logs and metrics.
    pub name: &'static str,
    /// What must be true.
    pub says: &'static str,
    holds: fn(&Incident) -> bool,
}

/// All of them.
pub const ALL: &[Invariant] = &[
    Invariant {
        name: "closed-has-no-running-clock",
        says: "An archived or withdrawn incident has no running clock.",
        holds: |incident| !incident.is_closed() || incident.running().next().is_none(),
    },
    Invariant {
        name: "clock-ids-are-unique",
        says: "No two clocks of an incident have one id.",
        holds: |incident| {
            let ids: BTreeSet<_> = incident.clocks.iter().map(|clock| clock.id).collect();
            ids.len() == incident.clocks.len()
        },
    },
    Invariant {
        name: "one-clock-per-duty",
        says: "No duty has two running clocks.",
        holds: one_clock_per_duty,
    },
    Invariant {
        name: "replaced-leads-on",
        says: "A clock that another took the place of is named by that one.",
        holds: |incident| incident.clocks.iter().all(|clock| leads_on(incident, clock)),
    },
    Invariant {
        name: "lapse-not-early",
        says: "No clock lapsed before its time.",
        holds: |incident| {
            let early = |clock: &Clock| clock.lapsed_at.is_some_and(|at| at < clock.lapses_at);
            !incident.clocks.iter().any(early)
        },
    },
    Invariant {
        name: "told-not-early",
        says: "Nobody was told of a duty before it was time.",
        holds: |incident| {
            let mut notices = incident.clocks.iter().flat_map(|clock| &clock.notices);
            notices.all(|notice| notice.told_at.is_none_or(|told| told >= notice.at))
        },
    },
    Invariant {
        name: "late-is-late",
        says: "A duty counts as done late if and only if it was done after it had lapsed.",
        holds: |incident| {
            incident.clocks.iter().all(|clock| match &clock.state {
                ClockState::Met(met) => met.late == (met.at > clock.lapses_at),
                _ => true,
            })
        },
    },
    Invariant {
        name: "due-after-start",
        says: "No clock is due before it started, or lapses before it is due.",
        holds: |incident| {
            let sound = |clock: &Clock| clock.started_at <= clock.due_at && clock.due_at <= clock.lapses_at;
            incident.clocks.iter().all(sound)
        },
    },
    Invariant {
        name: "level-not-by-the-node",
        says: "A level is confirmed or overridden by somebody, never by the node itself.",
        holds: |incident| {
            !incident.gradings.is_empty()
                && incident.gradings.iter().all(|grading| {
                    grading.kind == GradingKind::Provisional || !matches!(grading.by, By::Node { .. })
                })
        },
    },
];

/// The first rule that is broken, if one is.
pub fn broken(incident: &Incident) -> Option<&'static Invariant> {
    ALL.iter().find(|invariant| !(invariant.holds)(incident))
}

/// The first rule that a change broke. One that was broken before says nothing about the change: whoever works on
/// the incident must be able to go on.
pub fn newly_broken(before: Option<&Incident>, after: &Incident) -> Option<&'static Invariant> {
    let held = |invariant: &&Invariant| before.is_none_or(|before| (invariant.holds)(before));
    ALL.iter().filter(|invariant| !(invariant.holds)(after)).find(held)
}

fn one_clock_per_duty(incident: &Incident) -> bool {
    let same = |one: &Clock, other: &Clock| {
        (&one.rule, &one.of, &one.to, one.about, &one.step)
            == (&other.rule, &other.of, &other.to, other.about, &other.step)
    };
    let running: Vec<&Clock> = incident.running().collect();
    running.iter().enumerate().all(|(at, clock)| !running[..at].iter().any(|other| same(clock, other)))
}

fn leads_on(incident: &Incident, clock: &Clock) -> bool {
    match clock.state {
        ClockState::Replaced { by: Some(by), .. } => {
            incident.clock(by).is_some_and(|next| next.replaces == Some(clock.id))
        }
        _ => true,
    }
}
