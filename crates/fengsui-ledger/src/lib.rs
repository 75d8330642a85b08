#![doc = include_str!("../README.md")]

pub mod audit;
pub mod checkpoint;
pub mod entries;
pub mod hash;
pub mod note;
mod peaks;
pub mod proof;
mod quote;
#[cfg(test)]
mod reference;
pub mod tile;

pub use audit::{Audit, Auditor, Finding, Findings, SignedHeads, Verdict};
pub use checkpoint::{Checkpoint, SignedCheckpoint};
pub use hash::{EMPTY_ROOT, Hash, leaf_hash, node_hash};
pub use note::{CosigningKey, KeyName, Note, NoteSignature, SigningKey, VerifierKey};
pub use proof::{
    ConsistencyProof, InclusionProof, ProofFile, TreeHead, prove_consistency, prove_inclusion,
    verify_consistency, verify_inclusion,
};
pub use tile::{Tile, TileId, TilePath, TileReader, Tiles, Width};
