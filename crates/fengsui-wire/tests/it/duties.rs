//! Standing duties of the three shipped packs run by the engine: each with its clause, its period, when it falls due
//! and what meets it; quotas, late deeds, extensions by two persons, conditions, filings, corrections.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use fengsui_domain::actor::{Actor, By};
use fengsui_domain::duty::state::{Outcome, Standing, Stands, standings, tick};
use fengsui_domain::duty::{
    Book, BookChange, Command, Context, Document, MAX_PARENT_VERSIONS, Opening, ParentVersion, Record,
    RecordChange, RecordCommand, RecordWords, Said, Vouched, decide, enter, open, renewed, revise,
};
use fengsui_domain::id::{BookId, RecordId};
use fengsui_domain::incident::PlanVersion;
use fengsui_domain::plan::{Cycle, DutyKind, Plan, PlanId, RoleId, StandingDuty, Test};
use fengsui_domain::refusal::Refusal;
use fengsui_wire::plan::Library;
use jiff::civil::{Date, date};
use jiff::{Span, Timestamp};
use uuid::Uuid;

use crate::desk::{rule, speaker};
use crate::ran;

mod expected;
mod parents;

use expected::EXPECTED;

/// The shipped packs, read once.
static LIBRARY: LazyLock<Library> = LazyLock::new(Library::shipped);
const N: &str = "national-2017";
const J: &str = "jincheng-internet-2008";
const E: &str = "jincheng-egov-2008";
/// Eleven in the morning of a Monday, in the packs' zone.
const BEGIN: &str = "2026-11-23T03:00:00Z";

/// One book, its records, and everything a decision about them depends on.
pub(crate) struct Shelf {
    plan: Plan,
    version: PlanVersion,
    now: Timestamp,
    book: Book,
    records: Vec<Record>,
    manned: BTreeSet<RoleId>,
}

impl Shelf {
    /// A book kept from this day on.
    fn from(pack: &str, from: Date) -> Self {
        Self::under(LIBRARY.get(&PlanId::new(pack)).unwrap().plan.clone(), from)
    }

    /// The same under this version of a plan.
    pub(crate) fn under(plan: Plan, from: Date) -> Self {
        let version = PlanVersion { id: plan.id.clone(), digest: "0".repeat(64) };
        let manned = plan.roles.keys().cloned().collect();
        let now: Timestamp = BEGIN.parse().unwrap();
        let chief = speaker("chief", &["unit"]);
        let context = Context { plan: &plan, version: &version, actor: &chief, manned: &manned, now };
        let opening = Opening { unit: "Urban water company".to_owned(), from };
        let opened = open(&opening, parents(&plan), context).unwrap();
        let book = Book::first(BookId(Uuid::nil()), stored(&opened), now, chief.by).unwrap();
        Self { plan, version, now, book, records: Vec::new(), manned }
    }

    /// A book kept from today on.
    fn new(pack: &str) -> Self {
        Self::from(pack, date(2026, 11, 23))
    }

    pub(crate) fn at(&mut self, instant: &str) -> &mut Self {
        self.now = instant.parse().unwrap();
        self
    }

