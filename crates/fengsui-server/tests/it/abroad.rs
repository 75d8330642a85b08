//! Packs from outside the city's documents, by API from triage to the archive: `eu-nis2`, `cn-reporting-2025`.
//!
//! Every report in its time, nothing late, nothing left running; and the console says of each duty that its clause
//! was not checked against the official text.

use fengsui_domain::id::AccountId;
use fengsui_domain::permission::SystemRole::{Commander, DutyOfficer, Handler};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use crate::browser::Browser;
use crate::node::Node;

const NIS2: &str = "eu-nis2";
const CN: &str = "cn-reporting-2025";

/// A unit, those whom it reports to, and an incident of theirs.
struct Abroad {
    node: Node,
    /// Who speaks for the unit, and for the authorities.
    accounts: [AccountId; 2],
    unit: String,
    authority: String,
    path: String,
    incident: Value,
}

impl Abroad {
    /// Opened at this instant under a plan and a level.
    async fn opened(at: &str, plan: &str, category: &str, level: &str, authorities: &[&str]) -> Self {
        let node = Node::new().await;
        let wait = at.parse::<Timestamp>().unwrap().duration_since(node.now().parse().unwrap());
        node.pass(wait.as_mins());
        let (account, unit) = node.person("zhang", &[DutyOfficer, Commander, Handler], &["unit"]).await;
        let (other, authority) = node.person("meyer", &[DutyOfficer, Commander], authorities).await;
        let words = json!({"title": "Ransomware", "source": "report", "sender": "IT", "unit": "Clinic"});
        let event = node.post(&unit, "/api/v1/events", &words).wants(201).await;
        let event = event.headers["location"].to_str().unwrap().to_owned();
        let found = json!({"outcome": "incident", "plan": plan, "category": category, "level": level});
        let judged = node.post(&unit, format!("{event}/triage"), &found).wants(200).await.body;
        let path = format!("/api/v1/incidents/{}", judged["incident"].as_str().unwrap());
        let incident = node.get(&unit, &path).wants(200).await.body;
        assert_eq!(incident["plan"]["id"], plan);
        Self { node, accounts: [account, other], unit, authority, path, incident }
    }

    /// The clock goes on to this instant, and everybody gets a token that is good for then.
    async fn at(&mut self, at: &str) {
        let wait = at.parse::<Timestamp>().unwrap().duration_since(self.node.now().parse().unwrap());
        assert!(wait >= SignedDuration::ZERO, "{at} is over");
        self.node.pass(wait.as_mins());
        let [unit, authority] = self.accounts;
        self.unit = self.node.token_of(unit).await;
        self.authority = self.node.token_of(authority).await;
        assert_eq!(self.node.now().parse::<Timestamp>().unwrap(), at.parse::<Timestamp>().unwrap());
    }

    async fn act(&mut self, who: &str, command: &str, body: Value) {
        self.incident = self.node.post(who, format!("{}/{command}", self.path), &body).wants(200).await.body;
    }

    async fn does(&mut self, command: &str, body: Value) {
        let who = self.unit.clone();
        self.act(&who, command, body).await;
    }

    /// The unit reports by word of mouth.
    async fn reports(&mut self, kind: &str, to: &str) {
        let report = json!({"kind": kind, "form": "oral", "of": "unit", "to": to, "at": self.node.now(),
            "spoke": "Zhang to Meyer", "means": "telephone", "text": "As far as is known"});
        self.does("reports", report).await;
    }

    async fn passes_on(&mut self, of: &str, to: &str) {
        let report = json!({"kind": "first", "form": "oral", "of": of, "to": to, "at": self.node.now(),
            "spoke": "Meyer", "means": "telephone", "text": "Passed on"});
        let who = self.authority.clone();
        self.act(&who, "reports", report).await;
    }

