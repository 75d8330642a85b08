//! Hashes: SHA-256 as RFC 6962 uses it for Merkle trees.
//!
//! A leaf and a node are hashed behind different first bytes, so nobody can pass a node off as an
//! entry. Everything hashed here is public: comparisons are plain and nothing is wiped.
//!
//! Source: RFC 6962 section 2.1, RFC 9162 section 2.1.1.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use crate::quote::quote;

/// The byte before an entry.
const LEAF_PREFIX: u8 = 0x00;
/// The byte before the two children of a node.
const NODE_PREFIX: u8 = 0x01;

/// The root of a tree without entries: SHA-256 of nothing.
pub const EMPTY_ROOT: Hash = Hash([
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27,
    0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
]);

/// A SHA-256 value: the hash of an entry, of a node or of a whole tree.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; Hash::LEN]);

impl Hash {
    /// The length of a hash in bytes.
    pub const LEN: usize = 32;

    /// The 64 lower-case hexadecimal digits, as people and database tools compare them.
    pub fn to_hex(self) -> String {
        self.to_string()
    }

    /// The 44 characters of padded standard base64, as checkpoints and proof files carry them.
    pub fn to_base64(self) -> String {
        STANDARD.encode(self.0)
    }

    /// Reads what [`Hash::to_hex`] writes, and nothing else: upper-case digits are refused.
    ///
    /// # Errors
    /// [`HashError::Hex`] for any other text.
    pub fn from_hex(text: &str) -> Result<Self, HashError> {
        let digits = text.as_bytes();
        let mut bytes = [0; Self::LEN];
        if digits.len() != 2 * Self::LEN {
            return Err(HashError::Hex { text: quote(text) });
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.as_chunks::<2>().0) {
            match (nibble(pair[0]), nibble(pair[1])) {
                (Some(high), Some(low)) => *byte = high << 4 | low,
                _ => return Err(HashError::Hex { text: quote(text) }),
            }
        }
        Ok(Self(bytes))
    }

    /// Reads what [`Hash::to_base64`] writes, and nothing else: one text for each hash.
    ///
    /// # Errors
    /// [`HashError::Base64`] for any other text.
    pub fn from_base64(text: &str) -> Result<Self, HashError> {
        let bytes = STANDARD.decode(text).map_err(|_| HashError::Base64 { text: quote(text) })?;
        bytes.try_into().map(Self).map_err(|_| HashError::Base64 { text: quote(text) })
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

/// Why a text is not a hash.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// Not exactly 64 lower-case hexadecimal digits.
    #[error("`{text}` is not a hash: expected 64 lower-case hexadecimal digits")]
    Hex {
        /// The start of the text.
        text: String,
    },
    /// Not exactly 32 bytes in padded standard base64.
    #[error("`{text}` is not a hash: expected 32 bytes in padded base64")]
    Base64 {
        /// The start of the text.
        text: String,
    },
}

/// The hash of an entry as it stands in the tree.
///
/// Source: RFC 6962 section 2.1, `MTH({d(0)})`.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([LEAF_PREFIX]);
    hasher.update(entry);
    Hash(hasher.finalize().into())
}

/// The hash of a node over its two children.
///
/// Source: RFC 6962 section 2.1, `MTH(D[n])`.
pub fn node_hash(left: Hash, right: Hash) -> Hash {
    let mut message = [NODE_PREFIX; 1 + 2 * Hash::LEN];
    message[1..=Hash::LEN].copy_from_slice(&left.0);
    message[1 + Hash::LEN..].copy_from_slice(&right.0);
    Hash(Sha256::digest(message).into())
}

/// The value of one lower-case hexadecimal digit.
fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
