//! Lines to a server that break: nothing acknowledged is lost, nothing is written twice, work goes on.

use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use fengsui_domain::change::Subject;
use fengsui_store::{Side, Store};
use tempfile::TempDir;

use crate::home::{Home as _, Postgres, open_server};
use crate::make::{self, commit, number};
use crate::server::SOCKET;

/// How long something that another connection does is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where the next transaction's line breaks.
#[derive(Clone, Copy)]
enum Cut {
    Nowhere,
    /// What ends it never reaches the server.
    BeforeTheEnd,
    /// The server ends it, and its answer never arrives.
    AfterTheEnd,
}

/// A socket in front of a server's, whose lines can be broken at the end of a transaction.
struct Front {
    folder: TempDir,
    cut: Arc<AtomicU8>,
}

impl Front {
    fn of(home: &Postgres) -> Self {
        let folder = TempDir::new().unwrap();
        let (listener, server) = (UnixListener::bind(folder.path().join(SOCKET)).unwrap(), home.socket());
        let cut = Arc::new(AtomicU8::new(Cut::Nowhere as u8));
        let armed = Arc::clone(&cut);
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let (server, armed) = (server.clone(), Arc::clone(&armed));
                std::thread::spawn(move || join(&client.unwrap(), &server, &armed));
            }
        });
        Self { folder, cut }
    }

    /// Breaks the line of the next transaction that ends.
    fn break_next(&self, cut: Cut) {
        self.cut.store(cut as u8, Ordering::SeqCst);
    }

    /// Whether it broke.
    fn broke(&self) -> bool {
        self.cut.load(Ordering::SeqCst) == Cut::Nowhere as u8
    }
}

/// Carries bytes both ways until one side ends or the line is broken.
fn join(client: &UnixStream, server: &Path, armed: &AtomicU8) {
    let server = UnixStream::connect(server).unwrap();
    let (mut back, mut to_client) = (server.try_clone().unwrap(), client.try_clone().unwrap());
    let answers = std::thread::spawn(move || std::io::copy(&mut back, &mut to_client));
    let (mut from, mut to, mut bytes) = (client, &server, vec![0; 1 << 16]);
    while let Ok(read) = from.read(&mut bytes)
        && read > 0
    {
        let ends = bytes[..read].windows(6).any(|word| word == b"COMMIT");
        let cut = if ends { armed.swap(Cut::Nowhere as u8, Ordering::SeqCst) } else { Cut::Nowhere as u8 };
        if cut == Cut::BeforeTheEnd as u8 {
            break;
        }
        if cut == Cut::AfterTheEnd as u8 {
            // Nothing comes back any more, and what was sent is carried out.
            client.shutdown(std::net::Shutdown::Both).unwrap();
        }
        to.write_all(&bytes[..read]).unwrap();
    }
    let _ = client.shutdown(std::net::Shutdown::Both);
    let _ = server.shutdown(std::net::Shutdown::Write);
    let _ = answers.join();
}

/// Records an event with a code that can be used once; returns the size of the ledger after it.
async fn record(store: &Store, n: u64) -> u64 {
    let code = Side::TotpUsed { account: "a".into(), step: i64::try_from(n).unwrap() };
    let done = store.commit(commit().batch(0, vec![make::event(number("E", n), "wave").1]).side(code)).await;
    done.unwrap().size
}

#[tokio::test]
async fn a_line_that_broke_between_commits_is_made_anew() {
    let home = Postgres::new();
    let store = home.open();
    for n in 1..=5 {
        assert_eq!(record(&store, n).await, n);
        assert_eq!(store.ledger_size().await.unwrap(), n);
        home.break_lines();
    }
    assert!(home.verify().good());
}

#[tokio::test]
async fn a_line_that_breaks_at_the_end_leaves_the_commit_written_once() {
    let home = Postgres::new();
    let front = Front::of(&home);
    let store = open_server(&home.url_through(front.folder.path()));
    let mut size = record(&store, 1).await;
    for (n, cut) in (2..).zip([Cut::BeforeTheEnd, Cut::AfterTheEnd].repeat(5)) {
        front.break_next(cut);
        size += 1;
        assert_eq!(record(&store, n).await, size);
        assert!(front.broke());
        assert_eq!(store.ledger_size().await.unwrap(), size);
    }
    let report = home.verify();
    assert!(report.good(), "{report:?}");
}

#[tokio::test]
async fn what_one_node_writes_the_other_hears_of() {
    let home = Postgres::new();
    let (one, two) = (home.open(), home.open());
    let (mut of_one, mut of_two) = (one.changes(), two.changes());
    let mut heard = None;
    // The listener may come a moment later than the store.
    for n in 1.. {
        let (event, recorded) = make::event(number("E", n), "wave");
        one.commit(commit().batch(0, vec![recorded])).await.unwrap();
        assert_eq!(*of_one.recv().await.unwrap(), [Subject::Event(event)]);
        if let Ok(subjects) = tokio::time::timeout(Duration::from_millis(200), of_two.recv()).await {
            heard = Some((event, subjects.unwrap()));
            break;
        }
        assert!(n < 100, "nothing is heard");
    }
    let (event, subjects) = heard.unwrap();
    assert_eq!(*subjects, [Subject::Event(event)]);
    // Its own words come back to nobody.
    assert!(of_one.try_recv().is_err());
    // After a broken line it is told that anything may have changed.
    home.break_lines();
    let told = tokio::time::timeout(PATIENCE, of_two.recv()).await.unwrap().unwrap();
    assert!(told.is_empty(), "{told:?}");
}

#[tokio::test]
async fn one_node_leads_and_the_next_takes_over() {
    let home = Postgres::new();
    let (one, two) = (home.open(), home.open());
    assert!(one.leads().await.unwrap());
    for _ in 0..3 {
        assert!(!two.leads().await.unwrap());
        assert!(one.leads().await.unwrap());
    }
    home.break_lines();
    assert!(one.leads().await.is_err(), "a lead over a broken line is none");
    assert!(two.leads().await.is_err());
    assert!(two.leads().await.unwrap());
    assert!(!one.leads().await.unwrap());
    drop(two);
    let taken = async {
        while !one.leads().await.unwrap() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, taken).await.unwrap();
}
