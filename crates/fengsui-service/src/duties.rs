//! Duty books: opened, looked at, recorded in, corrected; and what is overdue, told once.

use std::collections::BTreeSet;

use fengsui_domain::actor::By;
use fengsui_domain::change::Change;
use fengsui_domain::duty::state::{self, Standing};
use fengsui_domain::duty::{
    self, Book, Command, Context, Opening, ParentVersion, Record, RecordCommand, RecordWords, zone,
};
use fengsui_domain::id::{BookId, RecordId};
use fengsui_domain::incident::PlanVersion;
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::{Cycle, Plan, PlanId, RoleId, RuleId};
use fengsui_domain::refusal::Refusal;
use fengsui_store::{
    Commit, Cursor, DutyBookFilter, DutyRecordFilter, MAX_PAGE, Page, StoreError, TimelineRow, Versioned,
};
use fengsui_wire::plan::Pack;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::events::check_expected;
use crate::node::{MAX_TRIES, Service};

/// Books that one round of the timer looks at: a city has some hundred units under three plans.
const MAX_BOOKS: usize = 2_000;
/// Records of one export: a year of 20 daily duties is 7,320, corrections aside.
const MAX_EXPORTED: usize = 20_000;

/// A book with everything that says how it stands.
#[derive(Clone, Debug)]
pub struct Looked {
    /// The book.
    pub book: Versioned<Book>,
    /// Its records, as far as they count for how it stands.
    pub records: Vec<Record>,
}

impl Looked {
    /// How its duties stand under a plan.
    pub fn standings<'p>(&self, plan: &'p Plan, now: Timestamp) -> Vec<Standing<'p>> {
        state::standings(plan, &self.book.value, &self.records, now)
    }
}

impl Service {
    /// The plan of a book, in the version in use.
    ///
    /// # Errors
    /// [`Error::NotFound`] if no such plan is at hand.
    pub fn duty_plan(&self, id: &PlanId) -> Result<(PlanVersion, &Plan)> {
        let missing = || Error::NotFound { what: "plan", id: id.to_string() };
        let pack = self.inner.plans.get(id).ok_or_else(missing)?;
        Ok((PlanVersion { id: id.clone(), digest: pack.digest.clone() }, &pack.plan))
    }

