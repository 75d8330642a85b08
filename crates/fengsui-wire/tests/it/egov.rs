//! The rest of `jincheng-egov-2008` run by the engine: levels (2.2), rescue (5.b), help from outside (1.3.4, 5.4.3.b),
//! telling the public (5.7.b), summary and filing (5.2.5), liability (6.c). The playbooks are in `playbooks`.

use std::collections::BTreeMap;

use fengsui_domain::expr::Value;
use fengsui_domain::incident::{
    Command, IncidentChange, Opening, OrderTo, OrderWords, PlanVersion, PublicationStep, Step,
};
use fengsui_domain::level::IncidentLevel::{self, I, II, III, IV};
use fengsui_domain::plan::{FactId, PlanId, RuleId};

use crate::desk::{Desk, approve, days, holds, minute, opening, order, rule, speaker};
use crate::playbooks::{of, plan};

/// An incident of this level with these answers, `fact=yes` or `fact=choice`.
fn opened(level: IncidentLevel, answers: &[(&str, &str)]) -> Desk {
    let answer = |(fact, value): &(&str, &str)| {
        let value = match *value {
            "yes" => Value::Bool(true),
            "no" => Value::Bool(false),
            choice => Value::Choice(choice.to_owned()),
        };
        (FactId::new(*fact), value)
    };
    let version = PlanVersion { id: PlanId::new("jincheng-egov-2008"), digest: "0".repeat(64) };
    let answers: BTreeMap<_, _> = answers.iter().map(answer).collect();
    let mut desk = Desk::opened_under(plan(), Opening { plan: version, answers, ..opening(level) }).unwrap();
    desk.does(&of("informatisation-office"), Command::Verify { basis: "seen in the log".to_owned() });
    desk
}

/// The same, its level confirmed.
fn graded(answers: &[(&str, &str)]) -> Desk {
    let mut desk = opened(IV, answers);
    desk.does(&of("informatisation-office"), Command::Grade { level: IV, reason: "one office".to_owned() });
    desk
}

/// The same, its rescue started by the unit's leader and ended by the office.
fn ended() -> Desk {
    let mut desk = graded(&[("publication_needed", "yes"), ("major_event", "yes")]);
    let start = Step::Start { level: IV, range: "the office building".to_owned() };
    assert_eq!(desk.refused(&of("leading-group"), approve(start.clone())), "not_entitled", "3.1");
    desk.does(&of("unit-leader"), approve(start));
    for condition in ["back-to-normal", "derived-events-gone", "hazard-removed"] {
        desk.does(&of("unit-leader"), holds(condition, true));
    }
    desk.does(&of("informatisation-office"), approve(Step::End));
    desk
}

/// 2.2.1 to 2.2.4: what the rules propose is confirmed, and the record names the rule.
#[test]
fn every_level_is_graded_by_its_rule() {
    for (level, answers) in [
        (
            I,
            &[
                ("spread", "very-strong"),
                ("citywide_paralysis", "yes"),
                ("social_stability_affected", "yes"),
                ("major_events_derived", "yes"),
            ][..],
        ),
        (II, &[("spread", "strong"), ("vital_system", "yes")]),
        (III, &[("spread", "practically-none"), ("individual_units", "yes"), ("vital_system", "no")]),
        (IV, &[("spread", "none"), ("individual_units", "no"), ("vital_system", "no")]),
    ] {
        let mut desk = opened(level, answers);
        let proposed = fengsui_domain::grading::propose(&desk.plan, &desk.incident.facts());
        assert_eq!(proposed.level, Some(level), "{answers:?}");
        let confirmed = Command::Grade { level, reason: "as the rule says".to_owned() };
        let changes = desk.does(&of("informatisation-office"), confirmed);
        let named = changes.iter().any(|change| match change {
            IncidentChange::Graded { rule, .. } => rule.is_some(),
            _ => false,
        });
        assert!(named, "{level}");
    }
}

/// 5.b, 5.2.3.b, 1.3.4, 5.4.3.b: the unit's people are ordered in, others support, and professionals are called.
#[test]
fn help_is_ordered_and_called() {
    let mut desk = graded(&[]);
    desk.does(&of("unit-leader"), approve(Step::Start { level: IV, range: "one office".to_owned() }));
    desk.does(&of("unit-leader"), Command::GiveOrder { words: order("rescue", "technician") });
    desk.does(&of("cyber-police"), Command::GiveOrder { words: order("support", "information-centre") });
    for field in ["security-company", "specialist-company"] {
        let to = OrderTo::Expert { name: "Engineer Zhao".to_owned(), field: rule(field) };
        let what = "look at the traffic".to_owned();
        let words = OrderWords { rule: rule("call-professionals"), to, what, due_at: None };
        desk.does(&of("unit-security-lead"), Command::GiveOrder { words });
    }
    assert_eq!(desk.incident.orders.len(), 4);
}

/// 5.2.5, 5.1.7, 6.c, 4.2.d: summarised with its three topics, filed with a receipt, then over; both within 30 days.
#[test]
fn the_handling_is_summarised_and_filed() {
    let mut desk = ended();
    for (clock, to) in [("summary", ""), ("filing", "informatisation-office")] {
        let due = desk.clock(clock, "unit-security-lead", to).due_at;
        assert_eq!(due, desk.now + days(30), "{clock}");
    }
    let topics: BTreeMap<RuleId, String> = ["handling", "prevention", "deviations"]
        .iter()
        .map(|topic| (rule(topic), format!("what we found on {topic}")))
        .collect();
    let review = Command::Review { topics, plan_change: "name a deputy".to_owned() };
    assert_eq!(desk.refused(&of("cyber-police"), review.clone()), "not_entitled");
    desk.at(60).does(&of("unit-security-lead"), review);
    desk.does(&of("technician"), Command::File { summary: "cleaned and hardened".to_owned(), plan: None });
    let receipt =
        Command::ReceiptFiling { at: desk.now, reference: "B-2026-9".to_owned(), plan: None, of: None };
    desk.does(&of("cyber-police"), receipt.clone());
    assert_eq!(
        desk.refused(&of("unit-security-lead"), Command::Archive),
        "not_ready",
        "two authorities: 5.2.5"
    );
    desk.does(&of("informatisation-office"), receipt);
    let met = desk.met("filing", "unit-security-lead", "informatisation-office").unwrap();
    assert_eq!((minute(met.at), met.late), (60, false));
    desk.does(&of("unit-security-lead"), Command::Archive);
}

/// 5.7.b: the unit drafts, the informatisation office approves, the unit's leader releases.
#[test]
fn the_public_is_told_after_approval() {
    let mut desk = ended();
    let draft =
        Command::DraftPublication { rule: rule("public-information"), text: "Service is back.".to_owned() };
    desk.does(&of("unit-security-lead"), draft);
    let step = |desk: &Desk, step| Command::Publish { publication: desk.publication(), step };
    let release = step(&desk, PublicationStep::Release);
    assert_eq!(desk.refused(&of("unit-leader"), release.clone()), "not_ready");
    let approval = step(&desk, PublicationStep::Approve);
    assert_eq!(desk.refused(&speaker("unit-leader", &["unit-leader"]), approval.clone()), "not_entitled");
    desk.does(&of("informatisation-office"), approval);
    desk.does(&of("unit-leader"), release);
}
