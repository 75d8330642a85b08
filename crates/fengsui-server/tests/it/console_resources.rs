//! The pages of the emergency database, used as a browser without scripts uses them.

use fengsui_domain::id::AccountId;
use fengsui_domain::permission::SystemRole::{Administrator, Analyst, DutyOfficer};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::node::Node;

struct Desk {
    node: Node,
    duty: AccountId,
    token: String,
}

impl Desk {
    async fn new() -> Self {
        let node = Node::new().await;
        let (duty, token) = node.person("wang", &[DutyOfficer], &["security-office", "unit"]).await;
        Self { node, duty, token }
    }

    async fn resource(&self, page: &str) -> Value {
        self.node.get(&self.token, format!("/api/v1{page}")).wants(200).await.body
    }
}

const EXPERT: [(&str, &str); 10] = [
    ("kind", "expert"),
    ("title", "勒索病毒分析专家"),
    ("holder", "市公安局"),
    ("count", "2"),
    ("count_unit", "人"),
    ("fields", "information-security"),
    ("categories", "jincheng-internet-2008/attack"),
    ("keywords", "勒索、解密 取证"),
    ("standing", "available"),
    ("contact", "张三 13900000000"),
];

/// The fields of the expert with some of them otherwise.
fn expert<'f>(other: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let kept = EXPERT.iter().copied().filter(|(name, _)| other.iter().all(|(changed, _)| changed != name));
    kept.chain(other.iter().copied()).collect()
}

#[tokio::test]
async fn a_resource_is_added_found_amended_checked_and_retired() {
    let desk = Desk::new().await;
    let duty = Browser::sign_in(&desk.node, desk.duty, "zh-CN").await;
    assert!(duty.get("/").await.html.contains("href=\"/resources\""), "it stands in the menu");
    let added = duty.submit("/resources", "add", &EXPERT).await;
    assert_eq!(added.status, 303);
    let page = added.location.clone();
    let known = desk.resource(&page).await;
    assert_eq!(known["keywords"], json!(["勒索", "取证", "解密"]));
    assert_eq!(known["quantity"], json!({"count": 2, "unit": "人"}));
    assert_eq!(known["categories"], json!(["jincheng-internet-2008/attack"]));

    let shown = duty.get(&page).await.html;
    for text in ["<h1>勒索病毒分析专家</h1>", "攻击类事件", "信息安全", "2 人", "<dd>", "＊＊＊"]
    {
        assert!(shown.contains(text), "`{text}` is missing");
    }
    assert!(!shown.contains("13900000000"), "the contact is masked");

    let amended = duty
        .submit(
            &page,
            "amend",
            &expert(&[("rank", "省级"), ("count", ""), ("categories_other", "rsit/x"), ("contact", "")]),
        )
        .await;
    assert_eq!((amended.status, amended.location.as_str()), (303, page.as_str()));
    let known = desk.resource(&page).await;
    assert_eq!(
        (&known["rank"], &known["quantity"], &known["has_contact"]),
        (&json!("省级"), &Value::Null, &json!(true))
    );
    assert_eq!(known["categories"], json!(["jincheng-internet-2008/attack", "rsit/x"]));
    assert!(duty.get(&page).await.html.contains("value=\"rsit/x\""), "what no box has can be typed");

    desk.node.pass(5);
    let stood = duty.submit(&page, "standing", &[("standing", "in-use"), ("note", "在市一中")]).await;
    assert_eq!(stood.status, 303);
    let shown = duty.get(&page).await.html;
    assert!(shown.contains("使用中 · 在市一中"), "the check is in the history");

    let retired = duty.submit(&page, "retire", &[("reason", "调离")]).await;
    assert_eq!(retired.status, 303);
    let shown = duty.get(&page).await;
    assert!(shown.html.contains("已移出登记：调离"));
    for form in ["amend", "standing", "retire", "contact"] {
        assert!(!shown.has_form(form), "{form}");
    }
    assert!(!duty.get("/resources").await.html.contains("勒索病毒分析专家"), "it is no longer in the list");
    assert!(duty.get("/resources?state=retired").await.html.contains("勒索病毒分析专家"));
}

