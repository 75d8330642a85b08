//! Forms of the console, sent as a browser without scripts sends them.

use fengsui_domain::id::AccountId;
use fengsui_domain::permission::SystemRole::{Administrator, Analyst, Commander, DutyOfficer};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::node::Node;

/// An incident just judged, and who works on it.
struct Desk {
    node: Node,
    duty: AccountId,
    token: String,
    /// Its path in the API.
    api: String,
    /// Its page.
    page: String,
    event: String,
}

impl Desk {
    async fn new() -> Self {
        Self::on(Node::new().await).await
    }

    async fn on(node: Node) -> Self {
        let (duty, token) = node.person("wang", &[DutyOfficer], &["security-office", "unit"]).await;
        let words =
            json!({"title": "SSH 暴力破解", "source": "monitoring", "sender": "预警系统", "unit": "市一中"});
        let event = node.post(&token, "/api/v1/events", &words).wants(201).await;
        let event = event.headers["location"].to_str().unwrap().to_owned();
        let found = json!({"outcome": "incident", "category": "attack", "level": "IV"});
        let judged = node.post(&token, format!("{event}/triage"), &found).wants(200).await.body;
        let api = format!("/api/v1/incidents/{}", judged["incident"].as_str().unwrap());
        let incident = node.get(&token, &api).wants(200).await.body;
        let page = format!("/incidents/{}", incident["number"].as_str().unwrap());
        Self { node, duty, token, api, page, event }
    }

    async fn incident(&self) -> Value {
        self.node.get(&self.token, &self.api).wants(200).await.body
    }

    async fn verify(&self) {
        let basis = json!({"basis": "属实"});
        self.node.post(&self.token, format!("{}/verify", self.api), &basis).wants(200).await;
    }
}

/// The places of texts on a page, each of which must be there.
fn places<const N: usize>(html: &str, texts: [&str; N]) -> [usize; N] {
    texts.map(|text| html.find(text).unwrap_or_else(|| panic!("`{text}` is not on the page")))
}

/// The clocks of a body that run.
fn running<'i>(incident: &'i Value, of: &str) -> Vec<&'i Value> {
    let clocks = incident["clocks"].as_array().unwrap().iter();
    clocks.filter(|clock| clock["state"] == "running" && clock["of"] == of).collect()
}

#[tokio::test]
async fn the_analysis_is_written_point_by_point() {
    let desk = Desk::new().await;
    let duty = Browser::sign_in(&desk.node, desk.duty, "zh-CN").await;
    assert!(
        !duty.get(&desk.page).await.has_form("analysis"),
        "before it is verified there is nothing to analyse"
    );
    desk.verify().await;
    let shown = duty.get(&desk.page).await.html;
    let titles = places(&shown, ["已造成的损失", "预计损失", "严重程度"]);
    assert!(titles.is_sorted(), "in the order of the plan");
    let first = [("topic.actual-loss", "两台主机停机"), ("topic.severity", "较重"), ("topic.spread", "")];
    let saved = duty.submit(&desk.page, "analysis", &first).await;
    assert_eq!((saved.status, saved.location.as_str()), (303, desk.page.as_str()));
    let analysis = desk.incident().await["analysis"].clone();
    assert_eq!(analysis, json!({"actual-loss": "两台主机停机", "severity": "较重"}));
    let page = duty.get(&desk.page).await.html;
    assert!(page.contains(">两台主机停机</textarea>"), "what was written can be completed");
    let before = desk.incident().await["version"].clone();
    duty.submit(&desk.page, "analysis", &first).await;
    assert_eq!(desk.incident().await["version"], before, "the same again is no entry");
    duty.submit(&desk.page, "analysis", &[("topic.actual-loss", "一台"), ("topic.severity", "较重")]).await;
    assert_eq!(desk.incident().await["analysis"]["actual-loss"], "一台");
    let long = "长".repeat(2_001);
    let refused = duty.submit(&desk.page, "analysis", &[("topic.severity", &long)]).await;
    assert!(
        refused.status == 422 && refused.html.contains(&long),
        "what was typed is kept: {}",
        refused.status
    );
}

