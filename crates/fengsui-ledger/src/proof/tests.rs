use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::hash::leaf_hash;
use crate::reference::{entry, head, leaves, path, proof, tiles};

/// Sizes around the borders of tiles, beside all the small ones.
const LARGE: [u64; 8] = [255, 256, 257, 511, 512, 513, 600, 66_000];

#[test]
fn every_inclusion_proof_of_small_trees_is_the_reference() {
    let all = leaves(70);
    let stored = tiles(70);
    for size in 1..=70_u64 {
        let now = usize::try_from(size).unwrap();
        for (index, leaf) in (0..).zip(&all[..now]) {
            let made = prove_inclusion(&stored, index, head(size)).unwrap();
            assert_eq!(made.0, path(usize::try_from(index).unwrap(), &all[..now]), "{index} in {size}");
            assert_eq!(verify_inclusion(&made, *leaf, index, head(size)), Ok(()), "{index} in {size}");
        }
    }
}

#[test]
fn every_consistency_proof_of_small_trees_is_the_reference() {
    let all = leaves(70);
    let stored = tiles(70);
    for new in 0..=70_u64 {
        for old in 0..=new {
            let made = prove_consistency(&stored, old, head(new)).unwrap();
            let reference = match old {
                0 => Vec::new(),
                _ => proof(usize::try_from(old).unwrap(), &all[..usize::try_from(new).unwrap()]),
            };
            assert_eq!(made.0, reference, "{old} to {new}");
            assert_eq!(verify_consistency(&made, head(old), head(new)), Ok(()), "{old} to {new}");
        }
    }
}

#[test]
fn proofs_across_tiles_are_the_reference() {
    let all = leaves(66_000);
    let stored = tiles(66_000);
    for size in LARGE {
        let now = &all[..usize::try_from(size).unwrap()];
        let head = TreeHead { size, root: tree_root(&stored, size).unwrap() };
        assert_eq!(head.root, crate::reference::mth(now), "{size}");
        for index in [0, 1, 7, 254, 255, 256, 300, 511, 512, 65_535, 65_536, size - 2, size - 1] {
            if index < size {
                let made = prove_inclusion(&stored, index, head).unwrap();
                assert_eq!(made.0, path(usize::try_from(index).unwrap(), now), "{index} in {size}");
            }
        }
        for old in
            LARGE.into_iter().chain([1, 2, 3, 128, 65_536, 65_792, size - 1]).filter(|old| *old <= size)
        {
            let made = prove_consistency(&stored, old, head).unwrap();
            assert_eq!(made.0, proof(usize::try_from(old).unwrap(), now), "{old} to {size}");
        }
    }
}

#[test]
fn every_flipped_bit_of_a_proof_is_found() {
    let stored = tiles(70);
    for (index, size) in [(0, 70), (33, 70), (64, 65), (69, 70), (6, 7)] {
        let head = head(size);
        let (made, leaf) = (prove_inclusion(&stored, index, head).unwrap(), leaf_hash(&entry(index)));
        for bit in 0..made.0.len() * 256 {
            let mut bad = made.clone();
            bad.0[bit / 256].0[bit % 256 / 8] ^= 1 << (bit % 8);
            assert!(verify_inclusion(&bad, leaf, index, head).is_err(), "{index} in {size}, bit {bit}");
        }
        for bit in 0..256 {
            let flip = |hash: Hash| {
                Hash(std::array::from_fn(|at| hash.0[at] ^ (u8::from(at == bit / 8) << (bit % 8))))
            };
            assert!(verify_inclusion(&made, flip(leaf), index, head).is_err(), "leaf bit {bit}");
            let bad = TreeHead { root: flip(head.root), size };
            assert!(verify_inclusion(&made, leaf, index, bad).is_err(), "root bit {bit}");
        }
    }
    for (old, new) in [(1, 2), (6, 70), (7, 70), (64, 70), (65, 66), (69, 70)] {
        let made = prove_consistency(&stored, old, head(new)).unwrap();
        for bit in 0..made.0.len() * 256 {
            let mut bad = made.clone();
            bad.0[bit / 256].0[bit % 256 / 8] ^= 1 << (bit % 8);
            assert!(verify_consistency(&bad, head(old), head(new)).is_err(), "{old} to {new}, bit {bit}");
        }
    }
}

