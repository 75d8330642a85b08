//! What an outsider can check with the public key alone.

use std::convert::Infallible;

use fengsui_domain::incident::IncidentChange;
use fengsui_ledger::{
    SignedCheckpoint, TileId, TileReader, TreeHead, leaf_hash, prove_consistency, prove_inclusion,
    verify_consistency, verify_inclusion,
};
use fengsui_store::{Result, Store};

use crate::home::{Home, ORIGIN, verifier};
use crate::make::{self, commit, number};

/// The tiles that the store hands to a prover.
struct Tiles<'a>(&'a dyn Fn(TileId) -> Option<Vec<u8>>);

impl TileReader for Tiles<'_> {
    type Error = Infallible;

    fn tile(&self, id: TileId) -> Result<Option<Vec<u8>>, Infallible> {
        Ok((self.0)(id))
    }
}

async fn head(store: &Store) -> TreeHead {
    let note = store.ledger_checkpoint().await.unwrap().unwrap();
    SignedCheckpoint::open(note.as_bytes(), ORIGIN, &[verifier()]).unwrap().checkpoint.head()
}

/// Commits notes to one incident, so many in each commit, and returns the head after each.
async fn grow(store: &Store, commits: impl IntoIterator<Item = u64>) -> Vec<TreeHead> {
    let (incident, opened) = make::incident(number("I", 1), "wave", None);
    store.commit(commit().batch(0, vec![opened])).await.unwrap();
    let mut heads = vec![head(store).await];
    let mut version = 1;
    for entries in commits {
        let note = |n| make::on_incident(incident, IncidentChange::Noted { text: format!("note {n}") });
        let done = store.commit(commit().batch(version, (0..entries).map(note).collect())).await.unwrap();
        version += entries;
        let head = head(store).await;
        assert_eq!((head.size, done.size), (version, version));
        heads.push(head);
    }
    heads
}

pub(crate) async fn every_checkpoint_is_signed_and_follows_the_last(home: &impl Home) {
    let store = home.open();
    // Up to and past the first full tile, in uneven steps, once exactly onto its edge.
    let heads = grow(&store, [1, 1, 2, 3, 5, 50, 100, 92, 1, 7, 60]).await;
    assert!(heads.iter().any(|head| head.size == 256) && heads.last().unwrap().size > 300);
    for pair in heads.windows(2) {
        let (old, new) = (pair[0], pair[1]);
        let proof = store.ledger_prove(move |tile| prove_consistency(&Tiles(tile), old.size, new)).await;
        verify_consistency(&proof.unwrap().unwrap(), old, new).unwrap();
    }
    for head in heads {
        for index in [0, head.size / 3, head.size - 1] {
            let entry = store.ledger_entries(index, 1).await.unwrap().remove(0);
            let proof = store.ledger_prove(move |tile| prove_inclusion(&Tiles(tile), index, head)).await;
            let proof = proof.unwrap().unwrap();
            verify_inclusion(&proof, leaf_hash(&entry), index, head).unwrap();
            verify_inclusion(&proof, leaf_hash(b"another"), index, head).unwrap_err();
        }
    }
    let report = home.verify();
    assert!(report.good(), "{report:?}");
    assert_eq!(report.root, Some(head(&store).await.root));
}

pub(crate) async fn entries_come_by_the_tile(home: &impl Home) {
    let store = home.open();
    grow(&store, [299]).await;
    let leaves = store.ledger_tile(TileId { level: 0, index: 0 }).await.unwrap().unwrap();
    let partial = store.ledger_tile(TileId { level: 0, index: 1 }).await.unwrap().unwrap();
    assert_eq!((leaves.len(), partial.len()), (256 * 32, 44 * 32));
    assert_eq!(store.ledger_tile(TileId { level: 1, index: 0 }).await.unwrap().unwrap().len(), 32);
    for missing in [TileId { level: 0, index: 2 }, TileId { level: 9, index: u64::MAX }] {
        assert_eq!(store.ledger_tile(missing).await.unwrap(), None);
    }
    for (first, count, expected) in
        [(0, 256, 256), (0, u16::MAX, 256), (256, 256, 44), (299, 1, 1), (300, 1, 0), (5, 0, 0)]
    {
        let entries = store.ledger_entries(first, count).await.unwrap();
        assert_eq!(entries.len(), expected, "{count} from {first}");
        let hashes = if first < 256 { &leaves[usize::try_from(first).unwrap() * 32..] } else { &partial };
        let stored = hashes.chunks_exact(32);
        if first < 257 {
            assert!(entries.iter().zip(stored).all(|(entry, hash)| leaf_hash(entry).0 == hash));
        }
    }
}
