//! What waits to be done in an incident, read from its state and its plan.
//!
//! [`tasks`] looks at the incident alone, so a task that somebody else did, or that fell away, is simply
//! not there any more. Each has a key that stays the same while it waits; who does it and when is the
//! cast's. Nothing here knows a plan by name.

use fengsui_domain::expr::Answers;
use fengsui_domain::id::AccountId;
use fengsui_domain::incident::{Command, Incident, Phase};
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::plan::{Plan, RoleId, RuleId, Text};
use fengsui_wire::plan::scenario::{Chosen, Conduct, Range, Work};
use jiff::Timestamp;

use crate::cast::Cast;
use crate::words::Words;

mod closing;
mod disposal;
mod duties;
mod judging;
mod playbooks;
mod response;

/// What the world wants of an incident besides what its plan asks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wants {
    /// What is so; the bodies that judge it find out.
    pub(crate) facts: Answers,
    /// The level that people hold to be right, whatever the rules propose.
    pub(crate) level: Option<IncidentLevel>,
    /// Playbooks to be started.
    pub(crate) playbooks: Vec<Chosen>,
    /// Orders to be given, and whether they were.
    pub(crate) orders: Vec<(OrderWanted, bool)>,
    /// Something more is going to happen, so it does not come to its end.
    pub(crate) ahead: bool,
}

impl Wants {
    /// An order was given.
    pub(crate) fn given(&mut self, place: usize) {
        if let Some((_, given)) = self.orders.get_mut(place) {
            *given = true;
        }
    }
}

/// An order to be given.
#[derive(Clone, Debug)]
pub(crate) struct OrderWanted {
    pub(crate) rule: RuleId,
    /// A body, or a field of expertise.
    pub(crate) to: String,
    pub(crate) what: Text,
}

/// Everything a task depends on.
pub(crate) struct Situation<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) incident: &'a Incident,
    pub(crate) wants: &'a Wants,
    pub(crate) conduct: &'a Conduct,
    pub(crate) cast: &'a Cast,
    pub(crate) words: Words,
}

/// The moment of an act.
pub(crate) struct Moment<'a> {
    /// When it is done; a command takes it for what may lie in the past.
    pub(crate) done_at: Timestamp,
    /// When it is recorded.
    pub(crate) now: Timestamp,
    /// The body it is done for is the actor's own.
    pub(crate) own: bool,
    /// The actor's sign-in name.
    pub(crate) name: &'a str,
}

type Make<'a> = Box<dyn Fn(&Moment<'_>) -> Command + 'a>;

/// Something that waits to be done.
pub(crate) struct Task<'a> {
    pub(crate) key: String,
    pub(crate) work: Work,
    pub(crate) by: Vec<RoleId>,
    pub(crate) or_recorded_by: Vec<RoleId>,
    pub(crate) apart: Vec<AccountId>,
    /// Since when it waits; since it is seen if not said.
    pub(crate) since: Option<Timestamp>,
    pub(crate) takes: Option<Range>,
    pub(crate) make: Make<'a>,
}

impl<'a> Task<'a> {
    fn new(
        key: impl Into<String>,
        work: Work,
        by: &[RoleId],
        make: impl Fn(&Moment<'_>) -> Command + 'a,
    ) -> Self {
        Self {
            key: key.into(),
            work,
            by: by.to_vec(),
            or_recorded_by: Vec::new(),
            apart: Vec::new(),
            since: None,
            takes: None,
            make: Box::new(make),
        }
    }

    fn since(self, since: Timestamp) -> Self {
        Self { since: Some(since), ..self }
    }

    fn apart(self, apart: impl IntoIterator<Item = AccountId>) -> Self {
        Self { apart: apart.into_iter().collect(), ..self }
    }

    fn or_recorded_by(self, bodies: &[RoleId]) -> Self {
        Self { or_recorded_by: bodies.to_vec(), ..self }
    }
}

/// What waits to be done now.
pub(crate) fn tasks<'a>(s: &Situation<'a>) -> Vec<Task<'a>> {
    let mut tasks = Vec::new();
    if s.incident.is_closed() {
        return tasks;
    }
    judging::tasks(s, &mut tasks);
    duties::tasks(s, &mut tasks);
    response::tasks(s, &mut tasks);
    disposal::tasks(s, &mut tasks);
    playbooks::tasks(s, &mut tasks);
    closing::tasks(s, &mut tasks);
    tasks
}

impl Situation<'_> {
    fn not_ended(&self) -> bool {
        use Phase::{Analysing, Graded, Judged, Responding};
        matches!(self.incident.phase, Judged(_) | Analysing(_) | Graded(_) | Responding(_))
    }
}
