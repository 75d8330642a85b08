//! What the tab of playbooks offers and says, one matter at a time.

use fengsui_domain::permission::SystemRole::Analyst;
use fengsui_domain::plan::PlanId;

use super::{NO_GRANT, Pass, Scene, told};
use crate::browser::Browser;

/// What fits is offered and what does not says why; the answer that is missing is asked for by its question.
#[tokio::test]
async fn what_fits_is_told_in_the_words_of_the_plan() {
    let scene = Scene::new("attack").await;
    let people = scene.people().await;
    let page = people.unit.get(&people.tab).await;
    let offered = ["virus-outbreak", "website-tampering", "intrusion", "denial-of-service"];
    assert_eq!(page.forms("start-"), offered.map(|id| format!("start-{id}")));
    let (fitting, others) = page.html.split_once("id=\"others\"").unwrap();
    assert!(fitting.contains("Kind of system hit") && !fitting.contains(">asset_kind<"), "{fitting}");
    assert!(others.contains("Machine room fault") && others.contains("It does not fit this incident"));
    assert!(others.contains("People before things"), "safety first, wherever it is named");

    let found = [("what", "www"), ("found_at", "2026-11-23T11:00")];
    let refused = people.unit.submit(&people.tab, "start-virus-outbreak", &found).await;
    assert_eq!(refused.status, 422);
    assert!(refused.html.contains("id=\"start-virus-outbreak-fact.asset_kind-error\""));
    let forged = [("playbook", "machine-room"), ("what", "x"), ("found_at", "2026-11-23T11:00")];
    let refused = people.unit.forge(&people.tab, "preferences", &people.tab, &forged).await;
    assert!(
        refused.status == 409 && told(&refused).contains("choose a playbook that fits"),
        "{}",
        told(&refused)
    );
    let early = [("what", "www"), ("found_at", "2026-11-24T11:00")];
    let refused = people.unit.submit(&people.tab, "start-website-tampering", &early).await;
    assert!(refused.html.contains("id=\"start-website-tampering-found_at-error\""), "{}", told(&refused));
    let unentitled = people.police.get(&people.tab).await;
    assert!(unentitled.forms("start-").is_empty() && unentitled.html.contains("only these may do this"));
}

/// Who only reads sees how it stands, and no form; a forged one gets nowhere.
#[tokio::test]
async fn whoever_only_reads_gets_no_form() {
    let scene = Scene::new("attack").await;
    let people = scene.people().await;
    let run = people.start("website-tampering").await;
    let (reader, _) = scene.node.person("qian", &[Analyst], &[]).await;
    let reader = Browser::sign_in(&scene.node, reader, "en").await;
    let page = reader.get(&people.tab).await;
    assert!(page.html.contains("Report to the cyber police at once"), "it can be read");
    assert_eq!(page.forms("").len(), 2, "preferences and sign-out: {:?}", page.forms(""));
    let step = |step: &str, what: &str| format!("{}/{run}/steps/{step}/{what}", people.tab);
    for (action, fields) in [
        (people.tab.clone(), [("playbook", "intrusion"), ("found_at", "2026-11-23T11:00")]),
        (step("tell-lead", "do"), [("result", "x"), ("spoke", "x")]),
        (step("serious", "answer"), [("branch", "crime"), ("grounds", "x")]),
        (step("clean", "gate"), [("spoke", "x"), ("text", "x")]),
        (step("clean", "waive"), [("reason", "x"), ("text", "x")]),
        (step("support", "skip"), [("reason", "x"), ("text", "x")]),
        (step("disconnect", "swap"), [("before", "tell-lead"), ("reason", "x")]),
        (format!("{}/{run}/stop", people.tab), [("reason", "x"), ("text", "x")]),
    ] {
        let refused = reader.forge(&people.tab, "preferences", &action, &fields).await;
        assert_eq!(refused.status, 403, "{action}");
    }
    let missing = format!("{}/no-run/stop", people.tab);
    assert_eq!(people.unit.forge(&people.tab, "preferences", &missing, &[]).await.status, 404);
}

