//! Backups of a node at work, what comes of them, and what must never come of them: an index signed twice.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::Client;
use crate::nodes;
use crate::program::{Ended, Node, command, done, fengsui};

/// Restores in a row, unless the variable `FENGSUI_RESTORES` says otherwise.
const RESTORES: usize = 4;
/// Restores and backups that are killed.
const KILLS: u64 = 8;

/// Data folders, and the key of whoever may restore.
struct Place {
    folder: TempDir,
    recipient: String,
}

impl Place {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let recipient = done(&[&"backup", &"key", &folder.path().join("secret")]);
        Self { folder, recipient }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A token of a duty officer of the node in a folder, which is made if need be.
    fn token(&self, name: &str) -> String {
        let role = "duty-officer";
        done(&[&"token", &"create", &"--data", &self.at(name), &"--role", &role, &"--name", &"test"])
    }

    fn back_up(&self, from: &str, to: &str) -> Value {
        let recipient = &self.recipient;
        let (from, to) = (self.at(from), self.at(to));
        let said = done(&[&"backup", &"--data", &from, &"-o", &to, &"-r", recipient, &"--json"]);
        serde_json::from_str(&said).unwrap()
    }

    fn restore(&self, from: &str, to: &str, more: &[&str]) -> Ended {
        let (from, to, secret) = (self.at(from), self.at(to), self.at("secret"));
        let mut arguments: Vec<&dyn AsRef<std::ffi::OsStr>> =
            vec![&"restore", &from, &"--data", &to, &"-i", &secret, &"--json"];
        arguments.extend(more.iter().map(|word| word as &dyn AsRef<std::ffi::OsStr>));
        fengsui(&arguments)
    }

    fn verified(&self, name: &str, more: &[&str]) -> Ended {
        let place = self.at(name);
        let mut arguments: Vec<&dyn AsRef<std::ffi::OsStr>> = vec![&"ledger", &"verify", &place, &"--json"];
        arguments.extend(more.iter().map(|word| word as &dyn AsRef<std::ffi::OsStr>));
        fengsui(&arguments)
    }

    /// Every entry of a ledger by its index, and the key that signs it.
    fn ledger(&self, name: &str) -> (String, Vec<String>) {
        let exported = done(&[&"ledger", &"export", &"--data", &self.at(name)]);
        let mut lines = exported.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let head = lines.next().unwrap();
        let entries = lines.map(|line| line["entry"].as_str().unwrap().to_owned()).collect();
        (head["verifier_key"].as_str().unwrap().to_owned(), entries)
    }

