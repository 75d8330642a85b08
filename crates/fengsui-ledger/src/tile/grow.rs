//! Growing: a ledger's tree kept as its right edge.
//!
//! Appending is a pure step: it says which tiles changed, and the caller stores them in the same
//! transaction as the entries. A tree resumes from its size and the partial tiles of its right edge,
//! at most eight, however long it is.

use super::{MAX_TREE_SIZE, TILE_WIDTH, TileId, TileReader, Width, hash_in, hashes_at, right_edge};
use crate::hash::{EMPTY_ROOT, Hash};
use crate::peaks::Peaks;

/// A tile as it stands after a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    /// Its place.
    pub id: TileId,
    /// Its hashes so far, 32 bytes each.
    pub hashes: Vec<u8>,
}

/// A tree that grows at its right edge.
///
/// A step cannot be undone. Where the transaction around it may fail, step a clone (at most 8 × 8
/// KiB, two or three for a real ledger) and keep it once the transaction holds.
///
/// ```
/// use std::collections::BTreeMap;
/// use fengsui_ledger::{Tiles, leaf_hash};
///
/// let mut stored = BTreeMap::new();
/// let mut tiles = Tiles::new();
/// for tile in tiles.append(leaf_hash(b"first entry"))? {
///     stored.insert(tile.id, tile.hashes);
/// }
/// assert_eq!(Tiles::resume(1, &stored)?.root(), tiles.root());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tiles {
    size: u64,
    /// The partial tile of each level; the last is never empty.
    levels: Vec<Level>,
}

/// The partial tile of one level: fewer than 256 hashes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Level {
    hashes: Vec<u8>,
    peaks: Peaks,
}

impl Level {
    fn push(&mut self, hash: Hash) {
        self.hashes.extend_from_slice(&hash.0);
        self.peaks.push(hash);
    }

    /// Empties a level that has become a full tile: its bytes and its root.
    fn take_full(&mut self) -> Option<(Vec<u8>, Hash)> {
        if self.peaks.count() < u64::from(TILE_WIDTH) {
            return None;
        }
        let full = std::mem::take(self);
        let root = full.peaks.root().expect("a full tile is not empty");
        Some((full.hashes, root))
    }
}

impl Tiles {
    /// The tree without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes up a tree of `size` entries from its stored right edge ([`right_edge`] lists it).
    ///
    /// The widths must fit the size exactly: a wider tile means that the size is older than the
    /// tiles, and growing from it would fork the ledger. Whether the hashes are the signed ones is
    /// for the caller to see: compare [`Tiles::root`] with the last checkpoint.
    ///
    /// # Errors
    /// [`ResumeError`] if the size is out of range or a tile is missing, unreadable or of another width.
    pub fn resume<R: TileReader>(size: u64, stored: &R) -> Result<Self, ResumeError<R::Error>> {
        if size > MAX_TREE_SIZE {
            return Err(ResumeError::Size { size });
        }
        let mut levels = Vec::new();
        for (tile, width) in right_edge(size) {
            let hashes = stored.tile(tile).map_err(|source| ResumeError::Read { tile, source })?;
            let hashes = hashes.ok_or(ResumeError::Missing { tile, size })?;
            if hashes.len() != width.bytes() {
                return Err(ResumeError::Width { tile, size, bytes: hashes.len(), expected: width.bytes() });
            }
            let peaks = (0..width.get()).filter_map(|position| hash_in(&hashes, position)).collect();
            levels.resize_with(usize::from(tile.level), Level::default);
            levels.push(Level { hashes, peaks });
        }
        Ok(Self { size, levels })
    }

