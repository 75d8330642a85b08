//! The entries of an index, packed: texts in one buffer, names of lists and notes kept once.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Arc;

use super::MAX_ENTRIES_OF_VALUE;
use crate::indicator::Indicator;
use crate::kind::Kind;

/// The number of an entry, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct EntryId(NonZeroU32);

impl EntryId {
    const fn at(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// An entry as it is handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'i> {
    /// Its kind.
    pub kind: Kind,
    /// Its value in normal form.
    pub value: &'i str,
    /// Its value as the list has it.
    pub written: &'i str,
    /// The name of the list.
    pub source: &'i str,
    /// The line of the list, from 1.
    pub line: u64,
    /// Family, campaign or remark.
    pub note: Option<&'i str>,
    /// How sure the list is, 0 to 100.
    pub confidence: Option<u8>,
}

/// Where a text stands in the buffer.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: u64,
    bytes: u32,
}

#[derive(Clone, Copy, Debug)]
struct Stored {
    value: Span,
    written: Span,
    line: u64,
    source: u32,
    /// Number of the note, from 1; 0 for none.
    note: u32,
    next: Option<EntryId>,
    kind: Kind,
    confidence: Option<u8>,
}

/// What became of an entry whose value was there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    Added,
    Repeated,
    Crowded,
}

/// All entries.
#[derive(Debug, Default)]
pub(super) struct Store {
    entries: Vec<Stored>,
    text: String,
    sources: Vec<Arc<str>>,
    notes: Vec<Arc<str>>,
    note_numbers: HashMap<Arc<str>, u32>,
}

impl Store {
    /// Stores an entry that nothing leads to yet.
    pub(super) fn push(&mut self, indicator: &Indicator) -> EntryId {
        let value = self.span(&indicator.pattern.to_string());
        let same = self.at(value) == indicator.written;
        let written = if same { value } else { self.span(&indicator.written) };
        let source = self.source(&indicator.source);
        let note = indicator.note.as_deref().map_or(0, |note| self.note(note));
        self.entries.push(Stored {
            value,
            written,
            line: indicator.line,
            source,
            note,
            next: None,
            kind: indicator.pattern.kind(),
            confidence: indicator.confidence,
        });
        let number = u32::try_from(self.entries.len()).expect("MAX_ENTRIES fits 32 bits");
        EntryId(NonZeroU32::new(number).expect("an entry was just pushed"))
    }

    /// Appends the entry pushed last to those of the same value, unless it is there or too many are.
    pub(super) fn link(&mut self, first: EntryId, new: EntryId) -> Link {
        let (mut last, mut count) = (first, 1);
        let twin = |a: &Stored, b: &Stored| (a.source, a.note) == (b.source, b.note);
        let outcome = loop {
            if twin(&self.entries[last.at()], &self.entries[new.at()]) {
                break Link::Repeated;
            }
            match self.entries[last.at()].next {
                None if count >= MAX_ENTRIES_OF_VALUE => break Link::Crowded,
                None => break Link::Added,
                Some(next) => (last, count) = (next, count + 1),
            }
        };
        if outcome == Link::Added {
            self.entries[last.at()].next = Some(new);
        } else {
            self.forget(new);
        }
        outcome
    }

    /// Takes back the entry pushed last.
    fn forget(&mut self, new: EntryId) {
        if let Some(stored) = self.entries.pop() {
            debug_assert_eq!(new.at(), self.entries.len());
            self.text.truncate(usize::try_from(stored.value.start).expect("it is a place in memory"));
        }
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = EntryId> {
        (1..=self.entries.len())
            .filter_map(|number| NonZeroU32::new(u32::try_from(number).ok()?).map(EntryId))
    }

    pub(super) fn entry(&self, id: EntryId) -> Entry<'_> {
        let stored = &self.entries[id.at()];
        Entry {
            kind: stored.kind,
            value: self.at(stored.value),
            written: self.at(stored.written),
            source: &self.sources[stored.source as usize],
            line: stored.line,
            note: (stored.note as usize).checked_sub(1).map(|at| &*self.notes[at]),
            confidence: stored.confidence,
        }
    }

    /// The normal form of an entry.
    pub(super) fn value(&self, id: EntryId) -> &str {
        self.at(self.entries[id.at()].value)
    }

    /// The entries of one value, from its first.
    pub(super) fn chain(&self, first: Option<EntryId>) -> impl Iterator<Item = Entry<'_>> {
        let ids = std::iter::successors(first, |id| self.entries[id.at()].next);
        ids.map(|id| self.entry(id))
    }

    /// Gives back what was only needed while building.
    pub(super) fn shrink(&mut self) {
        self.entries.shrink_to_fit();
        self.text.shrink_to_fit();
        self.note_numbers = HashMap::new();
    }

    fn span(&mut self, text: &str) -> Span {
        let start = self.text.len() as u64;
        self.text.push_str(text);
        Span { start, bytes: u32::try_from(text.len()).expect("MAX_INDICATOR_BYTES fits 32 bits") }
    }

    fn at(&self, span: Span) -> &str {
        let start = usize::try_from(span.start).expect("it is a place in memory");
        &self.text[start..start + span.bytes as usize]
    }

    fn source(&mut self, name: &Arc<str>) -> u32 {
        // Lists come one after the other, so the name is nearly always the last one.
        let at = self.sources.iter().rposition(|known| known == name).unwrap_or_else(|| {
            self.sources.push(name.clone());
            self.sources.len() - 1
        });
        u32::try_from(at).expect("there are no more lists than entries")
    }

    fn note(&mut self, note: &str) -> u32 {
        if let Some(number) = self.note_numbers.get(note) {
            return *number;
        }
        let note: Arc<str> = note.into();
        self.notes.push(note.clone());
        let number = u32::try_from(self.notes.len()).expect("there are no more notes than entries");
        self.note_numbers.insert(note, number);
        number
    }
}
