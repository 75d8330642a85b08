//! Plans on the console: what a pack holds stands on its page, with its clause and what of it was not checked.

use std::collections::BTreeSet;

use fengsui_domain::permission::SystemRole::DutyOfficer;
use serde_json::Value;

use crate::browser::Browser;
use crate::node::Node;

/// Packs from outside the city, of which nothing was compared with the official text.
const OUTSIDE: [&str; 3] = ["cn-reporting-2025", "eu-dora", "eu-nis2"];

/// Text of a page as it is read.
fn read(html: &str) -> String {
    html.replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#38;", "&")
}

/// Every text under this key, at any depth.
fn under<'v>(value: &'v Value, key: &str, found: &mut BTreeSet<&'v str>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get(key).and_then(Value::as_str));
            fields.values().for_each(|field| under(field, key, found));
        }
        Value::Array(items) => items.iter().for_each(|item| under(item, key, found)),
        _ => {}
    }
}

fn texts<'v>(value: &'v Value, key: &str) -> BTreeSet<&'v str> {
    let mut found = BTreeSet::new();
    under(value, key, &mut found);
    found
}

/// The part of a page with this id, to the end of its section.
fn section<'h>(html: &'h str, id: &str) -> &'h str {
    let start = html.find(&format!("<section class=\"panel\" id=\"{id}\"")).expect("the section is there");
    html[start..].split("</section>").next().expect("it ends")
}

/// Everything that the API tells of a plan's warnings can be read on its page, each rule beside its clause.
#[tokio::test]
async fn warnings_stand_on_the_page_as_the_plan_prescribes_them() {
    let node = Node::new().await;
    let (account, token) = node.person("wang", &[DutyOfficer], &[]).await;
    for (lang, key, says) in [("zh-CN", "zh", "尚不发布预警"), ("en", "en", "does not issue warnings yet")]
    {
        let browser = Browser::sign_in(&node, account, lang).await;
        for plan in ["jincheng-internet-2008", "national-2017"] {
            let told = node.get(&token, format!("/api/v1/plans/{plan}")).wants(200).await.body;
            let page = read(&browser.get(&format!("/plans/{plan}")).await.html);
            let shown = section(&page, "warnings");
            assert!(shown.contains(says), "{plan} in {lang}: who issues");
            for text in texts(&told["warnings"], key) {
                assert!(shown.contains(text), "{plan} in {lang}: `{text}`");
            }
            let mut clauses = texts(&told["warnings"], "clause");
            for fact in told["warnings"]["facts"].as_array().unwrap() {
                // Of a question the page gives the clause, not that of each answer.
                let own = fact["clause"].as_str();
                clauses.retain(|clause| own == Some(*clause) || !texts(fact, "clause").contains(clause));
                clauses.extend(own);
            }
            assert!(clauses.len() > 5, "{plan}: {clauses:?}");
            for clause in clauses {
                let short = clause.strip_prefix(&format!("{plan}/")).unwrap();
                let linked = format!("#clause-{short}\"");
                assert!(
                    shown.contains(&linked) || shown.contains(&format!("(§ {short})")),
                    "{plan}: {clause}"
                );
            }
        }
        let without = browser.get("/plans/eu-nis2").await.html;
        assert!(!without.contains("id=\"warnings\""), "a plan without warnings has no such section");
    }
}

/// Acknowledgement within a figure for each colour, and that the figure is ours.
#[tokio::test]
async fn figures_for_colours_are_told_apart() {
    let node = Node::new().await;
    let (account, _) = node.person("wang", &[DutyOfficer], &[]).await;
    let browser = Browser::sign_in(&node, account, "en").await;
    let page = browser.get("/plans/jincheng-internet-2008").await.html;
    let receipt =
        page.split("id=\"warning-receipt-confirmed\"").nth(1).unwrap().split("</li>").next().unwrap();
    for (colour, within) in [("Red (grade I", "within 30 minutes"), ("Blue (grade IV", "within 2 hours")] {
        let after = receipt.split(&format!("<dt>{colour}")).nth(1).unwrap();
        assert!(after.split("</dd>").next().unwrap().ends_with(within), "{colour}: {after}");
    }
    assert!(receipt.contains("our default"), "{receipt}");
    let page = browser.get("/plans/national-2017").await.html;
    let red = page.split("id=\"warning-red-red-duty\"").nth(1).unwrap().split("</li>").next().unwrap();
    assert!(red.contains("within 15 minutes") && red.contains("kept up until it is lifted"), "{red}");
}

#[tokio::test]
async fn an_option_that_holds_already_says_that_nothing_would_change() {
    let node = Node::new().await;
    let (account, token) = node.person("wang", &[DutyOfficer], &[]).await;
    let plan = node.get(&token, "/api/v1/plans/jincheng-internet-2008").wants(200).await.body;
    let settled = plan["defaults"].as_array().unwrap().iter();
    let settled = settled.filter(|each| each["options"].as_array().is_some_and(|all| !all.is_empty()));
    let settled: Vec<&Value> = settled.collect();
    assert!(!settled.is_empty(), "the pack offers choices");
    for (lang, says) in [("zh-CN", "没有变化"), ("en", "Nothing would change")] {
        let browser = Browser::sign_in(&node, account, lang).await;
        let settled = settled[0];
        let path =
            format!("/plans/jincheng-internet-2008/defaults/{}?option=", settled["id"].as_str().unwrap());
        let ours = browser.get(&path).await;
        assert!(ours.status == 200 && ours.html.contains(says), "{}", ours.html);
        let other = format!("{path}{}", settled["options"][0]["id"].as_str().unwrap());
        let other = browser.get(&other).await;
        assert!(other.status == 200 && !other.html.contains(says), "{}", other.html);
    }
}

/// Each rule of an outside pack whose clause was not checked says so, on the plan's page and where one asks
/// what is owed.
#[tokio::test]
async fn what_was_not_checked_is_marked_beside_every_rule() {
    let node = Node::new().await;
    let (account, token) = node.person("wang", &[DutyOfficer], &[]).await;
    let browser = Browser::sign_in(&node, account, "en").await;
    for plan in OUTSIDE {
        let told = node.get(&token, format!("/api/v1/plans/{plan}")).wants(200).await.body;
        let open: BTreeSet<&str> = texts(&told["unverified"], "clause");
        for path in [format!("/plans/{plan}"), format!("/plans/{plan}/obligations?level=II")] {
            let page = browser.get(&path).await.html;
            let rules = page.split("<ul class=\"plan-rules\">").skip(1);
            let rules = rules.flat_map(|list| list.split("</ul>").next().unwrap().split("<li id=\"").skip(1));
            let mut marked = 0;
            for rule in rules.filter(|rule| !rule.starts_with("default-")) {
                let clause = rule.split("title=\"").nth(1).unwrap().split('"').next().unwrap();
                assert_eq!(rule.contains("Not checked"), open.contains(clause), "{path}: {rule}");
                marked += usize::from(open.contains(clause));
            }
            assert!(marked > 2, "{path}: {marked} rules are marked");
        }
    }
}
