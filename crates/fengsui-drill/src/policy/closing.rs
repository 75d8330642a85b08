//! Review, filing, the archive.

use std::collections::BTreeMap;

use fengsui_domain::incident::{Command, Order, Phase, Reviewed, Run};
use fengsui_domain::plan::RoleId;
use fengsui_wire::plan::scenario::Work;

use super::{Situation, Task};

pub(super) fn tasks<'a>(s: &Situation<'a>, tasks: &mut Vec<Task<'a>>) {
    match &s.incident.phase {
        Phase::Ended(ended) => tasks.push(review(s).since(ended.ended_at)),
        Phase::Reviewed(reviewed) => tasks.extend(after_review(s, reviewed)),
        _ => {}
    }
}

fn leads<'a>(s: &Situation<'a>) -> &'a [RoleId] {
    s.incident.review_lead(s.plan).map_or(&s.plan.grading.confirmed_by, |lead| &lead.by)
}

fn review<'a>(s: &Situation<'a>) -> Task<'a> {
    let words = s.words;
    let topics = &s.plan.review.topics;
    Task::new("review", Work::Review, leads(s), move |_| Command::Review {
        topics: topics
            .iter()
            .map(|topic| (topic.id.clone(), words.marked(&topic.title)))
            .collect::<BTreeMap<_, _>>(),
        plan_change: String::new(),
    })
}

fn after_review<'a>(s: &Situation<'a>, reviewed: &'a Reviewed) -> Option<Task<'a>> {
    let words = s.words;
    if let Some(rule) = &s.plan.filing {
        let Some(filing) = &reviewed.filing else {
            return Some(Task::new("file", Work::File, &rule.by, move |_| Command::File {
                summary: words.say("处置过程和结果", "how it was handled, and with what result"),
            }));
        };
        if filing.receipt.is_none() {
            let task = Task::new("receipt of filing", Work::Receipt, &rule.to, move |moment| {
                let reference = words.say("备案 17", "filing 17");
                Command::ReceiptFiling { at: moment.done_at, reference }
            });
            return Some(task.since(filing.signed.at));
        }
    }
    may_be_sealed(s).then(|| Task::new("archive", Work::Archive, leads(s), |_| Command::Archive))
}

fn may_be_sealed(s: &Situation<'_>) -> bool {
    let incident = s.incident;
    let orders = !incident.orders.iter().any(Order::is_open);
    let playbooks = !incident.runs.iter().any(Run::runs);
    let told = incident.publications.iter().all(|publication| publication.released.is_some());
    let owed = incident.review_report_owed() || incident.derived_open() > 0;
    orders && playbooks && (told || !s.conduct.publish) && !owed
}