/// 5.2.1.b: disconnected before the reports with one reason; the reports stay due.
#[tokio::test]
async fn what_is_urgent_is_taken_first() {
    let scene = Scene::new("attack").await;
    let people = scene.people().await;
    let key = format!("{}-disconnect", people.start("website-tampering").await);
    let (swap, done) = (format!("swap-{key}"), format!("do-{key}"));
    let owed = format!("href=\"{}#step-{}\"", people.tab, key.replace("disconnect", "tell-lead"));
    assert!(people.unit.get("/").await.html.contains(&owed), "the desk leads to the step that is due");
    let page = people.unit.get(&people.tab).await;
    assert!(page.has_form(&swap) && !page.has_form(&done));
    assert_eq!(page.choices(&swap, "before"), ["tell-lead", "report-police", "report-office"]);
    assert!(!people.police.get(&people.tab).await.has_form(&swap), "not theirs");
    for (fields, field) in [
        (vec![("reason", "it spreads")], "before"),
        (vec![("before", "tell-lead"), ("reason", "")], "reason"),
    ] {
        let refused = people.unit.submit(&people.tab, &swap, &fields).await;
        assert_eq!(refused.status, 422, "{field}");
        assert!(refused.html.contains(&format!("id=\"{swap}-{field}-error\"")), "{field}");
    }
    let all = page.choices(&swap, "before");
    let fields = all.iter().map(|before| ("before", before.as_str())).chain([("reason", "it spreads")]);
    let fields: Vec<_> = fields.collect();
    assert_eq!(people.unit.submit(&people.tab, &swap, &fields).await.status, 303);
    let page = people.unit.get(&people.tab).await;
    assert!(page.has_form(&done) && !page.has_form(&swap));
    assert!(page.html.contains("Taken first, before step 1"), "who took it first, and why");
    assert_eq!(people.unit.submit(&people.tab, &done, &[("result", "cut off")]).await.status, 303);
    let run = scene.run().await;
    assert_eq!(run["swaps"].as_array().unwrap().len(), 3);
    assert!(
        people.unit.get(&people.tab).await.html.contains("class=\"left left-overdue\""),
        "reports are due"
    );
}

/// 5.5.b: what runs without protection is said on every page of the incident, and nothing hides it.
#[tokio::test]
async fn a_temporary_state_stands_out_until_it_is_ended() {
    let scene = Scene::new("fault").await;
    let people = scene.people().await;
    let run = people.start("machine-room").await;
    let form = |what: &str, step: &str| format!("{what}-{run}-{step}");
    let ups = [("branch", "ups"), ("grounds", "alarm")];
    assert_eq!(people.unit.submit(&people.tab, &form("answer", "cause"), &ups).await.status, 303);
    let loud = "<div class=\"standing\"";
    assert!(!people.unit.get(&scene.page).await.html.contains(loud));
    people.unit.submit(&people.tab, &form("do", "ups-bypass"), &[("result", "bypassed")]).await;
    scene.node.pass(90);
    for path in [&scene.page, &people.tab, &format!("{}/timeline", scene.page)] {
        let page = people.unit.get(path).await.html;
        let (_, band) = page.split_once(loud).unwrap_or_else(|| panic!("{path}"));
        let band = band.split("</div>").next().unwrap();
        assert!(
            band.contains("Running without the uninterruptible supply") && band.contains("01:30:00"),
            "{band}"
        );
    }
    let page = people.unit.get(&people.tab).await;
    assert!(
        !page.has_form(&format!("stop-{run}")) && page.html.contains("cannot be stopped while this lasts")
    );
    let stop = format!("{}/{run}/stop", people.tab);
    let refused = people.unit.forge(&people.tab, "preferences", &stop, &[("reason", "enough")]).await;
    assert!(refused.status == 409 && told(&refused).contains("Running without"), "{}", told(&refused));
    people.unit.submit(&people.tab, &form("do", "ups-replace"), &[("result", "replaced")]).await;
    assert!(!people.unit.get(&scene.page).await.html.contains(loud));
    assert_eq!(scene.run().await["ended"]["stopped"], "");
}

