//! What came of a run: every act, every obligation, the counts.

use std::collections::BTreeMap;

use fengsui_domain::clock::{Clock, ClockState, ReplacedWhy};
use fengsui_domain::id::ClockId;
use fengsui_domain::incident::Incident;
use fengsui_domain::plan::{Form, Lang, Plan, RoleId};
use fengsui_wire::plan::scenario::Outcome;
use jiff::Timestamp;
use serde::Serialize;

/// What is recorded of a run.
#[derive(Debug, Default)]
pub struct Record {
    keep: bool,
    /// How much there was.
    pub counts: Counts,
    /// Every act, in order of time, if kept.
    pub acts: Vec<Act>,
    /// Every incident with its obligations, in order of closing, if kept.
    pub incidents: Vec<IncidentOutcome>,
    /// Who did what met a clock, of incidents that are open.
    met_by: BTreeMap<ClockId, String>,
}

/// How much there was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Events recorded.
    pub events: u64,
    /// Incidents opened.
    pub incidents: u64,
    /// Acts of people.
    pub acts: u64,
    /// Acts that the rules refused.
    pub refused: u64,
    /// Obligations by what became of them.
    pub obligations: Tally,
}

/// Obligations by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Done in time.
    pub met: u64,
    /// Done after they had lapsed.
    pub late: u64,
    /// Never done, and lapsed.
    pub lapsed: u64,
    /// Another took their place, or they fell away.
    pub replaced: u64,
    /// Still to be done.
    pub open: u64,
}

/// Somebody's act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Act {
    /// When it was recorded.
    pub at: Timestamp,
    /// By whom.
    pub person: String,
    /// The event it is about, by its name in the scenario.
    pub about: String,
    /// What was done, by the name of the command.
    pub act: &'static str,
    /// Why the rules refused it, if they did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<Refused>,
}

/// Why the rules refused an act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// The stable code.
    pub code: &'static str,
    /// In words.
    pub why: String,
}

/// An incident at the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IncidentOutcome {
    /// The event, by its name in the scenario.
    pub name: String,
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// The phase it is in.
    pub phase: &'static str,
    /// Its level.
    pub level: &'static str,
    /// Its obligations, in order of starting.
    pub obligations: Vec<Obligation>,
}

/// An obligation at the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Obligation {
    /// The rule.
    pub rule: String,
    /// Its name in the language of the drill.
    pub title: String,
    /// The clause.
    pub clause: String,
    /// The obliged body.
    pub of: String,
    /// The addressees.
    pub to: Vec<String>,
    /// The form, for reports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<Form>,
    /// When it started.
    pub started_at: Timestamp,
    /// When it was due.
    pub due_at: Timestamp,
    /// When it was done, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub met_at: Option<Timestamp>,
    /// What became of it.
    #[serde(serialize_with = "by_name")]
    pub state: Outcome,
    /// Why it was replaced, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<ReplacedWhy>,
    /// Whose act met it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// An act as the director tells of it.
pub(crate) struct Said {
    pub(crate) at: Timestamp,
    pub(crate) person: String,
    pub(crate) case: String,
    pub(crate) act: &'static str,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a field over by reference")]
fn by_name<S: serde::Serializer>(outcome: &Outcome, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(outcome.as_str())
}

impl Record {
    pub(crate) fn new(keep: bool) -> Self {
        Self { keep, ..Self::default() }
    }

    pub(crate) fn acted(&mut self, said: Said) {
        self.counts.acts += 1;
        self.push(said, None);
    }

    pub(crate) fn refused(&mut self, said: Said, code: &'static str, why: String) {
        self.counts.refused += 1;
        self.push(said, Some(Refused { code, why }));
    }

    fn push(&mut self, said: Said, refused: Option<Refused>) {
        if self.keep {
            let Said { at, person, case, act } = said;
            self.acts.push(Act { at, person, about: case, act, refused });
        }
    }

    /// Notes who met the clocks that an act met.
    pub(crate) fn note_met(&mut self, before: &Incident, after: &Incident, person: &str) {
        if !self.keep {
            return;
        }
        for clock in &after.clocks {
            let was = before.clock(clock.id).is_some_and(|clock| !clock.runs());
            if !was && matches!(clock.state, ClockState::Met(_)) {
                self.met_by.insert(clock.id, person.to_owned());
            }
        }
    }

    /// Takes an incident at its end, or at the end of the run.
    pub(crate) fn close(&mut self, plan: &Plan, lang: Lang, name: &str, incident: &Incident) {
        let tally = &mut self.counts.obligations;
        for clock in &incident.clocks {
            match outcome(clock) {
                Outcome::Met => tally.met += 1,
                Outcome::Late => tally.late += 1,
                Outcome::Lapsed => tally.lapsed += 1,
                Outcome::Replaced | Outcome::None => tally.replaced += 1,
                Outcome::Open => tally.open += 1,
            }
        }
        if !self.keep {
            return;
        }
        let obligations = incident.clocks.iter().map(|clock| self.obligation(plan, lang, clock)).collect();
        self.incidents.push(IncidentOutcome {
            name: name.to_owned(),
            number: incident.number.clone(),
            title: incident.title.clone(),
            phase: incident.phase.name(),
            level: incident.level().as_str(),
            obligations,
        });
    }

    fn obligation(&self, plan: &Plan, lang: Lang, clock: &Clock) -> Obligation {
        let title = plan.clock(&clock.rule).map(|rule| rule.title.get(lang).to_owned());
        Obligation {
            rule: clock.rule.to_string(),
            title: title.unwrap_or_default(),
            clause: clock.clause.to_string(),
            of: clock.of.to_string(),
            to: clock.to.iter().map(RoleId::to_string).collect(),
            form: clock.form,
            started_at: clock.started_at,
            due_at: clock.due_at,
            met_at: match &clock.state {
                ClockState::Met(met) => Some(met.at),
                _ => None,
            },
            state: outcome(clock),
            why: match &clock.state {
                ClockState::Replaced { why, .. } => Some(*why),
                _ => None,
            },
            by: self.met_by.get(&clock.id).cloned(),
        }
    }
}

/// What became of a clock. A lapse stays, whatever came after but the act itself.
fn outcome(clock: &Clock) -> Outcome {
    match (&clock.state, clock.lapsed_at) {
        (ClockState::Met(met), _) if met.late => Outcome::Late,
        (ClockState::Met(_), _) => Outcome::Met,
        (_, Some(_)) => Outcome::Lapsed,
        (ClockState::Replaced { .. }, None) => Outcome::Replaced,
        (ClockState::Running, None) => Outcome::Open,
    }
}
