//! Reference: the recursive definitions of RFC 6962, word for word and slow, to test against.

use std::collections::BTreeMap;

use crate::hash::{EMPTY_ROOT, Hash, leaf_hash, node_hash};
use crate::proof::TreeHead;
use crate::tile::{TILE_WIDTH, TileId};

/// The entry that tests use at `index`.
pub(crate) fn entry(index: u64) -> Vec<u8> {
    format!("entry {index}").into_bytes()
}

/// The leaf hashes of the first `size` test entries.
pub(crate) fn leaves(size: u64) -> Vec<Hash> {
    (0..size).map(|index| leaf_hash(&entry(index))).collect()
}

/// The head of the tree over the first `size` test entries.
pub(crate) fn head(size: u64) -> TreeHead {
    TreeHead { size, root: mth(&leaves(size)) }
}

/// The tiles of the first `size` test entries.
pub(crate) fn tiles(size: u64) -> BTreeMap<TileId, Vec<u8>> {
    let leaves = leaves(size);
    let mut tiles = BTreeMap::new();
    let mut row = leaves.clone();
    for level in 0.. {
        for (index, hashes) in (0..).zip(row.chunks(usize::from(TILE_WIDTH))) {
            tiles.insert(TileId { level, index }, hashes.iter().flat_map(|hash| hash.0).collect());
        }
        // The row above: the trees over as many leaves as a full tile of this level stands for.
        let span = usize::from(TILE_WIDTH).pow(u32::from(level) + 1);
        row = leaves.chunks_exact(span).map(mth).collect();
        if row.is_empty() {
            return tiles;
        }
    }
    tiles
}

/// `MTH(D[n])` of RFC 6962 section 2.1, over leaf hashes.
pub(crate) fn mth(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => EMPTY_ROOT,
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node_hash(mth(left), mth(right))
        }
    }
}

/// `PATH(m, D[n])` of RFC 6962 section 2.1.1.
pub(crate) fn path(m: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut below, beside) =
        if m < k { (path(m, left), mth(right)) } else { (path(m - k, right), mth(left)) };
    below.push(beside);
    below
}

/// `PROOF(m, D[n])` of RFC 6962 section 2.1.2, for `0 < m <= n`.
pub(crate) fn proof(m: usize, leaves: &[Hash]) -> Vec<Hash> {
    subproof(m, leaves, true)
}

fn subproof(m: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
    if m == leaves.len() {
        return if whole { Vec::new() } else { vec![mth(leaves)] };
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut below, beside) = if m <= k {
        (subproof(m, left, whole), mth(right))
    } else {
        (subproof(m - k, right, false), mth(left))
    };
    below.push(beside);
    below
}

/// The largest power of two smaller than `n`.
fn split(n: usize) -> usize {
    n.next_power_of_two() / 2
}