#[test]
fn a_proof_holds_only_for_its_own_numbers() {
    let stored = tiles(40);
    let leaf_of = |index| leaf_hash(&entry(index));
    for index in 0..40 {
        let made = prove_inclusion(&stored, index, head(40)).unwrap();
        for other in (0..45).filter(|other| *other != index) {
            assert!(verify_inclusion(&made, leaf_of(index), other, head(40)).is_err(), "{index} as {other}");
            assert!(verify_inclusion(&made, leaf_of(other), index, head(40)).is_err(), "{other} for {index}");
        }
        for size in (1..45).filter(|size| *size != 40) {
            let wrong = TreeHead { size, ..head(40) };
            if let Ok(()) = verify_inclusion(&made, leaf_of(index), index, wrong) {
                // The shape of the way does not always tell the size: the signed head does.
                assert_eq!(made.0, path(usize::try_from(index).unwrap(), &leaves(40)));
                assert_ne!(head(size).root, wrong.root);
            }
        }
    }
    let made = prove_consistency(&stored, 7, head(40)).unwrap();
    for old in (0..=40).filter(|old| *old != 7) {
        assert!(verify_consistency(&made, head(old), head(40)).is_err(), "7 as {old}");
    }
}

#[test]
fn lengths_are_exact() {
    let stored = tiles(70);
    let made = prove_inclusion(&stored, 5, head(70)).unwrap();
    let leaf = leaf_hash(&entry(5));
    for found in (0..70).filter(|length| *length != made.0.len()) {
        let mut bad = made.clone();
        bad.0.resize(found, EMPTY_ROOT);
        let error = verify_inclusion(&bad, leaf, 5, head(70)).unwrap_err();
        assert_eq!(error, VerifyError::Length { expected: 7, found });
    }
    let made = prove_consistency(&stored, 6, head(70)).unwrap();
    for found in (0..70).filter(|length| *length != made.0.len()) {
        let mut bad = made.clone();
        bad.0.resize(found, EMPTY_ROOT);
        let error = verify_consistency(&bad, head(6), head(70)).unwrap_err();
        assert_eq!(error, VerifyError::Length { expected: made.0.len(), found });
    }
    for (old, new) in [(0, 0), (0, 70), (70, 70)] {
        let extra = ConsistencyProof(vec![EMPTY_ROOT]);
        let error = verify_consistency(&extra, head(old), head(new)).unwrap_err();
        assert_eq!(error, VerifyError::Length { expected: 0, found: 1 });
    }
}

#[test]
fn equal_and_empty_trees_need_their_roots() {
    let none = ConsistencyProof(Vec::new());
    let forged = |size| TreeHead { size, root: leaf_hash(b"forged") };
    assert_eq!(verify_consistency(&none, head(9), head(9)), Ok(()));
    assert_eq!(verify_consistency(&none, head(0), head(9)), Ok(()));
    for (old, new) in [(forged(9), head(9)), (head(9), forged(9)), (forged(0), head(9)), (forged(0), head(0))]
    {
        assert!(
            matches!(verify_consistency(&none, old, new), Err(VerifyError::Root { .. })),
            "{old:?} to {new:?}"
        );
    }
}

#[test]
fn impossible_questions_are_errors_not_panics() {
    let stored = tiles(10);
    let huge = |size| TreeHead { size, root: EMPTY_ROOT };
    for (index, size) in
        [(10, 10), (0, 0), (u64::MAX, 10), (u64::MAX, u64::MAX), (0, u64::MAX), (5, MAX_TREE_SIZE + 1)]
    {
        let made = InclusionProof(Vec::new());
        let error = verify_inclusion(&made, EMPTY_ROOT, index, huge(size)).unwrap_err();
        assert_eq!(error, VerifyError::Index { index, size });
        assert!(prove_inclusion(&stored, index, huge(size)).is_err(), "{index} in {size}");
    }
    for (old, new) in [(11, 10), (u64::MAX, 10), (1, u64::MAX), (u64::MAX, u64::MAX), (0, u64::MAX)] {
        let made = ConsistencyProof(Vec::new());
        let error = verify_consistency(&made, huge(old), huge(new)).unwrap_err();
        assert_eq!(error, VerifyError::Shrunk { old_size: old, size: new });
        assert!(prove_consistency(&stored, old, huge(new)).is_err(), "{old} to {new}");
    }
    for (old, new) in
        [(1, MAX_TREE_SIZE), (MAX_TREE_SIZE - 1, MAX_TREE_SIZE), (MAX_TREE_SIZE / 2 + 2, MAX_TREE_SIZE)]
    {
        let made = ConsistencyProof(vec![EMPTY_ROOT; MAX_PROOF_HASHES + 1]);
        let error = verify_consistency(&made, huge(old), huge(new)).unwrap_err();
        assert!(
            matches!(error, VerifyError::Length { expected, .. } if expected <= MAX_PROOF_HASHES),
            "{error}"
        );
    }
}

