//! Whatever is done under two plans together, each asks for exactly what it asks for alone: in the view of
//! obligations for any answers, and on an incident that is regraded, answered, responded to, ended and reviewed.

use std::collections::{BTreeMap, BTreeSet};

use fengsui_domain::clock::{Clock, ClockState};
use fengsui_domain::expr::{Answers, Truth};
use fengsui_domain::incident::{Command, Phase};
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::obligation::{Circumstances, obligations};
use fengsui_domain::plan::{ClockMeets, FactId, Form, Plan, PlanId, RuleId, own_name, together};
use proptest::prelude::*;
use proptest::sample::Index;

use super::clocks::{onward, value};
use crate::deadlines::everybody;
use crate::desk::{DUTY_ROOM, Desk, at, mark, office, report};
use crate::together::{EGOV, INTERNET, NATIONAL, attach, detach, of, opened, pack, under};

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

/// Two different ones of these packs, the first leading.
fn pairs(packs: &'static [&'static str]) -> impl Strategy<Value = (&'static str, &'static str)> {
    let all = packs.iter().flat_map(|a| packs.iter().filter(move |b| a != *b).map(move |b| (*a, *b)));
    prop::sample::select(all.collect::<Vec<_>>())
}

const CITY: &[&str] = &[INTERNET, EGOV, NATIONAL];
const ALL: &[&str] = &[INTERNET, EGOV, NATIONAL, "cn-reporting-2025", "eu-nis2", "eu-dora"];

/// What the facts of a plan beside another one are called in the whole; the leading plan's keep their names.
fn names(whole: &Plan, lead: &Plan, other: &Plan) -> BTreeMap<FactId, FactId> {
    let says =
        |plan: &Plan, of: &PlanId| plan.beside.get(of).map(|beside| beside.facts.clone()).unwrap_or_default();
    let (own, seen) = (says(other, &lead.id), says(lead, &other.id));
    let name = |fact: &FactId| {
        let apart = FactId::new(format!("{}~{fact}", other.id));
        let shared = own.get(fact).or_else(|| seen.iter().find(|(_, to)| *to == fact).map(|(from, _)| from));
        if whole.facts.contains_key(&apart) { apart } else { shared.expect("one name or the other").clone() }
    };
    other.facts.keys().map(|fact| (fact.clone(), name(fact))).collect()
}

/// The rules of one plan that apply or may, as its own pack calls them.
fn asked(plan: &Plan, of: &str, known: &Circumstances) -> BTreeSet<(String, bool)> {
    let duties = obligations(plan, known).duties;
    let own = duties.iter().filter(|duty| plan.clock(&duty.rule).unwrap().clause.document() == of);
    own.map(|duty| (own_name(&duty.rule).1.to_owned(), duty.truth == Truth::True)).collect()
}

/// Clocks of one document, whoever owes them: two bodies of a plan beside may be one body of the leading one.
fn of_document(desk: &Desk, document: &str, leads: bool) -> BTreeSet<String> {
    let own = desk.incident.clocks.iter().filter(|clock| clock.clause.document() == document);
    let asks = |rule: &RuleId| {
        !leads && desk.plan.clock(rule).is_some_and(|rule| rule.met_by == ClockMeets::ResponseRequested)
    };
    let told = own.map(|clock| {
        let rule = own_name(&clock.rule).1;
        // Whom the steps of the response ask is for the leading plan to say, so this one is met in another way.
        if asks(&clock.rule) {
            return rule.to_owned();
        }
        let became = match &clock.state {
            ClockState::Running => format!("runs, lapsed {:?}", clock.lapsed_at),
            ClockState::Met(met) => format!("met at {} late {}", met.at, met.late),
            ClockState::Replaced { at, why, .. } => format!("replaced at {at}: {why:?}"),
        };
        format!("{rule} {} {} {became}", clock.started_at, clock.lapses_at)
    });
    told.collect()
}

/// Something done in the same way under one plan, under the other, and under both.
#[derive(Clone, Debug)]
enum Deed {
    Grade(IncidentLevel),
    Answer(Index, Index),
    Onward,
    Aware(i64),
    Wait(i64),
    Kill,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        3 => prop::sample::select(IncidentLevel::ALL.to_vec()).prop_map(Deed::Grade),
        3 => (any::<Index>(), any::<Index>()).prop_map(|(fact, dice)| Deed::Answer(fact, dice)),
        3 => Just(Deed::Onward),
        1 => (-60_i64..1).prop_map(Deed::Aware),
        3 => (0_i64..90).prop_map(Deed::Wait),
        1 => Just(Deed::Kill),
    ]
}

