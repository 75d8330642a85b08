//! A living city: on a node that runs by itself, events come in at a believable rate and log lines with them;
//! the people of a drill judge them and handle what are incidents, in real time and through the real engine.
//!
//! It never grows without a limit: new events wait while [`MAX_UNENDED`] incidents are being responded to, and
//! once the store has [`MAX_STORE_BYTES`] nothing new comes any more and what is open is handled to its end.

use std::iter::Peekable;

use fengsui_domain::plan::{Lang, Plan, PlanId};
use fengsui_service::Service;
use fengsui_wire::plan::scenario::{Conduct, Found, Happening, Range, Work};
use jiff::{SignedDuration, Timestamp};

use crate::cast::{Cast, later};
use crate::city::{City, Feed};
use crate::director::{Director, Manner, Planned, Under};
use crate::environment::Dice;
use crate::error::{Error, Result};
use crate::words::{Mark, Words};

/// From one event to the next, on the average: 48 a day, of which some 40 are incidents.
const EVERY: SignedDuration = SignedDuration::from_mins(30);
/// The first one, so that whoever looks need not wait.
const FIRST: SignedDuration = SignedDuration::from_secs(30);
/// From one batch of log lines to the next.
const LINES_EVERY: SignedDuration = SignedDuration::from_secs(15);
/// Lines of a batch.
const LINES: usize = 6;
/// How long an event lies on the desk, so that a visitor can judge it first.
const ON_THE_DESK: Range = Range { from: SignedDuration::from_mins(5), to: SignedDuration::from_mins(20) };
/// Incidents that are being responded to at one time.
pub const MAX_UNENDED: usize = 12;
/// Bytes of the store from which on nothing new comes: at the rate above that is about two years.
pub const MAX_STORE_BYTES: u64 = 512 << 20;
/// The plan whose playbooks are walked, and whose desk judges what log lines make.
const EGOV: &str = "jincheng-egov-2008";

/// A city at work on a node.
pub struct Living {
    service: Service,
    director: Director,
    events: Peekable<City>,
    feed: Feed,
    /// When the next lines come.
    lines_at: Timestamp,
    batches: u64,
}

impl Living {
    /// The people of a demonstration on this node, who take up what is open.
    ///
    /// # Errors
    /// [`Error`] if the service fails or a plan is not at hand.
    pub async fn begin(service: &Service, seed: u64) -> Result<Self> {
        /// The stream of the people's dice.
        const PEOPLE: u64 = 5;
        let now = service.now();
        let plans = service.plans().clone();
        let all: Vec<&Plan> = plans.list().map(|pack| &pack.plan).collect();
        let cast = Cast::of_plans(service, &all, now).await?.with_pace(Work::Triage, ON_THE_DESK);
        let egov = plans.get(&PlanId::new(EGOV)).ok_or_else(|| Error::NoPlan { plan: EGOV.to_owned() })?;
        let events = City::new(seed, later(now, FIRST), EVERY, egov.plan.clone()).peekable();
        let words = Words { lang: Lang::Zh, mark: Mark::Demo };
        let conduct = Conduct { disposal: true, ..Conduct::default() };
        let manner = Manner { words, conduct, keep: false };
        let mut director = Director::live(service.clone(), Dice::new(seed, PEOPLE), cast, manner);
        director.take_up().await?;
        let (feed, service) = (Feed::new(seed), service.clone());
        Ok(Self { service, director, events, feed, lines_at: later(now, LINES_EVERY), batches: 0 })
    }

    /// Does what is due by now; the store has so many bytes. Returns when to come again.
    ///
    /// # Errors
    /// [`Error`] if the service fails; the next turn goes on with the rest.
    pub async fn turn(&mut self, store_bytes: u64) -> Result<Timestamp> {
        let now = self.service.now();
        let full = store_bytes >= MAX_STORE_BYTES;
        if full || self.director.unended() >= MAX_UNENDED {
            // What would have happened meanwhile happens to nobody.
            while self.events.next_if(|planned| planned.at <= now).is_some() {}
        }
        let lines = (self.lines_at <= now && !full).then(|| self.batch(now));
        if self.lines_at <= now {
            self.lines_at = later(now, LINES_EVERY);
        }
        self.director.advance(&mut lines.into_iter().peekable()).await?;
        let next = self.director.advance(&mut self.events).await?;
        Ok(next.map_or(self.lines_at, |next| next.min(self.lines_at)))
    }

    /// The people and what they did.
    pub fn director(&self) -> &Director {
        &self.director
    }

    /// Lines that arrive now. Whatever they make is looked into and found harmless.
    fn batch(&mut self, now: Timestamp) -> Planned {
        self.batches += 1;
        let lines = self.feed.lines(now, LINES);
        Planned {
            at: now,
            name: format!("lines {}", self.batches),
            under: Under::one(PlanId::new(EGOV)),
            what: Happening::Log { lines, triage: Box::new(Found::FalsePositive) },
            then: Vec::new(),
        }
    }
}
