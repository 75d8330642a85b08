//! A node under everything that can go wrong, from one seed: the real service, store and timer with a virtual clock
//! and a virtual disk.
//!
//! Officers act at the same time on what they saw a while ago, take turns wherever the service waits for its store,
//! and send the same request again when they got no answer. The clock goes on, and jumps; the disk fills up and its
//! syncs fail; the process dies in the middle, before and after a commit, and a new one goes on with the rows. After
//! every turn the [`INVARIANTS`] are looked at. One seed gives the same run, to the byte.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use fengsui_domain::plan::PlanId;
use fengsui_service::store::{Disk, Fate, Rows};
use fengsui_service::{Environment, Service, Time};
use fengsui_wire::plan::Library;
use jiff::{SignedDuration, Timestamp};

use crate::cast::Cast;
use crate::city::City;
use crate::director::Planned;
use crate::environment::Dice;

mod acts;
mod watch;

pub use watch::INVARIANTS;

use acts::{Act, Op};
use watch::Watch;

/// Turns of a run.
const TURNS: u32 = 1_000;
/// Acts under way at once.
const MAX_UNDER_WAY: usize = 4;
/// Events that befall in a run.
const EVENTS: usize = 5;
/// Turns between two moments of calm, at which everything is looked at.
const CALM_EVERY: u32 = 40;
/// Turns that a node whose disk failed goes on refusing, until somebody restarts it.
const LIMPS_FOR: u32 = 12;
/// When every run begins.
const BEGINS: Timestamp = Timestamp::constant(1_795_402_800, 0);
/// Rounds of the timer in a moment of calm; what rings at this very instant lapses only after it.
const MAX_ROUNDS: u32 = 20;
const NAME: &str = "drill.simulation";

/// What a run came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Simulated {
    /// Entries of the ledger at the end.
    pub entries: u64,
    /// Incidents that were opened, and those of them that came to their end.
    pub incidents: (u64, u64),
    /// Duties that lapsed.
    pub lapsed: u64,
    /// Acts that were acknowledged.
    pub acknowledged: u64,
    /// Acts that were refused.
    pub refused: u64,
    /// Acts that were sent again.
    pub again: u64,
    /// Deaths of the process.
    pub deaths: u64,
    /// Syncs that failed.
    pub failures: u64,
    /// Times the disk was full.
    pub full: u64,
    /// Jumps of the clock by a day.
    pub jumps: u64,
    /// The root of the ledger: the same for the same seed.
    pub root: String,
}

/// An invariant that did not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("seed {seed}, turn {turn}: `{invariant}` does not hold: {what}")]
pub struct Broken {
    /// The seed.
    pub seed: u64,
    /// The turn.
    pub turn: u32,
    /// Which one.
    pub invariant: &'static str,
    /// Where.
    pub what: String,
}

/// An invariant by its name, and what was found; the run adds seed and turn.
type Breach = (&'static str, String);

/// Runs one seed to its end.
///
/// # Errors
/// [`Broken`] for the first invariant that does not hold.
pub fn simulate(seed: u64, plans: &Library) -> Result<Simulated, Broken> {
    let mut world = World::begin(seed, plans);
    for turn in 0..TURNS {
        let done = world.turn(turn);
        done.map_err(|(invariant, what)| Broken { seed, turn, invariant, what })?;
    }
    let done = world.calm().and_then(|()| world.end());
    done.map_err(|(invariant, what)| Broken { seed, turn: TURNS, invariant, what })
}

/// A wall clock that is set, also back, and a steady one that only goes on.
struct Clocks {
    wall: Mutex<Timestamp>,
    steady: Mutex<Instant>,
}

impl Clocks {
    fn pass(&self, span: Duration) {
        self.jump(SignedDuration::try_from(span).unwrap_or_default());
        *held(&self.steady) += span;
    }

    fn jump(&self, span: SignedDuration) {
        let mut wall = held(&self.wall);
        *wall = wall.saturating_add(span).unwrap_or(*wall);
    }
}

impl Time for Clocks {
    fn now(&self) -> Timestamp {
        *held(&self.wall)
    }

    fn steady(&self) -> Instant {
        *held(&self.steady)
    }
}

/// What is known of the disk, and what it does next.
#[derive(Default)]
struct DiskState {
    next: Option<Fate>,
    /// Transactions that will find it full.
    full_for: u32,
    failed: bool,
    died: bool,
    counted: Simulated,
}

struct SimDisk(Arc<Mutex<DiskState>>);

impl Disk for SimDisk {
    fn end(&mut self) -> Fate {
        let mut state = held(&self.0);
        if state.full_for > 0 {
            state.full_for -= 1;
            state.counted.full += 1;
            return Fate::Full;
        }
        let fate = state.next.take().unwrap_or(Fate::Kept);
        state.failed |= matches!(fate, Fate::Failed { .. });
        state.died |= matches!(fate, Fate::Died { .. });
        state.counted.failures += u64::from(matches!(fate, Fate::Failed { .. }));
        fate
    }
}

/// Everything outside of the node, and the node.
struct World<'p> {
    seed: u64,
    plans: &'p Library,
    dice: Dice,
    environment: Environment,
    clocks: Arc<Clocks>,
    disk: Arc<Mutex<DiskState>>,
    service: Option<Service>,
    cast: Arc<Cast>,
    ahead: Vec<Planned>,
    under_way: Vec<Op>,
    /// Acts without an answer, which are sent again.
    unanswered: Vec<Op>,
    watch: Watch,
    /// Turns since the disk failed.
    limping: u32,
    numbers: u64,
}

