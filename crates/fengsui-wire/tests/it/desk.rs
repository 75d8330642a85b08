//! A duty desk without a node: one incident, a clock that moves only when told, people for each body.

use std::collections::{BTreeMap, BTreeSet};

use fengsui_domain::actor::{Actor, By};
use fengsui_domain::clock::{Clock, ClockState, Met};
use fengsui_domain::expr::Value;
use fengsui_domain::id::{AccountId, DisposalId, EventId, IncidentId, OrderId, PublicationId, ReportId};
use fengsui_domain::incident::{
    Command, Context, DisposalDraft, DraftStep, Incident, IncidentChange, Opening, OrderTo, OrderWords,
    PlanVersion, ReportKind, Step, decide, open, tick,
};
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::permission::SystemRole;
use fengsui_domain::plan::{CategoryId, FactId, Form, Plan, PlanId, RoleId, RuleId};
use fengsui_domain::refusal::Refusal;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// The unit became aware and the event reached the desk: 2026-03-02 16:00 in Jincheng.
const START_S: i64 = 1_772_438_400;
/// The duty room of the security office, to which units report.
pub(crate) const DUTY_ROOM: &str = "security-office-duty-room";
/// The two duty rooms of the city, to which major events are reported.
pub(crate) const CITY_ROOMS: [&str; 2] = ["party-committee-duty-room", "city-government-duty-room"];
/// The bodies that report to the city.
pub(crate) const CITY_BODIES: [&str; 3] = ["security-office", "local-government", "responsible-unit"];

/// The instant `minutes` after the start.
pub(crate) fn at(minutes: i64) -> Timestamp {
    Timestamp::from_second(START_S + minutes * 60).unwrap()
}

pub(crate) fn role(name: &str) -> RoleId {
    RoleId::new(name)
}

pub(crate) fn rule(name: &str) -> RuleId {
    RuleId::new(name)
}

/// Somebody with these system roles who speaks for these bodies.
pub(crate) fn person(name: &str, roles: &[SystemRole], bodies: &[&str]) -> Actor {
    let account = name.bytes().fold(0_u128, |id, byte| id << 8 | u128::from(byte));
    Actor {
        by: By::Person { account: AccountId(Uuid::from_u128(account)), name: name.to_owned() },
        roles: roles.iter().copied().collect(),
        bodies: bodies.iter().map(|body| role(body)).collect(),
        scopes: BTreeSet::new(),
    }
}

/// Somebody who may use every door of a case and speaks for these bodies.
pub(crate) fn speaker(name: &str, bodies: &[&str]) -> Actor {
    person(name, &[SystemRole::DutyOfficer, SystemRole::Commander], bodies)
}

/// The duty officer of the security office.
pub(crate) fn office() -> Actor {
    speaker("liu", &["security-office"])
}

/// A second person of the security office.
pub(crate) fn office_2() -> Actor {
    speaker("sun", &["security-office"])
}

/// The mayor's office.
pub(crate) fn city() -> Actor {
    speaker("zhao", &["city-government"])
}

/// A second person of the city government.
pub(crate) fn city_2() -> Actor {
    speaker("qian", &["city-government"])
}

/// The unit where it happened.
pub(crate) fn unit() -> Actor {
    speaker("wang", &["unit"])
}

/// A second person of the unit.
pub(crate) fn unit_2() -> Actor {
    speaker("zhou", &["unit"])
}

/// One incident and everything a decision about it depends on.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) plan: Plan,
    pub(crate) now: Timestamp,
    pub(crate) incident: Incident,
    pub(crate) manned: BTreeSet<RoleId>,
    ledger: Vec<(IncidentChange, Timestamp, By)>,
    ids: u128,
}

/// The plan that leads where a test says nothing else.
pub(crate) fn plan() -> Plan {
    crate::together::pack("jincheng-internet-2008")
}

/// What triage hands over at `level`.
pub(crate) fn opening(level: IncidentLevel) -> Opening {
    Opening {
        id: IncidentId(Uuid::from_u128(1)),
        number: "I-2026-000001".to_owned(),
        title: "Web server answers with foreign pages".to_owned(),
        event: EventId(Uuid::from_u128(2)),
        plan: PlanVersion { id: PlanId::new("jincheng-internet-2008"), digest: "0".repeat(64) },
        beside: Vec::new(),
        unit: "Urban water company".to_owned(),
        asset: "www.example.cn".to_owned(),
        category: CategoryId::new("attack"),
        received_at: at(0),
        occurred_at: None,
        aware_at: at(0),
        answers: BTreeMap::new(),
        level,
        reason: "as reported".to_owned(),
        parent: None,
    }
}

