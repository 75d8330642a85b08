//! Plan packs: the files of `plans/NAME/` read, checked, and turned into [`fengsui_domain::plan::Plan`].
//!
//! A pack is one folder of `.yaml` files; each top-level key is a section and stands in exactly one of
//! them, whichever reads best. [`load()`] takes bytes and does no file access. It reports everything that
//! is wrong in one run, each [`Finding`] with file, line, column, the value and what would be right; a
//! pack with an error gives no plan at all, so whatever runs was checked. [`Library`] holds the packs a
//! node knows, each version under the digest of its files. [`show()`] prints a plan for people.
//!
//! Every limit is named: [`MAX_FILES`], and in the modules below bytes, depth and count of a file, bytes
//! of a predicate, characters of a text, findings of a run.

mod check;
mod citations;
mod coverage;
mod diff;
mod finding;
mod json;
mod library;
mod load;
mod nearest;
mod obligations;
mod options;
mod predicate;
mod read;
pub mod scenario;
mod section;
mod show;
#[cfg(test)]
mod tests;
mod values;
mod warning;
mod yaml;

pub use citations::citations;
pub use coverage::{
    Carried, ClauseRow, MAX_REGISTER_BYTES, MAX_REGISTER_CLAUSES, Register, RegisterError, RegisterRow,
    State, coverage, own_clauses, tested,
};
pub use diff::{Change, Difference, RuleChanges, SectionChanges, diff, diff_in_words, show_diff};
pub use finding::{Code, CodeInfo, Finding, MAX_FINDINGS, Severity};
pub use json::{FindingJson, InForceJson, SummaryJson, TextJson};
pub use library::{Library, Origin, Pack};
pub use load::{Loaded, MAX_FILES, PackFile, digest, load};
pub use obligations::{ObligationJson, ObligationsJson, TurnJson, answer_of, answer_on_threat, typed};
pub use show::{
    Card, CardStep, card, defaults as show_defaults, obligations as show_obligations, show,
    threat as show_threat,
};
pub(crate) use values::time_text;
pub use warning::{
    ColourProposalJson, ColourRuleJson, ColourTurnJson, ConditionJson, EntitledJson, GateJson, IssueJson,
    OwedJson, RefusalJson, WarningAsked, WarningFound, WarningJson,
};
