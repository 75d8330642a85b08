//! One change at a time: what is said of it, and that nothing else is.

use fengsui_domain::plan::{Lang, Plan, PlanId, RoleId};

use super::{Change, diff, show_diff};
use crate::plan::{Library, PackFile, load};

mod fields;

fn shipped(id: &str) -> Plan {
    Library::shipped().get(&PlanId::new(id)).expect("the pack is shipped").plan.clone()
}

/// The Jincheng pack with one place of one file changed.
fn changed(file: &str, from: &str, to: &str) -> Plan {
    let files = Library::shipped_files();
    let own = files.iter().filter(|pack| pack.path.starts_with("jincheng-internet-2008/"));
    let texts: Vec<(String, String)> = own
        .map(|pack| {
            let text = String::from_utf8(pack.bytes.to_vec()).expect("text");
            let here = pack.path.ends_with(file);
            assert!(!here || text.contains(from), "`{from}` is not in {file}");
            (pack.path.to_owned(), if here { text.replacen(from, to, 1) } else { text })
        })
        .collect();
    let files: Vec<PackFile<'_>> =
        texts.iter().map(|(path, text)| PackFile { path, bytes: text.as_bytes() }).collect();
    let loaded = load(&files);
    loaded.plan.unwrap_or_else(|| panic!("{:?}", loaded.findings))
}

#[test]
fn a_plan_does_not_differ_from_itself() {
    for id in ["jincheng-internet-2008", "national-2017"] {
        assert_eq!(diff(&shipped(id), &shipped(id)), []);
        assert!(show_diff(&shipped(id), &shipped(id), Lang::En).contains("Nothing differs."));
    }
}

#[test]
fn one_change_is_one_sentence() {
    let before = shipped("jincheng-internet-2008");
    for (file, from, to, says) in [
        (
            "clocks.yaml",
            "    within: 30 min\n    met_by: report",
            "    within: 45 min\n    met_by: report",
            "## Clocks\n\n- **Oral report of a general event** [5.1.3.a]\n  - within: 30 min → 45 min\n",
        ),
        (
            "clocks.yaml",
            "    duty: { of: unit, to: security-office-duty-room, form: oral }",
            "    duty: { of: responsible-unit, to: security-office-duty-room, form: oral }",
            "  - obliged: Unit where it happened → Responsible unit\n",
        ),
        (
            "response.yaml",
            "    two_person: true\n",
            "",
            "## Responses\n\n- **Level I response** [5.2.1]\n  - two persons: yes → no\n",
        ),
        (
            "orders.yaml",
            "    to: [working-bodies, linked-units]",
            "    to: [working-bodies]",
            "  - to: Working bodies, Linked units → Working bodies\n",
        ),
        (
            "plan.yaml",
            "  en: Jincheng internet network security emergency plan",
            "  en: Jincheng plan",
            "## Title\n\n- Jincheng internet network security emergency plan → Jincheng plan\n",
        ),
    ] {
        let after = changed(file, from, to);
        let found = diff(&before, &after);
        assert_eq!(found.len(), 1, "{found:#?}");
        let page = show_diff(&before, &after, Lang::En);
        assert!(page.contains(says), "{page}");
    }
}

/// A step is named with its playbook, and what is inside it by its own name.
#[test]
fn playbooks_are_compared_step_by_step() {
    let before = shipped("jincheng-egov-2008");
    let mut after = before.clone();
    let steps = &mut after.playbooks[0].steps;
    steps[0].by = vec![RoleId::new("unit-duty-officer")];
    let gone = steps.pop().expect("a step");
    let asked = steps.iter_mut().find_map(|step| step.ask.as_mut()).expect("a question");
    asked.branches[1].raises = None;
    let page = show_diff(&before, &after, Lang::En);
    for says in [
        "## Steps of playbooks\n\n- **Virus outbreak: Cut the infected computer off the network at once** [5.1.1]\n  - by: Technician → Duty officer\n",
        "  - question · answers · not-removable · sets the mark: virus beyond control → (nothing)\n",
        &format!("- gone: **Virus outbreak: {}** [{}]\n", gone.title.en, gone.clause.number()),
    ] {
        assert!(page.contains(says), "{says}: {page}");
    }
}

#[test]
fn rules_come_and_go() {
    let before = shipped("jincheng-internet-2008");
    let mut after = before.clone();
    let gone = after.clocks.remove(0);
    let found = diff(&before, &after);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].id.as_deref(), &found[0].change), (Some(gone.id.as_str()), &Change::Removed));
    assert_eq!(diff(&after, &before)[0].change, Change::Added);
    let page = show_diff(&before, &after, Lang::Zh);
    assert!(page.contains("## 时限\n\n- 删除 **一般事件口头报告** [5.1.3.a]\n"), "{page}");
}

/// The order of grading rules decides; that of clocks does not.
#[test]
fn order_counts_where_the_engine_reads_it() {
    let before = shipped("jincheng-internet-2008");
    let mut after = before.clone();
    after.clocks.reverse();
    assert_eq!(diff(&before, &after), []);
    after.grading.rules.reverse();
    let found = diff(&before, &after);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(matches!(&found[0].change, Change::Changed { field, .. } if field == "order"));
}

/// Two different plans: long, but every line has a name and both languages speak.
#[test]
fn two_plans_are_compared_whole() {
    let (city, nation) = (shipped("jincheng-internet-2008"), shipped("national-2017"));
    for lang in [Lang::Zh, Lang::En] {
        let page = show_diff(&city, &nation, lang);
        assert!(page.lines().count() > 100);
        assert!(!page.contains("\"zh\""), "no raw JSON");
    }
}
