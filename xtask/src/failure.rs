//! Why a command of this tool did not succeed, and the exit code that says so.

use std::fmt;
use std::process::ExitCode;

/// Why a command stopped.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The command line made no sense: exit code 2.
    Usage(String),
    /// The work was tried and failed: exit code 1.
    Failed(String),
}

impl Failure {
    /// The exit code of the public contract: 2 for usage, 1 for the rest.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Failed(_) => ExitCode::from(1),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Usage(text) | Self::Failed(text)) = self;
        f.write_str(text)
    }
}