    /// Duty books, newest first, each with its records.
    pub async fn duty_book_list(
        &self,
        caller: &Caller,
        filter: DutyBookFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Looked>> {
        caller.actor.permit(Permission::DutyRead)?;
        let page = self.inner.store.duty_book_list(filter, after, limit).await?;
        let mut items = Vec::new();
        for book in page.items {
            items.push(self.looked(book).await?);
        }
        Ok(Page { items, next: page.next })
    }

    /// A duty book with its records.
    pub async fn duty_book(&self, caller: &Caller, id: BookId) -> Result<Looked> {
        caller.actor.permit(Permission::DutyRead)?;
        let book = self.book_or_not_found(id).await?;
        self.looked(book).await
    }

    async fn book_or_not_found(&self, id: BookId) -> Result<Versioned<Book>> {
        let book = self.inner.store.duty_book_get(id).await?;
        book.ok_or(Error::NotFound { what: "duty book", id: id.to_string() })
    }

    async fn looked(&self, book: Versioned<Book>) -> Result<Looked> {
        let (_, plan) = self.duty_plan(&book.value.plan)?;
        let window = SignedDuration::from_hours(24 * state::DAILY_WINDOW_DAYS);
        let since = self.now().checked_sub(window).unwrap_or(Timestamp::MIN);
        let records = self
            .inner
            .store
            .duty_record_list_standing(book.value.id, daily(plan, &book.value), since)
            .await?;
        Ok(Looked { book, records })
    }

    /// What happened to a book, newest first. Its records have histories of their own.
    pub async fn duty_book_timeline(
        &self,
        caller: &Caller,
        id: BookId,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Page<TimelineRow>> {
        caller.actor.permit(Permission::DutyRead)?;
        self.book_or_not_found(id).await?;
        Ok(self.inner.store.entry_list(Some(format!("duty_book/{id}")), before, limit).await?)
    }

    /// Opens the book of a unit under a plan; a unit has one under a plan while it is kept.
    pub async fn duty_book_open(&self, caller: &Caller, plan: &PlanId, opening: &Opening) -> Result<Looked> {
        caller.actor.permit(Permission::DutyManage)?;
        if let Some(earlier) = self.earlier_answer(caller).await? {
            return self.book_by_answer(&earlier).await;
        }
        let unknown = |_| Refusal::Unknown { field: "plan", value: plan.to_string() };
        let (version, plan) = self.duty_plan(plan).map_err(unknown)?;
        let manned = self.manned().await?;
        let parents = self.parents_in_use(plan);
        let change = duty::open(opening, parents, context(plan, &version, caller, &manned, self.now()))?;
        let of = BookId(self.inner.environment.new_id());
        let commit = self.commit_for(caller, &of.to_string()).batch(0, vec![Change::DutyBook { of, change }]);
        match self.inner.store.commit(commit).await {
            Ok(_) => self.looked(self.book_or_not_found(of).await?).await,
            Err(StoreError::Taken { .. }) => {
                let taken = Refusal::NameTaken { name: opening.unit.clone() };
                let earlier = self.answered_meanwhile(caller, taken.into()).await?;
                self.book_by_answer(&earlier).await
            }
            Err(StoreError::Repeated) => {
                let earlier = self.earlier_answer(caller).await?.ok_or(Error::KeyReused)?;
                self.book_by_answer(&earlier).await
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn book_by_answer(&self, answer: &str) -> Result<Looked> {
        let id = answer.parse().map_err(|_| Error::KeyReused)?;
        self.looked(self.book_or_not_found(id).await?).await
    }

    /// Sets a rhythm, asks for more time or decides on it, or closes the book.
    pub async fn duty_book_command(&self, caller: &Caller, of: BookId, command: Command) -> Result<Looked> {
        caller.actor.permit(command.door())?;
        if self.earlier_answer(caller).await?.is_some() {
            return self.looked(self.book_or_not_found(of).await?).await;
        }
        match self.book_decided(caller, of, command).await {
            Ok(looked) => Ok(looked),
            Err(error) => {
                self.answered_meanwhile(caller, error).await?;
                self.looked(self.book_or_not_found(of).await?).await
            }
        }
    }

    async fn book_decided(&self, caller: &Caller, of: BookId, command: Command) -> Result<Looked> {
        for _ in 0..MAX_TRIES {
            let book = self.book_or_not_found(of).await?;
            check_expected(caller, book.version)?;
            let (version, plan) = self.duty_plan(&book.value.plan)?;
            let manned = self.manned().await?;
            let context = context(plan, &version, caller, &manned, self.now());
            let change = duty::decide(&book.value, command.clone(), context)?;
            let changes = vec![Change::DutyBook { of, change }];
            let commit = self.commit_for(caller, &of.to_string()).batch(book.version, changes);
            match self.inner.store.commit(commit).await {
                Ok(_) | Err(StoreError::Repeated) => {
                    return self.looked(self.book_or_not_found(of).await?).await;
                }
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Conflict { subject: format!("duty_book/{of}"), expected: 0, found: 0 }.into())
    }

    /// Records of a book, the latest deed first.
    pub async fn duty_record_list(
        &self,
        caller: &Caller,
        book: BookId,
        filter: DutyRecordFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<(Versioned<Book>, Page<Versioned<Record>>)> {
        caller.actor.permit(Permission::DutyRead)?;
        let known = self.book_or_not_found(book).await?;
        Ok((known, self.inner.store.duty_record_list(book, filter, after, limit).await?))
    }

    /// Every record of a year in the plan's time zone, oldest first, for a table that is handed over.
    ///
    /// # Errors
    /// [`Error::TooLarge`] if there are more than fit one table.
    pub async fn duty_record_year(
        &self,
        caller: &Caller,
        book: BookId,
        year: i16,
    ) -> Result<(Versioned<Book>, Vec<Record>)> {
        caller.actor.permit(Permission::DutyRead)?;
        let known = self.book_or_not_found(book).await?;
        let (_, plan) = self.duty_plan(&known.value.plan)?;
        let unknown = || Refusal::Unknown { field: "year", value: year.to_string() };
        let (from, before) = bounds(year, &zone(plan)).ok_or_else(unknown)?;
        let filter = DutyRecordFilter { duty: None, from: Some(from), before: Some(before) };
        let (mut records, mut after) = (Vec::new(), None);
        loop {
            let page = self.inner.store.duty_record_list(book, filter.clone(), after, MAX_PAGE).await?;
            records.extend(page.items.into_iter().map(|record| record.value));
            after = page.next;
            if records.len() > MAX_EXPORTED {
                let (bytes, max) = (records.len() as u64, MAX_EXPORTED as u64);
                return Err(Error::TooLarge { what: "the table of records", bytes, max });
            }
            if after.is_none() {
                break;
            }
        }
        records.reverse();
        Ok((known, records))
    }

    /// A record with its book.
    pub async fn duty_record(
        &self,
        caller: &Caller,
        id: RecordId,
    ) -> Result<(Versioned<Book>, Versioned<Record>)> {
        caller.actor.permit(Permission::DutyRead)?;
        let record = self.record_or_not_found(id).await?;
        Ok((self.book_or_not_found(record.value.book).await?, record))
    }

    async fn record_or_not_found(&self, id: RecordId) -> Result<Versioned<Record>> {
        let record = self.inner.store.duty_record_get(id).await?;
        record.ok_or(Error::NotFound { what: "duty record", id: id.to_string() })
    }

    /// Enters a record; `words` makes it out of what was sent, with the days of the plan's time zone.
    pub async fn duty_record_enter<F>(
        &self,
        caller: &Caller,
        book: BookId,
        words: F,
    ) -> Result<Versioned<Record>>
    where
        F: FnOnce(&TimeZone) -> Result<(RuleId, RecordWords), Refusal>,
    {
        caller.actor.permit(Permission::DutyRecord)?;
        if let Some(earlier) = self.earlier_answer(caller).await? {
            return self.record_by_answer(&earlier).await;
        }
        let book = self.book_or_not_found(book).await?;
        let (version, plan) = self.duty_plan(&book.value.plan)?;
        let (rule, words) = words(&zone(plan))?;
        let manned = self.manned().await?;
        let context = context(plan, &version, caller, &manned, self.now());
        let change = duty::enter(&book.value, &rule, words, context)?;
        let of = RecordId(self.inner.environment.new_id());
        let commit = self.commit_for(caller, &of.to_string());
        match self.inner.store.commit(commit.batch(0, vec![Change::DutyRecord { of, change }])).await {
            Ok(_) => self.record_or_not_found(of).await,
            Err(StoreError::Repeated) => {
                let earlier = self.earlier_answer(caller).await?.ok_or(Error::KeyReused)?;
                self.record_by_answer(&earlier).await
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn record_by_answer(&self, answer: &str) -> Result<Versioned<Record>> {
        let id = answer.parse().map_err(|_| Error::KeyReused)?;
        self.record_or_not_found(id).await
    }

    /// Corrects, receipts or withdraws a record.
    pub async fn duty_record_revise<F>(
        &self,
        caller: &Caller,
        of: RecordId,
        command: F,
    ) -> Result<Versioned<Record>>
    where
        F: Fn(&TimeZone) -> Result<RecordCommand, Refusal>,
    {
        caller.actor.permit(Permission::DutyRecord)?;
        if self.earlier_answer(caller).await?.is_some() {
            return self.record_or_not_found(of).await;
        }
        match self.record_revised(caller, of, command).await {
            Ok(record) => Ok(record),
            Err(error) => {
                self.answered_meanwhile(caller, error).await?;
                self.record_or_not_found(of).await
            }
        }
    }

    async fn record_revised<F>(&self, caller: &Caller, of: RecordId, command: F) -> Result<Versioned<Record>>
    where
        F: Fn(&TimeZone) -> Result<RecordCommand, Refusal>,
    {
        for _ in 0..MAX_TRIES {
            let record = self.record_or_not_found(of).await?;
            check_expected(caller, record.version)?;
            let book = self.book_or_not_found(record.value.book).await?;
            let (version, plan) = self.duty_plan(&book.value.plan)?;
            let manned = self.manned().await?;
            let context = context(plan, &version, caller, &manned, self.now());
            let change = duty::revise(&book.value, &record.value, command(&zone(plan))?, context)?;
            let changes = vec![Change::DutyRecord { of, change }];
            let commit = self.commit_for(caller, &of.to_string()).batch(record.version, changes);
            match self.inner.store.commit(commit).await {
                Ok(_) | Err(StoreError::Repeated) => return self.record_or_not_found(of).await,
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Conflict { subject: format!("duty_record/{of}"), expected: 0, found: 0 }.into())
    }

    /// The plans above a plan that are at hand and in force now, in the versions in use.
    fn parents_in_use(&self, plan: &Plan) -> Vec<ParentVersion> {
        let packs = plan.parents().filter_map(|parent| self.inner.plans.get(parent));
        let in_force = packs.filter(|pack| pack.plan.in_force_at(self.now()));
        let version = |pack: &Pack| ParentVersion {
            plan: pack.plan.id.clone(),
            digest: pack.digest.clone(),
            in_force_from: pack.plan.in_force_from,
        };
        in_force.map(version).collect()
    }

    /// Notes new versions of plans above, and tells of what is overdue, broken or out of date, each due time once. Returns how many books it concerned.
    ///
    /// # Errors
    /// The last that was met; one book that fails holds up none of the others.
    pub async fn duty_round(&self) -> Result<usize> {
        let kept = DutyBookFilter { plan: None, closed: Some(false) };
        let (mut told, mut looked, mut after, mut outcome) = (0, 0, None, Ok(()));
        loop {
            let page = self.inner.store.duty_book_list(kept.clone(), after, MAX_PAGE).await?;
            looked += page.items.len();
            for book in page.items {
                let id = book.value.id;
                match self.duty_tell(book).await {
                    Ok(said) => told += usize::from(said),
                    Err(error) => {
                        let source = &error as &dyn std::error::Error;
                        tracing::error!(book = %id, error = source, "a duty book could not be looked through");
                        outcome = Err(error);
                    }
                }
            }
            after = page.next;
            if after.is_none() || looked >= MAX_BOOKS {
                return outcome.map(|()| told);
            }
        }
    }

    async fn duty_tell(&self, book: Versioned<Book>) -> Result<bool> {
        let (_, plan) = self.duty_plan(&book.value.plan)?;
        let mut looked = self.looked(book).await?;
        let (now, of) = (self.now(), looked.book.value.id);
        let by = By::Node { part: "timer".into() };
        // What is new above comes first: it may be overdue from the start where days are few.
        let mut said = duty::renewed(&looked.book.value, plan, &self.parents_in_use(plan));
        said.iter().for_each(|change| looked.book.value.apply(change.clone(), now, by.clone()));
        said.extend(state::tick(&looked.book.value, &looked.standings(plan, now), now));
        let changes: Vec<Change> = said.into_iter().map(|change| Change::DutyBook { of, change }).collect();
        if changes.is_empty() {
            return Ok(false);
        }
        match self.inner.store.commit(Commit::new(by, now, None).batch(looked.book.version, changes)).await {
            // Somebody was faster; the next round sees what is still to say.
            Ok(_) | Err(StoreError::Conflict { .. }) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }
}

fn context<'a>(
    plan: &'a Plan,
    version: &'a PlanVersion,
    caller: &'a Caller,
    manned: &'a BTreeSet<RoleId>,
    now: Timestamp,
) -> Context<'a> {
    Context { plan, version, actor: &caller.actor, manned, now }
}

/// The duties of a day under a plan, with the rhythms set for a unit.
fn daily(plan: &Plan, book: &Book) -> Vec<RuleId> {
    let days = [Some(Cycle::Day), Some(Cycle::Workday)];
    plan.duties.iter().filter(|duty| days.contains(&book.cycle(duty))).map(|duty| duty.id.clone()).collect()
}

/// When a year begins and when it is over.
fn bounds(year: i16, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
    let first = |year: i16| {
        let day = jiff::civil::Date::new(year, 1, 1).ok()?;
        Some(day.to_zoned(zone.clone()).ok()?.timestamp())
    };
    Some((first(year)?, first(year.checked_add(1)?)?))
}
