//! Syslog over UDP (RFC 5426) and TCP (RFC 6587, both framings).

use std::net::SocketAddr;
use std::time::Duration;

use fengsui_matcher::record::{Format, MAX_LINE_BYTES};
use jiff::tz::TimeZone;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, BufReader};
use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::mpsc;

use super::Stream;
use super::live::MAX_WAITING;
use crate::error::{Error, Result};
use crate::node::Service;

/// Connections at once.
const MAX_CONNECTIONS: usize = 256;
/// A connection without a message for this long is closed.
const MAX_SILENCE: Duration = Duration::from_secs(600);
/// Digits of a frame's length (RFC 6587, 3.4.1): enough for [`MAX_LINE_BYTES`].
const MAX_LENGTH_DIGITS: usize = 7;

impl Service {
    /// Takes syslog on one address over UDP and TCP until cancelled. With too many messages
    /// not yet read, a sender over TCP waits and one over UDP loses what it sends, which is counted.
    ///
    /// # Errors
    /// [`Error::File`] if the address cannot be had.
    pub async fn run_syslog(&self, address: SocketAddr, zone: TimeZone) -> Result<()> {
        let name = format!("syslog {address}");
        let udp = UdpSocket::bind(address).await.map_err(Error::file("listen on", &name))?;
        let tcp = TcpListener::bind(address).await.map_err(Error::file("listen on", &name))?;
        let (sender, messages) = mpsc::channel(MAX_WAITING);
        tokio::select! {
            () = take_udp(udp, sender.clone()) => {}
            () = take_tcp(tcp, sender) => {}
            () = self.take_live(Stream::new("syslog", Some(Format::Syslog), zone, 0), messages) => {}
        }
        Ok(())
    }
}

async fn take_udp(socket: UdpSocket, sender: mpsc::Sender<String>) {
    let mut buffer = vec![0; 65_536];
    let mut lost = 0_u64;
    loop {
        let Ok((size, _)) = socket.recv_from(&mut buffer).await else { continue };
        let message = String::from_utf8_lossy(&buffer[..size]).trim_end().to_owned();
        if sender.try_send(message).is_err() {
            lost += 1;
            if lost.is_power_of_two() {
                tracing::warn!(
                    lost,
                    "syslog messages over UDP were lost, since they came faster than they are read"
                );
            }
        }
    }
}

async fn take_tcp(listener: TcpListener, sender: mpsc::Sender<String>) {
    let places = std::sync::Arc::new(tokio::sync::Semaphore::new(MAX_CONNECTIONS));
    loop {
        let place =
            std::sync::Arc::clone(&places).acquire_owned().await.expect("the semaphore is never closed");
        let Ok((connection, peer)) = listener.accept().await else { continue };
        let sender = sender.clone();
        tokio::spawn(async move {
            if let Err(error) = read_connection(BufReader::new(connection), &sender).await {
                tracing::debug!(%peer, %error, "a syslog connection ended");
            }
            drop(place);
        });
    }
}

async fn read_connection<R: AsyncRead + Unpin>(
    mut reader: BufReader<R>,
    sender: &mpsc::Sender<String>,
) -> std::io::Result<()> {
    loop {
        let message = tokio::time::timeout(MAX_SILENCE, read_frame(&mut reader)).await??;
        let Some(message) = message else { return Ok(()) };
        if !message.is_empty() && sender.send(message).await.is_err() {
            return Ok(());
        }
    }
}

/// One message: `LENGTH SP MESSAGE` if it begins with a digit, else up to a line feed.
async fn read_frame<R: AsyncRead + Unpin>(reader: &mut BufReader<R>) -> std::io::Result<Option<String>> {
    let Some(first) = reader.fill_buf().await?.first().copied() else { return Ok(None) };
    let wrong = |words: &str| std::io::Error::new(std::io::ErrorKind::InvalidData, words.to_owned());
    if first.is_ascii_digit() {
        let mut length = Vec::new();
        (&mut *reader).take(MAX_LENGTH_DIGITS as u64 + 1).read_until(b' ', &mut length).await?;
        let length: Option<usize> =
            std::str::from_utf8(&length).ok().and_then(|text| text.strip_suffix(' ')?.parse().ok());
        let length = length
            .filter(|length| *length <= MAX_LINE_BYTES)
            .ok_or_else(|| wrong("a frame has no proper length"))?;
        let mut message = vec![0; length];
        reader.read_exact(&mut message).await?;
        return Ok(Some(String::from_utf8_lossy(&message).trim_end().to_owned()));
    }
    let mut message = Vec::new();
    let read = (&mut *reader).take(MAX_LINE_BYTES as u64 + 1).read_until(b'\n', &mut message).await?;
    if read > MAX_LINE_BYTES {
        return Err(wrong("a message is too long"));
    }
    Ok(Some(String::from_utf8_lossy(&message).trim_end().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn frames(bytes: &[u8]) -> Vec<String> {
        let mut reader = BufReader::new(bytes);
        let mut frames = Vec::new();
        while let Ok(Some(frame)) = read_frame(&mut reader).await {
            frames.push(frame);
        }
        frames
    }

    #[tokio::test]
    async fn both_framings_of_rfc_6587_are_read() {
        assert_eq!(frames(b"5 <1>ab3 <2>").await, ["<1>ab", "<2>"]);
        assert_eq!(frames(b"<13>one\n<13>two\r\n<13>three").await, ["<13>one", "<13>two", "<13>three"]);
        assert_eq!(frames(b"99999999 x").await, Vec::<String>::new());
        assert_eq!(frames(b"12x <1>").await, Vec::<String>::new());
    }
}
