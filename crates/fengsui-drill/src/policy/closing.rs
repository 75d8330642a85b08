//! Review, filing, the archive.

use std::collections::BTreeMap;

use fengsui_domain::incident::{AskedFiling, Command, Order, Phase, Reviewed, Run};
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
    for asked in reviewed.filings(s.plan) {
        let Some(filing) = asked.made else { return Some(file(s, &asked)) };
        if let Some(of) = filing.without_receipt(asked.rule).first() {
            return Some(receipt(s, &asked, of).since(filing.signed.at));
        }
    }
    may_be_sealed(s).then(|| Task::new("archive", Work::Archive, leads(s), |_| Command::Archive))
}

fn file<'a>(s: &Situation<'a>, asked: &AskedFiling<'a>) -> Task<'a> {
    let (words, plan) = (s.words, asked.plan);
    let key = format!("file{}", plan.map(|plan| format!(" {plan}")).unwrap_or_default());
    Task::new(key, Work::File, &asked.rule.by, move |_| Command::File {
        summary: words.say("处置过程和结果", "how it was handled, and with what result"),
        plan: plan.cloned(),
    })
}

/// The receipt of this addressee where each gives one, else of any.
fn receipt<'a>(s: &Situation<'a>, asked: &AskedFiling<'a>, of: &'a RoleId) -> Task<'a> {
    let (words, plan, each) = (s.words, asked.plan, asked.rule.to_each);
    let by = if each { std::slice::from_ref(of) } else { &asked.rule.to };
    let front = plan.map(|plan| format!("{plan} ")).unwrap_or_default();
    let key =
        if each { format!("receipt of filing {front}{of}") } else { format!("receipt of filing {front}") };
    let task = Task::new(key, Work::Receipt, by, move |moment| Command::ReceiptFiling {
        at: moment.done_at,
        reference: words.say("备案 17", "filing 17"),
        plan: plan.cloned(),
        of: each.then(|| of.clone()),
    });
    if each { task.or_recorded_by(&asked.rule.by) } else { task }
}

fn may_be_sealed(s: &Situation<'_>) -> bool {
    let incident = s.incident;
    let orders = !incident.orders.iter().any(Order::is_open);
    let playbooks = !incident.runs.iter().any(Run::runs);
    let told = incident.publications.iter().all(|publication| publication.released.is_some());
    let owed = incident.review_report_owed() || incident.derived_open() > 0;
    orders && playbooks && (told || !s.conduct.publish) && !owed
}
