//! Tiles: the tree cut into pieces of 256 hashes that are written once and never change.
//!
//! A tile at level 0 holds leaf hashes; a tile above holds one hash for each *full* tile below it.
//! Only the last tile of a level can be partial, and a hash once in a tile keeps its place for
//! ever, so a tile that is wider than an old tree still serves that tree. This module knows the
//! geometry; [`Tiles`] grows a tree and [`TilePath`] names the pieces. Nothing is ever removed:
//! pruning is deliberately absent.
//!
//! Source: C2SP tlog-tiles, "Merkle Tree".

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;

use crate::hash::Hash;

mod grow;
mod path;

pub use grow::{GrowError, ResumeError, Tile, Tiles};
pub use path::{MAX_PATH_BYTES, PathError, TilePath};

/// How many levels of the tree one tile spans.
pub const TILE_HEIGHT: u32 = 8;

/// How many hashes a full tile holds: 2^8.
pub const TILE_WIDTH: u16 = 1 << TILE_HEIGHT;

/// The bytes of a full tile: 256 × 32 = 8,192.
pub const MAX_TILE_BYTES: usize = TILE_WIDTH as usize * Hash::LEN;

/// The most entries a ledger can hold: 2^63 − 1, the largest signed 64-bit integer, because SQL
/// columns and many verifiers count with those. At 100,000 entries a second it lasts 2.9 million
/// years.
pub const MAX_TREE_SIZE: u64 = i64::MAX as u64;

/// The highest level a tree of [`MAX_TREE_SIZE`] entries reaches: level 7 covers 2^(8 × 8) entries.
pub const MAX_LEVEL: u8 = 7;

/// The place of a tile: its level, counted from the leaves, and its index within the level.
///
/// Any pair of numbers is a place, so that a nonsensical row in a database can still be named in a
/// report; [`TileId::width_in`] tells whether a tree has such a tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    /// 0 for leaf hashes; each further level stands for 256 times as many entries.
    pub level: u8,
    /// Counted from 0 at the left.
    pub index: u64,
}

impl TileId {
    /// How many hashes this tile has in a tree of `size` entries; `None` if the tree has no such tile.
    pub fn width_in(self, size: u64) -> Option<Width> {
        let before = self.index.checked_mul(u64::from(TILE_WIDTH))?;
        let left = hashes_at(size, self.level).checked_sub(before)?;
        Width::new(u16::try_from(left).unwrap_or(TILE_WIDTH).min(TILE_WIDTH))
    }

    /// The index of the first entry under the hash at `position`, or `u64::MAX` if it is too large to
    /// count.
    pub fn first_entry_at(self, position: u16) -> u64 {
        let hash = u128::from(self.index) * u128::from(TILE_WIDTH) + u128::from(position);
        let bits = u32::from(self.level) * TILE_HEIGHT;
        // A 72-bit number cannot leave 128 bits by a shift of up to 56; higher levels cannot be counted.
        let first = if self.level <= MAX_LEVEL { hash << bits } else { u128::MAX };
        u64::try_from(first).unwrap_or(u64::MAX)
    }
}

impl fmt::Display for TileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.level, path::IndexPath(self.index))
    }
}

/// How many hashes a tile holds: 1 to 256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Width(u16);

impl Width {
    /// The width of a tile that will not change any more.
    pub const FULL: Self = Self(TILE_WIDTH);

    /// A width, unless `hashes` is 0 or above 256.
    pub fn new(hashes: u16) -> Option<Self> {
        (1..=TILE_WIDTH).contains(&hashes).then_some(Self(hashes))
    }

    /// The number of hashes.
    pub fn get(self) -> u16 {
        self.0
    }

    /// Whether the tile holds 256 hashes.
    pub fn is_full(self) -> bool {
        self == Self::FULL
    }

    /// The length of such a tile in bytes.
    pub fn bytes(self) -> usize {
        usize::from(self.0) * Hash::LEN
    }
}

/// Where tiles are read from: a database, a folder, a server, a map in memory.
pub trait TileReader {
    /// Why a tile could not be read; a tile that does not exist is not an error.
    type Error: std::error::Error + 'static;

    /// The hashes of a tile, 32 bytes each, or `None` if there is no such tile.
    ///
    /// A partial tile may hold more hashes than the tree asked about needs, never fewer.
    fn tile(&self, id: TileId) -> Result<Option<Vec<u8>>, Self::Error>;
}

impl<R: TileReader> TileReader for &R {
    type Error = R::Error;

    fn tile(&self, id: TileId) -> Result<Option<Vec<u8>>, Self::Error> {
        (**self).tile(id)
    }
}

impl TileReader for BTreeMap<TileId, Vec<u8>> {
    type Error = Infallible;

    fn tile(&self, id: TileId) -> Result<Option<Vec<u8>>, Self::Error> {
        Ok(self.get(&id).cloned())
    }
}

/// How many hashes stand at `level` in a tree of `size` entries, over all tiles of the level.
pub(crate) fn hashes_at(size: u64, level: u8) -> u64 {
    size.checked_shr(u32::from(level) * TILE_HEIGHT).unwrap_or(0)
}

/// The hash at `position` of a tile's bytes, if the tile reaches that far.
pub(crate) fn hash_in(tile: &[u8], position: u16) -> Option<Hash> {
    tile.as_chunks::<{ Hash::LEN }>().0.get(usize::from(position)).copied().map(Hash)
}

/// Exactly the tiles of a tree of `size` entries with their widths, level by level from the leaves.
///
/// Lazy, because the largest tree has more tiles than fit into memory.
pub fn tiles_of(size: u64) -> impl Iterator<Item = (TileId, Width)> {
    tiles_added(0, size)
}

/// The tiles that a tree of `new` entries has and the same tree at `old` entries had not, or had
/// with fewer hashes: what a mirror at `old` must fetch. Nothing if the tree has not grown.
pub fn tiles_added(old: u64, new: u64) -> impl Iterator<Item = (TileId, Width)> {
    (0..=MAX_LEVEL).flat_map(move |level| {
        let (had, has) = (hashes_at(old, level), hashes_at(new, level));
        let first = had / u64::from(TILE_WIDTH);
        let end = if has > had { has.div_ceil(u64::from(TILE_WIDTH)) } else { first };
        (first..end).filter_map(move |index| {
            let id = TileId { level, index };
            Some((id, id.width_in(new)?))
        })
    })
}

/// The partial tiles of a tree of `size` entries: with the size, all that is needed to grow it.
pub fn right_edge(size: u64) -> impl Iterator<Item = (TileId, Width)> {
    (0..=MAX_LEVEL).filter_map(move |level| {
        let id = TileId { level, index: hashes_at(size, level) / u64::from(TILE_WIDTH) };
        Some((id, id.width_in(size)?))
    })
}

#[cfg(test)]
mod tests;
