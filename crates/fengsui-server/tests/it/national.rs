//! Two plans on one node: an incident under `national-2017`, chosen at triage, from the event to the archive.

use fengsui_domain::id::AccountId;
use fengsui_domain::permission::SystemRole::{Administrator, Commander, DutyOfficer};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::node::Node;

const REGION: &str = "region-or-department";
const EO: &str = "national-emergency-office";

/// A node with two persons of the province, two of the Emergency Office, one of the headquarters.
struct Nation {
    node: Node,
    region: [String; 2],
    office: [String; 2],
    headquarters: String,
    duty: AccountId,
}

impl Nation {
    async fn new() -> Self {
        let node = Node::new().await;
        let (duty, wu) = node.person("wu", &[DutyOfficer, Commander], &[REGION, "unit"]).await;
        let (_, zheng) = node.person("zheng", &[Commander], &[REGION]).await;
        let (_, feng) = node.person("feng", &[DutyOfficer, Commander], &[EO]).await;
        let (_, chu) = node.person("chu", &[Commander], &[EO]).await;
        let (_, headquarters) = node.person("wei", &[Commander], &["national-headquarters"]).await;
        Self { node, region: [wu, zheng], office: [feng, chu], headquarters, duty }
    }

    async fn event(&self) -> String {
        let words =
            json!({"title": "门户网站被篡改", "source": "report", "sender": "某部", "unit": "某省政务云"});
        let event = self.node.post(&self.region[0], "/api/v1/events", &words).wants(201).await;
        event.headers["location"].to_str().unwrap().to_owned()
    }

    /// An incident opened under the national plan; its path.
    async fn opened(&self, level: &str, category: &str) -> String {
        let event = self.event().await;
        let found =
            json!({"outcome": "incident", "plan": "national-2017", "category": category, "level": level});
        let judged = self.node.post(&self.region[0], format!("{event}/triage"), &found).wants(200).await.body;
        format!("/api/v1/incidents/{}", judged["incident"].as_str().unwrap())
    }

    async fn act(&self, who: &str, path: &str, command: &str, body: Value) -> Value {
        self.node.post(who, format!("{path}/{command}"), &body).wants(200).await.body
    }

    async fn refused(&self, who: &str, path: &str, command: &str, body: Value, status: u16) -> String {
        let answer = self.node.post(who, format!("{path}/{command}"), &body).wants(status).await;
        answer.body["code"].as_str().unwrap().to_owned()
    }

    /// Proposed by one, decided by another.
    async fn step(&self, path: &str, (first, second): (&str, &str), step: Value) -> Value {
        self.act(first, path, "response/propose", json!({"step": step, "grounds": "事态严重"})).await;
        let decide = json!({"step": step, "approve": true, "grounds": "同意"});
        self.act(second, path, "response/decide", decide).await
    }

