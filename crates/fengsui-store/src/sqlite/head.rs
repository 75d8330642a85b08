//! The head of the ledger: read anew, checked against its signature, grown, signed.

use fengsui_ledger::tile::{Tile, TileId, TileReader};
use fengsui_ledger::{
    Checkpoint, Hash, SignedCheckpoint, SigningKey, Tiles, TreeHead, prove_consistency, verify_consistency,
};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::append::run;
use crate::{Result, StoreError};

/// The tiles of a database.
pub(crate) struct SqliteTiles<'a>(pub(crate) &'a Connection);

impl TileReader for SqliteTiles<'_> {
    type Error = rusqlite::Error;

    /// Whatever somebody put in place of bytes comes out as none.
    fn tile(&self, id: TileId) -> Result<Option<Vec<u8>>, Self::Error> {
        self.0
            .prepare_cached("SELECT hashes FROM ledger_tile WHERE level = ?1 AND idx = ?2")?
            .query_row(params![id.level, id.index.cast_signed()], |row| {
                Ok(row.get_ref(0)?.as_blob().map_or(Vec::new(), <[u8]>::to_vec))
            })
            .optional()
    }
}

/// The tree as stored, ready to grow.
///
/// It must be the one that was signed last, and, if this process has `seen` a head before, that one
/// grown: to sign on top of anything else would make a forgery good, or fork the ledger of a node whose
/// file was replaced by an older copy while it ran.
///
/// # Errors
/// [`StoreError::Ledger`] if it is not.
pub(super) fn head(connection: &Connection, signer: &SigningKey, seen: Option<TreeHead>) -> Result<Tiles> {
    let tiles = SqliteTiles(connection);
    let size: u64 = connection
        .query_row("SELECT coalesce(max(idx) + 1, 0) FROM ledger_entry", [], |row| row.get(0))
        .map_err(StoreError::database("read the size of the ledger"))?;
    let tree = Tiles::resume(size, &tiles).map_err(|error| StoreError::ledger(&error))?;
    let found = head_of(&tree);
    let promised = signed_head(connection, signer)?;
    if promised.is_some_and(|promised| promised != found) || (promised.is_none() && size > 0) {
        let reason =
            format!("its {size} entries are not the ones it signed last; run `fengsui ledger verify`");
        return Err(StoreError::Ledger { reason });
    }
    if let Some(seen) = seen.filter(|seen| *seen != found) {
        let proof =
            prove_consistency(&tiles, seen.size, found).map_err(|error| StoreError::ledger(&error))?;
        verify_consistency(&proof, seen, found).map_err(|error| StoreError::ledger(&error))?;
    }
    Ok(tree)
}

/// Size and root of a tree.
pub(super) fn head_of(tree: &Tiles) -> TreeHead {
    TreeHead { size: tree.size(), root: tree.root() }
}

/// The head that the stored checkpoint signs; `None` before the first.
fn signed_head(connection: &Connection, signer: &SigningKey) -> Result<Option<TreeHead>> {
    let note: Option<String> = connection
        .query_row("SELECT note FROM ledger_checkpoint", [], |row| row.get(0))
        .optional()
        .map_err(StoreError::database("read the checkpoint"))?;
    let Some(note) = note else { return Ok(None) };
    let key = signer.verifier_key();
    let opened = SignedCheckpoint::open(note.as_bytes(), key.name().as_str(), std::slice::from_ref(key));
    opened.map(|opened| Some(opened.checkpoint.head())).map_err(|error| StoreError::ledger(&error))
}

/// Grows the tree by `leaves`, writes the tiles that changed and the new checkpoint. Returns its head.
pub(super) fn grow(
    connection: &Connection,
    tree: &mut Tiles,
    leaves: &[Hash],
    signer: &SigningKey,
) -> Result<TreeHead> {
    let changed = tree.extend(leaves).map_err(|error| StoreError::ledger(&error))?;
    let head = head_of(tree);
    let checkpoint = Checkpoint {
        origin: signer.verifier_key().name().as_str().to_owned(),
        size: head.size,
        root: head.root,
        extensions: Vec::new(),
    };
    let note = checkpoint.sign(&[signer]).map_err(|error| StoreError::ledger(&error))?;
    store(connection, &changed, &note).map_err(StoreError::database("write the head of the ledger"))?;
    Ok(head)
}

fn store(connection: &Connection, tiles: &[Tile], note: &str) -> rusqlite::Result<()> {
    for tile in tiles {
        run(
            connection,
            "INSERT INTO ledger_tile (level, idx, hashes) VALUES (?1, ?2, ?3)
             ON CONFLICT (level, idx) DO UPDATE SET hashes = excluded.hashes",
            params![tile.id.level, tile.id.index, tile.hashes],
        )?;
    }
    run(
        connection,
        "INSERT INTO ledger_checkpoint (only, note) VALUES (1, ?1)
         ON CONFLICT (only) DO UPDATE SET note = excluded.note",
        params![note],
    )
}
