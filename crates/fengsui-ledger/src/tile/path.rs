//! Paths: the one name under which a tile or an entry bundle is served and stored.
//!
//! A path is parsed strictly: each piece has exactly one name, so a cache, a folder and a proof
//! never disagree on what they hold. Compressed forms and the tile height are not part of a path.
//!
//! Source: C2SP tlog-tiles, "Merkle Tree" and "Log entries".

use std::fmt;
use std::str::FromStr;

use super::{MAX_LEVEL, TileId, Width};
use crate::quote::quote;

/// The longest path: `tile/entries/` (13), seven groups for 20 digits (6 × 5 + 3) and `.p/255` (6).
pub const MAX_PATH_BYTES: usize = 13 + (6 * 5 + 3) + 6;

/// What a path below a ledger's address stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TilePath {
    /// `tile/<level>/<index>`: hashes of the tree.
    Hashes {
        /// Which tile.
        tile: TileId,
        /// How many of its hashes.
        width: Width,
    },
    /// `tile/entries/<index>`: the entries under a tile of level 0.
    Entries {
        /// The index of that tile.
        index: u64,
        /// How many of its entries.
        width: Width,
    },
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = match self {
            Self::Hashes { tile, width } => {
                write!(f, "tile/{tile}")?;
                width
            }
            Self::Entries { index, width } => {
                write!(f, "tile/entries/{}", IndexPath(*index))?;
                width
            }
        };
        if width.is_full() { Ok(()) } else { write!(f, ".p/{}", width.get()) }
    }
}

impl FromStr for TilePath {
    type Err = PathError;

    /// Reads what `Display` writes, and nothing else.
    fn from_str(path: &str) -> Result<Self, PathError> {
        let bad = |problem| PathError { path: quote(path), problem };
        if path.len() > MAX_PATH_BYTES {
            return Err(bad(PathProblem::Long));
        }
        let rest = path.strip_prefix("tile/").ok_or_else(|| bad(PathProblem::Prefix))?;
        let (level, rest) = rest.split_once('/').ok_or_else(|| bad(PathProblem::Prefix))?;
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => (index, parse_partial(width).ok_or_else(|| bad(PathProblem::Width))?),
            None => (rest, Width::FULL),
        };
        let index = parse_index(index).ok_or_else(|| bad(PathProblem::Index))?;
        if level == "entries" {
            return Ok(Self::Entries { index, width });
        }
        let level = parse_level(level).ok_or_else(|| bad(PathProblem::Level))?;
        Ok(Self::Hashes { tile: TileId { level, index }, width })
    }
}

/// A path that names no tile and no entry bundle.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{path}` is not a tile path: {problem}")]
pub struct PathError {
    /// The start of the path.
    path: String,
    problem: PathProblem,
}

/// Which part of a path is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum PathProblem {
    #[error("it is longer than {MAX_PATH_BYTES} bytes")]
    Long,
    #[error("it does not start with `tile/<level>/` or `tile/entries/`")]
    Prefix,
    #[error("the level is not a number from 0 to {MAX_LEVEL} without leading zeros")]
    Level,
    #[error("the index is not written as in `x001/x234/067`")]
    Index,
    #[error("the width is not a number from 1 to 255 without leading zeros")]
    Width,
}

/// An index as groups of three digits, all but the last behind an `x`.
pub(super) struct IndexPath(pub(super) u64);

impl fmt::Display for IndexPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut groups = vec![format!("{:03}", self.0 % 1_000)];
        let mut higher = self.0 / 1_000;
        while higher > 0 {
            groups.push(format!("x{:03}", higher % 1_000));
            higher /= 1_000;
        }
        groups.reverse();
        f.write_str(&groups.join("/"))
    }
}

/// Reads what [`IndexPath`] writes.
fn parse_index(text: &str) -> Option<u64> {
    let mut groups: Vec<&str> = text.split('/').collect();
    let last = groups.pop()?;
    let mut index = 0_u64;
    for group in groups.iter().map(|group| group.strip_prefix('x')).chain([Some(last)]) {
        let digits =
            group.filter(|digits| digits.len() == 3 && digits.bytes().all(|digit| digit.is_ascii_digit()))?;
        index = index.checked_mul(1_000)?.checked_add(digits.parse().ok()?)?;
    }
    let padded = groups.first() == Some(&"x000");
    (!padded).then_some(index)
}

/// A level without leading zeros that some tree can reach.
fn parse_level(text: &str) -> Option<u8> {
    let level = parse_decimal(text)?;
    u8::try_from(level).ok().filter(|level| *level <= MAX_LEVEL)
}

/// The width of a partial tile: a full one has no `.p/`.
fn parse_partial(text: &str) -> Option<Width> {
    Width::new(parse_decimal(text)?).filter(|width| !width.is_full())
}

/// A decimal number without sign or leading zeros.
fn parse_decimal(text: &str) -> Option<u16> {
    let canonical = text == "0" || !text.starts_with(['0', '+', '-']);
    text.parse().ok().filter(|_| canonical)
}
