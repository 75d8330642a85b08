//! A register of clauses: what a document asks for, clause by clause, as people who read it wrote it down.
//!
//! A TOML file of `[[clause]]` tables with `id`, `title` and `kind`; whatever else they have is not read.
//! It comes from outside: its size, the number of clauses and the length of each text have limits, and one
//! mistake refuses the file, for half a register would look like good coverage.

use std::collections::BTreeSet;

use toml::Spanned;

/// Bytes of a register: 5,000 clauses of 800 bytes of text each.
pub const MAX_REGISTER_BYTES: usize = 4_000_000;
/// Clauses of a register: the three plans known have 330 together, a law has some hundreds.
pub const MAX_REGISTER_CLAUSES: usize = 5_000;
/// Characters of an id: a plan's id of 64, a stroke, a number of 63.
const MAX_ID_CHARS: usize = 128;
/// Characters of a title.
const MAX_TITLE_CHARS: usize = 400;
/// Characters of a kind, a single word.
const MAX_KIND_CHARS: usize = 40;

/// Clauses to ask after, in the order of their file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    /// The clauses.
    pub clauses: Vec<RegisterRow>,
}

/// One clause of a register.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct RegisterRow {
    /// `DOCUMENT/NUMBER`.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// What kind of duty it is, in the register's own word.
    pub kind: String,
}

#[derive(serde::Deserialize)]
struct File {
    #[serde(default)]
    clause: Vec<Spanned<RegisterRow>>,
}

/// Why a register was refused; `line` counts from 1.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegisterError {
    /// Too long a file.
    #[error("the register has {bytes} bytes, at most {MAX_REGISTER_BYTES} are read")]
    TooLarge {
        /// Its bytes.
        bytes: usize,
    },
    /// Not text.
    #[error("line {line}: the register is not UTF-8; save it as UTF-8")]
    NotUtf8 {
        /// Where the first wrong byte is.
        line: usize,
    },
    /// Not TOML, or a key is missing or of the wrong type.
    #[error("line {line}, column {column}: {what}; a register has [[clause]] tables with id, title and kind")]
    Syntax {
        /// Where.
        line: usize,
        /// In characters, from 1.
        column: usize,
        /// What is wrong.
        what: String,
    },
    /// Nothing to ask after.
    #[error("the register has no [[clause]]; write one table for each clause, with id, title and kind")]
    Empty,
    /// Too many clauses.
    #[error("the register has {count} clauses, at most {MAX_REGISTER_CLAUSES} are read")]
    TooMany {
        /// How many.
        count: usize,
    },
    /// A text is empty, too long, or has characters that do not belong there.
    #[error("line {line}: `{field}` must have 1 to {max} characters and no control characters")]
    BadText {
        /// Where the clause starts.
        line: usize,
        /// Which key.
        field: &'static str,
        /// Its limit.
        max: usize,
    },
    /// An id without its document.
    #[error("line {line}: `{id}` is no clause; write it as DOCUMENT/NUMBER, such as `national-2017/4.1.a`")]
    BadId {
        /// Where the clause starts.
        line: usize,
        /// The id.
        id: String,
    },
    /// The same clause twice.
    #[error("line {line}: the clause `{id}` stands in the register twice; keep one of them")]
    Twice {
        /// Where the second one starts.
        line: usize,
        /// The id.
        id: String,
    },
}

impl Register {
    /// Reads a register.
    ///
    /// # Errors
    /// [`RegisterError`] names the first mistake and its line.
    pub fn read(bytes: &[u8]) -> Result<Self, RegisterError> {
        if bytes.len() > MAX_REGISTER_BYTES {
            return Err(RegisterError::TooLarge { bytes: bytes.len() });
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|error| RegisterError::NotUtf8 { line: lines_before(bytes, error.valid_up_to()) })?;
        let file: File = toml::from_str(text).map_err(|error| syntax(text, &error))?;
        if file.clause.is_empty() {
            return Err(RegisterError::Empty);
        }
        if file.clause.len() > MAX_REGISTER_CLAUSES {
            return Err(RegisterError::TooMany { count: file.clause.len() });
        }
        let mut register = Self::default();
        let mut seen = BTreeSet::new();
        for clause in file.clause {
            let line = lines_before(bytes, clause.span().start);
            let clause = clause.into_inner();
            check(&clause, line)?;
            if !seen.insert(clause.id.clone()) {
                return Err(RegisterError::Twice { line, id: clause.id });
            }
            register.clauses.push(clause);
        }
        Ok(register)
    }
}

fn check(clause: &RegisterRow, line: usize) -> Result<(), RegisterError> {
    for (field, text, max) in [
        ("id", &clause.id, MAX_ID_CHARS),
        ("title", &clause.title, MAX_TITLE_CHARS),
        ("kind", &clause.kind, MAX_KIND_CHARS),
    ] {
        if text.trim().is_empty() || text.chars().count() > max || text.chars().any(char::is_control) {
            return Err(RegisterError::BadText { line, field, max });
        }
    }
    let part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_graphic() && c != '/');
    match clause.id.split_once('/') {
        Some((document, number)) if part(document) && part(number) => Ok(()),
        _ => Err(RegisterError::BadId { line, id: clause.id.clone() }),
    }
}

fn syntax(text: &str, error: &toml::de::Error) -> RegisterError {
    let at = error.span().map_or(0, |span| span.start.min(text.len()));
    let before = text.as_bytes().get(..at).unwrap_or_default();
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let column = text.get(start..at).map_or(1, |line| line.chars().count() + 1);
    let what = error.message().lines().collect::<Vec<_>>().join(", ");
    RegisterError::Syntax { line: lines_before(text.as_bytes(), at), column, what }
}

/// The line, from 1, of a byte.
fn lines_before(bytes: &[u8], at: usize) -> usize {
    bytes.get(..at).unwrap_or(bytes).split(|byte| *byte == b'\n').count()
}
