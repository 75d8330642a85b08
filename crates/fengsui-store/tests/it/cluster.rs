//! A PostgreSQL server in a temporary folder, shared by the tests of a run.
//!
//! The first test that asks starts it; it ends with the run (the process above the tests), whatever way that ends.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Whom a server runs as where the tests run as root, which PostgreSQL refuses.
pub(crate) const USER: &str = "postgres";

/// The folder of this run's server, started if nobody did yet.
pub(crate) fn of_this_run() -> PathBuf {
    let run = std::os::unix::process::parent_id();
    let folder = std::env::temp_dir().join(format!("fengsui-postgres-{run}"));
    std::fs::create_dir_all(&folder).unwrap();
    let lock = File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    let ready = folder.join("ready");
    if !ready.exists() {
        start(&folder, run);
        File::create(ready).unwrap();
    }
    folder
}

/// The address of a database.
pub(crate) fn url(folder: &Path, database: &str) -> String {
    format!("postgres:///{database}?host={}&user={USER}", folder.display())
}

/// Makes a cluster and starts its server on a socket in the folder; a watcher ends it with the run.
fn start(folder: &Path, run: u32) {
    let programs = programs();
    let root = is_root();
    let as_user = |program: &str| {
        let program = programs.join(program);
        let mut command = Command::new(if root { Path::new("setpriv") } else { &program });
        if root {
            command.args(["--reuid", USER, "--regid", USER, "--clear-groups", "--"]).arg(&program);
        }
        command.current_dir(folder).stdout(Stdio::null()).stdin(Stdio::null());
        command
    };
    if root {
        done(Command::new("chown").args([USER, &folder.display().to_string()]));
    }
    let data = folder.join("data");
    let locale = ["--username", USER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync"];
    done(as_user("initdb").args(locale).arg("--pgdata").arg(&data));
    let options = format!(
        "-k {} -c listen_addresses= -c max_connections=200 -c log_min_messages=panic",
        folder.display()
    );
    done(
        as_user("pg_ctl")
            .args(["start", "--wait", "--silent", "--options", &options, "--log"])
            .arg(folder.join("log"))
            .arg("--pgdata")
            .arg(&data),
    );
    let stop = format!(
        "while kill -0 {run} 2>/dev/null; do sleep 1; done; kill -QUIT $(head -1 {data}/postmaster.pid); sleep 1; rm -rf {folder}",
        data = data.display(),
        folder = folder.display()
    );
    let mut watcher = Command::new("sh");
    // In a session of its own, so that what ends the tests does not end it.
    watcher.args(["-c", "setsid sh -c \"$0\" &", &stop]);
    watcher.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    assert!(watcher.status().unwrap().success());
}

fn done(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").unwrap().uid() == 0
}

/// Where the newest server's programs are; Debian keeps them off the path.
pub(crate) fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest =
        versions.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").exists()).max();
    newest.expect("PostgreSQL is not installed: run `apt-get install postgresql`")
}
