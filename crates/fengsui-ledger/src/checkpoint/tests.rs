use proptest::prelude::*;

use super::*;
use crate::note::{CosigningKey, add_signature};
use crate::reference::head;

const ORIGIN: &str = "fengsui.example/ledger";

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(ORIGIN.parse().unwrap(), &[seed; 32])
}

fn checkpoint(size: u64) -> Checkpoint {
    Checkpoint { origin: ORIGIN.to_owned(), size, root: head(size).root, extensions: Vec::new() }
}

#[test]
fn the_text_is_exact() {
    let mut checkpoint = checkpoint(1);
    checkpoint.extensions = vec!["epoch 2".to_owned(), "more".to_owned()];
    let text = format!("fengsui.example/ledger\n1\n{}\nepoch 2\nmore\n", head(1).root.to_base64());
    assert_eq!(checkpoint.to_string(), text);
    assert_eq!(text.parse(), Ok(checkpoint));
}

#[test]
fn malformed_texts_say_which_line() {
    let root = head(9).root.to_base64();
    let size = "a number up to 2^63 - 1 without leading zeros";
    for (text, problem) in [
        (String::new(), "must end with a newline"),
        (format!("o\n9\n{root}"), "must end with a newline"),
        ("\n".to_owned(), "line 1 of the checkpoint is ``: expected an origin of 1 to 255 bytes"),
        (format!("\n9\n{root}\n"), "line 1"),
        (format!("{}\n9\n{root}\n", "o".repeat(256)), "line 1"),
        ("o\n".to_owned(), &format!("line 2 of the checkpoint is ``: expected {size}")),
        (format!("o\n\n{root}\n"), "line 2"),
        (format!("o\n09\n{root}\n"), "line 2"),
        (format!("o\n+9\n{root}\n"), "line 2"),
        (format!("o\n-9\n{root}\n"), "line 2"),
        (format!("o\n 9\n{root}\n"), "line 2"),
        (format!("o\n9 \n{root}\n"), "line 2"),
        (format!("o\n0x9\n{root}\n"), "line 2"),
        (format!("o\n00\n{root}\n"), "line 2"),
        (format!("o\n９\n{root}\n"), "line 2"),
        (format!("o\n9223372036854775808\n{root}\n"), "line 2"),
        (format!("o\n99999999999999999999\n{root}\n"), "line 2"),
        ("o\n9\n".to_owned(), "line 3 of the checkpoint is ``: expected a hash in base64"),
        ("o\n9\n\n".to_owned(), "line 3"),
        (format!("o\n9\n{}\n", head(9).root), "line 3"),
        (format!("o\n9\n{}\n", root.trim_end_matches('=')), "line 3"),
        (format!("o\n9\n{root} \n"), "line 3"),
        (format!("o\n0\n{root}\n"), "line 3 of the checkpoint is"),
        (format!("o\n9\n{root}\n\n"), "line 4 of the checkpoint is ``: expected at most 16"),
        (format!("o\n9\n{root}\na\n\nb\n"), "line 5"),
        (format!("o\n9\n{root}\n{}\n", "x".repeat(1_025)), "line 4"),
        (format!("o\n9\n{root}\n{}", "x\n".repeat(17)), "line 20"),
    ] {
        let error = text.parse::<Checkpoint>().unwrap_err().to_string();
        assert!(error.contains(problem), "{text:?}: {error}");
    }
    for text in [
        format!("o\n9223372036854775807\n{root}\n"),
        format!("an origin with + and spaces\n9\n{root}\n"),
        format!("o\n9\n{root}\n{}", "x\n".repeat(16)),
        format!("o\n0\n{}\n", EMPTY_ROOT.to_base64()),
    ] {
        assert_eq!(text.parse::<Checkpoint>().unwrap().to_string(), text);
    }
}

#[test]
fn a_signed_checkpoint_opens() {
    let note = checkpoint(9).sign(&[&key(1)]).unwrap();
    let signed = SignedCheckpoint::open(note.as_bytes(), ORIGIN, &[key(1).verifier_key().clone()]).unwrap();
    assert_eq!(signed.checkpoint, checkpoint(9));
    assert_eq!(signed.checkpoint.head(), head(9));
    assert_eq!(signed.note.verified.len(), 1);
}