    /// What the clock says.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    pub(crate) fn duty(&self, id: &str) -> StandingDuty {
        self.plan.standing_duty(&rule(id)).unwrap().clone()
    }

    /// Somebody of the first body that owes the duty.
    pub(crate) fn owner(&self, id: &str) -> Actor {
        let body = self.duty(id).by[0].to_string();
        speaker(&format!("{body}-1"), &[&body])
    }

    fn context<'s>(&'s self, actor: &'s Actor) -> Context<'s> {
        Context { plan: &self.plan, version: &self.version, actor, manned: &self.manned, now: self.now }
    }

    pub(crate) fn enters(
        &mut self,
        actor: &Actor,
        id: &str,
        words: RecordWords,
    ) -> Result<RecordId, Refusal> {
        let change = enter(&self.book, &rule(id), words, self.context(actor))?;
        let record = RecordId(Uuid::from_u128(self.records.len() as u128 + 1));
        self.records.push(Record::first(record, stored(&change), self.now).unwrap());
        ran::duty(&self.plan, &rule(id), false);
        Ok(record)
    }

    fn revises(&mut self, actor: &Actor, id: RecordId, command: RecordCommand) -> Result<(), Refusal> {
        let at = self.records.iter().position(|record| record.id == id).unwrap();
        let change = revise(&self.book, &self.records[at], command, self.context(actor))?;
        let receipt = matches!(change, RecordChange::Receipted { .. });
        let (now, by) = (self.now, actor.by.clone());
        self.records[at].apply(stored(&change), now, by);
        let duty = self.records[at].duty.clone();
        ran::duty(&self.plan, &duty, receipt);
        Ok(())
    }

    fn does(&mut self, actor: &Actor, command: Command) -> Result<(), Refusal> {
        let change = decide(&self.book, command, self.context(actor))?;
        let (now, by) = (self.now, actor.by.clone());
        self.book.apply(stored(&change), now, by);
        Ok(())
    }

    /// The node uses the national plan in this version from now on; what the book notes of it.
    fn parent_renewed(&mut self, digest: &str, in_force_from: Date) -> Vec<BookChange> {
        let in_use = [ParentVersion { plan: PlanId::new(N), digest: digest.to_owned(), in_force_from }];
        let changes = renewed(&self.book, &self.plan, &in_use);
        for change in &changes {
            let by = By::Node { part: "timer".to_owned() };
            self.book.apply(stored(change), self.now, by);
        }
        changes
    }

    pub(crate) fn stands(&self, id: &str) -> Standing<'_> {
        let all = standings(&self.plan, &self.book, &self.records, self.now);
        all.into_iter().find(|standing| standing.duty.id.as_str() == id).unwrap()
    }

    /// What the timer says now.
    fn tick(&mut self) -> Vec<(String, String)> {
        let said = tick(&self.book, &standings(&self.plan, &self.book, &self.records, self.now), self.now);
        let (now, by) = (self.now, By::Node { part: "timer".to_owned() });
        let names = said.iter().map(|change| match change {
            BookChange::Told { duty, due_at, .. } => (duty.to_string(), due_at.to_string()),
            other => panic!("the timer only tells: {other:?}"),
        });
        let names = names.collect();
        said.into_iter().for_each(|change| self.book.apply(stored(&change), now, by.clone()));
        names
    }

    /// The words that meet a duty now.
    pub(crate) fn words(&self, id: &str) -> RecordWords {
        let duty = self.duty(id);
        let today = self.now.to_zoned(jiff::tz::TimeZone::get(&self.plan.zone).unwrap()).date();
        let said = match &duty.kind {
            DutyKind::Holds(condition) => {
                let value = match &condition.test {
                    Test::AtLeast { number, .. } => Vouched::Number(u64::from(*number)),
                    Test::MoreThan { number, .. } => Vouched::Number(u64::from(*number) + 1),
                    Test::NotPassed => Vouched::Day(date(2027, 6, 30)),
                    Test::Stated => Vouched::Stated(true),
                };
                Said::Vouched { value, basis: "looked at it".to_owned() }
            }
            _ => Said::Done {
                for_day: today,
                proof: duty.proof.iter().map(|field| (field.id.clone(), "as asked".to_owned())).collect(),
                document: duty.document.then(|| Document {
                    title: "Report no. 7".to_owned(),
                    place: "Archive, shelf 2".to_owned(),
                    sha256: "a".repeat(64),
                }),
            },
        };
        RecordWords { said, at: self.now }
    }

    /// Does a duty now, with every receipt.
    pub(crate) fn meets(&mut self, id: &str) -> RecordId {
        let (owner, words) = (self.owner(id), self.words(id));
        let record = self.enters(&owner, id, words).unwrap();
        let receipts = self.duty(id).receipts;
        for body in receipts.into_iter().flat_map(|receipts| receipts.from) {
            let receipt = receipt(body.as_str(), self.now);
            self.revises(&owner, record, receipt).unwrap();
        }
        record
    }
}

/// The plans above a plan as a node uses them that has nothing but what is shipped.
fn parents(plan: &Plan) -> Vec<ParentVersion> {
    let version = |id: &PlanId| {
        let pack = LIBRARY.get(id).unwrap();
        let (plan, digest) = (id.clone(), pack.digest.clone());
        ParentVersion { plan, digest, in_force_from: pack.plan.in_force_from }
    };
    plan.parents().map(version).collect()
}

