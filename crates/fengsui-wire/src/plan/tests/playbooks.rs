//! What the loader finds in playbooks: each change makes one thing wrong in the shipped ones.

use fengsui_domain::plan::{Lang, PlanId, RoleId, RuleId};

use super::super::{Library, PackFile, card, load, show};
use super::said;

/// The codes and places found when a text of the shipped playbooks is changed.
fn found(from: &str, to: &str) -> Vec<String> {
    let shipped = Library::shipped_files();
    let own: Vec<_> = shipped.iter().filter(|file| file.path.starts_with("jincheng-egov-2008/")).collect();
    let text = own.iter().find(|file| file.path.ends_with("playbooks.yaml")).expect("the file of playbooks");
    let text = std::str::from_utf8(text.bytes).expect("text");
    assert!(text.contains(from), "`{from}` is not in the playbooks");
    let text = text.replacen(from, to, 1);
    let files: Vec<PackFile<'_>> = own
        .iter()
        .map(|file| {
            let changed = PackFile { path: file.path, bytes: text.as_bytes() };
            if file.path.ends_with("playbooks.yaml") { changed } else { **file }
        })
        .collect();
    let loaded = load(&files);
    assert!(loaded.plan.is_none(), "`{to}` must not give a plan");
    loaded.findings.iter().map(|finding| format!("{} {}", finding.code.info().code, finding.place)).collect()
}

#[test]
fn what_one_change_makes_wrong() {
    let by = "clause: jincheng-egov-2008/5.1.1\n        by: technician\n";
    for (from, to, expected) in [
        // A step nobody does; a step that is not there.
        (by, "clause: jincheng-egov-2008/5.1.1\n", "FP060 playbooks/virus-outbreak/steps"),
        (
            "after: [under-control, get-help]",
            "after: [under-control, get-hlp]",
            "FP028 playbooks/virus-outbreak/steps/restore",
        ),
        // A loop: waiting for what stands below.
        (
            "after: [under-control, get-help]",
            "after: [reconnect]",
            "FP061 playbooks/virus-outbreak/steps/restore",
        ),
        // A step only an answer leads to, with a condition that never holds.
        (
            "by: technician\n        after: [under-control]\n",
            "by: technician\n        after: [under-control]\n        when: false\n",
            "FP062 playbooks/virus-outbreak/steps/tell-lead",
        ),
        // A gate nobody may waive; a state that stays open; a state that is not there.
        ("          waive: [unit-security-lead]\n", "", "FP063 playbooks/website-tampering/steps/gate"),
        ("        closes: no-protection\n", "", "FP064 playbooks/machine-room/steps/device-bypass"),
        ("opens: no-ups", "opens: no-upps", "FP028 playbooks/machine-room/steps/ups-bypass"),
        // At odds: a condition that could wait, urgent before what it does not follow, one answer only.
        (
            by,
            "clause: jincheng-egov-2008/5.1.1\n        by: technician\n        when: facts.vital_system\n",
            "FP065 playbooks/virus-outbreak/steps/disconnect",
        ),
        (
            "urgent_before: [fire-people]",
            "urgent_before: [cause]",
            "FP065 playbooks/machine-room/steps/fire-power",
        ),
        ("raises: data_stolen", "raises: vital_system", "FP065"),
    ] {
        let found = found(from, to);
        assert!(
            found.iter().any(|found| found.starts_with(expected)),
            "{to:?}: {expected} is not in {found:?}"
        );
    }
}

#[test]
fn an_answer_that_leads_back_is_a_loop() {
    let found = found(
        "steps: [tell-lead, report-office, get-help]",
        "steps: [disinfect, tell-lead, report-office, get-help]",
    );
    assert!(found.contains(&"FP061 playbooks/virus-outbreak/steps/under-control".to_owned()), "{found:?}");
}

/// Whoever is named on a card has a line for a telephone number, once.
#[test]
fn a_card_lists_its_bodies() {
    let library = Library::shipped();
    let plan = &library.get(&PlanId::new("jincheng-egov-2008")).expect("the pack").plan;
    let card = card(plan, &RuleId::new("website-tampering"), Lang::Zh).expect("a card");
    let police = plan.roles[&RoleId::new("cyber-police")].title.get(Lang::Zh);
    assert_eq!(card.bodies.iter().filter(|body| *body == police).count(), 1, "{:?}", card.bodies);
    assert_eq!(card.bodies[0], plan.roles[&RoleId::new("unit-duty-officer")].title.get(Lang::Zh));
    let lead = plan.roles[&RoleId::new("unit-leader")].title.get(Lang::Zh);
    assert!(!card.bodies.iter().any(|body| body == lead), "nothing on this card is the leader's");
}

/// A card fits A4, and every step of every playbook has its box.
#[test]
fn cards_fit_a_sheet() {
    let library = Library::shipped();
    let plan = &library.get(&PlanId::new("jincheng-egov-2008")).expect("the pack").plan;
    assert_eq!(plan.playbooks.len(), 7, "5.1 to 5.7");
    let columns = |line: &str| -> usize {
        line.chars()
            .map(|c| if c.is_ascii() || !('\u{2E80}'..='\u{FFEF}').contains(&c) { 1 } else { 2 })
            .sum()
    };
    for playbook in &plan.playbooks {
        for lang in [Lang::Zh, Lang::En] {
            let card = card(plan, &playbook.id, lang).expect("a card").text();
            assert_eq!(card.matches("[ ] ").count(), playbook.steps.len(), "{}", playbook.id);
            let widest = card.lines().map(columns).max().unwrap_or(0);
            assert!(widest <= 72, "{} is {widest} wide:\n{card}", playbook.id);
        }
    }
    assert_eq!(card(plan, &RuleId::new("no-such"), Lang::En), None);
    let fire = card(plan, &RuleId::new("machine-room"), Lang::En).expect("a card").text();
    let first = fire.lines().nth(4).expect("a line");
    assert!(first.starts_with("!! People before things"), "5.5.c: {first}");
}

#[test]
fn a_playbook_is_shown_as_a_numbered_list() {
    let library = Library::shipped();
    let plan = &library.get(&PlanId::new("jincheng-egov-2008")).expect("the pack").plan;
    let page = show(plan, Lang::En);
    for line in [
        "### Virus outbreak [5.1",
        "1. **Cut the infected computer off the network at once** [5.1.1]",
        "   - Limit: within 2 hours of the discovery (",
        "   - Waits until: The cyber police have taken data samples [5.2.4.a",
    ] {
        assert!(page.contains(line), "`{line}` is not in\n{page}");
    }
}

#[test]
fn the_shipped_pack_is_clean() {
    let shipped = Library::shipped_files();
    let own: Vec<_> =
        shipped.into_iter().filter(|file| file.path.starts_with("jincheng-egov-2008/")).collect();
    assert_eq!(said(&load(&own)), [""; 0]);
}
