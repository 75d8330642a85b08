//! Indicator lists: imported whole, bound by the ledger, compiled into one index swapped at once.
//!
//! An import takes the place of what was there under its name. A list of which nothing can be matched is
//! refused, so that a feed that answered with an error page never empties the library unseen.

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;
use std::sync::Arc;
use std::time::Duration;

use fengsui_domain::change::Change;
use fengsui_domain::id::ListId;
use fengsui_domain::limits::{MAX_PART_CHARS, MAX_TITLE_CHARS, text};
use fengsui_domain::node::{IndicatorList, ListChange};
use fengsui_domain::permission::Permission;
use fengsui_matcher::index::{Index, IndexBuilder};
use fengsui_matcher::indicator::Indicator;
pub use fengsui_matcher::list::{ListFormat, ListReject, RejectReason};
use fengsui_matcher::list::{ListOptions, read_list};
use fengsui_matcher::pattern::Pattern;
pub use fengsui_matcher::unreadable::Unreadable;
use fengsui_store::{Commit, Cursor, IndicatorRow, Page, Side, StoreError, Versioned, indicators_digest};
use fengsui_wire::api::{Reject, RejectCode};

use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::events::check_expected;
use crate::ingest::bulk::{Packing, unpack};
use crate::node::{MAX_TRIES, Service};

/// Indicators of one list in this store. Larger libraries come with the detection engine.
pub const MAX_INDICATORS: u64 = 2_000_000;
/// Rejects of one import that are told one by one; the rest are counted.
pub const MAX_REJECTS: usize = 100;
/// How often a node looks whether another process changed its lists.
const PAUSE: Duration = Duration::from_secs(1);

/// A list that is about to be imported.
#[derive(Clone, Debug)]
pub struct ListWords {
    /// The name it is known by.
    pub name: String,
    /// How it is written; told from its first lines if not said.
    pub format: Option<ListFormat>,
}

/// What an import came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The list as it stands now.
    pub list: Versioned<IndicatorList>,
    /// Indicators that were not in the list before.
    pub new: u64,
    /// Indicators whose note or line changed.
    pub updated: u64,
    /// Indicators that were there already.
    pub unchanged: u64,
    /// Values that were refused.
    pub rejected: u64,
    /// The first refusals, at most [`MAX_REJECTS`].
    pub rejects: Vec<ListReject>,
}

/// The index in use, and the lists it was compiled from.
pub(crate) struct Compiled {
    /// Ids and versions of the lists, in order of their ids.
    lists: BTreeSet<(ListId, u64)>,
    index: Arc<Index>,
}

impl Compiled {
    /// An index that matches nothing.
    pub(crate) fn empty() -> Self {
        Self { lists: BTreeSet::new(), index: Arc::new(IndexBuilder::new().build()) }
    }
}

/// A list that was read, in order of its lines.
struct Read {
    rows: Arc<[IndicatorRow]>,
    rejected: u64,
    rejects: Vec<ListReject>,
}

/// How an import compares with what was there; kept as the answer to a request that is sent again.
#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
struct Counts {
    list: ListId,
    new: u64,
    updated: u64,
    unchanged: u64,
}

impl Service {
    /// All lists by name.
    pub async fn list_list(&self, caller: &Caller) -> Result<Vec<Versioned<IndicatorList>>> {
        caller.actor.permit(Permission::IndicatorRead)?;
        Ok(self.inner.store.list_list().await?)
    }

