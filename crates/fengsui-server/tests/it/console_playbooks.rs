//! Playbooks through the console: forms of real pages, sent by three people of different bodies.
//!
//! The walker knows nothing of the plan's steps: it takes what the page offers somebody, so a step that no page
//! offers would leave its playbook without an end. Source: `jincheng-egov-2008/5.1` to `5.7`.

use fengsui_domain::id::AccountId;
use fengsui_domain::permission::SystemRole::{Commander, DutyOfficer};
use fengsui_domain::plan::{PlanId, Playbook};
use serde_json::{Value, json};

use crate::browser::{Browser, Page};
use crate::node::Node;

mod tab;

/// What a page says where a step takes a permission that the reader has not.
const NO_GRANT: &str = "None that you may use is in force.";
/// Acts of one walk: the longest playbook has 17 steps, each with a gate at most, and one permission.
const MAX_ACTS: usize = 40;

/// The bodies of the unit's desk and hands; its security lead and the police are other people.
const UNIT: [&str; 5] =
    ["unit-duty-officer", "technician", "information-centre", "line-maintainers", "informatisation-office"];

/// An incident under the e-government plan, and who works on it.
struct Scene {
    node: Node,
    unit: AccountId,
    lead: AccountId,
    police: AccountId,
    token: String,
    api: String,
    page: String,
}

impl Scene {
    async fn new(category: &str) -> Self {
        let node = Node::new().await;
        let roles = [DutyOfficer, Commander];
        let (unit, token) = node.person("zhang", &roles, &UNIT).await;
        let (lead, _) = node.person("li", &roles, &["unit-security-lead"]).await;
        let (police, _) = node.person("wang", &roles, &["cyber-police"]).await;
        let words = json!({"title": "门户网站异常", "source": "report", "sender": "网民", "unit": "市某局"});
        let event = node.post(&token, "/api/v1/events", &words).wants(201).await;
        let event = event.headers["location"].to_str().unwrap().to_owned();
        let found = json!({"outcome": "incident", "plan": "jincheng-egov-2008", "category": category,
            "level": "IV"});
        let judged = node.post(&token, format!("{event}/triage"), &found).wants(200).await.body;
        let api = format!("/api/v1/incidents/{}", judged["incident"].as_str().unwrap());
        let incident = node.get(&token, &api).wants(200).await.body;
        let page = format!("/incidents/{}", incident["number"].as_str().unwrap());
        Self { node, unit, lead, police, token, api, page }
    }

    async fn people(&self) -> People<'_> {
        let browser = |account| Browser::sign_in(&self.node, account, "en");
        let (unit, lead, police) =
            (browser(self.unit).await, browser(self.lead).await, browser(self.police).await);
        People {
            unit,
            lead,
            police,
            tab: format!("{}/playbooks", self.page),
            orders: format!("{}/orders", self.page),
        }
    }

    /// The run started last, as the API tells it.
    async fn run(&self) -> Value {
        let incident = self.node.get(&self.token, &self.api).wants(200).await.body;
        incident["playbooks"].as_array().unwrap().last().unwrap().clone()
    }
}

/// Those people at their browsers.
struct People<'n> {
    unit: Browser<'n>,
    lead: Browser<'n>,
    police: Browser<'n>,
    tab: String,
    orders: String,
}

/// How a gate is passed.
#[derive(Clone, Copy, Debug)]
enum Pass {
    ByThePolice,
    OnTheirWord,
    Waived,
}

