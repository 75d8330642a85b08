//! Signature lines: an em dash, a name, and the signature behind its key id.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::key::{KeyId, KeyName};
use crate::quote::quote;

/// What every signature line starts with: an em dash (U+2014) and a space.
const PREFIX: &str = "— ";

/// A signature as a note carries it: a claim until a key has checked it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    /// Who is said to have signed.
    pub name: KeyName,
    /// With which key.
    pub key_id: KeyId,
    /// The signature in the form of the key's algorithm; never empty.
    pub bytes: Vec<u8>,
}

impl fmt::Display for NoteSignature {
    /// The line without its newline.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.key_id.0.to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.bytes);
        write!(f, "{PREFIX}{} {}", self.name, STANDARD.encode(bytes))
    }
}

impl FromStr for NoteSignature {
    type Err = SignatureLineError;

    /// Reads what `Display` writes, and nothing else.
    fn from_str(line: &str) -> Result<Self, SignatureLineError> {
        let bad = |problem| SignatureLineError { line: quote(line), problem };
        let rest = line.strip_prefix(PREFIX).ok_or_else(|| bad(LineProblem::Prefix))?;
        let (name, base64) = rest.split_once(' ').ok_or_else(|| bad(LineProblem::Parts))?;
        let name = name.parse().map_err(|_| bad(LineProblem::Name))?;
        let bytes = STANDARD.decode(base64).map_err(|_| bad(LineProblem::Base64))?;
        match bytes.split_first_chunk() {
            Some((id, bytes)) if !bytes.is_empty() => {
                Ok(Self { name, key_id: KeyId(u32::from_be_bytes(*id)), bytes: bytes.to_vec() })
            }
            _ => Err(bad(LineProblem::Short)),
        }
    }
}

/// A line that is not a signature.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{line}`: {problem}")]
pub struct SignatureLineError {
    /// The start of the line.
    line: String,
    problem: LineProblem,
}

/// Which part of a signature line is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum LineProblem {
    #[error("it does not start with an em dash and a space")]
    Prefix,
    #[error("it has no space between name and signature")]
    Parts,
    #[error("its name is not a key name")]
    Name,
    #[error("its signature is not padded base64")]
    Base64,
    #[error("its signature is shorter than a key id and one byte")]
    Short,
}
