//! The head of the ledger: read anew, checked against its signature, grown, signed.

use fengsui_ledger::tile::{Tile, TileId, TileReader, right_edge};
use fengsui_ledger::{
    Checkpoint, Hash, SignedCheckpoint, SigningKey, Tiles, TreeHead, prove_consistency, verify_consistency,
};

use crate::append::run;
use crate::link::{Answer, DbError, Link, Row, Value, one, values};
use crate::postgres::Ask;
use crate::{Result, StoreError};

/// The tiles of a database.
pub(crate) struct StoredTiles<'a>(pub(crate) Link<'a>);

impl TileReader for StoredTiles<'_> {
    type Error = DbError;

    /// Whatever somebody put in place of bytes comes out as none.
    fn tile(&self, id: TileId) -> Result<Option<Vec<u8>>, Self::Error> {
        let (sql, values) = ask_tile(id);
        self.0.ask(sql, &values, |row| row.bytes(0))
    }
}

fn ask_tile<'v>(id: TileId) -> Ask<'v> {
    let values = values![id.level, id.index.cast_signed()].iter().map(Value::kept).collect();
    ("SELECT hashes FROM ledger_tile WHERE level = ?1 AND idx = ?2", values)
}

/// The tree as stored, ready to grow.
///
/// It must be the one that was signed last, and, if this process has `seen` a head before, that one
/// grown: to sign on top of anything else would make a forgery good, or fork the ledger of a node whose
/// file was replaced by an older copy while it ran.
///
/// # Errors
/// [`StoreError::Ledger`] if it is not.
pub(crate) fn head(link: Link<'_>, signer: &SigningKey, seen: Option<TreeHead>) -> Result<Tiles> {
    let tiles = StoredTiles(link);
    let size = size(link)?;
    let tree = Tiles::resume(size, &tiles).map_err(|error| StoreError::ledger(&error))?;
    let found = head_of(&tree);
    let promised = signed_head(link, signer)?;
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

/// The tree as this process left it, and the checkpoint that it signed over it.
pub(crate) struct Left {
    pub(crate) tree: Tiles,
    pub(crate) note: String,
}

impl Left {
    /// Whether nobody wrote since: the size, the checkpoint and the edge of the tree are those.
    pub(crate) fn stands(&self, link: Link<'_>) -> Result<bool> {
        let row = |row: &Row<'_>| Ok((row.get::<u64>(0)?, row.get::<Option<String>>(1)?));
        let doing = "read the head of the ledger";
        let found = one(link, doing, HEAD, values![], row)?;
        if found.is_none_or(|(size, note)| size != self.tree.size() || note.as_ref() != Some(&self.note)) {
            return Ok(false);
        }
        self.tree.has_edge(&StoredTiles(link)).map_err(StoreError::database(doing))
    }

    /// What [`Self::stands`] will ask.
    pub(crate) fn asks<'v>(&self) -> impl Iterator<Item = Ask<'v>> {
        let edge = right_edge(self.tree.size()).map(|(id, _)| ask_tile(id));
        std::iter::once((HEAD, Vec::new())).chain(edge)
    }
}

/// Size and checkpoint in one question.
const HEAD: &str = "SELECT coalesce(max(idx) + 1, 0), (SELECT note FROM ledger_checkpoint) FROM ledger_entry";

/// Size and root of a tree.
pub(crate) fn head_of(tree: &Tiles) -> TreeHead {
    TreeHead { size: tree.size(), root: tree.root() }
}

/// How many entries there are.
pub(crate) fn size(link: Link<'_>) -> Result<u64> {
    let sql = "SELECT coalesce(max(idx) + 1, 0) FROM ledger_entry";
    let size = one(link, "read the size of the ledger", sql, values![], |row| row.get(0))?;
    Ok(size.unwrap_or(0))
}

/// The signed checkpoint; `None` before the first entry.
pub(crate) fn checkpoint(link: Link<'_>) -> Result<Option<String>> {
    one(link, "read the checkpoint", "SELECT note FROM ledger_checkpoint", values![], |row| row.get(0))
}

/// The head that the stored checkpoint signs; `None` before the first.
fn signed_head(link: Link<'_>, signer: &SigningKey) -> Result<Option<TreeHead>> {
    let Some(note) = checkpoint(link)? else { return Ok(None) };
    let key = signer.verifier_key();
    let opened = SignedCheckpoint::open(note.as_bytes(), key.name().as_str(), std::slice::from_ref(key));
    opened.map(|opened| Some(opened.checkpoint.head())).map_err(|error| StoreError::ledger(&error))
}

/// Grows the tree by `leaves`, writes the tiles that changed and the new checkpoint. Returns the checkpoint.
pub(crate) fn grow(link: Link<'_>, tree: &mut Tiles, leaves: &[Hash], signer: &SigningKey) -> Result<String> {
    let changed = tree.extend(leaves).map_err(|error| StoreError::ledger(&error))?;
    let head = head_of(tree);
    let checkpoint = Checkpoint {
        origin: signer.verifier_key().name().as_str().to_owned(),
        size: head.size,
        root: head.root,
        extensions: Vec::new(),
    };
    let note = checkpoint.sign(&[signer]).map_err(|error| StoreError::ledger(&error))?;
    store(link, &changed, &note).map_err(StoreError::database("write the head of the ledger"))?;
    Ok(note)
}

fn store(link: Link<'_>, tiles: &[Tile], note: &str) -> Answer<()> {
    for tile in tiles {
        run(
            link,
            "INSERT INTO ledger_tile (level, idx, hashes) VALUES (?1, ?2, ?3)
             ON CONFLICT (level, idx) DO UPDATE SET hashes = excluded.hashes",
            values![tile.id.level, tile.id.index, &tile.hashes],
        )?;
    }
    run(
        link,
        "INSERT INTO ledger_checkpoint (\"only\", note) VALUES (1, ?1)
         ON CONFLICT (\"only\") DO UPDATE SET note = excluded.note",
        values![note],
    )
}
