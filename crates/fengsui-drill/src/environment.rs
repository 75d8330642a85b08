//! The virtual outside: a clock that moves when told, dice that begin with a seed.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use fengsui_service::{Environment, Random, Time};
use fengsui_wire::plan::scenario::Range;
use jiff::{SignedDuration, Timestamp};

/// A clock that stands still until it is set, and never goes back.
pub struct Clock {
    now: Mutex<Timestamp>,
    /// What the steady clock counts from.
    began: (Timestamp, Instant),
}

impl Clock {
    /// A clock that stands at `at`.
    pub fn at(at: Timestamp) -> Arc<Self> {
        Arc::new(Self { now: Mutex::new(at), began: (at, Instant::now()) })
    }

    /// Moves it forward to `to`; an earlier time leaves it where it stands.
    pub fn set(&self, to: Timestamp) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        *now = to.max(*now);
    }
}

impl Time for Clock {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn steady(&self) -> Instant {
        let (wall, steady) = self.began;
        steady + Duration::try_from(self.now().duration_since(wall)).unwrap_or_default()
    }
}

/// Dice that roll the same for the same seed: `SplitMix64` (Steele, Lea and Flood, 2014). Anybody who knows
/// the seed knows the rolls, so nothing made with them is a secret.
pub struct Dice(Mutex<u64>);

impl Dice {
    /// Dice that begin with a seed; `stream` tells several of one seed apart.
    pub fn new(seed: u64, stream: u64) -> Self {
        let dice = Self(Mutex::new(seed ^ stream.rotate_left(32)));
        dice.roll();
        dice
    }

    /// The next 64 bits.
    pub fn roll(&self) -> u64 {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = *state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 up to, not including, `end`; 0 for an `end` of 0. The bias is below 2^-32.
    pub fn below(&self, end: u64) -> u64 {
        let wide = u128::from(self.roll()) * u128::from(end);
        u64::try_from(wide >> 64).expect("the upper half of a product of two numbers of 64 bits")
    }

    /// Whole seconds from a range, both ends included.
    pub fn span(&self, range: Range) -> SignedDuration {
        let seconds = u64::try_from((range.to - range.from).as_secs()).unwrap_or(0);
        let extra = i64::try_from(self.below(seconds + 1)).unwrap_or(i64::MAX);
        range.from + SignedDuration::from_secs(extra)
    }

    /// One of several.
    pub fn pick<'a, T>(&self, of: &'a [T]) -> &'a T {
        let at = usize::try_from(self.below(of.len() as u64)).unwrap_or(0);
        &of[at]
    }
}

impl Random for Dice {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            chunk.copy_from_slice(&self.roll().to_le_bytes()[..chunk.len()]);
        }
    }
}

/// The outside of a drill: this clock, and dice of this seed.
pub fn virtual_environment(clock: &Arc<Clock>, seed: u64) -> Environment {
    /// The stream of ids and keys, apart from that of the people: how many ids are taken must not
    /// change how people react.
    const IDS: u64 = 1;
    Environment { time: Arc::<Clock>::clone(clock), random: Arc::new(Dice::new(seed, IDS)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_moves_forward_only() {
        let at = |second| Timestamp::from_second(second).expect("in the calendar");
        let clock = Clock::at(at(100));
        let steady = clock.steady();
        for (to, stands) in [(150, 150), (120, 150), (151, 151)] {
            clock.set(at(to));
            assert_eq!(clock.now(), at(stands), "set to {to}");
        }
        assert_eq!(clock.steady() - steady, Duration::from_secs(51));
    }

    #[test]
    fn the_same_seed_rolls_the_same() {
        let rolls = |seed, stream| {
            let dice = Dice::new(seed, stream);
            [dice.roll(), dice.below(10), dice.below(0), dice.roll()]
        };
        assert_eq!(rolls(7, 1), rolls(7, 1));
        assert_ne!(rolls(7, 1), rolls(8, 1));
        assert_ne!(rolls(7, 1), rolls(7, 2));
    }

    #[test]
    fn spans_stay_in_their_range_and_reach_both_ends() {
        let dice = Dice::new(1, 0);
        let [from, to] = [3, 5].map(SignedDuration::from_secs);
        let seen: std::collections::BTreeSet<i64> =
            (0..200).map(|_| dice.span(Range { from, to }).as_secs()).collect();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [3, 4, 5]);
    }
}