impl People<'_> {
    fn all(&self) -> [&Browser<'_>; 3] {
        [&self.unit, &self.lead, &self.police]
    }

    /// Starts a playbook, answering what the form asks; returns the run's id.
    async fn start(&self, playbook: &str) -> String {
        let form = format!("start-{playbook}");
        let asks = self.unit.get(&self.tab).await.html.contains(&format!("{form}-fact.asset_kind"));
        let mut fields = vec![("what", "www"), ("found_at", "2026-11-23T11:00")];
        fields.extend(asks.then_some(("fact.asset_kind", "website")));
        let started = self.unit.submit(&self.tab, &form, &fields).await;
        assert_eq!((started.status, &started.location), (303, &self.tab), "{playbook}");
        let page = self.unit.get(&self.tab).await.html;
        let (_, newest) = page.split_once("<section class=\"panel run\" id=\"run-").unwrap();
        newest.split('"').next().unwrap().to_owned()
    }

    /// The first form that somebody is offered to go on with a run.
    async fn offered(&self, run: &str) -> Option<(&Browser<'_>, Page, String)> {
        for who in self.all() {
            let page = who.get(&self.tab).await;
            let mut forms = page.forms(&format!("do-{run}"));
            forms.extend(page.forms(&format!("answer-{run}")));
            if let Some(form) = forms.into_iter().next() {
                return Some((who, page, form));
            }
        }
        None
    }

    /// Takes a step; a question is answered by the place of its answer.
    async fn take(
        &self,
        (who, page, form): (&Browser<'_>, Page, String),
        choose: &mut dyn FnMut(usize) -> usize,
    ) {
        let answers = page.choices(&form, "branch");
        let grant = page.choices(&form, "grant");
        let branch = (!answers.is_empty()).then(|| answers[choose(answers.len())].clone());
        let mut fields =
            vec![("result", "as asked"), ("grounds", "seen"), ("spoke", "officer Wang, by phone")];
        fields.extend(branch.iter().map(|branch| ("branch", branch.as_str())));
        fields.extend(grant.first().map(|grant| ("grant", grant.as_str())));
        let sent = who.submit(&self.tab, &form, &fields).await;
        assert_eq!(sent.status, 303, "{form}: {}", told(&sent));
    }

    /// What keeps a run from going on is taken away: a permission is missing, or a gate is closed.
    async fn unblock(&self, run: &str, pass: Pass) {
        let page = self.unit.get(&self.tab).await;
        if page.html.contains(NO_GRANT) {
            let grant = [
                ("to", "technician"),
                ("what", "settings"),
                ("asset", "firewall"),
                ("until", "2026-11-24T11:00"),
                ("reason", "to stop it"),
            ];
            let given = self.lead.submit(&self.orders, "grant", &grant).await;
            assert_eq!(given.status, 303, "{}", told(&given));
            return;
        }
        let gates = self.police.get(&self.tab).await.forms(&format!("gate-{run}"));
        let [gate] = gates.as_slice() else { panic!("stuck: {gates:?} {}", page.html) };
        self.waits(gate.strip_prefix("gate-").unwrap(), run).await;
        let waiver = gate.replace("gate-", "waive-");
        let sent = match pass {
            Pass::ByThePolice => self.police.submit(&self.tab, gate, &[("text", "samples taken")]).await,
            Pass::OnTheirWord => self.lead.submit(&self.tab, gate, &[("spoke", "officer Wang")]).await,
            Pass::Waived => self.lead.submit(&self.tab, &waiver, &[("reason", "they do not come")]).await,
        };
        assert_eq!(sent.status, 303, "{pass:?}: {}", told(&sent));
    }

    /// A step behind a closed gate: nobody is offered it, and no forged form gets past it.
    async fn waits(&self, key: &str, run: &str) {
        for who in self.all() {
            assert!(!who.get(&self.tab).await.has_form(&format!("do-{key}")), "{key} is offered");
        }
        let step = key.strip_prefix(&format!("{run}-")).unwrap();
        let at = |what: &str| format!("{}/{run}/steps/{step}/{what}", self.tab);
        let unit = |action: String, fields: &'static [(&'static str, &'static str)]| async move {
            self.unit.forge(&self.tab, "preferences", &action, fields).await
        };
        let done = unit(at("do"), &[("result", "cleaned all the same")]).await;
        assert!(done.status == 409 && told(&done).contains("other body"), "{}", told(&done));
        for (action, fields) in [("gate", &[("spoke", "Wang")]), ("waive", &[("reason", "no time")])] {
            let refused = unit(at(action), fields).await;
            assert!(refused.status == 403 && told(&refused).contains("security lead"), "{}", told(&refused));
        }
        for (form, fields, field) in
            [("waive", [("reason", " ")], "reason"), ("gate", [("spoke", " ")], "spoke")]
        {
            let form = format!("{form}-{key}");
            let refused = self.lead.submit(&self.tab, &form, &fields).await;
            assert_eq!(refused.status, 422, "the lead gives a reason, and says who spoke");
            assert!(refused.html.contains(&format!("id=\"{form}-{field}-error\"")), "beside the field");
        }
        let police = self.police.get(&self.tab).await;
        assert!(!police.has_form(&format!("waive-{key}")), "the police do not waive their own samples");
        let forged = [("reason", "never mind")];
        assert_eq!(self.police.forge(&self.tab, "preferences", &at("waive"), &forged).await.status, 403);
    }

    /// Walks a playbook to its end answering questions by these numbers; returns how many answers each had.
    async fn walk(&self, playbook: &Playbook, answers: &[usize], pass: Pass) -> (Vec<usize>, String) {
        let run = self.start(playbook.id.as_str()).await;
        let mut asked = Vec::new();
        let mut choose = |count| {
            let choice = answers.get(asked.len()).copied().unwrap_or(0);
            asked.push(count);
            choice
        };
        for _ in 0..MAX_ACTS {
            let running = format!("<section class=\"panel run\" id=\"run-{run}\"");
            if !self.unit.get(&self.tab).await.html.contains(&running) {
                return (asked, run);
            }
            match self.offered(&run).await {
                Some(offer) => self.take(offer, &mut choose).await,
                None => self.unblock(&run, pass).await,
            }
        }
        panic!("`{}` has no end after {MAX_ACTS} acts", playbook.id)
    }
}

