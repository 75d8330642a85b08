//! The ledger: its checkpoint, its entries, and the proof of one entry.

use askama::Template;

use super::form::Form;
use super::parts::{Choice, Moment, Pager};
use super::shell::Shell;

/// `GET /ledger`.
#[derive(Template)]
#[template(path = "ledger/page.html")]
pub struct LedgerPage {
    /// The frame.
    pub shell: Shell,
    /// Name of the ledger in its checkpoints.
    pub origin: String,
    /// Number of entries.
    pub size: u64,
    /// Root of the tree, base64.
    pub root: String,
    /// When the checkpoint was signed.
    pub signed_at: Moment,
    /// The checkpoint as published.
    pub checkpoint: String,
    /// The verifier key, to be kept by whoever checks.
    pub verifier_key: String,
    /// Commands that verify it without trusting this node.
    pub commands: Vec<String>,
    /// When the last backup was finished.
    pub backup: Option<Moment>,
    /// When a backup was last restored as a trial.
    pub trial: Option<Moment>,
    /// What that trial found wrong; empty if nothing.
    pub trial_problem: String,
    /// The reader may list entries.
    pub may_list: bool,
}

/// `GET /ledger/entries` (auditors).
#[derive(Template)]
#[template(path = "ledger/entries.html")]
pub struct LedgerEntries {
    /// The frame.
    pub shell: Shell,
    /// Id `filter`, sent by GET: `kind`, `q`.
    pub form: Form,
    /// Kinds of entries to choose from.
    pub kinds: Vec<Choice>,
    /// The entries, newest first.
    pub rows: Vec<LedgerRow>,
    /// Pages.
    pub pager: Pager,
}

/// An entry in the list.
#[derive(Clone, Debug)]
pub struct LedgerRow {
    /// Its index.
    pub index: u64,
    /// Its page.
    pub href: String,
    /// When it was appended.
    pub at: Moment,
    /// Who.
    pub by: String,
    /// What kind: `clock.lapsed`.
    pub kind: String,
    /// What it is about: `JC-2026-0012`.
    pub subject: String,
    /// The leaf's hash, hexadecimal.
    pub hash: String,
}

/// `GET /ledger/entries/{index}`.
#[derive(Template)]
#[template(path = "ledger/proof.html")]
pub struct EntryProof {
    /// The frame.
    pub shell: Shell,
    /// Its index.
    pub index: u64,
    /// When it was appended.
    pub at: Moment,
    /// Who.
    pub by: String,
    /// What kind.
    pub kind: String,
    /// What it is about: text and page.
    pub subject: Option<(String, String)>,
    /// The bytes of the entry as text; `None` when the reader may not read this case.
    pub content: Option<String>,
    /// The leaf's hash, base64.
    pub leaf_hash: String,
    /// The inclusion proof, from the leaf upwards, base64.
    pub path: Vec<String>,
    /// Size of the tree it was proved against.
    pub tree_size: u64,
    /// Root of that tree, base64.
    pub root: String,
    /// The node itself checked the proof before showing it.
    pub checked: bool,
    /// A command that checks it without trusting this node.
    pub command: String,
    /// The entry before, if any.
    pub previous: Option<String>,
    /// The entry after, if any.
    pub next: Option<String>,
}