impl Desk {
    /// An incident of this provisional level, opened at minute 0.
    pub(crate) fn open(level: IncidentLevel) -> Self {
        Self::opened(opening(level)).unwrap()
    }

    /// An incident opened at minute 0, if the opening is accepted.
    pub(crate) fn opened(opening: Opening) -> Result<Self, Refusal> {
        Self::opened_under(plan(), opening)
    }

    /// The same under another plan.
    pub(crate) fn opened_under(plan: Plan, opening: Opening) -> Result<Self, Refusal> {
        let manned =
            plan.roles.iter().filter(|(_, role)| !role.temporary).map(|(id, _)| id.clone()).collect();
        let (id, mut ids, actor) = (opening.id, 1_000, office());
        let mut new_id = || next(&mut ids);
        let context =
            Context { plan: &plan, actor: &actor, manned: &manned, now: at(0), new_id: &mut new_id };
        let (incident, changes) = open(opening, context)?;
        let ledger: Vec<_> = changes.into_iter().map(|change| (change, at(0), actor.by.clone())).collect();
        let desk = Self { plan, now: at(0), incident, manned, ledger, ids };
        let changes: Vec<_> = desk.ledger.iter().map(|(change, _, _)| change.clone()).collect();
        crate::ran::note(&desk.plan, None, &desk.incident, &changes);
        assert_eq!(desk.incident.id, id);
        desk.check();
        Ok(desk)
    }

    /// An incident of this level, verified and confirmed at minute 0.
    pub(crate) fn graded(level: IncidentLevel) -> Self {
        let mut desk = Self::open(level);
        desk.does(&office(), Command::Verify { basis: "seen in the access log".to_owned() });
        desk.grade(level);
        desk
    }

    /// An incident whose response of this level runs.
    pub(crate) fn responding(level: IncidentLevel) -> Self {
        let mut desk = Self::graded(level);
        let step = Step::Start { level, range: "the whole unit".to_owned() };
        if level <= IncidentLevel::II {
            desk.does(&office(), propose(step.clone()));
            desk.does(&city(), approve(step));
        } else {
            desk.does(&office(), approve(step));
        }
        desk
    }

    /// An incident whose response of this level has ended.
    pub(crate) fn ended(level: IncidentLevel) -> Self {
        let mut desk = Self::responding(level);
        desk.tick_all();
        if level <= IncidentLevel::II {
            desk.does(&office(), propose(Step::End));
            desk.does(&city(), approve(Step::End));
        } else {
            desk.does(&office(), approve(Step::End));
        }
        desk
    }

    /// Ticks every condition of ending.
    pub(crate) fn tick_all(&mut self) {
        let level = self.incident.phase.response().unwrap().level;
        let conditions = self.plan.response(level).unwrap().end_when.conditions.clone();
        for condition in conditions {
            self.does(&office(), holds(condition.id.as_str(), true));
        }
    }

    /// Moves the clock to this minute without telling anybody.
    pub(crate) fn at(&mut self, minutes: i64) -> &mut Self {
        self.now = at(minutes);
        self
    }

    /// Decides a command; what is refused changes nothing.
    pub(crate) fn tries(&mut self, actor: &Actor, command: Command) -> Result<Vec<IncidentChange>, Refusal> {
        let before = self.incident.clone();
        let mut new_id = || next(&mut self.ids);
        let context =
            Context { plan: &self.plan, actor, manned: &self.manned, now: self.now, new_id: &mut new_id };
        let changes = decide(&self.incident, command, context);
        assert_eq!(self.incident, before, "a decision only proposes changes");
        let changes = changes?;
        self.record(&changes, &actor.by);
        Ok(changes)
    }

    /// Decides a command that must be accepted.
    pub(crate) fn does(&mut self, actor: &Actor, command: Command) -> Vec<IncidentChange> {
        let name = command.name();
        self.tries(actor, command)
            .unwrap_or_else(|refusal| panic!("{} may `{name}`: {refusal}", actor.by.name()))
    }

