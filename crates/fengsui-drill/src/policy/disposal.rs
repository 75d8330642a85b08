//! The disposal chain: drafted, verified, summed up, approved, carried out, by separate people.

use fengsui_domain::actor::Bodies;
use fengsui_domain::id::AccountId;
use fengsui_domain::incident::{
    Command, Disposal, DisposalDraft, DisposalState, DisposalVerdict, DraftStep, Finding, Phase,
};
use fengsui_domain::plan::{self, RoleId};
use fengsui_wire::plan::scenario::Work;

use super::{Situation, Task};

/// A disposal plan is wanted and was not carried out yet.
pub(super) fn pending(s: &Situation<'_>) -> bool {
    let done = |plan: &Disposal| plan.state == DisposalState::Done;
    s.conduct.disposal && s.plan.disposal.is_some() && !s.incident.disposals.last().is_some_and(done)
}

pub(super) fn tasks<'a>(s: &Situation<'a>, tasks: &mut Vec<Task<'a>>) {
    let Some(chain) = s.plan.disposal.as_ref().filter(|_| pending(s)) else { return };
    if !matches!(s.incident.phase, Phase::Responding(_)) {
        return;
    }
    match s.incident.disposals.last() {
        None => tasks.push(draft(s, chain)),
        Some(plan) => match plan.state {
            DisposalState::Drafted => check(s, chain, plan, tasks),
            DisposalState::Verified => tasks.push(approve(s, chain, plan)),
            DisposalState::Approved => tasks.extend(carry_out(s, chain, plan)),
            DisposalState::Failed
            | DisposalState::Returned
            | DisposalState::Rejected
            | DisposalState::Done => {}
        },
    }
}

fn draft<'a>(s: &Situation<'a>, chain: &'a plan::Disposal) -> Task<'a> {
    let words = s.words;
    let step = move |zh, en| DraftStep { text: words.say(zh, en), needs: String::new() };
    Task::new("disposal draft", Work::Plan, &chain.draft.by, move |_| Command::DraftDisposal {
        draft: DisposalDraft {
            steps: vec![
                step("隔离受影响主机", "isolate the machines concerned"),
                step("从备份恢复并更换口令", "restore from backup and change the passwords"),
            ],
            resources: words.say("备用防火墙一台", "one spare firewall"),
            risks: words.say("业务中断约一小时", "about an hour without service"),
            rollback: words.say("切回原系统", "switch back to the old system"),
        },
    })
}

fn check<'a>(s: &Situation<'a>, chain: &'a plan::Disposal, plan: &'a Disposal, tasks: &mut Vec<Task<'a>>) {
    let words = s.words;
    let taken = |kind: &RoleId| manned(s, kind);
    let open: Vec<RoleId> = plan.without_finding(&chain.verify.by).into_iter().filter(taken).collect();
    let open = if chain.sum_up.is_none() { open.into_iter().take(1).collect() } else { open };
    let before = [plan.drafted.person.account].into_iter();
    let verified = plan.verifications.iter().map(|known| known.signed.person.account);
    let apart: Vec<AccountId> = before.chain(verified).collect();
    if let (true, Some(sum_up)) = (open.is_empty(), &chain.sum_up) {
        let task = Task::new(format!("sum up {}", plan.id), Work::Plan, &sum_up.by, move |_| {
            let remarks = words.say("汇总各方意见，可行", "the findings together: it will do");
            Command::SumUpDisposal { disposal: plan.id, pass: true, remarks }
        });
        return tasks.push(task.apart([plan.drafted.person.account]));
    }
    // One after another, so that each is by somebody else.
    if let Some(kind) = open.into_iter().next() {
        let key = format!("verify {} {kind}", plan.id);
        let by = [kind.clone()];
        let task = Task::new(key, Work::Plan, &by, move |_| Command::VerifyDisposal {
            disposal: plan.id,
            of: Some(kind.clone()),
            finding: Finding::Pass,
            remarks: words.say("可行", "it will do"),
        });
        tasks.push(task.apart(apart));
    }
}

/// Somebody can act for this body.
fn manned(s: &Situation<'_>, body: &RoleId) -> bool {
    let headquarters = s.incident.has_headquarters();
    let bodies = Bodies { plan: s.plan, headquarters, manned: s.cast.manned() };
    bodies.acting(std::slice::from_ref(body)).iter().any(|acting| s.cast.manned().contains(acting))
}

fn checkers(plan: &Disposal) -> impl Iterator<Item = AccountId> + '_ {
    let verified = plan.verifications.iter().map(|known| known.signed.person.account);
    verified.chain(plan.summing_up.iter().map(|summed| summed.signed.person.account))
}

fn approve<'a>(s: &Situation<'a>, chain: &'a plan::Disposal, plan: &'a Disposal) -> Task<'a> {
    let words = s.words;
    let task = Task::new(format!("approve {}", plan.id), Work::Plan, &chain.approve.by, move |_| {
        let reason = words.say("批准实施", "approved");
        Command::DecideDisposal { disposal: plan.id, verdict: DisposalVerdict::Approve, reason }
    });
    task.apart(checkers(plan).chain([plan.drafted.person.account]))
}

fn carry_out<'a>(s: &Situation<'a>, chain: &'a plan::Disposal, plan: &'a Disposal) -> Option<Task<'a>> {
    let step = plan.open_steps().next()?;
    let words = s.words;
    let key = format!("disposal step {} {step}", plan.id);
    let task = Task::new(key, Work::Step, &chain.execute.by, move |moment| Command::DoDisposalStep {
        disposal: plan.id,
        step,
        at: moment.now,
        result: words.say("完成，检查正常", "done and checked"),
        grant: None,
    });
    Some(task.apart(checkers(plan).chain(plan.decided.iter().map(|signed| signed.person.account))))
}
