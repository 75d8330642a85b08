//! Reading the repository: its files, each with its path from the root.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold what was built, fetched or found, never what was written here.
const NOT_OURS: [&str; 7] =
    ["target", "node_modules", "fengsui-data", "fuzz/corpus", "fuzz/artifacts", "fuzz/coverage", "docs/book"];
/// Hidden folders that belong to the repository; all others are tools' own.
const HIDDEN: [&str; 3] = [".cargo", ".ci", ".config"];

/// A text file.
pub(crate) struct File {
    /// From the root, with `/`.
    pub(crate) path: String,
    /// What it holds.
    pub(crate) text: String,
}

impl File {
    /// A file of a test.
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self { path: path.into(), text: text.into() }
    }

    /// Whether it was copied here as it is in the world: data, not our words.
    pub(crate) fn is_fixture(&self) -> bool {
        self.path.split('/').any(|part| part == "fixtures" || part == "golden")
    }
}

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the repository")
}

/// A text file of the repository, which must be there.
pub(crate) fn read(path: &str) -> String {
    match fs::read_to_string(root().join(path)) {
        Ok(text) => text,
        Err(error) => panic!("cannot read `{path}`: {error}"),
    }
}

/// A manifest or another TOML file.
pub(crate) fn toml(path: &str) -> toml::Table {
    match read(path).parse() {
        Ok(table) => table,
        Err(error) => panic!("cannot read `{path}`: {error}"),
    }
}

/// Every text file, sorted by path; what is not UTF-8 is no text.
pub(crate) fn files() -> Vec<File> {
    let mut files = Vec::new();
    collect(root(), &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(files.len() > 50, "only {} files found: the rules below would hold of nothing", files.len());
    files
}

/// Names of the folders in `crates`, sorted.
pub(crate) fn crates() -> Vec<String> {
    let mut names: Vec<String> = entries(&root().join("crates"))
        .into_iter()
        .filter(|path| path.join("Cargo.toml").is_file())
        .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()))
        .collect();
    names.sort_unstable();
    names
}

/// What a folder holds, unsorted.
pub(crate) fn entries(folder: &Path) -> Vec<PathBuf> {
    let read = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match read {
        Ok(entries) => entries.into_iter().map(|entry| entry.path()).collect(),
        Err(error) => panic!("cannot read the folder `{}`: {error}", folder.display()),
    }
}

fn collect(folder: &Path, files: &mut Vec<File>) {
    for path in entries(folder) {
        let relative = path.strip_prefix(root()).expect("it was found under the root");
        let relative = relative.to_string_lossy().replace('\\', "/");
        if path.is_symlink() || is_foreign(&relative) {
            continue;
        }
        if path.is_dir() {
            collect(&path, files);
        } else if let Ok(text) = fs::read_to_string(&path) {
            files.push(File { path: relative, text });
        }
    }
}

fn is_foreign(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let hidden_folder = name.starts_with('.') && !HIDDEN.contains(&name) && !name.starts_with(".git");
    hidden_folder || path == ".git" || NOT_OURS.iter().any(|folder| *folder == path || *folder == name)
}