impl<'p> World<'p> {
    fn begin(seed: u64, plans: &'p Library) -> Self {
        let dice = Dice::new(seed, 11);
        let clocks = Arc::new(Clocks { wall: Mutex::new(BEGINS), steady: Mutex::new(Instant::now()) });
        let environment =
            Environment { time: Arc::<Clocks>::clone(&clocks), random: Arc::new(Dice::new(seed, 12)) };
        let disk = Arc::<Mutex<DiskState>>::default();
        let service = run(node(seed, plans, &environment, &disk, None));
        let packs = ["jincheng-internet-2008", "jincheng-egov-2008", "national-2017"];
        let known = packs.map(|id| plans.get(&PlanId::new(id)).expect("a shipped plan").plan.clone());
        let cast = run(Cast::of_plans(&service, &known.each_ref(), BEGINS)).expect("people are hired");
        let egov = known[1].clone();
        let ahead = City::new(seed, BEGINS, SignedDuration::from_mins(30), egov).take(EVENTS).collect();
        let watch = Watch::new(service.verifier_key().clone());
        Self {
            seed,
            plans,
            dice,
            environment,
            clocks,
            disk,
            service: Some(service),
            cast: Arc::new(cast),
            ahead,
            under_way: Vec::new(),
            unanswered: Vec::new(),
            watch,
            limping: 0,
            numbers: 0,
        }
    }

    fn service(&self) -> &Service {
        self.service.as_ref().expect("a node that died was started again")
    }

    fn chance(&self, percent: u64) -> bool {
        self.dice.below(100) < percent
    }

    /// One thing happens, and everything it concerns is looked at.
    fn turn(&mut self, turn: u32) -> Result<(), Breach> {
        if turn % CALM_EVERY == CALM_EVERY - 1 {
            return self.calm();
        }
        match self.dice.below(100) {
            0..24 if self.under_way.len() < MAX_UNDER_WAY => self.start(),
            0..80 => self.poll()?,
            80..93 => self.pass(),
            93..95 => self.trouble(),
            95..98 => self.jump(),
            98 => self.restart()?,
            _ => self.start_timer(),
        }
        if held(&self.disk).died {
            self.restart()?;
        }
        if held(&self.disk).failed {
            self.limping += 1;
            if self.limping > LIMPS_FOR {
                self.restart()?;
            }
        }
        self.look()
    }

    /// Somebody begins an act: one that was not answered, or a new one.
    fn start(&mut self) {
        if !self.unanswered.is_empty() && self.chance(60) {
            let at = self.below(self.unanswered.len());
            let again = self.unanswered.swap_remove(at);
            held(&self.disk).counted.again += 1;
            let op = again.again(self.service(), self.clocks.now());
            self.under_way.push(op);
            return;
        }
        let service = self.service().clone();
        let act = run(Act::choose(&service, &self.cast, &self.dice, &mut self.ahead, &mut self.watch));
        if let Some((act, person)) = act {
            self.numbers += 1;
            let caller = self.cast.person(person).caller.clone();
            self.under_way.push(Op::begin(self.numbers, act, Some(caller), &service, self.clocks.now()));
        }
    }

    fn start_timer(&mut self) {
        if self.under_way.len() < MAX_UNDER_WAY {
            self.numbers += 1;
            let act = if self.chance(70) { Act::Timer } else { Act::Duties };
            let op = Op::begin(self.numbers, act, None, self.service(), self.clocks.now());
            self.under_way.push(op);
        }
    }

    /// One of those under way goes on to the next place where it waits.
    fn poll(&mut self) -> Result<(), Breach> {
        if self.under_way.is_empty() {
            self.start();
            return Ok(());
        }
        let at = self.below(self.under_way.len());
        let polled = self.under_way[at].poll();
        self.watch.went_on(&self.under_way[at]);
        let Poll::Ready(answer) = polled else { return Ok(()) };
        let op = self.under_way.swap_remove(at);
        if held(&self.disk).died {
            // Nobody is there any more to hear it.
            self.unanswered.push(op.silent());
            return Ok(());
        }
        self.answered(op, answer)
    }

