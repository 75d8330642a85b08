//! The program as its users start it: processes, folders, sockets, signals.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails, also in its helpers")]

mod clocks;
mod kill;
mod node;
