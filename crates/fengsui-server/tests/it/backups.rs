//! Backups that make themselves, under a clock set by hand, and what is told of them.

use std::path::{Path, PathBuf};

use fengsui_domain::permission::SystemRole;
use fengsui_service::backup::{Identity, Round, Schedule};
use jiff::SignedDuration;

use crate::node::Node;

const DAY: i64 = 24 * 60;

fn schedule(folder: &Path, hours: i64) -> Schedule {
    Schedule {
        folder: folder.to_owned(),
        recipients: vec![Identity::from_seed(&[1; 32]).recipient()],
        every: SignedDuration::from_hours(hours),
        keep: 3,
    }
}

fn names(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = names.map(|name| name.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn day(day: u8) -> String {
    format!("fengsui-202611{day}T030000Z.age")
}

#[tokio::test]
async fn one_a_day_three_kept_one_a_week_tried() {
    let (node, folder) = (Node::new().await, tempfile::tempdir().unwrap());
    std::fs::write(folder.path().join("not a backup"), "").unwrap();
    let at = |name: String| -> PathBuf { folder.path().join(name) };
    let plan = schedule(folder.path(), 24);
    let round = async || node.service.backup_round(&plan).await.unwrap();

    let first = round().await;
    assert_eq!(first, Round { made: Some(at(day(23))), removed: vec![], tried: Some(at(day(23))) });
    let trial = node.service.node().await.unwrap().value.trial.unwrap();
    assert!(trial.problem.is_none() && trial.file == day(23) && trial.entries > 0, "{trial:?}");
    assert_eq!(round().await, Round::default());
    node.pass(DAY - 1);
    assert_eq!(round().await, Round::default());
    node.pass(1);
    assert_eq!(round().await, Round { made: Some(at(day(24))), ..Round::default() });
    for of in 25..30 {
        node.pass(DAY);
        let done = round().await;
        assert_eq!((done.made, done.tried), (Some(at(day(of))), None));
    }
    assert_eq!(names(folder.path()), [day(27), day(28), day(29), "not a backup".into()]);
    node.pass(DAY);
    let done = round().await;
    assert_eq!(
        (done.tried, done.removed),
        (Some(at(day(30))), vec![at(day(27))]),
        "seven days after the first"
    );
}

#[tokio::test]
async fn a_backup_that_would_not_restore_is_told() {
    let (node, folder) = (Node::new().await, tempfile::tempdir().unwrap());
    let plan = schedule(folder.path(), 30 * 24);
    node.service.backup_round(&plan).await.unwrap();
    let path = folder.path().join(day(23));
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).unwrap();

    node.pass(8 * DAY);
    assert_eq!(node.service.backup_round(&plan).await.unwrap().tried, Some(path));
    let trial = node.service.node().await.unwrap().value.trial.unwrap();
    assert!(trial.problem.unwrap().contains("was changed"));
    assert_eq!(names(folder.path()), [day(23)], "nothing of the trial is left");
    let token = node.program(SystemRole::Auditor).await;
    let text = node.get(&token, "/metrics").wants(200).await;
    let text = String::from_utf8(text.bytes).unwrap();
    for line in ["fengsui_restore_trial_good 0", "fengsui_backup_last_timestamp_seconds 1795402800"] {
        assert!(text.contains(line), "{text}");
    }
}

#[tokio::test]
async fn a_folder_that_is_gone_is_an_error_and_no_backup() {
    let (node, folder) = (Node::new().await, tempfile::tempdir().unwrap());
    let plan = schedule(&folder.path().join("gone"), 24);
    assert!(node.service.backup_round(&plan).await.is_err());
    assert!(node.service.node().await.unwrap().value.backup.is_none());
}