    /// The stable code with which a command is refused.
    pub(crate) fn refused(&mut self, actor: &Actor, command: Command) -> &'static str {
        let name = command.name();
        match self.tries(actor, command) {
            Ok(changes) => panic!("{} must not `{name}`, but: {changes:?}", actor.by.name()),
            Err(refusal) => refusal.code(),
        }
    }

    /// Lets the clocks speak up to now; returns what they said.
    pub(crate) fn tick(&mut self) -> Vec<IncidentChange> {
        let changes = tick(&self.incident, self.now);
        self.record(&changes, &By::Node { part: "timer".to_owned() });
        changes
    }

    /// As after a kill: state thrown away, read back from its stored form.
    pub(crate) fn restart(&mut self) {
        self.incident = through_storage(&self.incident);
    }

    fn record(&mut self, changes: &[IncidentChange], by: &By) {
        let before = self.incident.clone();
        for change in changes {
            self.incident.apply(change.clone(), self.now, by.clone());
            self.ledger.push((change.clone(), self.now, by.clone()));
        }
        crate::ran::note(&self.plan, Some(&before), &self.incident, changes);
        self.check();
    }

    /// What must hold after every command.
    fn check(&self) {
        assert_eq!(self.replayed(), self.incident, "the ledger gives back the live state");
        assert_eq!(through_storage(&self.incident), self.incident, "the stored form keeps everything");
        let mut duties = BTreeSet::new();
        for clock in self.incident.running() {
            let step = clock.step.as_ref().map(|about| (about.run, about.step.clone()));
            let duty = (clock.rule.clone(), clock.of.clone(), clock.to.clone(), clock.about, step);
            assert!(duties.insert(duty), "the duty of clock {} runs twice", clock.id);
        }
        let mut ended = BTreeMap::new();
        for (change, _, _) in &self.ledger {
            match change {
                IncidentChange::ClockMet { clock, .. } | IncidentChange::ClockReplaced { clock, .. } => {
                    assert_eq!(ended.insert(*clock, change), None, "clock {clock} ended twice");
                }
                _ => {}
            }
        }
    }

    fn replayed(&self) -> Incident {
        let mut ledger =
            self.ledger.iter().map(|(change, at, by)| (through_storage(change), *at, by.clone()));
        let (first, at, by) = ledger.next().unwrap();
        let mut incident = Incident::first(self.incident.id, first, at, by).unwrap();
        ledger.for_each(|(change, at, by)| incident.apply(change, at, by));
        incident
    }

    /// Confirms or overrides the level.
    pub(crate) fn grade(&mut self, level: IncidentLevel) -> Vec<IncidentChange> {
        self.does(&office(), Command::Grade { level, reason: "judged by the office".to_owned() })
    }

    /// Sets or takes back the mark of special circumstances.
    pub(crate) fn special(&mut self, set: bool) {
        self.does(&office(), mark(set));
    }

    /// Records a report made at this minute, now.
    pub(crate) fn report(&mut self, form: Form, of: &str, to: &str, minute: i64) -> ReportId {
        self.does(&office(), report(form, of, to, at(minute)));
        self.incident.reports.last().unwrap().id
    }

    /// Records the receipt of a report.
    pub(crate) fn receipt(&mut self, report: ReportId) {
        let command = Command::ReceiptReport { report, at: self.now, reference: "R-17".to_owned() };
        self.does(&office(), command);
    }

    /// The latest clock of a rule for one body and addressee (`""` for none).
    pub(crate) fn clock(&self, rule: &str, of: &str, to: &str) -> &Clock {
        let mut clocks = self.incident.clocks.iter().rev();
        let found = clocks.find(|clock| {
            let to_fits = if to.is_empty() { clock.to.is_empty() } else { clock.to.contains(&role(to)) };
            clock.rule.as_str() == rule && clock.of.as_str() == of && to_fits
        });
        found.unwrap_or_else(|| panic!("no clock `{rule}` of `{of}` to `{to}`"))
    }

    /// How the latest clock of a rule of the unit towards the duty room was met.
    pub(crate) fn met(&self, rule: &str, of: &str, to: &str) -> Option<Met> {
        match &self.clock(rule, of, to).state {
            ClockState::Met(met) => Some(met.clone()),
            _ => None,
        }
    }

    /// The running clocks as `rule of -> to`, sorted.
    pub(crate) fn runs(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .incident
            .running()
            .map(|clock| {
                let to: Vec<&str> = clock.to.iter().map(RoleId::as_str).collect();
                format!("{} {} -> {}", clock.rule, clock.of, to.join(" or "))
            })
            .collect();
        names.sort();
        names
    }

    /// The ids of rules with a running clock, each once.
    pub(crate) fn running_rules(&self) -> BTreeSet<&str> {
        self.incident.running().map(|clock| clock.rule.as_str()).collect()
    }

    /// The one disposal plan.
    pub(crate) fn disposal(&self) -> DisposalId {
        self.incident.disposals.last().unwrap().id
    }

    /// The one publication.
    pub(crate) fn publication(&self) -> PublicationId {
        self.incident.publications.last().unwrap().id
    }
}

