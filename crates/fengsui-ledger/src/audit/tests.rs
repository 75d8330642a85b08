use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::reference::{entry, head, mth, tiles};

/// A stored ledger that tests damage before the audit.
#[derive(Clone)]
struct Stored {
    entries: BTreeMap<u64, Vec<u8>>,
    tiles: BTreeMap<TileId, Vec<u8>>,
    heads: Vec<TreeHead>,
}

impl Stored {
    /// The whole ledger of `size` test entries, signed at its end.
    fn new(size: u64) -> Self {
        let entries = (0..size).map(|index| (index, entry(index))).collect();
        Self { entries, tiles: tiles(size), heads: vec![head(size)] }
    }

    fn audit(&self) -> Verdict {
        let mut signed = SignedHeads::default();
        self.heads.iter().for_each(|head| signed.add(*head));
        self.audit_by(signed)
    }

    fn audit_by(&self, signed: SignedHeads) -> Verdict {
        let mut auditor = Auditor::new(&self.tiles, signed);
        for (index, bytes) in &self.entries {
            auditor.entry(*index, bytes).unwrap();
        }
        auditor.finish(self.tiles.keys().copied()).unwrap()
    }

    /// What the audit finds, and the first bad index.
    fn findings(&self) -> (Vec<Finding>, u64) {
        match self.audit() {
            Verdict::Intact(audit) => panic!("found intact: {audit:?}"),
            Verdict::Tampered(findings) => (findings.list.clone(), findings.first_bad_index()),
        }
    }

    fn alter_entry(&mut self, index: u64) -> &mut Self {
        self.entries.get_mut(&index).unwrap()[0] ^= 1;
        self
    }

    fn alter_tile(&mut self, tile: TileId, position: usize) -> &mut Self {
        self.tiles.get_mut(&tile).unwrap()[position * Hash::LEN] ^= 0x80;
        self
    }

    /// Replaces an entry and makes every tile fit it: the work of an insider without the key.
    fn rewrite(&mut self, index: u64, bytes: &[u8]) -> &mut Self {
        self.entries.insert(index, bytes.to_vec());
        let mut tree = crate::tile::Tiles::new();
        let leaves: Vec<Hash> = self.entries.values().map(|entry| leaf_hash(entry)).collect();
        self.tiles = tree.extend(&leaves).unwrap().into_iter().map(|tile| (tile.id, tile.hashes)).collect();
        self
    }
}

fn id(level: u8, index: u64) -> TileId {
    TileId { level, index }
}

fn root_missed(stored: &Stored, size: u64, proven: u64) -> Finding {
    let now = usize::try_from(size).unwrap();
    let leaves: Vec<Hash> = stored.entries.values().take(now).map(|entry| leaf_hash(entry)).collect();
    let signed = stored.heads.iter().find(|head| head.size == size).unwrap().root;
    Finding::CheckpointRoot { size, signed, found: mth(&leaves), proven }
}

#[test]
fn untouched_ledgers_are_intact() {
    for size in [0, 1, 2, 3, 100, 255, 256, 257, 511, 512, 513, 600, 66_000] {
        let TreeHead { size, root } = head(size);
        assert_eq!(Stored::new(size).audit(), Verdict::Intact(Audit { size, root }), "{size}");
    }
}

#[test]
fn every_older_checkpoint_is_reached() {
    let mut stored = Stored::new(300);
    stored.heads.extend((0..300).map(head));
    assert_eq!(stored.audit(), Verdict::Intact(Audit { size: 300, root: head(300).root }));
    for wrong in [1_usize, 255, 256, 299] {
        let mut stored = stored.clone();
        stored.heads[1 + wrong].root.0[0] ^= 1;
        let size = u64::try_from(wrong).unwrap();
        let (findings, first) = stored.findings();
        assert_eq!((findings, first), (vec![root_missed(&stored, size, size - 1)], size - 1));
    }
}

#[test]
fn each_altered_entry_is_named() {
    let whole = Stored::new(600);
    for index in 0..600 {
        let (findings, first) = whole.clone().alter_entry(index).findings();
        assert_eq!(findings, [Finding::EntryAltered { index, tile: id(0, index / 256) }]);
        assert_eq!(first, index);
    }
}

