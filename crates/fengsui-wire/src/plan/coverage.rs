//! Coverage: which clauses are carried by a rule that a test ran, which by a record that is kept, which not.
//!
//! Nothing here is typed in by hand. The rules come from the packs ([`citations()`]), the tests from the lists
//! that `cargo xtask coverage` writes while it runs them ([`tested()`]). A rule that no test ran carries
//! nothing, and settlements of ours (`defaults/`) never do. A pack of the operator's own has no list: its
//! rules are named, and its clauses are `missing` until somebody tests them.

use std::collections::{BTreeMap, BTreeSet};

use fengsui_domain::plan::{Clause, Kept, Lang};

use super::citations;
use super::library::{Library, Origin, Pack};

mod register;
mod tested;

pub use register::{MAX_REGISTER_BYTES, MAX_REGISTER_CLAUSES, Register, RegisterError, RegisterRow};
pub use tested::tested;

/// What becomes of a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = CoverageState)]
pub enum State {
    /// A rule of a pack names it, and a test ran that rule through the engine.
    Executable,
    /// A duty of an organisation whose proof the software keeps.
    Evidence,
    /// Neither.
    Missing,
}

impl State {
    /// Every state, in order.
    pub const ALL: [Self; 3] = [Self::Executable, Self::Evidence, Self::Missing];

    /// Its stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Executable => "executable",
            Self::Evidence => "evidence",
            Self::Missing => "missing",
        }
    }
}

/// One thing that carries a clause.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(untagged)]
#[schema(as = CoverageCarried)]
pub enum Carried {
    /// A rule, and tests that ran it: the most particular ones, 3 at most.
    Rule {
        /// The pack.
        plan: String,
        /// Where in the pack, such as `clocks/unit-report`.
        rule: String,
        /// The tests, as `crate::binary module::name`.
        tests: Vec<String>,
    },
    /// A record that is kept.
    Record {
        /// The pack that says so.
        plan: String,
        /// What is kept, a word of the pack's `evidence`.
        keeps: String,
        /// Method and path where it is read or written.
        route: String,
    },
}

/// What becomes of one clause.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[schema(as = CoverageRow)]
pub struct ClauseRow {
    /// Its id, such as `national-2017/4.2.1.a`.
    pub id: String,
    /// Its heading, from the register or the pack.
    pub title: String,
    /// Its kind in the register; empty without one.
    pub kind: String,
    /// What becomes of it.
    pub state: State,
    /// The rules and records that carry it; empty exactly if it is missing.
    #[serde(rename = "where")]
    pub carried: Vec<Carried>,
    /// Why it is missing, or which further rules on it no test ran; may be empty.
    pub reason: String,
}

/// What packs say of one clause.
#[derive(Default)]
struct Said {
    ran: Vec<Carried>,
    kept: Vec<Carried>,
    untested: Vec<String>,
}

/// The rows of these clauses, in the order given.
pub fn coverage<'p>(packs: impl IntoIterator<Item = &'p Pack>, register: &Register) -> Vec<ClauseRow> {
    let mut said: BTreeMap<&Clause, Said> = BTreeMap::new();
    for pack in packs {
        let tests = if pack.origin == Origin::Shipped { tested(&pack.plan.id) } else { BTreeMap::new() };
        let mut seen = BTreeSet::new();
        for (clause, place) in citations(&pack.plan) {
            if !place.starts_with("defaults/") && seen.insert((clause, place.clone())) {
                said.entry(clause).or_default().add(pack, place, &tests);
            }
        }
    }
    register.clauses.iter().map(|clause| row(clause, said.get(&Clause::new(clause.id.as_str())))).collect()
}

/// The clauses a pack lists, in reading order, with their headings in one language.
pub fn own_clauses(pack: &Pack, lang: Lang) -> Register {
    let mut clauses: Vec<_> = pack.plan.clauses.iter().collect();
    clauses.sort_by(|(a, _), (b, _)| a.reading_order(b));
    let row = |(id, title): (&Clause, &fengsui_domain::plan::Text)| RegisterRow {
        id: id.to_string(),
        title: title.get(lang).to_owned(),
        kind: String::new(),
    };
    Register { clauses: clauses.into_iter().map(row).collect() }
}

impl Said {
    fn add(&mut self, pack: &Pack, place: String, tests: &BTreeMap<&str, Vec<&str>>) {
        let plan = pack.plan.id.to_string();
        if let Some(keeps) = place.strip_prefix("evidence/").and_then(Kept::parse) {
            let route = keeps.route().to_owned();
            self.kept.push(Carried::Record { plan, keeps: keeps.to_string(), route });
        } else if let Some(tests) = tests.get(place.as_str()) {
            let tests = tests.iter().map(|test| (*test).to_owned()).collect();
            self.ran.push(Carried::Rule { plan, rule: place, tests });
        } else {
            self.untested.push(place);
        }
    }
}

fn row(clause: &RegisterRow, said: Option<&Said>) -> ClauseRow {
    let (mut carried, untested) = match said {
        Some(said) => (said.ran.clone(), said.untested.as_slice()),
        None => (Vec::new(), [].as_slice()),
    };
    let mut state = if carried.is_empty() { State::Missing } else { State::Executable };
    let kept = said.map_or([].as_slice(), |said| said.kept.as_slice());
    if !kept.is_empty() {
        carried.extend(kept.iter().cloned());
        state = state.min(State::Evidence);
    }
    let reason = match (state, untested) {
        (State::Missing, []) => "no rule and no record names it".to_owned(),
        (_, []) => String::new(),
        (_, places) => format!("no test ran {}", places.join(", ")),
    };
    ClauseRow {
        id: clause.id.clone(),
        title: clause.title.clone(),
        kind: clause.kind.clone(),
        state,
        carried,
        reason,
    }
}

impl Library {
    /// What becomes of the clauses of a register, under the packs in use.
    pub fn coverage(&self, register: &Register) -> Vec<ClauseRow> {
        coverage(self.list(), register)
    }
}

#[cfg(test)]
mod tests;
