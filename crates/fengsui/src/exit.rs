//! How a command ends.

use std::process::ExitCode;

/// Findings, or a negative answer.
pub(crate) const FINDINGS: u8 = 1;
/// Usage, or input that cannot be read.
pub(crate) const USAGE: u8 = 2;
/// The operation failed.
pub(crate) const FAILED: u8 = 3;

/// The outcome of a command.
pub(crate) type Outcome = Result<ExitCode, Failure>;

/// Why a command ended without its answer.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    words: String,
}

impl Failure {
    /// Input that cannot be used; says what would be right.
    pub(crate) fn usage(words: impl Into<String>) -> Self {
        Self { code: USAGE, words: words.into() }
    }

    /// The operation failed, in these words.
    pub(crate) fn stopped(words: impl Into<String>) -> Self {
        Self { code: FAILED, words: words.into() }
    }

    /// The same, about one of several files.
    pub(crate) fn about(self, file: &str) -> Self {
        Self { words: format!("{file}: {}", self.words), ..self }
    }

    /// The operation failed: the error with its causes.
    pub(crate) fn failed(error: &dyn std::error::Error) -> Self {
        Self { code: FAILED, words: sentence(error) }
    }

    /// Prints the words and gives the exit code.
    pub(crate) fn report(self) -> ExitCode {
        eprintln!("fengsui: {}", self.words);
        ExitCode::from(self.code)
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::failed(&error)
    }
}

/// An error and its causes in one sentence.
pub(crate) fn sentence(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// Success if `good`, else [`FINDINGS`].
pub(crate) fn answer(good: bool) -> ExitCode {
    if good { ExitCode::SUCCESS } else { ExitCode::from(FINDINGS) }
}

/// Prints a JSON document on stdout. A reader that went away is no failure of ours.
pub(crate) fn print_json(value: &impl serde::Serialize) -> Result<(), Failure> {
    print_line(&serde_json::to_string_pretty(value)?)
}

/// Prints a line on stdout, unless nobody reads any more.
pub(crate) fn print_line(line: &str) -> Result<(), Failure> {
    use std::io::Write as _;
    match writeln!(std::io::stdout().lock(), "{line}") {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => std::process::exit(0),
        written => written.map_err(Into::into),
    }
}
