//! How long reading and checking all shipped packs takes. `cargo xtask bench plan-check` runs it in release.

use std::time::Instant;

use fengsui_wire::plan::{Library, Origin};

/// Runs, of which the median is told; the machine does other things too.
const RUNS: usize = 21;

fn main() {
    let files = Library::shipped_files();
    let mut times = Vec::new();
    let mut findings = 0;
    for _ in 0..RUNS {
        let started = Instant::now();
        findings = Library::default().add(Origin::Shipped, &files).len();
        times.push(started.elapsed());
    }
    times.sort_unstable();
    let (median, longest) = (times[RUNS / 2], times[RUNS - 1]);
    println!("all shipped packs      {} files, {findings} findings", files.len());
    println!(
        "read and checked       {median:.1?} (median of {RUNS}; longest {longest:.1?}; aim: at most 200 ms)"
    );
}
