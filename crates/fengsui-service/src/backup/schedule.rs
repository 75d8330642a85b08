//! Backups that make themselves, and the weekly trial that they would restore.
//!
//! Each is sealed for the operator and for the node itself (`keys/trial.key`), so that the trial opens the very file
//! that would be restored; who has that key has the folder it backs up. When something was done is told by the names
//! of the files and by the ledger, so a restart forgets nothing and repeats nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use fengsui_domain::actor::{Actor, By};
use fengsui_domain::node::NodeChange;
use fengsui_domain::permission::SystemRole;
use jiff::{SignedDuration, Timestamp};

use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::node::Service;

use super::{BackupTo, Identity, Recipient, Restore, restore};

/// Pause between two looks whether something is due.
const PAUSE: Duration = Duration::from_secs(60);
/// The same while another node runs the timer, or none does yet.
const ASK_PAUSE: Duration = Duration::from_secs(1);
/// Pause after something failed: a disk that is full stays so for a while.
const PAUSE_AFTER_ERROR: Duration = Duration::from_secs(600);
/// How old the last trial may get.
const TRIAL_EVERY: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Names of files: `fengsui-20261124T031500Z.age`.
const NAME: &str = "fengsui-%Y%m%dT%H%M%SZ.age";

/// Backups that make themselves.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// Where they go.
    pub folder: PathBuf,
    /// Who may restore them.
    pub recipients: Vec<Recipient>,
    /// How old the last one may get.
    pub every: SignedDuration,
    /// How many are kept, at least one; older ones are removed.
    pub keep: usize,
}

/// What a round did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// The backup that was made.
    pub made: Option<PathBuf>,
    /// Backups that were removed, since there were newer ones enough.
    pub removed: Vec<PathBuf>,
    /// The backup that was tried.
    pub tried: Option<PathBuf>,
}

impl Service {
    /// Makes and tries backups until cancelled, where this node runs the timer. Errors are logged and tried again.
    pub async fn run_backups(&self, schedule: Schedule) {
        loop {
            let mut pause = ASK_PAUSE;
            if self.is_leading() {
                pause = PAUSE;
                match self.backup_round(&schedule).await {
                    Ok(round) if round == Round::default() => {}
                    Ok(round) => tracing::info!(?round, "backups were seen to"),
                    Err(error) => {
                        let error = &error as &dyn std::error::Error;
                        tracing::error!(error, "a backup could not be made or tried");
                        pause = PAUSE_AFTER_ERROR;
                    }
                }
            }
            tokio::time::sleep(pause).await;
        }
    }

    /// Makes a backup if one is due, removes those beyond the number, and tries the newest if a trial is due.
    ///
    /// # Errors
    /// As for [`Service::backup`]; a trial that found something wrong is no error but an entry.
    pub async fn backup_round(&self, schedule: &Schedule) -> Result<Round> {
        let mut round = Round::default();
        let mut there = found(&schedule.folder)?;
        let now = self.now();
        let is_due = |last: Option<&(Timestamp, PathBuf)>| {
            last.is_none_or(|(made_at, _)| now.duration_since(*made_at) >= schedule.every)
        };
        if is_due(there.last()) {
            let name = now.strftime(NAME).to_string();
            let path = schedule.folder.join(name);
            let own = self.trial_identity()?.recipient();
            let recipients = schedule.recipients.iter().copied().chain([own]).collect();
            let telling = Box::new(|_: &str, _| {});
            self.backup(&backup_part(), BackupTo::File(path.clone()), recipients, telling).await?;
            there.push((now, path.clone()));
            round.made = Some(path);
        }
        while there.len() > schedule.keep.max(1) {
            let (_, path) = there.remove(0);
            fs::remove_file(&path).map_err(Error::file("remove an old backup", &path))?;
            round.removed.push(path);
        }
        let trial = self.node().await?.value.trial;
        let (Some((_, newest)), true) =
            (there.pop(), trial.is_none_or(|trial| now.duration_since(trial.at) >= TRIAL_EVERY))
        else {
            return Ok(round);
        };
        self.backup_try(newest.clone()).await?;
        round.tried = Some(newest);
        Ok(round)
    }

    /// Restores a backup that was sealed for this node into a scratch folder beside it, verifies and removes it, and
    /// records what came of it.
    async fn backup_try(&self, path: PathBuf) -> Result<()> {
        let identity = self.trial_identity()?;
        let (environment, key) = (self.inner.environment.clone(), self.inner.verifier_key.clone());
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let trial = tokio::task::spawn_blocking(move || {
            let from = fs::File::open(&path).map_err(Error::file("open", &path))?;
            let beside = path.with_file_name("trial");
            let restoring = Restore {
                folder: beside,
                database: None,
                from: Box::new(from),
                identities: vec![identity],
                key: Some(key),
                trial: true,
            };
            restore(restoring, &environment, &mut |_, _| {})
        });
        let (entries, problem) = match trial.await.expect("a trial does not panic") {
            Ok(restored) => (restored.entries, None),
            Err(error) => {
                let problem = super::chain(&error);
                tracing::error!(backup = name, problem, "the newest backup would not restore");
                (0, Some(problem))
            }
        };
        self.node_change(backup_part().by(), NodeChange::RestoreTried { file: name, entries, problem }).await
    }

    /// Who opens the node's own backups for a trial.
    fn trial_identity(&self) -> Result<Identity> {
        Ok(Identity::from_seed(&*self.folder()?.trial_key(&self.inner.environment)?))
    }
}

/// The backups in a folder, the oldest first; whatever else is there is none.
fn found(folder: &Path) -> Result<Vec<(Timestamp, PathBuf)>> {
    let names = || {
        let names = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
        names.collect::<std::io::Result<Vec<PathBuf>>>()
    };
    let made_at = |path: PathBuf| {
        let name = path.file_name()?.to_str()?;
        let time = jiff::fmt::strtime::parse(NAME, name).ok()?.to_datetime().ok()?;
        Some((time.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp(), path))
    };
    let names = names().map_err(Error::file("list the backups in", folder))?;
    let mut found: Vec<_> = names.into_iter().filter_map(made_at).collect();
    found.sort();
    Ok(found)
}

/// The part of the node that makes backups.
fn backup_part() -> Caller {
    Caller::new(Actor {
        by: By::Node { part: "backup".into() },
        roles: [SystemRole::Administrator].into(),
        bodies: [].into(),
        scopes: [].into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_named_like_a_backup_is_one() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in [
            "fengsui-20261124T031500Z.age",
            "fengsui-20251124T031500Z.age",
            "fengsui-20261124T031500Z.draft-12",
            "fengsui-20261399T031500Z.age",
            "mine.age",
        ] {
            fs::write(folder.path().join(name), "").expect("a file");
        }
        let found = found(folder.path()).expect("a list");
        let names =
            found.iter().map(|(at, path)| (at.to_string(), path.file_name().and_then(|name| name.to_str())));
        assert_eq!(
            names.collect::<Vec<_>>(),
            [
                ("2025-11-24T03:15:00Z".to_owned(), Some("fengsui-20251124T031500Z.age")),
                ("2026-11-24T03:15:00Z".to_owned(), Some("fengsui-20261124T031500Z.age")),
            ]
        );
    }
}