#[test]
fn each_missing_entry_is_named() {
    let whole = Stored::new(600);
    for index in 0..600 {
        let mut stored = whole.clone();
        stored.entries.remove(&index);
        assert_eq!(stored.findings(), (vec![Finding::EntriesMissing { first: index, last: index }], index));
    }
}

#[test]
fn each_altered_tile_hash_is_named() {
    let whole = Stored::new(600);
    for (tile, width) in crate::tile::tiles_of(600) {
        for position in 0..width.get() {
            let (findings, first) = whole.clone().alter_tile(tile, usize::from(position)).findings();
            assert_eq!(findings, [Finding::TileAltered { tile, position }]);
            assert_eq!(first, u64::from(position) * 256_u64.pow(u32::from(tile.level)) + tile.index * 256);
        }
    }
}

#[test]
fn each_missing_short_or_long_tile_is_named() {
    let whole = Stored::new(600);
    for (tile, width) in crate::tile::tiles_of(600) {
        let (expected, first) = (width.bytes(), tile.index * 256);
        let mut stored = whole.clone();
        stored.tiles.remove(&tile);
        assert_eq!(stored.findings(), (vec![Finding::TileMissing { tile }], first));
        for bytes in [0, 1, 31, 32, expected - 32, expected - 1, expected + 1, expected + 32] {
            let mut stored = whole.clone();
            stored.tiles.get_mut(&tile).unwrap().resize(bytes, 0);
            let hash = tile.index * 256 + (bytes.min(expected) / 32) as u64;
            let first = hash * 256_u64.pow(u32::from(tile.level));
            assert_eq!(stored.findings(), (vec![Finding::TileWidth { tile, bytes, expected }], first));
        }
    }
}

#[test]
fn tiles_without_a_place_are_named() {
    for tile in [id(0, 3), id(1, 1), id(2, 0), id(8, 0), id(255, u64::MAX)] {
        let mut stored = Stored::new(600);
        stored.tiles.insert(tile, vec![0; 32]);
        let first = tile.first_entry_at(0);
        assert_eq!(stored.findings(), (vec![Finding::TileUnexpected { tile, size: 600 }], first));
    }
}

#[test]
fn an_entry_altered_with_its_hash_is_found_by_the_tile_above() {
    let mut stored = Stored::new(600);
    stored.alter_entry(300);
    let bytes = leaf_hash(&stored.entries[&300]).0;
    stored.tiles.get_mut(&id(0, 1)).unwrap()[44 * 32..45 * 32].copy_from_slice(&bytes);
    let (first, last, tile) = (256, 511, id(1, 0));
    assert_eq!(stored.findings(), (vec![Finding::EntriesAltered { first, last, tile }], 256));
}

#[test]
fn a_consistent_forgery_misses_the_signed_root() {
    for index in [0, 255, 256, 300, 599] {
        let mut stored = Stored::new(600);
        stored.rewrite(index, b"forged");
        assert_eq!(stored.findings(), (vec![root_missed(&stored, 600, 0)], 0), "{index}");
        // Older checkpoints tell between which two the forgery begins.
        stored.heads.extend([head(100), head(256), head(301)]);
        let (size, proven) = match index {
            0 => (100, 0),
            255 => (256, 100),
            256 | 300 => (301, 256),
            _ => (600, 301),
        };
        assert_eq!(stored.findings(), (vec![root_missed(&stored, size, proven)], proven), "{index}");
    }
}

#[test]
fn several_alterations_are_told_apart() {
    let mut stored = Stored::new(600);
    stored.alter_entry(3).alter_entry(599).alter_tile(id(0, 1), 7).entries.remove(&300);
    let expected = vec![
        Finding::EntryAltered { index: 3, tile: id(0, 0) },
        Finding::TileAltered { tile: id(0, 1), position: 7 },
        Finding::EntriesMissing { first: 300, last: 300 },
        Finding::EntryAltered { index: 599, tile: id(0, 2) },
    ];
    assert_eq!(stored.findings(), (expected, 3));
}

#[test]
fn the_levels_of_the_right_edge_are_told_apart() {
    // The edge of 600 is tile 0/002 and tile 1/000: one is right and the other is not.
    let mut stored = Stored::new(600);
    stored.alter_tile(id(0, 2), 5).alter_entry(3);
    let expected = vec![
        Finding::EntryAltered { index: 3, tile: id(0, 0) },
        Finding::TileAltered { tile: id(0, 2), position: 5 },
    ];
    assert_eq!(stored.findings(), (expected, 3));

    let mut stored = Stored::new(600);
    stored.alter_tile(id(1, 0), 1).alter_entry(599);
    let expected = vec![
        Finding::TileAltered { tile: id(1, 0), position: 1 },
        Finding::EntryAltered { index: 599, tile: id(0, 2) },
    ];
    assert_eq!(stored.findings(), (expected, 256));
}

