//! `fengsui import`: indicator lists into a node, on its data folder or by its address.
//!
//! Every file becomes a list of its own, under its name. What cannot be used is printed with file, line and
//! reason, and the rest goes in. Importing a file again changes nothing.

use std::collections::BTreeSet;
use std::io::{Cursor, Read as _};
use std::path::Path;
use std::time::Duration;

use fengsui_domain::refusal::Refusal;
use fengsui_matcher::list::{ListOptions, read_list};
use fengsui_service::indicators::{Import, ListFormat, ListWords, MAX_INDICATORS, told};
use fengsui_service::ingest::bulk::{MAX_UNPACKED_BYTES, MAX_UPLOAD_BYTES};
use fengsui_service::{Error, Service};
use fengsui_wire::api::{Problem, Reject};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::cli::{self, ImportFormat};
use crate::exit::{Failure, Outcome, answer, print_json, print_line, sentence};
use crate::matching::open;
use crate::node::{administer, keeper};

/// Rejects of a file that are printed for people; `--check` prints each.
const MAX_SHOWN: usize = 10;
/// The longest a node may take for one list: its indicators are compared, written and compiled.
const TIMEOUT: Duration = Duration::from_secs(300);
/// Bytes of a node's answer: a hundred rejects of a kilobyte each, ten times over.
const MAX_ANSWER_BYTES: u64 = 1 << 20;

/// A file that was imported, as `--json` prints it.
#[derive(Serialize)]
struct Row {
    file: String,
    name: String,
    #[serde(flatten)]
    done: Done,
}

/// What one file came to, here or as a node answers.
#[derive(Serialize, Deserialize)]
struct Done {
    #[serde(flatten)]
    counts: Counts,
    rejects: Vec<Reject>,
}

/// The counts of the public contract.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Counts {
    new: u64,
    updated: u64,
    unchanged: u64,
    rejected: u64,
}

impl Counts {
    fn add(&mut self, more: Self) {
        self.new += more.new;
        self.updated += more.updated;
        self.unchanged += more.unchanged;
        self.rejected += more.rejected;
    }
}

pub(crate) fn run(arguments: &cli::Import) -> Outcome {
    let names = names(arguments)?;
    if arguments.check {
        return check(arguments);
    }
    let files = arguments.files.iter().zip(&names);
    if let Some(url) = &arguments.url {
        let node = Node::new(url, arguments)?;
        let outcomes = files.map(|(path, name)| node.import(path, name)).collect();
        return finish(arguments, &names, outcomes);
    }
    administer(&arguments.data, async |service, _| {
        let mut outcomes = Vec::new();
        for (path, name) in files {
            outcomes.push(here(&service, path, name, arguments.format.into()).await);
        }
        finish(arguments, &names, outcomes)
    })
}

/// Imports a file into the node of a data folder.
async fn here(service: &Service, path: &Path, name: &str, format: ListFormat) -> Result<Done, Failure> {
    let words = ListWords { name: name.to_owned(), format: Some(format) };
    let imported = service.list_import(&keeper(), words, open(path)?).await;
    let import = imported.map_err(|error| refused(error).about(&path.display().to_string()))?;
    let Import { new, updated, unchanged, rejected, .. } = import;
    Ok(Done {
        counts: Counts { new, updated, unchanged, rejected },
        rejects: import.rejects.iter().map(told).collect(),
    })
}

/// The name of each file's list: what `--name` says, or the file's own.
fn names(arguments: &cli::Import) -> Result<Vec<String>, Failure> {
    if let Some(name) = &arguments.name {
        return match arguments.files.len() {
            1 => Ok(vec![name.clone()]),
            _ => Err(Failure::usage("`--name` is for one file; import them one by one")),
        };
    }
    let names: Vec<String> = arguments.files.iter().map(|path| list_name(path)).collect();
    if !arguments.check && arguments.files.iter().any(|path| path.as_os_str() == "-") {
        return Err(Failure::usage("standard input has no name; give the list one with `--name`"));
    }
    let mut seen = BTreeSet::new();
    match names.iter().find(|name| !seen.insert(*name)) {
        None => Ok(names),
        Some(twice) => Err(Failure::usage(format!(
            "two of the files would become the list `{twice}`; import them one by one with `--name`"
        ))),
    }
}

/// The name under which a file's list is known, the same as with `serve --indicators`.
pub(crate) fn list_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// Prints what each file came to. One that failed did not keep out the others.
fn finish(arguments: &cli::Import, names: &[String], outcomes: Vec<Result<Done, Failure>>) -> Outcome {
    let (mut rows, mut failed, mut total) = (Vec::new(), Vec::new(), Counts::default());
    for ((path, name), outcome) in arguments.files.iter().zip(names).zip(outcomes) {
        match outcome {
            Ok(done) => {
                total.add(done.counts);
                rows.push(Row { file: path.display().to_string(), name: name.clone(), done });
            }
            Err(failure) => failed.push(failure),
        }
    }
    for row in &rows {
        report(row, arguments.format);
    }
    if arguments.json {
        let mut document = serde_json::to_value(total)?;
        document["lists"] = serde_json::to_value(&rows)?;
        print_json(&document)?;
    } else {
        for Row { name, done: Done { counts, .. }, .. } in &rows {
            let Counts { new, updated, unchanged, rejected } = counts;
            print_line(&format!(
                "{name}: {new} new, {updated} updated, {unchanged} unchanged, {rejected} rejected"
            ))?;
        }
    }
    // All of them are told, the last one as the end of the command.
    let last = failed.pop();
    for failure in failed {
        failure.report();
    }
    last.map_or(Ok(answer(true)), Err)
}