#[tokio::test]
async fn facts_are_asked_and_told_in_the_order_of_the_plan() {
    let desk = Desk::new().await;
    desk.verify().await;
    let duty = Browser::sign_in(&desk.node, desk.duty, "en").await;
    let event = desk.node.get(&desk.token, &desk.event).wants(200).await.body;
    let fields = ["spread", "citywide_paralysis", "vital_system", "individual_units", "social_impact"];
    let names = fields.map(|id| format!("name=\"fact.{id}\""));
    let names = names.each_ref().map(String::as_str);
    let overview = duty.get(&desk.page).await.html;
    assert!(places(&overview, names).is_sorted(), "the overview asks for spread first");
    let plan = duty.get("/plans/jincheng-internet-2008").await.html;
    let anchors = fields.map(|id| format!("id=\"fact-{id}\""));
    assert!(places(&plan, anchors.each_ref().map(String::as_str)).is_sorted(), "so does the plan's page");
    let reopened = json!({"reason": "again"});
    desk.node.post(&desk.token, format!("{}/withdraw", desk.api), &reopened).wants(200).await;
    let triage = duty.get(&format!("/events/{}", event["number"].as_str().unwrap())).await.html;
    assert!(places(&triage, names).is_sorted(), "and triage");
}

#[tokio::test]
async fn answers_are_told_in_the_order_they_were_asked() {
    let desk = Desk::new().await;
    let duty = Browser::sign_in(&desk.node, desk.duty, "en").await;
    let answers =
        [("fact.vital_system", "true"), ("fact.individual_units", "false"), ("fact.spread", "strong")];
    assert_eq!(duty.submit(&desk.page, "facts", &answers).await.status, 303);
    let timeline = duty.get(&format!("{}/timeline", desk.page)).await.html;
    let line = timeline.split("<p>").find(|line| line.starts_with("Facts recorded")).unwrap();
    let told = line.split("</p>").next().unwrap();
    let titles = desk.node.get(&desk.token, "/api/v1/plans/jincheng-internet-2008").wants(200).await.body;
    let title = |id: &str| {
        let facts = titles["facts"].as_array().unwrap();
        let fact = facts.iter().find(|fact| fact["id"] == id).unwrap();
        // To the first apostrophe, which a page writes otherwise.
        fact["title"]["en"].as_str().unwrap().split('\'').next().unwrap().to_owned()
    };
    let titles = ["spread", "vital_system", "individual_units"].map(title);
    assert!(places(told, titles.each_ref().map(String::as_str)).is_sorted(), "{told}");
}

#[tokio::test]
async fn the_class_is_changed_to_another_of_the_plan() {
    let desk = Desk::new().await;
    let duty = Browser::sign_in(&desk.node, desk.duty, "en").await;
    let page = duty.get(&desk.page).await;
    assert!(
        page.html.contains("<option value=\"attack\" selected>"),
        "the form begins with the present class"
    );
    let changed = duty.submit(&desk.page, "category", &[("category", "fault")]).await;
    assert_eq!((changed.status, desk.incident().await["category"].as_str()), (303, Some("fault")));
    let version = desk.incident().await["version"].clone();
    duty.submit(&desk.page, "category", &[("category", "fault")]).await;
    assert_eq!(desk.incident().await["version"], version, "the same class again is no entry");
    let refused = duty.submit(&desk.page, "category", &[("category", "none")]).await;
    assert!(refused.status == 422 && refused.html.contains("aria-invalid=\"true\""), "{}", refused.status);
}

