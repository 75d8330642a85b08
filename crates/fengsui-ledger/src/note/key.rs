//! Keys: who signs, under which name, with which algorithm.
//!
//! The algorithm is one byte that belongs to the key and is kept as it was read: this build signs and
//! checks Ed25519 (0x01) and Ed25519 cosignatures (0x04), and carries keys of any other kind, such as
//! ML-DSA-44 (0x06), without being able to judge by them. One key serves one algorithm: a log's key
//! never checks a cosignature. Secret halves come in as seeds, are wiped when dropped, and are never
//! printed, compared, cloned or written.
//!
//! Source: C2SP signed-note, "Signature types" and "Verifier keys"; C2SP tlog-cosignature.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _};
use sha2::{Digest as _, Sha256};

use super::signature::NoteSignature;
use crate::quote::quote;

/// The longest key name in bytes: cosignatures state the length of a name in one byte.
pub const MAX_KEY_NAME_BYTES: usize = 255;

/// The longest verifier key in bytes: a name, `+`, 8 digits, `+`, and the 3,460 characters of base64
/// that an algorithm byte and the 2,592 bytes of an ML-DSA-87 key take: 255 + 1 + 8 + 1 + 3,460.
pub const MAX_VERIFIER_KEY_BYTES: usize = MAX_KEY_NAME_BYTES + 1 + 8 + 1 + 3_460;

/// The bytes of the time before the signature proper in a cosignature.
const TIMESTAMP_BYTES: usize = 8;

/// The algorithm of a signature, by the byte that its key bears.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SignatureType(pub u8);

impl SignatureType {
    /// Ed25519 over the text of the note.
    pub const ED25519: Self = Self(0x01);
    /// Ed25519 over a time and the text of a checkpoint: a witness's word.
    pub const COSIGNATURE: Self = Self(0x04);
    /// The post-quantum cosignature. Keys of this kind can be listed; this build cannot check them.
    pub const ML_DSA_44: Self = Self(0x06);
}

impl fmt::Debug for SignatureType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignatureType({:#04x})", self.0)
    }
}

/// The short mark that tells the keys of one name apart. Not a proof of anything: anyone can make a
/// key with a given id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub u32);

impl KeyId {
    /// The id of a key as the format recommends it.
    fn of(name: &KeyName, signature_type: SignatureType, public: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(name.as_str());
        hasher.update([b'\n', signature_type.0]);
        hasher.update(public);
        let [a, b, c, d, ..] = <[u8; 32]>::from(hasher.finalize());
        Self(u32::from_be_bytes([a, b, c, d]))
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

/// The name of a key: not empty, without spaces of any script and without `+`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName(String);

impl KeyName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for KeyName {
    type Err = KeyError;

    fn from_str(name: &str) -> Result<Self, KeyError> {
        let bad = |c: char| c == '+' || c < ' ' || c.is_whitespace();
        if name.is_empty() || name.len() > MAX_KEY_NAME_BYTES || name.contains(bad) {
            return Err(KeyError::Name { name: quote(name) });
        }
        Ok(Self(name.to_owned()))
    }
}

/// The public half of a key with its name: what a reader trusts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: KeyName,
    id: KeyId,
    public: Public,
}

/// A public key by its algorithm.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Public {
    Ed25519(ed25519_dalek::VerifyingKey),
    Cosignature(ed25519_dalek::VerifyingKey),
    /// An algorithm that this build does not know.
    Other(SignatureType, Vec<u8>),
}

/// What a key has to say about a signature.
pub(super) enum Check {
    /// The key made it.
    Good { signature_type: SignatureType, timestamp_s: Option<u64> },
    /// The key did not make it.
    Wrong,
    /// There is no such key, or its algorithm is unknown.
    Unknown,
}

impl VerifierKey {
    /// The Ed25519 key of an author, from its 32 public bytes.
    ///
    /// # Errors
    /// [`KeyError::Ed25519`] if the bytes are no key, or one under which anything verifies.
    pub fn ed25519(name: KeyName, public: &[u8; 32]) -> Result<Self, KeyError> {
        Self::of_type(name, SignatureType::ED25519, public)
    }

    /// The Ed25519 key of a witness, from its 32 public bytes.
    ///
    /// # Errors
    /// [`KeyError::Ed25519`] if the bytes are no key, or one under which anything verifies.
    pub fn cosignature(name: KeyName, public: &[u8; 32]) -> Result<Self, KeyError> {
        Self::of_type(name, SignatureType::COSIGNATURE, public)
    }

