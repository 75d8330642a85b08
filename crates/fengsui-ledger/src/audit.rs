//! Audit: whether a stored ledger is, to the last byte, the one that was signed.
//!
//! The auditor is fed every entry in order and reads each stored tile once, so its memory does not
//! grow with the ledger. What it is fed is never trusted: the signed checkpoints decide. Where an
//! entry and a tile disagree, the hash in the tile above tells which of them was altered, and at the
//! right edge the signed root does. Each further checkpoint narrows down where a consistent forgery
//! begins. What an entry says is not looked at, and nothing is repaired.

mod cursor;
mod finding;

use std::collections::BTreeMap;

use cursor::{Cursor, Side};
use finding::Log;
pub use finding::{Finding, Findings, MAX_FINDINGS};

use crate::checkpoint::SignedCheckpoint;
use crate::hash::{EMPTY_ROOT, Hash, leaf_hash};
use crate::note::VerifierKey;
use crate::proof::TreeHead;
use crate::tile::{
    MAX_LEVEL, MAX_TILE_BYTES, MAX_TREE_SIZE, TILE_HEIGHT, TILE_WIDTH, TileId, TileReader, hashes_at,
};

/// A ledger that holds what was signed, all of it and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Audit {
    /// The number of entries.
    pub size: u64,
    /// The signed root over them.
    pub root: Hash,
}

/// What an audit comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// Entries, tiles and checkpoints agree.
    Intact(Audit),
    /// They do not.
    Tampered(Findings),
}

/// The auditor could not go on: this says nothing about the ledger.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot read tile {tile} to audit the ledger")]
pub struct AuditError<E: std::error::Error + 'static> {
    /// The tile asked for.
    pub tile: TileId,
    /// What the store says.
    pub source: E,
}

/// What a ledger signed: the tree heads to audit it by. The newest checkpoint, and any older ones kept
/// here or by others; each narrows down where a consistent forgery begins.
#[derive(Clone, Debug, Default)]
pub struct SignedHeads {
    /// The signed roots by size.
    roots: BTreeMap<u64, Hash>,
    findings: Log,
}

impl SignedHeads {
    /// Takes a checkpoint; a bad one becomes a finding. `origin` and `keys` are as for
    /// [`SignedCheckpoint::open`].
    pub fn open(&mut self, note: &[u8], origin: &str, keys: &[VerifierKey]) {
        match SignedCheckpoint::open(note, origin, keys) {
            Ok(signed) => self.add(signed.checkpoint.head()),
            Err(error) => self.findings.push(Finding::CheckpointSignature { reason: sentence(&error) }),
        }
    }

    /// Takes a tree head that the caller already trusts, as from a receipt of another node.
    pub fn add(&mut self, head: TreeHead) {
        if head.size > MAX_TREE_SIZE || (head.size == 0 && head.root != EMPTY_ROOT) {
            let reason = format!("no tree of {} entries has root `{}`", head.size, head.root.to_base64());
            return self.findings.push(Finding::CheckpointSignature { reason });
        }
        let known = *self.roots.entry(head.size).or_insert(head.root);
        if known != head.root {
            self.findings.push(Finding::CheckpointFork { size: head.size });
        }
    }
}

/// An audit under way: the entries in order, then [`Auditor::finish`].
///
/// ```
/// # use std::collections::BTreeMap;
/// use fengsui_ledger::audit::{Auditor, SignedHeads, Verdict};
/// # use fengsui_ledger::{Tiles, leaf_hash};
/// # let mut tiles = BTreeMap::new();
/// # let mut tree = Tiles::new();
/// # tiles.extend(tree.append(leaf_hash(b"entry"))?.into_iter().map(|tile| (tile.id, tile.hashes)));
/// # let head = fengsui_ledger::TreeHead { size: 1, root: tree.root() };
///
/// let mut heads = SignedHeads::default();
/// heads.add(head);
/// let mut auditor = Auditor::new(&tiles, heads);
/// auditor.entry(0, b"entry, as it is stored now")?;
/// let Verdict::Tampered(findings) = auditor.finish(tiles.keys().copied())? else { panic!() };
/// assert_eq!(findings.list[0].to_string(), "entry 0 was altered: it does not have the hash in tile 0/000");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Auditor<'a, R> {
    tiles: &'a R,
    /// The signed roots by size.
    heads: BTreeMap<u64, Hash>,
    /// The entries passed so far, missing ones included.
    next: u64,
    /// The tile of each level that is being passed; full ones are closed at once.
    cursors: Vec<Option<Cursor>>,
    /// The size of the largest checkpoint that the entries were found to reach.
    proven: u64,
    /// A checkpoint was missed, so later ones cannot be reached either.
    broken: bool,
    findings: Log,
}

