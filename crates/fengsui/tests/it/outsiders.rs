//! What others hold a node to its word with: kept checkpoints, proofs, and a verifier that shares no code with ours.

use std::path::{Path, PathBuf};
use std::process::Command;

use fengsui_ledger::{ProofFile, VerifierKey};
use serde_json::json;
use tempfile::TempDir;

use crate::program::{Ended, Node, done, fengsui};

/// Proofs on which both verifiers are asked, unless the variable `FENGSUI_PROOFS` says otherwise.
const PROOFS: usize = 120;
/// Proofs handed to a verifier at once: the two names of each must fit the command line.
const AT_ONCE: usize = 500;

/// A data folder with a ledger of so many events, and its verifier key.
fn ledger(events: usize) -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let token = done(&[&"token", &"create", &"--data", &data, &"--role", &"duty-officer", &"--name", &"t"]);
    write(&data, &token, events);
    let key = std::fs::read_to_string(data.join("ledger.vkey")).unwrap().trim().to_owned();
    std::fs::write(folder.path().join("token"), token).unwrap();
    (folder, key)
}

fn write(data: &Path, token: &str, events: usize) {
    let node = Node::start(data);
    let client = node.client(token);
    for n in 0..events {
        let event =
            json!({"title": format!("事件 {n}"), "source": "report", "sender": "市一中", "unit": "市一中"});
        client.made("/api/v1/events", &event);
    }
    assert!(node.stop());
}

fn copy(from: &Path, to: &Path) {
    assert!(Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap().success());
}

