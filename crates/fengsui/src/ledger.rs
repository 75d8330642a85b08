//! `fengsui ledger`: the proof of the whole history, offline.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use fengsui_ledger::audit::{Auditor, SignedHeads, Verdict};
use fengsui_ledger::{Hash, TileId, Tiles, TreeHead, VerifierKey, leaf_hash};
use fengsui_service::folder::Folder;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::cli::{Data, Ledger};
use crate::exit::{Failure, Outcome, answer, print_json, print_line, sentence};
use crate::node::administer;

mod outside;

/// Entries read at once.
const STEP: u16 = 256;
/// The longest line of an export: an entry of 64 KiB, every byte escaped to six, and its braces.
const MAX_LINE_BYTES: u64 = 6 * (1 << 16) + 1_024;
/// The longest a node may take for one answer.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Bytes of one answer of a node: a full bundle of entries.
const MAX_ANSWER_BYTES: u64 = fengsui_ledger::entries::MAX_BUNDLE_BYTES as u64;

/// First line of an export.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    /// Always `fengsui-ledger-export-1`.
    format: String,
    verifier_key: String,
    checkpoint: String,
}

/// Any further line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    index: u64,
    /// The entry's bytes, which are UTF-8 text.
    entry: String,
}

const FORMAT: &str = "fengsui-ledger-export-1";

pub(crate) fn run(command: Ledger) -> Outcome {
    match command {
        Ledger::Verify { place, key, earlier_key, checkpoint, json } => {
            verify(&place, key.as_deref(), &earlier_key, &checkpoint, json)
        }
        Ledger::Checkpoint { data } => outside::checkpoint(&data),
        Ledger::Prove { index, data, entry, output } => outside::prove(&data, index, &entry, &output),
        Ledger::Export { data, output } => export(&data, &output),
    }
}

/// What a verification found, wherever the ledger was.
struct Found {
    entries: u64,
    root: Option<String>,
    first_bad_index: Option<u64>,
    problems: Vec<String>,
}

/// Checkpoints that were kept elsewhere, and who may have signed them besides the key of the ledger.
struct Kept<'k> {
    files: &'k [PathBuf],
    earlier: Vec<VerifierKey>,
}

impl Kept<'_> {
    fn read(&self, key: &VerifierKey) -> Result<Vec<TreeHead>, Failure> {
        outside::read_kept(self.files, key, &self.earlier)
    }
}

fn verify(place: &str, key: Option<&str>, earlier: &[String], kept: &[PathBuf], json: bool) -> Outcome {
    let key = key.map(parse_key).transpose()?;
    let earlier = earlier.iter().map(|key| parse_key(key)).collect::<Result<_, _>>()?;
    let kept = &mut Kept { files: kept, earlier };
    let path = Path::new(place);
    let found = if place.starts_with("http://") || place.starts_with("https://") {
        verify_url(crate::node::address(place)?, key, kept)?
    } else if place.starts_with("postgres://") || place.starts_with("postgresql://") {
        verify_server(place, key, kept)?
    } else if path.is_dir() {
        verify_folder(path, key, kept)?
    } else if path.is_file() {
        verify_export(path, key.as_ref(), kept)?
    } else {
        return Err(Failure::usage(format!("`{place}` is no data folder, no export and no address")));
    };
    let good = found.problems.is_empty();
    if json {
        print_json(&json!({
            "good": good, "entries": found.entries, "root": found.root,
            "first_bad_index": found.first_bad_index, "problems": found.problems,
        }))?;
    } else {
        for problem in &found.problems {
            print_line(problem)?;
        }
        let verdict = if good && let Some(root) = &found.root {
            format!("good: {} entries, root {root}", found.entries)
        } else {
            let first =
                found.first_bad_index.map_or(String::new(), |index| format!(", first bad index {index}"));
            format!("tampered: {} problems{first}", found.problems.len())
        };
        print_line(&verdict)?;
    }
    Ok(answer(good))
}

