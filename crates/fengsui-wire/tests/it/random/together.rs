//! Whatever is done under two plans together, each asks for exactly what it asks for alone.

use std::collections::BTreeSet;

use fengsui_domain::clock::{Clock, ClockState};
use fengsui_domain::incident::Command;
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::plan::Form;
use proptest::prelude::*;

use crate::desk::{DUTY_ROOM, Desk, at, mark, office, report};
use crate::together::{EGOV, INTERNET, attach, detach, of, opened, pack, under};

/// Something that changes what is owed, under whichever plan.
#[derive(Clone, Copy, Debug)]
enum Act {
    Grade(IncidentLevel),
    Special(bool),
    Report(Form, &'static str, &'static str),
    Wait(i64),
    Kill,
}

fn act() -> impl Strategy<Value = Act> {
    let form = prop_oneof![Just(Form::Oral), Just(Form::Written)];
    let way = prop_oneof![
        Just(("unit", DUTY_ROOM)),
        Just(("security-office", "leading-group")),
        Just(("security-office", "city-government-duty-room")),
    ];
    prop_oneof![
        3 => prop::sample::select(IncidentLevel::ALL.to_vec()).prop_map(Act::Grade),
        1 => any::<bool>().prop_map(Act::Special),
        3 => (form, way).prop_map(|(form, (of, to))| Act::Report(form, of, to)),
        3 => (0_i64..90).prop_map(Act::Wait),
        1 => Just(Act::Kill),
    ]
}

/// Clocks of one document as anybody would tell them: what, whose, since when, until when, what became of it.
fn told(desk: &Desk, document: &str) -> BTreeSet<String> {
    let own = desk.incident.clocks.iter().filter(|clock| clock.clause.document() == document);
    own.map(|clock| {
        let Clock { rule, of, to, started_at, lapses_at, lapsed_at, .. } = clock;
        let became = match &clock.state {
            ClockState::Running => "runs".to_owned(),
            ClockState::Met(met) => format!("met at {} late {}", met.at, met.late),
            ClockState::Replaced { at, why, .. } => format!("replaced at {at}: {why:?}"),
        };
        format!("{rule} {of} {to:?} {started_at} {lapses_at} {lapsed_at:?} {became}")
    })
    .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// The internet plan leads; the e-government plan comes and goes beside it and changes nothing of it.
    #[test]
    fn no_plan_cancels_duties_of_another(
        level in prop::sample::select(IncidentLevel::ALL.to_vec()),
        acts in prop::collection::vec((act(), any::<bool>()), 1..24),
    ) {
        let mut alone = Desk::opened_under(pack(INTERNET), of(INTERNET, level)).unwrap();
        let mut both = opened(&[INTERNET, EGOV], level);
        for desk in [&mut alone, &mut both] {
            desk.does(&office(), Command::Verify { basis: "seen".to_owned() });
        }
        let (mut now, mut attached) = (0, true);
        for (act, turn) in acts {
            if let Act::Wait(more) = act {
                now += more;
            }
            for desk in [&mut alone, &mut both] {
                desk.at(now);
                match act {
                    Act::Grade(level) => {
                        desk.grade(level);
                    }
                    Act::Special(set) => {
                        desk.does(&office(), mark(set));
                    }
                    Act::Report(form, of, to) => {
                        // A report that only the other plan's bodies can take is none under this one.
                        if desk.plan.roles.contains_key(&crate::desk::role(to)) {
                            desk.does(&office(), report(form, of, to, at(now)));
                        }
                    }
                    Act::Wait(_) => {
                        desk.tick();
                    }
                    Act::Kill => desk.restart(),
                }
            }
            if turn {
                under(&mut both, if attached { &[INTERNET] } else { &[INTERNET, EGOV] });
                both.does(&office(), if attached { detach(EGOV) } else { attach(EGOV) });
                attached = !attached;
            }
            for desk in [&mut alone, &mut both] {
                desk.tick();
            }
            prop_assert_eq!(told(&both, INTERNET), told(&alone, INTERNET));
            let owes = both.incident.running().any(|clock| clock.clause.document() == EGOV);
            prop_assert!(attached || !owes, "a plan that is off asks for nothing");
        }
    }
}