    /// Whether what is stored is still the right edge of this tree, byte for byte.
    ///
    /// # Errors
    /// Whatever the reader says.
    pub fn has_edge<R: TileReader>(&self, stored: &R) -> Result<bool, R::Error> {
        for (id, _) in right_edge(self.size) {
            let level = &self.levels[usize::from(id.level)];
            if stored.tile(id)?.as_ref() != Some(&level.hashes) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The number of entries.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root over all entries; [`EMPTY_ROOT`] if there are none.
    pub fn root(&self) -> Hash {
        let root = self.levels.iter().fold(None, |right, level| level.peaks.root_with(right));
        root.unwrap_or(EMPTY_ROOT)
    }

    /// Appends one entry by its leaf hash and returns the tiles that changed, lowest level first.
    ///
    /// # Errors
    /// [`GrowError`] if the tree would pass [`MAX_TREE_SIZE`].
    pub fn append(&mut self, leaf: Hash) -> Result<Vec<Tile>, GrowError> {
        self.extend(&[leaf])
    }

    /// Appends several entries and returns each changed tile once, in its last state, ordered by
    /// level and index. Either all entries are appended or, on an error, none.
    ///
    /// # Errors
    /// [`GrowError`] if the tree would pass [`MAX_TREE_SIZE`].
    pub fn extend(&mut self, leaves: &[Hash]) -> Result<Vec<Tile>, GrowError> {
        let old_size = self.size;
        let room = MAX_TREE_SIZE - old_size;
        if u64::try_from(leaves.len()).is_ok_and(|more| more > room) {
            return Err(GrowError { size: old_size, more: leaves.len() });
        }
        let mut changed = Vec::new();
        for leaf in leaves {
            self.push(*leaf, &mut changed);
        }
        for (id, _) in right_edge(self.size) {
            if hashes_at(old_size, id.level) < hashes_at(self.size, id.level) {
                changed.push(Tile { id, hashes: self.levels[usize::from(id.level)].hashes.clone() });
            }
        }
        changed.sort_unstable_by_key(|tile| tile.id);
        Ok(changed)
    }

    /// Adds a leaf, carries the roots of tiles that become full, and notes those tiles.
    fn push(&mut self, leaf: Hash, full: &mut Vec<Tile>) {
        self.size += 1;
        let mut carry = leaf;
        for level in 0.. {
            let place = usize::from(level);
            if self.levels.len() == place {
                self.levels.push(Level::default());
            }
            self.levels[place].push(carry);
            let Some((hashes, root)) = self.levels[place].take_full() else { return };
            let index = hashes_at(self.size, level) / u64::from(TILE_WIDTH) - 1;
            full.push(Tile { id: TileId { level, index }, hashes });
            carry = root;
        }
    }
}

/// The ledger is full.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot append {more} entries to a ledger of {size}: the limit is {MAX_TREE_SIZE}")]
pub struct GrowError {
    /// The number of entries so far.
    pub size: u64,
    /// How many were to be appended.
    pub more: usize,
}

/// Why a tree cannot be taken up from its stored right edge.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResumeError<E: std::error::Error + 'static> {
    /// No tree is that large.
    #[error("cannot resume a ledger of {size} entries: the limit is {MAX_TREE_SIZE}")]
    Size {
        /// The size asked for.
        size: u64,
    },
    /// The store failed.
    #[error("cannot read tile {tile} to resume the ledger")]
    Read {
        /// The tile asked for.
        tile: TileId,
        /// What the store says.
        source: E,
    },
    /// The store lacks a tile of the right edge.
    #[error("cannot resume a ledger of {size} entries: tile {tile} is missing")]
    Missing {
        /// The tile asked for.
        tile: TileId,
        /// The size asked for.
        size: u64,
    },
    /// The stored tile belongs to another size.
    #[error("cannot resume a ledger of {size} entries: tile {tile} has {bytes} bytes instead of {expected}")]
    Width {
        /// The tile asked for.
        tile: TileId,
        /// The size asked for.
        size: u64,
        /// The length found, in bytes.
        bytes: usize,
        /// The length that fits the size, in bytes.
        expected: usize,
    },
}

impl Tile {
    /// How many hashes the tile holds; `None` if its bytes are not 1 to 256 hashes.
    pub fn width(&self) -> Option<Width> {
        let whole = self.hashes.len().is_multiple_of(Hash::LEN);
        u16::try_from(self.hashes.len() / Hash::LEN).ok().filter(|_| whole).and_then(Width::new)
    }
}
