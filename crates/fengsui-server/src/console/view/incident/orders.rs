//! Orders between bodies, calls of experts, and operating permissions for the incident.

use askama::Template;

use super::IncidentHead;
use crate::console::view::form::Forms;
use crate::console::view::parts::{Act, Choice, ClauseRef, Gate, Moment};
use crate::console::view::shell::Shell;
use crate::console::view::words::{GrantState, IncidentTab, OrderOutcome, OrderState};

/// `GET /incidents/{number}/orders`.
#[derive(Template)]
#[template(path = "incident/orders.html")]
pub struct Orders {
    /// The frame.
    pub shell: Shell,
    /// The head.
    pub head: IncidentHead,
    /// The tab: [`IncidentTab::Orders`].
    pub tab: IncidentTab,
    /// Orders, newest first.
    pub orders: Vec<OrderRow>,
    /// Kinds of order the reader may give now, each with its addressees.
    pub kinds: Vec<OrderKind>,
    /// Why the reader may give none, if so.
    pub give: Gate,
    /// Kinds of call with their fields of expertise.
    pub calls: Vec<OrderKind>,
    /// Operating permissions, newest first.
    pub grants: Vec<GrantRow>,
    /// May the reader give one?
    pub grant: Gate,
    /// Where the right to give them comes from, if the plan knows them.
    pub grant_clause: Option<ClauseRef>,
    /// Bodies that may get one.
    pub bodies: Vec<Choice>,
    /// The zone in which times are typed.
    pub zone: String,
    /// Forms `order` (`to`, `what`, `due`), `call` (`field`, `name`, `what`, `due`), `grant` (`to`, `person`,
    /// `what`, `asset`, `until`, `reason`); for each order `acknowledge` (`at`, `spoke`), `report` (`outcome`,
    /// `at`, `text`), `withdraw` (`reason`); for each permission `revoke` (`reason`).
    pub forms: Forms,
}

/// A kind of order that may be given now.
#[derive(Clone, Debug)]
pub struct OrderKind {
    /// Its name.
    pub title: String,
    /// To whom, or in which field; the value names kind and addressee.
    pub to: Vec<Choice>,
}

/// An order.
#[derive(Clone, Debug)]
pub struct OrderRow {
    /// Its id.
    pub id: String,
    /// The kind's name.
    pub title: String,
    /// Where the kind comes from.
    pub clause: Option<ClauseRef>,
    /// To whom, in words.
    pub to: String,
    /// What is ordered; may be empty where a disposal plan says it.
    pub what: String,
    /// The version of the disposal plan whose approval gave it.
    pub version: Option<usize>,
    /// How it stands.
    pub state: OrderState,
    /// Who gave it.
    pub given: Act,
    /// By when.
    pub due: Option<Moment>,
    /// What was answered, in order.
    pub answers: Vec<Answer>,
    /// May the reader acknowledge it?
    pub acknowledge: Gate,
    /// May the reader report back?
    pub report: Gate,
    /// May the reader withdraw it?
    pub withdraw: Gate,
    /// The reader speaks for the addressee and need not say who spoke.
    pub own: bool,
}

/// What was answered to an order.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What it comes to; an acknowledgement or a withdrawal has none.
    pub outcome: Option<OrderOutcome>,
    /// Who, when, what.
    pub act: Act,
}

/// An operating permission.
#[derive(Clone, Debug)]
pub struct GrantRow {
    /// Its id.
    pub id: String,
    /// The body, or the person of it.
    pub to: String,
    /// What may be done.
    pub what: String,
    /// On which asset.
    pub asset: String,
    /// Why it is needed.
    pub reason: String,
    /// Until when.
    pub until: Moment,
    /// How it stands.
    pub state: GrantState,
    /// Who gave it.
    pub given: Act,
    /// How it ended before its time.
    pub ended: Option<Act>,
    /// How often it was used.
    pub used: u64,
    /// May the reader withdraw it?
    pub revoke: Gate,
}
