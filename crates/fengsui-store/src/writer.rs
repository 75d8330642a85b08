//! The writer: every waiting commit in one transaction, one checkpoint, one sync.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use fengsui_domain::change::Subject;
use fengsui_ledger::{SigningKey, TreeHead};
use tokio::sync::{broadcast, mpsc, oneshot};

use crate::append::{Append, Appended, asks};
use crate::disk::{self, Disk};
use crate::error::chain;
use crate::head::{Left, grow, head, head_of};
use crate::link::{Connected, Link, Trouble};
use crate::recent::Recent;
use crate::search;
use crate::store::{Counts, Job, NewEntryId};
use crate::{Committed, Result, StoreError};

/// Commits taken into one transaction. At a few entries each this stays below a second of work.
const MAX_GROUP: usize = 256;

/// How often a server that is away is asked for while commits wait, and the pause in between: 4 seconds.
const MAX_TRIES: u32 = 40;
const PAUSE: Duration = Duration::from_millis(100);

/// A new connection to the same database.
pub(crate) type Reconnect = Box<dyn Fn() -> Result<Connected> + Send>;

/// How the commits of a group are carried out on a server.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// In two round trips; what one comes to may show only at the end, for all of them.
    Together,
    /// Each by itself, so that each succeeds or fails alone.
    OneByOne,
}

/// A transaction that failed.
struct Failed {
    error: StoreError,
    /// Its number and what it came to, if the line broke at its end: the server may have kept it.
    open: Option<Box<(String, Synced)>>,
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self { error, open: None }
    }
}

/// An answer, and where it goes once the sync is through.
type Answer = (oneshot::Sender<Result<Committed>>, Result<Committed>);

pub(crate) struct Writer {
    connection: Connected,
    signer: SigningKey,
    new_id: NewEntryId,
    announce: broadcast::Sender<Arc<[Subject]>>,
    counts: Arc<Counts>,
    recent: Arc<Recent>,
    /// The head this process saw last; every later one must grow from it.
    seen: Option<TreeHead>,
    /// Nobody else has this database, so its head need not be read and checked again after each write.
    alone: bool,
    /// The tree as this process left it.
    left: Option<Left>,
    /// Makes a new connection in place of one that broke, where that can happen.
    reconnect: Option<Reconnect>,
    /// The server was waited for in vain.
    away: bool,
    /// Why nothing more is written.
    stopped: Option<String>,
    /// What a simulation puts in the place of a disk.
    disk: Option<Box<dyn Disk>>,
    /// That disk ended the process: nobody is answered any more.
    died: bool,
}

/// What a synced transaction came to.
struct Synced {
    outcomes: Vec<Result<Committed>>,
    subjects: BTreeSet<Subject>,
    head: TreeHead,
}

impl Writer {
    pub(crate) fn new(
        connection: impl Into<Connected>,
        signer: SigningKey,
        new_id: NewEntryId,
        announce: broadcast::Sender<Arc<[Subject]>>,
        counts: Arc<Counts>,
        recent: Arc<Recent>,
    ) -> Self {
        Self {
            connection: connection.into(),
            signer,
            new_id,
            announce,
            counts,
            recent,
            seen: None,
            alone: false,
            left: None,
            reconnect: None,
            away: false,
            stopped: None,
            disk: None,
            died: false,
        }
    }

    /// The same on a simulated disk.
    pub(crate) fn on(self, disk: Box<dyn Disk>) -> Self {
        Self { disk: Some(disk), ..self }
    }

    /// The connection, once nothing more is written.
    pub(crate) fn into_connection(self) -> Connected {
        self.connection
    }

    /// The same with a way to connect again.
    pub(crate) fn connecting(self, reconnect: Reconnect) -> Self {
        Self { reconnect: Some(reconnect), ..self }
    }

    /// The same for a database that nobody else can open.
    pub(crate) fn alone(self) -> Self {
        Self { alone: true, ..self }
    }

    /// Works until every handle to the store is gone.
    pub(crate) fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
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
    pub(crate) fn work(&mut self, group: Vec<Job>) {
        let answers = self.write(group);
        if self.died {
            return;
        }
        for (waiting, result) in answers {
            // A caller that went away no longer needs the answer; the commit stands.
            let _ = waiting.send(result);
        }
    }

