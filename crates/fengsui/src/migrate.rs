//! `fengsui migrate`: from the file of a data folder into a database of a server.

use std::io::{IsTerminal as _, Write as _};

use fengsui_service::folder::Folder;
use fengsui_service::move_to_server;

use crate::cli::Data;
use crate::exit::{Failure, Outcome, answer, print_line};

pub(crate) fn run(data: &Data) -> Outcome {
    let Some(url) = &data.database else {
        return Err(Failure::usage(
            "say where to: `--database postgres://user@host/name`, an empty database of a PostgreSQL server",
        ));
    };
    let mut progress = Progress { table: String::new(), shown: std::io::stderr().is_terminal() };
    let moved = move_to_server(&Folder::new(&data.data), url, &mut |table, rows| progress.tell(table, rows))?;
    progress.end();
    print_line(&format!(
        "moved: {} entries, root {}, verified in the database; from now on start the node with `--database`",
        moved.entries, moved.root
    ))?;
    print_line(&format!(
        "`{}` stays as a copy that takes no entry any more; keys, plans and evidence stay in the folder",
        data.data.join("fengsui.db").display()
    ))?;
    Ok(answer(true))
}

/// What is under way, on one line of a terminal; nothing elsewhere but the names of the tables.
struct Progress {
    table: String,
    shown: bool,
}

impl Progress {
    fn tell(&mut self, table: &str, rows: u64) {
        let new = self.table != table;
        table.clone_into(&mut self.table);
        let words = if table == "ledger" { "verifying the copy, entries" } else { table };
        if self.shown {
            let before = if new { "\n" } else { "\r" };
            eprint!("{before}{words}: {rows}");
            // A terminal that went away misses nothing but this.
            let _ = std::io::stderr().flush();
        } else if new {
            eprintln!("{words}");
        }
    }

    fn end(&self) {
        if self.shown {
            eprintln!();
        }
    }
}
