//! Following a log file: from where it was left, through rotation and truncation.
//!
//! What was read is remembered as device, inode and offset, in the same commit as what it led to. A file
//! renamed away while nobody followed is looked for beside the new one and read to its end first.

use std::fs::{File, Metadata};
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use fengsui_domain::actor::By;
use fengsui_matcher::record::MAX_LINE_BYTES;
use fengsui_store::SourceRow;
use jiff::tz::TimeZone;

use super::Stream;
use crate::error::{Error, Result};
use crate::node::Service;

/// How often a file at its end is looked at.
const PAUSE: Duration = Duration::from_millis(300);
/// Lines read before what they led to is written.
const MAX_BATCH: usize = 2_000;
/// Lines at the head of a file that may be its header.
const HEAD_LINES: usize = 10;
/// Files beside the followed one that are looked at for the one it was renamed from.
const MAX_SIBLINGS: usize = 1_000;

/// A file under the eye.
struct Followed {
    path: PathBuf,
    row: SourceRow,
    file: Option<BufReader<File>>,
    /// The start of a line whose end is not written yet.
    partial: Vec<u8>,
    stream: Stream,
}

impl Service {
    /// Follows a file until cancelled. Errors are logged, and the file is tried again.
    pub async fn run_follow(&self, path: PathBuf, zone: TimeZone) {
        let mut failing = false;
        loop {
            match self.follow(&path, &zone).await {
                Ok(()) => return,
                Err(error) => {
                    if !failing {
                        tracing::warn!(file = %path.display(), error = &error as &dyn std::error::Error, "a log file cannot be followed; it is tried again");
                    }
                    failing = true;
                }
            }
            tokio::time::sleep(PAUSE * 10).await;
        }
    }

    async fn follow(&self, path: &Path, zone: &TimeZone) -> Result<()> {
        let name = path.display().to_string();
        let known = self.inner.store.source_list().await?.into_iter().find(|row| row.name == name);
        let mut followed = Followed::resume(path, known, zone.clone(), self)?;
        loop {
            let lines = followed.read()?;
            if lines.is_empty() {
                if !followed.rotated()? {
                    tokio::time::sleep(PAUSE).await;
                }
                continue;
            }
            followed.row.lines += lines.len() as u64;
            followed.row.seen_at = self.now();
            let (row, by) = (followed.row.clone(), By::Node { part: "ingest".into() });
            let done = self.ingest(&mut followed.stream, &lines, by, Some(row)).await?;
            followed.row.rejected += done.rejected;
        }
    }
}

impl Followed {
    /// Takes a file up where it was left.
    fn resume(path: &Path, known: Option<SourceRow>, zone: TimeZone, service: &Service) -> Result<Self> {
        let metadata = std::fs::metadata(path).map_err(Error::file("look at", path))?;
        let name = path.display().to_string();
        let row = known.unwrap_or(SourceRow {
            name: name.clone(),
            device: metadata.dev(),
            inode: metadata.ino(),
            offset: 0,
            line: 0,
            lines: 0,
            rejected: 0,
            seen_at: service.now(),
        });
        let stream = Stream::new(name, None, zone, row.line);
        let mut followed = Self { path: path.to_owned(), row, file: None, partial: Vec::new(), stream };
        let same = |metadata: &Metadata, row: &SourceRow| {
            (metadata.dev(), metadata.ino()) == (row.device, row.inode)
        };
        if same(&metadata, &followed.row) {
            followed.open(path)?;
        } else if let Some(renamed) = renamed(path, &followed.row) {
            tracing::info!(file = %renamed.display(), "the file was rotated while nobody followed; its rest is read first");
            followed.open(&renamed)?;
        } else {
            followed.begin_anew(&metadata)?;
        }
        Ok(followed)
    }

    /// Opens the remembered file at the remembered place; a shorter one was truncated and begins anew.
    fn open(&mut self, path: &Path) -> Result<()> {
        let mut file = BufReader::new(File::open(path).map_err(Error::file("open", path))?);
        let size = file.get_ref().metadata().map_err(Error::file("look at", path))?.len();
        if size < self.row.offset {
            (self.row.offset, self.row.line) = (0, 0);
            self.stream.restart(None);
        } else if self.row.offset > 0 {
            let head: Vec<String> =
                file.by_ref().lines().take(HEAD_LINES).map_while(std::result::Result::ok).collect();
            self.stream.prime(&head);
        }
        file.seek(SeekFrom::Start(self.row.offset)).map_err(Error::file("go on in", path))?;
        self.file = Some(file);
        Ok(())
    }

    /// Begins with the file that now has the name.
    fn begin_anew(&mut self, metadata: &Metadata) -> Result<()> {
        self.row = SourceRow {
            device: metadata.dev(),
            inode: metadata.ino(),
            offset: 0,
            line: 0,
            ..self.row.clone()
        };
        self.partial.clear();
        self.stream.restart(None);
        let path = self.path.clone();
        self.open(&path)
    }

    /// The next whole lines, at most a batch.
    fn read(&mut self) -> Result<Vec<String>> {
        let path = self.path.clone();
        let Some(file) = &mut self.file else { return Ok(Vec::new()) };
        let mut lines = Vec::new();
        while lines.len() < MAX_BATCH {
            let room = (MAX_LINE_BYTES as u64 + 2).saturating_sub(self.partial.len() as u64).max(1);
            let read = file
                .by_ref()
                .take(room)
                .read_until(b'\n', &mut self.partial)
                .map_err(Error::file("read", &path))?;
            if read == 0 {
                break;
            }
            let whole = self.partial.ends_with(b"\n");
            if !whole && (read as u64) < room {
                break;
            }
            self.row.offset += self.partial.len() as u64;
            self.row.line += u64::from(whole);
            let text = String::from_utf8_lossy(&self.partial);
            lines.push(text.trim_end_matches(['\n', '\r']).to_owned());
            self.partial.clear();
        }
        Ok(lines)
    }

    /// Whether the name now stands for another or a shorter file; if so, that one is begun.
    fn rotated(&mut self) -> Result<bool> {
        let metadata = match std::fs::metadata(&self.path) {
            Ok(metadata) => metadata,
            // Between renaming and creating there is no file for a moment.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(Error::file("look at", &self.path)(error)),
        };
        let same = (metadata.dev(), metadata.ino()) == (self.row.device, self.row.inode);
        let read = self.row.offset + self.partial.len() as u64;
        if same && metadata.len() >= read {
            return Ok(false);
        }
        tracing::info!(file = %self.path.display(), truncated = same, "the file was rotated");
        self.begin_anew(&metadata)?;
        Ok(true)
    }
}

/// The file beside `path` that is the remembered one under another name.
fn renamed(path: &Path, row: &SourceRow) -> Option<PathBuf> {
    let siblings = std::fs::read_dir(path.parent()?).ok()?.take(MAX_SIBLINGS);
    siblings.filter_map(std::result::Result::ok).map(|entry| entry.path()).find(|sibling| {
        let metadata = std::fs::metadata(sibling);
        metadata.is_ok_and(|metadata| (metadata.dev(), metadata.ino()) == (row.device, row.inode))
    })
}
