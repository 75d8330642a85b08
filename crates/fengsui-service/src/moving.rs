//! From a file to a server.

use fengsui_store::Moved;

use crate::error::Result;
use crate::folder::Folder;

/// Moves the rows of the node in `folder` into the database at `url` and marks the folder. What ended before its
/// last word is done again; the node is in its file until then.
///
/// # Errors
/// As for [`fengsui_store::move_to_server`]; [`Error::BadFile`](crate::Error::BadFile) if the rows are in a database
/// already.
pub fn move_to_server(folder: &Folder, url: &str, told: &mut (dyn FnMut(&str, u64) + Send)) -> Result<Moved> {
    folder.refuse_other_home(false)?;
    let key = folder.verifier_key()?;
    let moved = fengsui_store::move_to_server(folder.path(), url, &key, told)?;
    folder.mark_database(&crate::node::database_name(url))?;
    Ok(moved)
}