/// Prints the first rejects of a file, and how to see the others.
fn report(row: &Row, format: ImportFormat) {
    for reject in row.done.rejects.iter().take(MAX_SHOWN) {
        eprintln!("{}", line(&row.file, reject));
    }
    let more = row.done.counts.rejected.saturating_sub(MAX_SHOWN as u64);
    if more > 0 {
        let format = ListFormat::from(format).name();
        eprintln!("{}: {more} more; `fengsui import --check {format} {}` shows each", row.file, row.file);
    }
}

/// A reject as people read it.
fn line(file: &str, Reject { line, value, code, detail }: &Reject) -> String {
    format!("{file}:{line}: `{value}`: {detail} [{}]", code.as_str())
}

/// Reads the files and prints every value that an import would leave out. Needs no node.
fn check(arguments: &cli::Import) -> Outcome {
    let (mut rows, mut good) = (Vec::new(), true);
    for path in &arguments.files {
        let file = path.display().to_string();
        let format = Some(arguments.format.into());
        let options = ListOptions { format, max: MAX_INDICATORS, ..ListOptions::new(file.as_str()) };
        let (mut found, mut printed) = (Vec::new(), Ok(()));
        let summary = read_list(open(path)?, &options, &mut |item| match item {
            Err(reject) if arguments.json => found.push(told(&reject)),
            Err(reject) if printed.is_ok() => printed = print_line(&line(&file, &told(&reject))),
            Ok(_) | Err(_) => {}
        })
        .map_err(|error| Failure::usage(sentence(&error)))?;
        printed?;
        let (accepted, rejected) = (summary.accepted, summary.rejected);
        good &= rejected == 0 && accepted > 0;
        eprintln!("{file}: {accepted} can be used, {rejected} would be left out");
        rows.push(json!({ "file": file, "accepted": accepted, "rejected": rejected, "rejects": found }));
    }
    if arguments.json {
        print_json(&json!({ "lists": rows }))?;
    }
    Ok(answer(good))
}

/// A list that cannot be used is bad input; whatever else stopped the import is a failure.
fn refused(error: Error) -> Failure {
    match error {
        Error::Invalid { .. }
        | Error::TooLarge { .. }
        | Error::Refused(
            Refusal::Missing { .. } | Refusal::TooLong { .. } | Refusal::ControlCharacter { .. },
        ) => Failure::usage(sentence(&error)),
        other => other.into(),
    }
}

/// A running node.
struct Node {
    url: String,
    authorization: String,
    format: ListFormat,
    agent: ureq::Agent,
}

impl Node {
    fn new(address: &str, arguments: &cli::Import) -> Result<Self, Failure> {
        let missing =
            || Failure::usage("give the token of an analyst or a duty officer in FENGSUI_TOKEN or `--token`");
        let token = arguments.token.as_deref().ok_or_else(missing)?;
        let agent =
            ureq::Agent::config_builder().timeout_global(Some(TIMEOUT)).http_status_as_error(false).build();
        Ok(Self {
            url: format!("{}/api/v1/indicator-lists", crate::node::address(address)?),
            authorization: format!("Bearer {token}"),
            format: arguments.format.into(),
            agent: agent.into(),
        })
    }

    /// Hands a file to the node. Sent again after a broken connection it is all `unchanged`.
    fn import(&self, path: &Path, name: &str) -> Result<Done, Failure> {
        let Self { url, authorization, .. } = self;
        let mut answer = self
            .agent
            .post(url)
            .query("name", name)
            .query("format", self.format.name())
            .header("Authorization", authorization)
            .header("Content-Type", "application/octet-stream")
            .header("Content-Encoding", "zstd")
            .send(&packed(path)?)
            .map_err(|error| Failure::stopped(format!("`{url}` cannot be reached: {error}")))?;
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(MAX_ANSWER_BYTES).read_to_vec()?;
        if status == 200 {
            return Ok(serde_json::from_slice(&body)?);
        }
        let said = serde_json::from_slice::<Problem>(&body).map(|problem| problem.detail);
        let said = said.unwrap_or_else(|_| "that is no answer of a node".to_owned());
        let words = format!("{}: `{url}` answered {status}: {said}", path.display());
        match status {
            400 | 413 | 415 | 422 => Err(Failure::usage(words)),
            _ => Err(Failure::stopped(words)),
        }
    }
}

/// The bytes of a file, packed again however it came, within what a node takes.
fn packed(path: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable =
        |error: std::io::Error| Failure::usage(format!("`{}` cannot be read: {error}", path.display()));
    let mut text = Vec::new();
    open(path)?.take(MAX_UNPACKED_BYTES + 1).read_to_end(&mut text).map_err(unreadable)?;
    let large = |bytes: usize, max: u64| {
        let split = "split it, or import it with `--data` on the node's own machine";
        Failure::usage(format!("`{}` has {bytes} bytes, at most {max} fit: {split}", path.display()))
    };
    if text.len() as u64 > MAX_UNPACKED_BYTES {
        return Err(large(text.len(), MAX_UNPACKED_BYTES));
    }
    let packed = zstd::encode_all(Cursor::new(text), 0).map_err(unreadable)?;
    if packed.len() > MAX_UPLOAD_BYTES {
        return Err(large(packed.len(), MAX_UPLOAD_BYTES as u64));
    }
    Ok(packed)
}
