//! The archive of a backup: `backup.json`, `rows/TABLE/NUMBER`, `field.key`, `plans/…`, `evidence/…`, `end.json`.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use fengsui_age::Sealer;
use fengsui_ledger::SignedCheckpoint;
use fengsui_store::{Contents, RowSink, RowsAt, rows_out};
use tar::{Builder, EntryType, Header};
use zstd::stream::write::Encoder;

use crate::error::{Error, Result};
use crate::folder::Folder;

use super::{Counted, Head, HeadTable, LEVEL, Made, Tail, Told, cannot_write};

/// Folders below `plans/` that are looked into.
const MAX_DEPTH: usize = 8;

pub(super) const HEAD: &str = "backup.json";
pub(super) const TAIL: &str = "end.json";
pub(super) const FIELD_KEY: &str = "field.key";

type Archive<W> = Builder<Encoder<'static, Sealer<Counted<W>>>>;

/// Writes everything, and ends the stream.
pub(super) fn write<W: Write>(
    to: Sealer<Counted<W>>,
    head: Head,
    at: RowsAt<'_>,
    folder: &Folder,
    told: Told<'_>,
) -> Result<Made> {
    let archive = Builder::new(Encoder::new(to, LEVEL).map_err(cannot_write)?);
    let mut writing = Writing { archive, head, entries: 0, tail: Tail::default(), numbers: 0, told };
    rows_out(at, &mut writing)?;
    writing.files(folder)?;
    let Writing { mut archive, entries, tail, .. } = writing;
    put(&mut archive, TAIL, &serde_json::to_vec(&tail).expect("it has no map")).map_err(cannot_write)?;
    let ended = archive.into_inner().and_then(Encoder::finish).and_then(Sealer::finish);
    let bytes = ended.map_err(cannot_write)?.bytes;
    Ok(Made { entries, rows: tail.rows, files: tail.files, bytes })
}

struct Writing<'t, W: Write> {
    archive: Archive<W>,
    head: Head,
    entries: u64,
    tail: Tail,
    /// Chunks of rows so far.
    numbers: u64,
    told: Told<'t>,
}

impl<W: Write> RowSink for Writing<'_, W> {
    type Error = Error;

    fn begin(&mut self, contents: &Contents) -> Result<()> {
        let checkpoint =
            contents.checkpoint.clone().ok_or(Error::NotFound { what: "checkpoint", id: "ledger".into() })?;
        let key = self.head.verifier_key.parse::<fengsui_ledger::VerifierKey>();
        let key = key.map_err(|error| Error::backup(error.to_string()))?;
        let signed =
            SignedCheckpoint::open(checkpoint.as_bytes(), key.name().as_str(), std::slice::from_ref(&key));
        self.entries = signed.map_err(|error| Error::backup(error.to_string()))?.checkpoint.size;
        self.head.schema = contents.schema;
        self.head.checkpoint = checkpoint;
        let table = |table: &fengsui_store::Table| HeadTable {
            name: table.name.clone(),
            columns: table.columns.clone(),
        };
        self.head.tables = contents.tables.iter().map(table).collect();
        let head = serde_json::to_vec_pretty(&self.head).expect("it has no map");
        put(&mut self.archive, HEAD, &head).map_err(cannot_write)
    }

    fn rows(&mut self, table: &str, count: u64, bytes: &[u8]) -> Result<()> {
        self.numbers += 1;
        self.tail.rows += count;
        (self.told)(table, self.tail.rows);
        put(&mut self.archive, &format!("rows/{table}/{:08}", self.numbers), bytes).map_err(cannot_write)
    }
}

impl<W: Write> Writing<'_, W> {
    /// Adds the files of the folder that no other copy replaces. They come after the rows, so that what a row names
    /// is there: it was written before the row.
    fn files(&mut self, folder: &Folder) -> Result<()> {
        let key = folder.path().join("keys").join(FIELD_KEY);
        let text = fs::read(&key).map_err(Error::file("read the key", &key))?;
        put(&mut self.archive, FIELD_KEY, &text).map_err(cannot_write)?;
        for part in ["plans", "evidence"] {
            self.below(folder.path(), Path::new(part), MAX_DEPTH)?;
        }
        Ok(())
    }

    /// Adds the files below a folder, in the order of their names. What is no file, as a link, stays out.
    fn below(&mut self, folder: &Path, part: &Path, depth: usize) -> Result<()> {
        let path = folder.join(part);
        let names =
            || fs::read_dir(&path)?.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>();
        let mut names = names().map_err(Error::file("list", &path))?;
        names.sort();
        for name in names {
            let (part, path) = (part.join(&name), path.join(&name));
            let kind = fs::symlink_metadata(&path).map_err(Error::file("look at", &path))?.file_type();
            // What a node that died left behind is no file of its own.
            let draft = path.extension().is_some_and(|ending| ending.to_string_lossy().starts_with("draft-"));
            if kind.is_dir() && depth > 0 {
                self.below(folder, &part, depth - 1)?;
            } else if kind.is_file() && !draft {
                self.file(&part, &path)?;
            } else {
                tracing::warn!(path = %path.display(), "not in the backup: it is no file, or too deep");
            }
        }
        Ok(())
    }

    fn file(&mut self, name: &Path, path: &PathBuf) -> Result<()> {
        let cannot = |source| Error::File { doing: "read", path: path.clone(), source };
        let mut file = fs::File::open(path).map_err(cannot)?;
        let size = file.metadata().map_err(cannot)?.len();
        let mut header = header(size);
        // As long as it was when it began; a file that became shorter ends the backup.
        let contents = (&mut file).take(size);
        self.archive
            .append_data(&mut header, name, Exact { from: contents, missing: size })
            .map_err(cannot)?;
        self.tail.files += 1;
        (self.told)("files", self.tail.files);
        Ok(())
    }
}

/// Refuses to end early.
struct Exact<R> {
    from: R,
    missing: u64,
}

impl<R: Read> Read for Exact<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(into)?;
        if read == 0 && self.missing > 0 && !into.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.missing -= read as u64;
        Ok(read)
    }
}

fn put<W: Write>(archive: &mut Archive<W>, name: &str, bytes: &[u8]) -> io::Result<()> {
    archive.append_data(&mut header(bytes.len() as u64), name, bytes)
}

fn header(size: u64) -> Header {
    let mut header = Header::new_ustar();
    header.set_entry_type(EntryType::Regular);
    header.set_mode(0o600);
    header.set_size(size);
    header
}
