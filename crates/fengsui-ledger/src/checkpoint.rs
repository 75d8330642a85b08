//! Checkpoints: a ledger's signed word on how many entries it has and what they are.
//!
//! The text is exact: origin, size, root, then lines that are carried and not understood. A ledger
//! must never sign two checkpoints that no consistency proof joins; keeping to that is the work of
//! whoever holds the key, and this module only makes the two comparable.
//!
//! Source: C2SP tlog-checkpoint, "Note text" and "Signatures".

use std::fmt;
use std::str::FromStr;

use crate::hash::{EMPTY_ROOT, Hash};
use crate::note::{self, Note, NoteError, SignatureType, SigningKey, VerifierKey};
use crate::proof::TreeHead;
use crate::quote::quote;
use crate::tile::MAX_TREE_SIZE;

/// The longest origin in bytes: it is usually the name of the key too, and shares its limit.
pub const MAX_ORIGIN_BYTES: usize = note::MAX_KEY_NAME_BYTES;

/// The most extension lines; the format advises against having any.
pub const MAX_EXTENSIONS: usize = 16;

/// The longest extension line in bytes.
pub const MAX_EXTENSION_BYTES: usize = 1_024;

/// A state of a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which ledger: a unique name, usually its address without scheme.
    pub origin: String,
    /// The number of entries.
    pub size: u64,
    /// The root over all of them.
    pub root: Hash,
    /// Further lines, opaque and not auditable.
    pub extensions: Vec<String>,
}

impl Checkpoint {
    /// Size and root together.
    pub fn head(&self) -> TreeHead {
        TreeHead { size: self.size, root: self.root }
    }

    /// Signs the checkpoint with each of `keys`: several while a key is being replaced.
    ///
    /// # Errors
    /// [`CheckpointError`] if the checkpoint breaks a rule of its format, or if there is no key.
    pub fn sign(&self, keys: &[&SigningKey]) -> Result<String, CheckpointError> {
        let text = self.to_string();
        let read: Self = text.parse()?;
        if read != *self {
            // A line break within a line would let the caller sign something else than it built.
            return Err(CheckpointError::LineBreak);
        }
        Ok(note::sign(&text, keys)?)
    }
}

impl fmt::Display for Checkpoint {
    /// The text to be signed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root.to_base64())?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl FromStr for Checkpoint {
    type Err = CheckpointError;

    /// Reads the text of a checkpoint, without signatures.
    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let bad = |line, text: &str, expected| CheckpointError::Line { line, text: quote(text), expected };
        let lines = text.strip_suffix('\n').ok_or(CheckpointError::End)?;
        let mut lines = lines.split('\n');
        let mut next = || lines.next().unwrap_or("");

        let (origin, size, root) = (next(), next(), next());
        if origin.is_empty() || origin.len() > MAX_ORIGIN_BYTES {
            return Err(bad(1, origin, "an origin of 1 to 255 bytes"));
        }
        let expected = "a number up to 2^63 - 1 without leading zeros";
        let count = parse_decimal(size).filter(|size| *size <= MAX_TREE_SIZE);
        let count = count.ok_or_else(|| bad(2, size, expected))?;
        let hash = Hash::from_base64(root).map_err(|_| bad(3, root, "a hash in base64"))?;
        if count == 0 && hash != EMPTY_ROOT {
            return Err(bad(3, root, "the root of an empty tree"));
        }
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        for (line, extension) in (4..).zip(&extensions) {
            if extension.is_empty() || extension.len() > MAX_EXTENSION_BYTES || line >= 4 + MAX_EXTENSIONS {
                return Err(bad(line, extension, "at most 16 extension lines of 1 to 1,024 bytes"));
            }
        }
        Ok(Self { origin: origin.to_owned(), size: count, root: hash, extensions })
    }
}

/// A checkpoint that its ledger has signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    /// What was signed.
    pub checkpoint: Checkpoint,
    /// Who signed and cosigned.
    pub note: Note,
}

impl SignedCheckpoint {
    /// Reads a checkpoint of the ledger `origin` and checks its signatures.
    ///
    /// `keys` are those of the ledger and of witnesses. At least one signature that is not a
    /// cosignature must be good: a witness alone does not speak for a ledger. How many witnesses
    /// are enough is for the caller to judge by [`Note::verified`].
    ///
    /// # Errors
    /// [`CheckpointError`] if the note is malformed, is not signed by the ledger, is no checkpoint, or
    /// is one of another ledger.
    pub fn open(note: &[u8], origin: &str, keys: &[VerifierKey]) -> Result<Self, CheckpointError> {
        let note = Note::open(note, keys)?;
        if note.verified.iter().all(|signature| signature.signature_type == SignatureType::COSIGNATURE) {
            return Err(CheckpointError::OnlyCosigned);
        }
        let checkpoint: Checkpoint = note.text.parse()?;
        if checkpoint.origin != origin {
            let found = quote(&checkpoint.origin);
            return Err(CheckpointError::Origin { found, expected: quote(origin) });
        }
        Ok(Self { checkpoint, note })
    }
}

/// A decimal number without sign or leading zeros.
pub(crate) fn parse_decimal(text: &str) -> Option<u64> {
    let canonical = text == "0" || !text.starts_with(['0', '+']);
    text.parse().ok().filter(|_| canonical)
}

/// Why a checkpoint is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The note around the checkpoint is malformed or not trusted.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The text does not end its last line.
    #[error("the text of a checkpoint must end with a newline")]
    End,
    /// A line is malformed.
    #[error("line {line} of the checkpoint is `{text}`: expected {expected}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// The start of the line.
        text: String,
        /// What would be right.
        expected: &'static str,
    },
    /// The checkpoint to be signed reads differently from what was built.
    #[error("the origin or an extension line of the checkpoint has a line break")]
    LineBreak,
    /// Witnesses signed, the ledger did not.
    #[error("the checkpoint is cosigned, but no known key of the ledger has signed it")]
    OnlyCosigned,
    /// The checkpoint is of another ledger.
    #[error("the checkpoint is one of `{found}`, not of `{expected}`")]
    Origin {
        /// The origin in the checkpoint.
        found: String,
        /// The origin asked for.
        expected: String,
    },
}

#[cfg(test)]
mod tests;
