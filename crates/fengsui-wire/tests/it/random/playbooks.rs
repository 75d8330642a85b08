//! Whatever people do with the playbooks, in whatever order: every run can still be brought to its end.

use fengsui_domain::id::RunId;
use fengsui_domain::incident::Command;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::desk::speaker;
use crate::playbooks::{done, finish, opened, plan, playbook, start, take, waive};

/// Something somebody may try; most of it is refused.
#[derive(Clone, Debug)]
enum Attempt {
    Start(Index),
    Take(Index, Index, Index),
    Do(Index, Index),
    Skip(Index, Index),
    Waive(Index, Index),
    Swap(Index, Index),
    Stop(Index),
    Mark(bool),
    Wait(i64),
    Withdraw(Index),
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let index = any::<Index>;
    prop_oneof![
        2 => index().prop_map(Attempt::Start),
        8 => (index(), index(), index()).prop_map(|(run, step, branch)| Attempt::Take(run, step, branch)),
        2 => (index(), index()).prop_map(|(run, step)| Attempt::Do(run, step)),
        3 => (index(), index()).prop_map(|(run, step)| Attempt::Skip(run, step)),
        2 => (index(), index()).prop_map(|(run, step)| Attempt::Waive(run, step)),
        3 => (index(), index()).prop_map(|(run, step)| Attempt::Swap(run, step)),
        1 => index().prop_map(Attempt::Stop),
        1 => any::<bool>().prop_map(Attempt::Mark),
        2 => (0_i64..200).prop_map(Attempt::Wait),
        1 => index().prop_map(Attempt::Withdraw),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_run_is_ever_without_an_end(fault in any::<bool>(), attempts in prop::collection::vec(attempt(), 1..60)) {
        let mut desk = opened(if fault { "fault" } else { "attack" }, "website");
        let bodies: Vec<String> = plan().roles.keys().map(ToString::to_string).collect();
        let bodies: Vec<&str> = bodies.iter().map(String::as_str).collect();
        let everybody = speaker("everybody", &bodies);
        let mut minute = 0;
        let reason = || "because".to_owned();
        for attempt in attempts {
            let runs: Vec<RunId> = desk.incident.runs.iter().filter(|run| run.runs()).map(|run| run.id).collect();
            if let Attempt::Start(which) = &attempt {
                let books = plan().playbooks;
                let _ = desk.tries(&everybody, start(which.get(&books).id.as_str(), minute));
                continue;
            }
            if let Attempt::Wait(more) = attempt {
                minute += more;
                desk.at(minute);
                desk.tick();
                continue;
            }
            if runs.is_empty() {
                continue;
            }
            let pick = |run: &Index, step: &Index| {
                let id = *run.get(&runs);
                (id, step.get(&playbook(&desk, id).steps).clone())
            };
            let command = match &attempt {
                Attempt::Take(run, step, branch) => {
                    let (id, step) = pick(run, step);
                    take(&mut desk, id, &step, &mut |ask| branch.get(&ask.branches).id.clone());
                    continue;
                }
                Attempt::Do(run, step) => {
                    let (id, step) = pick(run, step);
                    done(&desk, id, step.id.as_str())
                }
                Attempt::Skip(run, step) => {
                    let (run, step) = pick(run, step);
                    Command::SkipStep { run, step: step.id, reason: reason() }
                }
                Attempt::Waive(run, step) => {
                    let (id, step) = pick(run, step);
                    waive(id, step.id.as_str(), "because")
                }
                Attempt::Swap(run, step) => {
                    let (run, step) = pick(run, step);
                    let Some(before) = step.urgent_before.first().cloned() else { continue };
                    Command::SwapSteps { run, step: step.id, before, reason: reason() }
                }
                Attempt::Stop(run) => Command::StopPlaybook { run: *run.get(&runs), reason: reason() },
                Attempt::Mark(set) => crate::desk::act_mark("virus_beyond_control", *set),
                Attempt::Withdraw(which) => {
                    if desk.incident.grants.is_empty() {
                        continue;
                    }
                    let grant = which.get(&desk.incident.grants).id;
                    Command::WithdrawGrant { grant, reason: reason() }
                }
                Attempt::Start(_) | Attempt::Wait(_) => continue,
            };
            let _ = desk.tries(&everybody, command);
        }
        let open: Vec<RunId> = desk.incident.runs.iter().filter(|run| run.runs()).map(|run| run.id).collect();
        for id in open {
            finish(&mut desk, id, &mut |ask| ask.branches[0].id.clone());
        }
    }
}