pub(crate) fn parse_key(text: &str) -> Result<VerifierKey, Failure> {
    text.trim()
        .parse()
        .map_err(|error| Failure::usage(format!("`{}` is not a verifier key: {error}", text.trim())))
}

fn verify_folder(path: &Path, key: Option<VerifierKey>, kept: &mut Kept<'_>) -> Result<Found, Failure> {
    let key = match key {
        Some(key) => key,
        None => Folder::new(path).verifier_key().map_err(|error| Failure::usage(sentence(&error)))?,
    };
    if let Some(name) = Folder::new(path).database().map_err(|error| Failure::usage(sentence(&error)))? {
        return Err(Failure::usage(format!(
            "the rows of this node are in the database `{name}`: give its address instead of the folder, and \
             `--key \"$(cat {}/ledger.vkey)\"`",
            path.display()
        )));
    }
    if let Ok(text) = std::fs::read_to_string(Folder::new(path).earlier_keys_path()) {
        // A key more admits a checkpoint more to be held against the ledger; it vouches for nothing.
        kept.earlier.extend(text.lines().filter_map(|line| line.parse().ok()));
    }
    let kept = kept.read(&key)?;
    Ok(of_report(&fengsui_store::verify_folder(path, &key, &kept)?))
}

fn verify_server(url: &str, key: Option<VerifierKey>, kept: &Kept<'_>) -> Result<Found, Failure> {
    let key = key.ok_or_else(|| {
        Failure::usage(
            "a database cannot vouch for its own key: give the one from the node's `ledger.vkey` with `--key`",
        )
    })?;
    let kept = kept.read(&key)?;
    Ok(of_report(&fengsui_store::verify_server(url, &key, &kept)?))
}

fn of_report(report: &fengsui_store::Report) -> Found {
    let ledger = report.ledger.iter().flat_map(|findings| findings.list.iter().map(ToString::to_string));
    let state = report.state.iter().map(ToString::to_string);
    Found {
        entries: report.entries,
        root: report.root.map(|root| root.to_string()),
        first_bad_index: report.ledger.as_ref().map(fengsui_ledger::Findings::first_bad_index),
        problems: ledger.chain(state).collect(),
    }
}

/// Entries without tiles beside them: the signed root alone decides, so the first bad index is the first
/// missing entry, or 0 when any of them may be the altered one.
struct Plain {
    tree: Tiles,
    entries: u64,
    gap: Option<u64>,
    /// The roots over the first so many entries, where somebody kept a checkpoint of that size.
    roots: BTreeMap<u64, Hash>,
}

impl Plain {
    fn new() -> Self {
        Self { tree: Tiles::new(), entries: 0, gap: None, roots: BTreeMap::new() }
    }

    fn entry(&mut self, index: u64, bytes: &[u8], kept: &BTreeSet<u64>) -> Result<(), Failure> {
        if index != self.entries {
            self.gap.get_or_insert(self.entries);
        }
        self.tree.append(leaf_hash(bytes))?;
        self.entries += 1;
        if kept.contains(&self.entries) {
            self.roots.insert(self.entries, self.tree.root());
        }
        Ok(())
    }

    fn judge(self, checkpoint: &str, key: &VerifierKey, kept: &[TreeHead]) -> Found {
        let root = self.tree.root();
        let signed = fengsui_ledger::SignedCheckpoint::open(
            checkpoint.as_bytes(),
            key.name().as_str(),
            std::slice::from_ref(key),
        );
        let mut problems: Vec<String> =
            self.gap.iter().map(|index| format!("entry {index} is missing")).collect();
        match signed {
            Err(error) => problems.push(sentence(&error)),
            Ok(signed) if signed.checkpoint.size != self.entries => {
                let size = signed.checkpoint.size;
                problems.push(format!("the checkpoint covers {size} entries, {} are here", self.entries));
            }
            Ok(signed) if signed.checkpoint.root != root => {
                problems.push(format!("the entries make root {root}, signed was {}", signed.checkpoint.root));
            }
            Ok(_) => {}
        }
        problems.extend(outside::broken(kept, self.entries, |size| self.roots.get(&size).copied()));
        let first_bad_index = if problems.is_empty() { None } else { Some(self.gap.unwrap_or(0)) };
        Found { entries: self.entries, root: Some(root.to_string()), first_bad_index, problems }
    }
}