#[tokio::test]
async fn a_contact_is_shown_once_to_whoever_says_why() {
    let desk = Desk::new().await;
    let duty = Browser::sign_in(&desk.node, desk.duty, "en").await;
    let page = duty.submit("/resources", "add", &EXPERT).await.location;
    let blank = duty.submit(&page, "contact", &[("reason", " ")]).await;
    assert!(blank.status == 422 && !blank.html.contains("13900000000"), "{}", blank.status);
    let shown = duty.submit(&page, "contact", &[("reason", "call the expert")]).await;
    assert!(shown.status == 200 && shown.html.contains("张三 13900000000"));
    let after = duty.get(&page).await.html;
    assert!(!after.contains("13900000000") && after.contains("Contact read: call the expert"));
    for list in ["/resources", "/resources?q=139", "/resources?kind=expert"] {
        assert!(!duty.get(list).await.html.contains("13900000000"), "{list}");
    }
    let dropped = duty.submit(&page, "amend", &expert(&[("contact", ""), ("drop_contact", "yes")])).await;
    assert_eq!(dropped.status, 303);
    assert!(!duty.get(&page).await.has_form("contact"), "there is none any more");

    let (analyst, _) = desk.node.person("qian", &[Analyst], &[]).await;
    let analyst = Browser::sign_in(&desk.node, analyst, "en").await;
    let other = duty.submit("/resources", "add", &expert(&[("title", "another")])).await.location;
    let read = analyst.get(&other).await;
    assert!(read.status == 200 && read.html.contains("another"));
    for form in ["amend", "standing", "retire", "contact"] {
        assert!(!read.has_form(form), "{form}");
        let action = format!("{other}/{form}");
        let fields = expert(&[("reason", "x"), ("note", "x")]);
        assert_eq!(analyst.forge(&other, "preferences", &action, &fields).await.status, 403, "{form}");
    }
    assert!(!analyst.get("/resources").await.has_form("add"));
    assert_eq!(analyst.forge("/resources", "preferences", "/resources", &EXPERT).await.status, 403);
}

