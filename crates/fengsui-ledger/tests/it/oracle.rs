//! Agreement with Go's `sumdb/note` and `sumdb/tlog`, byte for byte (`fixtures/README.md`).

use std::collections::BTreeMap;

use fengsui_ledger::{
    Checkpoint, ConsistencyProof, CosigningKey, Hash, InclusionProof, Note, SignedCheckpoint, SigningKey,
    TileId, Tiles, TreeHead, VerifierKey, leaf_hash, note, prove_consistency, prove_inclusion,
    verify_consistency, verify_inclusion,
};
use sha2::{Digest as _, Sha256};

const ORACLE: &str = include_str!("../fixtures/oracle.txt");
const TOTAL: u64 = 66_000;
const ORIGIN: &str = "fengsui.example/ledger";

/// The words of every line that starts with `kind`.
fn lines(kind: &str) -> Vec<Vec<&'static str>> {
    let lines = ORACLE.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    let lines: Vec<_> = lines.filter(|words| words[0] == kind).map(|words| words[1..].to_vec()).collect();
    assert!(!lines.is_empty(), "no line `{kind}`");
    lines
}

fn number(text: &str) -> u64 {
    text.parse().unwrap()
}

fn leaf(index: u64) -> Hash {
    leaf_hash(format!("entry {index}").as_bytes())
}

/// Our tiles of the first `size` entries, and the root of every smaller size on the way.
fn grow(size: u64) -> (BTreeMap<TileId, Vec<u8>>, Vec<Hash>) {
    let (mut tree, mut tiles, mut roots) = (Tiles::new(), BTreeMap::new(), vec![Tiles::new().root()]);
    for index in 0..size {
        tiles.extend(tree.append(leaf(index)).unwrap().into_iter().map(|tile| (tile.id, tile.hashes)));
        roots.push(tree.root());
    }
    (tiles, roots)
}

fn head(roots: &[Hash], size: u64) -> TreeHead {
    TreeHead { size, root: roots[usize::try_from(size).unwrap()] }
}

fn seed(first: u8) -> [u8; 32] {
    std::array::from_fn(|at| first + u8::try_from(at).unwrap())
}

fn signing_key(name: &str, first: u8) -> SigningKey {
    SigningKey::from_seed(name.parse().unwrap(), &seed(first))
}

fn witness() -> CosigningKey {
    CosigningKey::from_seed("witness.example/w1".parse().unwrap(), &seed(100))
}

fn checkpoint_note() -> &'static str {
    ORACLE.split_once("\ncheckpoint\n").unwrap().1
}

#[test]
fn roots_agree() {
    let (_, roots) = grow(TOTAL);
    for words in lines("root") {
        let head = head(&roots, number(words[0]));
        assert_eq!(head.root.to_base64(), words[1], "{} entries", head.size);
    }
}

#[test]
fn tiles_agree() {
    let mut trees = BTreeMap::new();
    for words in lines("tile") {
        let [size, level, index, width] = [0, 1, 2, 3].map(|at| number(words[at]));
        let (tiles, _) = trees.entry(size).or_insert_with(|| grow(size));
        let id = TileId { level: u8::try_from(level).unwrap(), index };
        assert_eq!(id.width_in(size).map(|width| u64::from(width.get())), Some(width), "{id} of {size}");
        let sum = Hash(Sha256::digest(&tiles[&id]).into());
        assert_eq!(sum.to_hex(), words[4], "{id} of {size}");
    }
}

#[test]
fn proofs_agree_and_hold() {
    let (tiles, roots) = grow(TOTAL);
    for words in lines("inclusion") {
        let (index, head) = (number(words[0]), head(&roots, number(words[1])));
        let proof = InclusionProof(words[2..].iter().map(|text| Hash::from_base64(text).unwrap()).collect());
        assert_eq!(prove_inclusion(&tiles, index, head).as_ref(), Ok(&proof), "{words:?}");
        assert_eq!(verify_inclusion(&proof, leaf(index), index, head), Ok(()), "{words:?}");
    }
    for words in lines("consistency") {
        let (old, new) = (head(&roots, number(words[0])), head(&roots, number(words[1])));
        let proof =
            ConsistencyProof(words[2..].iter().map(|text| Hash::from_base64(text).unwrap()).collect());
        assert_eq!(prove_consistency(&tiles, old.size, new).as_ref(), Ok(&proof), "{words:?}");
        assert_eq!(verify_consistency(&proof, old, new), Ok(()), "{words:?}");
    }
}

#[test]
fn keys_agree() {
    let ours = [
        signing_key(ORIGIN, 0).verifier_key().to_string(),
        signing_key("fengsui.example/next", 50).verifier_key().to_string(),
        witness().verifier_key().to_string(),
    ];
    assert_eq!(lines("key").concat(), ours);
}

#[test]
fn the_signed_checkpoint_agrees_to_the_byte() {
    let (_, roots) = grow(600);
    let checkpoint =
        Checkpoint { origin: ORIGIN.to_owned(), size: 600, root: roots[600], extensions: Vec::new() };
    let keys = [signing_key(ORIGIN, 0), signing_key("fengsui.example/next", 50)];
    let signed = checkpoint.sign(&keys.each_ref()).unwrap();
    let cosignature = witness().cosignature(&checkpoint.to_string(), 1_767_225_600).unwrap();
    assert_eq!(note::add_signature(&signed, &cosignature).unwrap(), checkpoint_note());
}

#[test]
fn the_signed_checkpoint_opens() {
    let keys: Vec<VerifierKey> = lines("key").concat().iter().map(|key| key.parse().unwrap()).collect();
    let signed = SignedCheckpoint::open(checkpoint_note().as_bytes(), ORIGIN, &keys).unwrap();
    assert_eq!(signed.checkpoint.size, 600);
    let times: Vec<Option<u64>> =
        signed.note.verified.iter().map(|signature| signature.timestamp_s).collect();
    assert_eq!(times, [None, None, Some(1_767_225_600)]);
    assert_eq!(signed.note.unverified, []);

    let some = Note::open(checkpoint_note().as_bytes(), &keys[1..2]).unwrap();
    assert_eq!((some.verified.len(), some.unverified.len()), (1, 2));
}