#[test]
fn damaged_tiles_make_no_proof() {
    let (tile, tile_above) = (TileId { level: 0, index: 0 }, TileId { level: 1, index: 0 });
    let whole = tiles(300);
    let mut missing = whole.clone();
    missing.remove(&tile);
    let error = prove_inclusion(&missing, 3, head(300)).unwrap_err();
    assert_eq!(error, ProveError::Short { tile, bytes: 0, size: 300 });

    let mut short = whole.clone();
    short.insert(tile, whole[&tile][..100].to_vec());
    let error = prove_inclusion(&short, 3, head(300)).unwrap_err();
    assert_eq!(error.to_string(), "tile 0/000 holds 100 bytes, too few for a tree of 300 entries");

    // Entry 3 has tile 0/000 on its way, entry 299 the tile above.
    for (index, tile) in [(3, tile), (299, tile_above)] {
        let mut altered = whole.clone();
        altered.get_mut(&tile).unwrap()[5] ^= 1;
        let error = prove_inclusion(&altered, index, head(300)).unwrap_err();
        assert_eq!(error, ProveError::Root { size: 300, root: head(300).root }, "{tile}");
    }
    let mut altered = whole.clone();
    altered.get_mut(&tile).unwrap()[5] ^= 1;
    let error = prove_consistency(&altered, 100, head(300)).unwrap_err();
    assert_eq!(error, ProveError::Root { size: 300, root: head(300).root });
}

/// A store that fails, as a database may.
struct Broken;

impl TileReader for Broken {
    type Error = std::fmt::Error;

    fn tile(&self, _: TileId) -> Result<Option<Vec<u8>>, Self::Error> {
        Err(std::fmt::Error)
    }
}

#[test]
fn the_failure_of_a_store_is_passed_on() {
    let error = prove_inclusion(&Broken, 3, head(300)).unwrap_err();
    assert_eq!(error.to_string(), "cannot read tile 0/000");
    assert!(std::error::Error::source(&error).is_some());
    assert_eq!(tree_root(&Broken, 0), Ok(EMPTY_ROOT));
}

#[test]
fn a_proof_reads_each_tile_once() {
    use std::cell::RefCell;

    struct Counting(BTreeMap<TileId, Vec<u8>>, RefCell<BTreeMap<TileId, u32>>);
    impl TileReader for Counting {
        type Error = std::convert::Infallible;

        fn tile(&self, id: TileId) -> Result<Option<Vec<u8>>, Self::Error> {
            *self.1.borrow_mut().entry(id).or_default() += 1;
            self.0.tile(id)
        }
    }

    let store = Counting(tiles(600), RefCell::default());
    prove_inclusion(&store, 300, head(600)).unwrap();
    let reads = store.1.into_inner();
    assert!(reads.values().all(|reads| *reads == 1), "{reads:?}");
    assert!(reads.len() <= 4, "{reads:?}");
}

proptest! {
    #[test]
    fn tiles_of_a_larger_tree_serve_a_smaller_one(size in 1_u64..600, more in 0_u64..100, pick in any::<u64>()) {
        let stored = tiles(size + more);
        let index = pick % size;
        let made = prove_inclusion(&stored, index, head(size)).unwrap();
        prop_assert_eq!(verify_inclusion(&made, leaf_hash(&entry(index)), index, head(size)), Ok(()));
        let made = prove_consistency(&stored, size, head(size + more)).unwrap();
        prop_assert_eq!(verify_consistency(&made, head(size), head(size + more)), Ok(()));
    }

    #[test]
    fn no_proof_panics(
        hashes in proptest::collection::vec(any::<[u8; 32]>(), 0..70),
        numbers in any::<[u64; 2]>(),
        shift in 0_u32..64,
    ) {
        let hashes: Vec<Hash> = hashes.into_iter().map(Hash).collect();
        let [a, b] = numbers.map(|number| number >> shift);
        let head = TreeHead { size: b, root: EMPTY_ROOT };
        prop_assert!(verify_inclusion(&InclusionProof(hashes.clone()), EMPTY_ROOT, a, head).is_err() || (a, b) == (0, 1));
        let _ = verify_consistency(&ConsistencyProof(hashes), TreeHead { size: a, root: EMPTY_ROOT }, head);
    }
}
