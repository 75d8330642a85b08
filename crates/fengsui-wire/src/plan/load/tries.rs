//! Trying the options of defaults: what would be found if each were chosen.
//!
//! What depends on no choice is shared by all tries: the texts as nodes, the predicates as parsed. The tries are
//! spread over the processors of the machine; what they find is told in the order of the options.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread;

use fengsui_domain::plan::Plan;

use super::super::finding::{Code, Findings, Spot, quoted, say};
use super::super::options;
use super::Written;
use super::check::Effort;

/// Bytes read in trying every option of a pack, which is read once more for each: the shipped packs need
/// 124,000 × 28 = 3.5 million at most; ten times that take less than a second.
const MAX_TRIED_BYTES: usize = 35_000_000;

/// What became of one option.
struct Tried {
    found: Findings,
    /// It changes no rule.
    idle: bool,
}

impl Written<'_> {
    /// Tries every option that `plan` does not choose.
    pub(super) fn try_options(&self, plan: &Plan, paths: &[String], findings: &mut Findings) {
        let mut choices: Vec<(&str, &str)> = Vec::new();
        for default in &plan.defaults {
            let others = default.options.iter().filter(|option| Some(&option.id) != default.chosen.as_ref());
            choices.extend(others.map(|option| (default.id.as_str(), option.id.as_str())));
        }
        let bytes: usize = self.sources.iter().map(|source| source.len()).sum();
        if choices.len().saturating_mul(bytes) > MAX_TRIED_BYTES {
            return self.too_much(&choices, bytes, findings);
        }
        let tried = in_parallel(&choices, |choice| {
            let mut effort = Effort::of_option(plan, choices.len());
            let (other, found, _) = self.plan(Findings::new(paths.to_vec()), Some(*choice), &mut effort);
            let idle = other.is_some_and(|other| options::same_but_for_choices(other, plan));
            Tried { found, idle }
        });
        for (choice, Tried { found, idle }) in choices.into_iter().zip(tried) {
            findings.add_of_option(choice, found);
            if idle {
                let message = say(
                    format!("选项 {} 没有改变任何规则", quoted(choice.1)),
                    format!("the option {} changes no rule", quoted(choice.1)),
                );
                let place = format!("defaults/{}/options/{}", choice.0, choice.1);
                findings.add(Code::OptionIdle, self.spot_of(choice), &place, message, None);
            }
        }
    }

    fn too_much(&self, choices: &[(&str, &str)], bytes: usize, findings: &mut Findings) {
        let at = choices.first().map_or_else(Spot::default, |choice| self.spot_of(*choice));
        let count = choices.len();
        let message = say(
            format!("预案有 {bytes} 字节、{count} 个选项，逐一检验共须读 {MAX_TRIED_BYTES} 字节以上"),
            format!(
                "{count} options of a pack of {bytes} bytes are more than can be tried: {MAX_TRIED_BYTES} bytes are read for all of them"
            ),
        );
        let fix = say("减少选项或缩短预案", "take options away, or shorten the pack");
        findings.add(Code::Limit, at, "defaults", message, Some(fix));
    }

    /// Where an option stands.
    fn spot_of(&self, (default, option): (&str, &str)) -> Spot {
        options::of_files(&self.roots, default, option).map_or_else(Spot::default, |node| node.at)
    }
}

/// What `work` makes of each job, in the order of the jobs; every processor takes a share of them.
fn in_parallel<J: Sync, R: Send>(jobs: &[J], work: impl Fn(&J) -> R + Sync) -> Vec<R> {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let share = jobs.len().div_ceil(processors).max(1);
    thread::scope(|scope| {
        let shares: Vec<_> = jobs
            .chunks(share)
            .map(|jobs| scope.spawn(|| jobs.iter().map(&work).collect::<Vec<R>>()))
            .collect();
        shares
            .into_iter()
            .flat_map(|share| share.join().unwrap_or_else(|panic| resume_unwind(panic)))
            .collect()
    })
}