#[test]
fn a_forgery_below_and_a_forged_edge_are_told_apart() {
    // Both levels of the edge have two sides: below, the entries are right; above, the store.
    let mut stored = Stored::new(600);
    stored.alter_entry(300).alter_tile(id(0, 2), 5);
    let forged = leaf_hash(&stored.entries[&300]).0;
    stored.tiles.get_mut(&id(0, 1)).unwrap()[44 * 32..45 * 32].copy_from_slice(&forged);
    let expected = vec![
        Finding::EntriesAltered { first: 256, last: 511, tile: id(1, 0) },
        Finding::TileAltered { tile: id(0, 2), position: 5 },
    ];
    assert_eq!(stored.findings(), (expected, 256));
}

#[test]
fn where_nothing_decides_the_disagreement_is_reported() {
    // Entry and tile each altered in one tile of the edge: neither makes the signed root.
    let mut stored = Stored::new(10);
    stored.alter_entry(3).alter_tile(id(0, 0), 7);
    let at = |index, position| Finding::Disagreement { first: index, last: index, tile: id(0, 0), position };
    assert_eq!(stored.findings(), (vec![root_missed(&stored, 10, 0), at(3, 3), at(7, 7)], 0));

    // The tile above is gone, so the tile and the entry are one word against the other.
    let mut stored = Stored::new(600);
    stored.alter_entry(3).tiles.remove(&id(1, 0));
    let (findings, first) = stored.findings();
    assert!(
        findings.contains(&at(3, 3)) && findings.contains(&Finding::TileMissing { tile: id(1, 0) }),
        "{findings:?}"
    );
    assert_eq!(first, 0);
}

#[test]
fn a_cut_off_end_is_missing() {
    let whole = Stored::new(600);
    for size in [0, 1, 255, 256, 512, 599] {
        let mut stored = Stored { heads: whole.heads.clone(), ..Stored::new(size) };
        let (findings, first) = stored.findings();
        assert!(
            findings.contains(&Finding::EntriesMissing { first: size, last: 599 }),
            "{size}: {findings:?}"
        );
        assert!(first <= size, "{size}: {first}");
        // With the old checkpoint beside, everything up to it stays proven.
        stored.heads.push(head(size));
        stored.tiles = whole.tiles.clone();
        assert_eq!(stored.findings(), (vec![Finding::EntriesMissing { first: size, last: 599 }], size));
    }
}

#[test]
fn entries_that_nobody_signed_are_found() {
    let mut stored = Stored::new(600);
    stored.heads = vec![head(500)];
    assert_eq!(stored.findings(), (vec![Finding::CheckpointSize { signed: 500, held: 600 }], 500));
    // Before the checkpoint the signed root decides, behind it nothing does.
    stored.alter_entry(499).alter_entry(550);
    let disagreement = Finding::Disagreement { first: 550, last: 550, tile: id(0, 2), position: 38 };
    let expected = vec![
        Finding::EntryAltered { index: 499, tile: id(0, 1) },
        Finding::CheckpointSize { signed: 500, held: 600 },
        disagreement,
    ];
    assert_eq!(stored.findings(), (expected, 499));
    stored.heads = vec![head(0)];
    assert_eq!(stored.findings().1, 0);
}

#[test]
fn entries_out_of_place_are_found() {
    let whole = Stored::new(10);
    for (order, finding) in [
        (vec![0, 1, 2, 3, 4, 4, 5, 6, 7, 8, 9], Finding::EntryOutOfOrder { index: 4 }),
        (vec![0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0], Finding::EntryOutOfOrder { index: 0 }),
        (vec![0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11], Finding::EntryUnexpected { index: 11, size: 10 }),
        (
            vec![0, 1, 2, 3, 4, 5, 6, 7, 8, 9, u64::MAX],
            Finding::EntryUnexpected { index: u64::MAX, size: 10 },
        ),
        (vec![0, 2, 3, 4, 5, 6, 7, 8, 9], Finding::EntriesMissing { first: 1, last: 1 }),
        (vec![0, 1, 2, 3], Finding::EntriesMissing { first: 4, last: 9 }),
    ] {
        let mut signed = SignedHeads::default();
        signed.add(head(10));
        let mut auditor = Auditor::new(&whole.tiles, signed);
        for index in &order {
            auditor.entry(*index, &entry(*index)).unwrap();
        }
        let Verdict::Tampered(findings) = auditor.finish(whole.tiles.keys().copied()).unwrap() else {
            panic!("{order:?} found intact");
        };
        assert_eq!(findings.list, [finding], "{order:?}");
    }
}

