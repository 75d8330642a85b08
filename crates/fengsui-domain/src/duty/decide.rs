//! Decisions on duty books and their records: permission first, then the plan's right, then the words.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{SignedDuration, Span, Timestamp};

use super::{
    Book, BookChange, Context, Document, Extension, ExtensionDecided, MAX_EXTENSION_DAYS, MAX_EXTENSIONS,
    MAX_NUMBER, ParentVersion, Record, RecordChange, Rhythm, Said, Vouched,
};
use crate::actor::{Bodies, TwoPersons};
use crate::incident::{Receipt, Signed};
use crate::limits::{MAX_AHEAD_S, MAX_PART_CHARS, MAX_TITLE_CHARS, optional_text, text};
use crate::permission::Permission;
use crate::plan::{Cycle, DutyKind, RoleId, RuleId, StandingDuty};
use crate::refusal::Refusal;

/// A book about to be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The unit.
    pub unit: String,
    /// The first day it is kept.
    pub from: Date,
}

/// What is asked of a book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Set the rhythm of a duty that the plan asks for "regularly".
    SetRhythm {
        /// The duty.
        duty: RuleId,
        /// The period.
        cycle: Cycle,
        /// Why.
        reason: String,
    },
    /// Ask for more time.
    AskExtension {
        /// The duty.
        duty: RuleId,
        /// A day of the period.
        day: Date,
        /// The last day on which it is to be in time.
        until: Date,
        /// Why.
        reason: String,
    },
    /// Grant or refuse what somebody else asked for.
    DecideExtension {
        /// The duty.
        duty: RuleId,
        /// A day of the period.
        day: Date,
        /// Grant it.
        grant: bool,
        /// Why.
        reason: String,
    },
    /// Keep it no longer.
    Close {
        /// Why.
        reason: String,
    },
}

impl Command {
    /// The door of the system it goes through.
    pub fn door(&self) -> Permission {
        match self {
            Self::AskExtension { .. } => Permission::DutyRecord,
            Self::SetRhythm { .. } | Self::DecideExtension { .. } | Self::Close { .. } => {
                Permission::DutyManage
            }
        }
    }
}

/// What is said of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordWords {
    /// What it says.
    pub said: Said,
    /// When that was done, vouched for or changed.
    pub at: Timestamp,
}

/// What is asked of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordCommand {
    /// Put other words in their place; the earlier ones stay in the ledger.
    Correct {
        /// All of it, as it is to stand.
        words: RecordWords,
        /// Why.
        reason: String,
    },
    /// Record a body's receipt.
    Receipt {
        /// The body.
        body: RoleId,
        /// When it was given.
        at: Timestamp,
        /// Number, name or post by which it can be found again.
        reference: String,
    },
    /// Take it out of account.
    Withdraw {
        /// Why.
        reason: String,
    },
}

/// Opens a book; `parents` are the plans above in the versions in use.
///
/// # Errors
/// [`Refusal`] without [`Permission::DutyManage`], if the plan has no standing duties or is not in force on the
/// first day, or if the first day is more than a year ahead.
pub fn open(
    opening: &Opening,
    parents: Vec<ParentVersion>,
    context: Context<'_>,
) -> Result<BookChange, Refusal> {
    context.actor.permit(Permission::DutyManage)?;
    if context.plan.duties.is_empty() {
        return Err(Refusal::NotInPlan { what: "standing duties" });
    }
    let Opening { from, .. } = *opening;
    let latest = context.today().saturating_add(Span::new().days(MAX_EXTENSION_DAYS));
    if from < context.plan.in_force_from || from > latest {
        return Err(Refusal::Unknown { field: "from", value: from.to_string() });
    }
    let unit = text("unit", &opening.unit, MAX_TITLE_CHARS)?;
    Ok(BookChange::Opened { plan: context.plan.id.clone(), unit, from, parents })
}

/// What a command becomes.
///
/// # Errors
/// [`Refusal`] without the permission or the plan's right, if the book is closed or a field is not what it must be.
pub fn decide(book: &Book, command: Command, context: Context<'_>) -> Result<BookChange, Refusal> {
    context.actor.permit(command.door())?;
    match command {
        Command::SetRhythm { duty, cycle, reason } => {
            kept(book, "set-rhythm")?;
            let rule = known(&duty, context)?;
            let signed = context.sign(&rule.by)?;
            if !rule.recurrence().is_some_and(|recurrence| recurrence.settable) {
                return Err(Refusal::NotInPlan { what: "rhythm that may be set" });
            }
            let reason = text("reason", &reason, MAX_PART_CHARS)?;
            let rhythm = Rhythm { cycle, since: context.today().max(book.from), reason, signed };
            Ok(BookChange::RhythmSet { duty, rhythm })
        }
        Command::AskExtension { duty, day, until, reason } => ask(book, duty, (day, until), &reason, context),
        Command::DecideExtension { duty, day, grant, reason } => {
            let rule = known(&duty, context)?;
            let signed = context.sign(&rule.extendable_by)?;
            let period = period(book, rule, day, context)?;
            let open = book.open_extension(&duty, period);
            let open =
                open.ok_or(Refusal::NotReady { action: "decide-extension", needs: "ask-extension" })?;
            TwoPersons::new(("ask-extension", &open.asked.person), ("decide-extension", &signed.person))?;
            let reason = text("reason", &reason, MAX_PART_CHARS)?;
            let decided = ExtensionDecided { granted: grant, reason, signed };
            Ok(BookChange::ExtensionDecided { duty, period, decided })
        }
        Command::Close { reason } => {
            kept(book, "close")?;
            Ok(BookChange::Closed { reason: text("reason", &reason, MAX_PART_CHARS)? })
        }
    }
}

