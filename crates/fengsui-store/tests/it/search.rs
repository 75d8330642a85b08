//! Search: what is found, in which order, and what is not.

use fengsui_domain::change::Change;
use fengsui_domain::event::{EventChange, Intake, Sealed};
use fengsui_domain::id::EventId;
use fengsui_store::{Found, Hit, SearchField, Store};

use crate::home::Home;
use crate::make::{self, commit, intake, number};

/// An event with these words.
pub(crate) fn event(n: u64, intake: Intake) -> (EventId, Change) {
    let of = EventId(make::id());
    let number = number("E", n);
    (of, make::on_event(of, EventChange::Recorded { number, intake, lines: Vec::new(), sightings: None }))
}

fn with_details(title: &str, details: &str) -> Intake {
    Intake { details: details.into(), ..intake(title) }
}

async fn hits(store: &Store, question: &str) -> Vec<Hit> {
    store.search(question, None, 50).await.unwrap().items
}

/// The numbers of what was found, in order.
pub(crate) async fn found(store: &Store, question: &str) -> Vec<String> {
    hits(store, question).await.into_iter().map(|hit| hit.number).collect()
}

/// The field and the passage of a hit, with what was asked for in brackets.
fn said(hit: &Hit) -> (SearchField, String) {
    let span = |span: &fengsui_store::Span| {
        if span.found { format!("[{}]", span.text) } else { span.text.clone() }
    };
    (hit.field, hit.passage.iter().map(span).collect())
}

pub(crate) async fn words_of_both_languages_are_found(home: &impl Home) {
    let store = home.open();
    let texts = [
        with_details("门户网站被篡改", "值班员发现首页被改；已断网。"),
        with_details("文件服务器遭勒索软件加密", "Ransomware note found; host at 10.0.3.7, evil.example."),
        with_details("Phishing mail", "财务处收到钓鱼邮件，已隔离。ＶＰＮ 正常"),
    ];
    for (n, intake) in (1..).zip(texts) {
        store.commit(commit().batch(0, vec![event(n, intake).1])).await.unwrap();
    }
    for (question, expected) in [
        ("勒索", &[2][..]),
        ("索软", &[2]),
        ("勒索软件", &[2]),
        ("勒软", &[]),
        ("被", &[1]),
        ("密", &[2]),
        ("已断网", &[1]),
        ("已", &[3, 1]),
        ("改 网站", &[1]),
        ("改 勒索", &[]),
        ("RANSOMWARE", &[2]),
        ("ransom", &[]),
        ("ransom*", &[2]),
        ("evil.example", &[2]),
        ("10.0.3.7", &[2]),
        ("10.0.3.8", &[]),
        ("phishing 钓鱼", &[3]),
        ("vpn", &[3]),
        ("hospital", &[3, 2, 1]),
        ("E-2026-000002", &[2]),
        ("", &[]),
        ("?! \" ' & | : *", &[]),
        ("NOT OR AND NEAR(", &[]),
    ] {
        let expected: Vec<String> = expected.iter().map(|n| number("E", *n)).collect();
        assert_eq!(found(&store, question).await, expected, "{question}");
    }
    for (question, field, passage) in [
        ("勒索", SearchField::Title, "文件服务器遭[勒索]软件加密"),
        ("已断网", SearchField::Details, "值班员发现首页被改；[已断网]。"),
        ("vpn", SearchField::Details, "财务处收到钓鱼邮件，已隔离。[ＶＰＮ] 正常"),
        ("E-2026-000002", SearchField::Number, "[E-2026-000002]"),
        ("gateway ransom*", SearchField::Asset, "[gateway]"),
    ] {
        assert_eq!(said(&hits(&store, question).await[0]), (field, passage.to_owned()), "{question}");
    }
    assert!(home.verify().good());
}

pub(crate) async fn what_is_found_pages_newest_first(home: &impl Home) {
    let store = home.open();
    let mut expected = Vec::new();
    for n in 0..23 {
        let (of, recorded) = event(n, intake(if n % 2 == 0 { "蠕虫传播" } else { "worm" }));
        let (incident, opened) = make::incident(number("I", n), "蠕虫", None);
        store.commit(commit().batch(0, vec![recorded]).batch(0, vec![opened])).await.unwrap();
        expected.extend((n % 2 == 0).then_some(Found::Event(of)));
        expected.push(Found::Incident(incident));
    }
    expected.reverse();
    for limit in [1, 5, 12, 200] {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let page = store.search("蠕虫", after, limit).await.unwrap();
            assert!(page.items.len() <= limit);
            all.extend(page.items.into_iter().map(|hit| hit.what));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(all, expected, "by {limit}");
    }
}

pub(crate) async fn the_index_follows_what_is_written(home: &impl Home) {
    let store = home.open();
    let (of, recorded) = event(1, intake("旧题目"));
    store.commit(commit().batch(0, vec![recorded])).await.unwrap();
    let amended = EventChange::Amended { intake: intake("新题目") };
    store.commit(commit().batch(1, vec![make::on_event(of, amended)])).await.unwrap();
    assert_eq!(found(&store, "旧题").await, Vec::<String>::new());
    assert_eq!(found(&store, "新题").await, [number("E", 1)]);

    let (incident, opened) = make::incident(number("I", 1), "案件", None);
    store.commit(commit().batch(0, vec![opened])).await.unwrap();
    store.commit(commit().batch(1, vec![make::noted(incident, "已换密码")])).await.unwrap();
    let hit = &hits(&store, "密码 案件").await[0];
    assert_eq!((hit.what, said(hit)), (Found::Incident(incident), (SearchField::Title, "[案件]".into())));
    assert_eq!(said(&hits(&store, "密码").await[0]), (SearchField::Note, "已换[密码]".into()));

    // What is refused is not found, and what it met is still.
    let stale = commit().batch(1, vec![make::noted(incident, "从未写下")]);
    store.commit(stale).await.unwrap_err();
    let nothing =
        commit().batch(0, vec![event(2, intake("重号")).1]).batch(0, vec![event(1, intake("重号")).1]);
    store.commit(nothing).await.unwrap_err();
    assert_eq!(found(&store, "从未").await, Vec::<String>::new());
    assert_eq!(found(&store, "重号").await, Vec::<String>::new());
    assert_eq!(found(&store, "密码").await, [number("I", 1)]);
}

pub(crate) async fn what_is_sealed_is_not_searched(home: &impl Home) {
    let store = home.open();
    let reporter = Some(Sealed("c2VhbGVkcmVwb3J0ZXI".into()));
    let recorded = event(1, Intake { reporter, ..intake("匿名举报") }).1;
    store.commit(commit().batch(0, vec![recorded])).await.unwrap();
    assert_eq!(found(&store, "举报").await, [number("E", 1)]);
    assert_eq!(found(&store, "c2VhbGVkcmVwb3J0ZXI").await, Vec::<String>::new());
    assert_eq!(found(&store, "c2VhbGVk*").await, Vec::<String>::new());
}