/// What a page says is wrong.
fn told(page: &Page) -> &str {
    let summary =
        page.html.split_once("class=\"summary\"").map(|(_, rest)| rest.split("</div>").next().unwrap());
    summary.unwrap_or(&page.location)
}

/// Walks a playbook by every combination of answers and every way past a gate; returns how many walks that were.
async fn every_branch(id: &str) -> usize {
    let plan = PlanId::new("jincheng-egov-2008");
    let shipped = fengsui_wire::plan::Library::shipped();
    let playbook =
        shipped.get(&plan).unwrap().plan.playbooks.iter().find(|known| known.id.as_str() == id).unwrap();
    let scene = Scene::new(playbook.categories[0].as_str()).await;
    let people = scene.people().await;
    let gated = playbook.steps.iter().any(|step| step.gate.is_some());
    let passes: &[Pass] =
        if gated { &[Pass::ByThePolice, Pass::OnTheirWord, Pass::Waived] } else { &[Pass::Waived] };
    let (mut ahead, mut walks) = (vec![Vec::new()], 0);
    while let Some(answers) = ahead.pop() {
        // Each way past the gate on the first walks, then in turn: answers and gates do not depend on each other.
        let ways = if walks == 0 { passes } else { &passes[walks % passes.len()..][..1] };
        let mut asked = Vec::new();
        for pass in ways {
            asked = people.walk(playbook, &answers, *pass).await.0;
            let run = scene.run().await;
            assert!(run["ended"]["stopped"] == "" && run["open_states"] == json!([]), "{run:#}");
            let passed = run["gates"].as_array().unwrap();
            assert_eq!(passed.len(), usize::from(gated));
            let waived = passed.iter().map(|gate| gate["waived"].as_bool().unwrap());
            assert!(waived.eq(gated.then_some(matches!(pass, Pass::Waived))), "{pass:?} {run:#}");
            let steps = run["steps"].as_array().unwrap();
            let settled = |step: &Value| step["state"] == "done" || step["state"] == "skipped";
            assert!(steps.len() == playbook.steps.len() && steps.iter().all(settled), "{run:#}");
        }
        walks += 1;
        for (at, choices) in asked.iter().enumerate().skip(answers.len()) {
            ahead.extend((1..*choices).map(|choice| {
                let mut other = answers.clone();
                other.resize(at, 0);
                other.push(choice);
                other
            }));
        }
    }
    walks
}

macro_rules! every_branch_ends {
    ($($test:ident: $playbook:literal, $walks:literal,)+) => {
        $(#[tokio::test]
        async fn $test() {
            assert_eq!(every_branch($playbook).await, $walks);
        })+
    };
}

// 5.1 to 5.7: as many walks as the engine's own test counts.
every_branch_ends! {
    every_branch_of_a_virus_outbreak: "virus-outbreak", 4,
    every_branch_of_a_defacement: "website-tampering", 2,
    every_branch_of_an_intrusion: "intrusion", 12,
    every_branch_of_a_denial_of_service: "denial-of-service", 2,
    every_branch_in_the_machine_room: "machine-room", 6,
    every_branch_of_a_line_fault: "line-fault", 9,
    every_branch_of_data_loss: "data-loss", 1,
}
