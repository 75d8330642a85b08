//! A hash table from text to the first entry of that value, which keeps no text of its own.
//!
//! A slot is 8 bytes: 32 bits of the hash and the number of the entry, whose value is compared. Half of
//! the slots at most are in use, so a look-up that finds nothing mostly reads one of them. The hash is
//! keyed with the process's random key: whoever writes a list cannot make its values collide.

use std::hash::{BuildHasher, RandomState};

use super::store::{EntryId, Store};

#[derive(Clone, Copy, Debug)]
struct Slot {
    hash: u32,
    first: Option<EntryId>,
}

const EMPTY: Slot = Slot { hash: 0, first: None };
const FEWEST_SLOTS: usize = 16;

/// The table.
#[derive(Debug, Default)]
pub(super) struct Names {
    slots: Vec<Slot>,
    used: usize,
    key: RandomState,
}

impl Names {
    /// The first entry of this value.
    pub(super) fn find(&self, store: &Store, text: &str) -> Option<EntryId> {
        if self.used == 0 {
            return None;
        }
        let hash = self.hash(text);
        self.slots[self.place(store, hash, text)].first
    }

    /// The first entry of this value, which is `new` if there was none.
    pub(super) fn insert(&mut self, store: &Store, text: &str, new: EntryId) -> EntryId {
        if (self.used + 1) * 2 > self.slots.len() {
            self.grow();
        }
        let hash = self.hash(text);
        let at = self.place(store, hash, text);
        if let Some(first) = self.slots[at].first {
            return first;
        }
        self.slots[at] = Slot { hash, first: Some(new) };
        self.used += 1;
        new
    }

    /// The slot of this value, or the empty one where it belongs.
    fn place(&self, store: &Store, hash: u32, text: &str) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while let Slot { hash: other, first: Some(first) } = self.slots[at] {
            if other == hash && store.value(first) == text {
                break;
            }
            at = (at + 1) & mask;
        }
        at
    }

    fn grow(&mut self) {
        let slots = (self.slots.len() * 2).max(FEWEST_SLOTS);
        let old = std::mem::replace(&mut self.slots, vec![EMPTY; slots]);
        for slot in old.into_iter().filter(|slot| slot.first.is_some()) {
            let mut at = slot.hash as usize & (slots - 1);
            while self.slots[at].first.is_some() {
                at = (at + 1) & (slots - 1);
            }
            self.slots[at] = slot;
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "32 bits of the hash are what a slot keeps")]
    fn hash(&self, text: &str) -> u32 {
        self.key.hash_one(text) as u32
    }
}
