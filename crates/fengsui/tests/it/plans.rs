//! `fengsui plan`: the packs that come with the program, listed, shown and checked.

use crate::program::{done, fengsui};

const SHIPPED: [&str; 3] = ["jincheng-egov-2008", "jincheng-internet-2008", "national-2017"];

#[test]
fn every_pack_is_listed_shown_and_clean() {
    let list = done(&[&"plan", &"list"]);
    let listed: Vec<&str> = list.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(listed, SHIPPED);
    for pack in SHIPPED {
        let checked = fengsui(&[&"plan", &"check", &pack]);
        assert_eq!((checked.code, checked.out.as_str()), (0, ""), "{checked:?}");
        for lang in ["zh", "en"] {
            let page = done(&[&"plan", &"show", &pack, &"--lang", &lang]);
            assert!(page.contains(pack), "{pack} in {lang}");
        }
    }
    let unknown = fengsui(&[&"plan", &"show", &"nowhere-2020"]);
    assert_eq!(unknown.code, 2, "{unknown:?}");
    assert!(SHIPPED.iter().all(|pack| unknown.err.contains(pack)), "{unknown:?}");
}

#[test]
fn a_playbook_is_printed_as_a_card() {
    let card = done(&[&"plan", &"card", &"jincheng-egov-2008", &"website-tampering", &"--lang", &"en"]);
    assert!(card.contains("Web page defacement") && card.contains("Waits until"), "{card}");
    let unknown = fengsui(&[&"plan", &"card", &"jincheng-egov-2008", &"no-such"]);
    assert_eq!(unknown.code, 2, "{unknown:?}");
    assert!(unknown.err.contains("virus-outbreak"), "{unknown:?}");
}

#[test]
fn what_the_national_plan_leaves_open_is_said() {
    let page = done(&[&"plan", &"show", &"national-2017", &"--lang", &"en"]);
    for sentence in [
        "Another plan applies; here it is recorded and handed over: the special plan for information content security [1.3.c]",
        "the start forms a headquarters [2.1.c · D1]",
        "Left to other plans: Level III responses follow the plans of the region and department where it happened",
        "owed again each time it is met, as long as it applies",
    ] {
        assert!(page.contains(sentence), "{sentence}");
    }
    for absent in ["## Disposal plan", "## Publication", "files with"] {
        assert!(!page.contains(absent), "the plan has no such thing: {absent}");
    }
}