#[test]
fn a_key_is_replaced_by_signing_with_both() {
    let note = checkpoint(9).sign(&[&key(1), &key(2)]).unwrap();
    for reader in [1, 2] {
        let keys = [key(reader).verifier_key().clone()];
        assert_eq!(SignedCheckpoint::open(note.as_bytes(), ORIGIN, &keys).unwrap().checkpoint, checkpoint(9));
    }
}

#[test]
fn a_checkpoint_of_another_ledger_is_refused() {
    let note = checkpoint(9).sign(&[&key(1)]).unwrap();
    let keys = [key(1).verifier_key().clone()];
    let error = SignedCheckpoint::open(note.as_bytes(), "other.example", &keys).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the checkpoint is one of `fengsui.example/ledger`, not of `other.example`"
    );
    let error =
        SignedCheckpoint::open(note.as_bytes(), ORIGIN, &[key(2).verifier_key().clone()]).unwrap_err();
    assert_eq!(error, CheckpointError::Note(NoteError::Untrusted));
}

#[test]
fn a_witness_alone_does_not_speak_for_the_ledger() {
    let witness = CosigningKey::from_seed("witness".parse().unwrap(), &[7; 32]);
    let text = checkpoint(9).to_string();
    let note = checkpoint(9).sign(&[&key(1)]).unwrap();
    let note = add_signature(&note, &witness.cosignature(&text, 1_700_000_000).unwrap()).unwrap();
    let witnessed = [witness.verifier_key().clone()];
    assert_eq!(
        SignedCheckpoint::open(note.as_bytes(), ORIGIN, &witnessed),
        Err(CheckpointError::OnlyCosigned)
    );
    let both = [witness.verifier_key().clone(), key(1).verifier_key().clone()];
    let signed = SignedCheckpoint::open(note.as_bytes(), ORIGIN, &both).unwrap();
    assert_eq!(signed.note.verified.len(), 2);
}

#[test]
fn a_checkpoint_that_reads_differently_is_not_signed() {
    let built = checkpoint(9);
    let root = head(9).root.to_base64();
    let split = Checkpoint { origin: format!("o\n9\n{root}\nextension"), ..built.clone() };
    assert!(split.sign(&[&key(1)]).is_err());
    let joined = Checkpoint { extensions: vec!["a\nb".to_owned()], ..built.clone() };
    assert_eq!(joined.sign(&[&key(1)]), Err(CheckpointError::LineBreak));
    let empty = Checkpoint { extensions: vec![String::new()], ..built.clone() };
    assert!(matches!(empty.sign(&[&key(1)]), Err(CheckpointError::Line { line: 4, .. })));
    let tab = Checkpoint { extensions: vec!["a\tb".to_owned()], ..built };
    assert!(matches!(tab.sign(&[&key(1)]), Err(CheckpointError::Note(NoteError::ControlCharacter { .. }))));
    assert_eq!(checkpoint(9).sign(&[]), Err(CheckpointError::Note(NoteError::NoSignatures)));
}

#[test]
fn every_flipped_bit_of_a_checkpoint_is_found() {
    let note = checkpoint(9).sign(&[&key(1)]).unwrap();
    let keys = [key(1).verifier_key().clone()];
    for bit in 0..note.len() * 8 {
        let mut bad = note.clone().into_bytes();
        bad[bit / 8] ^= 1 << (bit % 8);
        assert!(SignedCheckpoint::open(&bad, ORIGIN, &keys).is_err(), "bit {bit}");
    }
}

proptest! {
    #[test]
    fn a_text_that_parses_is_its_own_spelling(text in "[a-z +]{0,3}\n[0-9+]{0,3}\n[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=\n([a-z]{0,2}\n){0,3}") {
        if let Ok(parsed) = text.parse::<Checkpoint>() {
            prop_assert_eq!(parsed.to_string(), text);
        }
    }

    #[test]
    fn any_checkpoint_survives_its_text(origin in "[^\\x00-\\x1f]{1,20}", size in 1..=MAX_TREE_SIZE, root: [u8; 32], extensions in proptest::collection::vec("[^\\x00-\\x1f]{1,9}", 0..4)) {
        let built = Checkpoint { origin, size, root: Hash(root), extensions };
        prop_assert_eq!(built.to_string().parse(), Ok(built));
    }
}
