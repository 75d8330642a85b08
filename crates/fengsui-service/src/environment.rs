//! What the outside gives: time, randomness, ids. The one place that reads a clock or the system's dice.

use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use uuid::Uuid;

/// A source of time.
pub trait Time: Send + Sync {
    /// The wall clock.
    fn now(&self) -> Timestamp;
    /// A clock that never jumps, to notice when the wall clock does.
    fn steady(&self) -> Instant;
}

/// A source of randomness fit for secrets.
pub trait Random: Send + Sync {
    /// Fills the buffer.
    fn fill(&self, buffer: &mut [u8]);
}

/// Everything a service takes from outside besides its data.
#[derive(Clone)]
pub struct Environment {
    /// Time.
    pub time: Arc<dyn Time>,
    /// Randomness.
    pub random: Arc<dyn Random>,
}

impl Environment {
    /// The real world.
    pub fn system() -> Self {
        Self { time: Arc::new(System), random: Arc::new(System) }
    }

    /// The time, to the microsecond that is stored.
    pub fn now(&self) -> Timestamp {
        let now = self.time.now();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    /// A new id: UUID version 7 (RFC 9562), so that ids sort by time.
    pub fn new_id(&self) -> Uuid {
        let mut random = [0; 10];
        self.random.fill(&mut random);
        let millis = u64::try_from(self.now().as_millisecond()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.random.fill(&mut bytes);
        bytes
    }
}

struct System;

impl Time for System {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the wall clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn steady(&self) -> Instant {
        Instant::now()
    }
}

impl Random for System {
    fn fill(&self, buffer: &mut [u8]) {
        getrandom::fill(buffer).expect("the operating system always has randomness after boot");
    }
}