/// As after a kill: through the stored form.
fn stored<T: serde::Serialize + serde::de::DeserializeOwned>(value: &T) -> T {
    serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap()
}

fn receipt(body: &str, at: Timestamp) -> RecordCommand {
    RecordCommand::Receipt { body: RoleId::new(body), at, reference: "R-17".to_owned() }
}

fn ask(duty: &str, day: Date, until: Date) -> Command {
    Command::AskExtension { duty: rule(duty), day, until, reason: "the laboratory is closed".to_owned() }
}

fn grant(duty: &str, day: Date, grant: bool) -> Command {
    Command::DecideExtension { duty: rule(duty), day, grant, reason: "agreed".to_owned() }
}

#[test]
fn every_duty_has_its_clause_its_period_and_its_due_time() {
    let mut seen = BTreeMap::new();
    for (pack, id, clause, period, due) in EXPECTED {
        let shelf = Shelf::new(pack);
        let standing = shelf.stands(id);
        assert_eq!(standing.duty.clause.number(), clause, "{pack} {id}");
        let due_at = standing.due_at.map_or_else(String::new, |due_at| due_at.to_string());
        assert_eq!(due_at, due, "{pack} {id}");
        let (stands, kind) = match &standing.duty.kind {
            DutyKind::Every(_) => {
                let period = standing.period.unwrap();
                (Stands::Open, format!("{}/{}", period.first, period.last))
            }
            DutyKind::Holds(_) => (Stands::NeverVouched, "condition".to_owned()),
            DutyKind::OnChange { .. } => (Stands::Open, "change".to_owned()),
            DutyKind::OnParent { .. } => (Stands::NotOwed, "plan above".to_owned()),
            DutyKind::AsNeeded => (Stands::AsNeeded, "as needed".to_owned()),
        };
        assert_eq!((standing.stands, kind.as_str()), (stands, period), "{pack} {id}");
        seen.entry(pack).or_insert_with(Vec::new).push(id);
    }
    for (pack, ids) in seen {
        let plan = Shelf::new(pack).plan;
        assert_eq!(plan.duties.iter().map(|duty| duty.id.as_str()).collect::<Vec<_>>(), ids, "{pack}");
    }
}

#[test]
fn every_duty_is_met_by_a_record_of_its_own_kind() {
    for (pack, id, ..) in EXPECTED {
        let mut shelf = Shelf::new(pack);
        let owner = shelf.owner(id);
        let stranger = speaker("stranger", &[]);
        let words = shelf.words(id);
        assert_eq!(shelf.enters(&stranger, id, words.clone()).unwrap_err().code(), "not_entitled", "{id}");
        let early = RecordWords { at: shelf.now + jiff::SignedDuration::from_mins(5), ..words.clone() };
        assert_eq!(shelf.enters(&owner, id, early).unwrap_err().code(), "bad_time", "{id}");
        let other = match words.said {
            Said::Vouched { .. } => {
                Said::Done { for_day: date(2026, 11, 23), proof: BTreeMap::new(), document: None }
            }
            _ => Said::Vouched { value: Vouched::Stated(true), basis: "x".to_owned() },
        };
        let other = RecordWords { said: other, at: shelf.now };
        assert_eq!(shelf.enters(&owner, id, other).unwrap_err().code(), "unknown_value", "{id}");
        if matches!(shelf.duty(id).kind, DutyKind::OnParent { .. }) {
            shelf.parent_renewed("2".repeat(64).as_str(), date(2017, 1, 10));
        }
        shelf.meets(id);
        let standing = shelf.stands(id);
        let expected = match &standing.duty.kind {
            DutyKind::Every(_) | DutyKind::OnChange { .. } | DutyKind::OnParent { .. } => Stands::Met,
            DutyKind::Holds(_) => Stands::Holds,
            DutyKind::AsNeeded => Stands::AsNeeded,
        };
        assert_eq!((standing.stands, standing.done), (expected, 1), "{pack} {id}");
        assert_eq!(standing.unreceipted, [], "{pack} {id}");
    }
}

