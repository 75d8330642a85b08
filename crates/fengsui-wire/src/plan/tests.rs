use super::load::load_with_options;
use super::{Loaded, PackFile, load};

mod arbitrary;
mod broken;
mod duties;
mod findings;
mod library;
mod minimal;
mod national;
mod optional;
mod options;
mod playbooks;
mod shipped;
mod show;
mod tries;
mod warnings;

/// The files of a folder below `tests/fixtures/plans`, each as `folder/name` with its bytes.
pub(in crate::plan) fn fixture(folder: &str) -> Vec<(String, Vec<u8>)> {
    let path = format!("{}/../../tests/fixtures/plans/{folder}", env!("CARGO_MANIFEST_DIR"));
    let entries = std::fs::read_dir(&path).unwrap_or_else(|error| panic!("cannot list {path}: {error}"));
    let mut files: Vec<(String, Vec<u8>)> = entries
        .map(|entry| {
            let entry = entry.expect("a directory entry");
            let name = entry.file_name().into_string().expect("a readable name");
            (format!("{folder}/{name}"), std::fs::read(entry.path()).expect("a readable file"))
        })
        .collect();
    files.sort();
    files
}

pub(in crate::plan) fn load_files(files: &[(String, Vec<u8>)]) -> Loaded {
    let files: Vec<PackFile<'_>> = files.iter().map(|(path, bytes)| PackFile { path, bytes }).collect();
    load_with_options(&files, None)
}

/// Every finding as a line: code and what is said.
fn said(loaded: &Loaded) -> Vec<String> {
    loaded.findings.iter().map(|finding| format!("{} {finding}", finding.code.info().code)).collect()
}
