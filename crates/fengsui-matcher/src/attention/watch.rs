//! What is remembered between records, within limits.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::Timestamp;

use super::signal::Sample;
use super::{
    Attention, AttentionRule, Change, Distinct, MAX_LINES, MAX_RECENT, MAX_TRACKED_KEYS, MAX_USERS,
    WatchStats, short,
};

/// Rule (its place in the table), host and key.
type Place = (usize, Option<String>, String);

/// Watches one or more streams by a table of rules.
#[derive(Clone, Debug)]
pub struct Watch {
    rules: Vec<AttentionRule>,
    tracked: BTreeMap<Place, Tracked>,
    /// The same places by the time they were last touched, the oldest first.
    by_age: BTreeSet<(Timestamp, Place)>,
    most: usize,
    newest: Option<Timestamp>,
    /// The time of the record at hand.
    now: Option<Timestamp>,
    stats: WatchStats,
}

/// A sample that counts towards a rule.
#[derive(Clone, Debug)]
struct Counted {
    /// When it was first seen; earlier than `at` if several samples became one.
    first_at: Timestamp,
    at: Timestamp,
    line: u64,
    times: u32,
    user: Option<String>,
    /// What must differ, if anything must.
    mark: Option<String>,
}

/// What is known of one place.
#[derive(Clone, Debug, Default)]
pub(super) struct Tracked {
    recent: VecDeque<Counted>,
    open: Option<Attention>,
    touched_at: Option<Timestamp>,
}

impl Watch {
    /// A watch by these rules; [`super::RULES`] are those that ship.
    pub fn new(rules: impl Into<Vec<AttentionRule>>) -> Self {
        Self::with_limit(rules, MAX_TRACKED_KEYS)
    }

    /// A watch that remembers at most `most` keys.
    pub fn with_limit(rules: impl Into<Vec<AttentionRule>>, most: usize) -> Self {
        Self {
            rules: rules.into(),
            tracked: BTreeMap::new(),
            by_age: BTreeSet::new(),
            most: most.max(1),
            newest: None,
            now: None,
            stats: WatchStats::default(),
        }
    }

    /// What became of the observed records.
    pub fn stats(&self) -> WatchStats {
        self.stats
    }

    /// The attentions that may still go on, by rule, host and key.
    pub fn open(&self) -> impl Iterator<Item = &Attention> {
        self.tracked.values().filter_map(|tracked| tracked.open.as_ref())
    }

    pub(super) fn count_record(&mut self, at: Option<Timestamp>) {
        self.stats.records += 1;
        self.newest = self.newest.max(at);
        self.now = at.or(self.newest);
    }

    /// Takes one sample in for every rule that it concerns.
    pub(super) fn take(
        &mut self,
        line: u64,
        host: Option<&str>,
        sample: &Sample<'_>,
        on: &mut dyn FnMut(Change, &Attention),
    ) {
        let concerned =
            |rule: &AttentionRule| rule.counts == sample.signal || rule.followed_by == Some(sample.signal);
        let Some(at) = self.now else {
            self.stats.untimed += u64::from(self.rules.iter().any(concerned));
            return;
        };
        for number in 0..self.rules.len() {
            let rule = self.rules[number];
            if !concerned(&rule) {
                continue;
            }
            let place = (number, host.map(|host| short(host).to_owned()), short(&sample.key).to_owned());
            if rule.counts != sample.signal && !self.tracked.contains_key(&place) {
                continue; // Nothing has been counted that this could follow.
            }
            let tracked = self.tracked.entry(place.clone()).or_default();
            if tracked.touched_at.is_some_and(|newest| newest.duration_since(at) > rule.window) {
                self.stats.late += 1;
                continue;
            }
            self.stats.counted += 1;
            let before = tracked.touched_at;
            tracked.touched_at = before.max(Some(at));
            let counted = Counted {
                first_at: at,
                at,
                line,
                times: sample.times,
                user: sample.user.map(str::to_owned),
                mark: match rule.distinct {
                    Distinct::Any => None,
                    Distinct::User => Some(sample.user.unwrap_or_default().to_owned()),
                    Distinct::Path => Some(sample.path.unwrap_or_default().to_owned()),
                },
            };
            if let Some((change, attention)) =
                tracked.take(&rule, &place, counted, rule.counts == sample.signal)
            {
                on(change, attention);
            }
            self.touch(before, at, place);
        }
    }