#[tokio::test]
async fn a_corrected_awareness_starts_the_clocks_of_its_body_anew() {
    let desk = Desk::new().await;
    let duty = Browser::sign_in(&desk.node, desk.duty, "en").await;
    let clocks = format!("{}/clocks", desk.page);
    let before = desk.incident().await;
    let others = running(&before, "security-office").len();
    assert!(!running(&before, "unit").is_empty(), "{:#}", before["clocks"]);
    // 11:00 in Jincheng is 03:00 UTC, when the test begins.
    let earlier = [("at", "2026-11-23T10:40:00"), ("reason", "the unit's own log")];
    let saved = duty.submit(&clocks, "aware-unit", &earlier).await;
    assert_eq!((saved.status, saved.location.as_str()), (303, clocks.as_str()));
    let after = desk.incident().await;
    assert_eq!(after["awareness"]["unit"], "2026-11-23T02:40:00Z");
    assert_eq!(running(&after, "unit").len(), running(&before, "unit").len());
    let aware = running(&after, "unit").into_iter().filter(|clock| clock["starts"] == "body_became_aware");
    for clock in aware {
        assert_eq!(clock["started_at"], "2026-11-23T02:40:00Z", "{clock:#}");
    }
    assert_eq!(running(&after, "security-office").len(), others, "others are left alone");
    assert!(
        after["notes"][0]["text"].as_str().unwrap().ends_with(": the unit's own log"),
        "{}",
        after["notes"]
    );
    let page = duty.get(&clocks).await.html;
    assert!(page.contains("The time of awareness was corrected"), "the old clock says why it was replaced");
    duty.submit(&clocks, "aware-unit", &[("at", "2026-11-23T10:40:00")]).await;
    assert_eq!(desk.incident().await["version"], after["version"], "the same time again is no entry");
    for at in ["2026-11-23T12:00:00", "soon", ""] {
        let refused = duty.submit(&clocks, "aware-unit", &[("at", at)]).await;
        assert!(refused.status == 422 && refused.html.contains("id=\"aware-unit-at-error\""), "{at}");
    }
    let unknown = duty
        .forge(
            &clocks,
            "aware-unit",
            &format!("{}/awareness/nobody", desk.page),
            &[("at", "2026-11-23T10:40:00")],
        )
        .await;
    assert_eq!(unknown.status, 422);
}