fn next(ids: &mut u128) -> Uuid {
    *ids += 1;
    Uuid::from_u128(*ids)
}

fn through_storage<T: serde::Serialize + serde::de::DeserializeOwned>(value: &T) -> T {
    serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap()
}

/// Minutes from the start, for tables.
pub(crate) fn minute(instant: Timestamp) -> i64 {
    instant.duration_since(at(0)).as_mins()
}

/// Who was told what when: percent, body, minute of what was due.
pub(crate) fn told(changes: &[IncidentChange]) -> Vec<(u8, String, i64)> {
    let told = changes.iter().filter_map(|change| match change {
        IncidentChange::ClockTold { percent, to, due_at, .. } => {
            Some((*percent, to.to_string(), minute(*due_at)))
        }
        _ => None,
    });
    told.collect()
}

/// A time span in days.
pub(crate) fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

pub(crate) fn propose(step: Step) -> Command {
    Command::Propose { step, grounds: "it spreads".to_owned() }
}

pub(crate) fn approve(step: Step) -> Command {
    Command::Decide { step, approve: true, grounds: "agreed".to_owned() }
}

pub(crate) fn decline(step: Step) -> Command {
    Command::Decide { step, approve: false, grounds: "not needed".to_owned() }
}

pub(crate) fn start(level: IncidentLevel) -> Step {
    Step::Start { level, range: "the whole unit".to_owned() }
}

pub(crate) fn adjust(level: IncidentLevel) -> Step {
    Step::Adjust { level, range: "two more units".to_owned() }
}

pub(crate) fn holds(condition: &str, holds: bool) -> Command {
    Command::TickCondition { condition: rule(condition), holds, basis: "log of the firewall".to_owned() }
}

pub(crate) fn mark(set: bool) -> Command {
    act_mark("special_circumstances", set)
}

/// Sets or takes back this mark.
pub(crate) fn act_mark(name: &str, set: bool) -> Command {
    let answer = (Value::Bool(set), "people's congress in session".to_owned());
    Command::Answer { answers: BTreeMap::from([(FactId::new(name), answer)]) }
}

pub(crate) fn report(form: Form, of: &str, to: &str, made: Timestamp) -> Command {
    Command::Report {
        kind: ReportKind::First,
        form,
        of: role(of),
        to: role(to),
        at: made,
        spoke: "Wang to Chen".to_owned(),
        means: "telephone".to_owned(),
        text: "foreign pages on the web server, isolated".to_owned(),
    }
}

pub(crate) fn act(action: &str, done: Timestamp) -> Command {
    Command::TakeAction { action: rule(action), at: done, note: "server taken off the network".to_owned() }
}

/// A step that takes this operating permission (`""` for none).
pub(crate) fn step(text: &str, needs: &str) -> DraftStep {
    DraftStep { text: text.to_owned(), needs: needs.to_owned() }
}

pub(crate) fn withdraw(order: OrderId) -> Command {
    Command::WithdrawOrder { order, reason: "given in error".to_owned() }
}

/// An order to a body, without a deadline of its own.
pub(crate) fn order(kind: &str, to: &str) -> OrderWords {
    let to = OrderTo::Body { body: role(to) };
    OrderWords { rule: rule(kind), to, what: "look at the mail gateway".to_owned(), due_at: None }
}

pub(crate) fn draft() -> DisposalDraft {
    DisposalDraft {
        steps: vec![step("restore from backup", ""), step("change all keys", "")],
        resources: "two engineers".to_owned(),
        risks: "an hour without service".to_owned(),
        rollback: "switch back".to_owned(),
    }
}
