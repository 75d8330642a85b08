//! Entry bundles: the entries under one tile of level 0, one behind the other.
//!
//! Each entry stands behind its length as a big-endian 16-bit number. A bundle does not say how many
//! entries it has; its path does. What an entry means is none of this crate's business.
//!
//! Source: C2SP tlog-tiles, "Log entries".

use crate::tile::{TILE_WIDTH, Width};

/// The longest entry: 65,535 = 2^16 − 1 bytes, the largest length that two bytes can state.
pub const MAX_ENTRY_BYTES: usize = u16::MAX as usize;

/// The longest bundle: 256 entries × (2 + 65,535) bytes = 16,777,472 bytes, 16 MiB and 256 bytes.
pub const MAX_BUNDLE_BYTES: usize = TILE_WIDTH as usize * (LENGTH_BYTES + MAX_ENTRY_BYTES);

/// The bytes of a length.
const LENGTH_BYTES: usize = 2;

/// Writes entries as a bundle.
///
/// # Errors
/// [`BundleError::Long`] for an entry above [`MAX_ENTRY_BYTES`], [`BundleError::Full`] for more than
/// 256 entries.
pub fn encode<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<u8>, BundleError> {
    let mut bundle = Vec::new();
    for (position, entry) in entries.into_iter().enumerate() {
        if position >= usize::from(TILE_WIDTH) {
            return Err(BundleError::Full);
        }
        let bytes = entry.len();
        let length = u16::try_from(bytes).map_err(|_| BundleError::Long { position, bytes })?;
        bundle.extend_from_slice(&length.to_be_bytes());
        bundle.extend_from_slice(entry);
    }
    Ok(bundle)
}

/// Reads a bundle of exactly `width` entries.
///
/// # Errors
/// [`BundleError::Short`] if the bytes end early, [`BundleError::Rest`] if bytes follow the last entry.
pub fn decode(bundle: &[u8], width: Width) -> Result<Vec<&[u8]>, BundleError> {
    let mut entries = Vec::with_capacity(usize::from(width.get()));
    let mut rest = bundle;
    for position in 0..usize::from(width.get()) {
        let short = BundleError::Short { position, expected: width.get() };
        let (length, behind) = rest.split_first_chunk::<LENGTH_BYTES>().ok_or_else(|| short.clone())?;
        let (entry, behind) =
            behind.split_at_checked(usize::from(u16::from_be_bytes(*length))).ok_or(short)?;
        entries.push(entry);
        rest = behind;
    }
    if rest.is_empty() {
        Ok(entries)
    } else {
        Err(BundleError::Rest { bytes: rest.len(), expected: width.get() })
    }
}

/// Why bytes are not a bundle, or entries cannot become one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// An entry is too long to state its length.
    #[error("entry {position} of the bundle has {bytes} bytes: the limit is {MAX_ENTRY_BYTES}")]
    Long {
        /// The place in the bundle, from 0.
        position: usize,
        /// The length of the entry.
        bytes: usize,
    },
    /// More than 256 entries.
    #[error("a bundle holds at most {TILE_WIDTH} entries")]
    Full,
    /// The bytes end within an entry or before it.
    #[error("the bundle ends within entry {position} of {expected}")]
    Short {
        /// The place in the bundle, from 0.
        position: usize,
        /// How many entries the bundle must have.
        expected: u16,
    },
    /// Bytes follow the last entry.
    #[error("{bytes} bytes follow entry {expected}, the last of the bundle")]
    Rest {
        /// How many bytes.
        bytes: usize,
        /// How many entries the bundle must have.
        expected: u16,
    },
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn width(entries: usize) -> Width {
        Width::new(u16::try_from(entries).unwrap()).unwrap()
    }

    #[test]
    fn a_bundle_is_lengths_and_entries() {
        let bundle = encode([b"ab".as_slice(), b"", b"c"]).unwrap();
        assert_eq!(bundle, b"\x00\x02ab\x00\x00\x00\x01c");
        assert_eq!(decode(&bundle, width(3)), Ok(vec![b"ab".as_slice(), b"", b"c"]));
    }

    #[test]
    fn the_limits_hold_to_the_byte() {
        let longest = vec![7; MAX_ENTRY_BYTES];
        let full = encode(vec![longest.as_slice(); 256]).unwrap();
        assert_eq!(full.len(), MAX_BUNDLE_BYTES);
        assert_eq!(decode(&full, Width::FULL).unwrap().len(), 256);
        let longer = vec![7; MAX_ENTRY_BYTES + 1];
        assert_eq!(
            encode([b"".as_slice(), &longer]),
            Err(BundleError::Long { position: 1, bytes: MAX_ENTRY_BYTES + 1 })
        );
        assert_eq!(encode(vec![b"".as_slice(); 257]), Err(BundleError::Full));
    }

    #[test]
    fn malformed_bundles_say_where() {
        for (bundle, entries, error) in [
            (b"".as_slice(), 1, "the bundle ends within entry 0 of 1"),
            (b"\x00", 1, "the bundle ends within entry 0 of 1"),
            (b"\x00\x02a", 1, "the bundle ends within entry 0 of 1"),
            (b"\x00\x01a\x00", 2, "the bundle ends within entry 1 of 2"),
            (b"\xff\xff", 1, "the bundle ends within entry 0 of 1"),
            (b"\x00\x01ab", 1, "1 bytes follow entry 1, the last of the bundle"),
            (b"\x00\x01a\x00\x00", 1, "2 bytes follow entry 1, the last of the bundle"),
        ] {
            assert_eq!(decode(bundle, width(entries)).unwrap_err().to_string(), error, "{bundle:?}");
        }
    }

    proptest! {
        #[test]
        fn entries_survive_the_bundle(entries in vec(vec(any::<u8>(), 0..300), 1..=256)) {
            let bundle = encode(entries.iter().map(Vec::as_slice)).unwrap();
            prop_assert_eq!(decode(&bundle, width(entries.len())).unwrap(), entries);
        }

        #[test]
        fn a_decoded_bundle_encodes_to_the_same_bytes(bundle in vec(any::<u8>(), 0..64), entries in 1_usize..8) {
            if let Ok(decoded) = decode(&bundle, width(entries)) {
                prop_assert_eq!(encode(decoded).unwrap(), bundle);
            }
        }
    }
}
