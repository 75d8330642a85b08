//! `fengsui migrate`: from the file of a data folder into a database of a server.

use fengsui_service::folder::Folder;
use fengsui_service::move_to_server;

use crate::cli::Data;
use crate::exit::{Failure, Outcome, answer, print_line};
use crate::progress::Progress;

pub(crate) fn run(data: &Data) -> Outcome {
    let Some(url) = &data.database else {
        return Err(Failure::usage(
            "say where to: `--database postgres://user@host/name`, an empty database of a PostgreSQL server",
        ));
    };
    let mut progress = Progress::new();
    let told = &mut |table: &str, rows| {
        progress.tell(if table == "ledger" { "verifying the copy, entries" } else { table }, rows);
    };
    let moved = move_to_server(&Folder::new(&data.data), url, told)?;
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
