//! A whole ledger through the public interface: grown in commits, signed, audited, damaged.

use std::collections::BTreeMap;

use fengsui_ledger::{
    Auditor, Checkpoint, Finding, ProofFile, SignedHeads, SigningKey, TileId, Tiles, Verdict, VerifierKey,
    entries, leaf_hash, prove_inclusion, tile,
};
use proptest::prelude::*;

const ORIGIN: &str = "fengsui.example/ledger";
const SIZE: u64 = 520;

/// What a node keeps: entries, tiles, and the newest checkpoint.
#[derive(Clone, PartialEq)]
struct Ledger {
    entries: Vec<Vec<u8>>,
    tiles: BTreeMap<TileId, Vec<u8>>,
    checkpoint: Vec<u8>,
}

fn key() -> SigningKey {
    SigningKey::from_seed(ORIGIN.parse().unwrap(), &[1; 32])
}

fn keys() -> [VerifierKey; 1] {
    [key().verifier_key().clone()]
}

/// A ledger that took its entries in commits of 1, 2, 3, … entries and was restarted before each.
fn ledger() -> Ledger {
    let entries: Vec<Vec<u8>> = (0..SIZE).map(|index| format!("event {index}").into_bytes()).collect();
    let mut tiles = BTreeMap::new();
    let (mut rest, mut step) = (entries.as_slice(), 1);
    let mut tree = Tiles::new();
    while !rest.is_empty() {
        let (commit, later) = rest.split_at(step.min(rest.len()));
        tree = Tiles::resume(tree.size(), &tiles).unwrap();
        let leaves: Vec<_> = commit.iter().map(|entry| leaf_hash(entry)).collect();
        tiles.extend(tree.extend(&leaves).unwrap().into_iter().map(|tile| (tile.id, tile.hashes)));
        (rest, step) = (later, step + 1);
    }
    let checkpoint = Checkpoint {
        origin: ORIGIN.to_owned(),
        size: tree.size(),
        root: tree.root(),
        extensions: Vec::new(),
    };
    let checkpoint = checkpoint.sign(&[&key()]).unwrap().into_bytes();
    Ledger { entries, tiles, checkpoint }
}

fn audit(ledger: &Ledger) -> Verdict {
    let mut signed = SignedHeads::default();
    signed.open(&ledger.checkpoint, ORIGIN, &keys());
    let mut auditor = Auditor::new(&ledger.tiles, signed);
    for (index, entry) in (0..).zip(&ledger.entries) {
        auditor.entry(index, entry).unwrap();
    }
    auditor.finish(ledger.tiles.keys().copied()).unwrap()
}

#[test]
fn a_ledger_grown_across_restarts_is_intact() {
    let ledger = ledger();
    let Verdict::Intact(audit) = audit(&ledger) else { panic!("found tampered") };
    assert_eq!(audit.size, SIZE);
    assert_eq!(ledger.tiles.len(), tile::tiles_of(SIZE).count());
}

#[test]
fn every_flipped_bit_of_the_checkpoint_is_found() {
    let ledger = ledger();
    for bit in 0..ledger.checkpoint.len() * 8 {
        let mut bad = ledger.clone();
        bad.checkpoint[bit / 8] ^= 1 << (bit % 8);
        let Verdict::Tampered(findings) = audit(&bad) else { panic!("bit {bit} not found") };
        assert!(matches!(findings.list[0], Finding::CheckpointMissing), "{:?}", findings.list);
        assert!(matches!(findings.list[1], Finding::CheckpointSignature { .. }), "{:?}", findings.list);
    }
}

#[test]
fn bundles_carry_the_entries_of_the_tiles() {
    let ledger = ledger();
    for (index, chunk) in (0..).zip(ledger.entries.chunks(usize::from(tile::TILE_WIDTH))) {
        let bundle = entries::encode(chunk.iter().map(Vec::as_slice)).unwrap();
        let width = TileId { level: 0, index }.width_in(SIZE).unwrap();
        let hashes: Vec<u8> = entries::decode(&bundle, width)
            .unwrap()
            .into_iter()
            .flat_map(|entry| leaf_hash(entry).0)
            .collect();
        assert_eq!(hashes, ledger.tiles[&TileId { level: 0, index }]);
    }
}

#[test]
fn an_exported_proof_stands_alone() {
    let ledger = ledger();
    let Verdict::Intact(audit) = audit(&ledger) else { panic!("found tampered") };
    let head = fengsui_ledger::TreeHead { size: audit.size, root: audit.root };
    let exported = ProofFile {
        extra: None,
        index: 300,
        proof: prove_inclusion(&ledger.tiles, 300, head).unwrap(),
        checkpoint: String::from_utf8(ledger.checkpoint.clone()).unwrap(),
    }
    .to_string();
    let proof: ProofFile = exported.parse().unwrap();
    assert!(proof.verify(b"event 300", ORIGIN, &keys()).is_ok());
    assert!(proof.verify(b"event 301", ORIGIN, &keys()).is_err());
}

proptest! {
    #[test]
    fn any_flipped_bit_is_found(record in any::<prop::sample::Index>(), bit in any::<prop::sample::Index>()) {
        let ledger = ledger();
        let mut bad = ledger.clone();
        let record = record.index(bad.entries.len() + bad.tiles.len());
        let bytes = match bad.entries.get_mut(record) {
            Some(entry) => entry,
            None => bad.tiles.values_mut().nth(record - ledger.entries.len()).unwrap(),
        };
        let bit = bit.index(bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        let Verdict::Tampered(findings) = audit(&bad) else { panic!("bit {bit} of record {record} not found") };
        prop_assert_eq!(findings.list.len(), 1);
        if record < ledger.entries.len() {
            prop_assert_eq!(findings.first_bad_index(), record as u64);
        }
    }
}
