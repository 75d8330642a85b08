use proptest::prelude::*;

use super::*;
use crate::checkpoint::Checkpoint;
use crate::note::{NoteError, SigningKey};
use crate::proof::prove_inclusion;
use crate::reference::{entry, head, tiles};

const ORIGIN: &str = "fengsui.example/ledger";

fn key() -> SigningKey {
    SigningKey::from_seed(ORIGIN.parse().unwrap(), &[1; 32])
}

fn keys() -> [VerifierKey; 1] {
    [key().verifier_key().clone()]
}

fn file(index: u64, size: u64) -> ProofFile {
    let checkpoint =
        Checkpoint { origin: ORIGIN.to_owned(), size, root: head(size).root, extensions: Vec::new() };
    ProofFile {
        extra: None,
        index,
        proof: prove_inclusion(&tiles(size), index, head(size)).unwrap(),
        checkpoint: checkpoint.sign(&[&key()]).unwrap(),
    }
}

#[test]
fn the_text_is_exact() {
    let made = ProofFile { extra: Some(b"data".to_vec()), ..file(1, 3) };
    let siblings: Vec<String> = made.proof.0.iter().map(|hash| hash.to_base64()).collect();
    let text = format!(
        "c2sp.org/tlog-proof@v1\nextra ZGF0YQ==\nindex 1\n{}\n{}\n\n{}",
        siblings[0], siblings[1], made.checkpoint
    );
    assert_eq!(made.to_string(), text);
    assert_eq!(text.parse(), Ok(made));
}

#[test]
fn every_proof_of_a_ledger_holds_and_stays_small() {
    for index in 0..300 {
        let text = file(index, 300).to_string();
        let read: ProofFile = text.parse().unwrap();
        let signed = read.verify(&entry(index), ORIGIN, &keys()).unwrap();
        assert_eq!(signed.checkpoint.size, 300);
        assert!(text.len() < 1_536, "{} bytes", text.len());
    }
}

#[test]
fn a_proof_is_of_one_entry_one_ledger_and_one_key() {
    let made = file(7, 10);
    let stranger = SigningKey::from_seed(ORIGIN.parse().unwrap(), &[2; 32]);
    for (outcome, problem) in [
        (made.verify(&entry(6), ORIGIN, &keys()), "the proof file does not prove the entry"),
        (made.verify(b"", ORIGIN, &keys()), "the proof file does not prove the entry"),
        (made.verify(&entry(7), "other.example", &keys()), "cannot open the checkpoint of the proof file"),
        (made.verify(&entry(7), ORIGIN, &[stranger.verifier_key().clone()]), "cannot open the checkpoint"),
        (
            ProofFile { index: 6, ..made.clone() }.verify(&entry(7), ORIGIN, &keys()),
            "does not prove the entry",
        ),
        (
            ProofFile { index: 10, ..made.clone() }.verify(&entry(7), ORIGIN, &keys()),
            "does not prove the entry",
        ),
    ] {
        let error = outcome.unwrap_err();
        assert!(error.to_string().contains(problem), "{error}");
        assert!(std::error::Error::source(&error).is_some());
    }
    let error =
        ProofFile { checkpoint: String::new(), ..made }.verify(&entry(7), ORIGIN, &keys()).unwrap_err();
    assert_eq!(error, ProofFileError::Checkpoint(CheckpointError::Note(NoteError::NoSignatures)));
}

#[test]
fn malformed_files_say_which_line() {
    let good = file(1, 3).to_string();
    let hash = head(1).root.to_base64();
    for (text, problem) in [
        (String::new(), "the proof file has no empty line"),
        (good.replace("\n\n", "\n"), "the proof file has no empty line"),
        (format!("\n{good}"), "line 1 of the proof file is ``: expected c2sp.org/tlog-proof@v1"),
        (good.replace("@v1", "@v2"), "line 1 of the proof file is `c2sp.org/tlog-proof@v2`"),
        (good.replace("@v1\n", "@v1\r\n"), "line 1"),
        (good.replace("@v1", "@v1 "), "line 1"),
        (
            "c2sp.org/tlog-proof@v1\n\nx".to_owned(),
            "line 2 of the proof file is ``: expected `index` and a number",
        ),
        (good.replace("index 1", "index 01"), "line 2 of the proof file is `index 01`"),
        (good.replace("index 1", "index +1"), "line 2"),
        (good.replace("index 1", "index -1"), "line 2"),
        (good.replace("index 1", "index  1"), "line 2"),
        (good.replace("index 1", "index"), "line 2"),
        (good.replace("index 1", "index 18446744073709551616"), "line 2"),
        (
            good.replace("index 1", "extra !\nindex 1"),
            "line 2 of the proof file is `extra !`: expected `extra` and",
        ),
        (good.replace("index 1", "extra \nindex 1"), "line 2"),
        (good.replace("index 1", "extra ZGF0YQ\nindex 1"), "line 2"),
        (good.replace("index 1", "extra ZA==\nextra ZA==\nindex 1"), "line 3"),
        (
            good.replace("index 1", "index 1\nextra ZA=="),
            "line 3 of the proof file is `extra ZA==`: expected a hash",
        ),
        (good.replace("index 1", "index 1\nabc"), "line 3"),
        (good.replace("index 1", &format!("index 1{}", format!("\n{hash}").repeat(63))), "line 67"),
    ] {
        let error = text.parse::<ProofFile>().unwrap_err().to_string();
        assert!(error.contains(problem), "{text:?}: {error}");
    }
}

#[test]
fn the_limits_hold_to_the_byte() {
    let with_extra = |bytes: usize| ProofFile { extra: Some(vec![7; bytes]), ..file(0, 1) }.to_string();
    assert!(with_extra(MAX_EXTRA_BYTES).parse::<ProofFile>().is_ok());
    assert!(matches!(
        with_extra(MAX_EXTRA_BYTES + 1).parse::<ProofFile>(),
        Err(ProofFileError::Line { line: 2, .. })
    ));
    let largest = ProofFile {
        extra: Some(vec![7; MAX_EXTRA_BYTES]),
        index: u64::MAX,
        proof: InclusionProof(vec![head(0).root; MAX_PROOF_HASHES]),
        checkpoint: "x".repeat(MAX_NOTE_BYTES),
    };
    let text = largest.to_string();
    assert_eq!(text.len(), MAX_PROOF_FILE_BYTES);
    assert_eq!(text.parse(), Ok(largest));
    let bytes = text.len() + 1;
    assert_eq!(format!("{text}x").parse::<ProofFile>(), Err(ProofFileError::Long { bytes }));
}

#[test]
fn every_flipped_bit_of_a_proof_file_is_found_or_unsigned() {
    let good = file(5, 10).to_string();
    for bit in 0..good.len() * 8 {
        let mut bad = good.clone().into_bytes();
        bad[bit / 8] ^= 1 << (bit % 8);
        let verified = str::from_utf8(&bad).is_ok_and(|text| {
            text.parse::<ProofFile>().is_ok_and(|read| read.verify(&entry(5), ORIGIN, &keys()).is_ok())
        });
        assert!(!verified, "bit {bit}: {}", String::from_utf8_lossy(&bad));
    }
}

proptest! {
    #[test]
    fn a_file_that_parses_is_its_own_spelling(text in "(c2sp.org/tlog-proof@v1\n)?(extra [A-Za-z0-9=]{0,8}\n)?(index [0-9]{1,3}\n)?([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=\n){0,2}\n.{0,9}\n?") {
        if let Ok(read) = text.parse::<ProofFile>() {
            prop_assert_eq!(read.to_string(), text);
        }
    }
}