/// `jincheng-internet-2008/5.1.3.a`, read as it is printed: a choice of the operator.
#[tokio::test]
async fn a_told_occurrence_starts_the_clocks_that_count_from_it_anew() {
    let node = Node::new().await;
    let (_, admin) = node.person("root", &[Administrator], &[]).await;
    let choice = json!({"options": {"clock-start": "from-occurrence"}, "reason": "市政府函〔2026〕3 号"});
    node.post(&admin, "/api/v1/plans/jincheng-internet-2008/choose", &choice).wants(200).await;
    let desk = Desk::on(node).await;
    let duty = Browser::sign_in(&desk.node, desk.duty, "en").await;
    let clocks = format!("{}/clocks", desk.page);
    assert!(duty.get(&clocks).await.html.contains("not known: reports count from awareness"));
    let before = desk.incident().await;
    assert_eq!(before["occurred_at"], Value::Null);
    // 11:00 in Jincheng is 03:00 UTC, when the test begins.
    let told = [("at", "2026-11-23T10:20:00"), ("reason", "the log of the gateway")];
    let saved = duty.submit(&clocks, "aware-occurrence", &told).await;
    assert_eq!((saved.status, saved.location.as_str()), (303, clocks.as_str()));
    let after = desk.incident().await;
    assert_eq!(after["occurred_at"], "2026-11-23T02:20:00Z");
    let starts = |incident: &Value| -> Vec<String> {
        let counted = running(incident, "unit").into_iter().filter(|clock| clock["starts"] == "occurred");
        counted.map(|clock| clock["started_at"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(starts(&before).len(), 2, "{:#}", before["clocks"]);
    assert_eq!(starts(&after), ["2026-11-23T02:20:00Z"; 2]);
    let page = duty.get(&clocks).await.html;
    assert!(page.contains("The event is believed to have happened"), "each clock says since when");
    duty.submit(&clocks, "aware-occurrence", &[("at", "2026-11-23T10:20:00")]).await;
    assert_eq!(desk.incident().await["version"], after["version"], "the same time again is no entry");
    for at in ["2026-11-23T12:00:00", "soon", ""] {
        let refused = duty.submit(&clocks, "aware-occurrence", &[("at", at)]).await;
        assert!(refused.status == 422 && refused.html.contains("id=\"aware-occurrence-at-error\""), "{at}");
    }
}

#[tokio::test]
async fn an_incident_is_withdrawn_with_a_reason_and_its_event_waits_again() {
    let desk = Desk::new().await;
    let duty = Browser::sign_in(&desk.node, desk.duty, "zh-CN").await;
    let page = duty.get(&desk.page).await.html;
    let form = page.split("<form ").find(|form| form.contains("/withdraw\"")).unwrap();
    assert!(form.contains("data-confirm=\"撤回事件"), "it asks before it cannot be taken back");
    let blank = duty.submit(&desk.page, "withdraw", &[("reason", " ")]).await;
    assert!(blank.status == 422 && blank.html.contains("id=\"withdraw-reason-error\""), "{}", blank.status);
    let done = duty.submit(&desk.page, "withdraw", &[("reason", "演练流量误报")]).await;
    assert_eq!(done.status, 303);
    let incident = desk.incident().await;
    assert_eq!(
        (incident["phase"].as_str(), &incident["withdrawn"]["reason"]),
        (Some("withdrawn"), &json!("演练流量误报"))
    );
    let event = desk.node.get(&desk.token, &desk.event).wants(200).await.body;
    assert_eq!((event["state"].as_str(), event["reopened"].as_bool()), (Some("new"), Some(true)));
    let after = duty.get(&desk.page).await;
    assert!(!["withdraw", "category", "analysis", "facts"].iter().any(|form| after.has_form(form)));
    assert!(!duty.get(&format!("{}/clocks", desk.page)).await.has_form("aware-unit"));
    assert!(!duty.get(&format!("{}/timeline", desk.page)).await.has_form("note"));
}

#[tokio::test]
async fn a_response_that_runs_cannot_be_withdrawn() {
    let desk = Desk::new().await;
    desk.verify().await;
    let answers = json!({"answers": {"spread": {"value": "none"}, "vital_system": {"value": false},
        "individual_units": {"value": false}}});
    let act = async |token: &str, command: &str, body: Value| {
        desk.node.post(token, format!("{}/{command}", desk.api), &body).wants(200).await
    };
    act(&desk.token, "facts", answers).await;
    act(&desk.token, "grading", json!({"level": "IV"})).await;
    let (_, chief) = desk.node.person("li", &[Commander], &["security-office"]).await;
    let start = json!({"step": {"kind": "start", "level": "IV", "range": "市一中"}, "approve": true, "grounds": "持续"});
    act(&chief, "response/decide", start).await;
    let duty = Browser::sign_in(&desk.node, desk.duty, "en").await;
    let page = duty.get(&desk.page).await;
    assert!(!page.has_form("withdraw") && page.has_form("analysis") && page.has_form("category"));
    let forged =
        duty.forge(&desk.page, "category", &format!("{}/withdraw", desk.page), &[("reason", "x")]).await;
    assert_eq!(forged.status, 409);
    assert_eq!(desk.incident().await["phase"], "responding");
}

#[tokio::test]
async fn a_note_goes_onto_the_timeline() {
    let desk = Desk::new().await;
    let duty = Browser::sign_in(&desk.node, desk.duty, "en").await;
    let timeline = format!("{}/timeline", desk.page);
    let saved = duty.submit(&timeline, "note", &[("text", "Rack 3 <is> hot\nand loud")]).await;
    assert_eq!((saved.status, saved.location.as_str()), (303, timeline.as_str()));
    assert_eq!(desk.incident().await["notes"][0]["text"], "Rack 3 <is> hot\nand loud");
    assert!(duty.get(&timeline).await.html.contains("Rack 3 &#60;is&#62; hot"));
    // A note does not take anything away, so it goes in although the incident moved on meanwhile.
    let page = duty.get(&timeline).await;
    desk.verify().await;
    assert!(page.has_form("note") && !page.html.contains("id=\"note-text-error\""));
    assert_eq!(duty.submit(&timeline, "note", &[("text", "second")]).await.status, 303);
    let blank = duty.submit(&timeline, "note", &[("text", "")]).await;
    assert!(blank.status == 422 && blank.html.contains("id=\"note-text-error\""), "{}", blank.status);
}

#[tokio::test]
async fn whoever_only_reads_sees_no_form_and_gets_nowhere_without_one() {
    let desk = Desk::new().await;
    desk.verify().await;
    let (reader, _) = desk.node.person("qian", &[Analyst], &[]).await;
    let reader = Browser::sign_in(&desk.node, reader, "zh-CN").await;
    let page = reader.get(&desk.page).await;
    assert!(page.status == 200 && page.html.contains("事件分析"), "the analysis can be read");
    for form in ["analysis", "category", "withdraw"] {
        assert!(!page.has_form(form), "{form}");
    }
    assert!(!reader.get(&format!("{}/clocks", desk.page)).await.has_form("aware-unit"));
    assert!(!reader.get(&format!("{}/timeline", desk.page)).await.has_form("note"));
    let version = desk.incident().await["version"].clone();
    for (action, fields) in [
        ("analysis", [("topic.severity", "x")]),
        ("category", [("category", "fault")]),
        ("withdraw", [("reason", "x")]),
        ("awareness/unit", [("at", "2026-11-23T10:40:00")]),
        ("notes", [("text", "x")]),
    ] {
        let action = format!("{}/{action}", desk.page);
        let refused = reader.forge(&desk.page, "preferences", &action, &fields).await;
        assert_eq!(refused.status, 403, "{action}");
    }
    assert_eq!(desk.incident().await["version"], version);
}

/// Ids of the forms that end a session.
fn ends(html: &str) -> Vec<String> {
    let forms = html.split("/account/sessions/").skip(1).filter_map(|rest| rest.split_once("/end\""));
    forms.map(|(id, _)| id.to_owned()).collect()
}

#[tokio::test]
async fn own_sessions_are_listed_and_ended() {
    let node = Node::new().await;
    let (wang, _) = node.person("wang", &[DutyOfficer], &[]).await;
    let (li, _) = node.person("li", &[Commander], &[]).await;
    let desk = Browser::sign_in(&node, wang, "en").await;
    node.pass(1);
    let phone = Browser::sign_in_on(&node, wang, "en", "Chrome, Android <b>").await;
    let other = Browser::sign_in_on(&node, li, "en", "Edge, Windows").await;
    let page = desk.get("/account").await.html;
    assert!(
        page.contains("Firefox, Linux, 127.0.0.1") && page.contains("Chrome, Android &#60;b&#62;"),
        "{page}"
    );
    assert!(!page.contains("Edge, Windows"), "others are nobody's business");
    let listed = ends(&page);
    assert_eq!(listed.len(), 1, "all but the one that asks can be ended");
    assert!(!page.contains(&phone.cookie) && !page.contains(&fengsui_service::store::digest(&phone.cookie)));
    let foreign = ends(&phone.get("/account").await.html);
    assert_ne!(foreign, listed);

    let form = format!("session-{}", listed[0]);
    let ended = desk.submit("/account", &form, &[]).await;
    assert_eq!((ended.status, ended.location.as_str()), (303, "/account"));
    assert_eq!(phone.get("/account").await.location, "/sign-in?next=/account", "signed out at once");
    let after = desk.get("/account").await;
    assert!(after.status == 200 && ends(&after.html).is_empty(), "and gone from the list");
    let again =
        desk.forge("/account", "password", &format!("/account/sessions/{}/end", listed[0]), &[]).await;
    assert_eq!(again.status, 303, "what has ended is as it was asked to be");

    // An id of another account's session ends nothing.
    let theirs = ends_of_current(&other).await;
    desk.forge("/account", "password", &format!("/account/sessions/{theirs}/end"), &[]).await;
    assert_eq!(other.get("/account").await.status, 200);
}

/// The id under which the only session of somebody would be ended from a second one.
async fn ends_of_current(of: &Browser<'_>) -> String {
    let signed_in = of.node.service.session(&of.cookie).await.unwrap();
    of.node.service.session_list(&signed_in).await.unwrap()[0].id.clone()
}

#[tokio::test]
async fn sessions_that_are_over_are_not_listed() {
    let node = Node::new().await;
    let (wang, _) = node.person("wang", &[DutyOfficer], &[]).await;
    let idle = Browser::sign_in_on(&node, wang, "zh-CN", "Safari, iPhone").await;
    node.pass(3 * 60);
    let desk = Browser::sign_in(&node, wang, "zh-CN").await;
    assert_eq!(ends(&desk.get("/account").await.html).len(), 1, "three hours without a request are not over");
    node.pass(2 * 60);
    let page = desk.get("/account").await.html;
    assert!(ends(&page).is_empty() && !page.contains("Safari, iPhone"), "five hours are");
    assert_eq!(idle.get("/account").await.status, 303);
}
