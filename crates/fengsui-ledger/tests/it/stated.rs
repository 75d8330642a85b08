//! The examples that the format documents state, and the best known key of the format.

use fengsui_ledger::{Note, NoteSignature, SignedCheckpoint, TilePath, VerifierKey, note::NoteError};

/// C2SP signed-note, "Verifier keys", "Example".
const KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const NOTE: &str = "This is an example message.\n\n— example.com/foo \
    Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

/// C2SP signed-note, introduction: the key is not given, the form is.
const POEM: &str = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n\
    — quasimodo.example/salvatore \
    NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";

/// C2SP tlog-cosignature, introduction: a checkpoint with the signature of the log and of a witness.
const COSIGNED: &str = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
    — example.com/behind-the-sofa \
    Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
    — witness.example.com/w1 \
    jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

#[test]
fn the_example_note_opens_with_the_example_key() {
    let key: VerifierKey = KEY.parse().unwrap();
    assert_eq!(key.to_string(), KEY);
    assert_eq!((key.name().as_str(), key.id().0), ("example.com/foo", 0x530d_903a));
    let note = Note::open(NOTE.as_bytes(), &[key]).unwrap();
    assert_eq!(note.text, "This is an example message.\n");
    assert_eq!(note.verified.len(), 1);
}

#[test]
fn the_key_of_peter_neumann_is_a_key() {
    let text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    let key: VerifierKey = text.parse().unwrap();
    assert_eq!(key.to_string(), text);
    assert!(key.is_supported());
}

#[test]
fn the_example_poem_is_a_note_by_a_stranger() {
    assert_eq!(Note::open(POEM.as_bytes(), &[KEY.parse().unwrap()]), Err(NoteError::Untrusted));
    let line = POEM.lines().last().unwrap();
    let signature: NoteSignature = line.parse().unwrap();
    assert_eq!((signature.name.as_str(), signature.bytes.len()), ("quasimodo.example/salvatore", 64));
    assert_eq!(signature.to_string(), line);
}

#[test]
fn the_example_checkpoint_has_its_parts() {
    let text = COSIGNED.split_once("\n\n").unwrap().0.to_owned() + "\n";
    let checkpoint: fengsui_ledger::Checkpoint = text.parse().unwrap();
    assert_eq!((checkpoint.origin.as_str(), checkpoint.size), ("example.com/behind-the-sofa", 20_852_163));
    assert_eq!(checkpoint.to_string(), text);
    let cosignature: NoteSignature = COSIGNED.lines().last().unwrap().parse().unwrap();
    assert_eq!(cosignature.bytes[..8], 1_679_315_147_u64.to_be_bytes());
    assert!(SignedCheckpoint::open(COSIGNED.as_bytes(), "example.com/behind-the-sofa", &[]).is_err());
}

#[test]
fn the_example_index_has_its_path() {
    let path: TilePath = "tile/0/x001/x234/067".parse().unwrap();
    assert!(matches!(path, TilePath::Hashes { tile, .. } if tile.index == 1_234_067));
}
