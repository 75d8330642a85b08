//! Proof files: one text that carries an inclusion proof together with the signed checkpoint.
//!
//! Whoever holds the entry, the file and the keys of the ledger needs nobody else. The extra data is
//! carried, never trusted: nothing signs it.
//!
//! Source: C2SP tlog-proof, version 1.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{InclusionProof, MAX_PROOF_HASHES, VerifyError, verify_inclusion};
use crate::checkpoint::{CheckpointError, SignedCheckpoint, parse_decimal};
use crate::hash::{Hash, leaf_hash};
use crate::note::{MAX_NOTE_BYTES, VerifierKey};
use crate::quote::quote;

/// The first line of every proof file.
const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// The longest extra data: as much as an entry and its length take together, 2^16 bytes.
pub const MAX_EXTRA_BYTES: usize = 1 << 16;

/// The longest proof file: the header (23), the extra line (6 + 87,384 + 1), the index line (6 + 20 +
/// 1), 64 hashes of 45 bytes, an empty line (1), and a note of 1 MiB.
pub const MAX_PROOF_FILE_BYTES: usize = 23
    + (6 + MAX_EXTRA_BYTES.div_ceil(3) * 4 + 1)
    + (6 + 20 + 1)
    + MAX_PROOF_HASHES * 45
    + 1
    + MAX_NOTE_BYTES;

/// A proof that some entry stands in a ledger, complete but for the entry and the keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofFile {
    /// Unsigned data for the reader's convenience; never empty.
    pub extra: Option<Vec<u8>>,
    /// The index of the entry.
    pub index: u64,
    /// The way from the entry to the root.
    pub proof: InclusionProof,
    /// The signed checkpoint, verbatim.
    pub checkpoint: String,
}

impl ProofFile {
    /// Checks that the ledger `origin` signed a tree in which `entry` stands at [`ProofFile::index`].
    ///
    /// # Errors
    /// [`ProofFileError::Checkpoint`] if none of `keys` signed the checkpoint of that ledger,
    /// [`ProofFileError::Verify`] if the proof does not lead to its root.
    pub fn verify(
        &self,
        entry: &[u8],
        origin: &str,
        keys: &[VerifierKey],
    ) -> Result<SignedCheckpoint, ProofFileError> {
        let signed = SignedCheckpoint::open(self.checkpoint.as_bytes(), origin, keys)?;
        verify_inclusion(&self.proof, leaf_hash(entry), self.index, signed.checkpoint.head())?;
        Ok(signed)
    }
}

impl fmt::Display for ProofFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", STANDARD.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        for hash in &self.proof.0 {
            writeln!(f, "{}", hash.to_base64())?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for ProofFile {
    type Err = ProofFileError;

    /// Reads what `Display` writes. The checkpoint is taken as it stands; [`ProofFile::verify`] opens it.
    fn from_str(text: &str) -> Result<Self, ProofFileError> {
        if text.len() > MAX_PROOF_FILE_BYTES {
            return Err(ProofFileError::Long { bytes: text.len() });
        }
        let (proof, checkpoint) = text.split_once("\n\n").ok_or(ProofFileError::NoCheckpoint)?;
        let mut lines = (1_usize..).zip(proof.split('\n')).peekable();
        let bad = |line: Option<(usize, &str)>, expected: &'static str| {
            let (line, text) = line.unwrap_or((1 + proof.split('\n').count(), ""));
            ProofFileError::Line { line, text: quote(text), expected }
        };

        let header = lines.next().filter(|(_, text)| *text == HEADER);
        header.ok_or_else(|| bad(Some((1, proof.split('\n').next().unwrap_or(""))), HEADER))?;
        let extra = match lines.next_if(|(_, text)| text.starts_with("extra ")) {
            Some(line) => {
                Some(parse_extra(line.1).ok_or_else(|| bad(Some(line), "`extra` and base64 data"))?)
            }
            None => None,
        };
        let line = lines.next();
        let index = line.and_then(|(_, text)| parse_decimal(text.strip_prefix("index ")?));
        let index = index.ok_or_else(|| bad(line, "`index` and a number"))?;
        let mut path = Vec::new();
        for line in lines {
            if path.len() == MAX_PROOF_HASHES {
                return Err(bad(Some(line), "no more than 64 hashes"));
            }
            path.push(Hash::from_base64(line.1).map_err(|_| bad(Some(line), "a hash in base64"))?);
        }
        Ok(Self { extra, index, proof: InclusionProof(path), checkpoint: checkpoint.to_owned() })
    }
}

/// The data of an `extra` line: at least one byte.
fn parse_extra(line: &str) -> Option<Vec<u8>> {
    let extra = STANDARD.decode(line.strip_prefix("extra ")?).ok()?;
    (1..=MAX_EXTRA_BYTES).contains(&extra.len()).then_some(extra)
}

/// Why a proof file proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofFileError {
    /// The file is larger than any proof.
    #[error("the proof file has {bytes} bytes: the limit is {MAX_PROOF_FILE_BYTES}")]
    Long {
        /// Its length.
        bytes: usize,
    },
    /// No empty line, so no checkpoint.
    #[error("the proof file has no empty line with a checkpoint behind it")]
    NoCheckpoint,
    /// A line above the checkpoint is malformed.
    #[error("line {line} of the proof file is `{text}`: expected {expected}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// The start of the line.
        text: String,
        /// What would be right.
        expected: &'static str,
    },
    /// The checkpoint cannot be trusted.
    #[error("cannot open the checkpoint of the proof file")]
    Checkpoint(#[from] CheckpointError),
    /// The proof does not hold.
    #[error("the proof file does not prove the entry")]
    Verify(#[from] VerifyError),
}

#[cfg(test)]
mod tests;