/// The verifier in Python, with what it is told.
fn python(arguments: &[&str]) -> Ended {
    let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/verify_ledger.py");
    let output = Command::new("python3").arg("-B").arg(tool).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ended { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// What both say of a place: exit code and first bad index of ours, exit code of the other.
fn both(place: &str, key: &str, kept: &[&Path]) -> (i32, i32) {
    let mut ours: Vec<&dyn AsRef<std::ffi::OsStr>> = vec![&"ledger", &"verify", &place, &"--key", &key];
    let mut theirs = vec!["ledger", place, "--key", key];
    for path in kept {
        ours.extend([&"--checkpoint" as &dyn AsRef<std::ffi::OsStr>, path]);
        theirs.extend(["--checkpoint", path.to_str().unwrap()]);
    }
    (fengsui(&ours).code, python(&theirs).code)
}

#[test]
fn a_kept_checkpoint_tells_of_an_older_copy() {
    let (folder, key) = ledger(3);
    let (data, old, kept) =
        (folder.path().join("data"), folder.path().join("old"), folder.path().join("checkpoint"));
    let early = folder.path().join("early");
    std::fs::write(&early, done(&[&"ledger", &"checkpoint", &"--data", &data]) + "\n").unwrap();
    copy(&data, &old);
    let token = std::fs::read_to_string(folder.path().join("token")).unwrap();
    write(&data, &token, 3);
    std::fs::write(&kept, done(&[&"ledger", &"checkpoint", &"--data", &data]) + "\n").unwrap();
    let ended = fengsui(&[&"ledger", &"verify", &data, &"--checkpoint", &early, &"--checkpoint", &kept]);
    assert!(ended.code == 0 && ended.out.starts_with("good: "), "{ended:?}");

    // The older copy is a good ledger by itself; whoever kept the checkpoint knows better.
    assert_eq!(fengsui(&[&"ledger", &"verify", &old]).code, 0);
    let ended = fengsui(&[&"ledger", &"verify", &old, &"--checkpoint", &kept, &"--json"]);
    assert!(
        ended.code == 1 && ended.json()["problems"][0].as_str().unwrap().contains("missing"),
        "{ended:?}"
    );
    let size = fengsui(&[&"ledger", &"verify", &old, &"--json"]).json()["entries"].clone();
    assert_eq!(ended.json()["first_bad_index"], size, "{ended:?}");

    // The same of an export, by both verifiers, and of a node.
    for (data, code) in [(&data, 0), (&old, 1)] {
        let export = data.with_extension("export");
        done(&[&"ledger", &"export", &"--data", data, &"--output", &export]);
        assert_eq!(both(export.to_str().unwrap(), &key, &[]), (0, 0));
        assert_eq!(both(export.to_str().unwrap(), &key, &[&early, &kept]), (code, code));
        let node = Node::start(data);
        assert_eq!(both(node.url.trim_end_matches('/'), &key, &[]), (0, 0));
        assert_eq!(both(node.url.trim_end_matches('/'), &key, &[&early, &kept]), (code, code));
    }

    // One that went on from the older copy is another history, and longer than the kept one.
    write(&old, &token, 6);
    let ended = fengsui(&[&"ledger", &"verify", &old, &"--checkpoint", &early]);
    assert!(ended.code == 0, "{ended:?}");
    let ended = fengsui(&[&"ledger", &"verify", &old, &"--checkpoint", &kept]);
    assert!(ended.code == 1, "{ended:?}");

    // A file that says nothing about this ledger is no finding.
    std::fs::write(&kept, "fengsui.local\n1\n").unwrap();
    let ended = fengsui(&[&"ledger", &"verify", &data, &"--checkpoint", &kept]);
    assert!(ended.code == 2 && ended.err.contains("cannot be held against the ledger"), "{ended:?}");
}

#[test]
fn a_verifier_that_is_not_ours_finds_what_ours_finds() {
    let (folder, key) = ledger(4);
    let data = folder.path().join("data");
    let export = folder.path().join("export");
    done(&[&"ledger", &"export", &"--data", &data, &"--output", &export]);
    let good = std::fs::read_to_string(&export).unwrap();
    let lines: Vec<&str> = good.lines().collect();
    let last = lines.len() - 1;
    let mut swapped = lines.clone();
    swapped.swap(2, 3);
    let place = lines.iter().position(|line| line.contains("事件 0")).unwrap();
    let forged = lines[place].replace("事件 0", "事件 9");
    let mut altered = lines.clone();
    altered[place] = &forged;
    let signature = lines[0].replacen("— fengsui.local ", "— fengsui.local A", 1);
    let mut unsigned = lines.clone();
    unsigned[0] = &signature;
    let wrong = [
        ("altered", altered),
        ("swapped", swapped),
        ("deleted", [&lines[..2], &lines[3..]].concat()),
        ("cut", lines[..last].to_vec()),
        ("doubled", [&lines[..], &lines[last..]].concat()),
        ("unsigned", unsigned),
    ];
    for (what, lines) in wrong {
        let path = folder.path().join(what);
        std::fs::write(&path, lines.join("\n") + "\n").unwrap();
        assert_eq!(both(path.to_str().unwrap(), &key, &[]), (1, 1), "{what}");
    }
}

#[test]
fn both_verifiers_agree_on_every_proof() {
    let count = std::env::var("FENGSUI_PROOFS").map_or(PROOFS, |count| count.parse().unwrap());
    let (folder, key) = ledger(40);
    let data = folder.path().join("data");
    let verifier: VerifierKey = key.parse().unwrap();
    let entries = fengsui(&[&"ledger", &"verify", &data, &"--json"]).json()["entries"].as_u64().unwrap();
    let proofs: Vec<(String, Vec<u8>)> = (0..entries)
        .map(|index| {
            let entry = folder.path().join("entry");
            let index = index.to_string();
            let proof = fengsui(&[&"ledger", &"prove", &index, &"--data", &data, &"--entry", &entry]);
            assert_eq!(proof.code, 0, "{proof:?}");
            assert!(proof.out.len() <= 1_536, "{} bytes", proof.out.len());
            (proof.out, std::fs::read(entry).unwrap())
        })
        .collect();
    let (mut agreed, mut bad) = (0, 0);
    let mut turn = 0_usize;
    while agreed < count {
        let mut asked: Vec<PathBuf> = Vec::new();
        let mut expected = Vec::new();
        for _ in 0..AT_ONCE.min(count - agreed) {
            let (mut proof, mut entry) = proofs[turn % proofs.len()].clone();
            // Every second one is altered somewhere: a byte of the proof, or a bit of the entry.
            if turn % 4 == 1 {
                let at = turn * 7_919 % proof.len();
                let start = (0..=at).rev().find(|at| proof.is_char_boundary(*at)).unwrap();
                let end = start + proof[start..].chars().next().unwrap().len_utf8();
                proof.replace_range(start..end, if &proof[start..end] == "B" { "C" } else { "B" });
            } else if turn % 4 == 3 {
                let at = turn * 7_919 % entry.len();
                entry[at] ^= 1 << (turn % 8);
            }
            let ours = proof.parse::<ProofFile>().is_ok_and(|proof| {
                proof.verify(&entry, verifier.name().as_str(), std::slice::from_ref(&verifier)).is_ok()
            });
            let name = |kind: &str| folder.path().join(format!("{kind}-{}", asked.len()));
            let names = [name("proof"), name("entry")];
            std::fs::write(&names[0], &proof).unwrap();
            std::fs::write(&names[1], &entry).unwrap();
            asked.extend(names);
            expected.push((ours, proof));
            turn += 1;
        }
        let mut arguments = vec!["proofs", "--key", &key];
        arguments.extend(asked.iter().map(|path| path.to_str().unwrap()));
        let said = python(&arguments);
        assert_eq!(said.out.lines().count(), expected.len(), "{said:?}");
        for (line, (ours, proof)) in said.out.lines().zip(&expected) {
            assert_eq!(line.starts_with("good "), *ours, "{line}\n{proof}");
            agreed += 1;
            bad += usize::from(!ours);
        }
    }
    assert!(bad > 0 && bad < agreed);
    println!("both verifiers agree on {agreed} proofs, {bad} of them bad");
}
