//! Drill scenarios: what happens, who is there and how fast, what should come of it.
//!
//! A scenario is one YAML file written against one plan, or against several that govern one incident: its
//! bodies, facts, orders and playbooks are those of what they make together. [`load`] takes bytes and does no file access; like a pack it reports everything that
//! is wrong in one run, and with one error there is no scenario. Nothing here decides anything: what the
//! people of a drill do is worked out in `fengsui-drill` from the plan.

use std::collections::{BTreeMap, BTreeSet};

use fengsui_domain::event::Source;
use fengsui_domain::expr::Answers;
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::plan::{CategoryId, PlanId, RoleId, RuleId, Text};
use jiff::SignedDuration;
use jiff::civil::{DateTime, Time, time};

use super::Library;
use super::finding::{Finding, Findings};

mod inject;
mod people;
mod reading;
#[cfg(test)]
mod tests;

/// Injects of one scenario: a full day of one every ten minutes.
pub const MAX_INJECTS: usize = 144;
/// Log lines of one inject.
pub const MAX_LINES: usize = 200;
/// Indicators of one scenario.
pub const MAX_INDICATORS: usize = 200;
/// People of one body.
pub const MAX_PEOPLE: u8 = 20;
/// Plans of one scenario beside the leading one.
pub const MAX_BESIDE: usize = 10;
/// Absences of one body.
pub const MAX_ABSENCES: usize = 50;
/// How long a drill may last in its own time: two years, in which the slowest duty of a plan falls due.
pub const MAX_DAYS: i64 = 730;

/// A scenario, checked against its plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Its id, also the name of its file.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// What it trains, in a sentence or two.
    pub says: Text,
    /// The plan it runs under; with others beside it, the one that leads.
    pub plan: PlanId,
    /// The other plans that govern its incidents too.
    pub beside: Vec<PlanId>,
    /// When it begins, local to the zone of the plan.
    pub starts: DateTime,
    /// How long it may last.
    pub lasts: SignedDuration,
    /// How long people take for each kind of work, where the scenario says so.
    pub pace: BTreeMap<Work, Range>,
    /// When people are at work, where nothing else is said of a body.
    pub hours: Hours,
    /// Bodies that differ from the usual two people.
    pub people: BTreeMap<RoleId, Staff>,
    /// Bodies nobody speaks for.
    pub unmanned: BTreeSet<RoleId>,
    /// Choices the plan leaves to people.
    pub conduct: Conduct,
    /// Indicators the matcher knows.
    pub indicators: Vec<String>,
    /// What happens, in order of time.
    pub injects: Vec<Inject>,
    /// What should come of it.
    pub expect: Expect,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$item:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$item])* $variant,)* }

        impl $name {
            /// Every value with its name, in order.
            pub const ALL: &'static [(&'static str, Self)] = &[$(($text, Self::$variant),)*];

            /// The name as it is written.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    };
}

words! {
    /// A kind of work, by how long it takes.
    Work {
        /// Judging what an event is.
        Triage = "triage",
        /// Verifying, answering questions, judging the level.
        Judge = "judge",
        /// Immediate actions.
        Act = "act",
        /// Oral reports.
        Tell = "tell",
        /// Written reports.
        Write = "write",
        /// Receipts.
        Receipt = "receipt",
        /// Proposals and decisions.
        Decide = "decide",
        /// Acknowledging an order.
        Acknowledge = "acknowledge",
        /// Carrying an order out.
        CarryOut = "carry-out",
        /// Steps of playbooks and disposal plans.
        Step = "step",
        /// Saying that what a step waits for is so.
        Gate = "gate",
        /// Drafting, verifying and approving a disposal plan.
        Plan = "plan",
        /// Getting the event under control, from the start of the response.
        Control = "control",
        /// Telling others.
        Publish = "publish",
        /// The review.
        Review = "review",
        /// Filing and its receipt.
        File = "file",
        /// Sealing.
        Archive = "archive",
    }
}

words! {
    /// What became of an obligation.
    Outcome {
        /// Done in time.
        Met = "met",
        /// Done after it had lapsed.
        Late = "late",
        /// Never done, and lapsed.
        Lapsed = "lapsed",
        /// Another took its place, or it fell away.
        Replaced = "replaced",
        /// Still to be done.
        Open = "open",
        /// It never arose.
        None = "none",
    }
}

/// From the shortest to the longest time something takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The shortest.
    pub from: SignedDuration,
    /// The longest.
    pub to: SignedDuration,
}

/// The people of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// How many there are.
    pub count: u8,
    /// How fast they react, for whatever takes minutes.
    pub reacts: Option<Range>,
    /// How long they take for a kind of work.
    pub takes: BTreeMap<Work, Range>,
    /// When nobody of them can be reached, from the start of the drill.
    pub absent: Vec<(SignedDuration, SignedDuration)>,
    /// What they never do.
    pub never: BTreeSet<Work>,
    /// When they are at work, if not as everybody.
    pub hours: Option<Hours>,
}

impl Default for Staff {
    fn default() -> Self {
        Self {
            count: 2,
            reacts: None,
            takes: BTreeMap::new(),
            absent: Vec::new(),
            never: BTreeSet::new(),
            hours: None,
        }
    }
}

