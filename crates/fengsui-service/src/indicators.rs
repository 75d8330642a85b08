//! Indicator lists: imported whole, bound by the ledger, compiled into one index swapped at once.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::sync::Arc;

use fengsui_domain::change::Change;
use fengsui_domain::id::ListId;
use fengsui_domain::limits::{MAX_PART_CHARS, MAX_TITLE_CHARS, text};
use fengsui_domain::node::{IndicatorList, ListChange};
use fengsui_domain::permission::Permission;
use fengsui_matcher::index::{Index, IndexBuilder};
use fengsui_matcher::indicator::Indicator;
use fengsui_matcher::list::{ListOptions, read_list};
use fengsui_matcher::pattern::Pattern;
use fengsui_store::{
    Commit, Cursor, IndicatorRow, Page, Side, SightingRow, StoreError, Versioned, indicators_digest,
};

use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::node::Service;

/// Indicators of one list in this store. Larger libraries come with the detection engine.
pub const MAX_INDICATORS: usize = 2_000_000;
/// Rejects that are kept to be shown.
const MAX_REJECTS: usize = 100;

/// What an import came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Import {
    /// Indicators that were not in the list before.
    pub new: u64,
    /// Indicators whose note or line changed.
    pub updated: u64,
    /// Indicators that were there already.
    pub unchanged: u64,
    /// Values that were refused.
    pub rejected: u64,
    /// The first refusals, one sentence each.
    pub rejects: Vec<String>,
}

impl Service {
    /// All lists by name.
    pub async fn list_list(&self, caller: &Caller) -> Result<Vec<Versioned<IndicatorList>>> {
        caller.actor.permit(Permission::IndicatorRead)?;
        Ok(self.inner.store.list_list().await?)
    }

    /// Sightings, latest first.
    pub async fn sighting_list(
        &self,
        caller: &Caller,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<SightingRow>> {
        caller.actor.permit(Permission::IndicatorRead)?;
        Ok(self.inner.store.sighting_list(after, limit).await?)
    }

    /// Imports a list under a name; it takes the place of what was there under that name.
    ///
    /// The same contents a second time change nothing and write nothing.
    pub async fn list_import(&self, caller: &Caller, name: &str, reader: impl BufRead) -> Result<Import> {
        caller.actor.permit(Permission::IndicatorManage)?;
        let name = text("name", name, MAX_TITLE_CHARS)?;
        let (rows, mut import) = read(&name, reader)?;
        let known = self.inner.store.list_list().await?.into_iter().find(|list| list.value.name == name);
        let of = known.as_ref().map_or_else(|| ListId(self.inner.environment.new_id()), |list| list.value.id);
        let before = match &known {
            Some(list) => self.inner.store.indicator_list(list.value.id.to_string()).await?,
            None => Vec::new(),
        };
        count(&mut import, &before, &rows);
        let digest = indicators_digest(&rows);
        if known.as_ref().is_some_and(|list| list.value.digest == digest && list.value.active) {
            return Ok(import);
        }
        let mut kinds = BTreeMap::new();
        rows.iter().for_each(|row| *kinds.entry(row.kind.clone()).or_insert(0) += 1);
        let change = ListChange::Imported { name, kinds, digest, rejected: import.rejected };
        let version = known.map_or(0, |list| list.version);
        let commit = Commit::new(caller.by(), self.now(), caller.request.clone())
            .batch(version, vec![Change::List { of, change }])
            .side(Side::Indicators { list: of.to_string(), rows });
        self.inner.store.commit(commit).await?;
        self.index_rebuild().await?;
        Ok(import)
    }

    /// Retires a list: it is no longer matched against.
    pub async fn list_retire(&self, caller: &Caller, name: &str, reason: &str) -> Result<()> {
        caller.actor.permit(Permission::IndicatorManage)?;
        let reason = text("reason", reason, MAX_PART_CHARS)?;
        let known = self.inner.store.list_list().await?.into_iter().find(|list| list.value.name == name);
        let list = known.ok_or_else(|| Error::NotFound { what: "list", id: name.to_owned() })?;
        if list.value.active {
            let change = Change::List { of: list.value.id, change: ListChange::Retired { reason } };
            let commit = Commit::new(caller.by(), self.now(), caller.request.clone())
                .batch(list.version, vec![change]);
            match self.inner.store.commit(commit).await {
                Ok(_) | Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.index_rebuild().await
    }

    /// Compiles all active lists anew and puts the index in use at once.
    pub async fn index_rebuild(&self) -> Result<()> {
        let mut builder = IndexBuilder::new();
        for list in self.inner.store.list_list().await?.into_iter().filter(|list| list.value.active) {
            let source: Arc<str> = list.value.name.as_str().into();
            for row in self.inner.store.indicator_list(list.value.id.to_string()).await? {
                let Ok(pattern) = Pattern::read(&row.written) else { continue };
                let note = Some(row.note).filter(|note| !note.is_empty());
                let indicator = Indicator {
                    pattern,
                    written: row.written,
                    source: source.clone(),
                    line: row.line,
                    note,
                    confidence: None,
                };
                let full = |error: fengsui_matcher::index::IndexError| Error::Invalid {
                    field: "indicators",
                    problem: error.to_string(),
                };
                builder.add(&indicator).map_err(full)?;
            }
        }
        *self.inner.index.write().expect("no holder panics") = Arc::new(builder.build());
        Ok(())
    }

    /// The index in use.
    pub fn index(&self) -> Arc<Index> {
        Arc::clone(&self.inner.index.read().expect("no holder panics"))
    }
}

/// Reads a list into rows, in order of its lines.
fn read(name: &str, reader: impl BufRead) -> Result<(Vec<IndicatorRow>, Import)> {
    let (mut rows, mut import) = (Vec::new(), Import::default());
    let summary = read_list(reader, &ListOptions::new(name), &mut |item| match item {
        Ok(indicator) if rows.len() < MAX_INDICATORS => rows.push(row(&indicator)),
        Ok(_) => import.rejected += 1,
        Err(reject) => {
            import.rejected += 1;
            if import.rejects.len() < MAX_REJECTS {
                import.rejects.push(reject.to_string());
            }
        }
    });
    summary.map_err(|error| Error::Invalid { field: "list", problem: error.to_string() })?;
    if rows.len() == MAX_INDICATORS && import.rejects.len() < MAX_REJECTS {
        import.rejects.push(format!("only the first {MAX_INDICATORS} indicators were taken"));
    }
    Ok((rows, import))
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
fn count(import: &mut Import, before: &[IndicatorRow], after: &[IndicatorRow]) {
    let mut known: BTreeMap<(&str, &str), &IndicatorRow> = BTreeMap::new();
    for row in before {
        known.entry((&row.kind, &row.value)).or_insert(row);
    }
    let mut seen = std::collections::BTreeSet::new();
    for row in after.iter().filter(|row| seen.insert((&row.kind, &row.value))) {
        match known.get(&(row.kind.as_str(), row.value.as_str())) {
            None => import.new += 1,
            Some(old) if old.note != row.note || old.written != row.written => import.updated += 1,
            Some(_) => import.unchanged += 1,
        }
    }
}