#[test]
fn swapped_entries_are_both_found() {
    let mut stored = Stored::new(600);
    let (a, b) = (stored.entries[&3].clone(), stored.entries[&599].clone());
    stored.entries.insert(3, b);
    stored.entries.insert(599, a);
    let altered = |index| Finding::EntryAltered { index, tile: id(0, index / 256) };
    assert_eq!(stored.findings(), (vec![altered(3), altered(599)], 3));
}

#[test]
fn without_a_checkpoint_nothing_is_proven() {
    let mut stored = Stored::new(600);
    stored.heads.clear();
    assert_eq!(stored.findings(), (vec![Finding::CheckpointMissing], 0));
    let empty = Stored { heads: Vec::new(), ..Stored::new(0) };
    assert_eq!(empty.findings(), (vec![Finding::CheckpointMissing], 0));
    // An index far out is bounded work even then.
    stored.entries.insert(1 << 62, Vec::new());
    stored.entries.insert(u64::MAX, Vec::new());
    let (findings, first) = stored.findings();
    assert!(findings.contains(&Finding::EntriesMissing { first: 600, last: (1 << 62) - 1 }), "{findings:?}");
    assert!(
        findings.contains(&Finding::EntryUnexpected { index: u64::MAX, size: MAX_TREE_SIZE }),
        "{findings:?}"
    );
    assert_eq!(first, 0);
}

#[test]
fn a_huge_signed_size_is_bounded_work() {
    let mut stored = Stored::new(600);
    for size in [601, 70_000, 1 << 40, MAX_TREE_SIZE] {
        stored.heads = vec![head(600), TreeHead { size, root: head(600).root }];
        let (findings, first) = stored.findings();
        assert!(findings.contains(&Finding::EntriesMissing { first: 600, last: size - 1 }), "{findings:?}");
        assert!(first <= 600);
    }
}

#[test]
fn heads_that_cannot_be_are_refused() {
    for bad in
        [TreeHead { size: MAX_TREE_SIZE + 1, root: EMPTY_ROOT }, TreeHead { size: 0, root: head(1).root }]
    {
        let mut stored = Stored::new(10);
        stored.heads.push(bad);
        let (findings, first) = stored.findings();
        assert!(matches!(findings.as_slice(), [Finding::CheckpointSignature { .. }]), "{findings:?}");
        assert_eq!(first, 10);
    }
}

#[test]
fn two_faces_are_found() {
    let mut stored = Stored::new(10);
    stored.heads.push(TreeHead { size: 10, root: head(9).root });
    assert_eq!(stored.findings().0, [Finding::CheckpointFork { size: 10 }]);
}

#[test]
fn what_the_caller_saw_counts() {
    let stored = Stored::new(10);
    let mut signed = SignedHeads::default();
    signed.add(head(10));
    let mut auditor = Auditor::new(&stored.tiles, signed);
    (0..10).for_each(|index| auditor.entry(index, &entry(index)).unwrap());
    auditor.report(Finding::RecordUnreadable { index: Some(4), what: "time `x`\u{1b}".to_owned() });
    let Verdict::Tampered(findings) = auditor.finish(stored.tiles.keys().copied()).unwrap() else { panic!() };
    assert_eq!(findings.first_bad_index(), 4);
    assert_eq!(findings.list[0].to_string(), "a record cannot be read: time `x`\\u{1b}");
}

#[test]
fn a_destroyed_ledger_fills_no_memory() {
    let mut stored = Stored::new(2_000);
    stored.entries.values_mut().for_each(|entry| entry[0] ^= 1);
    let Verdict::Tampered(findings) = stored.audit() else { panic!("found intact") };
    assert_eq!((findings.list.len(), findings.omitted), (MAX_FINDINGS, 1_000));
    assert_eq!(findings.first_bad_index(), 0);
    assert_eq!(findings.list[999], Finding::EntryAltered { index: 999, tile: id(0, 3) });
}

