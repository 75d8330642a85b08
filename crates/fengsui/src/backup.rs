//! `fengsui backup` and `fengsui restore`.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use fengsui_service::Environment;
use fengsui_service::backup::{self, BackupTo, Identity, Recipient};
use serde_json::json;

use crate::cli::{Backup, BackupCommand, Restore};
use crate::exit::{Failure, Outcome, answer, print_json, print_line, sentence};
use crate::node::administer;
use crate::progress::Progress;

pub(crate) fn make(command: Backup) -> Outcome {
    let Backup { command, data, output, recipient, json } = command;
    if let Some(BackupCommand::Key { file }) = command {
        return key(&file);
    }
    let recipients = recipients(&recipient)?;
    let output = output.unwrap_or_else(|| "-".into());
    let streamed = output.as_os_str() == "-";
    if !fengsui_service::folder::Folder::new(&data.data).is_node() {
        return Err(Failure::usage(format!("there is no node in `{}`", data.data.display())));
    }
    administer(&data, async |service, caller| {
        let to = if streamed {
            BackupTo::Stream(Box::new(std::io::stdout()))
        } else {
            BackupTo::File(output.clone())
        };
        let progress = Arc::new(Mutex::new(Progress::new()));
        let told = Arc::clone(&progress);
        let tell = move |part: &str, done: u64| {
            told.lock().unwrap_or_else(PoisonError::into_inner).tell(part, done);
        };
        let made = service.backup(&caller, to, recipients, Box::new(tell)).await?;
        progress.lock().unwrap_or_else(PoisonError::into_inner).end();
        let words = format!(
            "{} entries, {} rows, {} files in {} bytes",
            made.entries, made.rows, made.files, made.bytes
        );
        if streamed {
            eprintln!("{words}");
        } else if json {
            print_json(&json!({
                "file": output, "entries": made.entries, "rows": made.rows, "files": made.files, "bytes": made.bytes,
            }))?;
        } else {
            print_line(&format!("`{}`: {words}", output.display()))?;
        }
        Ok(answer(true))
    })
}

/// Makes an identity and prints its recipient.
fn key(path: &Path) -> Outcome {
    let identity = Identity::from_seed(&Environment::system().bytes::<32>());
    let text = zeroize::Zeroizing::new(format!("# {}\n{}\n", identity.recipient(), *identity.to_text()));
    let made = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let written = made.and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|error| Failure::stopped(format!("cannot write `{}`: {error}", path.display())))?;
    eprintln!(
        "keep `{}` where the node is not: without it no backup for this key can be read",
        path.display()
    );
    print_line(&identity.recipient().to_string())?;
    Ok(answer(true))
}

pub(crate) fn recipients(texts: &[String]) -> Result<Vec<Recipient>, Failure> {
    let read = |text: &String| {
        text.trim().parse().map_err(|error| Failure::usage(format!("`{}`: {error}", text.trim())))
    };
    texts.iter().map(read).collect()
}

pub(crate) fn restore(command: Restore) -> Outcome {
    let Restore { file, identity, data, key, verify, json } = command;
    let identities = identities(&identity)?;
    let key = key.as_deref().map(crate::ledger::parse_key).transpose()?;
    let from: Box<dyn std::io::Read> = if file.as_os_str() == "-" {
        Box::new(std::io::stdin().lock())
    } else {
        let opened = fs::File::open(&file);
        Box::new(
            opened
                .map_err(|error| Failure::usage(format!("`{}` cannot be read: {error}", file.display())))?,
        )
    };
    let mut progress = Progress::new();
    let restore = backup::Restore {
        folder: data.data.clone(),
        database: data.database.clone(),
        from,
        identities,
        key,
        trial: verify,
    };
    let restored =
        backup::restore(restore, &Environment::system(), &mut |part, done| progress.tell(part, done));
    progress.end();
    let restored = match restored {
        Ok(restored) => restored,
        // To try is a question, so this is an answer.
        Err(fengsui_service::Error::Backup { problem }) if verify => {
            if json {
                print_json(&json!({"good": false, "problem": problem}))?;
            } else {
                print_line(&format!("this backup would not restore: {problem}"))?;
            }
            return Ok(answer(false));
        }
        Err(error @ (fengsui_service::Error::Backup { .. } | fengsui_service::Error::BadFile { .. })) => {
            return Err(Failure::usage(sentence(&error)));
        }
        Err(error) => return Err(Failure::failed(&error)),
    };
    if json {
        print_json(&json!({
            "good": true, "name": restored.name, "made_at": restored.made_at.to_string(),
            "entries": restored.entries, "root": restored.root, "rows": restored.rows, "files": restored.files,
            "old_key": restored.old_key, "new_key": restored.new_key,
        }))?;
        return Ok(answer(true));
    }
    let words = format!(
        "`{}` as it was at {}: {} entries, root {}, {} rows, {} files, all verified",
        restored.name, restored.made_at, restored.entries, restored.root, restored.rows, restored.files
    );
    let Some(new_key) = restored.new_key else {
        print_line(&format!("good: {words}; it would restore, and was removed again"))?;
        return Ok(answer(true));
    };
    print_line(&format!("restored in `{}`: {words}", data.data.display()))?;
    print_line("a new epoch of the ledger begins; give the new verifier key to whoever checks it:")?;
    print_line(&new_key)?;
    Ok(answer(true))
}

fn identities(files: &[PathBuf]) -> Result<Vec<Identity>, Failure> {
    let read = |path: &PathBuf| {
        let wrong = |error: &dyn std::error::Error| {
            Failure::usage(format!("`{}`: {}", path.display(), sentence(error)))
        };
        let text = zeroize::Zeroizing::new(fs::read_to_string(path).map_err(|error| wrong(&error))?);
        Identity::read_all(&text).map_err(|error| wrong(&error))
    };
    let all = files.iter().map(read).collect::<Result<Vec<_>, _>>()?.concat();
    if all.is_empty() {
        return Err(Failure::usage("there is no identity in it: a line that begins with `AGE-SECRET-KEY-1`"));
    }
    Ok(all)
}