    fn names(&self) -> Vec<String> {
        let names = std::fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> =
            names.map(|name| name.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn event(n: usize) -> Value {
    json!({"title": format!("事件 {n}"), "source": "report", "sender": "市一中", "unit": "市一中"})
}

fn made(client: &Client, n: usize) -> String {
    client.made("/api/v1/events", &event(n))["id"].as_str().unwrap().to_owned()
}

fn write(place: &Place, name: &str, count: usize) -> Vec<String> {
    let token = place.token(name);
    let node = Node::start(&place.at(name));
    let client = node.client(&token);
    let ids = (0..count).map(|n| made(&client, n)).collect();
    assert!(node.stop());
    ids
}

/// An incident with a piece of evidence, whose hash is returned.
fn evidence(client: &Client) -> String {
    let event = made(client, 0);
    let judged = json!({"outcome": "incident", "category": "attack", "level": "III", "reason": "初判"});
    let judged = client.made(&format!("/api/v1/events/{event}/triage"), &judged);
    let incident = judged["incident"].as_str().unwrap();
    let bytes = "<h1>defaced</h1>";
    let (status, incident) =
        client.bytes(&format!("/api/v1/incidents/{incident}/evidence?name=page.html"), bytes).unwrap();
    assert_eq!(status, 200, "{incident}");
    incident["evidence"][0]["sha256"].as_str().unwrap().to_owned()
}

#[test]
fn a_node_at_work_is_backed_up_and_lives_again() {
    let place = Place::new();
    let token = place.token("node");
    let node = Node::start(&place.at("node"));
    let client = node.client(&token);
    let hash = evidence(&client);
    let before: Vec<String> = (0..30).map(|n| made(&client, n)).collect();
    let kept = place.at("kept.checkpoint");
    std::fs::write(&kept, done(&[&"ledger", &"checkpoint", &"--data", &place.at("node")]) + "\n").unwrap();
    let made = std::thread::scope(|scope| {
        let others = [1, 2].map(|person| {
            let client = node.client(&token);
            scope.spawn(move || (0..40).for_each(|n| drop(self::made(&client, person * 1_000 + n))))
        });
        let made = place.back_up("node", "backup.age");
        others.into_iter().for_each(|other| other.join().unwrap());
        made
    });
    let after = place.at("after.checkpoint");
    std::fs::write(&after, done(&[&"ledger", &"checkpoint", &"--data", &place.at("node")]) + "\n").unwrap();
    drop(node);

    let tried = place.restore("backup.age", "again", &["--verify"]);
    assert!(tried.code == 0 && tried.json()["new_key"].is_null(), "{tried:?}");
    assert!(!place.names().iter().any(|name| name.starts_with("again")), "{:?}", place.names());

    let restored = place.restore("backup.age", "again", &[]);
    let said = restored.json();
    assert!(restored.code == 0 && said["entries"] == made["entries"], "{restored:?}");
    assert_eq!(place.names().iter().filter(|name| name.starts_with("again")).count(), 1);
    assert_eq!(place.verified("again", &[]).code, 0);
    let shelf = place.at("again").join("evidence").join(&hash[..2]).join(&hash);
    assert_eq!(std::fs::read(shelf).unwrap(), b"<h1>defaced</h1>");

    // Everything from before is there, under the same token; and it goes on.
    let node = Node::start(&place.at("again"));
    let client = node.client(&token);
    for id in &before {
        assert_eq!(client.get(&format!("/api/v1/events/{id}")).unwrap().0, 200);
    }
    self::made(&client, 77);
    assert!(node.stop());
    assert_eq!(place.verified("again", &[]).code, 0);

    // Its new key signs under a name of its own, and the ledger says from where it comes.
    let (key, entries) = place.ledger("again");
    assert!(key.contains("/epoch-2-") && said["new_key"] == key.as_str());
    let first = usize::try_from(said["entries"].as_u64().unwrap()).unwrap();
    let first: Value = serde_json::from_str(&entries[first]).unwrap();
    assert_eq!(first["change"]["type"], "restored");
    assert_eq!(
        (&first["change"]["verifier_key"], &first["change"]["entries"]),
        (&said["new_key"], &said["entries"])
    );

    // A checkpoint kept before the backup still holds; one kept after it tells what was lost.
    let [kept, after] = [kept, after].map(|path| path.display().to_string());
    assert_eq!(place.verified("again", &["--checkpoint", &kept]).code, 0);
    let lost = place.verified("again", &["--checkpoint", &after]);
    assert!(lost.code == 1, "{lost:?}");
}

#[test]
fn no_index_is_ever_signed_twice() {
    let restores = std::env::var("FENGSUI_RESTORES").map_or(RESTORES, |number| number.parse().unwrap());
    let place = Place::new();
    write(&place, "node-0", 3);
    // What each key signed, by index.
    let mut signed: BTreeMap<(String, usize), String> = BTreeMap::new();
    let mut twice = 0;
    let mut note = |place: &Place, name: &str| {
        let (key, entries) = place.ledger(name);
        for (index, entry) in entries.into_iter().enumerate() {
            let known = signed.entry((key.clone(), index)).or_insert_with(|| entry.clone());
            twice += usize::from(*known != entry);
        }
    };
    for n in 1..=restores {
        // Of any node so far, also one that was restored itself, which goes on afterwards.
        let from = format!("node-{}", n * 7 % n);
        let backup = format!("{n}.age");
        place.back_up(&from, &backup);
        write(&place, &from, 2);
        let restored = place.restore(&backup, &format!("node-{n}"), &[]);
        assert_eq!(restored.code, 0, "{restored:?}");
        write(&place, &format!("node-{n}"), 2);
        note(&place, &from);
        note(&place, &format!("node-{n}"));
        assert_eq!(place.verified(&format!("node-{n}"), &[]).code, 0);
        // The same backup once more is another epoch again.
        if n % 4 == 0 {
            let name = format!("twin-{n}");
            assert_eq!(place.restore(&backup, &name, &[]).code, 0);
            write(&place, &name, 1);
            note(&place, &name);
        }
    }
    println!("{restores} restores, {} indexes signed, {twice} twice", signed.len());
    assert_eq!(twice, 0);
}

#[test]
fn from_a_database_and_into_one() {
    let place = Place::new();
    let (first, second) = (nodes::database(), nodes::database());
    let token = nodes::token(&place.at("node"), &first, "duty-officer");
    let node = Node::start_with(&place.at("node"), &[&"--database", &first]);
    let id = made(&node.client(&token), 1);
    let backup = place.at("backup.age");
    let recipient = &place.recipient;
    done(&[&"backup", &"--data", &place.at("node"), &"--database", &first, &"-o", &backup, &"-r", recipient]);
    drop(node);

    let restored = place.restore("backup.age", "server", &["--database", &second]);
    assert_eq!(restored.code, 0, "{restored:?}");
    let node = Node::start_with(&place.at("server"), &[&"--database", &second]);
    assert_eq!(node.client(&token).get(&format!("/api/v1/events/{id}")).unwrap().0, 200);
    made(&node.client(&token), 2);
    drop(node);
    nodes::verified(&place.at("server"), &second);
    let refused = place.restore("backup.age", "other", &["--database", &second]);
    assert!(refused.code != 0 && refused.err.contains("holds a ledger already"), "{refused:?}");

    let restored = place.restore("backup.age", "file", &[]);
    assert_eq!(restored.code, 0, "{restored:?}");
    let node = Node::start(&place.at("file"));
    assert_eq!(node.client(&token).get(&format!("/api/v1/events/{id}")).unwrap().0, 200);
    drop(node);
    assert_eq!(place.verified("file", &[]).code, 0);
}

#[test]
fn what_cannot_be_restored_is_refused_with_the_reason() {
    let place = Place::new();
    write(&place, "node", 20);
    place.back_up("node", "backup.age");
    let refused = |ended: &Ended, words: &str| {
        assert!(ended.code == 2 && ended.err.contains(words), "{words}: {ended:?}");
    };
    refused(&place.restore("backup.age", "node", &[]), "is not empty");
    refused(&place.restore("missing.age", "again", &[]), "cannot be read");
    let other = done(&[&"backup", &"key", &place.at("other")]);
    assert!(other.starts_with("age1"));
    let again = place.at("again");
    let stranger =
        [&"restore" as &dyn AsRef<std::ffi::OsStr>, &place.at("backup.age"), &"--data", &again, &"-i"];
    refused(&fengsui(&[&stranger[..], &[&place.at("other")]].concat()), "none of the identities opens it");
    refused(&fengsui(&[&stranger[..], &[&place.at("backup.age")]].concat()), "backup.age");
    let key = std::fs::read_to_string(place.at("node").join("ledger.vkey")).unwrap();
    assert_eq!(place.restore("backup.age", "again", &["--verify", "--key", key.trim()]).code, 0);
    let foreign = "fengsui.local+a88d3449+ASGO5uyKtpcotcFcUq1BjG/LrKncM4W0Us5eqUpeciLn";
    refused(&place.restore("backup.age", "again", &["--key", foreign]), "not by the key that was given");

    // Cut off, or one bit changed, anywhere.
    let whole = std::fs::read(place.at("backup.age")).unwrap();
    for n in 0..24 {
        let at = whole.len() * n / 24;
        std::fs::write(place.at("cut.age"), &whole[..at]).unwrap();
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        std::fs::write(place.at("bit.age"), bytes).unwrap();
        for broken in ["cut.age", "bit.age"] {
            let ended = place.restore(broken, "again", &[]);
            assert!(ended.code == 2, "{broken} at {at}: {ended:?}");
            let tried = place.restore(broken, "again", &["--verify"]);
            assert!(tried.code == 1 && tried.json()["good"] == false, "{tried:?}");
        }
    }
    assert!(!place.names().iter().any(|name| name.starts_with("again")), "{:?}", place.names());
}

/// Somebody who may open it and seal it again changes what is in it, with the tools of everybody.
#[test]
fn a_backup_that_was_forged_does_not_verify() {
    let place = Place::new();
    write(&place, "node", 5);
    place.back_up("node", "backup.age");
    let shell = |script: &str| {
        let mut run = Command::new("sh");
        run.arg("-ec").arg(script).current_dir(place.folder.path()).env("RECIPIENT", &place.recipient);
        let output = run.output().unwrap();
        assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
    };
    shell(
        "mkdir open && age -d -i secret backup.age | zstd -dq | tar -x -C open && age -d -i secret backup.age | zstd -dq | tar -t > names",
    );
    let seal = "tar -c -C ../open -T ../names | zstd -q | age -r $RECIPIENT -o ../forged.age";
    let seal = format!("rm -f forged.age; cd open; {seal}");
    shell(&seal.replace("../open", "."));
    assert_eq!(place.restore("forged.age", "again", &["--verify"]).code, 0, "sealed again as it was");
    for (forgery, words) in [
        ("sed -i 's/市一中/市二中/' open/rows/event/*", "does not verify"),
        ("sed -i 's/市一中/市二中/' open/rows/ledger_entry/*", "does not verify"),
        ("echo x >> names && echo x > open/x", "has no place in a backup"),
        ("sed -i '/rows.token/d' names", "rows and"),
        ("sed -i '/end.json/d' names", "ends too early"),
        (
            "ln -sf /etc/passwd open/plans/link && sed -i 's|^field.key$|plans/link|' names",
            "has no place in a backup",
        ),
    ] {
        shell("rm -rf kept && cp -r open kept && cp names kept.names");
        shell(forgery);
        shell(&seal.replace("../open", "."));
        let tried = place.restore("forged.age", "again", &["--verify"]);
        let problem = tried.json()["problem"].to_string();
        assert!(tried.code == 1 && problem.contains(words), "{forgery}: {tried:?}");
        shell("rm -rf open && mv kept open && mv kept.names names");
    }
}

#[test]
fn a_kill_leaves_no_half_backup_and_no_half_node() {
    let place = Place::new();
    write(&place, "node", 40);
    place.back_up("node", "whole.age");
    let (mut backups, mut nodes) = (0, 0);
    let took = |work: &dyn Fn()| {
        let since = Instant::now();
        work();
        since.elapsed()
    };
    let backup = took(&|| drop(place.back_up("node", "timed.age")));
    let restore = took(&|| assert_eq!(place.restore("timed.age", "timed", &[]).code, 0));
    for n in 0..KILLS {
        // From the beginning to somewhat after the end.
        let part =
            |whole: Duration| whole * u32::try_from(n + 1).unwrap() / u32::try_from(KILLS - 2).unwrap();
        let name = format!("{n}.age");
        let (data, to) = (place.at("node"), place.at(&name));
        killed(command(&[&"backup", &"--data", &data, &"-o", &to, &"-r", &place.recipient]), part(backup));
        if place.at(&name).exists() {
            assert_eq!(place.restore(&name, "tried", &["--verify"]).code, 0);
            backups += 1;
        }
        let again = place.at("again");
        let from = place.at("whole.age");
        let secret = place.at("secret");
        killed(command(&[&"restore", &from, &"--data", &again, &"-i", &secret]), part(restore));
        if again.exists() {
            nodes += 1;
        } else {
            assert_eq!(place.restore("whole.age", "again", &[]).code, 0, "what was left is in nobody's way");
        }
        assert_eq!(place.verified("again", &[]).code, 0);
        std::fs::remove_dir_all(&again).unwrap();
    }
    println!("{KILLS} kills each: {backups} backups and {nodes} nodes were there whole");
}

/// Runs a command and kills it after this time.
fn killed(mut command: Command, after: Duration) {
    let mut child =
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
    std::thread::sleep(after);
    let _ = child.kill();
    child.wait().unwrap();
}

#[test]
fn a_node_backs_itself_up_and_tries_the_backup() {
    let place = Place::new();
    std::fs::create_dir(place.at("backups")).unwrap();
    let token = place.token("node");
    let to = place.at("backups");
    let node =
        Node::start_with(&place.at("node"), &[&"--backup-to", &to, &"--backup-recipient", &place.recipient]);
    made(&node.client(&token), 1);
    let auditor =
        [&"token" as &dyn AsRef<std::ffi::OsStr>, &"create", &"--data", &place.at("node"), &"--role"];
    let auditor = done(&[&auditor[..], &[&"auditor", &"--name", &"a"]].concat());
    let metrics = || node.client(&auditor).metrics().unwrap();
    let since = Instant::now();
    while !metrics().contains("fengsui_restore_trial_good 1") {
        assert!(since.elapsed() < Duration::from_secs(60), "{}", metrics());
        std::thread::sleep(Duration::from_millis(50));
    }
    drop(node);
    let made: Vec<_> = std::fs::read_dir(&to).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(made.len(), 1, "the backup, and nothing of the trial: {made:?}");
    let name = format!("backups/{}", made[0].file_name().unwrap().to_str().unwrap());
    assert_eq!(place.restore(&name, "again", &[]).code, 0);
    let refused = fengsui(&[&"serve", &"--data", &place.at("x"), &"--backup-to", &to]);
    assert!(refused.code == 2 && refused.err.contains("--backup-recipient"), "{refused:?}");
}

#[test]
fn through_a_pipe() {
    let place = Place::new();
    write(&place, "node", 3);
    let backup = [&"backup" as &dyn AsRef<std::ffi::OsStr>, &"--data", &place.at("node"), &"-o", &"-", &"-r"];
    let output = command(&[&backup[..], &[&place.recipient]].concat()).output().unwrap();
    assert!(output.status.success());
    let mut restore = command(&[&"restore", &"-", &"--data", &place.at("again"), &"-i", &place.at("secret")]);
    let mut restore =
        restore.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped()).spawn().unwrap();
    restore.stdin.take().unwrap().write_all(&output.stdout).unwrap();
    let mut said = String::new();
    restore.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(restore.wait().unwrap().success() && said.contains("a new epoch"), "{said}");
    assert_eq!(place.verified("again", &[]).code, 0);
    assert!(Path::new(&place.at("node")).exists());
}
