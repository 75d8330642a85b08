//! The ledger as outsiders see it: checkpoint, tiles, entries, proofs.

use fengsui_domain::permission::Permission;
use fengsui_ledger::{InclusionProof, SignedCheckpoint, TileId, TileReader, prove_inclusion};
use fengsui_store::{Page, TimelineRow};

use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::node::Service;

/// An entry with its proof under the present checkpoint.
#[derive(Clone, Debug)]
pub struct Proven {
    /// Its index.
    pub index: u64,
    /// Its bytes, as hashed.
    pub bytes: Vec<u8>,
    /// The proof.
    pub proof: InclusionProof,
    /// The checkpoint it leads to.
    pub checkpoint: String,
}

struct Tiles<'a>(&'a dyn Fn(TileId) -> Option<Vec<u8>>);

impl TileReader for Tiles<'_> {
    type Error = std::convert::Infallible;

    fn tile(&self, id: TileId) -> std::result::Result<Option<Vec<u8>>, Self::Error> {
        Ok((self.0)(id))
    }
}

impl Service {
    /// The signed checkpoint. Open to everybody.
    pub async fn ledger_checkpoint(&self) -> Result<String> {
        let note = self.inner.store.ledger_checkpoint().await?;
        note.ok_or(Error::NotFound { what: "checkpoint", id: "ledger".into() })
    }

    /// The hashes of a tile. Open to everybody: an entry's hash says nothing about its content, since
    /// every entry holds a random id.
    pub async fn ledger_tile(&self, id: TileId) -> Result<Vec<u8>> {
        let tile = self.inner.store.ledger_tile(id).await?;
        tile.ok_or(Error::NotFound { what: "tile", id: id.to_string() })
    }

    /// The bytes of up to 256 entries from `first` on.
    pub async fn ledger_entries(&self, caller: &Caller, first: u64, count: u16) -> Result<Vec<Vec<u8>>> {
        caller.actor.permit(Permission::LedgerRead)?;
        Ok(self.inner.store.ledger_entries(first, count).await?)
    }

    /// Entries, newest first.
    pub async fn ledger_list(
        &self,
        caller: &Caller,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Page<TimelineRow>> {
        caller.actor.permit(Permission::LedgerRead)?;
        Ok(self.inner.store.entry_list(None, before, limit).await?)
    }

    /// An entry with its proof. Readers of the ledger get any; readers of cases those of cases.
    pub async fn ledger_proof(&self, caller: &Caller, index: u64) -> Result<Proven> {
        let missing = || Error::NotFound { what: "entry", id: index.to_string() };
        let bytes = self.inner.store.ledger_entries(index, 1).await?.pop().ok_or_else(missing)?;
        if !caller.actor.may(Permission::LedgerRead) {
            let entry: fengsui_domain::change::Entry =
                serde_json::from_slice(&bytes).map_err(|_| missing())?;
            let case = matches!(entry.change.subject().kind(), "event" | "incident");
            if !case || !caller.actor.may(Permission::CaseRead) {
                return Err(missing());
            }
        }
        let checkpoint = self.ledger_checkpoint().await?;
        let key = self.inner.verifier_key.clone();
        let signed =
            SignedCheckpoint::open(checkpoint.as_bytes(), key.name().as_str(), std::slice::from_ref(&key));
        let head = signed.map_err(|_| missing())?.checkpoint.head();
        let proof =
            self.inner.store.ledger_prove(move |tile| prove_inclusion(&Tiles(tile), index, head)).await?;
        Ok(Proven { index, bytes, proof: proof.map_err(|_| missing())?, checkpoint })
    }
}
