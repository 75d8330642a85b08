//! The emergency database: lists, searches, what an import goes by.

use std::collections::BTreeSet;

use fengsui_domain::id::ResourceId;
use fengsui_domain::resource::{
    ClassId, Expertise, Particulars, Quantity, ResourceChange, ResourceKind, Standing,
};
use fengsui_store::{ResourceFilter, Store};

use crate::home::Home;
use crate::make::{self, commit, commit_at};

async fn add(store: &Store, second: i64, particulars: Particulars) -> ResourceId {
    let (id, added) = make::resource(particulars);
    store.commit(commit_at(second).batch(0, vec![added])).await.unwrap();
    id
}

async fn change(store: &Store, id: ResourceId, change: ResourceChange) {
    let version = store.resource_get(id).await.unwrap().unwrap().version;
    store.commit(commit().batch(version, vec![make::on_resource(id, change)])).await.unwrap();
}

/// The titles of all pages, two to a page.
async fn titles(store: &Store, filter: ResourceFilter) -> Vec<String> {
    let (mut titles, mut after) = (Vec::new(), None);
    loop {
        let page = store.resource_list(filter.clone(), after, 2).await.unwrap();
        assert!(page.items.len() <= 2);
        titles.extend(page.items.into_iter().map(|row| row.value.particulars.title));
        after = page.next;
        if after.is_none() {
            return titles;
        }
    }
}

pub(crate) async fn resources_page_through_ties(home: &impl Home) {
    let store = home.open();
    for n in 0..5 {
        add(&store, n / 2, make::particulars(ResourceKind::Computer, &format!("spare {n}"))).await;
    }
    // The latest first; of the same instant the one with the higher id.
    let expected = ["spare 4", "spare 3", "spare 2", "spare 1", "spare 0"];
    assert_eq!(titles(&store, ResourceFilter::default()).await, expected);
}

pub(crate) async fn resources_are_found_by_words_of_both_languages(home: &impl Home) {
    let store = home.open();
    let spare = Particulars {
        description: "可替换市政府出口防火墙，100%兼容".into(),
        model: "ＮＧＦＷ-200".into(),
        ..make::particulars(ResourceKind::SecurityDevice, "备用防火墙")
    };
    add(&store, 1, spare).await;
    let expert = Particulars {
        keywords: BTreeSet::from(["Ransomware".to_owned(), "勒索".to_owned()]),
        holder: "City Police 市公安局".into(),
        ..make::particulars(ResourceKind::Expert, "病毒分析专家")
    };
    add(&store, 2, expert).await;
    for (sought, found) in [
        ("防火", vec!["备用防火墙"]),
        ("专家", vec!["病毒分析专家"]),
        ("RANSOM", vec!["病毒分析专家"]),
        ("ngfw", vec!["备用防火墙"]),
        ("ｎｇｆｗ", vec!["备用防火墙"]),
        ("市公安局 勒索", vec!["病毒分析专家"]),
        ("勒索　police", vec!["病毒分析专家"]), // The wide blank parts words as well.
        ("市公安局 防火墙", vec![]),
        ("100%兼", vec!["备用防火墙"]),
        ("10%", vec![]), // Wildcards are taken literally.
        ("_", vec![]),
        ("store room", vec![]), // The place is not searched.
        ("c2VhbGVk", vec![]),   // Nor is a contact.
        ("", vec!["病毒分析专家", "备用防火墙"]),
        (&"防火墙 ".repeat(500), vec!["备用防火墙"]),
    ] {
        let filter = ResourceFilter { text: Some(sought.into()), ..ResourceFilter::default() };
        let shown: String = sought.chars().take(40).collect();
        assert_eq!(titles(&store, filter).await, found, "{shown}");
    }
}

pub(crate) async fn filters_of_resources_hold_together(home: &impl Home) {
    let store = home.open();
    let class = |text: &str| ClassId::parse("categories", text).unwrap();
    let expert = Particulars {
        fields: BTreeSet::from([Expertise::InformationSecurity, Expertise::Network]),
        categories: BTreeSet::from([class("sample/attack"), class("rsit/intrusions")]),
        ..make::particulars(ResourceKind::Expert, "expert")
    };
    add(&store, 1, expert).await;
    add(&store, 2, make::particulars(ResourceKind::Team, "team")).await;
    let broken = add(&store, 3, make::particulars(ResourceKind::Computer, "computer")).await;
    change(&store, broken, ResourceChange::Stood { standing: Standing::OutOfService, note: String::new() })
        .await;
    let gone = add(&store, 4, make::particulars(ResourceKind::Team, "old team")).await;
    change(&store, gone, ResourceChange::Retired { reason: "left".into() }).await;
    let all = ResourceFilter::default;
    for (filter, found) in [
        (all(), vec!["old team", "computer", "team", "expert"]),
        (ResourceFilter { retired: Some(false), ..all() }, vec!["computer", "team", "expert"]),
        (ResourceFilter { retired: Some(true), ..all() }, vec!["old team"]),
        (ResourceFilter { kind: Some(ResourceKind::Team), ..all() }, vec!["old team", "team"]),
        (ResourceFilter { kind: Some(ResourceKind::Team), retired: Some(false), ..all() }, vec!["team"]),
        (ResourceFilter { standing: Some(Standing::OutOfService), ..all() }, vec!["computer"]),
        (ResourceFilter { field: Some(Expertise::InformationSecurity), ..all() }, vec!["expert"]),
        (ResourceFilter { field: Some(Expertise::Network), ..all() }, vec!["old team", "team", "expert"]),
        (ResourceFilter { field: Some(Expertise::Other), ..all() }, vec![]),
        (ResourceFilter { category: Some("rsit/intrusions".into()), ..all() }, vec!["expert"]),
        (ResourceFilter { category: Some("rsit".into()), ..all() }, vec![]),
        (
            ResourceFilter { category: Some("sample/attack".into()), text: Some("te".into()), ..all() },
            vec!["old team", "computer", "team"],
        ),
    ] {
        assert_eq!(titles(&store, filter.clone()).await, found, "{filter:?}");
    }
    let counts = store.resource_counts().await.unwrap();
    assert_eq!(counts, [("computer".into(), 1), ("expert".into(), 1), ("team".into(), 1)]);
}