#[test]
fn the_failure_of_a_store_is_no_verdict() {
    struct Broken;
    impl TileReader for Broken {
        type Error = std::fmt::Error;

        fn tile(&self, _: TileId) -> Result<Option<Vec<u8>>, Self::Error> {
            Err(std::fmt::Error)
        }
    }
    let error = Auditor::new(&Broken, SignedHeads::default()).entry(0, b"").unwrap_err();
    assert_eq!(error, AuditError { tile: id(0, 0), source: std::fmt::Error });
    assert_eq!(error.to_string(), "cannot read tile 0/000 to audit the ledger");
}

#[test]
fn findings_are_sentences() {
    let hash = head(0).root;
    let tile = id(1, 1_000);
    let root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    for (finding, sentence) in [
        (Finding::CheckpointMissing, "there is no signed checkpoint"),
        (
            Finding::CheckpointSignature { reason: "no known key has signed the note".to_owned() },
            "the checkpoint cannot be trusted: no known key has signed the note",
        ),
        (Finding::CheckpointFork { size: 9 }, "two signed checkpoints of 9 entries differ"),
        (
            Finding::CheckpointSize { signed: 9, held: 12 },
            "the checkpoint covers 9 entries, but the ledger holds 12",
        ),
        (
            Finding::CheckpointRoot { size: 9, signed: hash, found: hash, proven: 3 },
            &format!("the first 9 entries make root `{root}`, but the checkpoint signs `{root}`"),
        ),
        (Finding::EntriesMissing { first: 4, last: 4 }, "entry 4 is missing"),
        (Finding::EntriesMissing { first: 4, last: 6 }, "entries 4 to 6 are missing"),
        (
            Finding::EntryUnexpected { index: 12, size: 9 },
            "entry 12 exists, but the ledger has only 9 entries",
        ),
        (Finding::EntryOutOfOrder { index: 4 }, "entry 4 is repeated or out of order"),
        (
            Finding::EntryAltered { index: 4, tile: id(0, 0) },
            "entry 4 was altered: it does not have the hash in tile 0/000",
        ),
        (
            Finding::EntriesAltered { first: 0, last: 255, tile },
            "entries 0 to 255 were altered: they do not have the hash in tile 1/x001/000",
        ),
        (
            Finding::TileAltered { tile, position: 7 },
            "tile 1/x001/000 was altered: hash 7 is not the hash of the entries below it",
        ),
        (
            Finding::Disagreement { first: 4, last: 4, tile: id(0, 0), position: 4 },
            "entry 4 and hash 4 in tile 0/000 disagree",
        ),
        (
            Finding::Disagreement { first: 0, last: 255, tile, position: 0 },
            "entries 0 to 255 and hash 0 in tile 1/x001/000 disagree",
        ),
        (
            Finding::CheckpointUnreached { size: 300, proven: 12 },
            "the checkpoint of 300 entries cannot be checked, since too much is missing; \
             an earlier one proves the first 12",
        ),
        (Finding::TileMissing { tile }, "tile 1/x001/000 is missing"),
        (
            Finding::TileWidth { tile, bytes: 31, expected: 32 },
            "tile 1/x001/000 has 31 bytes, but the ledger makes it 32",
        ),
        (
            Finding::TileUnexpected { tile, size: 9 },
            "tile 1/x001/000 exists, but a ledger of 9 entries has no such tile",
        ),
        (
            Finding::RecordUnreadable { index: None, what: "row 7".to_owned() },
            "a record cannot be read: row 7",
        ),
    ] {
        assert_eq!(finding.to_string(), sentence);
    }
}

/// One way to damage a ledger, and the first entry that it touches.
#[derive(Clone, Debug)]
enum Damage {
    Entry(u64),
    Remove(u64),
    Insert(u64),
    Rewrite(u64),
    Tile(prop::sample::Index, u16),
    DropTile(prop::sample::Index),
    Cut(prop::sample::Index),
}

fn damage() -> impl Strategy<Value = Damage> {
    let index = any::<u64>;
    let pick = any::<prop::sample::Index>;
    prop_oneof![
        index().prop_map(Damage::Entry),
        index().prop_map(Damage::Remove),
        index().prop_map(Damage::Insert),
        index().prop_map(Damage::Rewrite),
        (pick(), any::<u16>()).prop_map(|(tile, bit)| Damage::Tile(tile, bit)),
        pick().prop_map(Damage::DropTile),
        pick().prop_map(Damage::Cut),
    ]
}