    /// Lists by name, page by page; only those in use or only retired ones, if said.
    pub async fn list_page(
        &self,
        caller: &Caller,
        active: Option<bool>,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Versioned<IndicatorList>>> {
        caller.actor.permit(Permission::IndicatorRead)?;
        Ok(self.inner.store.list_page(active, after, limit).await?)
    }

    /// One list.
    pub async fn list(&self, caller: &Caller, id: ListId) -> Result<Versioned<IndicatorList>> {
        caller.actor.permit(Permission::IndicatorRead)?;
        self.list_or_not_found(id).await
    }

    async fn list_or_not_found(&self, id: ListId) -> Result<Versioned<IndicatorList>> {
        let list = self.inner.store.list_get(id).await?;
        list.ok_or(Error::NotFound { what: "list", id: id.to_string() })
    }

    /// Imports a list under a name; it takes the place of what was there under that name.
    ///
    /// The same contents a second time change nothing and write nothing.
    ///
    /// # Errors
    /// [`Error::Invalid`] if nothing of it can be matched, or if it cannot be read to its end.
    pub async fn list_import(
        &self,
        caller: &Caller,
        words: ListWords,
        reader: impl BufRead + Send + 'static,
    ) -> Result<Import> {
        caller.actor.permit(Permission::IndicatorManage)?;
        self.import(caller, words, move |words| read(words, reader)).await
    }

    /// The same from an upload, packed or not.
    ///
    /// # Errors
    /// As [`Service::list_import`], and [`Error::TooLarge`] if it unpacks to more than fits.
    pub async fn list_upload(
        &self,
        caller: &Caller,
        words: ListWords,
        bytes: Vec<u8>,
        packing: Packing,
    ) -> Result<Import> {
        caller.actor.permit(Permission::IndicatorManage)?;
        self.import(caller, words, move |words| read(words, &*unpack(&bytes, packing)?)).await
    }

    async fn import<F>(&self, caller: &Caller, words: ListWords, read: F) -> Result<Import>
    where
        F: FnOnce(&ListWords) -> Result<Read> + Send + 'static,
    {
        let words = ListWords { name: text("name", &words.name, MAX_TITLE_CHARS)?, ..words };
        let name = words.name.clone();
        // Off the async threads: two million lines are seconds of work.
        let read =
            tokio::task::spawn_blocking(move || read(&words)).await.expect("reading does not panic")?;
        for _ in 0..MAX_TRIES {
            if let Some(earlier) = self.earlier_answer(caller).await? {
                let counts = serde_json::from_str(&earlier).map_err(|_| Error::KeyReused)?;
                return self.imported(counts, read).await;
            }
            let (counts, commit) = self.compare(caller, &name, &read).await?;
            if commit.batches.is_empty() && commit.sides.is_empty() {
                return self.imported(counts, read).await;
            }
            match self.inner.store.commit(commit).await {
                Ok(_) => {
                    self.index_refresh().await?;
                    return self.imported(counts, read).await;
                }
                // Somebody was faster, with this list or with the same request.
                Err(StoreError::Conflict { .. } | StoreError::Taken { .. } | StoreError::Repeated) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Conflict { subject: format!("list `{name}`"), expected: 0, found: 0 }.into())
    }

    /// What the import would change, and the commit that does it; an empty one if that is nothing.
    async fn compare(&self, caller: &Caller, name: &str, read: &Read) -> Result<(Counts, Commit)> {
        let known = self.inner.store.list_by_name(name.to_owned()).await?;
        let of = known.as_ref().map_or_else(|| ListId(self.inner.environment.new_id()), |list| list.value.id);
        let before = match &known {
            Some(_) => self.inner.store.indicator_list(of.to_string()).await?,
            None => Vec::new(),
        };
        let counts = count(of, &before, &read.rows);
        let answer = serde_json::to_string(&counts).expect("an id and numbers write as JSON");
        let commit = self.commit_for(caller, &answer);
        let digest = indicators_digest(&read.rows);
        if known.as_ref().is_some_and(|list| list.value.digest == digest && list.value.active) {
            return Ok((counts, commit));
        }
        let mut kinds = BTreeMap::new();
        read.rows.iter().for_each(|row| *kinds.entry(row.kind.clone()).or_insert(0) += 1);
        let change = ListChange::Imported { name: name.to_owned(), kinds, digest, rejected: read.rejected };
        let side = Side::Indicators { list: of.to_string(), rows: Arc::clone(&read.rows) };
        let version = known.map_or(0, |list| list.version);
        Ok((counts, commit.batch(version, vec![Change::List { of, change }]).side(side)))
    }

    async fn imported(&self, counts: Counts, read: Read) -> Result<Import> {
        let Counts { list, new, updated, unchanged } = counts;
        let list = self.list_or_not_found(list).await?;
        let Read { rejected, rejects, .. } = read;
        Ok(Import { list, new, updated, unchanged, rejected, rejects })
    }

    /// Retires a list: it is no longer matched against. Retiring it again changes nothing.
    pub async fn list_retire(
        &self,
        caller: &Caller,
        id: ListId,
        reason: &str,
    ) -> Result<Versioned<IndicatorList>> {
        caller.actor.permit(Permission::IndicatorManage)?;
        let reason = text("reason", reason, MAX_PART_CHARS)?;
        if self.earlier_answer(caller).await?.is_some() {
            return self.list_or_not_found(id).await;
        }
        for _ in 0..MAX_TRIES {
            let list = self.list_or_not_found(id).await?;
            check_expected(caller, list.version)?;
            if !list.value.active {
                return Ok(list);
            }
            let change = Change::List { of: id, change: ListChange::Retired { reason: reason.clone() } };
            let commit = self.commit_for(caller, &id.to_string()).batch(list.version, vec![change]);
            match self.inner.store.commit(commit).await {
                Ok(_) | Err(StoreError::Repeated) => {
                    self.index_refresh().await?;
                    return self.list_or_not_found(id).await;
                }
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Conflict { subject: format!("list/{id}"), expected: 0, found: 0 }.into())
    }

    /// Looks every second whether lists were changed from the command line, until cancelled.
    pub async fn run_index(&self) {
        loop {
            if let Err(error) = self.index_refresh().await {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the index of indicators could not be compiled anew; the earlier one stays in use"
                );
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Compiles the active lists anew if they are not those of the index in use, and swaps it at once.
    ///
    /// Returns whether it was compiled.
    pub async fn index_refresh(&self) -> Result<bool> {
        // One at a time, so that an older look at the lists never takes the place of a newer one.
        let _turn = self.inner.compiling.lock().await;
        let found = self.inner.store.list_list().await?;
        let lists: BTreeSet<(ListId, u64)> = found.iter().map(|list| (list.value.id, list.version)).collect();
        if self.inner.index.read().expect("no holder panics").lists == lists {
            return Ok(false);
        }
        let mut builder = IndexBuilder::new();
        for list in found.into_iter().filter(|list| list.value.active) {
            let rows = self.inner.store.indicator_list(list.value.id.to_string()).await?;
            let work = tokio::task::spawn_blocking(move || add(builder, &list.value.name, rows));
            builder = work.await.expect("compiling does not panic")?;
        }
        let built = tokio::task::spawn_blocking(move || builder.build()).await;
        let index = Arc::new(built.expect("compiling does not panic"));
        *self.inner.index.write().expect("no holder panics") = Compiled { lists, index };
        Ok(true)
    }

    /// The index in use.
    pub fn index(&self) -> Arc<Index> {
        Arc::clone(&self.inner.index.read().expect("no holder panics").index)
    }
}

/// A reject as strangers are told it: with its stable code, and what would be right.
pub fn told(reject: &ListReject) -> Reject {
    let why = reject.why;
    Reject {
        line: reject.line,
        value: reject.value.clone(),
        code: RejectCode::parse(why.code()).expect("a test compares the two lists of codes"),
        detail: format!("it {why}; {}", why.right()),
    }
}

/// Adds the indicators of a list to an index in the making.
fn add(mut builder: IndexBuilder, name: &str, rows: Vec<IndicatorRow>) -> Result<IndexBuilder> {
    let source: Arc<str> = name.into();
    for row in rows {
        let Ok(pattern) = Pattern::read(&row.written) else { continue };
        let indicator = Indicator {
            pattern,
            written: row.written,
            source: source.clone(),
            line: row.line,
            note: Some(row.note).filter(|note| !note.is_empty()),
            confidence: None,
        };
        let full = |error: fengsui_matcher::index::IndexError| Error::Invalid {
            field: "indicators",
            problem: error.to_string(),
        };
        builder.add(&indicator).map_err(full)?;
    }
    Ok(builder)
}

/// Reads a list into rows, in order of its lines.
fn read(words: &ListWords, reader: impl BufRead) -> Result<Read> {
    let (mut rows, mut rejected, mut rejects) = (Vec::new(), 0, Vec::new());
    let options =
        ListOptions { format: words.format, max: MAX_INDICATORS, ..ListOptions::new(words.name.as_str()) };
    let summary = read_list(reader, &options, &mut |item| match item {
        Ok(indicator) => rows.push(row(&indicator)),
        Err(reject) => {
            rejected += 1;
            if rejects.len() < MAX_REJECTS {
                rejects.push(reject);
            }
        }
    });
    let unreadable = |problem: String| Error::Invalid { field: "list", problem };
    summary.map_err(|error| unreadable(error.to_string()))?;
    match (rows.is_empty(), rejects.first()) {
        (false, _) => Ok(Read { rows: rows.into(), rejected, rejects }),
        (true, None) => Err(unreadable("it holds no indicator at all".to_owned())),
        (true, Some(first)) => {
            Err(unreadable(format!("none of its {rejected} values can be matched; the first: {first}")))
        }
    }
}

fn row(indicator: &Indicator) -> IndicatorRow {
    IndicatorRow {
        kind: indicator.pattern.kind().name().to_owned(),
        value: indicator.pattern.to_string(),
        written: indicator.written.clone(),
        line: indicator.line,
        note: indicator.note.clone().unwrap_or_default(),
    }
}

/// Compares by value: what is new, what stands otherwise, what stayed.
fn count(list: ListId, before: &[IndicatorRow], after: &[IndicatorRow]) -> Counts {
    let mut counts = Counts { list, new: 0, updated: 0, unchanged: 0 };
    let mut known: BTreeMap<(&str, &str), &IndicatorRow> = BTreeMap::new();
    for row in before {
        known.entry((&row.kind, &row.value)).or_insert(row);
    }
    let mut seen = BTreeSet::new();
    for row in after.iter().filter(|row| seen.insert((&row.kind, &row.value))) {
        match known.get(&(row.kind.as_str(), row.value.as_str())) {
            None => counts.new += 1,
            Some(old) if old.note != row.note || old.written != row.written => counts.updated += 1,
            Some(_) => counts.unchanged += 1,
        }
    }
    counts
}

#[cfg(test)]
mod tests;
