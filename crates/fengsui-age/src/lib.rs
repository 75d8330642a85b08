#![doc = include_str!("../README.md")]

mod header;
mod key;
mod stream;

pub use header::{MAX_HEADER_BYTES, MAX_RECIPIENTS};
pub use key::{Identity, KeyError, Recipient};
pub use stream::{CHUNK_BYTES, OpenError, Opener, Sealer};
