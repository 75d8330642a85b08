//! A drill from its scenario to its result.

use std::collections::BTreeMap;
use std::io::Cursor;

use fengsui_domain::actor::{Actor, By};
use fengsui_domain::permission::SystemRole;
use fengsui_domain::plan::{Lang, PlanId, Text};
use fengsui_service::indicators::ListWords;
use fengsui_service::{Caller, Service};
use fengsui_wire::plan::scenario::{Found, Happening, Outcome, Scenario};
use fengsui_wire::plan::{Library, Pack};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::cast::{Cast, later};
use crate::director::{Director, Manner, Planned, Under};
use crate::environment::{Clock, Dice, virtual_environment};
use crate::error::{Error, Result};
use crate::outcome::{Act, Counts, IncidentOutcome, Obligation, Record};
use crate::words::{Mark, Words};

/// The stream of the people's dice.
const PEOPLE: u64 = 2;

/// What is asked of a drill.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// What happens.
    pub scenario: &'a Scenario,
    /// The plans at hand.
    pub plans: &'a Library,
    /// The seed.
    pub seed: u64,
    /// The language of what people write.
    pub lang: Lang,
}

/// What came of a drill: one document, the same bytes for the same scenario, plans, seed and language.
#[derive(Clone, Debug, Serialize)]
pub struct Drill {
    /// That it is a drill, for whoever reads only the first line.
    pub mark: &'static str,
    /// The scenario.
    pub scenario: About,
    /// The plan and its exact version; with others beside it, the one that leads.
    pub plan: PlanUsed,
    /// The other plans that governed its incidents too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<PlanUsed>,
    /// The seed.
    pub seed: u64,
    /// When it began, in its own time.
    pub began_at: Timestamp,
    /// When the last thing happened.
    pub ended_at: Timestamp,
    /// How many people took part.
    pub people: usize,
    /// How much there was.
    pub counts: Counts,
    /// What was expected, and whether it is so.
    pub expected: Vec<Expected>,
    /// Every incident with its obligations.
    pub incidents: Vec<IncidentOutcome>,
    /// Every act.
    pub timeline: Vec<Act>,
    /// The record, audited.
    pub ledger: Ledger,
}

/// Which scenario.
#[derive(Clone, Debug, Serialize)]
pub struct About {
    /// Its id.
    pub id: String,
    /// Its name, by language.
    pub title: BTreeMap<&'static str, String>,
    /// What it trains, by language.
    pub says: BTreeMap<&'static str, String>,
}

/// Which plan.
#[derive(Clone, Debug, Serialize)]
pub struct PlanUsed {
    /// Its id.
    pub id: String,
    /// Its name, by language.
    pub title: BTreeMap<&'static str, String>,
    /// SHA-256 over its files.
    pub digest: String,
    /// The zone in which its times are shown.
    pub zone: String,
}

/// Something expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Expected {
    /// What: `phase`, `level`, or the id of a rule.
    pub what: String,
    /// What should come of it.
    pub expected: String,
    /// What came of it: each outcome there was, once.
    pub found: Vec<String>,
    /// It is as expected.
    pub holds: bool,
}

/// The record of a drill, audited at its end.
#[derive(Clone, Debug, Serialize)]
pub struct Ledger {
    /// Its name, which begins with `drill.`.
    pub origin: String,
    /// The key that verifies it.
    pub key: String,
    /// How many entries there are.
    pub entries: u64,
    /// The root of the tree, in hex.
    pub root: String,
    /// Record and state are what the signature says.
    pub verified: bool,
}

impl Drill {
    /// Everything expected is so, and the record holds.
    pub fn holds(&self) -> bool {
        self.ledger.verified && self.expected.iter().all(|expected| expected.holds)
    }
}

/// Runs a drill to its end.
///
/// # Errors
/// [`Error`] if the service fails. What the rules refuse people, and what is not as expected, is in the result.
pub async fn run(asked: Asked<'_>) -> Result<Drill> {
    let Asked { scenario, plans, seed, lang } = asked;
    let used = |id: &PlanId| {
        let pack = plans.get(id).ok_or_else(|| Error::NoPlan { plan: id.to_string() })?;
        Ok(PlanUsed::of(pack))
    };
    let plan = used(&scenario.plan)?;
    let beside = scenario.beside.iter().map(used).collect::<Result<Vec<_>>>()?;
    let began_at = began(scenario, &plan.zone)?;
    let clock = Clock::at(began_at);
    let environment = virtual_environment(&clock, seed);
    let origin = format!("drill.{}", scenario.id);
    let service = Service::in_memory(&origin, plans.clone(), environment).await?;
    let under = Under { plan: scenario.plan.clone(), beside: scenario.beside.clone() };
    let cast = Cast::of_scenario(&service, under.whole(&service)?, scenario, began_at).await?;
    let people = cast.len();
    know_indicators(&service, scenario).await?;
    let words = Words { lang, mark: Mark::Drill };
    let manner = Manner { words, conduct: scenario.conduct.clone(), keep: true };
    let mut director = Director::new(service.clone(), clock, Dice::new(seed, PEOPLE), cast, manner);
    for inject in &scenario.injects {
        if let Some(name) = concerned(&inject.name, &inject.what) {
            director.expect(name);
        }
    }
    let injects = scenario.injects.iter().map(|inject| Planned {
        at: later(began_at, inject.at),
        name: inject.name.clone(),
        under: under.clone(),
        what: inject.what.clone(),
        then: Vec::new(),
    });
    director.run(&mut injects.peekable(), later(began_at, scenario.lasts)).await?;
    let record = director.finish()?;
    let ledger = audit(&service, &origin).await?;
    Ok(Drill {
        mark: "DRILL 演练",
        scenario: About { id: scenario.id.clone(), title: both(&scenario.title), says: both(&scenario.says) },
        plan,
        beside,
        seed,
        began_at,
        ended_at: service.now(),
        people,
        counts: record.counts,
        expected: expected(scenario, &record),
        incidents: record.incidents,
        timeline: record.acts,
        ledger,
    })
}

