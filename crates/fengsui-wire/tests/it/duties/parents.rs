//! A plan above has a new version: whoever keeps the plan below looks at it anew.
//! `national-2017/8.1.b`, `jincheng-internet-2008/8.5.1.b`, `8.5.2`, `jincheng-egov-2008/3.2.c`.

use super::*;

const REVIEW: &str = "parent-plan-review";
const OLD: Date = date(2017, 1, 10);

/// The digest of a version that is not shipped.
fn version(number: char) -> String {
    number.to_string().repeat(64)
}

/// 8.1.b: what a book was opened under is no change; another digest or another first day is, and each once.
#[test]
fn only_another_version_opens_a_review() {
    for (pack, keeper) in [(J, "security-office"), (E, "informatisation-office")] {
        let mut shelf = Shelf::new(pack);
        assert_eq!(shelf.duty(REVIEW).by, [RoleId::new(keeper)], "{pack}");
        let shipped = parents(&shelf.plan);
        assert_eq!(shelf.book.parents.iter().map(|seen| &seen.version).collect::<Vec<_>>(), [&shipped[0]]);
        let known = shipped[0].clone();
        assert_eq!(shelf.parent_renewed(&known.digest, known.in_force_from), [], "{pack}: the same version");
        assert_eq!((shelf.stands(REVIEW).stands, shelf.stands(REVIEW).due_at), (Stands::NotOwed, None));
        for (digest, from) in [(version('2'), known.in_force_from), (version('2'), date(2026, 12, 1))] {
            assert_eq!(shelf.parent_renewed(&digest, from).len(), 1, "{pack}: {digest} from {from}");
            assert_eq!(shelf.parent_renewed(&digest, from), [], "{pack}: once");
        }
        let standing = shelf.stands(REVIEW);
        assert_eq!((standing.stands, standing.parents.len()), (Stands::Open, 2), "{pack}");
        assert_eq!(standing.due_at.unwrap().to_string(), "2027-02-21T16:00:00Z", "{pack}: 90 days on");
    }
}

/// The days count from the first version nobody has looked at; a record of what came of it meets all before it.
#[test]
fn a_review_meets_what_was_in_use_before_it() {
    let mut shelf = Shelf::new(J);
    shelf.parent_renewed(&version('2'), OLD);
    let due = shelf.stands(REVIEW).due_at;
    shelf.at("2026-12-20T03:00:00Z").parent_renewed(&version('3'), OLD);
    assert_eq!(shelf.stands(REVIEW).due_at, due, "a later version puts nothing off");
    shelf.at("2027-01-05T03:00:00Z");
    let owner = shelf.owner(REVIEW);
    let silent = RecordWords {
        said: Said::Done { for_day: date(2027, 1, 5), proof: BTreeMap::new(), document: None },
        at: shelf.now,
    };
    assert_eq!(
        shelf.enters(&owner, REVIEW, silent).unwrap_err().code(),
        "conditions_open",
        "what came of it"
    );
    let record = shelf.meets(REVIEW);
    assert_eq!((shelf.stands(REVIEW).stands, shelf.stands(REVIEW).parents.len()), (Stands::Met, 0));
    shelf.at("2027-03-01T03:00:00Z").parent_renewed(&version('4'), OLD);
    let standing = shelf.stands(REVIEW);
    assert_eq!((standing.stands, standing.parents.len()), (Stands::Open, 1));
    assert_eq!(standing.due_at.unwrap().to_string(), "2027-05-30T16:00:00Z");
    let withdraw = RecordCommand::Withdraw { reason: "of another plan".to_owned() };
    shelf.revises(&owner, record, withdraw).unwrap();
    let standing = shelf.stands(REVIEW);
    assert_eq!(
        (standing.stands, standing.parents.len()),
        (Stands::Overdue, 3),
        "what does not count meets nothing"
    );
}

/// Overdue it is told once; a book that is closed owes nothing and notes nothing.
#[test]
fn an_overdue_review_is_told_once() {
    let mut shelf = Shelf::new(E);
    shelf.parent_renewed(&version('2'), OLD);
    shelf.at("2027-02-21T15:59:59Z");
    assert!(shelf.tick().iter().all(|(duty, _)| duty != REVIEW), "the day is not over");
    shelf.at("2027-02-21T16:00:00Z");
    assert_eq!(shelf.stands(REVIEW).stands, Stands::Overdue);
    assert!(shelf.tick().contains(&(REVIEW.to_owned(), "2027-02-21T16:00:00Z".to_owned())));
    assert!(shelf.tick().iter().all(|(duty, _)| duty != REVIEW), "once");
    shelf.does(&speaker("chief", &["unit"]), Command::Close { reason: "merged".to_owned() }).unwrap();
    assert_eq!(shelf.parent_renewed(&version('3'), OLD), []);
}

/// A plan above that comes to this node later is new here; a version taken back is another one again.
#[test]
fn what_comes_later_and_what_comes_back_is_looked_at() {
    let mut shelf = Shelf::new(J);
    shelf.book.parents.clear(); // Opened while the plan above was on another node.
    assert_eq!(shelf.stands(REVIEW).stands, Stands::NotOwed);
    assert_eq!(shelf.parent_renewed(&version('2'), OLD).len(), 1);
    assert_eq!(shelf.stands(REVIEW).stands, Stands::Open);
    assert_eq!(shelf.parent_renewed(&version('3'), OLD).len(), 1);
    assert_eq!(shelf.parent_renewed(&version('2'), OLD).len(), 1, "taken back");
    for number in 0..MAX_PARENT_VERSIONS {
        shelf.parent_renewed(&format!("{number:064}"), OLD);
    }
    assert_eq!(shelf.book.parents.len(), MAX_PARENT_VERSIONS, "the oldest are in the ledger alone");
    let top = Shelf::new(N);
    assert_eq!(top.plan.parents().count(), 0, "nothing stands above the national plan");
    assert_eq!(renewed(&top.book, &top.plan, &parents(&shelf.plan)), []);
}