/// What a deed comes to under a plan that calls the facts of the whole so.
fn commands(deed: &Deed, desk: &Desk, whole: &Plan, names: &BTreeMap<FactId, FactId>) -> Vec<Command> {
    let text = || "text".to_owned();
    match deed {
        Deed::Grade(level) => vec![Command::Grade { level: *level, reason: text() }],
        Deed::Answer(fact, dice) => {
            let facts: Vec<_> = whole.facts.iter().collect();
            let (id, fact) = fact.get(&facts);
            let own = names.iter().find(|(_, name)| name == id).map(|(own, _)| own.clone());
            let answer =
                |own| Command::Answer { answers: BTreeMap::from([(own, (value(fact, *dice), text()))]) };
            own.map(answer).into_iter().collect()
        }
        // Filing and archive come after: each plan has a filing of its own.
        Deed::Onward if matches!(desk.incident.phase, Phase::Reviewed(_)) => Vec::new(),
        Deed::Onward => onward(desk),
        Deed::Aware(ago) => {
            let at = desk.now + jiff::SignedDuration::from_mins(*ago);
            vec![Command::RecordAwareness { body: crate::desk::role("unit"), at }]
        }
        Deed::Wait(_) | Deed::Kill => Vec::new(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// At a given level the view of both asks for all that the view of each asks for, and for nothing more.
    #[test]
    fn the_view_of_both_is_that_of_each(
        (lead, other) in pairs(ALL),
        level in prop::sample::select(IncidentLevel::ALL.to_vec()),
        response in prop::option::of(prop::sample::select(IncidentLevel::ALL.to_vec())),
        dice in prop::collection::vec((any::<bool>(), any::<Index>()), 64..65),
    ) {
        let (a, b) = (pack(lead), pack(other));
        let whole = together(&a, &[&b]).unwrap();
        let answered = whole.facts.iter().zip(dice.iter().cycle()).filter(|(_, (known, _))| *known);
        let facts: Answers = answered.map(|((id, fact), (_, dice))| (id.clone(), value(fact, *dice))).collect();
        let alone = |names: &BTreeMap<FactId, FactId>| -> Answers {
            let known = names.iter().filter_map(|(own, name)| Some((own.clone(), facts.get(name)?.clone())));
            known.collect()
        };
        let known = |facts: Answers| Circumstances { facts, level: Some(level), response };
        let both = known(facts.clone());
        let own: BTreeMap<FactId, FactId> = a.facts.keys().map(|fact| (fact.clone(), fact.clone())).collect();
        prop_assert_eq!(asked(&whole, lead, &both), asked(&a, lead, &known(alone(&own))));
        let theirs = names(&whole, &a, &b);
        prop_assert_eq!(asked(&whole, other, &both), asked(&b, other, &known(alone(&theirs))));
        let documents: BTreeSet<&str> = whole.clocks.iter().map(|rule| rule.clause.document()).collect();
        prop_assert_eq!(documents, BTreeSet::from([lead, other]), "each duty shows whose it is");
    }

    /// The same on an incident, whichever of the two leads: regraded, answered, responded to, ended, reviewed.
    #[test]
    fn the_clocks_of_both_are_those_of_each(
        (lead, other) in pairs(CITY),
        level in prop::sample::select(IncidentLevel::ALL.to_vec()),
        deeds in prop::collection::vec(deed(), 1..24),
    ) {
        let (a, b) = (pack(lead), pack(other));
        let both = opened(&[lead, other], level);
        let whole = both.plan.clone();
        let own: BTreeMap<FactId, FactId> = a.facts.keys().map(|fact| (fact.clone(), fact.clone())).collect();
        let all: BTreeMap<FactId, FactId> = whole.facts.keys().map(|fact| (fact.clone(), fact.clone())).collect();
        let theirs = names(&whole, &a, &b);
        let single = |id| Desk::opened_under(pack(id), of(id, level)).unwrap();
        let mut desks = [(both, all), (single(lead), own), (single(other), theirs)];
        desks.iter_mut().for_each(|(desk, _)| desk.manned = desk.plan.roles.keys().cloned().collect());
        let mut now = 0;
        for deed in deeds {
            if let Deed::Wait(more) = deed {
                now += more;
            }
            for (desk, names) in &mut desks {
                desk.at(now);
                desk.tick();
                if matches!(deed, Deed::Kill) {
                    desk.restart();
                }
                let people = [everybody(&desk.plan, "first"), everybody(&desk.plan, "second")];
                for (turn, command) in commands(&deed, desk, &whole, names).into_iter().enumerate() {
                    let _ = desk.tries(&people[turn % 2], command);
                }
                desk.tick();
            }
            let [(both, _), (lead_alone, _), (other_alone, _)] = &desks;
            prop_assert_eq!(both.incident.phase.name(), lead_alone.incident.phase.name());
            prop_assert_eq!(both.incident.phase.name(), other_alone.incident.phase.name());
            prop_assert_eq!(of_document(both, lead, true), of_document(lead_alone, lead, true), "{} leads", lead);
            prop_assert_eq!(of_document(both, other, false), of_document(other_alone, other, false), "{} beside {}", other, lead);
        }
    }
}