#[tokio::test]
async fn what_was_typed_wrong_is_kept_and_told() {
    let desk = Desk::new().await;
    let duty = Browser::sign_in(&desk.node, desk.duty, "en").await;
    for (other, field) in [
        (("title", ""), "title"),
        (("holder", ""), "holder"),
        (("kind", ""), "kind"),
        (("fields", ""), "fields"),
        (("kind", "software"), "fields"),
        (("count", "two"), "count"),
        (("categories_other", "nonsense"), "categories_other"),
        (("place", &"p".repeat(201)), "place"),
    ] {
        let refused = duty.submit("/resources", "add", &expert(&[other, ("rank", "city <b>")])).await;
        assert_eq!(refused.status, 422, "{other:?}");
        assert!(refused.html.contains(&format!("id=\"add-{field}-error\"")), "{other:?}");
        assert!(refused.html.contains("value=\"city &#60;b&#62;\""), "what was typed is kept: {other:?}");
    }
    let page = duty.submit("/resources", "add", &EXPERT).await.location;
    let bad = duty.submit(&page, "amend", &expert(&[("title", "")])).await;
    assert!(bad.status == 422 && bad.html.contains("id=\"amend-title-error\""), "{}", bad.status);
    // Somebody else was faster: nothing is overwritten.
    let stale = expert(&[("rank", "x"), ("revision", "9")]);
    let stale = duty.forge(&page, "preferences", &format!("{page}/amend"), &stale).await;
    assert_eq!((stale.status, &desk.resource(&page).await["rank"]), (412, &json!("")));
    for path in
        ["/resources/nonsense", "/resources/00000000-0000-0000-0000-000000000000", "/resources?after=x"]
    {
        assert_eq!(duty.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn the_list_is_filtered_and_paged() {
    let desk = Desk::new().await;
    for n in 0..51 {
        let body =
            json!({"kind": "material", "title": format!("件 {n:02}"), "holder": "市局", "model": "<i>"});
        desk.node.post(&desk.token, "/api/v1/resources", &body).wants(201).await;
        desk.node.pass(1);
    }
    let duty = Browser::sign_in(&desk.node, desk.duty, "zh-CN").await;
    duty.submit("/resources", "add", &EXPERT).await;
    let first = duty.get("/resources?kind=material").await.html;
    assert!(first.contains("件 50") && !first.contains("件 00") && !first.contains("勒索病毒分析专家"));
    assert!(first.contains("&#60;i&#62;"), "nothing becomes markup");
    let next = first.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let second = duty.get(&next.replace("&#38;", "&")).await.html;
    assert!(second.contains("件 00") && !second.contains("件 50"), "the filter goes on");
    for (query, found) in [
        ("field=information-security", true),
        ("field=other", false),
        ("category=jincheng-internet-2008%2Fattack", true),
        ("category=jincheng-internet-2008%2Ffault", false),
        ("state=available", true),
        ("state=out-of-service", false),
        ("q=%E5%8B%92%E7%B4%A2", true), // 勒索
        ("q=%E9%98%B2%E7%81%AB", false),
    ] {
        let page = duty.get(&format!("/resources?{query}")).await.html;
        assert_eq!(page.contains("勒索病毒分析专家"), found, "{query}");
    }
}

#[tokio::test]
async fn a_pasted_table_goes_in() {
    let desk = Desk::new().await;
    let duty = Browser::sign_in(&desk.node, desk.duty, "zh-CN").await;
    let send = async |text: &str| duty.upload("/resources", "import", &[("text", text)]).await;
    let done = send("类型,名称,持有单位\n物资,应急通信车,市局\n汽车,越野车,市局\n").await;
    assert_eq!(done.status, 200);
    assert!(
        done.html.contains("<td class=\"num lead\">3</td>") && done.html.contains("不是可用的值"),
        "{}",
        done.html
    );
    assert!(duty.get("/resources").await.html.contains("应急通信车"));
    for (text, says) in [("", "add-"), ("名称\n应急通信车\n", "首行须写列名")] {
        let refused = send(text).await;
        assert_eq!(refused.status, 422, "{text}");
        assert!(refused.html.contains(says), "{text}: {says}");
    }
}

#[tokio::test]
async fn what_fits_an_incident_is_shown_with_why() {
    let desk = Desk::new().await;
    let event =
        json!({"title": "市医院感染勒索病毒", "source": "report", "sender": "医院", "unit": "市医院"});
    let event = desk.node.post(&desk.token, "/api/v1/events", &event).wants(201).await;
    let triage = format!("{}/triage", event.headers["location"].to_str().unwrap());
    let found = json!({"outcome": "incident", "category": "attack", "level": "IV"});
    let judged = desk.node.post(&desk.token, triage, &found).wants(200).await.body;
    let id = judged["incident"].as_str().unwrap();
    let incident = desk.node.get(&desk.token, format!("/api/v1/incidents/{id}")).wants(200).await.body;
    let number = incident["number"].as_str().unwrap();
    let duty = Browser::sign_in(&desk.node, desk.duty, "zh-CN").await;
    duty.submit("/resources", "add", &EXPERT).await;
    let page = duty.get(&format!("/resources/offers?incident={number}&field=information-security")).await;
    assert_eq!(page.status, 200);
    for text in [
        "勒索病毒分析专家",
        "类别相同：攻击类事件",
        "专业领域：信息安全",
        "关键词：勒索",
        "相同字词：勒索、病毒、索病",
        ">86<",
    ] {
        assert!(page.html.contains(text), "`{text}` is missing");
    }
    assert!(!page.html.contains("13900000000"));
    let none = duty.get(&format!("/resources/offers?incident={number}&kind=team")).await.html;
    assert!(none.contains("没有找到适用的资源"));
    let unknown = duty.get("/resources/offers?incident=I-1999-000001").await;
    assert!(unknown.status == 404 && unknown.html.contains("没有这个编号的安全事件"), "{}", unknown.status);
    assert_eq!(duty.get("/resources/offers").await.status, 200);
    let (admin, _) = desk.node.person("root", &[Administrator], &[]).await;
    let admin = Browser::sign_in(&desk.node, admin, "zh-CN").await;
    for path in ["/resources", &format!("/resources/offers?incident={number}")] {
        assert_eq!(admin.get(path).await.status, 403, "{path}");
    }
    assert!(!admin.get("/account").await.html.contains("href=\"/resources\""));
}