impl PlanUsed {
    fn of(pack: &Pack) -> Self {
        Self {
            id: pack.plan.id.to_string(),
            title: both(&pack.plan.title),
            digest: pack.digest.clone(),
            zone: pack.plan.zone.clone(),
        }
    }
}

fn both(text: &Text) -> BTreeMap<&'static str, String> {
    BTreeMap::from([("zh", text.zh.clone()), ("en", text.en.clone())])
}

/// The start of a drill as an instant.
fn began(scenario: &Scenario, zone: &str) -> Result<Timestamp> {
    let wrong = || Error::Start { starts: scenario.starts.to_string(), zone: zone.to_owned() };
    let zone = TimeZone::get(zone).map_err(|_| wrong())?;
    Ok(scenario.starts.to_zoned(zone).map_err(|_| wrong())?.timestamp())
}

/// The events whose incidents must not come to their end before this has happened.
fn concerned<'a>(name: &'a str, what: &'a Happening) -> Option<&'a str> {
    let parent = |found: &'a Found| match found {
        Found::Incident { parent, .. } => parent.as_deref(),
        Found::FalsePositive | Found::NotOurs => None,
    };
    match what {
        Happening::Event(reported) => parent(&reported.found),
        Happening::Log { triage, .. } => parent(triage),
        Happening::Facts(_) | Happening::Grade(_) | Happening::Playbook(_) | Happening::Order { .. } => {
            Some(name)
        }
    }
}

/// Gives the matcher the indicators of the scenario.
async fn know_indicators(service: &Service, scenario: &Scenario) -> Result<()> {
    if scenario.indicators.is_empty() {
        return Ok(());
    }
    let keeper = Caller::new(Actor {
        by: By::Console,
        roles: [SystemRole::Analyst].into(),
        bodies: [].into(),
        scopes: [].into(),
    });
    let words = ListWords { name: scenario.id.clone(), format: None };
    let lines = scenario.indicators.join("\n");
    service.list_import(&keeper, words, Cursor::new(lines)).await?;
    service.index_refresh().await?;
    Ok(())
}

async fn audit(service: &Service, origin: &str) -> Result<Ledger> {
    let report = service.store().verify(service.verifier_key().clone()).await?;
    Ok(Ledger {
        origin: origin.to_owned(),
        key: service.verifier_key().to_string(),
        entries: report.entries,
        root: report.root.map(|root| root.to_string()).unwrap_or_default(),
        verified: report.good(),
    })
}

fn expected(scenario: &Scenario, record: &Record) -> Vec<Expected> {
    let wants = &scenario.expect;
    let first = scenario.injects.first().map(|inject| inject.name.as_str());
    let first = record.incidents.iter().find(|incident| Some(incident.name.as_str()) == first);
    let one = |what: &str, expected: &str, found: Option<&'static str>| Expected {
        what: what.to_owned(),
        expected: expected.to_owned(),
        found: found.map(str::to_owned).into_iter().collect(),
        holds: found == Some(expected),
    };
    let phase = wants.phase.map(|phase| one("phase", phase, first.map(|incident| incident.phase)));
    let level = wants.level.map(|level| one("level", level.as_str(), first.map(|incident| incident.level)));
    let clocks = wants.clocks.iter().map(|(rule, outcome)| {
        let all = record.incidents.iter().flat_map(|incident| &incident.obligations);
        of_rule(rule.as_str(), *outcome, all.filter(|one| one.rule == rule.as_str()))
    });
    phase.into_iter().chain(level).chain(clocks).collect()
}

/// Every obligation of the rule came to this; those that another took the place of do not count, unless that
/// is what is expected.
fn of_rule<'a>(rule: &str, wanted: Outcome, all: impl Iterator<Item = &'a Obligation>) -> Expected {
    let mut found: Vec<Outcome> = all.map(|obligation| obligation.state).collect();
    found.sort();
    found.dedup();
    let holds = match wanted {
        Outcome::None => found.is_empty(),
        Outcome::Replaced => found.contains(&Outcome::Replaced),
        _ => {
            let counted: Vec<_> = found.iter().filter(|outcome| **outcome != Outcome::Replaced).collect();
            counted == [&wanted]
        }
    };
    let found = found.into_iter().map(|outcome| outcome.as_str().to_owned()).collect();
    Expected { what: rule.to_owned(), expected: wanted.as_str().to_owned(), found, holds }
}
