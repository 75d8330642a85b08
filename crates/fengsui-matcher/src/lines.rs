//! Lines of a stream, each with a limit: a longer one is skipped without being held in memory.

use std::io::{self, BufRead};

use memchr::memchr;

/// A line as [`Lines::next`] gives it, without its line end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line<'a> {
    /// The whole line.
    Whole(&'a [u8]),
    /// A line over the limit; only its length is known.
    TooLong { bytes: u64 },
}

/// Reads lines that end in LF or CRLF; the last one need not.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    reader: R,
    limit: usize,
    buffer: Vec<u8>,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    /// `limit` is the number of bytes of the longest line that is still given whole.
    pub(crate) fn new(reader: R, limit: usize) -> Self {
        Self { reader, limit, buffer: Vec::new(), number: 0 }
    }

    /// The number of the line given last, from 1.
    pub(crate) const fn number(&self) -> u64 {
        self.number
    }

    /// The next line, or none at the end of the stream.
    pub(crate) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.buffer.clear();
        let mut bytes = 0_u64;
        loop {
            let chunk = match self.reader.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            if chunk.is_empty() {
                break;
            }
            let end = memchr(b'\n', chunk);
            let taken = end.unwrap_or(chunk.len());
            // One byte more than the limit is kept for a CR before the line end.
            let room = (self.limit + 1).saturating_sub(self.buffer.len());
            self.buffer.extend_from_slice(&chunk[..taken.min(room)]);
            bytes += taken as u64;
            self.reader.consume(taken + usize::from(end.is_some()));
            if end.is_some() {
                self.number += 1;
                return Ok(Some(self.finish(bytes)));
            }
        }
        if bytes == 0 {
            return Ok(None);
        }
        self.number += 1;
        Ok(Some(self.finish(bytes)))
    }

    fn finish(&mut self, bytes: u64) -> Line<'_> {
        if self.buffer.len() as u64 == bytes && self.buffer.last() == Some(&b'\r') {
            self.buffer.pop();
        }
        if self.number == 1 && self.buffer.starts_with(b"\xef\xbb\xbf") {
            self.buffer.drain(..3);
        }
        if bytes > self.limit as u64 + 1 || self.buffer.len() > self.limit {
            return Line::TooLong { bytes };
        }
        Line::Whole(&self.buffer)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Cursor};

    use super::*;

    /// Every line as text, with a chunk size that cuts lines and line ends apart.
    fn read(input: &[u8], limit: usize, chunk: usize) -> Vec<String> {
        let mut lines = Lines::new(BufReader::with_capacity(chunk, Cursor::new(input)), limit);
        let mut out = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            out.push(match line {
                Line::Whole(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                Line::TooLong { bytes } => format!("<{bytes}>"),
            });
        }
        assert_eq!(lines.number(), out.len() as u64);
        out
    }

    #[test]
    fn line_ends_marks_and_limits() {
        for (input, wanted) in [
            ("", vec![]),
            ("a", vec!["a"]),
            ("a\nb\n", vec!["a", "b"]),
            ("a\r\nb\r\n", vec!["a", "b"]),
            ("\n\na", vec!["", "", "a"]),
            ("\u{feff}a\n\u{feff}b", vec!["a", "\u{feff}b"]),
            ("12345678\n123456789\n1\n", vec!["12345678", "<9>", "1"]),
            ("12345678\r\n12345678\r\r\n1", vec!["12345678", "<10>", "1"]),
            ("123456789012345678901234567890", vec!["<30>"]),
        ] {
            for chunk in [1, 2, 3, 64] {
                assert_eq!(read(input.as_bytes(), 8, chunk), wanted, "{input:?} in chunks of {chunk}");
            }
        }
    }

    #[test]
    fn a_failing_reader_is_reported() {
        struct Broken;
        impl io::Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("gone"))
            }
        }
        assert_eq!(Lines::new(BufReader::new(Broken), 8).next().unwrap_err().to_string(), "gone");
    }
}