fn verify_export(path: &Path, key: Option<&VerifierKey>, kept: &Kept<'_>) -> Result<Found, Failure> {
    let unreadable =
        |error: std::io::Error| Failure::usage(format!("`{}` cannot be read: {error}", path.display()));
    let mut lines = BufReader::new(File::open(path).map_err(unreadable)?);
    let mut line = Vec::new();
    let mut number = 0_u64;
    let mut head: Option<Head> = None;
    let mut trusted: Option<(VerifierKey, Vec<TreeHead>)> = None;
    let mut sizes = BTreeSet::new();
    let mut plain = Plain::new();
    loop {
        line.clear();
        let read = std::io::Read::take(&mut lines, MAX_LINE_BYTES)
            .read_until(b'\n', &mut line)
            .map_err(unreadable)?;
        if read == 0 {
            break;
        }
        number += 1;
        let wrong = |error: serde_json::Error| {
            Failure::usage(format!(
                "{}:{number}:{}: not a line of a ledger export: {error}",
                path.display(),
                error.column()
            ))
        };
        if head.is_some() {
            let Line { index, entry } = serde_json::from_slice(&line).map_err(wrong)?;
            plain.entry(index, entry.as_bytes(), &sizes)?;
            continue;
        }
        let first: Head = serde_json::from_slice(&line).map_err(wrong)?;
        if first.format != FORMAT {
            return Err(Failure::usage(format!(
                "`{}` has format `{}`, this program reads `{FORMAT}`",
                path.display(),
                first.format
            )));
        }
        let key = key.cloned().map_or_else(|| parse_key(&first.verifier_key), Ok)?;
        let kept = kept.read(&key)?;
        sizes = kept.iter().map(|head| head.size).collect();
        trusted = Some((key, kept));
        head = Some(first);
    }
    let (Some(head), Some((key, kept))) = (head, trusted) else {
        return Err(Failure::usage(format!("`{}` is empty", path.display())));
    };
    Ok(plain.judge(&head.checkpoint, &key, &kept))
}

fn export(data: &Data, output: &PathBuf) -> Outcome {
    let key = Folder::new(&data.data).verifier_key().map_err(|error| Failure::usage(sentence(&error)))?;
    administer(data, async |service, _| {
        let checkpoint = service.ledger_checkpoint().await?;
        let signed = fengsui_ledger::SignedCheckpoint::open(
            checkpoint.as_bytes(),
            key.name().as_str(),
            std::slice::from_ref(&key),
        )?;
        let size = signed.checkpoint.size;
        let mut writer: Box<dyn Write> = if output.as_os_str() == "-" {
            Box::new(BufWriter::new(std::io::stdout().lock()))
        } else {
            Box::new(BufWriter::new(File::create(output)?))
        };
        let head = Head { format: FORMAT.into(), verifier_key: key.to_string(), checkpoint };
        writeln!(writer, "{}", serde_json::to_string(&head)?)?;
        let mut index = 0;
        while index < size {
            let count = u16::try_from(size - index).unwrap_or(STEP).min(STEP);
            for bytes in service.store().ledger_entries(index, count).await? {
                let entry = String::from_utf8(bytes)?;
                writeln!(writer, "{}", serde_json::to_string(&Line { index, entry })?)?;
                index += 1;
            }
        }
        writer.flush()?;
        eprintln!("{size} entries written");
        Ok(answer(true))
    })
}

