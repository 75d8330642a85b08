//! The contents: chunks of 64 KiB, each sealed with its number and whether it is the last.

use std::io::{self, BufRead as _, BufReader, Read, Write};

use chacha20poly1305::aead::{AeadInOut as _, Nonce};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _};
use zeroize::Zeroizing;

use crate::header::{self, FileKey, MAX_RECIPIENTS};
use crate::key::{Identity, Recipient};

/// Bytes of contents in a chunk; only the last has fewer.
pub const CHUNK_BYTES: usize = 64 << 10;
const TAG_BYTES: usize = 16;
/// Random bytes before the first chunk, from which its key comes.
const NONCE_BYTES: usize = 16;

/// Why a file cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It is something else.
    #[error("it is no age file")]
    NotAge,
    /// Its header cannot be read, or was changed.
    #[error("its header is broken or was changed")]
    Header,
    /// It is for somebody else.
    #[error("it was sealed for other recipients: none of the identities opens it")]
    OtherRecipient,
    /// Reading failed.
    #[error("it cannot be read")]
    Io(#[source] io::Error),
}

/// The cipher of the contents, chunk by chunk.
struct Chunks {
    cipher: ChaCha20Poly1305,
    number: u64,
}

impl Chunks {
    fn new(key: &FileKey, nonce: &[u8; NONCE_BYTES]) -> Self {
        let mut of_contents = Zeroizing::new([0; 32]);
        header::derive(key.as_slice(), nonce, b"payload", of_contents.as_mut());
        let cipher = ChaCha20Poly1305::new_from_slice(of_contents.as_slice()).expect("a key has 32 bytes");
        Self { cipher, number: 0 }
    }

    /// What makes the seal of the next chunk its own. Chunks are counted in eleven bytes, of which eight are used:
    /// nobody writes a million exabytes.
    fn nonce(&mut self, last: bool) -> Nonce<ChaCha20Poly1305> {
        let mut nonce = [0; 12];
        nonce[3..11].copy_from_slice(&self.number.to_be_bytes());
        nonce[11] = last.into();
        self.number += 1;
        nonce.into()
    }

    fn seal(&mut self, chunk: &mut Vec<u8>, last: bool) {
        let nonce = self.nonce(last);
        self.cipher.encrypt_in_place(&nonce, &[], chunk).expect("a chunk can be sealed");
    }

    fn open(&mut self, chunk: &mut Vec<u8>, last: bool) -> bool {
        let nonce = self.nonce(last);
        self.cipher.decrypt_in_place(&nonce, &[], chunk).is_ok()
    }
}

/// Seals what is written to it. Nobody opens it to the end before [`Self::finish`].
pub struct Sealer<W: Write> {
    to: W,
    chunks: Chunks,
    chunk: Vec<u8>,
}

impl<W: Write> Sealer<W> {
    /// Begins a file for these recipients. `random` fills a buffer with random bytes.
    ///
    /// # Errors
    /// Of writing to `to`; [`io::ErrorKind::InvalidInput`] for no recipient or more than [`MAX_RECIPIENTS`].
    pub fn new(mut to: W, recipients: &[Recipient], random: &mut dyn FnMut(&mut [u8])) -> io::Result<Self> {
        if recipients.is_empty() || recipients.len() > MAX_RECIPIENTS {
            let problem = format!("a file is sealed for 1 to {MAX_RECIPIENTS} recipients");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, problem));
        }
        let mut key = FileKey::default();
        random(key.as_mut());
        to.write_all(header::write(&key, recipients, random).as_bytes())?;
        let mut nonce = [0; NONCE_BYTES];
        random(&mut nonce);
        to.write_all(&nonce)?;
        Ok(Self { to, chunks: Chunks::new(&key, &nonce), chunk: Vec::with_capacity(CHUNK_BYTES + TAG_BYTES) })
    }

    /// Seals the last chunk and hands back what was written to.
    ///
    /// # Errors
    /// Of writing.
    pub fn finish(mut self) -> io::Result<W> {
        self.chunks.seal(&mut self.chunk, true);
        self.to.write_all(&self.chunk)?;
        self.to.flush()?;
        Ok(self.to)
    }
}

impl<W: Write> Write for Sealer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Only once more comes: the last chunk may be full.
        if self.chunk.len() == CHUNK_BYTES && !bytes.is_empty() {
            self.chunks.seal(&mut self.chunk, false);
            self.to.write_all(&self.chunk)?;
            self.chunk.clear();
        }
        let taken = bytes.len().min(CHUNK_BYTES - self.chunk.len());
        self.chunk.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Opens what is read through it.
pub struct Opener<R: Read> {
    from: BufReader<R>,
    chunks: Chunks,
    chunk: Vec<u8>,
    /// Bytes of the chunk that were handed out.
    at: usize,
    ended: bool,
}

impl<R: Read> Opener<R> {
    /// Opens a file with the first of the identities that fits.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn new(from: R, identities: &[Identity]) -> Result<Self, OpenError> {
        let mut from = BufReader::with_capacity(CHUNK_BYTES + TAG_BYTES, from);
        let key = header::read(&mut from, identities)?;
        let mut nonce = [0; NONCE_BYTES];
        from.read_exact(&mut nonce).map_err(OpenError::Io)?;
        Ok(Self { from, chunks: Chunks::new(&key, &nonce), chunk: Vec::new(), at: 0, ended: false })
    }

    /// Reads and opens the next chunk.
    fn next(&mut self) -> io::Result<()> {
        let first = self.chunks.number == 0;
        self.chunk.clear();
        self.at = 0;
        let most = CHUNK_BYTES + TAG_BYTES;
        (&mut self.from).take(most as u64).read_to_end(&mut self.chunk)?;
        let last = self.chunk.len() < most || self.from.fill_buf()?.is_empty();
        // An empty last chunk is one too many, unless nothing was sealed at all.
        let superfluous = self.chunk.len() == TAG_BYTES && !first;
        if superfluous || !self.chunks.open(&mut self.chunk, last) {
            self.chunk.clear();
            let broken = "the sealed file ends too early here, or was changed";
            return Err(io::Error::new(io::ErrorKind::InvalidData, broken));
        }
        self.ended = last;
        Ok(())
    }
}

impl<R: Read> Read for Opener<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at == self.chunk.len() && !self.ended {
            self.next()?;
        }
        let handed = into.len().min(self.chunk.len() - self.at);
        into[..handed].copy_from_slice(&self.chunk[self.at..][..handed]);
        self.at += handed;
        Ok(handed)
    }
}
