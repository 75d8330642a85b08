//! The program itself, as it is installed: its commands, what they print and how they end.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails, also in its helpers")]

mod import;
mod program;
