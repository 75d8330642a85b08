//! Notes: a text and the signatures of those who stand behind it.
//!
//! A note is trusted only through a key that the reader had before; everything else in it is noise
//! that must not break the reading. So signatures by unknown keys, and by keys of an algorithm this
//! build does not know, are passed over, while a wrong signature by a known key refuses the note.
//! Text that is not exactly a note is refused as a whole; nothing is repaired.
//!
//! Source: C2SP signed-note, "Format" and "Signatures".

mod key;
mod signature;

use key::Check;
pub use key::{
    CosigningKey, KeyError, KeyId, KeyName, MAX_KEY_NAME_BYTES, MAX_VERIFIER_KEY_BYTES, SignatureType,
    SigningKey, VerifierKey,
};
pub use signature::{NoteSignature, SignatureLineError};

use crate::quote::quote;

/// The most signature lines in a note; the format asks for at least 16.
pub const MAX_NOTE_SIGNATURES: usize = 100;

/// The longest note: 1 MiB. A hundred signatures of the largest post-quantum kind (4,627 bytes, 6,180
/// in base64, with a name of 255 bytes 6,440 a line) take 644,000 bytes and leave 404,576 for the text.
pub const MAX_NOTE_BYTES: usize = 1 << 20;

/// A note that at least one known key has signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The signed text with its final newline.
    pub text: String,
    /// The known keys that signed it, each once, in the order of the note; never empty.
    pub verified: Vec<VerifiedSignature>,
    /// Signatures nobody here can judge: by unknown keys, or of an unknown algorithm.
    pub unverified: Vec<NoteSignature>,
}

/// A signature that was checked against a known key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedSignature {
    /// Whose key.
    pub name: KeyName,
    /// Which of its keys.
    pub key_id: KeyId,
    /// The algorithm, which also tells an author's signature from a witness's cosignature.
    pub signature_type: SignatureType,
    /// When a cosignature was made, in seconds since 1970-01-01T00:00:00Z.
    pub timestamp_s: Option<u64>,
}

impl Note {
    /// Reads a note and checks every signature by one of `keys`.
    ///
    /// # Errors
    /// [`NoteError`] if the note is malformed, if a signature by one of `keys` is wrong, or if none of
    /// them signed it.
    pub fn open(note: &[u8], keys: &[VerifierKey]) -> Result<Self, NoteError> {
        let (text, lines) = split(note)?;
        let mut opened = Self { text: text.to_owned(), verified: Vec::new(), unverified: Vec::new() };
        for (line, signature) in (1..).zip(lines.split_terminator('\n')) {
            opened.judge(parse_line(line, signature)?, keys)?;
        }
        if opened.verified.is_empty() { Err(NoteError::Untrusted) } else { Ok(opened) }
    }

    /// Files one signature under verified or unverified; a repeated one is kept once.
    fn judge(&mut self, signature: NoteSignature, keys: &[VerifierKey]) -> Result<(), NoteError> {
        match key_of(&signature, keys)?.map_or(Check::Unknown, |key| key.check(&self.text, &signature.bytes))
        {
            Check::Unknown => {
                if !self.unverified.contains(&signature) {
                    self.unverified.push(signature);
                }
                Ok(())
            }
            Check::Wrong => Err(NoteError::WrongSignature { name: signature.name, key_id: signature.key_id }),
            Check::Good { signature_type, timestamp_s } => {
                let NoteSignature { name, key_id, .. } = signature;
                if !self.verified.iter().any(|known| known.name == name && known.key_id == key_id) {
                    self.verified.push(VerifiedSignature { name, key_id, signature_type, timestamp_s });
                }
                Ok(())
            }
        }
    }
}

/// Signs `text` with each of `keys` and returns the note.
///
/// # Errors
/// [`NoteError`] if the text cannot stand in a note, or if there is no key.
pub fn sign(text: &str, keys: &[&SigningKey]) -> Result<String, NoteError> {
    let signatures: Vec<_> = keys.iter().map(|key| key.signature(text)).collect();
    assemble(text, &signatures)
}

/// Puts a text and signatures together into a note.
///
/// # Errors
/// [`NoteError`] if the text cannot stand in a note, if a signature is empty, or if there is none or
/// too many.
pub fn assemble(text: &str, signatures: &[NoteSignature]) -> Result<String, NoteError> {
    if !text.ends_with('\n') {
        return Err(NoteError::TextEnd);
    }
    let mut note = format!("{text}\n");
    for (line, signature) in (1..).zip(signatures) {
        let signature = signature.to_string();
        parse_line(line, &signature)?;
        note.push_str(&signature);
        note.push('\n');
    }
    split(note.as_bytes())?;
    Ok(note)
}

