//! When something does not work: what happened, why, and what to do.

use askama::Template;

use super::shell::Shell;

/// Any answer that is not what was asked for.
#[derive(Template)]
#[template(path = "problem.html")]
pub struct Problem {
    /// The frame.
    pub shell: Shell,
    /// What happened.
    pub what: String,
    /// Why.
    pub why: String,
    /// What to do: text and address.
    pub next: Vec<(String, String)>,
    /// The stable code, as the API gives it: `not-found`.
    pub code: String,
}

/// The common problems, worded here so that every page says the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// There is no such page or record, or the reader may not know of it.
    NotFound,
    /// The reader may know of it, but may not do this.
    Forbidden,
    /// Somebody else changed the record in the meantime.
    Conflict,
    /// The form was too old, or came from elsewhere.
    FormExpired,
    /// Too many tries.
    TooManyTries,
    /// The node failed.
    Internal,
    /// The node is starting, stopping or cannot write.
    Unavailable,
}

impl ProblemKind {
    /// All kinds.
    pub const ALL: [Self; 7] = [
        Self::NotFound,
        Self::Forbidden,
        Self::Conflict,
        Self::FormExpired,
        Self::TooManyTries,
        Self::Internal,
        Self::Unavailable,
    ];

    /// The stable code.
    pub fn code(self) -> &'static str {
        self.keys().0
    }

    /// Code, and the keys of what happened, why, and what to do.
    fn keys(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Self::NotFound => {
                ("not-found", "problem-not-found", "problem-not-found-why", "problem-not-found-do")
            }
            Self::Forbidden => {
                ("forbidden", "problem-forbidden", "problem-forbidden-why", "problem-forbidden-do")
            }
            Self::Conflict => ("conflict", "problem-conflict", "problem-conflict-why", "problem-conflict-do"),
            Self::FormExpired => (
                "form-expired",
                "problem-form-expired",
                "problem-form-expired-why",
                "problem-form-expired-do",
            ),
            Self::TooManyTries => {
                ("too-many-tries", "problem-tries", "problem-tries-why", "problem-tries-do")
            }
            Self::Internal => ("internal", "problem-internal", "problem-internal-why", "problem-internal-do"),
            Self::Unavailable => {
                ("unavailable", "problem-unavailable", "problem-unavailable-why", "problem-unavailable-do")
            }
        }
    }

    /// The page, with a way on to `href`.
    pub fn page(self, mut shell: Shell, href: &str) -> Problem {
        let (code, what, why, next) = self.keys();
        let lang = shell.lang;
        shell.title = lang.t(what).into_owned();
        Problem {
            what: lang.t(what).into_owned(),
            why: lang.t(why).into_owned(),
            next: vec![(lang.t(next).into_owned(), href.to_owned())],
            code: code.to_owned(),
            shell,
        }
    }
}