/// Reads a node's checkpoint and tiles, and with a token its entries too.
fn verify_url(base: &str, key: Option<VerifierKey>, kept: &Kept<'_>) -> Result<Found, Failure> {
    let token = std::env::var("FENGSUI_TOKEN").ok();
    let key = key.ok_or_else(|| {
        Failure::usage(
            "a node cannot vouch for its own key: give the one from its `ledger.vkey` with `--key`",
        )
    })?;
    let kept = kept.read(&key)?;
    let remote = Remote { base: base.to_owned(), token, agent: agent() };
    let checkpoint = String::from_utf8(remote.get("/ledger/checkpoint")?)?;
    let signed = fengsui_ledger::SignedCheckpoint::open(
        checkpoint.as_bytes(),
        key.name().as_str(),
        std::slice::from_ref(&key),
    );
    let signed = match signed {
        Ok(signed) => signed.checkpoint,
        Err(error) => {
            let problems = vec![sentence(&error)];
            return Ok(Found { entries: 0, root: None, first_bad_index: Some(0), problems });
        }
    };
    let mut tiles = BTreeMap::new();
    for (id, width) in fengsui_ledger::tile::tiles_of(signed.size) {
        let path = fengsui_ledger::TilePath::Hashes { tile: id, width };
        tiles.insert(id, remote.get(&format!("/ledger/{path}"))?);
    }
    if remote.token.is_none() {
        eprintln!("without FENGSUI_TOKEN of an auditor only the hashes are checked, not the entries");
        let root = fengsui_ledger::proof::tree_root(&tiles, signed.size)?;
        let mut problems = if root == signed.root {
            Vec::new()
        } else {
            vec![format!("the tiles make root {root}, signed was {}", signed.root)]
        };
        let root_of = |size| fengsui_ledger::proof::tree_root(&tiles, size).ok();
        problems.extend(outside::broken(&kept, signed.size, root_of));
        let first_bad_index = if problems.is_empty() { None } else { Some(0) };
        return Ok(Found { entries: signed.size, root: Some(root.to_string()), first_bad_index, problems });
    }
    let mut heads = SignedHeads::default();
    heads.open(checkpoint.as_bytes(), key.name().as_str(), std::slice::from_ref(&key));
    kept.iter().for_each(|head| heads.add(*head));
    let mut auditor = Auditor::new(&tiles, heads);
    for (id, width) in fengsui_ledger::tile::tiles_of(signed.size).take_while(|(id, _)| id.level == 0) {
        let path = fengsui_ledger::TilePath::Entries { index: id.index, width };
        let bundle = remote.get(&format!("/ledger/{path}"))?;
        for (place, entry) in (0_u64..).zip(fengsui_ledger::entries::decode(&bundle, width)?) {
            auditor.entry(id.index * 256 + place, entry)?;
        }
    }
    let stored: Vec<TileId> = tiles.keys().copied().collect();
    Ok(match auditor.finish(stored)? {
        Verdict::Intact(audit) => Found {
            entries: audit.size,
            root: Some(audit.root.to_string()),
            first_bad_index: None,
            problems: Vec::new(),
        },
        Verdict::Tampered(findings) => Found {
            entries: signed.size,
            root: None,
            first_bad_index: Some(findings.first_bad_index()),
            problems: findings.list.iter().map(ToString::to_string).collect(),
        },
    })
}

struct Remote {
    base: String,
    token: Option<String>,
    agent: ureq::Agent,
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().timeout_global(Some(TIMEOUT)).http_status_as_error(false).build().into()
}

impl Remote {
    fn get(&self, path: &str) -> Result<Vec<u8>, Failure> {
        let url = format!("{}{path}", self.base);
        let mut request = self.agent.get(&url);
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        let mut answer =
            request.call().map_err(|error| Failure::usage(format!("`{url}` cannot be read: {error}")))?;
        if answer.status() != 200 {
            return Err(Failure::usage(format!("`{url}` answered {}", answer.status())));
        }
        Ok(answer.body_mut().with_config().limit(MAX_ANSWER_BYTES).read_to_vec()?)
    }
}