/// Left out and stopped with reasons; both stand on the page afterwards.
#[tokio::test]
async fn a_step_is_left_out_and_a_playbook_stopped() {
    let scene = Scene::new("attack").await;
    let people = scene.people().await;
    let run = people.start("website-tampering").await;
    let police = format!("do-{run}-report-police");
    assert_eq!(people.unit.submit(&people.tab, &police, &[("result", "told")]).await.status, 303);
    let skip = format!("skip-{run}-police-on-scene");
    let page = people.unit.get(&people.tab).await;
    assert!(!page.has_form(&skip) && page.html.contains("These may leave it out, with a reason"));
    let blank = people.lead.submit(&people.tab, &skip, &[("reason", "")]).await;
    assert!(blank.status == 422 && blank.html.contains(&format!("id=\"{skip}-reason-error\"")));
    assert_eq!(people.lead.submit(&people.tab, &skip, &[("reason", "declined by phone")]).await.status, 303);
    assert!(people.unit.get(&people.tab).await.html.contains("Left out · declined by phone"));
    let stop = format!("stop-{run}");
    assert_eq!(people.unit.submit(&people.tab, &stop, &[("reason", "a test page")]).await.status, 303);
    let page = people.unit.get(&people.tab).await;
    assert!(page.html.contains("a test page") && page.forms("do-").is_empty(), "nothing more is asked");
}

/// A permission used by a step is counted where permissions are given.
#[tokio::test]
async fn a_step_takes_a_permission() {
    let scene = Scene::new("attack").await;
    let people = scene.people().await;
    let run = people.start("intrusion").await;
    let form = |step: &str| format!("do-{run}-{step}");
    people.unit.submit(&people.tab, &form("report-police"), &[("result", "told")]).await;
    people.police.submit(&people.tab, &form("police-on-scene"), &[("result", "here")]).await;
    let page = people.unit.get(&people.tab).await;
    assert!(!page.has_form(&form("block")) && page.html.contains(NO_GRANT));
    assert!(page.html.contains(&format!("href=\"{}#grants\"", people.orders)), "where it is given");
    people.unblock(&run, Pass::Waived).await;
    let page = people.unit.get(&people.tab).await;
    let grant = page.choices(&form("block"), "grant");
    assert_eq!(grant.len(), 1);
    let fields = [("result", "rule 7 added"), ("grant", grant[0].as_str())];
    assert_eq!(people.unit.submit(&people.tab, &form("block"), &fields).await.status, 303);
    assert!(people.unit.get(&people.orders).await.html.contains("used once"));
    assert!(
        people.unit.get(&people.tab).await.html.contains("rule 7 added · Operating permission: settings")
    );
}

/// Cards of one playbook and of all, in one language and in both; a plan without playbooks has neither tab nor card.
#[tokio::test]
async fn cards_are_printed_from_the_plan() {
    let scene = Scene::new("attack").await;
    let people = scene.people().await;
    let plan = "/plans/jincheng-egov-2008";
    let digest = {
        let plans = scene.node.service.plans();
        plans.get(&PlanId::new("jincheng-egov-2008")).unwrap().digest.clone()
    };
    for (path, sheets) in [("", 7), ("?both=1", 14), ("/machine-room", 1), ("/machine-room?both=1", 2)] {
        let page = people.unit.get(&format!("{plan}/playbooks{path}")).await;
        assert_eq!(
            (page.status, page.html.matches("<section class=\"sheet\"").count()),
            (200, sheets),
            "{path}"
        );
        assert_eq!(
            page.html.matches(&format!("<code>{digest}</code>")).count(),
            sheets,
            "each sheet says which version it is"
        );
        assert!(page.html.contains("printed 2026-11-23") && page.html.contains("People before things"));
        assert_eq!(page.html.contains("先救人，后救物"), path.contains("both"), "{path}");
    }
    let page = people.unit.get(plan).await.html;
    for card in ["", "/virus-outbreak", "/website-tampering", "/data-loss"] {
        assert!(page.contains(&format!("href=\"{plan}/playbooks{card}\"")), "`{card}` from the plan");
    }
    assert!(
        people
            .unit
            .get(&people.tab)
            .await
            .html
            .contains(&format!("href=\"{plan}/playbooks/intrusion?version={digest}\""))
    );
    for unknown in [
        "/plans/jincheng-egov-2008/playbooks/no-such",
        "/plans/jincheng-egov-2008/playbooks?version=0",
        "/plans/jincheng-internet-2008/playbooks",
    ] {
        assert_eq!(people.unit.get(unknown).await.status, 404, "{unknown}");
    }
    let other = people.unit.get("/plans/jincheng-internet-2008").await.html;
    assert!(!other.contains("id=\"playbooks\""));
}