    fn answered(&mut self, op: Op, answer: acts::Answer) -> Result<(), Breach> {
        let mut disk = held(&self.disk);
        match answer {
            acts::Answer::Done(told) => {
                disk.counted.acknowledged += 1;
                let failed = disk.failed;
                drop(disk);
                self.watch.acknowledged(&op, told, failed);
                Ok(())
            }
            acts::Answer::Refused => {
                disk.counted.refused += 1;
                drop(disk);
                self.watch.refused(&op);
                Ok(())
            }
            acts::Answer::Unknown => {
                drop(disk);
                self.unanswered.push(op.silent());
                Ok(())
            }
            acts::Answer::Fault(what) => Err(("no-fault", format!("{}: {what}", op.name()))),
        }
    }

    /// Time goes by: a little, or until a clock rings.
    fn pass(&mut self) {
        let seconds = match self.dice.below(10) {
            0..4 => self.dice.below(60),
            4..7 => self.dice.below(3_600),
            _ => {
                let wake = run(self.service().store().clock_next_wake()).ok().flatten();
                let until = wake.map_or(0, |wake| wake.duration_since(self.clocks.now()).as_secs());
                u64::try_from(until).unwrap_or(0) + self.dice.below(2)
            }
        };
        self.clocks.pass(Duration::from_secs(seconds.min(10 * 24 * 3_600)));
        self.heard_of_time();
    }

    /// The wall clock is set: forward or back, by a day.
    fn jump(&mut self) {
        let day = SignedDuration::from_hours(24);
        self.clocks.jump(if self.chance(50) { day } else { -day });
        held(&self.disk).counted.jumps += 1;
        self.heard_of_time();
    }

    fn heard_of_time(&mut self) {
        let now = self.clocks.now();
        self.under_way.iter_mut().for_each(|op| op.hears(now));
    }

    /// Something will go wrong with the disk.
    fn trouble(&mut self) {
        let kept = self.chance(50);
        let mut disk = held(&self.disk);
        match self.dice.below(4) {
            0 => disk.full_for = 1 + u32::try_from(self.dice.below(4)).unwrap_or(0),
            1 => disk.next = Some(Fate::Failed { kept }),
            _ => disk.next = Some(Fate::Died { kept }),
        }
    }

    /// The process is gone, and with it all that was under way; another goes on with the rows.
    fn restart(&mut self) -> Result<(), Breach> {
        self.unanswered.extend(std::mem::take(&mut self.under_way).into_iter().map(Op::silent));
        let rows = self.service.take().and_then(Service::into_rows);
        let Some(rows) = rows else { return Err(("no-fault", "somebody held on to the node".into())) };
        let counted = std::mem::take(&mut held(&self.disk).counted);
        *held(&self.disk) = DiskState { counted, ..DiskState::default() };
        held(&self.disk).counted.deaths += 1;
        self.limping = 0;
        let service = run(node(self.seed, self.plans, &self.environment, &self.disk, Some(rows)));
        self.service = Some(service);
        Ok(())
    }

    /// What changed since the last look is looked at.
    fn look(&mut self) -> Result<(), Breach> {
        let service = self.service().clone();
        run(self.watch.look(&service))
    }

    /// Everybody comes to an end, the timer rings what is due, and everything is looked at.
    fn calm(&mut self) -> Result<(), Breach> {
        held(&self.disk).next = None;
        held(&self.disk).full_for = 0;
        if held(&self.disk).failed {
            self.restart()?;
        }
        while !self.under_way.is_empty() {
            self.poll()?;
        }
        self.look()?;
        let service = self.service().clone();
        for _ in 0..MAX_ROUNDS {
            if run(service.timer_round()).map_err(|error| ("no-fault", error.to_string()))? == 0 {
                break;
            }
        }
        self.look()?;
        run(self.watch.look_at_all(&service, self.clocks.now()))
    }

    /// Whatever was not answered is sent a last time; nothing of it may be there twice then.
    fn end(mut self) -> Result<Simulated, Breach> {
        while let Some(op) = self.unanswered.pop() {
            let op = op.again(self.service(), self.clocks.now());
            self.under_way.push(op);
            self.calm()?;
        }
        let service = self.service().clone();
        let mut counted = held(&self.disk).counted.clone();
        (counted.entries, counted.root) = run(self.watch.end(&service))?;
        (counted.incidents, counted.lapsed) = self.watch.depth();
        Ok(counted)
    }

    fn below(&self, end: usize) -> usize {
        usize::try_from(self.dice.below(end as u64)).unwrap_or(0)
    }
}

/// A node over these rows.
async fn node(
    seed: u64,
    plans: &Library,
    environment: &Environment,
    disk: &Arc<Mutex<DiskState>>,
    rows: Option<Rows>,
) -> Service {
    let mut key = [7; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    let disk = Box::new(SimDisk(Arc::clone(disk)));
    let node = Service::simulated(NAME, &key, plans.clone(), environment.clone(), rows, disk);
    node.await.expect("a node begins over rows that a node left")
}

/// Runs something alone to its end; it waits for nobody but its own turn.
fn run<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    loop {
        if let Poll::Ready(done) = work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return done;
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