    fn of_type(name: KeyName, signature_type: SignatureType, public: &[u8]) -> Result<Self, KeyError> {
        let id = KeyId::of(&name, signature_type, public);
        let public = match signature_type {
            SignatureType::ED25519 => Public::Ed25519(parse_ed25519(&name, public)?),
            SignatureType::COSIGNATURE => Public::Cosignature(parse_ed25519(&name, public)?),
            other => Public::Other(other, public.to_vec()),
        };
        Ok(Self { name, id, public })
    }

    /// Whose key it is.
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// Which of that name's keys it is.
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// The algorithm of its signatures.
    pub fn signature_type(&self) -> SignatureType {
        match self.public {
            Public::Ed25519(_) => SignatureType::ED25519,
            Public::Cosignature(_) => SignatureType::COSIGNATURE,
            Public::Other(other, _) => other,
        }
    }

    /// Whether this build can check signatures by this key.
    pub fn is_supported(&self) -> bool {
        !matches!(self.public, Public::Other(..))
    }

    /// Checks a signature that bears this key's name and id.
    pub(super) fn check(&self, text: &str, signature: &[u8]) -> Check {
        let (key, message, timestamp_s, signature) = match &self.public {
            Public::Ed25519(key) => (key, text.to_owned(), None, signature),
            Public::Cosignature(key) => {
                let Some((time, signature)) = signature.split_first_chunk::<TIMESTAMP_BYTES>() else {
                    return Check::Wrong;
                };
                let time = u64::from_be_bytes(*time);
                (key, cosigned_message(text, time), Some(time), signature)
            }
            Public::Other(..) => return Check::Unknown,
        };
        let in_time = timestamp_s.is_none_or(|time| i64::try_from(time).is_ok());
        let good = Signature::from_slice(signature)
            .is_ok_and(|signature| key.verify_strict(message.as_bytes(), &signature).is_ok());
        if good && in_time {
            Check::Good { signature_type: self.signature_type(), timestamp_s }
        } else {
            Check::Wrong
        }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![self.signature_type().0];
        match &self.public {
            Public::Ed25519(public) | Public::Cosignature(public) => key.extend_from_slice(public.as_bytes()),
            Public::Other(_, public) => key.extend_from_slice(public),
        }
        write!(f, "{}+{}+{}", self.name, self.id, STANDARD.encode(key))
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    /// Reads `name+id+key`, with the id in lower-case hexadecimal digits and the key in padded base64.
    ///
    /// The id of an unknown algorithm is taken as it stands: not all of them are made in the same way.
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let bad = || KeyError::Form { key: quote(text) };
        if text.len() > MAX_VERIFIER_KEY_BYTES {
            return Err(bad());
        }
        let (name, rest) = text.split_once('+').ok_or_else(bad)?;
        let (id, key) = rest.split_once('+').ok_or_else(bad)?;
        let name: KeyName = name.parse()?;
        let stated = parse_id(id).ok_or_else(bad)?;
        let key = STANDARD.decode(key).map_err(|_| bad())?;
        let (signature_type, public) =
            key.split_first().filter(|(_, public)| !public.is_empty()).ok_or_else(bad)?;
        let key = Self::of_type(name, SignatureType(*signature_type), public)?;
        if !key.is_supported() {
            return Ok(Self { id: stated, ..key });
        }
        if key.id != stated {
            return Err(KeyError::Id { name: key.name, stated, computed: key.id });
        }
        Ok(key)
    }
}

/// The secret half of an author's Ed25519 key.
pub struct SigningKey {
    // On the heap, so that moving the key leaves no copy of the secret behind.
    secret: Box<ed25519_dalek::SigningKey>,
    public: VerifierKey,
}

impl SigningKey {
    /// The key of `name` from a seed of 32 random bytes. The caller wipes its own copy of the seed.
    pub fn from_seed(name: KeyName, seed: &[u8; 32]) -> Self {
        let (secret, public) = from_seed(name, SignatureType::ED25519, seed);
        Self { secret, public }
    }

    /// The public half, to be handed to readers.
    pub fn verifier_key(&self) -> &VerifierKey {
        &self.public
    }

    /// This key's signature over `text`. Ed25519 is deterministic: the same text, the same bytes.
    pub fn signature(&self, text: &str) -> NoteSignature {
        let bytes = self.secret.sign(text.as_bytes()).to_bytes().to_vec();
        NoteSignature { name: self.public.name.clone(), key_id: self.public.id, bytes }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public)
    }
}

