//! Kills and failing disks: what was acknowledged is there, whole, and nothing else is half there.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Lines};
use std::path::{Path, PathBuf};
use std::process::{ChildStdout, Command, Stdio};

use fengsui_domain::id::EventId;
use fengsui_store::{EventFilter, Side, Store, StoreError, verify_folder};

use crate::home::{Home, Sqlite, open, verifier};
use crate::make::{self, commit, number, sighting};

/// Tells a child which folder to work in.
const FOLDER: &str = "FENGSUI_STORE_TEST_FOLDER";

/// The folder this process was told to work in by the test that started it.
pub(crate) fn told_folder() -> PathBuf {
    std::env::var_os(FOLDER).expect("this test is run by another one").into()
}

/// One ignored test of this binary, run as a process of its own.
pub(crate) struct Child {
    test: &'static str,
    folder: OsString,
    prelude: Option<&'static str>,
}

impl Child {
    pub(crate) fn new(test: &'static str, folder: &Path) -> Self {
        Self { test, folder: folder.into(), prelude: None }
    }

    /// Has a shell run this first: for limits and masks that a process hands down.
    pub(crate) fn in_shell(mut self, prelude: &'static str) -> Self {
        self.prelude = Some(prelude);
        self
    }

    pub(crate) fn start(self) -> Running {
        let myself = std::env::current_exe().unwrap();
        let mut command = match self.prelude {
            None => Command::new(myself),
            Some(prelude) => {
                let mut shell = Command::new("sh");
                shell.arg("-c").arg(format!("{prelude}; exec \"$0\" \"$@\"")).arg(myself);
                shell
            }
        };
        command.args([self.test, "--exact", "--ignored", "--nocapture", "--test-threads=1", "--quiet"]);
        command.env(FOLDER, self.folder).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        Running { process, lines }
    }

    /// Everything it has to say, once it ended well.
    pub(crate) fn lines(self) -> Vec<String> {
        let mut running = self.start();
        let lines = std::iter::from_fn(|| running.next_line()).collect();
        assert!(running.process.wait().unwrap().success(), "{lines:?}");
        lines
    }
}

