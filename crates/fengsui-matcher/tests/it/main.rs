//! The matcher as its users see it: real lists, real logs, and a plain reference.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops where it is")]

mod attention;
mod lists;
mod logs;
mod reference;

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

/// A file of the repository's fixtures.
fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures").join(name)
}

/// The same, opened.
fn open(name: &str) -> BufReader<File> {
    let path = fixture(name);
    BufReader::new(File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}
