//! What is under way, for whoever waits.

use std::io::{IsTerminal as _, Write as _};

/// What is under way, on one line of a terminal; nothing elsewhere but the names of the parts.
pub(crate) struct Progress {
    part: String,
    shown: bool,
}

impl Progress {
    pub(crate) fn new() -> Self {
        Self { part: String::new(), shown: std::io::stderr().is_terminal() }
    }

    /// So much of a part is done.
    pub(crate) fn tell(&mut self, part: &str, done: u64) {
        let new = self.part != part;
        part.clone_into(&mut self.part);
        if self.shown {
            let before = if new { "\n" } else { "\r" };
            eprint!("{before}{part}: {done}");
            // A terminal that went away misses nothing but this.
            let _ = std::io::stderr().flush();
        } else if new {
            eprintln!("{part}");
        }
    }

    pub(crate) fn end(&self) {
        if self.shown {
            eprintln!();
        }
    }
}
