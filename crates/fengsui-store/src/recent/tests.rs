//! What is kept, for which version, and how much of it.

use fengsui_domain::id::EventId;
use fengsui_domain::node::{Node, NodeChange};
use jiff::Timestamp;
use uuid::Uuid;

use super::*;

fn subject(number: u128) -> Subject {
    Subject::Event(EventId(Uuid::from_u128(number)))
}

/// Any state; only its version and its size matter here.
fn kept(version: u64, bytes: usize) -> Kept {
    let created = NodeChange::Created { name: "n".into(), verifier_key: "k".into() };
    let node = Node::first(created, Timestamp::UNIX_EPOCH).unwrap();
    Kept::new(version, Arc::new(State::Node(node)), bytes)
}

#[test]
fn only_the_version_asked_for_is_handed_out_and_a_later_one_stays() {
    let recent = Recent::default();
    for (keep, asked, there) in [(4, 4, true), (3, 3, false), (3, 4, true), (5, 4, false), (5, 5, true)] {
        recent.keep(subject(1), kept(keep, 10));
        assert_eq!(recent.at(subject(1), asked).is_some(), there, "version {asked} after keeping {keep}");
    }
    assert!(recent.at(subject(2), 5).is_none());
    recent.clear();
    assert!(recent.at(subject(1), 5).is_none());
}

#[test]
fn what_was_not_used_for_longest_goes_first_and_the_sum_stays_below_the_limit() {
    let recent = Recent::default();
    let third = MAX_STATE_BYTES;
    let room = MAX_BYTES / third;
    for number in 0..room {
        recent.keep(subject(number as u128), kept(1, third));
    }
    assert!(recent.at(subject(0), 1).is_some(), "all fit, and the first was used again");
    recent.keep(subject(99), kept(1, third));
    assert!(recent.at(subject(1), 1).is_none(), "the second was not used for longest");
    assert!(recent.at(subject(0), 1).is_some() && recent.at(subject(99), 1).is_some());
    assert!(recent.lock().bytes <= MAX_BYTES);
}

#[test]
fn a_huge_state_is_not_kept_nor_what_stood_before_it() {
    let recent = Recent::default();
    recent.keep(subject(1), kept(1, 10));
    recent.keep(subject(1), kept(2, MAX_STATE_BYTES + 1));
    assert!(recent.at(subject(1), 1).is_none() && recent.at(subject(1), 2).is_none());
    assert_eq!(recent.lock().bytes, 0);
}
