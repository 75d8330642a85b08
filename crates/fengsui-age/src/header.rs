//! The header: the key of the file, wrapped once for each recipient.

use std::fmt::Write as _;
use std::io::{self, BufRead, Read as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::Aead as _;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use crate::key::{Identity, Recipient};
use crate::stream::OpenError;

/// Recipients of one file, of whatever kind.
pub const MAX_RECIPIENTS: usize = 64;
/// Bytes of a header: 64 stanzas of a kilobyte, more than any kind in use has.
pub const MAX_HEADER_BYTES: u64 = 64 << 10;

const VERSION: &str = "age-encryption.org/v1";
const X25519: &str = "X25519";
/// The key of a file, from which those of its header and its contents come.
pub(crate) type FileKey = Zeroizing<[u8; 16]>;
/// A wrapped key: 16 bytes and their tag.
const WRAPPED_BYTES: usize = 32;
/// Letters in a line of a stanza's body; a shorter one ends it.
const LINE: usize = 64;

/// The header that wraps `key` for each recipient.
pub(crate) fn write(key: &FileKey, recipients: &[Recipient], random: &mut dyn FnMut(&mut [u8])) -> String {
    let mut header = format!("{VERSION}\n");
    for recipient in recipients {
        let mut seed = Zeroizing::new([0; 32]);
        random(seed.as_mut());
        let own = StaticSecret::from(*seed);
        let share = PublicKey::from(&own);
        let shared = own.diffie_hellman(&recipient.0);
        let wrapped = cipher(shared.as_bytes(), &share, recipient)
            .encrypt(&[0; 12].into(), key.as_slice())
            .expect("sixteen bytes can be sealed");
        let [share, body] = [&share.as_bytes()[..], &wrapped].map(|bytes| STANDARD_NO_PAD.encode(bytes));
        writeln!(header, "-> {X25519} {share}\n{body}").expect("a string takes everything");
    }
    header.push_str("---");
    let mac = STANDARD_NO_PAD.encode(mac(key, header.as_bytes()).finalize().into_bytes());
    writeln!(header, " {mac}").expect("a string takes everything");
    header
}

/// Reads a header and unwraps the key of the file with the first identity that fits.
///
/// # Errors
/// [`OpenError`], and nothing of what follows is to be read then.
pub(crate) fn read(from: &mut impl BufRead, identities: &[Identity]) -> Result<FileKey, OpenError> {
    let mut lines = Lines { from: from.take(MAX_HEADER_BYTES), text: Vec::new() };
    if lines.next()? != VERSION {
        return Err(OpenError::NotAge);
    }
    let mut key = None;
    for _ in 0..=MAX_RECIPIENTS {
        let line = lines.next()?;
        let Some(stanza) = line.strip_prefix("-> ") else {
            return authentic(&line, &lines.text, key);
        };
        let body = body(&mut lines)?;
        let words: Vec<&str> = stanza.split(' ').collect();
        if words.iter().any(|word| word.is_empty() || word.bytes().any(|byte| !byte.is_ascii_graphic())) {
            return Err(OpenError::Header);
        }
        if words[0] == X25519 {
            let [_, share] = words[..] else { return Err(OpenError::Header) };
            let share = <[u8; 32]>::try_from(decode(share)?).map_err(|_| OpenError::Header)?;
            if body.len() != WRAPPED_BYTES {
                return Err(OpenError::Header);
            }
            key = key.or_else(|| unwrap(&PublicKey::from(share), &body, identities));
        }
    }
    Err(OpenError::Header)
}

/// The key, if the last line of the header proves that whoever knew it wrote the rest.
fn authentic(last: &str, header: &[u8], key: Option<FileKey>) -> Result<FileKey, OpenError> {
    let told = last.strip_prefix("--- ").ok_or(OpenError::Header)?;
    let told = decode(told)?;
    let key = key.ok_or(OpenError::OtherRecipient)?;
    // What is covered ends with the three dashes.
    let covered = &header[..header.len() - last.len() - 1 + 3];
    mac(&key, covered).verify_slice(&told).map_err(|_| OpenError::Header)?;
    Ok(key)
}

/// The body of a stanza: lines of 64 letters, then a shorter one, be it empty.
fn body(lines: &mut Lines<impl BufRead>) -> Result<Vec<u8>, OpenError> {
    let mut body = String::new();
    loop {
        let line = lines.next()?;
        if line.len() > LINE {
            return Err(OpenError::Header);
        }
        body.push_str(&line);
        if line.len() < LINE {
            return decode(&body);
        }
    }
}

fn unwrap(share: &PublicKey, wrapped: &[u8], identities: &[Identity]) -> Option<FileKey> {
    identities.iter().find_map(|identity| {
        let shared = identity.0.diffie_hellman(share);
        // A share of small order would make a secret that everybody knows.
        if !shared.was_contributory() {
            return None;
        }
        let cipher = cipher(shared.as_bytes(), share, &identity.recipient());
        let key = Zeroizing::new(cipher.decrypt(&[0; 12].into(), wrapped).ok()?);
        Some(Zeroizing::new(key.as_slice().try_into().ok()?))
    })
}

fn cipher(shared: &[u8; 32], share: &PublicKey, recipient: &Recipient) -> ChaCha20Poly1305 {
    let salt = [share.as_bytes().as_slice(), recipient.0.as_bytes()].concat();
    let mut key = Zeroizing::new([0; 32]);
    derive(shared, &salt, b"age-encryption.org/v1/X25519", key.as_mut());
    ChaCha20Poly1305::new_from_slice(key.as_slice()).expect("a key has 32 bytes")
}

/// Makes one key of another.
pub(crate) fn derive(from: &[u8], salt: &[u8], info: &[u8], into: &mut [u8]) {
    Hkdf::<Sha256>::new(Some(salt), from).expand(info, into).expect("32 bytes are within the limit");
}

fn mac(key: &FileKey, header: &[u8]) -> Hmac<Sha256> {
    let mut of_header = Zeroizing::new([0; 32]);
    derive(key.as_slice(), &[], b"header", of_header.as_mut());
    let mut mac = Hmac::<Sha256>::new_from_slice(of_header.as_slice()).expect("a key may have any length");
    mac.update(header);
    mac
}

fn decode(text: &str) -> Result<Vec<u8>, OpenError> {
    STANDARD_NO_PAD.decode(text).map_err(|_| OpenError::Header)
}

/// The lines of a header, and all of them so far.
struct Lines<R> {
    from: io::Take<R>,
    text: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    fn next(&mut self) -> Result<String, OpenError> {
        let begin = self.text.len();
        self.from.read_until(b'\n', &mut self.text).map_err(OpenError::Io)?;
        let line = self.text[begin..].strip_suffix(b"\n").ok_or(match begin {
            0 => OpenError::NotAge,
            _ => OpenError::Header,
        })?;
        let line = std::str::from_utf8(line).ok().filter(|line| line.is_ascii());
        line.map(str::to_owned).ok_or(match begin {
            0 => OpenError::NotAge,
            _ => OpenError::Header,
        })
    }
}
