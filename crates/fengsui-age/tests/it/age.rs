//! The `age` of Debian opens what we seal, and we open what it seals.

use std::io::Read as _;
use std::process::Command;

use fengsui_age::{Identity, Opener};

use crate::files::{contents, identity, sealed};

/// Runs one of its programs; what it printed.
fn run(program: &str, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new(program).args(arguments).output().expect("`age` is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn each_opens_what_the_other_sealed() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    run("age-keygen", &["-o", &at("theirs")]);
    let theirs = Identity::read_all(&std::fs::read_to_string(at("theirs")).unwrap()).unwrap().pop().unwrap();
    std::fs::write(at("ours"), identity(1).to_text().as_bytes()).unwrap();
    assert_eq!(
        String::from_utf8(run("age-keygen", &["-y", &at("theirs")])).unwrap().trim(),
        theirs.recipient().to_string()
    );
    let recipients = [identity(1).recipient(), theirs.recipient()];
    for length in [0, 1, 65_535, 65_536, 65_537, 131_072, 300_000] {
        let text = contents(length);
        std::fs::write(at("sealed"), sealed(&text, &recipients)).unwrap();
        for identity in ["ours", "theirs"] {
            assert!(
                run("age", &["-d", "-i", &at(identity), &at("sealed")]) == text,
                "{length} bytes, {identity}"
            );
        }
        std::fs::write(at("plain"), &text).unwrap();
        let (first, second) = (recipients[0].to_string(), recipients[1].to_string());
        let output = at("by-age");
        run("age", &["-r", &first, "-r", &second, "-o", &output, &at("plain")]);
        let mut read = Vec::new();
        let by_age = std::fs::File::open(&output).unwrap();
        Opener::new(by_age, std::slice::from_ref(&theirs)).unwrap().read_to_end(&mut read).unwrap();
        assert!(read == text, "{length} bytes");
    }
}