/// When the people of a body are at work, and what it takes to reach them at any other time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    /// From when to when on a working day, in the zone of the plan; day and night if not said.
    pub day: Option<(Time, Time)>,
    /// The working days, by their number in the week: 1 is Monday. Holidays are not known here.
    pub days: BTreeSet<i8>,
    /// How many of a body are on duty at any other time, in turn.
    pub on_duty: u8,
    /// What the one on duty takes longer then.
    pub night: Range,
    /// What the others take longer then: somebody calls them at home.
    pub called: Range,
}

impl Hours {
    /// Day and night: nobody sleeps.
    pub fn always() -> Self {
        Self { day: None, ..Self::default() }
    }
}

impl Default for Hours {
    /// Ours, not a document's: office hours, one person of each body on duty through the night.
    fn default() -> Self {
        let minutes =
            |from, to| Range { from: SignedDuration::from_mins(from), to: SignedDuration::from_mins(to) };
        Self {
            day: Some((time(8, 30, 0, 0), time(18, 0, 0, 0))),
            days: (1..=5).collect(),
            on_duty: 1,
            night: minutes(1, 4),
            called: minutes(20, 50),
        }
    }
}

/// Choices the plan leaves to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conduct {
    /// A headquarters is formed where the plan says "when necessary"; by the level if not said.
    pub headquarters: Option<bool>,
    /// A disposal plan is drafted and carried out.
    pub disposal: bool,
    /// What the plan lets be told is told.
    pub publish: bool,
    /// Gates are waived and not opened.
    pub waive: bool,
    /// Orders given once the response runs, each to the first addressee of its kind.
    pub orders: Vec<RuleId>,
}

impl Default for Conduct {
    fn default() -> Self {
        Self { headquarters: None, disposal: false, publish: true, waive: false, orders: Vec::new() }
    }
}

/// Something that happens.
#[derive(Clone, Debug, PartialEq)]
pub struct Inject {
    /// When, from the start.
    pub at: SignedDuration,
    /// The event it is about, or the name it gives to its own.
    pub name: String,
    /// What happens.
    pub what: Happening,
}

/// What happens.
#[derive(Clone, Debug, PartialEq)]
pub enum Happening {
    /// Somebody reports an event.
    Event(Box<Reported>),
    /// Log lines arrive; a match makes an event, of which triage makes what is said here.
    Log {
        /// The lines.
        lines: Vec<String>,
        /// What triage finds.
        triage: Box<Found>,
    },
    /// What is known changes; the bodies that judge it say so.
    Facts(Answers),
    /// The level is judged otherwise than the rules propose.
    Grade(IncidentLevel),
    /// A playbook is started.
    Playbook(Box<Chosen>),
    /// An order is given.
    Order {
        /// Its kind.
        rule: RuleId,
        /// The body, or the field of expertise.
        to: String,
        /// What is ordered.
        what: Text,
    },
}

/// An event as somebody reports it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reported {
    /// One line.
    pub title: Text,
    /// What happened.
    pub details: Text,
    /// Where the information came from.
    pub source: Source,
    /// The unit where it happened.
    pub unit: Text,
    /// The asset.
    pub asset: String,
    /// How long the unit had known of it.
    pub aware: SignedDuration,
    /// What triage finds.
    pub found: Found,
}

/// What triage finds.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// An incident.
    Incident {
        /// Its class.
        category: CategoryId,
        /// The provisional level.
        level: IncidentLevel,
        /// What is known about it.
        facts: Answers,
        /// The name of the event whose incident it was derived from.
        parent: Option<String>,
    },
    /// A false alarm.
    FalsePositive,
    /// Not ours.
    NotOurs,
}

/// A playbook and how it is walked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Which one.
    pub playbook: RuleId,
    /// What it is about.
    pub what: Text,
    /// The answer to each question; the first one where nothing is said.
    pub branches: BTreeMap<RuleId, RuleId>,
    /// Steps taken first, each before whatever the playbook lets it be taken before.
    pub urgent: BTreeSet<RuleId>,
    /// Steps left out.
    pub skip: BTreeSet<RuleId>,
}

/// What should come of a drill.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expect {
    /// The phase in which the first incident ends.
    pub phase: Option<&'static str>,
    /// Its level at the end.
    pub level: Option<IncidentLevel>,
    /// What becomes of the obligations of a rule.
    pub clocks: BTreeMap<RuleId, Outcome>,
}

/// What became of a scenario file.
#[derive(Clone, Debug)]
pub struct LoadedScenario {
    /// The scenario; `None` if any finding is an error.
    pub scenario: Option<Scenario>,
    /// What was found, by line and column.
    pub findings: Vec<Finding>,
}

/// Reads and checks one scenario against the plans at hand. Of more mistakes the first
/// [`MAX_FINDINGS`](super::MAX_FINDINGS) are kept.
pub fn load(path: &str, bytes: &[u8], plans: &Library) -> LoadedScenario {
    let findings = Findings::new(vec![path.to_owned()]);
    let (scenario, findings) = reading::read(path, bytes, plans, findings);
    let scenario = scenario.filter(|_| !findings.any_error());
    LoadedScenario { scenario, findings: findings.sorted().0 }
}
