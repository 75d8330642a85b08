//! What can go wrong in the store.

use std::path::PathBuf;

use crate::link::{DbError, Trouble};

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else changed the subject in between; read again and decide again.
    #[error("`{subject}` is at version {found}, not at {expected}")]
    Conflict {
        /// The subject.
        subject: String,
        /// The version the decision was made on.
        expected: u64,
        /// The version it has.
        found: u64,
    },
    /// A name or number is already taken.
    #[error("a unique {what} is already taken")]
    Taken {
        /// What it is.
        what: String,
    },
    /// The same request was carried out before.
    #[error("the request key was used before")]
    Repeated,
    /// An entry does not fit.
    #[error("an entry of {bytes} bytes does not fit, at most {max} do")]
    EntryTooLarge {
        /// Its size.
        bytes: usize,
        /// How much fits.
        max: usize,
    },
    /// The commit could not be written now: the disk is full, or another process held the lock for too
    /// long. Nothing of it was kept, and the same commit may succeed later.
    #[error("the store cannot write now, nothing was kept: {reason}")]
    Unavailable {
        /// What was in the way.
        reason: String,
    },
    /// The line to the database broke while the commit was written. Whether it was kept shows once the line is
    /// back; the same request with the same key is carried out once at most.
    #[error("the line to the database broke, and whether the commit was kept is not known yet: {reason}")]
    Unknown {
        /// What broke it.
        reason: String,
    },
    /// The store takes no more writes: the disk failed, or the ledger is not the one that was signed.
    /// Whether the commit that met the error was kept shows after a restart.
    #[error("the store takes no more writes: {reason}")]
    Stopped {
        /// The first error.
        reason: String,
    },
    /// The change would break a rule that must always hold ([`fengsui_domain::invariant`]): a fault of ours. Nothing of
    /// it was kept.
    #[error(
        "the change was not kept, since `{subject}` would break the rule `{invariant}`: please report this"
    )]
    Broken {
        /// The subject.
        subject: String,
        /// The rule.
        invariant: &'static str,
    },
    /// A store was not moved, and stays where it is.
    #[error("the store was not moved: {reason}")]
    NotMoved {
        /// Why.
        reason: String,
    },
    /// What a backup holds cannot be taken in.
    #[error("the rows of the backup cannot be taken in: {reason}")]
    NotRestored {
        /// Why.
        reason: String,
    },
    /// An unsafe setting.
    #[error(transparent)]
    Unsafe(#[from] Unsafe),
    /// The file belongs to a newer version of the program.
    #[error("`{path}` has schema {found}, this program knows up to {known}: use a newer program")]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest this program knows.
        known: i64,
    },
    /// The file belongs to an older version of the program, and only looking was asked for.
    #[error(
        "`{path}` has schema {found}, this program needs {known}: start a node on it once, or use the program that wrote it"
    )]
    Older {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest this program knows.
        known: i64,
    },
    /// A migration that was applied is not the one this program has.
    #[error("migration {number} of `{path}` was applied with other contents")]
    MigrationChanged {
        /// The file.
        path: PathBuf,
        /// Its number.
        number: i64,
    },
    /// What is stored cannot be read back.
    #[error("{what} in the store cannot be read")]
    Corrupt {
        /// What.
        what: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The ledger cannot be continued.
    #[error("cannot append to the ledger: {reason}")]
    Ledger {
        /// Why.
        reason: String,
    },
    /// The database refused.
    #[error("cannot {doing}")]
    Database {
        /// The operation.
        doing: &'static str,
        /// What it said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The file system refused.
    #[error("cannot {doing} `{path}`")]
    File {
        /// The operation.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What it said.
        source: std::io::Error,
    },
}

/// A setting under which something acknowledged could be lost.
#[derive(Debug, thiserror::Error)]
pub enum Unsafe {
    /// A PRAGMA is not what it must be.
    #[error("SQLite runs with {pragma} = {found}, which can lose what was acknowledged; it must be {wanted}")]
    Pragma {
        /// Which one.
        pragma: &'static str,
        /// What it is.
        found: String,
        /// What it must be.
        wanted: &'static str,
    },
    /// The library has the WAL-reset bug.
    #[error("SQLite {found} can corrupt the database; 3.51.3 or newer is needed")]
    OldSqlite {
        /// Its version.
        found: &'static str,
    },
    /// A server's setting is not what it must be.
    #[error("the server runs with {name} = {found}, which can lose what was acknowledged; set it to on")]
    Setting {
        /// Which one.
        name: &'static str,
        /// What it is.
        found: String,
    },
    /// A server too old for what is used of it.
    #[error("the server is PostgreSQL {found}; 14 or newer is needed")]
    OldPostgres {
        /// Its version.
        found: String,
    },
    /// A database that does not hold every text.
    #[error("the database keeps its texts in {found}; create it with ENCODING 'UTF8'")]
    Encoding {
        /// What it keeps them in.
        found: String,
    },
    /// A line on which others could read along.
    #[error(
        "the database at `{host}` would be reached without encryption; use a socket or an address of this machine"
    )]
    PlainConnection {
        /// The server.
        host: String,
    },
    /// Others may read or write a file that holds secrets, or put another file in its place.
    #[error("`{path}` has mode {mode:o}, which lets others in; run `chmod {wanted:o} {path}`")]
    Mode {
        /// The file or folder.
        path: PathBuf,
        /// Its mode.
        mode: u32,
        /// What it must be.
        wanted: u32,
    },
}

impl StoreError {
    /// Wraps a database error, naming the operation.
    pub(crate) fn database<E: Into<DbError>>(doing: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self::Database { doing, source: Box::new(source.into()) }
    }

    /// Wraps what could not be read back.
    pub(crate) fn corrupt<E: std::error::Error + Send + Sync + 'static>(
        what: impl Into<String>,
    ) -> impl FnOnce(E) -> Self {
        let what = what.into();
        move |source| Self::Corrupt { what, source: Box::new(source) }
    }

    /// A ledger that cannot be continued, told by any error.
    pub(crate) fn ledger(error: &dyn std::error::Error) -> Self {
        Self::Ledger { reason: chain(error) }
    }

    /// What the engine's refusal means, if it was the engine that refused.
    pub(crate) fn trouble(&self) -> Option<Trouble> {
        match self {
            Self::Database { source, .. } => source.downcast_ref().map(DbError::trouble),
            _ => None,
        }
    }

    /// Whether the line to a server broke.
    pub(crate) fn lost_the_line(&self) -> bool {
        match self {
            Self::Database { source, .. } => source.downcast_ref().is_some_and(DbError::lost_the_line),
            _ => false,
        }
    }

    /// Whether one commit is to blame, so that the others of its transaction can stand.
    ///
    /// A value that a column cannot hold is the commit's own fault; whatever else the database says
    /// (disk full, disk failed, locked) concerns all of them.
    pub(crate) fn blames_the_commit(&self) -> bool {
        self.trouble().is_none_or(|trouble| trouble == Trouble::Own)
    }

    /// Whether it can pass by itself. Everything else may have lost pages, so nothing that comes later
    /// could be trusted to be on disk.
    pub(crate) fn can_pass(&self) -> bool {
        self.trouble().is_some_and(|trouble| matches!(trouble, Trouble::Full | Trouble::Passing))
    }
}

/// An error and its causes in one sentence.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
