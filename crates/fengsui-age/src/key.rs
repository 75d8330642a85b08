//! Keys: whom a file is for, and who opens it.

use std::fmt;
use std::str::FromStr;

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

const RECIPIENT: Hrp = Hrp::parse_unchecked("age");
const IDENTITY: Hrp = Hrp::parse_unchecked("age-secret-key-");

/// Whom a file can be sealed for: `age1…`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Recipient(pub(crate) PublicKey);

/// Who opens a file: `AGE-SECRET-KEY-1…`. It is wiped from memory when dropped.
#[derive(Clone)]
pub struct Identity(pub(crate) StaticSecret);

/// Why a text is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It is no recipient.
    #[error("not a recipient: one begins with `age1` and has 62 letters and digits in lower case")]
    Recipient,
    /// It is no identity.
    #[error(
        "not an identity: one begins with `AGE-SECRET-KEY-1` and has 74 letters and digits in upper case"
    )]
    Identity,
}

impl Identity {
    /// The identity of 32 random bytes.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(StaticSecret::from(*seed))
    }

    /// Whom to seal for so that this identity opens it.
    pub fn recipient(&self) -> Recipient {
        Recipient(PublicKey::from(&self.0))
    }

    /// How it is written: a secret.
    pub fn to_text(&self) -> Zeroizing<String> {
        let bytes = Zeroizing::new(self.0.to_bytes());
        let text = bech32::encode_upper::<Bech32>(IDENTITY, &*bytes);
        Zeroizing::new(text.expect("32 bytes are within the limit"))
    }

    /// The identities of a file as `age-keygen` writes it: one a line, remarks after `#`.
    ///
    /// # Errors
    /// [`KeyError::Identity`] for any other line.
    pub fn read_all(text: &str) -> Result<Vec<Self>, KeyError> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.map(str::parse).collect()
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity(of {})", self.recipient())
    }
}

impl FromStr for Identity {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let upper = !text.bytes().any(|byte| byte.is_ascii_lowercase());
        let bytes = upper.then(|| decode(text, IDENTITY)).flatten().ok_or(KeyError::Identity)?;
        Ok(Self::from_seed(&bytes))
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = bech32::encode::<Bech32>(RECIPIENT, self.0.as_bytes());
        f.write_str(&text.expect("32 bytes are within the limit"))
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Recipient {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
        let bytes = lower.then(|| decode(text, RECIPIENT)).flatten().ok_or(KeyError::Recipient)?;
        Ok(Self(PublicKey::from(*bytes)))
    }
}

/// The 32 bytes of a Bech32 text with this prefix.
fn decode(text: &str, prefix: Hrp) -> Option<Zeroizing<[u8; 32]>> {
    let checked = CheckedHrpstring::new::<Bech32>(text).ok()?;
    if checked.hrp() != prefix {
        return None;
    }
    let bytes = Zeroizing::new(checked.byte_iter().collect::<Vec<u8>>());
    Some(Zeroizing::new(bytes.as_slice().try_into().ok()?))
}