fn ask(
    book: &Book,
    duty: RuleId,
    (day, until): (Date, Date),
    reason: &str,
    context: Context<'_>,
) -> Result<BookChange, Refusal> {
    kept(book, "ask-extension")?;
    let rule = known(&duty, context)?;
    if rule.extendable_by.is_empty() {
        return Err(Refusal::NotInPlan { what: "extension of this duty" });
    }
    let asked = context.sign(&rule.by)?;
    let period = period(book, rule, day, context)?;
    if book.open_extension(&duty, period).is_some() {
        return Err(Refusal::AlreadyDone { action: "ask-extension" });
    }
    let count = book.extensions.len();
    if count >= MAX_EXTENSIONS {
        return Err(Refusal::TooMany { field: "extensions", count: count + 1, max: MAX_EXTENSIONS });
    }
    let cycle = book.cycle(rule).and_then(|cycle| cycle.period(day, &context.plan.holidays));
    let last = book.extended_until(&duty, period).or(cycle.map(|period| period.last)).unwrap_or(period);
    let latest = last.saturating_add(Span::new().days(MAX_EXTENSION_DAYS));
    if until <= last || until < context.today() || until > latest {
        return Err(Refusal::Unknown { field: "until", value: until.to_string() });
    }
    let reason = text("reason", reason, MAX_PART_CHARS)?;
    let extension = Extension { duty, period, until, reason, asked, decided: None };
    Ok(BookChange::ExtensionAsked { extension })
}

/// Enters a record into a book.
///
/// # Errors
/// [`Refusal`] without [`Permission::DutyRecord`] or the plan's right, if the book is closed, or if the words are
/// not what the duty asks for.
pub fn enter(
    book: &Book,
    duty: &RuleId,
    words: RecordWords,
    context: Context<'_>,
) -> Result<RecordChange, Refusal> {
    context.actor.permit(Permission::DutyRecord)?;
    kept(book, "enter")?;
    let rule = known(duty, context)?;
    let signed = context.sign(&rule.by)?;
    let RecordWords { said, at } = words.check(book, rule, context)?;
    let (plan, duty) = (context.version.clone(), duty.clone());
    Ok(RecordChange::Entered { book: book.id, duty, plan, said, at, signed })
}

/// What a command on a record becomes.
///
/// # Errors
/// [`Refusal`] as with [`enter`]; a record that was withdrawn takes nothing more.
pub fn revise(
    book: &Book,
    record: &Record,
    command: RecordCommand,
    context: Context<'_>,
) -> Result<RecordChange, Refusal> {
    context.actor.permit(Permission::DutyRecord)?;
    let rule = known(&record.duty, context)?;
    let signed = match &command {
        RecordCommand::Receipt { body, .. } => {
            let entitled: Vec<RoleId> = rule.by.iter().chain([body]).cloned().collect();
            context.sign(&entitled)?
        }
        _ => context.sign(&rule.by)?,
    };
    if !record.counts() {
        return Err(Refusal::WrongPhase { action: "revise", phase: "withdrawn" });
    }
    match command {
        RecordCommand::Correct { words, reason } => {
            let RecordWords { said, at } = words.check(book, rule, context)?;
            let reason = text("reason", &reason, MAX_PART_CHARS)?;
            Ok(RecordChange::Corrected { said, at, reason, signed })
        }
        RecordCommand::Receipt { body, at, reference } => {
            let gives = rule.receipts.as_ref().is_some_and(|receipts| receipts.from.contains(&body));
            if !gives || !matches!(record.said, Said::Done { .. }) {
                return Err(Refusal::Unknown { field: "body", value: body.to_string() });
            }
            if record.receipts.contains_key(&body) {
                return Err(Refusal::AlreadyDone { action: "receipt" });
            }
            context.not_ahead(at)?;
            if at < record.at {
                return Err(Refusal::BadTime { field: "at", at, problem: "before it was done" });
            }
            let reference = text("reference", &reference, MAX_TITLE_CHARS)?;
            Ok(RecordChange::Receipted {
                body,
                receipt: Receipt { at, reference, by: context.actor.by.clone() },
            })
        }
        RecordCommand::Withdraw { reason } => {
            Ok(RecordChange::Withdrawn { reason: text("reason", &reason, MAX_PART_CHARS)? })
        }
    }
}

