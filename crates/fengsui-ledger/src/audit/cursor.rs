//! Cursors: one tile of each level, seen from below and as it is stored.

use crate::hash::Hash;
use crate::peaks::Peaks;
use crate::tile::{TILE_HEIGHT, TILE_WIDTH, TileId, hash_in};

/// A tile while the entries under it pass by.
///
/// It is followed along two sides: what the entries make of it, and what the store says. The sides
/// run together until something was altered; which of them is right is known when the hash above, or
/// the signed root, decides.
pub(super) struct Cursor {
    pub(super) id: TileId,
    /// The stored hashes; `None` if the tile is missing.
    stored: Option<Vec<u8>>,
    /// How many places were passed.
    passed: u16,
    /// The side of the entries; `None` once something is missing that the store cannot supply.
    entries: Option<Peaks>,
    /// The side of the store; `None` once the store lacks something.
    store: Option<Peaks>,
    /// The places where the sides differ.
    differing: Vec<u16>,
}

/// Which side of a tile was found to be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// What the entries make.
    Entries,
    /// What the store holds.
    Store,
    /// Nothing that could decide is intact.
    Unknown,
}

impl Cursor {
    pub(super) fn new(id: TileId, stored: Option<Vec<u8>>) -> Self {
        let peaks = Some(Peaks::default());
        Self { id, stored, passed: 0, entries: peaks.clone(), store: peaks, differing: Vec::new() }
    }

    /// Passes the next place with the hash that the entries make, if they are all there.
    pub(super) fn pass(&mut self, made: Option<Hash>) {
        let stored = self.stored_next();
        if made.is_some() && stored.is_some() && made != stored {
            self.differing.push(self.passed);
        }
        push(&mut self.entries, made.or(stored));
        push(&mut self.store, stored);
        self.passed += 1;
    }

    /// The stored hash at the next place.
    pub(super) fn stored_next(&self) -> Option<Hash> {
        hash_in(self.stored.as_ref()?, self.passed)
    }

    pub(super) fn passed(&self) -> u16 {
        self.passed
    }

    pub(super) fn is_full(&self) -> bool {
        self.passed == TILE_WIDTH
    }

    pub(super) fn stored_bytes(&self) -> Option<usize> {
        self.stored.as_ref().map(Vec::len)
    }

    pub(super) fn differing(&self) -> &[u16] {
        &self.differing
    }

    /// The hash over one side and whatever stands to the right of the tile.
    pub(super) fn root(&self, side: Side, right: Option<Hash>) -> Option<Hash> {
        match side {
            Side::Entries => self.entries.as_ref()?.root_with(right),
            Side::Store => self.store.as_ref()?.root_with(right),
            Side::Unknown => None,
        }
    }

    /// Which side has the hash `above`, when the whole tile has passed.
    pub(super) fn decide(&self, above: Option<Hash>) -> Side {
        let holds = |side| above.is_some() && self.root(side, None) == above;
        match () {
            () if holds(Side::Entries) => Side::Entries,
            () if holds(Side::Store) => Side::Store,
            () => Side::Unknown,
        }
    }

    /// Lays the difference to rest: from here on, both sides are the one that was found to be right.
    pub(super) fn settle(&mut self, side: Side) {
        match side {
            Side::Entries => self.store.clone_from(&self.entries),
            Side::Store => self.entries.clone_from(&self.store),
            Side::Unknown => {}
        }
        self.differing.clear();
    }

    /// The first and the last entry under the hash at `position`.
    pub(super) fn entries_at(&self, position: u16) -> (u64, u64) {
        let first = self.id.first_entry_at(position);
        (first, first.saturating_add((1 << (u32::from(self.id.level) * TILE_HEIGHT)) - 1))
    }
}

/// Adds a hash to a side; a side that lacks a hash is lost.
fn push(side: &mut Option<Peaks>, hash: Option<Hash>) {
    match hash {
        Some(hash) => {
            if let Some(peaks) = side {
                peaks.push(hash);
            }
        }
        None => *side = None,
    }
}