/// Adds a signature to a note, behind those it has: how a witness cosigns. A signature by the same key
/// is replaced.
///
/// # Errors
/// [`NoteError`] if the note is malformed or would have too many signatures.
pub fn add_signature(note: &str, signature: &NoteSignature) -> Result<String, NoteError> {
    let (text, lines) = split(note.as_bytes())?;
    let mut signatures = Vec::new();
    for (line, old) in (1..).zip(lines.split_terminator('\n')) {
        let old = parse_line(line, old)?;
        if (&old.name, old.key_id) != (&signature.name, signature.key_id) {
            signatures.push(old);
        }
    }
    signatures.push(signature.clone());
    assemble(text, &signatures)
}

fn parse_line(line: usize, signature: &str) -> Result<NoteSignature, NoteError> {
    signature.parse().map_err(|source| NoteError::SignatureLine { line, source })
}

/// The key that a signature names. Keys that share a name and an id but differ are refused: one of
/// them was planted, and which one cannot be told.
fn key_of<'a>(
    signature: &NoteSignature,
    keys: &'a [VerifierKey],
) -> Result<Option<&'a VerifierKey>, NoteError> {
    let mut named = keys.iter().filter(|key| *key.name() == signature.name && key.id() == signature.key_id);
    let key = named.next();
    if named.any(|other| Some(other) != key) {
        return Err(NoteError::AmbiguousKey { name: signature.name.clone(), key_id: signature.key_id });
    }
    Ok(key)
}

/// Checks what holds for the whole note and splits it at its last empty line: the text with its final
/// newline, and the signature lines.
fn split(note: &[u8]) -> Result<(&str, &str), NoteError> {
    if note.len() > MAX_NOTE_BYTES {
        return Err(NoteError::Long { bytes: note.len() });
    }
    let note = str::from_utf8(note).map_err(|error| NoteError::NotUtf8 { at: error.valid_up_to() })?;
    if let Some(at) = note.bytes().position(|byte| byte < b' ' && byte != b'\n') {
        return Err(NoteError::ControlCharacter { at, code: note.as_bytes()[at] });
    }
    let at = note.rfind("\n\n").ok_or(NoteError::NoSignatures)?;
    let (text, lines) = (&note[..=at], &note[at + 2..]);
    if lines.is_empty() {
        return Err(NoteError::NoSignatures);
    }
    if !lines.ends_with('\n') {
        return Err(NoteError::UnfinishedLine { text: quote(lines.lines().last().unwrap_or("")) });
    }
    if lines.lines().count() > MAX_NOTE_SIGNATURES {
        return Err(NoteError::TooManySignatures);
    }
    Ok((text, lines))
}

/// Why a note is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// The note is too long.
    #[error("the note has {bytes} bytes: the limit is {MAX_NOTE_BYTES}")]
    Long {
        /// Its length.
        bytes: usize,
    },
    /// The note is not text.
    #[error("the note is not UTF-8 at byte {at}")]
    NotUtf8 {
        /// The first bad byte.
        at: usize,
    },
    /// A character below U+0020 other than a newline.
    #[error("the note has the control character U+{code:04X} at byte {at}")]
    ControlCharacter {
        /// Its place in bytes.
        at: usize,
        /// Its code.
        code: u8,
    },
    /// The text to be signed does not end its last line.
    #[error("the text of a note must end with a newline")]
    TextEnd,
    /// No empty line, or nothing behind it.
    #[error("the note has no signatures behind an empty line")]
    NoSignatures,
    /// The last signature line has no newline.
    #[error("the last line of the note is unfinished: `{text}`")]
    UnfinishedLine {
        /// The start of the line.
        text: String,
    },
    /// A line behind the text is not a signature.
    #[error("signature line {line} of the note is malformed")]
    SignatureLine {
        /// Counted from 1 behind the empty line.
        line: usize,
        /// What is wrong with it.
        source: SignatureLineError,
    },
    /// More signatures than a reader should have to check.
    #[error("the note has more than {MAX_NOTE_SIGNATURES} signatures")]
    TooManySignatures,
    /// Two of the reader's keys answer to one name and id.
    #[error("two different keys are known as `{name}+{key_id}`")]
    AmbiguousKey {
        /// Their name.
        name: KeyName,
        /// Their id.
        key_id: KeyId,
    },
    /// A known key did not make the signature that bears its name.
    #[error("the signature of `{name}+{key_id}` on the note is wrong")]
    WrongSignature {
        /// The name of the key.
        name: KeyName,
        /// The id of the key.
        key_id: KeyId,
    },
    /// No known key signed.
    #[error("no known key has signed the note")]
    Untrusted,
}

#[cfg(test)]
mod tests;
