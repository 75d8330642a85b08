//! Coverage of a plan, readable: clause, state, rules with their tests, records that are kept.

use askama::Template;
use fengsui_wire::plan::State;

use super::parts::ClauseRef;
use super::shell::Shell;

/// `GET /plans/{id}/coverage`.
#[derive(Template)]
#[template(path = "plan/coverage.html")]
pub struct CoveragePage {
    /// The frame.
    pub shell: Shell,
    /// The plan's id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// How many clauses are in which state.
    pub counts: Vec<CoverageCount>,
    /// The clauses, in reading order.
    pub rows: Vec<CoverageRow>,
}

/// A state, as a chip shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateWord {
    /// A test ran a rule that names the clause.
    Executable,
    /// Its proof is kept.
    Evidence,
    /// Neither.
    Missing,
}

impl StateWord {
    /// Every state, in order.
    pub const ALL: [Self; 3] = [Self::Executable, Self::Evidence, Self::Missing];

    /// The look of its chip.
    pub fn code(self) -> &'static str {
        match self {
            Self::Executable => "good",
            Self::Evidence => "none",
            Self::Missing => "warning",
        }
    }

    /// The key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Executable => "coverage-executable",
            Self::Evidence => "coverage-evidence",
            Self::Missing => "coverage-missing",
        }
    }
}

impl From<State> for StateWord {
    fn from(state: State) -> Self {
        match state {
            State::Executable => Self::Executable,
            State::Evidence => Self::Evidence,
            State::Missing => Self::Missing,
        }
    }
}

/// How many clauses are in a state.
#[derive(Clone, Copy, Debug)]
pub struct CoverageCount {
    /// The state.
    pub state: StateWord,
    /// How many.
    pub count: usize,
}

/// A clause and what carries it.
#[derive(Clone, Debug)]
pub struct CoverageRow {
    /// The clause.
    pub clause: ClauseRef,
    /// Its heading.
    pub title: String,
    /// What of it was not checked against the official text; empty if all of it was.
    pub unverified: String,
    /// What becomes of it.
    pub state: StateWord,
    /// The rules that tests ran.
    pub rules: Vec<CoverageRule>,
    /// What is kept, with the route where it is read.
    pub kept: Vec<(String, String)>,
}

/// A rule that tests ran.
#[derive(Clone, Debug)]
pub struct CoverageRule {
    /// Where the plan's page shows it.
    pub href: String,
    /// Its place in the pack.
    pub place: String,
    /// The tests.
    pub tests: Vec<String>,
}