    /// Notes that a place was touched, and forgets the oldest ones if there are too many.
    fn touch(&mut self, before: Option<Timestamp>, at: Timestamp, place: Place) {
        let at = before.map_or(at, |before| before.max(at));
        if let Some(before) = before {
            self.by_age.remove(&(before, place.clone()));
        }
        self.by_age.insert((at, place));
        while self.tracked.len() > self.most {
            let Some((_, oldest)) = self.by_age.pop_first() else { break };
            self.tracked.remove(&oldest);
            self.stats.forgotten += 1;
        }
    }
}

impl Tracked {
    /// Takes in a sample that counts, or (`counts` false) one that follows.
    fn take(
        &mut self,
        rule: &AttentionRule,
        place: &Place,
        sample: Counted,
        counts: bool,
    ) -> Option<(Change, &Attention)> {
        let ended = |attention: &Attention| sample.at.duration_since(attention.last_at) > rule.window;
        if self.open.as_ref().is_some_and(ended) {
            self.open = None;
        }
        self.recent.retain(|known| sample.at.duration_since(known.at) <= rule.window);
        let waits = rule.followed_by.is_some();
        if counts
            && !waits
            && let Some(attention) = &mut self.open
        {
            add(attention, &sample, true);
            return self.open.as_ref().map(|open| (Change::Updated, open));
        }
        if counts {
            self.remember(sample);
            if waits || !self.is_met(rule) {
                return None;
            }
            self.raise(rule, place);
            return self.open.as_ref().map(|open| (Change::Opened, open));
        }
        if self.open.is_none() && !self.is_met(rule) {
            return None;
        }
        let change = if self.open.is_none() { Change::Opened } else { Change::Updated };
        self.raise(rule, place);
        if let Some(attention) = &mut self.open {
            add(attention, &sample, false);
        }
        self.open.as_ref().map(|open| (change, open))
    }

    /// Keeps a sample. The same mark again becomes one with it; if there are too many, so do the oldest
    /// two behind those whose lines an attention would name.
    fn remember(&mut self, mut sample: Counted) {
        let twin =
            sample.mark.is_some().then(|| self.recent.iter().position(|known| known.mark == sample.mark));
        if let Some(known) = twin.flatten().and_then(|at| self.recent.remove(at)) {
            sample.absorb(&known);
        }
        if self.recent.len() >= MAX_RECENT
            && let Some(older) = self.recent.remove(MAX_LINES)
            && let Some(next) = self.recent.get_mut(MAX_LINES)
        {
            next.absorb(&older);
        }
        self.recent.push_back(sample);
    }

    fn is_met(&self, rule: &AttentionRule) -> bool {
        let threshold = rule.threshold as usize;
        if rule.distinct == Distinct::Any {
            let times = |known: &Counted| known.times as usize;
            self.recent.iter().map(times).fold(0, usize::saturating_add) >= threshold
        } else {
            self.recent.len() >= threshold.min(MAX_RECENT)
        }
    }

    /// Moves what was counted so far into the attention, opening it if need be.
    fn raise(&mut self, rule: &AttentionRule, (_, host, key): &Place) {
        let mut counted = std::mem::take(&mut self.recent).into_iter();
        if self.open.is_none() {
            let Some(first) = counted.next() else { return };
            let mut attention = Attention {
                rule: *rule,
                key: key.clone(),
                host: host.clone(),
                first_at: first.first_at,
                last_at: first.at,
                count: 0,
                lines: Vec::new(),
                users: BTreeSet::new(),
                more_users: false,
            };
            add(&mut attention, &first, true);
            self.open = Some(attention);
        }
        if let Some(attention) = &mut self.open {
            for sample in counted {
                add(attention, &sample, true);
            }
        }
    }
}

impl Counted {
    /// Takes in an older sample: its count, its time and its line.
    fn absorb(&mut self, older: &Self) {
        self.first_at = self.first_at.min(older.first_at);
        self.times = self.times.saturating_add(older.times);
        self.line = older.line;
    }
}

/// Adds a sample to an attention; one that only follows is not counted.
fn add(attention: &mut Attention, sample: &Counted, counts: bool) {
    attention.first_at = attention.first_at.min(sample.first_at);
    attention.last_at = attention.last_at.max(sample.at);
    attention.count += if counts { u64::from(sample.times) } else { 0 };
    let known = attention.lines.contains(&sample.line);
    if attention.lines.len() < MAX_LINES && !known {
        attention.lines.push(sample.line);
    } else if !counts && !known {
        // The line that follows is the one to look at first.
        attention.lines.pop();
        attention.lines.push(sample.line);
    }
    if let Some(user) =
        sample.user.as_ref().filter(|user| !user.is_empty() && !attention.users.contains(*user))
    {
        if attention.users.len() < MAX_USERS {
            attention.users.insert(user.clone());
        } else {
            attention.more_users = true;
        }
    }
}
