//! Evidence: bytes kept by their hash, named by an incident, read by whoever may read the case.

use std::io::Read as _;

use fengsui_domain::id::{EvidenceId, IncidentId};
use fengsui_domain::incident::{Command, Evidence, Incident};
use fengsui_domain::permission::Permission;
use fengsui_domain::refusal::Refusal;
use fengsui_store::Versioned;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::folder::write_new;
use crate::node::Service;

/// Bytes of one piece of evidence: a memory dump belongs elsewhere, its hash here.
pub const MAX_BYTES: u64 = 64 << 20;

/// What is said of a piece of evidence.
#[derive(Clone, Debug)]
pub struct EvidenceWords {
    /// File name or description.
    pub name: String,
    /// When it was collected; now, if not said.
    pub collected_at: Option<Timestamp>,
    /// Where and how.
    pub note: String,
}

impl Service {
    /// Stores the bytes, then names them in the incident. Bytes without a name harm nobody. No bytes at all are
    /// refused: an upload that broke off proves nothing, and an empty file is told in a note.
    pub async fn evidence_add(
        &self,
        caller: &Caller,
        id: IncidentId,
        words: EvidenceWords,
        bytes: Vec<u8>,
    ) -> Result<Versioned<Incident>> {
        caller.actor.permit(Permission::IncidentWork)?;
        self.incident(caller, id).await?;
        if bytes.is_empty() {
            return Err(Refusal::Missing { field: "file" }.into());
        }
        let size_bytes = bytes.len() as u64;
        if size_bytes > MAX_BYTES {
            return Err(Error::TooLarge { what: "evidence", bytes: size_bytes, max: MAX_BYTES });
        }
        let sha256: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let path = self.folder()?.evidence(&sha256);
        let stored = tokio::task::spawn_blocking(move || {
            let shelf = path.parent().expect("a shelf is above every piece of evidence").to_owned();
            std::fs::create_dir_all(&shelf).map_err(Error::file("make the folder", &shelf))?;
            write_new(&path, &bytes, 0o600)
        });
        let broken = |_| Error::Invalid { field: "file", problem: "it could not be stored".into() };
        stored.await.map_err(broken)??;
        let collected_at = words.collected_at.unwrap_or_else(|| self.now());
        let command =
            Command::AddEvidence { name: words.name, sha256, size_bytes, collected_at, note: words.note };
        self.incident_command(caller, id, command).await
    }

    /// The bytes of a piece of evidence, checked against its hash.
    pub async fn evidence_bytes(
        &self,
        caller: &Caller,
        id: IncidentId,
        evidence: EvidenceId,
    ) -> Result<(Evidence, Vec<u8>)> {
        let incident = self.incident(caller, id).await?.value;
        let found = incident.evidence.into_iter().find(|known| known.id == evidence);
        let found = found.ok_or(Error::NotFound { what: "evidence", id: evidence.to_string() })?;
        let path = self.folder()?.evidence(&found.sha256);
        let mut bytes = Vec::new();
        let file = std::fs::File::open(&path).map_err(Error::file("read the evidence", &path))?;
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(Error::file("read the evidence", &path))?;
        let sha256: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        if sha256 != found.sha256 {
            let problem = format!("has SHA-256 {sha256}, so it was altered after it was collected");
            return Err(Error::BadFile { path, problem });
        }
        Ok((found, bytes))
    }
}
