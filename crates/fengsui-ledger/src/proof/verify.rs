//! Verifying: what an outsider computes, from signed heads and a proof alone.
//!
//! The length of a proof follows from the two numbers it is about, so a proof of any other length is
//! refused before a hash is computed.

use super::{ConsistencyProof, InclusionProof, TreeHead};
use crate::hash::{EMPTY_ROOT, Hash, node_hash};
use crate::tile::MAX_TREE_SIZE;

/// Checks that the entry with hash `leaf` is entry `index` of the tree of `head`.
///
/// Take `head` from a signed checkpoint and compute `leaf` from the entry itself.
///
/// # Errors
/// [`VerifyError`] says what does not hold.
pub fn verify_inclusion(
    proof: &InclusionProof,
    leaf: Hash,
    index: u64,
    head: TreeHead,
) -> Result<(), VerifyError> {
    if index >= head.size || head.size > MAX_TREE_SIZE {
        return Err(VerifyError::Index { index, size: head.size });
    }
    let climb = Climb::new(0, index, head.size);
    expect_hashes(&proof.0, climb.length())?;
    expect_root(head, climb.root(leaf, &proof.0))
}

/// Checks that the tree of `old` is the beginning of the tree of `new`.
///
/// The empty tree is the beginning of every tree; its root must still be [`EMPTY_ROOT`].
///
/// # Errors
/// [`VerifyError`] says what does not hold.
pub fn verify_consistency(proof: &ConsistencyProof, old: TreeHead, new: TreeHead) -> Result<(), VerifyError> {
    if old.size > new.size || new.size > MAX_TREE_SIZE {
        return Err(VerifyError::Shrunk { old_size: old.size, size: new.size });
    }
    if old.size == 0 || old.size == new.size {
        expect_hashes(&proof.0, 0)?;
        let old_root = if old.size == 0 { EMPTY_ROOT } else { new.root };
        return expect_root(old, old_root);
    }
    let height = old.size.trailing_zeros();
    let peak = (old.size >> height) - 1;
    let climb = Climb::new(height, peak, new.size);
    // Where the smallest peak is the whole old tree, its root is the start and the proof leaves it out.
    let listed = peak > 0;
    expect_hashes(&proof.0, climb.length() + usize::from(listed))?;
    let (start, path) = match proof.0.split_first() {
        Some((first, path)) if listed => (*first, path),
        _ => (old.root, proof.0.as_slice()),
    };
    expect_root(old, climb.old_root(start, path))?;
    expect_root(new, climb.root(start, path))
}

/// The way from a node to the root of a tree.
struct Climb {
    /// The index of the node at its height.
    index: u64,
    /// Steps at which the node has a sibling on either side.
    inner: u32,
    /// Left siblings above, where the node is already part of the right edge.
    edge: u32,
}

impl Climb {
    /// The way from node `index` at `height`, which must stand in the tree of `size` entries.
    fn new(height: u32, index: u64, size: u64) -> Self {
        let last = (size - 1) >> height;
        let inner = u64::BITS - (index ^ last).leading_zeros();
        Self { index, inner, edge: (index >> inner).count_ones() }
    }

    fn length(&self) -> usize {
        (self.inner + self.edge) as usize
    }

    /// The root over everything beside the way.
    fn root(&self, node: Hash, path: &[Hash]) -> Hash {
        let (inner, edge) = path.split_at(self.inner as usize);
        let node = inner.iter().enumerate().fold(node, |node, (step, sibling)| {
            if self.index >> step & 1 == 1 { node_hash(*sibling, node) } else { node_hash(node, *sibling) }
        });
        edge.iter().fold(node, |node, sibling| node_hash(*sibling, node))
    }

    /// The root of the tree that ends with the node: only what stands to the left counts.
    fn old_root(&self, node: Hash, path: &[Hash]) -> Hash {
        let left = path
            .iter()
            .enumerate()
            .filter(|(step, _)| *step >= self.inner as usize || self.index >> step & 1 == 1);
        left.fold(node, |node, (_, sibling)| node_hash(*sibling, node))
    }
}

fn expect_hashes(path: &[Hash], expected: usize) -> Result<(), VerifyError> {
    if path.len() == expected { Ok(()) } else { Err(VerifyError::Length { expected, found: path.len() }) }
}

fn expect_root(head: TreeHead, found: Hash) -> Result<(), VerifyError> {
    if head.root == found { Ok(()) } else { Err(VerifyError::Root { size: head.size, found }) }
}

/// Why a proof proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The tree has no such entry, or is larger than a tree can be.
    #[error("entry {index} cannot stand in a tree of {size} entries")]
    Index {
        /// The entry.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// The old tree is larger than the new one, or the new one larger than a tree can be.
    #[error("a tree of {old_size} entries cannot have grown to {size}")]
    Shrunk {
        /// The size of the old tree.
        old_size: u64,
        /// The size of the new tree.
        size: u64,
    },
    /// The proof is of other numbers.
    #[error("the proof has {found} hashes where {expected} are needed")]
    Length {
        /// How many hashes such a proof has.
        expected: usize,
        /// How many this one has.
        found: usize,
    },
    /// The proof leads to another root.
    #[error("the proof leads to root `{}`, not to the signed root of {size} entries", found.to_base64())]
    Root {
        /// The size of the tree whose root was missed.
        size: u64,
        /// The root that was reached.
        found: Hash,
    },
}
