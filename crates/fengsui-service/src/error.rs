//! Why a use case did not do what was asked.

use fengsui_domain::refusal::Refusal;
use fengsui_store::StoreError;

/// The outcome of a use case.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a use case did not do what was asked. `fengsui_server` turns these into answers by one table.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The rules refuse it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There is no such thing, or the caller may not know of it.
    #[error("there is no {what} `{id}`")]
    NotFound {
        /// What kind.
        what: &'static str,
        /// Which one.
        id: String,
    },
    /// Nobody is signed in, or not any more.
    #[error("sign in first: {reason}")]
    Unauthenticated {
        /// Why.
        reason: &'static str,
    },
    /// Name, password or code are wrong; which one is not said.
    #[error("name, password or code are not right")]
    SignIn,
    /// Too many failed attempts.
    #[error("too many failed attempts; try again in {wait_s} seconds")]
    SlowDown {
        /// How long to wait.
        wait_s: u64,
    },
    /// A field is not what it must be.
    #[error("`{field}` is not right: {problem}")]
    Invalid {
        /// Which one.
        field: &'static str,
        /// What is wrong and what would be right.
        problem: String,
    },
    /// The thing was changed since the caller saw it.
    #[error("it is at version {found} now, not at {expected}: read it again")]
    Changed {
        /// The caller's version.
        expected: u64,
        /// The version it has.
        found: u64,
    },
    /// A request key was used for another request.
    #[error("the request key was used for another request")]
    KeyReused,
    /// The plan version an incident runs under is not at hand.
    #[error(
        "plan `{id}` in version {digest} is not at hand: put its files back under `plans` in the data folder"
    )]
    PlanMissing {
        /// The pack.
        id: String,
        /// The version.
        digest: String,
    },
    /// Something is too large.
    #[error("{what} has {bytes} bytes, at most {max} fit")]
    TooLarge {
        /// What.
        what: &'static str,
        /// Its size.
        bytes: u64,
        /// How much fits.
        max: u64,
    },
    /// The store could not do it.
    #[error("the store could not do it")]
    Store(#[from] StoreError),
    /// A file could not be read or written.
    #[error("cannot {doing} `{path}`")]
    File {
        /// The operation.
        doing: &'static str,
        /// The file.
        path: std::path::PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file of the data folder does not hold what it must.
    #[error("`{path}` {problem}")]
    BadFile {
        /// The file.
        path: std::path::PathBuf,
        /// What is wrong and what to do.
        problem: String,
    },
    /// The database is not the one of this node.
    #[error("the database {problem}")]
    OtherDatabase {
        /// What it is instead and what to do.
        problem: String,
    },
    /// A backup cannot be made or restored.
    #[error("the backup is not right: {problem}")]
    Backup {
        /// What is wrong with it, or in the way.
        problem: String,
    },
    /// A node in memory was asked for a file.
    #[error("this node is in memory alone and keeps no files")]
    NoFolder,
}

impl Error {
    /// Says what is wrong with a backup.
    pub(crate) fn backup(problem: impl Into<String>) -> Self {
        Self::Backup { problem: problem.into() }
    }

    /// Wraps a file error, naming the operation.
    pub(crate) fn file(
        doing: &'static str,
        path: impl Into<std::path::PathBuf>,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { doing, path, source }
    }
}