/// A child at work; killed if it is still there when the value goes.
pub(crate) struct Running {
    process: std::process::Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Running {
    /// The next whole line of the test itself; `None` when there are no more.
    pub(crate) fn next_line(&mut self) -> Option<String> {
        // The harness writes lines of its own around those of the test.
        let words = ["ready", "ack ", "modes ", "recorded ", "refused "];
        self.lines.by_ref().map(Result::unwrap).find(|line| words.iter().any(|word| line.starts_with(word)))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already, which is as good.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Rounds of killing.
const ROUNDS: usize = 20;
/// Those who commit at the same time in a child.
const COMMITTERS: u64 = 4;
/// Commits of one committer at most, should nobody come to kill it.
const MAX_COMMITS: u64 = 200;

/// An event, its second change and its sighting: one commit.
fn whole(series: &str, n: u64) -> (EventId, fengsui_store::Commit) {
    let (event, recorded) = make::event(number(series, n), "wave");
    let amended = make::on_event(event, fengsui_domain::event::EventChange::Reopened { reason: "x".into() });
    let mut row = sighting("rule", &event.to_string(), "asset", 0, 1);
    row.event = Some(event.to_string());
    (event, commit().batch(0, vec![recorded, amended]).side(Side::Sighting(row)))
}

/// Commits without end and says which were acknowledged.
async fn commit_on(store: &Store, series: String) -> Result<(), StoreError> {
    let from = store.number_last(format!("{series}-2026-")).await?;
    for n in from + 1..=from + MAX_COMMITS {
        let (event, commit) = whole(&series, n);
        let done = store.commit(commit).await?;
        println!("ack {} {event}", done.first_index);
    }
    Ok(())
}

#[tokio::test]
#[ignore = "runs as a child of `nothing_acknowledged_is_lost_by_a_kill`"]
async fn endless_child() {
    let store = open(&told_folder()).unwrap();
    let committers = (0..COMMITTERS).map(|n| {
        let store = store.clone();
        tokio::spawn(async move { commit_on(&store, format!("E{n}")).await })
    });
    for committer in committers.collect::<Vec<_>>() {
        committer.await.unwrap().unwrap();
    }
}

/// A number from a seed (splitmix64).
fn roll(seed: &mut u64, sides: u64) -> u64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*seed ^ (*seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed ^ (mixed >> 31)) % sides
}

/// The seed of this run: a fresh one, or the one of a failed run to repeat its kills.
fn seed() -> u64 {
    use std::hash::{BuildHasher as _, RandomState};
    let told = std::env::var("FENGSUI_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = told.unwrap_or_else(|| RandomState::new().hash_one(0));
    println!("FENGSUI_TEST_SEED={seed}");
    seed
}

#[test]
fn nothing_acknowledged_is_lost_by_a_kill() {
    let mut seed = seed();
    let home = Sqlite::new();
    let mut acknowledged = BTreeMap::new();
    let mut stored = 0;
    for round in 0..ROUNDS {
        let mut child = Child::new("killed::endless_child", home.folder()).start();
        let mut acks = Vec::new();
        for _ in 0..=roll(&mut seed, 25) {
            acks.push(child.next_line().unwrap());
        }
        // Somewhere between this answer and the next ones: a spin, as long as a few commits at most.
        for _ in 0..roll(&mut seed, 2_000_000) {
            std::hint::spin_loop();
        }
        child.process.kill().unwrap();
        acks.extend(std::iter::from_fn(|| child.next_line()));
        drop(child);

        // As it was left, before anybody mends it, and after.
        for when in ["killed", "taken up again"] {
            let report = verify_folder(home.folder(), &verifier(), &[]).unwrap();
            assert!(report.good(), "round {round}, {when}: {report:?}");
            let commits = report.entries / 2;
            assert!(report.entries.is_multiple_of(2), "round {round}, {when}: half a commit");
            let (least, most) = (stored + acks.len() as u64, stored + acks.len() as u64 + COMMITTERS);
            assert!(
                (least..=most).contains(&commits),
                "round {round}, {when}: {commits} of {least} to {most}"
            );
            if when == "killed" {
                drop(home.open());
            } else {
                stored = commits;
            }
        }
        acknowledged.extend(acks.iter().map(|ack| parse(ack)));
    }
    assert!(acknowledged.len() >= ROUNDS);
    check(&home.open(), &acknowledged, stored);
}

/// An acknowledgement: where the commit begins, and its event.
fn parse(ack: &str) -> (u64, EventId) {
    let (index, event) = ack.strip_prefix("ack ").unwrap().split_once(' ').unwrap();
    (index.parse().unwrap(), event.parse().unwrap())
}

/// Every acknowledged commit is there in all its parts, and whatever else is there is whole too.
fn check(store: &Store, acknowledged: &BTreeMap<u64, EventId>, commits: u64) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        for (index, event) in acknowledged {
            let entries = store.ledger_entries(*index, 2).await.unwrap();
            let entries: Vec<_> = entries.iter().map(|bytes| String::from_utf8_lossy(bytes)).collect();
            assert!(entries.iter().all(|entry| entry.contains(&event.to_string())), "entry {index}");
        }
        let (mut events, mut after) = (0, None);
        loop {
            let page = store.event_list(EventFilter::default(), after, 200).await.unwrap();
            for row in &page.items {
                let value = row.id.to_string();
                let seen =
                    store.sighting_get("rule".into(), value, "asset".into(), make::at(0)).await.unwrap();
                assert!(row.version == 2 && seen.is_some(), "half of event {}", row.id);
            }
            events += page.items.len() as u64;
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(events, commits);
    });
}

#[test]
fn nothing_is_acknowledged_after_the_disk_failed() {
    let home = Sqlite::new();
    // Writing beyond the limit is an error of the disk to SQLite: not a full one, a failed one.
    let child = Child::new("killed::failing_child", home.folder()).in_shell("trap '' XFSZ; ulimit -f 1200");
    let lines = child.lines();
    let (acks, refused): (Vec<_>, Vec<_>) = lines.iter().partition(|line| line.starts_with("ack "));
    assert!(!acks.is_empty());
    assert_eq!(refused.len(), 3, "{refused:?}");
    for line in &refused {
        assert!(line.starts_with("refused the store takes no more writes: "), "{line}");
        assert!(line.contains("disk I/O error"), "{line}");
        assert_eq!(line, &refused[0], "the first error is what is told from then on");
    }
    let report = home.verify();
    assert!(report.good(), "{report:?}");
    let acknowledged: BTreeMap<_, _> = acks.into_iter().map(|ack| parse(ack)).collect();
    let commits = report.entries / 2;
    assert!((acknowledged.len() as u64..=acknowledged.len() as u64 + 1).contains(&commits));
    check(&home.open(), &acknowledged, commits);
}

#[tokio::test]
#[ignore = "runs as a child of `nothing_is_acknowledged_after_the_disk_failed`"]
async fn failing_child() {
    let store = open(&told_folder()).unwrap();
    println!("refused {}", commit_on(&store, "E".into()).await.unwrap_err());
    for n in 0..2 {
        // Reading goes on, writing does not.
        assert!(store.ledger_size().await.unwrap() > 0);
        println!("refused {}", store.commit(whole("F", n).1).await.unwrap_err());
    }
}
