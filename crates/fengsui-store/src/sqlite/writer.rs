//! The writer: every waiting commit in one transaction, one checkpoint, one sync.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use fengsui_domain::change::Subject;
use fengsui_ledger::{SigningKey, Tiles, TreeHead};
use rusqlite::{Connection, ErrorCode, TransactionBehavior};
use tokio::sync::{broadcast, mpsc, oneshot};

use super::append::Append;
use super::head::{grow, head, head_of};
use super::recent::Recent;
use super::{Counts, Job, NewEntryId};
use crate::error::chain;
use crate::{Committed, Result, StoreError};

/// Commits taken into one transaction. At a few entries each this stays below a second of work.
const MAX_GROUP: usize = 256;

/// An answer, and where it goes once the sync is through.
type Answer = (oneshot::Sender<Result<Committed>>, Result<Committed>);

pub(super) struct Writer {
    connection: Connection,
    signer: SigningKey,
    new_id: NewEntryId,
    announce: broadcast::Sender<Arc<[Subject]>>,
    counts: Arc<Counts>,
    recent: Arc<Recent>,
    /// The head this process saw last; every later one must grow from it.
    seen: Option<TreeHead>,
    /// Nobody else has this database, so its head need not be read and checked again after each write.
    alone: bool,
    /// The tree as it was left, where nobody else can have changed it.
    tree: Option<Tiles>,
    /// Why nothing more is written.
    stopped: Option<String>,
}

/// What a synced transaction came to.
struct Synced {
    outcomes: Vec<Result<Committed>>,
    subjects: BTreeSet<Subject>,
    head: TreeHead,
}

impl Writer {
    pub(super) fn new(
        connection: Connection,
        signer: SigningKey,
        new_id: NewEntryId,
        announce: broadcast::Sender<Arc<[Subject]>>,
        counts: Arc<Counts>,
        recent: Arc<Recent>,
    ) -> Self {
        Self {
            connection,
            signer,
            new_id,
            announce,
            counts,
            recent,
            seen: None,
            alone: false,
            tree: None,
            stopped: None,
        }
    }

    /// The same for a database that nobody else can open.
    pub(super) fn alone(self) -> Self {
        Self { alone: true, ..self }
    }

    /// Works until every handle to the store is gone.
    pub(super) fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        while let Some(first) = jobs.blocking_recv() {
            let mut group = vec![first];
            while group.len() < MAX_GROUP {
                let Ok(job) = jobs.try_recv() else { break };
                group.push(job);
            }
            self.work(group);
        }
    }

    /// Writes a group and sends the answers.
    pub(super) fn work(&mut self, group: Vec<Job>) {
        for (waiting, result) in self.write(group) {
            // A caller that went away no longer needs the answer; the commit stands.
            let _ = waiting.send(result);
        }
    }

    /// The connection, for reading between two groups.
    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Writes a group and returns the answers, ready to be sent: nothing is acknowledged before the sync.
    fn write(&mut self, group: Vec<Job>) -> Vec<Answer> {
        if let Some(reason) = &self.stopped {
            return answer_all(group, || StoreError::Stopped { reason: reason.clone() });
        }
        match self.transact(&group) {
            Ok(synced) => self.acknowledge(group, synced),
            // What is too large for the room that is left must not keep out what still fits.
            Err(error) if error.code() == Some(ErrorCode::DiskFull) && group.len() > 1 => {
                group.into_iter().flat_map(|job| self.write(vec![job])).collect()
            }
            Err(error) => self.refuse(group, &error),
        }
    }

    /// Carries out a group in one transaction. An error means that nothing of it was kept, unless the
    /// disk failed during the sync.
    fn transact(&mut self, group: &[Job]) -> Result<Synced> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(StoreError::database("begin a transaction"))?;
        // Taken out: after an error it is read anew.
        let mut tree = match self.tree.take() {
            Some(tree) => tree,
            None => head(&transaction, &self.signer, self.seen)?,
        };
        let mut append = Append::new(&transaction, tree.size(), &mut self.new_id, &self.recent);
        let mut outcomes = Vec::with_capacity(group.len());
        for job in group {
            outcomes.push(append.commit(&job.commit)?);
        }
        let (leaves, written) = append.into_parts();
        let head = match leaves.as_slice() {
            [] => head_of(&tree),
            leaves => grow(&transaction, &mut tree, leaves, &self.signer)?,
        };
        transaction.commit().map_err(StoreError::database("sync a transaction"))?;
        self.tree = self.alone.then_some(tree);
        let subjects = written.keys().copied().collect();
        written.into_iter().for_each(|(subject, state)| self.recent.keep(subject, state));
        Ok(Synced { outcomes, subjects, head })
    }

    fn acknowledge(&mut self, group: Vec<Job>, synced: Synced) -> Vec<Answer> {
        let Synced { outcomes, subjects, head } = synced;
        self.seen = Some(head);
        let written = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        self.counts.commits.fetch_add(written as u64, Ordering::Relaxed);
        self.counts.transactions.fetch_add(1, Ordering::Relaxed);
        if !subjects.is_empty() {
            // Without a listener there is nobody to tell.
            let _ = self.announce.send(subjects.into_iter().collect());
        }
        group.into_iter().map(|job| job.answer).zip(outcomes).collect()
    }

    /// After an error that cannot pass nothing more is acknowledged: a later sync could report success
    /// over pages that were lost. A full disk or a lock is no such error; SQLite rolled back.
    fn refuse(&mut self, group: Vec<Job>, error: &StoreError) -> Vec<Answer> {
        let reason = chain(error);
        let stopped = !error.can_pass();
        // Somebody may have put another database in place of this one.
        self.recent.clear();
        tracing::error!(error = %reason, commits = group.len(), stopped, "a transaction failed");
        if stopped {
            self.stopped = Some(reason.clone());
            return answer_all(group, || StoreError::Stopped { reason: reason.clone() });
        }
        answer_all(group, || StoreError::Unavailable { reason: reason.clone() })
    }
}

fn answer_all(group: Vec<Job>, error: impl Fn() -> StoreError) -> Vec<Answer> {
    group.into_iter().map(|job| (job.answer, Err(error()))).collect()
}

#[cfg(test)]
mod tests;
