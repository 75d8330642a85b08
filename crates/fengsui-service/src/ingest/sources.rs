//! How the sources of logs stand: what was read of each followed file, and what still waits there.

use std::os::unix::fs::MetadataExt as _;

use fengsui_domain::permission::Permission;
use fengsui_store::SourceRow;

use crate::caller::Caller;
use crate::error::Result;
use crate::node::Service;

/// A followed file as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSource {
    /// What was read of it.
    pub row: SourceRow,
    /// What there is of it now, or why it cannot be looked at.
    pub now: std::result::Result<Lag, String>,
}

/// How much of a file there is, and how much of that was not read yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lag {
    /// Bytes the file has.
    pub size_bytes: u64,
    /// Bytes of it that were not read yet. All of them once another file has the name.
    pub lag_bytes: u64,
}

impl Service {
    /// All followed files by name.
    pub async fn source_list(&self, caller: &Caller) -> Result<Vec<LogSource>> {
        caller.actor.permit(Permission::NodeRead)?;
        let mut sources = Vec::new();
        for row in self.inner.store.source_list().await? {
            let file = tokio::fs::metadata(&row.name).await;
            let now = file.map(|file| lag(&row, (file.dev(), file.ino()), file.len()));
            sources.push(LogSource { row, now: now.map_err(|error| error.to_string()) });
        }
        Ok(sources)
    }
}

/// A file that is shorter than what was read of it was truncated, and is read anew from its start.
fn lag(row: &SourceRow, file: (u64, u64), size_bytes: u64) -> Lag {
    let same = file == (row.device, row.inode) && size_bytes >= row.offset;
    Lag { size_bytes, lag_bytes: if same { size_bytes - row.offset } else { size_bytes } }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn what_waits_is_what_was_not_read() {
        let row = SourceRow {
            name: "auth.log".into(),
            device: 1,
            inode: 2,
            offset: 100,
            line: 3,
            lines: 3,
            rejected: 0,
            seen_at: Timestamp::UNIX_EPOCH,
        };
        for (file, size_bytes, lag_bytes, why) in [
            ((1, 2), 100, 0, "read to its end"),
            ((1, 2), 130, 30, "it grew"),
            ((1, 2), 40, 40, "truncated"),
            ((1, 3), 130, 130, "rotated"),
            ((9, 2), 130, 130, "another disk"),
        ] {
            assert_eq!(lag(&row, file, size_bytes), Lag { size_bytes, lag_bytes }, "{why}");
        }
    }
}
