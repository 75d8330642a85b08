//! Proofs: that an entry stands in a tree, and that a tree only grew.
//!
//! Making a proof reads tiles; checking one needs nothing but the proof and signed tree heads. A
//! proof that does not reach the signed root is never handed out: damaged tiles become an error
//! here, not an accusation at the verifier.
//!
//! Source: RFC 6962 section 2.1.1 and 2.1.2, RFC 9162 section 2.1.3 and 2.1.4.

use crate::hash::{EMPTY_ROOT, Hash};
use crate::tile::{MAX_TREE_SIZE, TileId, TileReader};

mod file;
mod nodes;
mod verify;

pub use file::{MAX_EXTRA_BYTES, MAX_PROOF_FILE_BYTES, ProofFile, ProofFileError};
use nodes::Nodes;
pub use verify::{VerifyError, verify_consistency, verify_inclusion};

/// The most hashes in a proof: one for each of the 63 levels below the root of the largest tree, and
/// for consistency one more to start from.
pub const MAX_PROOF_HASHES: usize = 64;

/// A tree at one moment: how many entries, and the root over them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TreeHead {
    /// The number of entries.
    pub size: u64,
    /// The root over all of them.
    pub root: Hash,
}

/// The siblings on the way from an entry to the root, the entry's own sibling first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InclusionProof(pub Vec<Hash>);

/// The nodes that lead from an old tree both to its root and to the root of a newer one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsistencyProof(pub Vec<Hash>);

/// The root of the first `size` entries, computed from the right edge of the tiles.
///
/// # Errors
/// [`ProveError`] if `size` is out of range or a tile cannot be read.
pub fn tree_root<R: TileReader>(tiles: &R, size: u64) -> Result<Hash, ProveError<R::Error>> {
    let root = Nodes::new(tiles, size)?.root()?;
    Ok(root.unwrap_or(EMPTY_ROOT))
}

/// Proves that the entry at `index` (its leaf hash is taken from the tiles) stands in the tree of `head`.
///
/// # Errors
/// [`ProveError`] if there is no such entry, or if the tiles cannot be read or do not lead to the root.
pub fn prove_inclusion<R: TileReader>(
    tiles: &R,
    index: u64,
    head: TreeHead,
) -> Result<InclusionProof, ProveError<R::Error>> {
    if index >= head.size {
        return Err(ProveError::Index { index, size: head.size });
    }
    let mut nodes = Nodes::new(tiles, head.size)?;
    let leaf = nodes.perfect(0, index)?;
    let proof = InclusionProof(nodes.siblings(0, index)?);
    match verify_inclusion(&proof, leaf, index, head) {
        Ok(()) => Ok(proof),
        Err(_) => Err(ProveError::Root { size: head.size, root: head.root }),
    }
}

/// Proves that the tree of `new` has the tree of its first `old_size` entries as its beginning.
///
/// # Errors
/// [`ProveError`] if the old tree is the larger one, or if the tiles cannot be read or do not lead to
/// the new root.
pub fn prove_consistency<R: TileReader>(
    tiles: &R,
    old_size: u64,
    new: TreeHead,
) -> Result<ConsistencyProof, ProveError<R::Error>> {
    if old_size > new.size {
        return Err(ProveError::Shrunk { old_size, size: new.size });
    }
    let old = TreeHead { size: old_size, root: tree_root(tiles, old_size)? };
    let proof = ConsistencyProof(consistency_path(tiles, old_size, new.size)?);
    match verify_consistency(&proof, old, new) {
        Ok(()) => Ok(proof),
        Err(_) => Err(ProveError::Root { size: new.size, root: new.root }),
    }
}

/// The hashes of a consistency proof; none between equal trees or from the empty one.
fn consistency_path<R: TileReader>(tiles: &R, old: u64, new: u64) -> Result<Vec<Hash>, ProveError<R::Error>> {
    if old == 0 || old == new {
        return Ok(Vec::new());
    }
    let mut nodes = Nodes::new(tiles, new)?;
    // The smallest peak of the old tree is a node of the new one; from there the way up passes all
    // that both roots are made of. Where that peak is the whole old tree, its root says it already.
    let height = old.trailing_zeros();
    let peak = (old >> height) - 1;
    let mut path = Vec::new();
    if peak > 0 {
        path.push(nodes.perfect(height, peak)?);
    }
    path.extend(nodes.siblings(height, peak)?);
    Ok(path)
}

/// Why a proof or a root cannot be made from the tiles.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProveError<E: std::error::Error + 'static> {
    /// No tree is that large.
    #[error("cannot prove anything in a tree of {size} entries: the limit is {MAX_TREE_SIZE}")]
    Size {
        /// The size asked for.
        size: u64,
    },
    /// The tree has no such entry.
    #[error("cannot prove entry {index} in a tree of {size} entries")]
    Index {
        /// The entry asked for.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// The old tree is larger than the new one.
    #[error("cannot prove that a tree of {old_size} entries grew to {size}")]
    Shrunk {
        /// The size of the old tree.
        old_size: u64,
        /// The size of the new tree.
        size: u64,
    },
    /// The store failed.
    #[error("cannot read tile {tile}")]
    Read {
        /// The tile asked for.
        tile: TileId,
        /// What the store says.
        source: E,
    },
    /// The store lacks a tile, or hashes in it.
    #[error("tile {tile} holds {bytes} bytes, too few for a tree of {size} entries")]
    Short {
        /// The tile asked for.
        tile: TileId,
        /// Its length in bytes; 0 if it is missing.
        bytes: usize,
        /// The size of the tree.
        size: u64,
    },
    /// The tiles are damaged, or the head is not one of this ledger.
    #[error("the tiles do not lead to root `{}` of {size} entries", root.to_base64())]
    Root {
        /// The size of the tree.
        size: u64,
        /// The root that was to be reached.
        root: Hash,
    },
}

#[cfg(test)]
mod tests;
