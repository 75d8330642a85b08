//! A city: a dozen units, what befalls them, and the lines their firewalls write.
//!
//! Everything here is invented. Names are those of nobody, hosts lie under `.example` (RFC 2606), addresses
//! in the blocks for documentation (RFC 5737), so nothing leads anywhere. The same seed makes the same
//! city; [`City`] is an endless source of events in order of time, [`Feed`] one of log lines.

use fengsui_domain::expr::Value;
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::plan::{CategoryId, FactId, Plan, PlanId, RuleId, Text};
use fengsui_wire::plan::scenario::{Chosen, Found, Happening, Reported};
use jiff::{SignedDuration, Timestamp};

use crate::cast::later;
use crate::director::{Planned, Under};
use crate::environment::Dice;

mod kinds;

use kinds::{KINDS, Kind, UNITS};

/// Indicators that the city's matcher knows; the lines of [`Feed`] hit some of them.
pub const INDICATORS: &[&str] = &[
    "c2.badhost.example",
    "update.malware.example",
    "login.phish.example",
    "203.0.113.77",
    "203.0.113.140",
    "198.51.100.23",
];

/// Of a hundred events so many are incidents; of the rest two thirds are false alarms.
const INCIDENTS: u64 = 82;

/// What befalls a city, in order of time, without an end.
pub struct City {
    dice: Dice,
    next: Timestamp,
    /// From one event to the next, on the average.
    every: SignedDuration,
    count: u64,
    egov: Plan,
}

impl City {
    /// A city from `from` on, with an event every so often; `egov` is the plan whose playbooks are walked.
    pub fn new(seed: u64, from: Timestamp, every: SignedDuration, egov: Plan) -> Self {
        /// The stream of what befalls, apart from people and ids.
        const EVENTS: u64 = 3;
        Self { dice: Dice::new(seed, EVENTS), next: from, every, count: 0, egov }
    }

    fn planned(&mut self) -> Planned {
        let unit = self.dice.pick(UNITS);
        let kind = self.dice.pick(KINDS);
        self.count += 1;
        let found = match self.dice.below(100) {
            roll if roll < INCIDENTS => self.found(kind),
            roll if roll % 3 == 0 => Found::NotOurs,
            _ => Found::FalsePositive,
        };
        let is_incident = matches!(found, Found::Incident { .. });
        let then = kind.playbook.filter(|_| is_incident).map(|id| self.walk(id, unit.name));
        let reported = Reported {
            title: text([
                &format!("{}：{}", unit.name[0], kind.title[0]),
                &format!("{}: {}", unit.name[1], kind.title[1]),
            ]),
            details: text(kind.details),
            source: kind.source,
            unit: text(unit.name),
            asset: format!("{}.{}", kind.host, unit.domain),
            aware: SignedDuration::from_mins(i64::try_from(self.dice.below(3)).unwrap_or(0)),
            found,
        };
        Planned {
            at: self.next,
            name: format!("{:06}", self.count),
            under: Under::one(PlanId::new(kind.plan)),
            what: Happening::Event(Box::new(reported)),
            then: then.into_iter().collect(),
        }
    }

    fn found(&self, kind: &Kind) -> Found {
        let mut facts: std::collections::BTreeMap<FactId, Value> = kind
            .facts
            .iter()
            .map(|(fact, value)| {
                let value = value.parse().map_or_else(|_| Value::Choice((*value).to_owned()), Value::Bool);
                (FactId::new(*fact), value)
            })
            .collect();
        // Most of what happens is small.
        let spread = [
            "none",
            "none",
            "none",
            "none",
            "none",
            "none",
            "practically-none",
            "practically-none",
            "strong",
        ];
        facts.insert(FactId::new("spread"), Value::Choice((*self.dice.pick(&spread)).to_owned()));
        let level = IncidentLevel::IV;
        Found::Incident { category: CategoryId::new(kind.category), level, facts, parent: None }
    }

    /// A playbook along answers drawn at random.
    fn walk(&self, id: &str, about: [&str; 2]) -> Happening {
        let playbook = RuleId::new(id);
        let asks = self.egov.playbook(&playbook).into_iter().flat_map(|known| &known.steps);
        let asks = asks.filter_map(|step| Some((step.id.clone(), step.ask.as_ref()?)));
        let branches = asks.map(|(step, ask)| (step, self.dice.pick(&ask.branches).id.clone())).collect();
        let (urgent, skip) = Default::default();
        Happening::Playbook(Box::new(Chosen { playbook, what: text(about), branches, urgent, skip }))
    }
}

impl Iterator for City {
    type Item = Planned;

    fn next(&mut self) -> Option<Planned> {
        let planned = self.planned();
        let longest = u64::try_from(self.every.as_secs()).unwrap_or(1) * 2;
        let gap = i64::try_from(self.dice.below(longest.max(1))).unwrap_or(1);
        self.next = later(self.next, SignedDuration::from_secs(gap.max(1)));
        Some(planned)
    }
}

/// Log lines of the city's firewalls; about one in four hits an indicator.
pub struct Feed {
    dice: Dice,
}

impl Feed {
    /// A feed of its own.
    pub fn new(seed: u64) -> Self {
        /// The stream of log lines.
        const LINES: u64 = 4;
        Self { dice: Dice::new(seed, LINES) }
    }

    /// Some lines written at `at`.
    pub fn lines(&mut self, at: Timestamp, count: usize) -> Vec<String> {
        (0..count).map(|_| self.line(at)).collect()
    }

    fn line(&self, at: Timestamp) -> String {
        let unit = self.dice.pick(UNITS);
        let inside = format!("192.0.2.{}", 10 + self.dice.below(40));
        let hit = self.dice.below(4) == 0;
        let target = if hit {
            (*self.dice.pick(INDICATORS)).to_owned()
        } else {
            format!("www{}.service.example", self.dice.below(60))
        };
        let action = if hit { "deny" } else { "allow" };
        format!("{at} fw.{} {action} src={inside} dst={target} dport=443", unit.domain)
    }
}

fn text([zh, en]: [&str; 2]) -> Text {
    Text { zh: zh.to_owned(), en: en.to_owned() }
}