impl Damage {
    fn apply(&self, stored: &mut Stored, size: u64) {
        let nth = |stored: &Stored, pick: &prop::sample::Index| {
            stored.tiles.keys().nth(pick.index(stored.tiles.len().max(1))).copied()
        };
        match self {
            Self::Entry(index) => {
                if let Some(entry) = stored.entries.get_mut(&(index % size)) {
                    entry.push(b'!');
                }
            }
            Self::Remove(index) => drop(stored.entries.remove(&(index % size))),
            Self::Insert(index) => drop(stored.entries.insert(size + index % 3, b"inserted".to_vec())),
            Self::Rewrite(index) => {
                if stored.entries.len() as u64 == size {
                    stored.rewrite(index % size, b"rewritten");
                }
            }
            Self::Tile(pick, bit) => {
                if let Some(hashes) = nth(stored, pick).and_then(|tile| stored.tiles.get_mut(&tile)) {
                    let bit = usize::from(*bit) % (hashes.len() * 8).max(1);
                    if let Some(byte) = hashes.get_mut(bit / 8) {
                        *byte ^= 1 << (bit % 8);
                    }
                }
            }
            Self::DropTile(pick) => {
                nth(stored, pick).and_then(|tile| stored.tiles.remove(&tile));
            }
            Self::Cut(pick) => {
                if let Some(hashes) = nth(stored, pick).and_then(|tile| stored.tiles.get_mut(&tile)) {
                    hashes.truncate(pick.index(hashes.len().max(1)));
                }
            }
        }
    }
}

/// An entry and the tile over it are gone, and one before them was rewritten with its tiles: nothing left can
/// show the rewriting, and the audit says that it cannot tell.
#[test]
fn what_cannot_be_told_is_said() {
    let mut stored = Stored::new(275);
    stored.rewrite(182, b"rewritten");
    stored.entries.remove(&256);
    stored.tiles.remove(&id(0, 1));
    let Verdict::Tampered(findings) = stored.audit() else { panic!("entry 256 is gone") };
    assert_eq!(findings.first_bad_index(), 256, "what is provably bad");
    assert!(findings.list.contains(&Finding::CheckpointUnreached { size: 275, proven: 0 }), "{findings:?}");
}

proptest! {
    #[test]
    fn no_damage_goes_unseen(size in 1_u64..700, all in vec(damage(), 1..5), older in vec(any::<u64>(), 0..4)) {
        let whole = Stored::new(size);
        let mut stored = whole.clone();
        for damage in &all {
            damage.apply(&mut stored, size);
        }
        stored.heads.extend(older.iter().map(|older| head(older % size)));
        let same = stored.entries == whole.entries && stored.tiles == whole.tiles;
        match stored.audit() {
            Verdict::Intact(audit) => {
                prop_assert!(same, "not seen: {:?}", all);
                prop_assert_eq!(audit.root, head(size).root);
            }
            Verdict::Tampered(findings) => {
                prop_assert!(!same, "seen without damage: {:?}", findings);
                let first_bad = (0..size).find(|index| stored.entries.get(index) != whole.entries.get(index));
                let unreached = findings.list.iter().any(|f| matches!(f, Finding::CheckpointUnreached { .. }));
                let said = findings.first_bad_index() <= first_bad.unwrap_or(u64::MAX);
                prop_assert!(said || unreached, "{:?}", findings);
                prop_assert!(findings.list.is_sorted_by_key(Finding::first_index));
            }
        }
    }

    #[test]
    fn any_order_of_entries_is_survived(indices in vec(prop_oneof![0_u64..12, any::<u64>()], 0..24)) {
        let stored = Stored::new(10);
        let mut signed = SignedHeads::default();
        signed.add(head(10));
        let mut auditor = Auditor::new(&stored.tiles, signed);
        for index in &indices {
            auditor.entry(*index, &entry(*index)).unwrap();
        }
        let intact = indices.iter().copied().eq(0..10);
        let verdict = auditor.finish(stored.tiles.keys().copied()).unwrap();
        prop_assert_eq!(matches!(verdict, Verdict::Intact(_)), intact);
    }
}