/// The proof is what the plan asks for: each text, a document with a digest that is one, and nothing else.
#[test]
fn a_record_proves_what_the_plan_asks_for() {
    let mut shelf = Shelf::new(N);
    let owner = shelf.owner("plan-exercise");
    let words = shelf.words("plan-exercise");
    let Said::Done { for_day, proof, document } = words.said.clone() else { panic!("a deed") };
    let document = document.unwrap();
    let mut without = proof.clone();
    without.remove(&rule("scenario"));
    let with = |id: &str| proof.clone().into_iter().chain([(rule(id), "x".to_owned())]).collect();
    let odd = Document { sha256: "z".repeat(64), ..document.clone() };
    for (proof, document, code) in [
        (without, Some(document.clone()), "conditions_open"),
        (with("weather"), Some(document.clone()), "unknown_value"),
        (proof.clone(), None, "missing"),
        (proof.clone(), Some(odd), "unknown_value"),
    ] {
        let words = RecordWords { said: Said::Done { for_day, proof, document }, at: shelf.now };
        assert_eq!(shelf.enters(&owner, "plan-exercise", words).unwrap_err().code(), code);
    }
    let paper = Document { sha256: String::new(), ..document };
    let said = Said::Done { for_day, proof, document: Some(paper) };
    let words = RecordWords { said, at: shelf.now };
    assert!(shelf.enters(&owner, "plan-exercise", words).is_ok(), "on paper there is no digest");
}

/// `jincheng-egov-2008/4.4.c`, `4.5.2.a`: what was left out stays a fact; weekends are no workdays.
#[test]
fn days_left_out_are_facts() {
    let mut shelf = Shelf::new(E);
    shelf.meets("daily-check");
    shelf.at("2026-11-24T09:59:00Z");
    assert_eq!(shelf.stands("plug-check").stands, Stands::Overdue, "Monday was left out");
    shelf.meets("plug-check");
    assert_eq!(shelf.stands("plug-check").stands, Stands::Met);
    shelf.at("2026-11-26T02:00:00Z");
    let past: Vec<_> =
        shelf.stands("daily-check").past.iter().map(|past| (past.period.first, past.outcome)).collect();
    let expected = [
        (date(2026, 11, 25), Outcome::Missed),
        (date(2026, 11, 24), Outcome::Missed),
        (date(2026, 11, 23), Outcome::Met),
    ];
    assert_eq!(past, expected);
    shelf.at("2026-11-28T02:00:00Z");
    let saturday = shelf.stands("plug-check");
    assert_eq!(saturday.period.unwrap().first, date(2026, 11, 27), "Friday was left out");
    shelf.at("2026-11-30T02:00:00Z");
    shelf.meets("plug-check");
    let days: Vec<Date> = shelf.stands("plug-check").past.iter().map(|past| past.period.first).collect();
    let workdays = [27, 26, 25, 24, 23].map(|day| date(2026, 11, day));
    assert_eq!(days, workdays);
}

/// 18:00 by the plan's clock: one minute decides whether it is late.
#[test]
fn a_time_of_day_is_a_limit() {
    for (at, outcome) in [("2026-11-23T10:00:00Z", Outcome::Met), ("2026-11-23T10:00:01Z", Outcome::MetLate)]
    {
        let mut shelf = Shelf::new(E);
        shelf.at(at).meets("plug-check");
        shelf.at("2026-11-24T02:00:00Z");
        assert_eq!(shelf.stands("plug-check").past[0].outcome, outcome, "{at}");
    }
}