    async fn report(&self, path: &str, of: &str, to: &str, form: &str) -> Value {
        let report = json!({"kind": "follow_up", "form": form, "of": of, "to": to, "at": self.node.now(),
            "spoke": "吴某对冯某", "means": "电话", "text": "影响范围扩大到两个地市"});
        let told = self.act(&self.region[0], path, "reports", report).await;
        if form == "oral" {
            return told;
        }
        let id = told["reports"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned();
        let receipt = json!({"at": self.node.now(), "reference": "收文 7 号"});
        self.act(&self.region[0], path, &format!("reports/{id}/receipt"), receipt).await
    }
}

/// Rules of an incident's clocks in this state, each once, sorted.
fn rules(incident: &Value, state: &str) -> Vec<String> {
    let clocks = incident["clocks"].as_array().unwrap().iter().filter(|clock| clock["state"] == state);
    let mut rules: Vec<String> = clocks.map(|clock| clock["rule"].as_str().unwrap().to_owned()).collect();
    rules.sort();
    rules.dedup();
    rules
}

/// 1.4.1.3, 4.1 to 4.3, 5: a level I incident from the event to the archive.
#[tokio::test]
async fn a_level_one_incident_from_event_to_archive() {
    let nation = Nation::new().await;
    let [wu, _] = &nation.region;
    let [feng, chu] = &nation.office;
    let path = nation.opened("I", "tampering").await;
    let opened = nation.node.get(wu, &path).wants(200).await.body;
    assert_eq!(opened["plan"]["id"], "national-2017");
    assert_eq!(
        rules(&opened, "running"),
        ["early-disposal", "judged-major", "unit-plan-started", "unit-report"]
    );

    nation.node.pass(3);
    for action in ["start-own-plan", "organise-early-disposal", "preserve-evidence"] {
        let taken = json!({"action": action, "at": nation.node.now(), "note": "已实施"});
        nation.act(wu, &path, "actions", taken).await;
    }
    nation.report(&path, REGION, EO, "oral").await;
    nation.report(&path, "unit", "superior-authority", "oral").await;
    let told = nation.report(&path, "unit", "provincial-cyberspace", "oral").await;
    assert_eq!(rules(&told, "running"), [""; 0], "4.1 is done: {:#}", told["clocks"]);

    nation.act(wu, &path, "verify", json!({"basis": "现场核实"})).await;
    let answers = json!({"answers": {"threat": {"value": "especially-serious"}, "effect": {"value": "especially-serious"}}});
    let known = nation.act(wu, &path, "facts", answers).await;
    assert_eq!(known["grading_proposal"]["level"], "I");
    assert_eq!(known["grading_proposal"]["needs_judge"], true, "1.4.1.3 wants a person and grounds");
    assert_eq!(nation.refused(wu, &path, "grading", json!({"level": "I"}), 422).await, "reason_required");
    nation.act(wu, &path, "grading", json!({"level": "I", "reason": "多省政务服务中断"})).await;

    nation.node.pass(5);
    let start = json!({"kind": "start", "level": "I", "range": "三省"});
    let responding = nation.step(&path, (wu, feng), start).await;
    assert_eq!(responding["headquarters"]["formed"], true, "4.2.1.a: {:#}", responding["headquarters"]);
    assert_eq!(rules(&responding, "running"), ["developments-level-one", "duty-level-one"]);
    let duty = json!({"action": "keep-duty-day-and-night", "at": nation.node.now(), "note": "两班"});
    let manned = nation.act(feng, &path, "actions", duty).await;
    assert_eq!(rules(&manned, "running"), ["developments-level-one"], "4.2.1.b");
    nation.node.pass(60);
    let told = nation.report(&path, REGION, EO, "oral").await;
    let turns = told["clocks"].as_array().unwrap().iter();
    let turns: Vec<&str> = turns
        .filter(|clock| clock["rule"] == "developments-level-one" && clock["of"] == REGION)
        .map(|clock| clock["state"].as_str().unwrap())
        .collect();
    assert_eq!(turns, ["met", "running"], "4.2.1.e: owed again");
    assert_eq!(
        nation.refused(wu, &path, "disposals", json!({"steps": [{"text": "重装"}]}), 409).await,
        "not_in_plan"
    );

    for condition in ["back-to-normal", "derived-events-gone", "hazard-removed"] {
        let tick = json!({"condition": condition, "holds": true, "basis": "现场确认"});
        nation.act(wu, &path, "conditions", tick).await;
    }
    let end = json!({"kind": "end"});
    nation.act(feng, &path, "response/propose", json!({"step": end, "grounds": "事态平息"})).await;
    let decide = json!({"step": end, "approve": true, "grounds": "批准"});
    assert_eq!(
        nation.refused(chu, &path, "response/decide", decide.clone(), 403).await,
        "not_entitled",
        "4.3.1.a"
    );
    let ended = nation.act(&nation.headquarters, &path, "response/decide", decide).await;
    assert_eq!(rules(&ended, "running"), ["end-told-level-one", "investigation-level-one"]);
    nation.node.pass(10);
    nation.report(&path, EO, REGION, "oral").await;
    nation.report(&path, EO, "other-regions-and-departments", "oral").await;

    nation.node.pass(12 * 60);
    let topics = ["cause", "nature", "impact", "responsibility", "handling-opinion", "improvement-measures"];
    let review: Value = topics.map(|topic| (topic.to_owned(), json!("查明"))).into_iter().collect();
    assert_eq!(
        nation.refused(wu, &path, "review", json!({"topics": review}), 403).await,
        "not_entitled",
        "5.a"
    );
    nation.act(feng, &path, "review", json!({"topics": review})).await;
    assert_eq!(nation.refused(feng, &path, "filing", json!({"summary": "x"}), 409).await, "not_in_plan");
    assert_eq!(
        nation.refused(feng, &path, "archive", json!({}), 409).await,
        "not_ready",
        "5.a: report upward first"
    );
    let told = nation.report(&path, EO, "central-leading-group", "written").await;
    assert_eq!(rules(&told, "running"), [""; 0]);
    let sealed = nation.node.ask("POST", format!("{path}/archive")).token(feng).wants(200).await.body;
    assert_eq!(
        (sealed["phase"].as_str(), sealed["plan"]["id"].as_str()),
        (Some("archived"), Some("national-2017"))
    );
}

/// Without a choice the node's own plan governs; an unknown plan, or one of another name, is refused.
#[tokio::test]
async fn the_plan_is_chosen_at_triage() {
    let nation = Nation::new().await;
    let [wu, _] = &nation.region;
    for (plan, category, status, expected) in [
        (None, "attack", 200, "jincheng-internet-2008"),
        (Some("jincheng-internet-2008"), "attack", 200, "jincheng-internet-2008"),
        (Some("national-2017"), "worm", 200, "national-2017"),
        (Some("national-2017"), "attack", 422, "unknown_value"), // A class of the other plan.
        (Some("nowhere-2020"), "attack", 422, "unknown_value"),
    ] {
        let event = nation.event().await;
        let mut found = json!({"outcome": "incident", "category": category, "level": "IV"});
        if let Some(plan) = plan {
            found["plan"] = json!(plan);
        }
        let judged = nation.node.post(wu, format!("{event}/triage"), &found).wants(status).await.body;
        if status == 200 {
            let incident = format!("/api/v1/incidents/{}", judged["incident"].as_str().unwrap());
            let incident = nation.node.get(wu, incident).wants(200).await.body;
            assert_eq!(incident["plan"]["id"], expected, "{plan:?}");
        } else {
            assert_eq!(judged["code"], expected, "{plan:?}, {category}");
        }
    }
    let plans = nation.node.get(wu, "/api/v1/plans").wants(200).await.body;
    let ids: Vec<&str> =
        plans["items"].as_array().unwrap().iter().map(|plan| plan["id"].as_str().unwrap()).collect();
    assert_eq!(
        ids,
        [
            "cn-reporting-2025",
            "eu-dora",
            "eu-nis2",
            "jincheng-egov-2008",
            "jincheng-internet-2008",
            "national-2017"
        ]
    );
    let plan = nation.node.get(wu, "/api/v1/plans/national-2017").wants(200).await.body;
    let coverage = nation.node.get(wu, "/api/v1/plans/national-2017/coverage?lang=en").wants(200).await.body;
    let rows = coverage["items"].as_array().unwrap();
    let row = rows.iter().find(|row| row["id"] == "national-2017/7.8").unwrap();
    assert_eq!((&row["state"], &row["title"]), (&json!("evidence"), &json!("Equipment reserves")));
    assert_eq!(row["where"][0]["route"], "GET /api/v1/resources");
    assert_eq!((&plan["disposal"], &plan["filing"]), (&Value::Null, &Value::Null));
    assert_eq!(plan["review"]["leads"].as_array().unwrap().len(), 2);
    assert_eq!(plan["notice"]["issued"], "2017-01-10");
}

/// The console offers both plans, and says where the chosen one has nothing instead of showing empty forms.
#[tokio::test]
async fn the_console_says_what_the_plan_does_not_have() {
    let nation = Nation::new().await;
    let [wu, _] = &nation.region;
    let event = nation.node.get(wu, nation.event().await).wants(200).await.body;
    let event = format!("/events/{}", event["number"].as_str().unwrap());
    let duty = Browser::sign_in(&nation.node, nation.duty, "en").await;
    let own = duty.get(&event).await.html;
    assert!(own.contains("fact.spread") && !own.contains("fact.threat"), "the node's own plan first");
    assert!(own.contains(&format!("href=\"{event}?plan=national-2017#triage\"")));
    let chosen = format!("{event}?plan=national-2017");
    let page = duty.get(&chosen).await.html;
    assert!(page.contains("fact.threat") && !page.contains("fact.spread"));
    assert!(
        page.contains("governed by: the special plan for information content security"),
        "1.3.c at triage"
    );
    assert_eq!(duty.get(&format!("{event}?plan=nowhere")).await.status, 404);
    // What was wrong keeps the plan that was chosen.
    let again = duty.submit(&chosen, "triage-incident", &[("title", "t"), ("level", "IV")]).await;
    assert!(again.status == 422 && again.html.contains("fact.threat"), "{}", again.status);
    let judged =
        duty.submit(&chosen, "triage-incident", &[("category", "content-security"), ("level", "IV")]).await;
    assert_eq!(judged.status, 303, "{}", judged.html);
    let incident = judged.location;
    let overview = duty.get(&incident).await.html;
    assert!(overview.contains("Another plan governs this class"), "1.3.c");
    for (tab, sentence, form) in [
        ("disposal", "This plan has no disposal chain", "draft"),
        ("closing", "This plan asks for no filing", "file"),
        ("closing", "This plan has no publication chain", "publication"),
        ("response", "Level IV responses follow the plans of the region and department", "disposal"),
        ("clocks", "national-2017", "extend"),
    ] {
        let page = duty.get(&format!("{incident}/{tab}")).await;
        assert!(page.status == 200 && page.html.contains(sentence), "{tab}: {sentence}");
        assert!(!page.has_form(form), "{tab}: nothing to fill in");
    }
    let plan = duty.get("/plans/national-2017").await;
    assert!(
        plan.status == 200 && !plan.html.contains("id=\"disposal"),
        "the plan's page has no such section"
    );
    for sentence in
        ["clocks/unit-report", "national_clocks::", "GET /api/v1/resources", "The emergency database"]
    {
        let coverage = duty.get("/plans/national-2017/coverage").await;
        assert!(coverage.status == 200 && coverage.html.contains(sentence), "{sentence}");
    }
    assert_eq!(duty.get("/plans/nowhere-2020/coverage").await.status, 404);
}

/// Bodies of every plan can be given to people, under their names.
#[tokio::test]
async fn people_speak_for_bodies_of_both_plans() {
    let nation = Nation::new().await;
    let (admin, _) = nation.node.person("admin", &[Administrator], &[]).await;
    let admin = Browser::sign_in(&nation.node, admin, "en").await;
    let users = admin.get("/users").await.html;
    assert!(
        users.contains("National Emergency Office (National network security incident contingency plan)")
    );
    assert!(users.contains("value=\"security-office\""));
    let words = [
        ("name", "qian"),
        ("display_name", "Qian"),
        ("role", "commander"),
        ("body", "national-emergency-office"),
        ("body", "city-government"),
    ];
    let made = admin.submit("/users", "user", &words).await;
    assert_eq!(made.status, 200, "the one-time link is shown: {}", made.html);
    let users = admin.get("/users").await.html;
    assert!(users.contains("City government, National Emergency Office"));
    let unknown = [("name", "sun"), ("display_name", "Sun"), ("role", "commander"), ("body", "nobody")];
    assert_eq!(admin.submit("/users", "user", &unknown).await.status, 422);
}