    /// Clocks of a rule: state, due time, late or not.
    fn clock(&self, rule: &str) -> &Value {
        let clocks = self.incident["clocks"].as_array().unwrap().iter();
        let known: Vec<&str> = clocks.clone().map(|clock| clock["rule"].as_str().unwrap()).collect();
        clocks.rev().find(|clock| clock["rule"] == rule).unwrap_or_else(|| panic!("no {rule} in {known:?}"))
    }

    fn due(&self, rule: &str) -> &str {
        let clock = self.clock(rule);
        assert_eq!(clock["state"], "running", "{clock:#}");
        clock["due_at"].as_str().unwrap()
    }

    fn met_in_time(&self, rule: &str) {
        let clock = self.clock(rule);
        assert_eq!((&clock["state"], &clock["met"]["late"]), (&json!("met"), &json!(false)), "{clock:#}");
    }

    /// Each duty that stands on the clocks' page says that its clause was not checked, and so does the desk.
    async fn marked_on_the_console(&self, rules: usize) {
        let browser = Browser::sign_in(&self.node, self.accounts[0], "en").await;
        let number = self.incident["number"].as_str().unwrap();
        let page = browser.get(&format!("/incidents/{number}/clocks")).await.html;
        let open = page.split("id=\"open-clocks\"").nth(1).unwrap().split("</section>").next().unwrap();
        assert_eq!(open.matches("<li class=\"clock clock-").count(), rules, "{open}");
        // Once in the row, once beside the clause itself, which is followed by what is open.
        assert_eq!(open.matches("Not checked").count(), 2 * rules, "{open}");
        let explained = open.matches("</blockquote><p class=\"sub\">").count();
        assert_eq!(explained, rules, "{open}");
        let overview = browser.get(&format!("/incidents/{number}")).await.html;
        assert!(overview.contains("Not checked"), "the rules of the level");
        let desk = browser.get("/").await.html;
        assert!(desk.contains("Not checked"), "the desk");
        let closing = browser.get(&format!("/incidents/{number}/closing")).await.html;
        assert!(closing.contains("Not checked"), "the review");
    }

    /// Handled, and the response ended.
    async fn ends(&mut self, condition: &str) {
        self.does("conditions", json!({"condition": condition, "holds": true, "basis": "Seen"})).await;
        self.does("response/decide", json!({"step": {"kind": "end"}, "approve": true, "grounds": "Over"}))
            .await;
    }

    async fn starts(&mut self, level: &str) {
        self.does("verify", json!({"basis": "Seen"})).await;
        self.does("grading", json!({"level": level, "reason": "By the criteria"})).await;
        let step = json!({"kind": "start", "level": level, "range": "Clinic"});
        self.does("response/decide", json!({"step": step, "approve": true, "grounds": "By the plan"})).await;
    }

    /// Reviewed on every topic, sealed; nothing runs, nothing was late.
    async fn closes(&mut self) {
        let plan = self.node.get(&self.unit, format!("{}/plan", self.path)).wants(200).await.body;
        let topics = plan["review"]["topics"].as_array().unwrap().iter();
        let topics: Map<String, Value> =
            topics.map(|topic| (topic["id"].as_str().unwrap().to_owned(), json!("As it was"))).collect();
        self.does("review", json!({"topics": topics})).await;
        let sealed =
            self.node.ask("POST", format!("{}/archive", self.path)).token(&self.unit).wants(200).await;
        assert_eq!(sealed.body["phase"], "archived");
        for clock in sealed.body["clocks"].as_array().unwrap() {
            assert_ne!(clock["state"], "running", "{clock:#}");
            assert_ne!(clock["met"]["late"], true, "{clock:#}");
        }
    }
}