/// `jincheng-internet-2008/8.3.b`: at least one a year; one held in the next year may be for this one, and is late.
#[test]
fn a_quota_goes_by_the_year() {
    let mut shelf = Shelf::from(J, date(2026, 1, 1));
    let open = shelf.stands("unit-exercise");
    assert_eq!((open.stands, open.done, open.times), (Stands::Open, 0, 1));
    shelf.at("2026-12-31T15:59:59Z");
    assert_eq!(shelf.stands("unit-exercise").stands, Stands::Open, "the year has a second left");
    shelf.at("2026-12-31T16:00:00Z");
    let over = shelf.stands("unit-exercise");
    assert_eq!((over.stands, over.past[0].outcome), (Stands::Overdue, Outcome::Missed));
    assert_eq!(over.due_at.unwrap().to_string(), "2026-12-31T16:00:00Z");
    let told = |id: &str, said: &[(String, String)]| said.iter().filter(|(duty, _)| duty == id).count();
    let said = shelf.tick();
    assert_eq!(told("unit-exercise", &said), 1);
    assert_eq!(shelf.tick(), [], "of each due time once");
    shelf.at("2027-01-20T02:00:00Z");
    let owner = shelf.owner("unit-exercise");
    let words = shelf.words("unit-exercise");
    let Said::Done { proof, document, .. } = words.said else { panic!("a deed") };
    let said = Said::Done { for_day: date(2026, 6, 1), proof, document };
    shelf.enters(&owner, "unit-exercise", RecordWords { said, at: shelf.now }).unwrap();
    let late = shelf.stands("unit-exercise");
    assert_eq!((late.past[0].outcome, late.past[0].done), (Outcome::MetLate, 1));
    assert_eq!((late.stands, late.done), (Stands::Open, 0), "the new year has its own");
    let early = RecordWords {
        said: Said::Done { for_day: date(2028, 1, 1), proof: BTreeMap::new(), document: None },
        at: shelf.now,
    };
    assert_eq!(shelf.enters(&owner, "unit-exercise", early).unwrap_err().code(), "bad_time");
}

/// `national-2017/6.2.c`: the exercise counts when it was held; that it was not reported shows by itself.
#[test]
fn a_report_upward_needs_its_receipt() {
    let mut shelf = Shelf::new(N);
    let owner = shelf.owner("plan-exercise");
    let words = shelf.words("plan-exercise");
    let record = shelf.enters(&owner, "plan-exercise", words).unwrap();
    let standing = shelf.stands("plan-exercise");
    assert_eq!(standing.stands, Stands::Met);
    assert_eq!(standing.unreceipted[0].from, [RoleId::new("cyberspace-office")]);
    let before = receipt("cyberspace-office", "2026-11-22T00:00:00Z".parse().unwrap());
    assert_eq!(shelf.revises(&owner, record, before).unwrap_err().code(), "bad_time");
    let other = receipt("unit", shelf.now);
    assert_eq!(shelf.revises(&owner, record, other).unwrap_err().code(), "unknown_value");
    let right = receipt("cyberspace-office", shelf.now);
    shelf.revises(&owner, record, right.clone()).unwrap();
    assert_eq!(shelf.stands("plan-exercise").unreceipted, []);
    assert_eq!(shelf.revises(&owner, record, right).unwrap_err().code(), "already_done");
}

/// `national-2017/8.1.a`: "in principle": one person asks, another grants, both with reasons; a lapse before stays.
#[test]
fn a_soft_deadline_is_extended_by_two_persons() {
    let mut shelf = Shelf::from(N, date(2025, 1, 1));
    let (first, second) = (shelf.owner("plan-evaluation"), speaker("second", &["cyberspace-office"]));
    let (day, until) = (date(2026, 5, 1), date(2027, 2, 28));
    for (command, code) in [
        (ask("plan-evaluation", day, date(2026, 12, 31)), "unknown_value"),
        (ask("plan-evaluation", day, date(2028, 12, 31)), "unknown_value"),
        (ask("no-such", day, until), "unknown_value"),
        (grant("plan-evaluation", day, true), "not_ready"),
    ] {
        assert_eq!(shelf.does(&first, command.clone()).unwrap_err().code(), code, "{command:?}");
    }
    let regional = speaker("regional", &["region-or-department"]);
    assert_eq!(shelf.does(&regional, ask("training", day, until)).unwrap_err().code(), "not_in_plan");
    shelf.does(&first, ask("plan-evaluation", day, until)).unwrap();
    assert_eq!(shelf.does(&first, ask("plan-evaluation", day, until)).unwrap_err().code(), "already_done");
    let own = shelf.does(&first, grant("plan-evaluation", day, true));
    assert_eq!(own.unwrap_err().code(), "same_person");
    shelf.does(&second, grant("plan-evaluation", day, true)).unwrap();
    shelf.at("2027-02-28T15:59:00Z");
    let waits = shelf.stands("plan-evaluation");
    assert_eq!((waits.past[0].outcome, waits.past[1].outcome), (Outcome::Extended, Outcome::Missed));
    shelf.at("2027-02-28T16:00:00Z");
    assert_eq!(shelf.stands("plan-evaluation").past[0].outcome, Outcome::Missed);
    let refused = |shelf: &mut Shelf| {
        shelf.does(&first, ask("plan-evaluation", date(2027, 1, 1), date(2028, 3, 1))).unwrap();
        shelf.does(&second, grant("plan-evaluation", date(2027, 1, 1), false)).unwrap();
        shelf.book.extended_until(&rule("plan-evaluation"), date(2027, 1, 1))
    };
    assert_eq!(refused(&mut shelf), None, "what was refused extends nothing");
}

