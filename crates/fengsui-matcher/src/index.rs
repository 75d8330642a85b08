//! The compiled set of indicators, and the questions that can be asked of it.
//!
//! Nothing here loops over indicators: names, URLs and digests are found in one hash table, addresses
//! and endpoints in others, networks in prefix tries. A name costs one look-up for each of its labels.
//! The set never changes once built, so it can be shared between threads behind an `Arc` and be
//! swapped for a newer one while readers still hold the old.
//!
//! The same value may come from several lists, or from one with several notes: each is an entry of its
//! own and each is found. The very same entry twice is kept once.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::net::IpAddr;
use std::sync::Arc;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use prefix_trie::PrefixMap;

use crate::indicator::Indicator;
use crate::kind::Kind;
use crate::locator::Locator;
use crate::pattern::{Pattern, Shape};
use names::Names;
use store::{EntryId, Store};

mod names;
mod store;

pub use store::Entry;

/// Entries of a set: "tens of millions" (design, section 4), at about 150 bytes each.
pub const MAX_ENTRIES: u32 = 100_000_000;
/// Entries of one value that are kept; a feed that repeats one value must not make each look-up long.
pub const MAX_ENTRIES_OF_VALUE: usize = 64;

/// Why an indicator was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    /// [`MAX_ENTRIES`] are in it.
    #[error("the set holds {MAX_ENTRIES} indicators already")]
    Full,
}

/// What a set holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IndexStats {
    /// Entries: values, once for each list and note that gave them.
    pub entries: u64,
    /// Different values.
    pub values: u64,
    /// Indicators that were there already, from the same list with the same note.
    pub repeated: u64,
    /// Entries left out because their value had [`MAX_ENTRIES_OF_VALUE`].
    pub crowded: u64,
    /// Values of each kind, in the order of [`Kind::ALL`].
    pub by_kind: [u64; Kind::ALL.len()],
}

/// A found entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found<'i> {
    /// What matched.
    pub entry: Entry<'i>,
    /// Whether only the address of an `ip:port` was seen, at another or at an unknown port.
    pub weak: bool,
}

/// A set in the making.
#[derive(Debug, Default)]
pub struct IndexBuilder {
    index: Index,
}

impl IndexBuilder {
    /// An empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes one indicator in.
    ///
    /// # Errors
    /// [`IndexError::Full`] if no more fit.
    pub fn add(&mut self, indicator: &Indicator) -> Result<(), IndexError> {
        if self.index.stats.entries >= u64::from(MAX_ENTRIES) {
            return Err(IndexError::Full);
        }
        self.index.insert(indicator);
        Ok(())
    }

    /// What it holds so far.
    pub fn stats(&self) -> IndexStats {
        self.index.stats
    }

    /// The finished set.
    pub fn build(mut self) -> Index {
        self.index.store.shrink();
        self.index
    }
}

impl FromIterator<Indicator> for Index {
    /// A set of these indicators, up to [`MAX_ENTRIES`].
    fn from_iter<I: IntoIterator<Item = Indicator>>(indicators: I) -> Self {
        let mut builder = IndexBuilder::new();
        for indicator in indicators {
            if builder.add(&indicator).is_err() {
                break;
            }
        }
        builder.build()
    }
}

/// A compiled set of indicators.
#[derive(Debug, Default)]
pub struct Index {
    store: Store,
    /// Domains, URLs and digests. No text is of two kinds: URLs have a slash and digests no dot.
    names: Names,
    addresses: HashMap<IpAddr, EntryId>,
    endpoints: HashMap<(IpAddr, u16), EntryId>,
    /// The first endpoint of each address, for weak sightings.
    endpoint_addresses: HashMap<IpAddr, EntryId>,
    networks_v4: PrefixMap<Ipv4Net, EntryId>,
    networks_v6: PrefixMap<Ipv6Net, EntryId>,
    stats: IndexStats,
}

impl Index {
    /// What it holds.
    pub fn stats(&self) -> IndexStats {
        self.stats
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.stats.entries == 0
    }