/// `eu-nis2/23.4.a` to `23.4.d`, `23.5`: early warning in 24 hours, notification in 72, an intermediate report when
/// asked for, the final one a month of the calendar after the notification.
#[tokio::test]
async fn a_significant_incident_is_reported_in_stages() {
    let authorities = ["csirt", "competent-authority"];
    let mut case = Abroad::opened("2027-01-29T10:00:00Z", NIS2, "malicious", "II", &authorities).await;
    assert_eq!(case.due("early-warning"), "2027-01-30T10:00:00Z");
    assert_eq!(case.due("notification"), "2027-02-01T10:00:00Z");
    case.starts("II").await;
    case.marked_on_the_console(2).await;

    case.at("2027-01-30T06:00:00Z").await;
    case.reports("first", "csirt").await;
    case.met_in_time("early-warning");
    assert_eq!(case.clock("notification")["state"], "running", "each stage is a report of its own");
    assert_eq!(case.due("answer"), "2027-01-31T06:00:00Z");
    case.passes_on("csirt", "unit").await;
    case.met_in_time("answer");

    case.at("2027-01-31T09:30:00Z").await;
    case.reports("follow_up", "csirt").await;
    case.met_in_time("notification");
    // No 31 February: the last day of the month, at the same time in Brussels.
    assert_eq!(case.due("final-report"), "2027-02-28T09:30:00Z");

    let asks =
        json!({"rule": "ask-intermediate", "to": {"kind": "body", "body": "unit"}, "what": "How it stands"});
    let csirt = case.authority.clone();
    case.act(&csirt, "orders", asks).await;
    assert_eq!(case.due("intermediate-answered"), "2027-02-03T09:30:00Z");
    let order = case.incident["orders"][0]["id"].as_str().unwrap().to_owned();
    case.at("2027-02-02T12:00:00Z").await;
    case.does(&format!("orders/{order}/acknowledge"), json!({"at": case.node.now()})).await;
    let told = json!({"outcome": "done", "at": case.node.now(), "text": "Contained"});
    case.does(&format!("orders/{order}/reports"), told).await;
    case.met_in_time("intermediate-answered");
    case.ends("handled").await;

    case.at("2027-02-28T09:29:00Z").await;
    assert_eq!(case.clock("final-report")["state"], "running");
    case.reports("final", "csirt").await;
    case.met_in_time("final-report");
    case.closes().await;
}

/// `cn-reporting-2025/4.1`, `5`, `7`: on critical infrastructure within an hour to both, passed on within half an hour,
/// added to within a day, summed up within thirty.
#[tokio::test]
async fn a_major_incident_on_critical_infrastructure_goes_up() {
    let authorities = ["protection-department", "public-security"];
    let mut case = Abroad::opened("2026-12-10T02:00:00Z", CN, "attack", "II", &authorities).await;
    assert_eq!(case.due("local-report"), "2026-12-10T06:00:00Z", "until it is known what was hit");
    case.does(
        "facts",
        json!({"answers": {"cii": {"value": true, "reason": "Power grid"},
            "cause_open": {"value": true, "reason": "Being analysed"}}}),
    )
    .await;
    assert_eq!(case.clock("local-report")["state"], "replaced", "another channel");
    assert_eq!(case.due("cii-report"), "2026-12-10T03:00:00Z");
    case.starts("II").await;
    case.marked_on_the_console(2).await;

    case.at("2026-12-10T02:40:00Z").await;
    case.reports("first", "protection-department").await;
    assert_eq!(case.due("cii-passed-on"), "2026-12-10T03:10:00Z");
    assert_eq!(case.due("supplement"), "2026-12-11T02:40:00Z");
    case.reports("first", "public-security").await;
    case.met_in_time("cii-report");
    case.passes_on("protection-department", "national-cyberspace").await;
    case.passes_on("protection-department", "state-public-security").await;
    case.met_in_time("cii-passed-on");

    case.at("2026-12-11T02:00:00Z").await;
    case.reports("follow_up", "protection-department").await;
    case.met_in_time("supplement");
    case.at("2026-12-11T03:00:00Z").await;
    case.ends("handled-ii").await;
    // Ended on 11 December in Shanghai: until the end of 10 January there.
    assert_eq!(case.due("summary"), "2027-01-10T16:00:00Z");
    case.at("2027-01-10T15:59:00Z").await;
    case.reports("final", "protection-department").await;
    case.met_in_time("summary");
    case.closes().await;
}
