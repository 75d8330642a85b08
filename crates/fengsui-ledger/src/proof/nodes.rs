//! Nodes: any node of a tree, computed from its tiles.

use std::collections::BTreeMap;

use super::ProveError;
use crate::hash::{Hash, node_hash};
use crate::peaks::Peaks;
use crate::tile::{MAX_TREE_SIZE, TILE_HEIGHT, TILE_WIDTH, TileId, TileReader, hash_in};

/// The nodes of a tree of one size; reads each tile at most once.
pub(super) struct Nodes<'a, R> {
    tiles: &'a R,
    size: u64,
    seen: BTreeMap<TileId, Vec<u8>>,
}

impl<'a, R: TileReader> Nodes<'a, R> {
    pub(super) fn new(tiles: &'a R, size: u64) -> Result<Self, ProveError<R::Error>> {
        if size > MAX_TREE_SIZE {
            return Err(ProveError::Size { size });
        }
        Ok(Self { tiles, size, seen: BTreeMap::new() })
    }

    /// The root of the tree; `None` if it is empty.
    pub(super) fn root(&mut self) -> Result<Option<Hash>, ProveError<R::Error>> {
        self.ragged(u64::BITS)
    }

    /// The siblings from node `index` at `height` up to the root.
    pub(super) fn siblings(&mut self, height: u32, index: u64) -> Result<Vec<Hash>, ProveError<R::Error>> {
        let (mut height, mut index) = (height, index);
        let mut siblings = Vec::new();
        while (self.size - 1) >> height > 0 {
            let sibling = index ^ 1;
            let complete = self.size >> height;
            if sibling < complete {
                siblings.push(self.perfect(height, sibling)?);
            } else if sibling == complete {
                // The sibling is the ragged right edge; without one the node moves up alone.
                siblings.extend(self.ragged(height)?);
            }
            height += 1;
            index >>= 1;
        }
        Ok(siblings)
    }

    /// The perfect subtree `index` of 2^`height` entries, which must be complete in this tree.
    pub(super) fn perfect(&mut self, height: u32, index: u64) -> Result<Hash, ProveError<R::Error>> {
        let (level, within) = (height / TILE_HEIGHT, height % TILE_HEIGHT);
        let first = index << within;
        let width = u64::from(TILE_WIDTH);
        let level = u8::try_from(level).expect("a height below 64 is on a level below 8");
        let tile = TileId { level, index: first / width };
        let start = u16::try_from(first % width).expect("a place in a tile is below 256");
        let end = start + (1 << within);
        let size = self.size;
        let bytes = self.tile(tile)?;
        let hashes: Peaks = (start..end).map_while(|position| hash_in(bytes, position)).collect();
        if hashes.count() < u64::from(end - start) {
            return Err(ProveError::Short { tile, bytes: bytes.len(), size });
        }
        Ok(hashes.root().expect("a subtree has at least one hash"))
    }

    /// The entries behind the last complete subtree of 2^`height`, if there are any.
    fn ragged(&mut self, height: u32) -> Result<Option<Hash>, ProveError<R::Error>> {
        let mut right = None;
        for height in (0..height).filter(|height| self.size >> height & 1 == 1).collect::<Vec<_>>() {
            let peak = self.perfect(height, (self.size >> height) - 1)?;
            right = Some(right.map_or(peak, |right| node_hash(peak, right)));
        }
        Ok(right)
    }

    fn tile(&mut self, tile: TileId) -> Result<&[u8], ProveError<R::Error>> {
        if !self.seen.contains_key(&tile) {
            let bytes = self.tiles.tile(tile).map_err(|source| ProveError::Read { tile, source })?;
            self.seen.insert(tile, bytes.unwrap_or_default());
        }
        Ok(&self.seen[&tile])
    }
}