/// The secret half of a witness's Ed25519 key.
///
/// A cosignature does not say whose it is, so one seed must never serve two witnesses.
pub struct CosigningKey {
    secret: Box<ed25519_dalek::SigningKey>,
    public: VerifierKey,
}

impl CosigningKey {
    /// The key of `name` from a seed of 32 random bytes. The caller wipes its own copy of the seed.
    pub fn from_seed(name: KeyName, seed: &[u8; 32]) -> Self {
        let (secret, public) = from_seed(name, SignatureType::COSIGNATURE, seed);
        Self { secret, public }
    }

    /// The public half, to be handed to readers.
    pub fn verifier_key(&self) -> &VerifierKey {
        &self.public
    }

    /// States that at `timestamp_s` (seconds since 1970-01-01T00:00:00Z) the checkpoint with this text
    /// was the largest consistent one this witness had seen. The caller has checked that it was.
    ///
    /// # Errors
    /// [`KeyError::Timestamp`] above 2^63 − 1.
    ///
    /// Source: C2SP tlog-cosignature, "Ed25519 signed message".
    pub fn cosignature(&self, checkpoint_text: &str, timestamp_s: u64) -> Result<NoteSignature, KeyError> {
        if i64::try_from(timestamp_s).is_err() {
            return Err(KeyError::Timestamp { timestamp_s });
        }
        let message = cosigned_message(checkpoint_text, timestamp_s);
        let mut bytes = timestamp_s.to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.secret.sign(message.as_bytes()).to_bytes());
        Ok(NoteSignature { name: self.public.name.clone(), key_id: self.public.id, bytes })
    }
}

impl fmt::Debug for CosigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CosigningKey({})", self.public)
    }
}

/// Both halves of a key.
fn from_seed(
    name: KeyName,
    kind: SignatureType,
    seed: &[u8; 32],
) -> (Box<ed25519_dalek::SigningKey>, VerifierKey) {
    let secret = Box::new(ed25519_dalek::SigningKey::from_bytes(seed));
    let public = VerifierKey::of_type(name, kind, secret.verifying_key().as_bytes())
        .expect("the public half of a seed is a key of full order");
    (secret, public)
}

/// What a witness signs.
fn cosigned_message(checkpoint_text: &str, timestamp_s: u64) -> String {
    format!("cosignature/v1\ntime {timestamp_s}\n{checkpoint_text}")
}

/// An Ed25519 key, unless it has so small an order that signatures without the secret half verify.
fn parse_ed25519(name: &KeyName, public: &[u8]) -> Result<ed25519_dalek::VerifyingKey, KeyError> {
    let key = public.try_into().ok().and_then(|public| ed25519_dalek::VerifyingKey::from_bytes(public).ok());
    key.filter(|key| !key.is_weak()).ok_or_else(|| KeyError::Ed25519 { name: name.clone() })
}

/// A key id of exactly eight lower-case hexadecimal digits.
fn parse_id(text: &str) -> Option<KeyId> {
    let canonical = text.len() == 8 && text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
    u32::from_str_radix(text, 16).ok().filter(|_| canonical).map(KeyId)
}

/// Why a key cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The name breaks the rules.
    #[error("`{name}` is not a key name: expected 1 to {MAX_KEY_NAME_BYTES} bytes without spaces and `+`")]
    Name {
        /// The start of the name.
        name: String,
    },
    /// Not the three parts of a verifier key.
    #[error("`{key}` is not a verifier key: expected name, 8 hexadecimal digits and base64, joined by `+`")]
    Form {
        /// The start of the text.
        key: String,
    },
    /// The id was made from another name or key.
    #[error("the verifier key of `{name}` states the id {stated}, but its name and key make {computed}")]
    Id {
        /// The name of the key.
        name: KeyName,
        /// The id in the text.
        stated: KeyId,
        /// The id that name and key make.
        computed: KeyId,
    },
    /// The bytes are no Ed25519 key, or one of small order.
    #[error("the verifier key of `{name}` is not a usable Ed25519 key")]
    Ed25519 {
        /// The name of the key.
        name: KeyName,
    },
    /// A time that the format cannot state.
    #[error("cannot cosign at {timestamp_s} s: the limit is 2^63 - 1")]
    Timestamp {
        /// The time in seconds.
        timestamp_s: u64,
    },
}
