//! Findings: what is wrong with a ledger, in sentences that stand alone in a report.
//!
//! A finding states what anyone can recompute. Which of two things was altered is said only where an
//! intact hash above decides; otherwise the finding says that they disagree. If the signed root itself
//! is not reached, a [`Finding::CheckpointRoot`] stands beside, and even the tiles above are in doubt.

use std::collections::BTreeSet;
use std::fmt;

use crate::hash::Hash;
use crate::quote::quote;
use crate::tile::TileId;

/// The most findings kept; further ones are counted. A destroyed ledger does not fill the memory.
pub const MAX_FINDINGS: usize = 1_000;

/// One thing that is wrong. Ordered by kind; a report orders by [`Finding::first_index`] first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Finding {
    /// No checkpoint was given that could be opened.
    CheckpointMissing,
    /// A checkpoint is not the signed word of this ledger.
    CheckpointSignature {
        /// Why it was refused.
        reason: String,
    },
    /// The ledger signed two different trees of one size: proof that it showed two faces.
    CheckpointFork {
        /// The size of both.
        size: u64,
    },
    /// Entries follow the last that any checkpoint covers.
    CheckpointSize {
        /// How many entries are signed.
        signed: u64,
        /// How many there are.
        held: u64,
    },
    /// The entries do not make the signed root.
    CheckpointRoot {
        /// How many entries the checkpoint covers.
        size: u64,
        /// The root in the checkpoint.
        signed: Hash,
        /// The root that the entries make.
        found: Hash,
        /// How many of them an earlier checkpoint proves.
        proven: u64,
    },
    /// Too much is gone to tell whether what is left makes the signed root: an altered entry before the
    /// gap would not show, unless an earlier checkpoint covers it.
    CheckpointUnreached {
        /// How many entries the checkpoint covers.
        size: u64,
        /// How many of them an earlier checkpoint proves.
        proven: u64,
    },
    /// Entries are not there.
    EntriesMissing {
        /// The first of them.
        first: u64,
        /// The last of them.
        last: u64,
    },
    /// An entry stands apart, behind the end of the ledger.
    EntryUnexpected {
        /// Its index.
        index: u64,
        /// How many entries the ledger has.
        size: u64,
    },
    /// An entry came again, or behind one of a higher index.
    EntryOutOfOrder {
        /// Its index.
        index: u64,
    },
    /// An entry is not the one in the tree.
    EntryAltered {
        /// Its index.
        index: u64,
        /// The tile that holds its hash.
        tile: TileId,
    },
    /// Entries and the tiles over them are consistent, but not the ones in the tree above.
    EntriesAltered {
        /// The first of them.
        first: u64,
        /// The last of them.
        last: u64,
        /// The tile that holds the hash over them.
        tile: TileId,
    },
    /// A tile is not the one in the tree.
    TileAltered {
        /// Which tile.
        tile: TileId,
        /// The place of the wrong hash in it.
        position: u16,
    },
    /// Entries and a tile do not fit together, and nothing intact tells which of them was altered.
    Disagreement {
        /// The first of the entries.
        first: u64,
        /// The last of the entries.
        last: u64,
        /// Which tile.
        tile: TileId,
        /// The place of the hash in it.
        position: u16,
    },
    /// A tile is not there.
    TileMissing {
        /// Which tile.
        tile: TileId,
    },
    /// A tile is longer or shorter than the ledger makes it.
    TileWidth {
        /// Which tile.
        tile: TileId,
        /// Its length in bytes.
        bytes: usize,
        /// The length it should have.
        expected: usize,
    },
    /// A tile is there that the ledger does not have.
    TileUnexpected {
        /// Which tile.
        tile: TileId,
        /// How many entries the ledger has.
        size: u64,
    },
    /// The caller could not make sense of a stored record.
    RecordUnreadable {
        /// The entry it is about, if that much is known.
        index: Option<u64>,
        /// Which record, and why.
        what: String,
    },
}