pub(crate) async fn a_resource_follows_its_changes(home: &impl Home) {
    let store = home.open();
    let id = add(&store, 1, make::particulars(ResourceKind::Expert, "expert")).await;
    let amended = Particulars {
        fields: BTreeSet::from([Expertise::Other]),
        categories: BTreeSet::new(),
        quantity: Some(Quantity { count: 3, unit: "人".into() }),
        ..make::particulars(ResourceKind::Team, "three experts")
    };
    change(&store, id, ResourceChange::Amended { particulars: amended.clone() }).await;
    change(&store, id, ResourceChange::PersonalRead { reason: "call".into() }).await;
    let found = store.resource_get(id).await.unwrap().unwrap();
    assert_eq!((found.version, &found.value.particulars), (3, &amended));
    for (filter, count) in [
        (ResourceFilter { field: Some(Expertise::Network), ..ResourceFilter::default() }, 0),
        (ResourceFilter { field: Some(Expertise::Other), ..ResourceFilter::default() }, 1),
        (ResourceFilter { category: Some("sample/attack".into()), ..ResourceFilter::default() }, 0),
        (ResourceFilter { text: Some("three".into()), ..ResourceFilter::default() }, 1),
    ] {
        assert_eq!(titles(&store, filter.clone()).await.len(), count, "{filter:?}");
    }
    let report = home.verify();
    assert!(report.good(), "{report:?}");
}

pub(crate) async fn what_can_be_offered_comes_latest_first(home: &impl Home) {
    let store = home.open();
    let mut ids = Vec::new();
    for (n, kind) in [ResourceKind::Team, ResourceKind::Team, ResourceKind::Case, ResourceKind::Team]
        .into_iter()
        .enumerate()
    {
        let second = i64::try_from(n).unwrap();
        ids.push(add(&store, second, make::particulars(kind, &format!("r{n}"))).await);
    }
    let stood = |standing| ResourceChange::Stood { standing, note: String::new() };
    change(&store, ids[0], stood(Standing::InUse)).await;
    change(&store, ids[1], stood(Standing::OutOfService)).await;
    for (kind, limit, found) in [
        (None, 9, vec!["r3", "r2", "r0"]),
        (None, 2, vec!["r3", "r2"]),
        (Some(ResourceKind::Team), 9, vec!["r3", "r0"]),
        (Some(ResourceKind::Software), 9, vec![]),
    ] {
        let offered = store.resource_list_offered(kind, limit).await.unwrap();
        let titles: Vec<String> = offered.into_iter().map(|one| one.value.particulars.title).collect();
        assert_eq!(titles, found, "{kind:?} {limit}");
    }
    change(&store, ids[3], ResourceChange::Retired { reason: "left".into() }).await;
    assert_eq!(store.resource_list_offered(None, 9).await.unwrap().len(), 2);
    assert!(store.incident_list_archived(9).await.unwrap().is_empty());
}

pub(crate) async fn the_same_title_and_holder_are_the_same_resource(home: &impl Home) {
    let store = home.open();
    let first = add(&store, 1, make::particulars(ResourceKind::Team, "night shift")).await;
    let second = add(&store, 2, make::particulars(ResourceKind::Team, "night shift")).await;
    let found = |kind, title: &str, holder: &str| store.resource_by_title(kind, title.into(), holder.into());
    let id = |found: Option<fengsui_store::Versioned<fengsui_domain::resource::Resource>>| {
        found.map(|found| found.value.id)
    };
    for (kind, title, holder, expected) in [
        (ResourceKind::Team, "night shift", "hospital", Some(first)), // The oldest.
        (ResourceKind::Expert, "night shift", "hospital", None),
        (ResourceKind::Team, "night", "hospital", None),
        (ResourceKind::Team, "night shift", "bank", None),
    ] {
        assert_eq!(id(found(kind, title, holder).await.unwrap()), expected, "{kind} {title} {holder}");
    }
    change(&store, first, ResourceChange::Retired { reason: "left".into() }).await;
    assert_eq!(id(found(ResourceKind::Team, "night shift", "hospital").await.unwrap()), Some(second));
}
