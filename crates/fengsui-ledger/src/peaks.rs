//! Peaks: the perfect subtrees of a growing run of hashes.
//!
//! A run of `n` hashes has one peak for each set bit of `n`, the largest first. Appending touches
//! as many peaks as an addition carries bits, so a tree grows without its leaves being kept.

use crate::hash::{Hash, node_hash};

/// The peaks over the hashes pushed so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Peaks {
    /// One hash for each set bit of `count`, largest subtree first.
    hashes: Vec<Hash>,
    count: u64,
}

impl Peaks {
    /// How many hashes were pushed.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// Adds one hash at the right.
    pub(crate) fn push(&mut self, hash: Hash) {
        let mut carry = hash;
        for _ in 0..self.count.trailing_ones() {
            let left = self.hashes.pop().expect("each set bit of the count has its peak");
            carry = node_hash(left, carry);
        }
        self.hashes.push(carry);
        self.count += 1;
    }

    /// The root over these hashes and whatever stands to their right; `None` if both are empty.
    ///
    /// The right side must be the root of fewer hashes than the smallest peak covers.
    pub(crate) fn root_with(&self, right: Option<Hash>) -> Option<Hash> {
        self.hashes.iter().rev().fold(right, |right, peak| match right {
            Some(right) => Some(node_hash(*peak, right)),
            None => Some(*peak),
        })
    }

    /// The root over these hashes; `None` if there are none.
    pub(crate) fn root(&self) -> Option<Hash> {
        self.root_with(None)
    }
}

impl FromIterator<Hash> for Peaks {
    fn from_iter<I: IntoIterator<Item = Hash>>(hashes: I) -> Self {
        let mut peaks = Self::default();
        hashes.into_iter().for_each(|hash| peaks.push(hash));
        peaks
    }
}