/// `jincheng-egov-2008/4.1.b`, `4.5.8`, `4.5.2.b`: numbers and dates that are not enough are facts.
#[test]
fn conditions_hold_or_not_and_grow_old() {
    for (id, value, stands) in [
        ("technicians", Vouched::Number(0), Stands::Broken),
        ("technicians", Vouched::Number(1), Stands::Holds),
        ("remote-copy", Vouched::Number(100), Stands::Broken),
        ("remote-copy", Vouched::Number(101), Stands::Holds),
        ("management-rules", Vouched::Number(9), Stands::Broken),
        ("extinguisher-expiry", Vouched::Day(date(2026, 11, 22)), Stands::Broken),
        ("extinguisher-expiry", Vouched::Day(date(2026, 11, 23)), Stands::Holds),
        ("line-redundancy", Vouched::Stated(false), Stands::Broken),
    ] {
        let mut shelf = Shelf::new(E);
        let owner = shelf.owner(id);
        let said = Said::Vouched { value, basis: "measured on the map".to_owned() };
        let words = RecordWords { said, at: shelf.now };
        shelf.enters(&owner, id, words).unwrap();
        assert_eq!(shelf.stands(id).stands, stands, "{id} {value:?}");
        let said = shelf.tick();
        assert_eq!(said.iter().any(|(duty, _)| duty == id), stands == Stands::Broken, "{id} {value:?}");
    }
    let mut shelf = Shelf::new(E);
    shelf.meets("remote-copy");
    shelf.at("2027-11-23T15:59:59Z");
    assert_eq!(shelf.stands("remote-copy").stands, Stands::Holds);
    shelf.at("2027-11-23T16:00:00Z");
    assert_eq!(shelf.stands("remote-copy").stands, Stands::OutOfDate, "12 months after it was vouched for");
    let owner = shelf.owner("remote-copy");
    let wrong = Said::Vouched { value: Vouched::Stated(true), basis: "x".to_owned() };
    let words = RecordWords { said: wrong, at: shelf.now };
    assert_eq!(shelf.enters(&owner, "remote-copy", words).unwrap_err().code(), "unknown_value");
}

/// An expiry date breaks a condition by itself, on the day after.
#[test]
fn an_extinguisher_expires_by_itself() {
    let mut shelf = Shelf::new(E);
    shelf.meets("extinguisher-expiry");
    shelf.at("2027-06-30T15:59:59Z");
    assert_eq!(shelf.stands("extinguisher-expiry").stands, Stands::Holds);
    shelf.at("2027-06-30T16:00:00Z");
    let broken = shelf.stands("extinguisher-expiry");
    assert_eq!((broken.stands, broken.due_at), (Stands::Broken, Some(shelf.now)));
}

/// `jincheng-egov-2008/4.2.c`, `4.2.d`: filed with both; a change makes it stale until it is filed again.
#[test]
fn a_change_asks_for_a_new_filing() {
    let mut shelf = Shelf::new(E);
    let owner = shelf.owner("rules-filed");
    let words = shelf.words("rules-filed");
    let record = shelf.enters(&owner, "rules-filed", words).unwrap();
    for (body, left) in [("informatisation-office", Stands::Open), ("cyber-police", Stands::Met)] {
        let given = receipt(body, shelf.now);
        shelf.revises(&owner, record, given).unwrap();
        assert_eq!(shelf.stands("rules-filed").stands, left, "{body}");
    }
    shelf.at("2027-03-01T02:00:00Z");
    let changed = Said::Changed { what: "new duty roster".to_owned() };
    let words = RecordWords { said: changed, at: shelf.now };
    shelf.enters(&owner, "rules-filed", words).unwrap();
    let stale = shelf.stands("rules-filed");
    assert_eq!(
        (stale.stands, stale.due_at.unwrap().to_string().as_str()),
        (Stands::Open, "2027-03-31T16:00:00Z")
    );
    shelf.at("2027-03-31T16:00:00Z");
    assert_eq!(shelf.stands("rules-filed").stands, Stands::Overdue);
    shelf.meets("rules-filed");
    assert_eq!(shelf.stands("rules-filed").stands, Stands::Met);
}

