//! Messages that arrive one by one, from syslog or standard input, taken in small batches.

use std::time::Duration;

use fengsui_domain::actor::By;
use fengsui_matcher::record::MAX_LINE_BYTES;
use jiff::tz::TimeZone;
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::sync::mpsc;

use super::Stream;
use crate::error::{Error, Result};
use crate::node::Service;

/// Messages waiting to be read.
pub(super) const MAX_WAITING: usize = 20_000;
/// Messages taken into one batch.
const MAX_BATCH: usize = 2_000;
/// How long a batch waits for more.
const MAX_DELAY: Duration = Duration::from_millis(200);

impl Service {
    /// Reads standard input to its end; what was read is on the desk soon after, however slowly more comes.
    ///
    /// # Errors
    /// [`Error::File`] if it cannot be read.
    pub async fn run_stdin(&self, zone: TimeZone) -> Result<()> {
        let (sender, messages) = mpsc::channel(MAX_WAITING);
        let stream = Stream::new("stdin", None, zone, 0);
        let read = read_lines(BufReader::new(tokio::io::stdin()), sender);
        let (read, ()) = tokio::join!(read, self.take_live(stream, messages));
        read.map_err(Error::file("read", "stdin"))
    }

    /// Takes in what comes until nobody sends any more. A batch that cannot be written is lost, and said so.
    pub(super) async fn take_live(&self, mut stream: Stream, mut messages: mpsc::Receiver<String>) {
        let mut batch = Vec::new();
        while messages.recv_many(&mut batch, MAX_BATCH).await > 0 {
            if batch.len() < MAX_BATCH {
                tokio::time::sleep(MAX_DELAY).await;
                while batch.len() < MAX_BATCH {
                    let Ok(message) = messages.try_recv() else { break };
                    batch.push(message);
                }
            }
            let by = By::Node { part: "ingest".into() };
            if let Err(error) = self.ingest(&mut stream, &batch, by, None).await {
                let (source, lost) = (&stream.name, batch.len());
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, source, lost, "messages could not be taken in");
            }
            batch.clear();
        }
    }
}

/// Sends every line on, whatever bytes it has. Of a line that is too long comes as much as shows that.
async fn read_lines<R: AsyncBufRead + Unpin>(
    mut reader: R,
    sender: mpsc::Sender<String>,
) -> std::io::Result<()> {
    let mut line = Vec::new();
    loop {
        line.clear();
        let most = MAX_LINE_BYTES as u64 + 1;
        if (&mut reader).take(most).read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        let whole = line.ends_with(b"\n");
        let text = String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned();
        if sender.send(text).await.is_err() {
            return Ok(());
        }
        if !whole {
            skip_line(&mut reader).await?;
        }
    }
}

/// Reads on to the end of the line without keeping it.
async fn skip_line<R: AsyncBufRead + Unpin>(reader: &mut R) -> std::io::Result<()> {
    loop {
        let bytes = reader.fill_buf().await?;
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let read = end.map_or(bytes.len(), |at| at + 1);
        reader.consume(read);
        if end.is_some() || read == 0 {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_line_comes_whatever_it_holds() {
        let long = "x".repeat(3 * MAX_LINE_BYTES);
        let input = [b"one\r\n\xff\xfe\n\n".as_slice(), long.as_bytes(), b"\nlast"].concat();
        let (sender, mut messages) = mpsc::channel(10);
        read_lines(BufReader::new(input.as_slice()), sender).await.unwrap();
        let mut lines = Vec::new();
        messages.recv_many(&mut lines, 10).await;
        let lengths: Vec<usize> = lines.iter().map(String::len).collect();
        assert_eq!(
            (lines[0].as_str(), lines[1].as_str(), lines[4].as_str()),
            ("one", "\u{fffd}\u{fffd}", "last")
        );
        assert_eq!(lengths[2..4], [0, MAX_LINE_BYTES + 1], "too long, and the rest of it is not a line");
    }
}