impl RecordWords {
    /// The words as the duty asks for them, within their limits.
    fn check(self, book: &Book, rule: &StandingDuty, context: Context<'_>) -> Result<Self, Refusal> {
        let Self { said, at } = self;
        context.not_ahead(at)?;
        let day = at.to_zoned(context.zone()).date();
        if day < book.from {
            return Err(Refusal::BadTime { field: "at", at, problem: "before the first day of the book" });
        }
        let said = match (said, &rule.kind) {
            (
                Said::Done { for_day, proof, document },
                kind @ (DutyKind::Every(_)
                | DutyKind::OnChange { .. }
                | DutyKind::OnParent { .. }
                | DutyKind::AsNeeded),
            ) => {
                let for_day = if matches!(kind, DutyKind::Every(_)) { for_day } else { day };
                if matches!(kind, DutyKind::Every(_)) && period(book, rule, for_day, context)? > day {
                    let problem = "before the period it is for";
                    return Err(Refusal::BadTime { field: "at", at, problem });
                }
                Said::Done { for_day, proof: proved(rule, &proof)?, document: documented(rule, document)? }
            }
            (Said::Vouched { value, basis }, DutyKind::Holds(condition)) => {
                let fits = condition.test.takes(value)
                    && !matches!(value, Vouched::Number(number) if number > MAX_NUMBER);
                if !fits {
                    let value = format!("{value:?}");
                    return Err(Refusal::Unknown { field: "value", value });
                }
                Said::Vouched { value, basis: text("basis", &basis, MAX_PART_CHARS)? }
            }
            (Said::Changed { what }, DutyKind::OnChange { .. }) => {
                Said::Changed { what: text("what", &what, MAX_PART_CHARS)? }
            }
            (said, _) => {
                return Err(Refusal::Unknown { field: "kind", value: said.name().to_owned() });
            }
        };
        Ok(Self { said, at })
    }
}

impl Said {
    /// The stable name of its kind.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Done { .. } => "done",
            Self::Vouched { .. } => "vouched",
            Self::Changed { .. } => "changed",
        }
    }
}

/// Every text that the plan asks for, and no other.
fn proved(
    rule: &StandingDuty,
    proof: &BTreeMap<RuleId, String>,
) -> Result<BTreeMap<RuleId, String>, Refusal> {
    if let Some(other) = proof.keys().find(|id| rule.proof.iter().all(|field| field.id != **id)) {
        return Err(Refusal::Unknown { field: "proof", value: other.to_string() });
    }
    let said = |id: &RuleId| proof.get(id).map_or("", String::as_str);
    let missing: Vec<String> = rule
        .proof
        .iter()
        .filter(|field| said(&field.id).trim().is_empty())
        .map(|field| field.id.to_string())
        .collect();
    if !missing.is_empty() {
        return Err(Refusal::ConditionsOpen { missing });
    }
    let fields = rule.proof.iter();
    fields.map(|field| Ok((field.id.clone(), text("proof", said(&field.id), MAX_PART_CHARS)?))).collect()
}

fn documented(rule: &StandingDuty, document: Option<Document>) -> Result<Option<Document>, Refusal> {
    let Some(document) = document else {
        return if rule.document { Err(Refusal::Missing { field: "document" }) } else { Ok(None) };
    };
    let sha256 = optional_text("sha256", &document.sha256, 64)?.to_ascii_lowercase();
    let hex = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !sha256.is_empty() && !hex {
        return Err(Refusal::Unknown { field: "sha256", value: sha256 });
    }
    Ok(Some(Document {
        title: text("document", &document.title, MAX_TITLE_CHARS)?,
        place: text("place", &document.place, MAX_TITLE_CHARS)?,
        sha256,
    }))
}

/// The first day of the period that a day is in.
fn period(book: &Book, rule: &StandingDuty, day: Date, context: Context<'_>) -> Result<Date, Refusal> {
    let period = book.cycle(rule).and_then(|cycle| cycle.period(day, &context.plan.holidays));
    let unknown = || Refusal::Unknown { field: "day", value: day.to_string() };
    period.map(|period| period.first).ok_or_else(unknown)
}

fn known<'p>(duty: &RuleId, context: Context<'p>) -> Result<&'p StandingDuty, Refusal> {
    let unknown = || Refusal::Unknown { field: "duty", value: duty.to_string() };
    context.plan.standing_duty(duty).ok_or_else(unknown)
}

fn kept(book: &Book, action: &'static str) -> Result<(), Refusal> {
    match book.closed {
        None => Ok(()),
        Some(_) => Err(Refusal::WrongPhase { action, phase: "closed" }),
    }
}

impl Context<'_> {
    fn sign(&self, entitled: &[RoleId]) -> Result<Signed, Refusal> {
        let bodies = Bodies { plan: self.plan, headquarters: false, manned: self.manned };
        let body = self.actor.speaks_for(entitled, &bodies)?;
        Ok(Signed { person: self.actor.person()?, body, at: self.now })
    }

    fn not_ahead(&self, at: Timestamp) -> Result<(), Refusal> {
        if at.duration_since(self.now) > SignedDuration::from_secs(MAX_AHEAD_S) {
            return Err(Refusal::BadTime { field: "at", at, problem: "in the future" });
        }
        Ok(())
    }
}