impl Finding {
    /// The first entry that cannot be relied on because of this; `None` where a finding is about the
    /// ledger as a whole.
    pub fn first_index(&self) -> Option<u64> {
        match self {
            Self::CheckpointMissing
            | Self::CheckpointSignature { .. }
            | Self::CheckpointFork { .. }
            | Self::CheckpointUnreached { .. } => None,
            Self::CheckpointSize { signed, .. } => Some(*signed),
            Self::CheckpointRoot { proven, .. } => Some(*proven),
            Self::EntriesMissing { first, .. }
            | Self::EntriesAltered { first, .. }
            | Self::Disagreement { first, .. } => Some(*first),
            Self::EntryUnexpected { index, .. }
            | Self::EntryOutOfOrder { index }
            | Self::EntryAltered { index, .. } => Some(*index),
            Self::TileAltered { tile, position } => Some(tile.first_entry_at(*position)),
            Self::TileMissing { tile } | Self::TileUnexpected { tile, .. } => Some(tile.first_entry_at(0)),
            // The hashes that it has are judged one by one; wrong here is the first that is missing or too many.
            Self::TileWidth { tile, bytes, expected } => {
                let whole = bytes.min(expected) / Hash::LEN;
                Some(tile.first_entry_at(u16::try_from(whole).unwrap_or(u16::MAX)))
            }
            Self::RecordUnreadable { index, .. } => *index,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CheckpointMissing => write!(f, "there is no signed checkpoint"),
            Self::CheckpointSignature { reason } => write!(f, "the checkpoint cannot be trusted: {reason}"),
            Self::CheckpointFork { size } => write!(f, "two signed checkpoints of {size} entries differ"),
            Self::CheckpointSize { signed, held } => {
                write!(f, "the checkpoint covers {signed} entries, but the ledger holds {held}")
            }
            Self::CheckpointRoot { size, signed, found, .. } => {
                let (found, signed) = (found.to_base64(), signed.to_base64());
                write!(f, "the first {size} entries make root `{found}`, but the checkpoint signs `{signed}`")
            }
            Self::CheckpointUnreached { size, proven } => {
                write!(f, "the checkpoint of {size} entries cannot be checked, since too much is missing; ")?;
                write!(f, "an earlier one proves the first {proven}")
            }
            Self::EntriesMissing { first, last } if first == last => write!(f, "entry {first} is missing"),
            Self::EntriesMissing { first, last } => write!(f, "entries {first} to {last} are missing"),
            Self::EntryUnexpected { index, size } => {
                write!(f, "entry {index} exists, but the ledger has only {size} entries")
            }
            Self::EntryOutOfOrder { index } => write!(f, "entry {index} is repeated or out of order"),
            Self::EntryAltered { index, tile } => {
                write!(f, "entry {index} was altered: it does not have the hash in tile {tile}")
            }
            Self::EntriesAltered { first, last, tile } => {
                write!(f, "entries {first} to {last} were altered: they do not have the hash in tile {tile}")
            }
            Self::TileAltered { tile, position } => {
                write!(f, "tile {tile} was altered: hash {position} is not the hash of the entries below it")
            }
            Self::Disagreement { first, last, tile, position } if first == last => {
                write!(f, "entry {first} and hash {position} in tile {tile} disagree")
            }
            Self::Disagreement { first, last, tile, position } => {
                write!(f, "entries {first} to {last} and hash {position} in tile {tile} disagree")
            }
            Self::TileMissing { tile } => write!(f, "tile {tile} is missing"),
            Self::TileWidth { tile, bytes, expected } => {
                write!(f, "tile {tile} has {bytes} bytes, but the ledger makes it {expected}")
            }
            Self::TileUnexpected { tile, size } => {
                write!(f, "tile {tile} exists, but a ledger of {size} entries has no such tile")
            }
            Self::RecordUnreadable { what, .. } => write!(f, "a record cannot be read: {}", quote(what)),
        }
    }
}

/// All that is wrong with a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Findings {
    /// Sorted by the first entry concerned, those about the whole ledger first; at most
    /// [`MAX_FINDINGS`].
    pub list: Vec<Finding>,
    /// How many more there were.
    pub omitted: u64,
    first_bad_index: u64,
}

impl Findings {
    /// The first entry that cannot be relied on, whether its finding is listed or omitted. Where no
    /// finding names one, as when the checkpoint is gone, it is the first that no other checkpoint
    /// proves.
    pub fn first_bad_index(&self) -> u64 {
        self.first_bad_index
    }
}

/// Findings as they come up, each once.
#[derive(Clone, Debug, Default)]
pub(super) struct Log {
    kept: BTreeSet<Finding>,
    omitted: u64,
    /// The smallest index that any finding names.
    smallest: Option<u64>,
}

impl Log {
    pub(super) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    pub(super) fn push(&mut self, finding: Finding) {
        if let Some(index) = finding.first_index() {
            self.smallest = Some(self.smallest.map_or(index, |smallest| smallest.min(index)));
        }
        if self.kept.len() < MAX_FINDINGS {
            self.kept.insert(finding);
        } else if !self.kept.contains(&finding) {
            self.omitted += 1;
        }
    }

    /// The findings for the report, on a ledger of which `proven` entries are proven.
    pub(super) fn close(self, proven: u64) -> Findings {
        let mut list: Vec<Finding> = self.kept.into_iter().collect();
        list.sort_by_key(Finding::first_index);
        Findings { list, omitted: self.omitted, first_bad_index: self.smallest.unwrap_or(proven) }
    }
}