    /// The connection, for reading between two groups.
    pub(crate) fn link(&self) -> Link<'_> {
        self.connection.link()
    }

    /// Writes a group and returns the answers, ready to be sent: nothing is acknowledged before the sync.
    fn write(&mut self, group: Vec<Job>) -> Vec<Answer> {
        if let Some(reason) = &self.stopped {
            return answer_all(group, || StoreError::Stopped { reason: reason.clone() });
        }
        match self.transact(&group, Manner::Together).or_else(|failed| self.again(&group, failed)) {
            Ok(synced) => self.acknowledge(group, synced),
            // What is too large for the room that is left must not keep out what still fits.
            Err(error) if error.trouble() == Some(Trouble::Full) && group.len() > 1 => {
                group.into_iter().flat_map(|job| self.write(vec![job])).collect()
            }
            Err(error) => self.refuse(group, &error),
        }
    }

    /// Tries a second time where that can help: over a new line, and commit by commit.
    fn again(&mut self, group: &[Job], failed: Failed) -> Result<Synced> {
        let Failed { error, open } = failed;
        match &self.reconnect {
            Some(_) if error.lost_the_line() => {}
            Some(_) if error.blames_the_commit() => {
                return self.transact(group, Manner::OneByOne).map_err(|failed| failed.error);
            }
            _ => return Err(error),
        }
        tracing::warn!(error = %chain(&error), commits = group.len(), "the line to the database broke");
        let unknown = |error: StoreError| match open {
            Some(_) => StoreError::Unknown { reason: chain(&error) },
            None => error,
        };
        self.connect_again().map_err(unknown)?;
        if let Some(open) = open {
            let (number, synced) = *open;
            let kept = self.connection.was_kept(&number).map_err(StoreError::database("ask for a lost end"));
            if kept.map_err(|error| StoreError::Unknown { reason: chain(&error) })? {
                return Ok(synced);
            }
        }
        self.transact(group, Manner::OneByOne).map_err(|failed| failed.error)
    }

    /// Puts a new connection in place of a broken one; waits for a server that comes up, unless it was waited for
    /// before in vain.
    fn connect_again(&mut self) -> Result<()> {
        let Some(reconnect) = &self.reconnect else { return Ok(()) };
        let mut tries = if self.away { 1 } else { MAX_TRIES };
        loop {
            match reconnect() {
                Ok(connection) => {
                    (self.connection, self.away) = (connection, false);
                    tracing::info!("the line to the database is back");
                    return Ok(());
                }
                Err(error) => {
                    tries -= 1;
                    if tries == 0 {
                        self.away = true;
                        return Err(error);
                    }
                    std::thread::sleep(PAUSE);
                }
            }
        }
    }

    /// Carries out a group in one transaction. After an error nothing of it was kept, unless the disk or the line
    /// failed during the sync.
    fn transact(&mut self, group: &[Job], manner: Manner) -> std::result::Result<Synced, Failed> {
        // Taken out: after an error it is read anew.
        let left = self.left.take();
        let (link, recent) = (self.connection.link(), Arc::clone(&self.recent));
        let transaction = match manner {
            Manner::Together => {
                let mut asks = asks(group.iter().map(|job| &job.commit), &recent);
                asks.extend(left.iter().flat_map(Left::asks));
                link.write_asking(&asks)
            }
            Manner::OneByOne => link.write(),
        };
        let transaction = transaction.map_err(StoreError::database("begin a transaction"))?;
        let (mut tree, signed) = match left {
            Some(left) if self.alone || left.stands(link)? => (left.tree, Some(left.note)),
            _ => (head(link, &self.signer, self.seen)?, None),
        };
        let mut append = Append::new(link, tree.size(), &mut self.new_id, &recent);
        let mut outcomes = Vec::with_capacity(group.len());
        for job in group {
            let outcome = append.commit(&job.commit)?;
            if let Err(StoreError::Broken { subject, invariant }) = &outcome {
                tracing::error!(subject, invariant, "a change was refused that would break a rule");
                self.counts.broken.fetch_add(1, Ordering::Relaxed);
            }
            outcomes.push(outcome);
        }
        let Appended { leaves, written, reworded, tally } = append.done();
        tally.write(link)?;
        search::write(link, reworded.iter().map(|subject| (*subject, &*written[subject].state)))?;
        let note = match leaves.as_slice() {
            [] => signed,
            leaves => Some(grow(link, &mut tree, leaves, &self.signer)?),
        };
        let (subjects, head): (BTreeSet<Subject>, _) = (written.keys().copied().collect(), head_of(&tree));
        link.announce(&subjects).map_err(StoreError::database("tell other nodes"))?;
        let (ended, died) = disk::end(transaction, self.disk.as_mut());
        self.died |= died;
        let ended = ended.map_err(StoreError::database("sync a transaction"));
        let synced = Synced { outcomes, subjects, head };
        if let Err(error) = ended {
            let number = link.number().filter(|_| error.lost_the_line());
            return Err(Failed { error, open: number.map(|number| Box::new((number, synced))) });
        }
        self.left = note.map(|note| Left { tree, note });
        written.into_iter().for_each(|(subject, state)| recent.keep(subject, state));
        Ok(synced)
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
        if let StoreError::Unknown { reason } = error {
            self.recent.clear();
            return answer_all(group, || StoreError::Unknown { reason: reason.clone() });
        }
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
