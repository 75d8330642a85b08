//! Folding entries into subjects, and subjects into rows: the same code live and in `verify`.

use std::borrow::Cow;

use fengsui_domain::account::{Account, Token};
use fengsui_domain::change::{Change, Entry, Subject};
use fengsui_domain::duty::{Book, Record};
use fengsui_domain::event::Event;
use fengsui_domain::incident::{Disposal, DisposalState, Incident};
use fengsui_domain::node::{IndicatorList, Node};
use fengsui_domain::resource::Resource;
use jiff::Timestamp;

/// A subject in its folded form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Node(Node),
    Account(Account),
    Token(Token),
    Event(Box<Event>),
    Incident(Box<Incident>),
    List(IndicatorList),
    Resource(Box<Resource>),
    DutyBook(Box<Book>),
    DutyRecord(Box<Record>),
}

impl State {
    /// The state after one more entry; `None` if the entry cannot come here (the ledger is not ours).
    pub(crate) fn after(before: Option<Self>, entry: Entry) -> Option<Self> {
        let Entry { at, by, change, .. } = entry;
        Some(match (before, change) {
            (None, Change::Node { change }) => Self::Node(Node::first(change, at)?),
            (None, Change::Account { of, change }) => Self::Account(Account::first(of, change, at)?),
            (None, Change::Token { of, change }) => Self::Token(Token::first(of, change, at, by)?),
            (None, Change::Event { of, change }) => Self::Event(Box::new(Event::first(of, change, at, by)?)),
            (None, Change::Incident { of, change }) => {
                Self::Incident(Box::new(Incident::first(of, *change, at, by)?))
            }
            (None, Change::List { of, change }) => Self::List(IndicatorList::first(of, change, at, by)?),
            (None, Change::Resource { of, change }) => {
                Self::Resource(Box::new(Resource::first(of, change, at, by)?))
            }
            (None, Change::DutyBook { of, change }) => {
                Self::DutyBook(Box::new(Book::first(of, change, at, by)?))
            }
            (None, Change::DutyRecord { of, change }) => {
                Self::DutyRecord(Box::new(Record::first(of, change, at)?))
            }
            (Some(Self::Node(mut node)), Change::Node { change }) => {
                node.apply(change, at, by);
                Self::Node(node)
            }
            (Some(Self::Account(mut account)), Change::Account { change, .. }) => {
                account.apply(change);
                Self::Account(account)
            }
            (Some(Self::Token(mut token)), Change::Token { change, .. }) => {
                token.apply(change);
                Self::Token(token)
            }
            (Some(Self::Event(mut event)), Change::Event { change, .. }) => {
                event.apply(change, at, by);
                Self::Event(event)
            }
            (Some(Self::Incident(mut incident)), Change::Incident { change, .. }) => {
                incident.apply(*change, at, by);
                Self::Incident(incident)
            }
            (Some(Self::List(mut list)), Change::List { change, .. }) => {
                list.apply(change, at, by);
                Self::List(list)
            }
            (Some(Self::Resource(mut resource)), Change::Resource { change, .. }) => {
                resource.apply(change, at, by);
                Self::Resource(resource)
            }
            (Some(Self::DutyBook(mut book)), Change::DutyBook { change, .. }) => {
                book.apply(change, at, by);
                Self::DutyBook(book)
            }
            (Some(Self::DutyRecord(mut record)), Change::DutyRecord { change, .. }) => {
                record.apply(change, at, by);
                Self::DutyRecord(record)
            }
            _ => return None,
        })
    }

    /// The stored body.
    pub(crate) fn body(&self) -> String {
        let body = match self {
            Self::Node(node) => serde_json::to_string(node),
            Self::Account(account) => serde_json::to_string(account),
            Self::Token(token) => serde_json::to_string(token),
            Self::Event(event) => serde_json::to_string(event),
            Self::Incident(incident) => serde_json::to_string(incident),
            Self::List(list) => serde_json::to_string(list),
            Self::Resource(resource) => serde_json::to_string(resource),
            Self::DutyBook(book) => serde_json::to_string(book),
            Self::DutyRecord(record) => serde_json::to_string(record),
        };
        body.expect("states have string keys and no floats, so they always write as JSON")
    }

    /// Reads a stored body of the subject's kind.
    pub(crate) fn read(subject: Subject, body: &str) -> serde_json::Result<Self> {
        Ok(match subject {
            Subject::Node => Self::Node(serde_json::from_str(body)?),
            Subject::Account(_) => Self::Account(serde_json::from_str(body)?),
            Subject::Token(_) => Self::Token(serde_json::from_str(body)?),
            Subject::Event(_) => Self::Event(serde_json::from_str(body)?),
            Subject::Incident(_) => Self::Incident(serde_json::from_str(body)?),
            Subject::List(_) => Self::List(serde_json::from_str(body)?),
            Subject::Resource(_) => Self::Resource(serde_json::from_str(body)?),
            Subject::DutyBook(_) => Self::DutyBook(serde_json::from_str(body)?),
            Subject::DutyRecord(_) => Self::DutyRecord(serde_json::from_str(body)?),
        })
    }
}

/// Something of an incident that waits for a decision: what, which one, since when.
pub(crate) fn awaiting(incident: &Incident) -> Vec<(&'static str, String, Timestamp)> {
    if incident.is_closed() {
        return Vec::new();
    }
    let proposal =
        incident.proposal.as_ref().map(|open| (open.step.name(), "proposal".to_owned(), open.signed.at));
    let disposals = incident.disposals.iter().filter_map(|plan| match plan.state {
        DisposalState::Drafted if plan.verifications.is_empty() => {
            Some(("verify-disposal", plan.id.to_string(), plan.drafted.at))
        }
        DisposalState::Drafted => Some(("sum-up-disposal", plan.id.to_string(), last_check(plan))),
        DisposalState::Verified => Some(("decide-disposal", plan.id.to_string(), last_check(plan))),
        _ => None,
    });
    let publications = incident.publications.iter().filter_map(|publication| {
        let id = publication.id.to_string();
        match (&publication.approved, &publication.released) {
            (_, Some(_)) => None,
            (Some(approved), None) => Some(("release-publication", id, approved.at)),
            (None, None) => Some(("publish", id, publication.drafted.at)),
        }
    });
    proposal.into_iter().chain(disposals).chain(publications).collect()
}

/// When a disposal plan was last looked at by somebody else than its drafter.
fn last_check(plan: &Disposal) -> Timestamp {
    let findings = plan.verifications.iter().map(|finding| finding.signed.at);
    let summed = plan.summing_up.iter().map(|summed| summed.signed.at);
    findings.chain(summed).max().unwrap_or(plan.drafted.at)
}

/// The stable name of what a written entry says, such as `incident.graded`.
pub(crate) fn entry_kind(subject: Subject, entry: &[u8]) -> String {
    /// The one name in an entry that is looked for; the rest is passed over, not read.
    #[derive(serde::Deserialize)]
    struct Outer<'a> {
        #[serde(borrow)]
        change: Inner<'a>,
    }
    #[derive(serde::Deserialize)]
    struct Inner<'a> {
        #[serde(rename = "type", borrow)]
        name: Cow<'a, str>,
    }
    let outer = serde_json::from_slice(entry);
    let name = outer.map_or(Cow::Borrowed("unknown"), |outer: Outer<'_>| outer.change.name);
    format!("{}.{name}", subject.kind())
}
