//! A plan above has a new version on a node: the plan below is looked at anew, by API, in the console and in the table.
//! Source: `national-2017/8.1.b`, `jincheng-internet-2008/8.5.1.b`.

use fengsui_domain::permission::SystemRole::DutyOfficer;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::node::Node;

const TOWN: &str = include_str!("../../../../tests/fixtures/plans/town/plan.yaml");
const COUNTY: &str = include_str!("../../../../tests/fixtures/plans/minimal/plan.yaml");

/// A plan of the town that rests on the plan `minimal` and wants to be looked at when that is new.
fn town() -> String {
    let (before, _) = TOWN.split_once("beside:\n").unwrap();
    let duty = "  - id: review\n    title: { zh: 复核本预案, en: This plan looked at anew }\n    clause: town/2\n    \
                by: [office]\n    on_parent: { within: 90 d }\n    proof:\n      outcome: { zh: 结果, en: Outcome }\n";
    format!("{before}{duty}beside:\n  minimal:\n    relation: parent\n    clause: town/2\n")
}

/// The plan above, in the version with this number.
fn county(version: u8) -> String {
    COUNTY.replacen("document: \"1\"", &format!("document: \"{version}\""), 1)
}

async fn review(node: &Node, token: &str, book: &str) -> Value {
    let book = node.get(token, book).wants(200).await.body;
    let duties = book["duties"].as_array().unwrap();
    duties.iter().find(|duty| duty["duty"] == "review").unwrap().clone()
}

#[tokio::test]
async fn a_new_version_above_opens_a_review_of_the_plan_below() {
    let node = Node::new().await.again(&[("minimal", county(1)), ("town", town())]).await;
    let (account, token) = node.person("zhang", &[DutyOfficer], &["office"]).await;
    let words = json!({"plan": "town", "unit": "镇政府", "from": "2026-11-23"});
    let opened = node.post(&token, "/api/v1/duty-books", &words).wants(201).await;
    let book = opened.headers["location"].to_str().unwrap().to_owned();
    assert_eq!(node.service.duty_round().await.unwrap(), 0, "what it was opened under is nothing new");
    let before = review(&node, &token, &book).await;
    assert_eq!(
        (&before["stands"], &before["due_at"], &before["parents"]),
        (&json!("not_owed"), &Value::Null, &json!([]))
    );

    let node = node.again(&[("minimal", county(2))]).await;
    assert_eq!(node.service.duty_round().await.unwrap(), 1);
    assert_eq!(node.service.duty_round().await.unwrap(), 0, "each version once");
    let owed = review(&node, &token, &book).await;
    assert_eq!((&owed["stands"], &owed["needs_attention"]), (&json!("open"), &json!(false)));
    assert_eq!(owed["due_at"], "2027-02-21T16:00:00Z", "90 days from its first use here");
    let parent = &owed["parents"][0];
    assert_eq!((&parent["plan"], &parent["in_force_from"]), (&json!("minimal"), &json!("2020-01-01")));
    assert_eq!(
        parent["digest"],
        node.service.plans().get(&fengsui_domain::plan::PlanId::new("minimal")).unwrap().digest
    );
    let entries = node.get(&token, format!("{book}/timeline")).wants(200).await.body;
    assert!(entries.to_string().contains("parent_renewed"), "{entries:#}");

    for lang in ["zh-CN", "en"] {
        let browser = Browser::sign_in(&node, account, lang).await;
        let id = book.rsplit('/').next().unwrap();
        let shown = browser.get(&format!("/duties/{id}/review")).await.html;
        assert!(shown.contains("minimal") && shown.contains("2020-01-01") && !shown.contains('⟦'), "{lang}");
        let history = browser.get(&format!("/duties/{id}")).await.html;
        assert!(history.contains("minimal") && !history.contains('⟦'), "{lang}");
    }

    let node = node.again(&[]).await;
    assert_eq!(node.service.duty_round().await.unwrap(), 0, "a restart is no new version");
    let record =
        json!({"duty": "review", "at": node.now(), "said": {"kind": "done", "proof": {"outcome": "不改"}}});
    node.post(&token, format!("{book}/records"), &record).wants(201).await;
    let met = review(&node, &token, &book).await;
    assert_eq!((&met["stands"], &met["parents"]), (&json!("met"), &json!([])));
    let table = node.get(&token, format!("{book}/table?year=2026")).wants(200).await;
    let table = String::from_utf8(table.bytes).unwrap();
    assert!(table.contains("review") && table.contains("town/2") && table.contains("不改"), "{table}");
}