impl<'a, R: TileReader> Auditor<'a, R> {
    /// An audit of the ledger with these tiles, by what it signed.
    pub fn new(tiles: &'a R, signed: SignedHeads) -> Self {
        let SignedHeads { roots: heads, findings } = signed;
        Self { tiles, heads, next: 0, cursors: Vec::new(), proven: 0, broken: false, findings }
    }

    /// Adds something that the caller found wrong with a stored record.
    pub fn report(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Passes the entry stored at `index`. Entries come in the order of their indices; a gap and a
    /// step back are findings.
    ///
    /// # Errors
    /// [`AuditError`] if a tile cannot be read.
    pub fn entry(&mut self, index: u64, bytes: &[u8]) -> Result<(), AuditError<R::Error>> {
        if index < self.next {
            self.report(Finding::EntryOutOfOrder { index });
            return Ok(());
        }
        let size = self.end();
        if index > self.next && index >= size {
            self.report(Finding::EntryUnexpected { index, size });
            return Ok(());
        }
        self.miss_until(index)?;
        self.pass(0, Some(leaf_hash(bytes)))
    }

    /// Ends the audit. `stored` lists every tile that the store holds, in any order, so that tiles
    /// without a place in the ledger are found too.
    ///
    /// # Errors
    /// [`AuditError`] if a tile cannot be read.
    pub fn finish(
        mut self,
        stored: impl IntoIterator<Item = TileId>,
    ) -> Result<Verdict, AuditError<R::Error>> {
        match self.heads.keys().next_back().copied() {
            None => self.report(Finding::CheckpointMissing),
            Some(signed) if signed < self.next => {
                self.report(Finding::CheckpointSize { signed, held: self.next });
            }
            Some(signed) => self.miss_until(signed)?,
        }
        self.close_edge();
        for tile in stored {
            if tile.width_in(self.next).is_none() {
                self.report(Finding::TileUnexpected { tile, size: self.next });
            }
        }
        if !self.findings.is_empty() {
            return Ok(Verdict::Tampered(self.findings.close(self.proven)));
        }
        let (size, root) = self.heads.pop_last().expect("a missing checkpoint is a finding");
        Ok(Verdict::Intact(Audit { size, root }))
    }

    /// Where the ledger ends at the latest: where its checkpoint says, or behind the entries that
    /// followed without a gap. Without any checkpoint, the limit of all ledgers.
    fn end(&self) -> u64 {
        self.heads.keys().next_back().map_or(MAX_TREE_SIZE, |signed| self.next.max(*signed))
    }

    /// Passes the entries up to `end` as missing, in as large steps as fit between checkpoints.
    fn miss_until(&mut self, end: u64) -> Result<(), AuditError<R::Error>> {
        if self.next < end {
            self.report(Finding::EntriesMissing { first: self.next, last: end - 1 });
        }
        while self.next < end {
            let stop = self.heads.range(self.next + 1..end).next().map_or(end, |(size, _)| *size);
            let fits = |level: &u8| {
                let entries = 1 << (u32::from(*level) * TILE_HEIGHT);
                self.next.is_multiple_of(entries) && stop - self.next >= entries
            };
            let level = (0..=MAX_LEVEL).take_while(fits).last().unwrap_or(0);
            self.pass(level, None)?;
        }
        Ok(())
    }

    /// Passes one hash of `level`, with all the entries it stands for, and closes the tiles that are
    /// then full.
    fn pass(&mut self, level: u8, made: Option<Hash>) -> Result<(), AuditError<R::Error>> {
        let (mut made, mut at) = (made, level);
        loop {
            let cursor = self.open(at)?;
            cursor.pass(made);
            if !cursor.is_full() {
                break;
            }
            let above = self.open(at + 1)?.stored_next();
            made = self.close(at, above);
            at += 1;
        }
        self.next += 1 << (u32::from(level) * TILE_HEIGHT);
        if let Some(root) = self.heads.get(&self.next).copied() {
            self.reach(root);
        }
        Ok(())
    }

    /// The tile of `level` that the next entry falls under, read from the store if it is a new one.
    fn open(&mut self, level: u8) -> Result<&mut Cursor, AuditError<R::Error>> {
        let place = usize::from(level);
        if self.cursors.len() <= place {
            self.cursors.resize_with(place + 1, || None);
        }
        if self.cursors[place].is_none() {
            let tile = TileId { level, index: hashes_at(self.next, level) / u64::from(TILE_WIDTH) };
            let stored = self.tiles.tile(tile).map_err(|source| AuditError { tile, source })?;
            if stored.is_none() {
                self.findings.push(Finding::TileMissing { tile });
            }
            self.cursors[place] = Some(Cursor::new(tile, stored));
        }
        Ok(self.cursors[place].as_mut().expect("it was opened above"))
    }

    /// Closes a full tile: the hash `above` it decides between its two sides. Returns the hash that
    /// it hands up.
    fn close(&mut self, level: u8, above: Option<Hash>) -> Option<Hash> {
        let cursor = self.cursors[usize::from(level)].take().expect("the tile is open");
        self.check_width(&cursor, MAX_TILE_BYTES);
        let side = cursor.decide(above);
        self.judge(&cursor, side);
        match side {
            Side::Unknown => cursor.root(Side::Entries, None).or(cursor.root(Side::Store, None)),
            side => cursor.root(side, None),
        }
    }

    /// The entries passed so far are those that a checkpoint signs with `root`: do they make it?
    fn reach(&mut self, root: Hash) {
        if self.broken {
            return;
        }
        let Some(stored) = self.decide_edge(root) else {
            self.broken = true;
            let (size, signed, proven) = (self.next, root, self.proven);
            self.report(match self.edge_root(&[]) {
                Some(found) => Finding::CheckpointRoot { size, signed, found, proven },
                None => Finding::CheckpointUnreached { size, proven },
            });
            return self.settle_edge(|_| Side::Unknown);
        };
        self.proven = self.next;
        self.settle_edge(|level| if stored.contains(&level) { Side::Store } else { Side::Entries });
    }

    /// The levels of the right edge at which the store, and not the entries, leads to the signed root;
    /// `None` if no choice leads there.
    fn decide_edge(&self, root: Hash) -> Option<Vec<u8>> {
        let differ = self.open_cursors().filter(|cursor| !cursor.differing().is_empty());
        let levels: Vec<u8> = differ.map(|cursor| cursor.id.level).collect();
        // At most eight levels, so at most 256 ways to choose a side for each that has two.
        let choices = (0_u32..1 << levels.len()).map(|choice| {
            let stored = (0..).zip(&levels).filter(|(bit, _)| choice >> bit & 1 == 1);
            stored.map(|(_, level)| *level).collect::<Vec<u8>>()
        });
        choices.into_iter().find(|stored| self.edge_root(stored) == Some(root))
    }

    /// The root over the open tiles: the levels in `stored` as the store has them, the others as the
    /// entries make them.
    fn edge_root(&self, stored: &[u8]) -> Option<Hash> {
        let mut right = None;
        for cursor in self.open_cursors() {
            let side = if stored.contains(&cursor.id.level) { Side::Store } else { Side::Entries };
            right = Some(cursor.root(side, right)?);
        }
        right
    }

    /// Reports the differences in the open tiles by the side that was found to be right.
    fn settle_edge(&mut self, side_of: impl Fn(u8) -> Side) {
        let mut cursors = std::mem::take(&mut self.cursors);
        for cursor in cursors.iter_mut().flatten() {
            let side = side_of(cursor.id.level);
            self.judge(cursor, side);
            cursor.settle(side);
        }
        self.cursors = cursors;
    }

    /// Closes the right edge of the ledger. What no checkpoint covers, nothing decides.
    fn close_edge(&mut self) {
        self.settle_edge(|_| Side::Unknown);
        for cursor in std::mem::take(&mut self.cursors).into_iter().flatten() {
            self.check_width(&cursor, usize::from(cursor.passed()) * Hash::LEN);
        }
    }

    /// The open tiles with something in them, lowest level first.
    fn open_cursors(&self) -> impl Iterator<Item = &Cursor> {
        self.cursors.iter().flatten().filter(|cursor| cursor.passed() > 0)
    }

    /// Reports where the sides of a tile differ: as a fault of the tile or of what is below it.
    fn judge(&mut self, cursor: &Cursor, side: Side) {
        let tile = cursor.id;
        for position in cursor.differing().iter().copied() {
            let (first, last) = cursor.entries_at(position);
            self.report(match (side, tile.level) {
                (Side::Entries, _) => Finding::TileAltered { tile, position },
                (Side::Store, 0) => Finding::EntryAltered { index: first, tile },
                (Side::Store, _) => Finding::EntriesAltered { first, last, tile },
                (Side::Unknown, _) => Finding::Disagreement { first, last, tile, position },
            });
        }
    }

    /// Reports a stored tile of the wrong length; a missing one was reported when it was opened.
    fn check_width(&mut self, cursor: &Cursor, expected: usize) {
        if let Some(bytes) = cursor.stored_bytes().filter(|bytes| *bytes != expected) {
            self.report(Finding::TileWidth { tile: cursor.id, bytes, expected });
        }
    }
}

/// An error and its causes in one sentence.
fn sentence(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |error| error.source());
    causes.fold(error.to_string(), |sentence, cause| format!("{sentence}: {cause}"))
}

#[cfg(test)]
mod tests;
