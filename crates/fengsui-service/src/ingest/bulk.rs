//! Lines handed in whole, by `POST /api/v1/logs`, and how uploads are unpacked.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::sync::Arc;

use fengsui_domain::actor::By;
use fengsui_domain::permission::Permission;
use fengsui_matcher::record::Format;
use jiff::tz::TimeZone;
use tokio::sync::Mutex;

use super::{Ingested, Stream};
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::node::Service;

/// Bytes of one upload, as sent.
pub const MAX_UPLOAD_BYTES: usize = 32 << 20;
/// Bytes of one upload, unpacked: packed text shrinks by ten or twenty, a bomb by a thousand.
pub const MAX_UNPACKED_BYTES: u64 = 256 << 20;

/// Senders whose recent lines are remembered between uploads.
const MAX_SENDERS: usize = 64;

/// How an upload is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// Not at all.
    None,
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
}

/// What is remembered of those who send by HTTP: a guesser who fails ten times is found also if each
/// failure comes in an upload of its own.
#[derive(Default)]
pub(crate) struct Senders {
    streams: BTreeMap<String, (u64, Arc<Mutex<Stream>>)>,
    uploads: u64,
}

impl Senders {
    /// The stream of a sender; whoever has been silent longest is forgotten for a new one.
    fn stream(&mut self, by: &By) -> Arc<Mutex<Stream>> {
        let identity = by.identity();
        self.uploads += 1;
        if !self.streams.contains_key(&identity) && self.streams.len() >= MAX_SENDERS {
            let longest = self.streams.iter().min_by_key(|(_, (used, _))| *used);
            if let Some(silent) = longest.map(|(identity, _)| identity.clone()) {
                self.streams.remove(&silent);
            }
        }
        let name = format!("api/{}", by.name());
        let new = || Arc::new(Mutex::new(Stream::new(name, None, TimeZone::UTC, 0)));
        let (used, stream) = self.streams.entry(identity).or_insert_with(|| (0, new()));
        *used = self.uploads;
        Arc::clone(stream)
    }
}

impl Service {
    /// Takes log lines by HTTP.
    pub async fn logs_take(
        &self,
        caller: &Caller,
        bytes: &[u8],
        packing: Packing,
        format: Option<Format>,
    ) -> Result<Ingested> {
        caller.actor.permit(Permission::LogIngest)?;
        let text = unpack(bytes, packing)?;
        let lines: Vec<String> = String::from_utf8_lossy(&text).lines().map(str::to_owned).collect();
        let stream = self.inner.senders.lock().await.stream(&caller.actor.by);
        let mut stream = stream.lock().await;
        stream.restart(format);
        self.ingest(&mut stream, &lines, caller.by(), None).await
    }
}

/// The bytes of an upload as they were before they were packed.
pub(crate) fn unpack(bytes: &[u8], packing: Packing) -> Result<Vec<u8>> {
    let mut text = Vec::new();
    let read = match packing {
        Packing::None => return Ok(bytes.to_vec()),
        Packing::Gzip => {
            flate2::read::MultiGzDecoder::new(bytes).take(MAX_UNPACKED_BYTES + 1).read_to_end(&mut text)
        }
        Packing::Zstd => zstd::Decoder::new(bytes)
            .and_then(|packed| packed.take(MAX_UNPACKED_BYTES + 1).read_to_end(&mut text)),
    };
    read.map_err(|error| Error::Invalid {
        field: "body",
        problem: format!("it cannot be unpacked: {error}"),
    })?;
    if text.len() as u64 > MAX_UNPACKED_BYTES {
        return Err(Error::TooLarge {
            what: "the unpacked upload",
            bytes: text.len() as u64,
            max: MAX_UNPACKED_BYTES,
        });
    }
    Ok(text)
}
