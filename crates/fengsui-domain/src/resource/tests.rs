//! Decisions, folding and offers by tables.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use uuid::Uuid;

use super::offer::{Candidate, Need, Offered, Reason, Relation, offers, score};
use super::*;
use crate::id::{AccountId, IncidentId};
use crate::limits::{MAX_CHANGE_CHARS, MAX_TEXT_CHARS, MAX_TITLE_CHARS};
use crate::permission::{Permission, SystemRole};
use crate::plan::sample::{plan, text};
use crate::plan::{Category, Clause, Plan};

fn actor(role: SystemRole) -> Actor {
    let by = By::Person { account: AccountId(Uuid::from_u128(9)), name: "wang".into() };
    Actor { by, roles: BTreeSet::from([role]), bodies: BTreeSet::new(), scopes: BTreeSet::new() }
}

/// Every class of the sample plan but `sample/none`.
fn knows(class: &ClassId) -> bool {
    class.as_str() != "sample/none"
}

fn words_of(kind: ResourceKind) -> ResourceWords {
    let fields = if kind.is_people() { BTreeSet::from([Expertise::Network]) } else { BTreeSet::new() };
    ResourceWords {
        kind,
        title: "备用防火墙".into(),
        description: String::new(),
        place: "市政府机房".into(),
        quantity: None,
        model: String::new(),
        rank: String::new(),
        fields,
        categories: Vec::new(),
        keywords: Vec::new(),
        holder: "市信息中心".into(),
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

fn added(words: ResourceWords, contact: Option<&str>) -> Resource {
    let actor = actor(SystemRole::DutyOfficer);
    let contact = contact.map(|sealed| Sealed(sealed.into()));
    let adding = Adding { words, contact, standing: Standing::Available };
    let change = add(adding, Context { actor: &actor, knows: &knows }).unwrap();
    Resource::first(ResourceId(Uuid::from_u128(1)), change, at(0), actor.by).unwrap()
}

fn decided(resource: &Resource, role: SystemRole, command: Command) -> Result<Vec<ResourceChange>, Refusal> {
    decide(resource, command, Context { actor: &actor(role), knows: &knows })
}

fn retired(mut resource: Resource) -> Resource {
    let command = Command::Retire { reason: "报废".into() };
    let changes = decided(&resource, SystemRole::Commander, command).unwrap();
    changes.into_iter().for_each(|change| resource.apply(change, at(9), By::Console));
    resource
}

#[test]
fn who_may_do_what() {
    use SystemRole::{Administrator, Analyst, Auditor, Commander, DutyOfficer, Handler, Liaison};
    let resource = added(words_of(ResourceKind::SecurityDevice), Some("sealed"));
    let reason = || "联系".to_owned();
    for (role, manages, reads_contact) in [
        (DutyOfficer, true, true),
        (Commander, true, true),
        (Handler, false, false),
        (Analyst, false, false),
        (Liaison, false, false),
        (Administrator, false, false),
        (Auditor, false, false),
    ] {
        let words = words_of(ResourceKind::SecurityDevice);
        let amend = Command::Amend { words: Box::new(words.clone()), contact: Contact::Drop };
        let stand = Command::Stand { standing: Standing::InUse, note: String::new() };
        for command in [amend, stand, Command::Retire { reason: reason() }] {
            let found = decided(&resource, role, command.clone());
            assert_eq!(found.is_ok(), manages, "{role} {command:?}");
            if !manages {
                assert_eq!(found, Err(Refusal::NotPermitted { needed: Permission::ResourceManage }));
            }
        }
        let adding = Adding { words, contact: None, standing: Standing::Available };
        let new = add(adding, Context { actor: &actor(role), knows: &knows });
        assert_eq!(new.is_ok(), manages, "{role} adds");
        let read = decided(&resource, role, Command::ReadContact { reason: reason() });
        assert_eq!(read.is_ok(), reads_contact, "{role} reads the contact");
    }
}

#[test]
fn a_refusal_of_the_right_tells_nothing_of_the_words() {
    let resource = retired(added(words_of(ResourceKind::Computer), None));
    let command = Command::Stand { standing: Standing::InUse, note: "x".repeat(9_999) };
    let refused = decided(&resource, SystemRole::Handler, command);
    assert_eq!(refused, Err(Refusal::NotPermitted { needed: Permission::ResourceManage }));
}

#[test]
fn what_may_be_said_of_a_resource() {
    let fill = |count: usize| "字".repeat(count);
    let changed = |change: fn(&mut ResourceWords)| {
        let mut words = words_of(ResourceKind::Team);
        change(&mut words);
        words
    };
    for (words, refused) in [
        (words_of(ResourceKind::Expert), None),
        (words_of(ResourceKind::Case), None),
        (changed(|words| words.title = " ".into()), Some(("missing", "title"))),
        (changed(|words| words.holder.clear()), Some(("missing", "holder"))),
        (changed(|words| words.fields.clear()), Some(("missing", "fields"))),
        (changed(|words| words.kind = ResourceKind::Material), Some(("unknown_value", "fields"))),
        (changed(|words| words.place = "a\u{0}".into()), Some(("control_character", "place"))),
        (changed(|words| words.categories = vec!["sample/attack".into(), "rsit/x".into()]), None),
        (
            changed(|words| words.categories = vec!["sample/none".into()]),
            Some(("unknown_value", "categories")),
        ),
        (changed(|words| words.categories = vec!["attack".into()]), Some(("unknown_value", "categories"))),
        (changed(|words| words.categories = vec!["a/b/c".into()]), Some(("unknown_value", "categories"))),
        (changed(|words| words.categories = vec!["a/ b".into()]), Some(("unknown_value", "categories"))),
        (
            changed(|words| words.categories = vec![format!("a/{}", "b".repeat(128))]),
            Some(("too_long", "categories")),
        ),
        (changed(|words| words.categories = vec!["a/b".into(); 21]), Some(("too_many", "categories"))),
        (changed(|words| words.keywords = vec!["k".into(); 21]), Some(("too_many", "keywords"))),
        (changed(|words| words.keywords = vec!["k".repeat(41)]), Some(("too_long", "keywords"))),
        (changed(|words| words.quantity = Some(Quantity { count: MAX_COUNT, unit: "台".into() })), None),
        (
            changed(|words| words.quantity = Some(Quantity { count: MAX_COUNT + 1, unit: String::new() })),
            Some(("unknown_value", "quantity")),
        ),
        (
            changed(|words| words.quantity = Some(Quantity { count: 1, unit: "u".repeat(21) })),
            Some(("too_long", "unit")),
        ),
        (
            ResourceWords { title: fill(MAX_TITLE_CHARS + 1), ..words_of(ResourceKind::Team) },
            Some(("too_long", "title")),
        ),
        (
            ResourceWords { description: fill(MAX_TEXT_CHARS + 1), ..words_of(ResourceKind::Team) },
            Some(("too_long", "description")),
        ),
    ] {
        let actor = actor(SystemRole::DutyOfficer);
        let shown = format!("{words:?}").chars().take(300).collect::<String>();
        let adding = Adding { words, contact: None, standing: Standing::Available };
        let found = add(adding, Context { actor: &actor, knows: &knows });
        let found = found.err().map(|refusal| (refusal.code(), refusal.field().unwrap_or_default()));
        assert_eq!(found, refused, "{shown}");
    }
}

#[test]
fn the_longest_resource_fits_one_change() {
    let part = |count: usize| "字".repeat(count);
    let words = ResourceWords {
        kind: ResourceKind::Expert,
        title: part(MAX_TITLE_CHARS),
        description: part(MAX_TEXT_CHARS),
        place: part(MAX_TITLE_CHARS),
        quantity: Some(Quantity { count: MAX_COUNT, unit: part(MAX_UNIT_CHARS) }),
        model: part(MAX_TITLE_CHARS),
        rank: part(MAX_TITLE_CHARS),
        fields: Expertise::ALL.iter().copied().collect(),
        categories: (10..10 + MAX_CATEGORIES)
            .map(|n| format!("a/{}{n}", "b".repeat(MAX_CLASS_CHARS - 4)))
            .collect(),
        keywords: (10..10 + MAX_KEYWORDS).map(|n| format!("{}{n}", part(MAX_KEYWORD_CHARS - 2))).collect(),
        holder: part(MAX_TITLE_CHARS),
    };
    let resource = added(words, None);
    let Particulars { title, description, place, model, rank, categories, keywords, holder, .. } =
        &resource.particulars;
    let classes = categories.iter().map(ClassId::as_str);
    let texts = [title, description, place, model, rank, holder].into_iter().chain(keywords);
    let chars: usize = texts.map(String::as_str).chain(classes).map(|text| text.chars().count()).sum();
    assert_eq!(chars + MAX_UNIT_CHARS, 10_400);
    assert!(chars < MAX_CHANGE_CHARS);
}

#[test]
fn an_amendment_keeps_drops_or_replaces_the_contact() {
    let resource = added(words_of(ResourceKind::Expert), Some("old"));
    let new = Sealed("new".into());
    for (contact, after) in [
        (Contact::Keep, None),
        (Contact::Drop, Some(None)),
        (Contact::Put(new.clone()), Some(Some(new.clone()))),
    ] {
        let command =
            Command::Amend { words: Box::new(words_of(ResourceKind::Expert)), contact: contact.clone() };
        let changes = decided(&resource, SystemRole::DutyOfficer, command).unwrap();
        let found = changes.into_iter().next().map(|change| match change {
            ResourceChange::Amended { particulars } => particulars.contact,
            other => panic!("{other:?}"),
        });
        assert_eq!(found, after, "{contact:?}");
    }
}

#[test]
fn a_retired_resource_takes_no_more_commands_and_keeps_no_contact() {
    let resource = retired(added(words_of(ResourceKind::Expert), Some("sealed")));
    assert_eq!(resource.particulars.contact, None);
    assert_eq!(resource.retired.as_ref().map(|retired| retired.reason.as_str()), Some("报废"));
    assert!(!resource.is_offered());
    let reason = || "再次".to_owned();
    for (command, code) in [
        (
            Command::Amend { words: Box::new(words_of(ResourceKind::Expert)), contact: Contact::Keep },
            "wrong_phase",
        ),
        (Command::Stand { standing: Standing::Available, note: String::new() }, "wrong_phase"),
        (Command::Retire { reason: reason() }, "wrong_phase"),
        (Command::ReadContact { reason: reason() }, "not_ready"),
    ] {
        let refused = decided(&resource, SystemRole::DutyOfficer, command.clone());
        assert_eq!(refused.unwrap_err().code(), code, "{command:?}");
    }
}

#[test]
fn looking_again_is_a_check_that_is_kept() {
    let mut resource = added(words_of(ResourceKind::Computer), None);
    for (second, standing, note) in
        [(1, Standing::Available, "良好"), (2, Standing::OutOfService, "电源损坏"), (3, Standing::InUse, "")]
    {
        let command = Command::Stand { standing, note: note.into() };
        let changes = decided(&resource, SystemRole::DutyOfficer, command).unwrap();
        assert_eq!(changes.len(), 1, "{standing}");
        changes.into_iter().for_each(|change| resource.apply(change, at(second), By::Console));
        assert_eq!((resource.stood.standing, resource.stood.at), (standing, at(second)));
        assert_eq!(resource.stood.note, note);
        assert_eq!(resource.is_offered(), standing != Standing::OutOfService);
    }
}

#[test]
fn a_contact_is_in_no_searched_text() {
    let mut words = words_of(ResourceKind::Expert);
    words.keywords = vec!["勒索".into()];
    words.model = "ＮＧＦＷ－200".into();
    let searched = added(words, Some("13900000000")).searched();
    for (sought, there) in
        [("备用防火墙", true), ("市信息中心", true), ("勒索", true), ("ngfw-200", true), ("139", false)]
    {
        assert_eq!(searched.contains(sought), there, "{sought}");
    }
}

#[test]
fn wide_and_capital_letters_are_folded() {
    for (written, folded) in [
        ("ＡＢＣ１２３", "abc123"),
        ("Windows　Server", "windows server"),
        ("防火墙（备用）", "防火墙(备用)"),
        ("ÄÖ", "äö"),
        ("", ""),
    ] {
        assert_eq!(fold(written), folded, "{written}");
    }
}

/// `attack` with `ddos` below it and `harm` above; `attack` matches `rsit/intrusions`.
fn classified() -> Plan {
    let category = |parent: Option<&str>, maps_to: &[&str]| Category {
        title: text("类", "class"),
        describes: text("", ""),
        clause: Clause::new("sample/1"),
        parent: parent.map(CategoryId::new),
        place: 0,
        routed_to: None,
        maps_to: maps_to.iter().map(|id| (*id).to_owned()).collect(),
    };
    let categories = BTreeMap::from([
        (CategoryId::new("harm"), category(None, &[])),
        (CategoryId::new("attack"), category(Some("harm"), &["rsit/intrusions"])),
        (CategoryId::new("ddos"), category(Some("attack"), &[])),
        (CategoryId::new("fault"), category(None, &["rsit/availability"])),
    ]);
    Plan { categories, ..plan() }
}

fn need(texts: &[&str], field: Option<Expertise>) -> Need {
    let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    let (id, category) = (PlanId::new("sample"), CategoryId::new("attack"));
    Need::new((&id, &category), Some(&classified()), &texts, field)
}

fn candidate(categories: &[&str], keywords: &[&str], title: &str, kind: ResourceKind) -> Candidate {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let (categories, keywords) = (owned(categories), owned(keywords));
    let words = ResourceWords { categories, keywords, title: title.into(), ..words_of(kind) };
    Candidate::from(&added(words, None))
}

#[test]
fn what_a_fit_is_worth() {
    use ResourceKind::{Expert, Software};
    let need = need(&["市医院服务器感染勒索病毒", "web-01"], Some(Expertise::Network));
    for (categories, keywords, title, kind, worth) in [
        (&["sample/attack"][..], &[][..], "备件", Software, Some(40)),
        (&["rsit/intrusions"], &[], "备件", Software, Some(30)),
        (&["sample/harm"], &[], "备件", Software, Some(20)),
        (&["sample/ddos"], &[], "备件", Software, Some(20)),
        (&["sample/fault", "rsit/availability"], &[], "备件", Software, None),
        // Of several classes the nearest counts, once.
        (&["sample/attack", "sample/harm", "rsit/intrusions"], &[], "备件", Software, Some(40)),
        (&[], &[], "专家", Expert, Some(30)),
        (&[], &["勒索"], "备件", Software, Some(10)),
        (&[], &["WEB-01", "勒索", "病毒", "感染"], "备件", Software, Some(30 + 2 * 4)),
        (&[], &["路由"], "备件", Software, None),
        // One shared pair alone says nothing; two do.
        (&[], &[], "病毒库", Software, None),
        (&[], &[], "勒索病毒解密", Software, Some(2 * 3)),
        (&["sample/attack"], &["勒索"], "勒索病毒解密专家", Expert, Some(40 + 30 + 10 + 2 * 3)),
    ] {
        let found = score(&need, &candidate(categories, keywords, title, kind)).map(|offer| offer.score);
        assert_eq!(found, worth, "{categories:?} {keywords:?} {title}");
    }
}

#[test]
fn every_offer_says_why() {
    let need = need(&["勒索病毒"], Some(Expertise::Network));
    let candidate =
        candidate(&["sample/harm", "sample/attack"], &["勒索"], "病毒专家：勒索", ResourceKind::Team);
    let offer = score(&need, &candidate).unwrap();
    let class = ClassId::parse("categories", "sample/attack").unwrap();
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    assert_eq!(
        offer.reasons,
        [
            Reason::Class { class, relation: Relation::Same },
            Reason::Field { field: Expertise::Network },
            Reason::Keywords { words: words(&["勒索"]) },
            Reason::Words { words: words(&["勒索", "病毒"]) },
        ]
    );
}

#[test]
fn words_count_up_to_their_limit() {
    let long = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥";
    let need = need(&[long], None);
    let offer = score(&need, &candidate(&[], &[], long, ResourceKind::Solution)).unwrap();
    assert_eq!(offer.score, 30);
    assert!(matches!(&offer.reasons[..], [Reason::Words { words }] if words.len() == 15));
}

#[test]
fn the_best_offer_comes_first() {
    let case = |id: u128, class: &str, second: i64| {
        let class = ClassId::parse("categories", class).unwrap();
        Candidate::case(IncidentId(Uuid::from_u128(id)), class, [], at(second))
    };
    let mut busy =
        added(ResourceWords { categories: vec!["sample/harm".into()], ..words_of(ResourceKind::Team) }, None);
    let stand = ResourceChange::Stood { standing: Standing::InUse, note: String::new() };
    busy.apply(stand, at(50), By::Console);
    let candidates = || {
        let busy = Candidate::from(&busy);
        [
            busy,
            case(2, "sample/harm", 10),
            case(4, "sample/harm", 20),
            case(3, "sample/harm", 20),
            case(5, "sample/attack", 0),
            case(6, "sample/fault", 99),
        ]
    };
    let found = |limit| {
        let offers = offers(&need(&[], None), candidates(), limit);
        let id = |what| match what {
            Offered::Case(id) => id.0.as_u128(),
            Offered::Resource(id) => id.0.as_u128(),
        };
        offers.into_iter().map(|offer| id(offer.what)).collect::<Vec<u128>>()
    };
    // The own class; then the latest; by id; what is at work last.
    assert_eq!(found(50), [5, 3, 4, 2, 1]);
    assert_eq!(found(2), [5, 3]);
    assert_eq!(found(0), [0_u128; 0]);
}

#[test]
fn without_its_plan_an_incident_still_has_its_own_class() {
    let (id, category) = (PlanId::new("sample"), CategoryId::new("attack"));
    let need = Need::new((&id, &category), None, [], None);
    for (class, fits) in [("sample/attack", true), ("sample/harm", false)] {
        let candidate = candidate(&[class], &[], "备件", ResourceKind::Material);
        assert_eq!(score(&need, &candidate).is_some(), fits, "{class}");
    }
}

#[test]
fn wider_classes_in_a_circle_end() {
    let mut plan = classified();
    plan.categories.get_mut(&CategoryId::new("harm")).unwrap().parent = Some(CategoryId::new("ddos"));
    let (id, category) = (PlanId::new("sample"), CategoryId::new("attack"));
    let need = Need::new((&id, &category), Some(&plan), [], None);
    let candidate = candidate(&["sample/harm"], &[], "备件", ResourceKind::Material);
    assert_eq!(score(&need, &candidate).map(|offer| offer.score), Some(20));
}
