//! How long reading and checking all shipped packs takes. `cargo xtask bench plan-check` runs it in release.

use std::time::{Duration, Instant};

use fengsui_wire::plan::{Library, Origin};
use jiff::civil::{Date, date};

/// Runs, of which the median is told; the machine does other things too.
const RUNS: usize = 21;
/// The day from which the packs are to be relied on, so that every run of this program checks the same.
const DAY: Date = date(2026, 1, 1);

fn main() {
    let files = Library::shipped_files();
    println!("all shipped packs      {} files", files.len());
    time("read to be used", "", || Library::default().add(Origin::Shipped, &files).len());
    time("plan check", "; aim: at most 200 ms", || Library::check(&files, Some(DAY)).len());
    match peak_memory_mib() {
        Some(peak) => println!("peak memory            {peak:.1} MiB"),
        None => println!("peak memory            the system does not say"),
    }
}

/// Prints how long a work takes that makes so many findings.
fn time(name: &str, aim: &str, work: impl Fn() -> usize) {
    let mut findings = 0;
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..RUNS {
        let started = Instant::now();
        findings = work();
        times.push(started.elapsed());
    }
    times.sort_unstable();
    let (shortest, median, longest) = (times[0], times[RUNS / 2], times[RUNS - 1]);
    println!(
        "{name:<22} {median:.1?} (median of {RUNS}, from {shortest:.1?} to {longest:.1?}{aim}), {findings} findings"
    );
}

/// The most memory this process ever had in use, by the account of a Linux kernel.
fn peak_memory_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kib = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().strip_suffix(" kB")?;
    Some(kib.parse::<f64>().ok()? / 1024.0)
}