/// A record is never edited: what is wrong is corrected with a reason, or withdrawn, and says so.
#[test]
fn what_is_wrong_is_corrected_not_edited() {
    let mut shelf = Shelf::new(E);
    let record = shelf.meets("daily-check");
    let owner = shelf.owner("daily-check");
    let words = shelf.words("daily-check");
    let correct = |reason: &str| RecordCommand::Correct { words: words.clone(), reason: reason.to_owned() };
    assert_eq!(shelf.revises(&owner, record, correct(" ")).unwrap_err().code(), "missing");
    let stranger = speaker("stranger", &[]);
    assert_eq!(shelf.revises(&stranger, record, correct("x")).unwrap_err().code(), "not_entitled");
    shelf.revises(&owner, record, correct("the other database")).unwrap();
    assert_eq!(shelf.records[0].corrections, 1);
    let withdraw = || RecordCommand::Withdraw { reason: "it was another day".to_owned() };
    shelf.revises(&owner, record, withdraw()).unwrap();
    assert_eq!(shelf.stands("daily-check").stands, Stands::Open, "it does not count any more");
    assert_eq!(shelf.revises(&owner, record, withdraw()).unwrap_err().code(), "wrong_phase");
}

/// "Regularly" may be set for a unit, with a reason; what the document gives a figure for may not.
#[test]
fn a_rhythm_is_set_where_the_plan_says_regularly() {
    let mut shelf = Shelf::new(E);
    let owner = shelf.owner("exercise");
    let set = |duty: &str, reason: &str| Command::SetRhythm {
        duty: rule(duty),
        cycle: Cycle::Quarter,
        reason: reason.to_owned(),
    };
    assert_eq!(shelf.does(&owner, set("exercise", "")).unwrap_err().code(), "missing");
    let technician = shelf.owner("daily-check");
    assert_eq!(shelf.does(&technician, set("daily-check", "x")).unwrap_err().code(), "not_in_plan");
    shelf.does(&owner, set("exercise", "new people")).unwrap();
    let period = shelf.stands("exercise").period.unwrap();
    assert_eq!((period.first, period.last), (date(2026, 10, 1), date(2026, 12, 31)));
    shelf.does(&owner, Command::Close { reason: "the unit was dissolved".to_owned() }).unwrap();
    let words = shelf.words("exercise");
    assert_eq!(shelf.enters(&owner, "exercise", words).unwrap_err().code(), "wrong_phase");
    shelf.at("2028-01-01T00:00:00Z");
    assert_eq!(shelf.tick(), [], "a closed book tells nobody");
}

/// A book begins on a day that makes sense, and counts nothing that began before it.
#[test]
fn a_book_counts_from_its_first_day() {
    let shelf = Shelf::new(J);
    let chief = speaker("chief", &["unit"]);
    for (from, fits) in [
        (date(2008, 1, 3), false),
        (date(2008, 1, 4), true),
        (shelf.context(&chief).now.to_zoned(jiff::tz::TimeZone::UTC).date() + Span::new().days(366), true),
        (date(2027, 11, 25), false),
    ] {
        let opening = Opening { unit: "u".to_owned(), from };
        assert_eq!(open(&opening, Vec::new(), shelf.context(&chief)).is_ok(), fits, "{from}");
    }
    let mut shelf = Shelf::new(J);
    shelf.at("2027-01-05T00:00:00Z");
    let standing = shelf.stands("unit-exercise");
    assert_eq!((standing.stands, standing.past.len()), (Stands::Open, 0), "2026 had begun before the book");
}