    /// Every entry, in the order in which it was added.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.store.ids().map(|id| self.store.entry(id))
    }

    /// The entries that match one whole value, the most specific first.
    ///
    /// `port` is the port that goes with the value if it is an address without one.
    pub fn find(&self, value: &str, port: Option<u16>) -> Vec<Found<'_>> {
        let mut found = Vec::new();
        self.search(value, &|| port, &mut |hit| found.push(hit));
        found
    }

    /// Like [`Index::find`]; asks for the port only if the answer depends on it.
    pub(crate) fn search<'i>(
        &'i self,
        value: &str,
        port: &dyn Fn() -> Option<u16>,
        on: &mut dyn FnMut(Found<'i>),
    ) {
        let Ok(shape) = Shape::read(value) else {
            return;
        };
        match shape {
            Shape::Address(address) => self.search_address(address, port, on),
            Shape::Endpoint(address, port) => self.search_address(address, &|| Some(port), on),
            Shape::Domain(name, _) => self.search_domain(&name, on),
            Shape::Url(url) => self.search_url(&url, on),
            Shape::Digest(_, digits) => self.give(self.names.find(&self.store, &digits), false, on),
            // A network in a log names a range, not an address that was seen.
            Shape::Network(_) => {}
        }
    }

    /// The URLs that match `text`, without regard to its host alone.
    pub(crate) fn search_whole_url<'i>(&'i self, text: &str, on: &mut dyn FnMut(Found<'i>)) {
        if let Ok(url) = Locator::read(text) {
            self.search_path(&url, on);
        }
    }

    fn search_path<'i>(&'i self, url: &Locator, on: &mut dyn FnMut(Found<'i>)) {
        self.give(self.names.find(&self.store, url.as_str()), false, on);
        if let Some(bare) = url.without_query() {
            self.give(self.names.find(&self.store, bare), false, on);
        }
    }

    fn search_url<'i>(&'i self, url: &Locator, on: &mut dyn FnMut(Found<'i>)) {
        self.search_path(url, on);
        if let Some(address) = url.address() {
            self.search_address(address, &|| url.port(), on);
        } else if let Some(name) = url.name() {
            self.search_domain(name, on);
        }
    }

    /// The name itself and every domain above it that has two labels at least.
    fn search_domain<'i>(&'i self, name: &str, on: &mut dyn FnMut(Found<'i>)) {
        let mut rest = name;
        while let Some(dot) = rest.find('.') {
            self.give(self.names.find(&self.store, rest), false, on);
            rest = &rest[dot + 1..];
        }
    }

    fn search_address<'i>(
        &'i self,
        address: IpAddr,
        port: &dyn Fn() -> Option<u16>,
        on: &mut dyn FnMut(Found<'i>),
    ) {
        self.give(self.addresses.get(&address).copied(), false, on);
        if let Some(some_port) = self.endpoint_addresses.get(&address) {
            let strong = port().and_then(|port| self.endpoints.get(&(address, port)));
            self.give(Some(*strong.unwrap_or(some_port)), strong.is_none(), on);
        }
        let mut containing: Vec<EntryId> = match address {
            IpAddr::V4(address) => self.networks_v4.cover_values(&address.into()).copied().collect(),
            IpAddr::V6(address) => self.networks_v6.cover_values(&address.into()).copied().collect(),
        };
        containing.reverse(); // the smallest network first
        for first in containing {
            self.give(Some(first), false, on);
        }
    }

    fn give<'i>(&'i self, first: Option<EntryId>, weak: bool, on: &mut dyn FnMut(Found<'i>)) {
        for entry in self.store.chain(first) {
            on(Found { entry, weak });
        }
    }

    fn insert(&mut self, indicator: &Indicator) {
        let kind = indicator.pattern.kind();
        let new = self.store.push(indicator);
        let first = match &indicator.pattern {
            Pattern::Domain(text) | Pattern::Url(text) | Pattern::Digest(_, text) => {
                self.names.insert(&self.store, text, new)
            }
            Pattern::Address(address) => first_of(self.addresses.entry(*address), new),
            Pattern::Endpoint(address, port) => {
                self.endpoint_addresses.entry(*address).or_insert(new);
                first_of(self.endpoints.entry((*address, *port)), new)
            }
            Pattern::Network(IpNet::V4(network)) => *self.networks_v4.entry(*network).or_insert(new),
            Pattern::Network(IpNet::V6(network)) => *self.networks_v6.entry(*network).or_insert(new),
        };
        if first == new {
            self.stats.values += 1;
            self.stats.by_kind[kind as usize] += 1;
            self.stats.entries += 1;
            return;
        }
        match self.store.link(first, new) {
            store::Link::Added => self.stats.entries += 1,
            store::Link::Repeated => self.stats.repeated += 1,
            store::Link::Crowded => self.stats.crowded += 1,
        }
    }
}

fn first_of<K>(slot: Slot<'_, K, EntryId>, new: EntryId) -> EntryId {
    *slot.or_insert(new)
}

/// A set shared by readers; cheap to clone, and to swap as a whole.
pub type SharedIndex = Arc<Index>;

#[cfg(test)]
mod tests;
