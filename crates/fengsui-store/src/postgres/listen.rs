//! What other nodes on the same database write, as they tell it.
//!
//! A node tells the subjects of each transaction with its end, so nobody hears of what was not kept. What was told
//! while the line was broken is lost; whoever listens then reads anew.

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use fengsui_domain::change::Subject;
use fengsui_domain::id::{AccountId, BookId, EventId, IncidentId, ListId, RecordId, ResourceId, TokenId};
use tokio::runtime::Builder;
use tokio::sync::{broadcast, oneshot};
use tokio_postgres::{AsyncMessage, NoTls};
use uuid::Uuid;

use crate::link::{Answer, DbError};

use super::{Address, CONNECT_TIMEOUT};

/// The name under which nodes tell each other.
pub(super) const CHANNEL: &str = "fengsui";
/// The longest message: the server takes 7,999 bytes.
const MAX_MESSAGE_BYTES: usize = 7_900;
/// How long a broken line is left alone before it is tried again.
const PAUSE: Duration = Duration::from_secs(1);

/// Listens until `end` is dropped. What `own` (the server's number of the own writer) tells is known already.
pub(crate) fn listen(
    address: &Address,
    own: &AtomicI32,
    told: &broadcast::Sender<Arc<[Subject]>>,
    mut end: oneshot::Receiver<()>,
) {
    let runtime = match Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return tracing::error!(%error, "what other nodes write is not heard"),
    };
    runtime.block_on(async {
        let mut before = false;
        loop {
            let ended = tokio::select! {
                _ = &mut end => return,
                ended = hear(address, own, told, before) => ended,
            };
            if let Err(error) = ended {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "what other nodes write is not heard"
                );
            }
            before = true;
            tokio::select! {
                _ = &mut end => return,
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    });
}

/// Listens until the line breaks.
async fn hear(
    address: &Address,
    own: &AtomicI32,
    told: &broadcast::Sender<Arc<[Subject]>>,
    before: bool,
) -> Answer<()> {
    let connecting = tokio::time::timeout(CONNECT_TIMEOUT, address.0.connect(NoTls));
    let (client, mut line) = connecting.await.map_err(|_| DbError::NoAnswer)??;
    let hearing = async {
        while let Some(message) = poll_fn(|context| line.poll_message(context)).await {
            match message? {
                AsyncMessage::Notification(said) if said.process_id() != own.load(Ordering::Relaxed) => {
                    // Without a listener there is nobody to tell.
                    let _ = told.send(read(said.payload()));
                }
                _ => {}
            }
        }
        Ok::<(), tokio_postgres::Error>(())
    };
    let asking = async {
        let asked = client.batch_execute(&format!("LISTEN {CHANNEL}")).await;
        if asked.is_ok() && before {
            // What was told meanwhile is not known.
            let _ = told.send(Arc::default());
        }
        match asked {
            // The line stays open while the client is there.
            Ok(()) => std::future::pending().await,
            Err(error) => Err(error),
        }
    };
    tokio::select! {
        ended = hearing => ended.map_err(DbError::from),
        failed = asking => failed.map_err(DbError::from),
    }
}

/// What is told of these subjects; nothing by name where they are too many.
pub(crate) fn told(subjects: &BTreeSet<Subject>) -> String {
    let names: Vec<String> = subjects.iter().map(ToString::to_string).collect();
    let message = names.join(" ");
    if message.len() > MAX_MESSAGE_BYTES { String::new() } else { message }
}

/// The subjects that are named; none if one of them is of a kind that this program does not know.
fn read(message: &str) -> Arc<[Subject]> {
    message.split_whitespace().map(subject).collect::<Option<Vec<_>>>().unwrap_or_default().into()
}

fn subject(name: &str) -> Option<Subject> {
    let Some((kind, id)) = name.split_once('/') else { return (name == "node").then_some(Subject::Node) };
    let id: Uuid = id.parse().ok()?;
    Some(match kind {
        "account" => Subject::Account(AccountId(id)),
        "token" => Subject::Token(TokenId(id)),
        "event" => Subject::Event(EventId(id)),
        "incident" => Subject::Incident(IncidentId(id)),
        "list" => Subject::List(ListId(id)),
        "resource" => Subject::Resource(ResourceId(id)),
        "duty_book" => Subject::DutyBook(BookId(id)),
        "duty_record" => Subject::DutyRecord(RecordId(id)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_read_as_it_was() {
        let id = Uuid::from_u128(7);
        let all = BTreeSet::from([
            Subject::Node,
            Subject::Account(AccountId(id)),
            Subject::Token(TokenId(id)),
            Subject::Event(EventId(id)),
            Subject::Incident(IncidentId(id)),
            Subject::List(ListId(id)),
            Subject::Resource(ResourceId(id)),
            Subject::DutyBook(BookId(id)),
            Subject::DutyRecord(RecordId(id)),
        ]);
        assert_eq!(read(&told(&all)).iter().copied().collect::<BTreeSet<_>>(), all);
    }

    #[test]
    fn too_many_or_unknown_subjects_are_told_as_anything() {
        let many = (0..1_000).map(|n| Subject::Event(EventId(Uuid::from_u128(n)))).collect();
        assert_eq!(told(&many), "");
        for message in ["", "event/7", "planet/00000000-0000-0000-0000-000000000007 node", "else"] {
            assert!(read(message).is_empty(), "{message}");
        }
    }
}
