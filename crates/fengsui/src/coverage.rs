//! `fengsui plan coverage`: for each clause, what carries it, or that nothing does.
//!
//! The answer is told by figures and a list of what is missing; it is no judgement, so it ends well whatever
//! it says. A register that cannot be read is refused as a whole.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use fengsui_domain::plan::Lang;
use fengsui_wire::plan::{ClauseRow, MAX_REGISTER_BYTES, Pack, Register, State, coverage, own_clauses};

use crate::exit::{Failure, Outcome, answer, print_json, print_line};

/// What stands in place of a kind where a clause has none.
const NO_KIND: &str = "-";

pub(crate) fn run(plan: Option<&str>, registers: &[PathBuf], json: bool) -> Outcome {
    let (library, asked) = crate::plan::at_hand(plan.as_slice())?;
    let packs: Vec<&Pack> =
        library.list().filter(|pack| asked.is_empty() || asked.contains(&pack.plan.id)).collect();
    let mut rows = Vec::new();
    if registers.is_empty() {
        for pack in &packs {
            rows.extend(coverage([*pack], &own_clauses(pack, Lang::Zh)));
        }
    }
    for path in registers {
        rows.extend(coverage(packs.iter().copied(), &read(path)?));
    }
    if json {
        print_json(&rows)?;
    } else {
        print(&rows)?;
    }
    Ok(answer(true))
}

fn read(path: &Path) -> Result<Register, Failure> {
    let name = path.display().to_string();
    let unreadable = |error: std::io::Error| Failure::usage(format!("{name}: {error}"));
    let mut bytes = Vec::new();
    // One byte more than the limit tells a file that is too long from one that just fits.
    let limit = u64::try_from(MAX_REGISTER_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    std::fs::File::open(path)
        .and_then(|file| file.take(limit).read_to_end(&mut bytes))
        .map_err(unreadable)?;
    Register::read(&bytes).map_err(|error| Failure::usage(format!("{name}: {error}")))
}

/// A table by kind, then the clauses that nothing carries.
fn print(rows: &[ClauseRow]) -> Result<(), Failure> {
    let mut kinds: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for row in rows {
        let kind = if row.kind.is_empty() { NO_KIND } else { &row.kind };
        let counts = kinds.entry(kind).or_default();
        for (state, count) in State::ALL.iter().zip(counts) {
            *count += usize::from(row.state == *state);
        }
    }
    let line = |name: &str, cells: [String; 4]| {
        let [executable, evidence, missing, all] = cells;
        print_line(&format!("{name:<16} {executable:>10} {evidence:>8} {missing:>7} {all:>7}"))
    };
    line("kind", ["executable", "evidence", "missing", "clauses"].map(str::to_owned))?;
    let mut sum = [0; 3];
    for (kind, counts) in &kinds {
        sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        line(kind, figures(*counts))?;
    }
    line("all", figures(sum))?;
    for row in rows.iter().filter(|row| row.state == State::Missing) {
        print_line(&format!("missing: {}  {}: {}", row.id, row.title, row.reason))?;
    }
    Ok(())
}

fn figures(counts: [usize; 3]) -> [String; 4] {
    let [executable, evidence, missing] = counts;
    [executable, evidence, missing, executable + evidence + missing].map(|count| count.to_string())
}
