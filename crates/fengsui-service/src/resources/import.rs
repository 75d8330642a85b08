//! Importing resources from a table: each row an entry of its own, the whole file one commit.
//!
//! The same kind, title and holder are the same resource, so a file can be handed in again when it has grown:
//! what is new is added, what differs is amended, the rest stays. Columns that a file does not have say
//! nothing. A row that cannot be used is left out with its line and reason.

use std::collections::BTreeMap;

use fengsui_domain::change::Change;
use fengsui_domain::id::ResourceId;
use fengsui_domain::permission::Permission;
use fengsui_domain::resource::{Command, ResourceKind, Standing};
use fengsui_store::{Commit, StoreError};
use fengsui_wire::api::{ContactWords, ResourceRow, RowReject, read_resources};

use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::node::{MAX_TRIES, Service};

/// Bytes of one file: 2,000 rows of 4,000 bytes.
pub const MAX_IMPORT_BYTES: usize = 8_000_000;
/// Rows of one file. Each becomes an entry, and all are one commit: others wait for it.
pub const MAX_ROWS: usize = 2_000;
/// Rejects of one import that are told one by one; the rest are counted.
pub const MAX_REJECTS: usize = 100;

/// What an import came to; kept as the answer to a request that is sent again.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Import {
    /// Resources that were not in the register before.
    pub new: u64,
    /// Resources that were amended, or whose standing changed.
    pub updated: u64,
    /// Resources that stood so already.
    pub unchanged: u64,
    /// Rows that were left out.
    pub rejected: u64,
    /// The first of these, at most [`MAX_REJECTS`].
    pub rejects: Vec<RowReject>,
}

impl Import {
    fn reject(&mut self, reject: RowReject) {
        self.rejected += 1;
        if self.rejects.len() < MAX_REJECTS {
            self.rejects.push(reject);
        }
    }
}

type Row = Result<ResourceRow, RowReject>;
/// What makes two rows the same resource.
type Identity = (ResourceKind, String, String);

impl Service {
    /// Imports a table of resources.
    ///
    /// # Errors
    /// [`Error::TooLarge`], and [`Error::Invalid`] if it is not UTF-8 or its header cannot be used.
    pub async fn resource_import(&self, caller: &Caller, bytes: Vec<u8>) -> Result<Import> {
        caller.actor.permit(Permission::ResourceManage)?;
        if bytes.len() > MAX_IMPORT_BYTES {
            let (bytes, max) = (bytes.len() as u64, MAX_IMPORT_BYTES as u64);
            return Err(Error::TooLarge { what: "the file", bytes, max });
        }
        // Off the async threads: a large file is a second of work.
        let read = tokio::task::spawn_blocking(move || read(&bytes)).await;
        let rows = read.expect("reading does not panic")?;
        let _turn = self.inner.importing.lock().await;
        for _ in 0..MAX_TRIES {
            if let Some(earlier) = self.earlier_answer(caller).await? {
                return serde_json::from_str(&earlier).map_err(|_| Error::KeyReused);
            }
            let (import, batches) = self.compare_rows(caller, &rows).await?;
            let answer = serde_json::to_string(&import).expect("numbers and texts write as JSON");
            let mut commit: Commit = self.commit_for(caller, &answer);
            for (version, changes) in batches {
                commit = commit.batch(version, changes);
            }
            if commit.batches.is_empty() && commit.sides.is_empty() {
                return Ok(import);
            }
            match self.inner.store.commit(commit).await {
                Ok(_) => return Ok(import),
                // Somebody amended one of them meanwhile, or sent the same request.
                Err(StoreError::Conflict { .. } | StoreError::Repeated) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Conflict { subject: "resources".into(), expected: 0, found: 0 }.into())
    }

    /// What the rows would change, resource by resource.
    async fn compare_rows(&self, caller: &Caller, rows: &[Row]) -> Result<(Import, Vec<(u64, Vec<Change>)>)> {
        let (mut import, mut batches) = (Import::default(), Vec::new());
        let mut seen: BTreeMap<Identity, u64> = BTreeMap::new();
        for (place, row) in rows.iter().enumerate() {
            let row = match row {
                Ok(row) if place < MAX_ROWS => row,
                Ok(row) => {
                    import.reject(RowReject::beyond(row.line, MAX_ROWS));
                    continue;
                }
                Err(reject) => {
                    import.reject(reject.clone());
                    continue;
                }
            };
            let identity = identity(row);
            if let Some(first) = identity.as_ref().and_then(|identity| seen.get(identity)) {
                import.reject(RowReject::twice(row.line, *first));
                continue;
            }
            match self.compare_row(caller, row, identity.as_ref()).await {
                Ok((0, changes)) => {
                    import.new += 1;
                    batches.push((0, changes));
                }
                Ok((_, changes)) if changes.is_empty() => import.unchanged += 1,
                Ok((version, changes)) => {
                    import.updated += 1;
                    batches.push((version, changes));
                }
                Err(Error::Refused(refusal)) => {
                    import.reject(RowReject::refused(row.line, &refusal));
                    continue;
                }
                Err(error) => return Err(error),
            }
            // Only now: a row that was refused does not stand in the way of a better one.
            seen.extend(identity.map(|identity| (identity, row.line)));
        }
        Ok((import, batches))
    }

    /// What one row would change, and the version it would change; 0 for a new resource.
    async fn compare_row(
        &self,
        caller: &Caller,
        row: &ResourceRow,
        identity: Option<&Identity>,
    ) -> Result<(u64, Vec<Change>)> {
        let ResourceRow { words, standing, .. } = row;
        let standing = standing.map(Standing::from);
        let known = match identity.cloned() {
            Some((kind, title, holder)) => self.inner.store.resource_by_title(kind, title, holder).await?,
            None => None,
        };
        let contact = words.contact()?;
        let Some(known) = known else {
            let of = ResourceId(self.inner.environment.new_id());
            let put = match &contact {
                ContactWords::Put(contact) => contact.as_str(),
                ContactWords::Keep | ContactWords::Drop => "",
            };
            let standing = standing.unwrap_or(Standing::Available);
            let change = self.added(caller, of, words.clone().alone()?, put, standing)?;
            return Ok((0, vec![Change::Resource { of, change }]));
        };
        let amend = Command::Amend {
            words: Box::new(words.clone().onto(&known.value)?),
            contact: self.contact(&known.value, &contact)?,
        };
        let mut changes = self.resource_decided(caller, &known.value, amend)?;
        if let Some(standing) = standing.filter(|standing| *standing != known.value.stood.standing) {
            let stand = Command::Stand { standing, note: String::new() };
            changes.extend(self.resource_decided(caller, &known.value, stand)?);
        }
        Ok((known.version, changes))
    }
}

/// What a row is about; `None` if it does not say.
fn identity(row: &ResourceRow) -> Option<Identity> {
    let said = |text: &Option<String>| text.as_deref().map(str::trim).unwrap_or_default().to_owned();
    Some((row.words.kind?.into(), said(&row.words.title), said(&row.words.holder)))
}

fn read(bytes: &[u8]) -> Result<Vec<Row>> {
    let invalid = |problem: String| Error::Invalid { field: "file", problem };
    let text = std::str::from_utf8(bytes).map_err(|_| {
        invalid("it is not UTF-8; save it as “CSV UTF-8” from the spreadsheet program".to_owned())
    })?;
    read_resources(text).map_err(invalid)
}
