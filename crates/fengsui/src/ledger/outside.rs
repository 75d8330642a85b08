//! What leaves the node so that others can hold it to its word: checkpoints and proofs.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use fengsui_domain::permission::SystemRole;
use fengsui_ledger::{Hash, ProofFile, SignedCheckpoint, TreeHead, VerifierKey};

use crate::cli::Data;
use crate::exit::{Failure, Outcome, answer, sentence};
use crate::node::administer;

/// Prints the signed checkpoint, to the byte.
pub(super) fn checkpoint(data: &Data) -> Outcome {
    administer(data, async |service, _| {
        let checkpoint = service.ledger_checkpoint().await?;
        std::io::stdout().write_all(checkpoint.as_bytes())?;
        Ok(answer(true))
    })
}

/// Writes an entry and the proof that it stands in the ledger.
pub(super) fn prove(data: &Data, index: u64, entry: &Path, output: &Path) -> Outcome {
    administer(data, async |service, mut caller| {
        caller.actor.roles.insert(SystemRole::Auditor);
        let proven = service.ledger_proof(&caller, index).await?;
        let (proof, checkpoint) = (proven.proof, proven.checkpoint);
        let proof = ProofFile { extra: None, index, proof, checkpoint }.to_string();
        fs::write(entry, &proven.bytes)?;
        if output.as_os_str() == "-" {
            std::io::stdout().write_all(proof.as_bytes())?;
        } else {
            fs::write(output, proof)?;
        }
        Ok(answer(true))
    })
}

/// The heads of the checkpoints in files that were kept elsewhere, signed by the key of the ledger or one of its
/// earlier epochs.
///
/// # Errors
/// [`Failure`] of usage for a file that cannot be read or holds no checkpoint that one of these keys signed: it says
/// nothing about the ledger then.
pub(super) fn read_kept(
    files: &[PathBuf],
    key: &VerifierKey,
    earlier: &[VerifierKey],
) -> Result<Vec<TreeHead>, Failure> {
    let read = |path: &PathBuf| {
        let wrong = |error: &dyn std::error::Error| {
            Failure::usage(format!(
                "`{}` cannot be held against the ledger: {}",
                path.display(),
                sentence(error)
            ))
        };
        let note = fs::read(path).map_err(|error| wrong(&error))?;
        let by =
            |key: &VerifierKey| SignedCheckpoint::open(&note, key.name().as_str(), std::slice::from_ref(key));
        let signed = by(key).or_else(|error| earlier.iter().find_map(|key| by(key).ok()).ok_or(error));
        Ok(signed.map_err(|error| wrong(&error))?.checkpoint.head())
    };
    files.iter().map(read).collect()
}

/// Which kept heads a ledger of `entries` entries does not continue, in words; `root_of` is its root over so many.
pub(super) fn broken(
    kept: &[TreeHead],
    entries: u64,
    root_of: impl Fn(u64) -> Option<Hash>,
) -> impl Iterator<Item = String> {
    kept.iter().filter_map(move |head| {
        if head.size > entries {
            return Some(format!("the kept checkpoint covers {} entries, {entries} are here", head.size));
        }
        let root = if head.size == 0 { Some(head.root) } else { root_of(head.size) };
        (root != Some(head.root))
            .then(|| format!("the first {} entries are not those of the kept checkpoint", head.size))
    })
}
