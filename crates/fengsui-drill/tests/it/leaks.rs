//! A drill says everywhere that it is one, and leaves nothing behind.

use fengsui_domain::plan::Lang;
use fengsui_drill::report::{html, summary};
use fengsui_wire::plan::Library;

use crate::{drilled, scenario};

#[test]
fn whatever_people_write_is_marked() {
    let plans = Library::shipped();
    let scenario = scenario("internet-level-two", &plans);
    let drill = drilled(&scenario, &plans, 1);
    assert!(drill.incidents.iter().all(|incident| incident.title.starts_with("[DRILL] ")));
    assert!(drill.ledger.origin.starts_with("drill."), "{}", drill.ledger.origin);
    let json = serde_json::to_string(&drill).unwrap();
    assert!(json.starts_with("{\"mark\":\"DRILL 演练\""), "{}", &json[..60]);
    for lang in [Lang::Zh, Lang::En] {
        assert!(summary(&drill, lang).starts_with("DRILL 演练"));
        let page = html(&drill, lang);
        assert_eq!(page.matches("<div class=\"mark").count(), 2, "head and foot of every sheet");
        assert!(page.contains("<title>DRILL 演练 "));
    }
}

#[test]
fn a_report_shows_every_obligation_and_escapes_what_people_wrote() {
    let plans = Library::shipped();
    let mut scenario = scenario("internet-level-four", &plans);
    scenario.title.en = "<b>\"a\" & 'b'</b>".into();
    let drill = drilled(&scenario, &plans, 1);
    let page = html(&drill, Lang::En);
    assert!(page.contains("<h1>&lt;b&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/b&gt;</h1>"));
    for obligation in &drill.incidents[0].obligations {
        assert!(page.contains(&format!("({})", obligation.rule)), "{}", obligation.rule);
        assert!(page.contains(&obligation.clause), "{}", obligation.clause);
    }
    assert!(page.contains(&drill.ledger.root));
}

#[test]
fn every_obligation_that_was_met_names_who_met_it() {
    let plans = Library::shipped();
    let drill = drilled(&scenario("egov-machine-room", &plans), &plans, 4);
    for obligation in drill.incidents.iter().flat_map(|incident| &incident.obligations) {
        assert_eq!(obligation.met_at.is_some(), obligation.by.is_some(), "{obligation:?}");
    }
}
