//! The emergency database through the API: kept, searched, read, imported, offered.

use fengsui_domain::permission::SystemRole::{Administrator, Analyst, Commander, DutyOfficer, Handler};
use serde_json::{Value, json};

use crate::node::{Ask, Node};

const RESOURCES: &str = "/api/v1/resources";

fn expert() -> Value {
    json!({"kind": "expert", "title": "勒索病毒分析专家", "description": "取证与解密", "place": "市公安局",
        "quantity": {"count": 1, "unit": "人"}, "rank": "市级", "fields": ["information_security"],
        "categories": ["jincheng-internet-2008/attack"], "keywords": ["勒索"], "holder": "市公安局",
        "contact": "张三 13900000000"})
}

async fn added(node: &Node, token: &str, body: &Value) -> String {
    let added = node.post(token, RESOURCES, body).wants(201).await;
    let location = added.headers["location"].to_str().unwrap().to_owned();
    assert_eq!((added.etag.as_deref(), &location), (Some("\"1\""), &path_of(&added.body)));
    location
}

fn path_of(resource: &Value) -> String {
    format!("{RESOURCES}/{}", resource["id"].as_str().unwrap())
}

fn patch<'n>(node: &'n Node, token: &str, path: &str, body: &Value) -> Ask<'n> {
    node.ask("PATCH", path).token(token).json(body)
}

#[tokio::test]
async fn a_resource_is_added_amended_looked_at_and_retired() {
    let node = Node::new().await;
    let duty = node.program(DutyOfficer).await;
    let path = added(&node, &duty, &expert()).await;
    let read = node.get(&duty, &path).wants(200).await;
    let mut expected = expert();
    expected.as_object_mut().unwrap().remove("contact");
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&read.body[field], value, "{field}");
    }
    assert_eq!((&read.body["has_contact"], &read.body["standing"]), (&json!(true), &json!("available")));

    let better = json!({"rank": "省级", "keywords": ["勒索", "解密"]});
    let change = |tag: &'static str| patch(&node, &duty, &path, &better).header("if-match", tag);
    assert_eq!(change("\"2\"").wants(412).await.problem(), "changed");
    let amended = change("\"1\"").wants(200).await;
    assert_eq!((amended.body["rank"].as_str(), amended.etag.as_deref()), (Some("省级"), Some("\"2\"")));
    assert_eq!(amended.body["title"], "勒索病毒分析专家");
    assert_eq!(change("*").wants(200).await.etag.as_deref(), Some("\"2\""), "the same again changes nothing");

    node.pass(5);
    let stand = json!({"standing": "in_use", "note": "在市一中"});
    let stood = node.post(&duty, format!("{path}/standing"), &stand).wants(200).await.body;
    assert_eq!(
        (stood["standing_note"].as_str(), &stood["standing_at"]),
        (Some("在市一中"), &json!(node.now()))
    );

    let retire = json!({"reason": "调离"});
    let retired = node.post(&duty, format!("{path}/retire"), &retire).wants(200).await.body;
    assert_eq!((&retired["retired"]["reason"], &retired["has_contact"]), (&json!("调离"), &json!(false)));
    for (ask, code) in [
        (node.post(&duty, format!("{path}/retire"), &retire), "wrong_phase"),
        (node.post(&duty, format!("{path}/standing"), &stand), "wrong_phase"),
        (patch(&node, &duty, &path, &better), "wrong_phase"),
    ] {
        assert_eq!(ask.wants(409).await.problem(), code);
    }
    let timeline = node.get(&duty, format!("{path}/timeline?limit=3")).wants(200).await.body;
    let kinds: Vec<&str> =
        timeline["items"].as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["resource.retired", "resource.stood", "resource.amended"]);
    let rest = format!("{path}/timeline?cursor={}", timeline["next"].as_str().unwrap());
    let first = node.get(&duty, rest).wants(200).await.body;
    assert_eq!(first["items"][0]["change"]["particulars"]["has_contact"], true, "{first:#}");
}

#[tokio::test]
async fn a_contact_is_in_no_answer_but_its_own() {
    let node = Node::new().await;
    let (_, duty) = node.person("wang", &[DutyOfficer], &[]).await;
    let (_, hands) = node.person("zhao", &[Handler], &[]).await;
    let path = added(&node, &duty, &expert()).await;
    patch(&node, &duty, &path, &json!({"contact": "李四 13900000001"})).wants(200).await;
    for address in
        [RESOURCES.to_owned(), format!("{RESOURCES}?text=139"), path.clone(), format!("{path}/timeline")]
    {
        let answer = node.get(&duty, &address).wants(200).await;
        assert!(!String::from_utf8(answer.bytes).unwrap().contains("1390000000"), "{address}");
    }
    let reason = json!({"reason": "召集专家"});
    let ask = |token: &str, body: &Value| node.post(token, format!("{path}/contact"), body);
    assert_eq!(ask(&hands, &reason).wants(403).await.problem(), "not_permitted");
    assert_eq!(ask(&duty, &json!({"reason": " "})).wants(422).await.problem(), "missing");
    assert_eq!(ask(&duty, &reason).wants(200).await.body, json!({"contact": "李四 13900000001"}));
    let timeline = node.get(&duty, format!("{path}/timeline")).wants(200).await.body;
    assert_eq!(timeline["items"][0]["kind"], "resource.personal_read");
    assert_eq!(timeline["items"][0]["change"]["reason"], "召集专家");
    assert_eq!(timeline["items"][0]["by"]["name"], "wang");
    patch(&node, &duty, &path, &json!({"contact": ""})).wants(200).await;
    assert_eq!(ask(&duty, &reason).wants(409).await.problem(), "not_ready");
}

#[tokio::test]
async fn who_may_keep_the_database() {
    let node = Node::new().await;
    let duty = node.program(DutyOfficer).await;
    let path = added(&node, &duty, &expert()).await;
    for (role, reads, manages) in [
        (Commander, true, true),
        (Handler, true, false),
        (Analyst, true, false),
        (Administrator, false, false),
    ] {
        let token = node.program(role).await;
        let may = |yes: bool| if yes { 200 } else { 403 };
        node.get(&token, &path).wants(may(reads)).await;
        node.get(&token, format!("{path}/timeline")).wants(may(reads)).await;
        let add = node.post(&token, RESOURCES, &expert()).send().await;
        assert_eq!(add.status.as_u16(), if manages { 201 } else { 403 }, "{role}");
        patch(&node, &token, &path, &json!({})).wants(may(manages)).await;
        let stand = json!({"standing": "available"});
        node.post(&token, format!("{path}/standing"), &stand).wants(may(manages)).await;
        import(&node, &token, "kind,title,holder\n").wants(may(manages)).await;
    }
}

#[tokio::test]
async fn resources_are_searched_filtered_and_paged() {
    let node = Node::new().await;
    let duty = node.program(DutyOfficer).await;
    for n in 0..3 {
        let spare = json!({"kind": "network_device", "title": format!("备用交换机 {n}"), "holder": "市信息中心",
            "categories": ["jincheng-internet-2008/fault"], "standing": "out_of_service"});
        added(&node, &duty, &spare).await;
        node.pass(1);
    }
    added(&node, &duty, &expert()).await;
    node.pass(1);
    let gone =
        added(&node, &duty, &json!({"kind": "software", "title": "旧杀毒软件", "holder": "市局"})).await;
    node.post(&duty, format!("{gone}/retire"), &json!({"reason": "过期"})).wants(200).await;
    let titles = async |query: &str| {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = node.get(&duty, format!("{RESOURCES}?limit=2{query}{cursor}")).wants(200).await.body;
            let items = page["items"].as_array().unwrap();
            seen.extend(items.iter().map(|item| item["title"].as_str().unwrap().to_owned()));
            let Some(next) = page["next"].as_str() else { return seen };
            cursor = format!("&cursor={next}");
        }
    };
    let switches = ["备用交换机 2", "备用交换机 1", "备用交换机 0"];
    for (query, found) in [
        ("&kind=network_device", &switches[..]),
        ("&standing=out_of_service&retired=false", &switches),
        ("&category=jincheng-internet-2008/fault", &switches),
        ("&text=%E4%BA%A4%E6%8D%A2", &switches), // 交换
        ("&text=%E4%BA%A4%E6%8D%A2%201", &switches[1..2]),
        ("&field=information_security", &["勒索病毒分析专家"]),
        ("&text=%EF%BC%AE&kind=case", &[]),
        ("&retired=true", &["旧杀毒软件"]),
        ("", &["旧杀毒软件", "勒索病毒分析专家", "备用交换机 2", "备用交换机 1", "备用交换机 0"]),
    ] {
        assert_eq!(titles(query).await, found, "{query}");
    }
    for (query, field) in [
        ("category=fault", Some("category")),
        ("cursor=x", Some("cursor")),
        ("limit=0", Some("limit")),
        ("kind=car", None),
        ("colour=red", None),
    ] {
        let refused = node.get(&duty, format!("{RESOURCES}?{query}")).wants(400).await;
        assert_eq!(refused.body["field"].as_str(), field, "{query}: {:#}", refused.body);
    }
}

#[tokio::test]
async fn what_cannot_be_kept_is_refused_with_its_field() {
    let node = Node::new().await;
    let duty = node.program(DutyOfficer).await;
    for (field, value, code) in [
        ("title", json!(" "), "missing"),
        ("title", json!("t".repeat(201)), "too_long"),
        ("holder", json!(""), "missing"),
        ("fields", json!([]), "missing"),
        ("kind", json!("software"), "unknown_value"),
        ("categories", json!(["jincheng-internet-2008/none"]), "unknown_value"),
        ("categories", json!(["attack"]), "unknown_value"),
        ("place", json!("a\u{0}b"), "control_character"),
        ("quantity", json!([1, "台"]), "invalid"),
        ("standing", json!("broken"), "invalid"),
    ] {
        let mut body = expert();
        body[field] = value;
        let refused = node.post(&duty, RESOURCES, &body).wants(422).await;
        assert_eq!(refused.problem(), code, "{field}: {:#}", refused.body);
    }
    assert_eq!(node.get(&duty, RESOURCES).wants(200).await.body["items"], json!([]));
    let twice = || node.post(&duty, RESOURCES, &expert()).header("idempotency-key", "k");
    assert_eq!(twice().wants(201).await.body, twice().wants(201).await.body, "added once");
    let other = json!({"kind": "case", "title": "t", "holder": "h"});
    let other = node.post(&duty, RESOURCES, &other).header("idempotency-key", "k").wants(422).await;
    assert_eq!(other.problem(), "key_reused");
}

fn import<'n>(node: &'n Node, token: &str, text: impl Into<Vec<u8>>) -> Ask<'n> {
    let ask = node.ask("POST", format!("{RESOURCES}/import")).token(token).bytes(text);
    ask.header("content-type", "application/octet-stream")
}

#[tokio::test]
async fn a_table_goes_in_with_each_rejected_row_named() {
    let node = Node::new().await;
    let duty = node.program(DutyOfficer).await;
    let text = "\u{feff}类型,名称,持有单位,数量,单位,专业领域,联系方式\r\n\
                专家,病毒分析专家,市公安局,,,信息安全；网络,张三 13900000000\r\n\
                汽车,应急车,市局,1,辆,,\r\n\
                物资,应急通信车,市局,两,辆,,\r\n\
                物资,应急通信车,市局,2,辆,,\r\n";
    let counts =
        |done: &Value| ["new", "updated", "unchanged", "rejected"].map(|key| done[key].as_u64().unwrap());
    let done = import(&node, &duty, text).wants(200).await.body;
    assert_eq!(counts(&done), [2, 0, 0, 2], "{done:#}");
    let told = |reject: &Value| (reject["line"].as_u64(), reject["code"].clone(), reject["field"].clone());
    assert_eq!(told(&done["rejects"][0]), (Some(3), json!("unknown_value"), json!("kind")));
    assert_eq!(told(&done["rejects"][1]), (Some(4), json!("unknown_value"), json!("count")));
    assert_eq!(counts(&import(&node, &duty, text).wants(200).await.body), [0, 0, 2, 2]);
    let page = node.get(&duty, RESOURCES).wants(200).await.body;
    assert_eq!(page["items"].as_array().map(Vec::len), Some(2));
    assert!(!page.to_string().contains("13900000000"), "{page:#}");
    for (status, code, text) in [
        (422, "invalid", "kind,title\n".as_bytes().to_vec()),
        (422, "invalid", b"\xb1\xed".to_vec()),
        (413, "too_large", vec![b'a'; 8_000_001]),
    ] {
        assert_eq!(import(&node, &duty, text).wants(status).await.problem(), code);
    }
}

/// An incident with this title, opened by triage; returns its path.
async fn incident(node: &Node, duty: &str, title: &str, category: &str) -> String {
    let event = json!({"title": title, "source": "monitoring", "sender": "预警系统", "unit": "市一中"});
    let recorded = node.post(duty, "/api/v1/events", &event).wants(201).await;
    let found =
        json!({"outcome": "incident", "category": category, "level": "IV", "answers": {"spread": "none"}});
    let path = format!("{}/triage", recorded.headers["location"].to_str().unwrap());
    let judged = node.post(duty, path, &found).wants(200).await.body;
    format!("/api/v1/incidents/{}", judged["incident"].as_str().unwrap())
}

/// Takes an incident to its archive.
async fn archive(node: &Node, duty: &str, chief: &str, path: &str) {
    let start = json!({"kind": "start", "level": "IV", "range": "市一中"});
    let topics: serde_json::Map<String, Value> =
        ["cause", "nature", "impact", "responsibility", "lessons", "reconstruction"]
            .map(|topic| (topic.to_owned(), json!("勒索软件，已恢复备份")))
            .into_iter()
            .collect();
    let tick =
        |condition| ("conditions", duty, json!({"condition": condition, "holds": true, "basis": "确认"}));
    for (command, who, body) in [
        ("verify", duty, json!({"basis": "属实"})),
        ("grading", duty, json!({"level": "IV", "reason": "值班长判断"})),
        ("response/decide", chief, json!({"step": start, "approve": true, "grounds": "持续"})),
        tick("back-to-normal"),
        tick("derived-events-gone"),
        tick("hazard-removed"),
        ("response/decide", chief, json!({"step": {"kind": "end"}, "approve": true, "grounds": "恢复"})),
        ("review", chief, json!({"topics": topics})),
        ("filing", chief, json!({"summary": "过程与结果"})),
        ("filing/receipt", duty, json!({"at": node.now(), "reference": "收文 1"})),
        ("archive", duty, json!({})),
    ] {
        node.post(who, format!("{path}/{command}"), &body).wants(200).await;
    }
}

#[tokio::test]
async fn resources_and_past_cases_are_offered_with_their_reasons() {
    let node = Node::new().await;
    let office = ["security-office", "security-office-duty-room", "unit"];
    let (_, duty) = node.person("wang", &[DutyOfficer], &office).await;
    let (_, chief) = node.person("li", &[Commander], &office).await;
    let past = incident(&node, &duty, "县医院感染勒索病毒", "attack").await;
    archive(&node, &duty, &chief, &past).await;
    let open = incident(&node, &duty, "县政府感染勒索病毒", "attack").await;
    added(&node, &duty, &expert()).await;
    let spare = json!({"kind": "network_device", "title": "备用交换机", "holder": "市信息中心",
        "categories": ["jincheng-internet-2008/fault"]});
    added(&node, &duty, &spare).await;
    let broken = json!({"kind": "software", "title": "勒索病毒解密工具", "holder": "市局",
        "categories": ["jincheng-internet-2008/attack"], "standing": "out_of_service"});
    added(&node, &duty, &broken).await;
    let ours = incident(&node, &duty, "市医院服务器感染勒索病毒", "attack").await;
    let offers = async |query: &str| node.get(&duty, format!("{ours}/offers{query}")).wants(200).await.body;

    let found = offers("").await;
    assert_eq!(found["complete"], true);
    let items = found["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "nothing open, unrelated or out of service: {found:#}");
    let category =
        json!({"because": "category", "category": "jincheng-internet-2008/attack", "relation": "same"});
    // 40 for the category, 10 for the keyword, 2 for each of 勒索, 索病, 病毒.
    assert_eq!(items[0]["resource"]["title"], "勒索病毒分析专家");
    assert_eq!(items[0]["score"], 56);
    assert_eq!(
        items[0]["reasons"],
        json!([category, {"because": "keywords", "words": ["勒索"]},
            {"because": "words", "words": ["勒索", "病毒", "索病"]}])
    );
    // 40, and 2 for each of 勒索, 医院, 染勒, 感染, 病毒, 索病.
    let case = &items[1]["case"];
    assert_eq!(format!("/api/v1/incidents/{}", case["id"].as_str().unwrap()), past);
    assert_eq!((&case["title"], &items[1]["score"]), (&json!("县医院感染勒索病毒"), &json!(52)));
    assert!(!items.iter().any(|item| format!("{item}").contains(open.rsplit('/').next().unwrap())));
    assert!(!found.to_string().contains("13900000000"), "{found:#}");

    for (query, titles) in [
        ("?kind=expert&field=information_security", vec!["勒索病毒分析专家"]),
        ("?kind=team", vec![]),
        ("?kind=case", vec!["县医院感染勒索病毒"]),
        ("?limit=1", vec!["勒索病毒分析专家"]),
    ] {
        let found = offers(query).await;
        let title = |item: &Value| {
            let what = if item["case"].is_null() { &item["resource"] } else { &item["case"] };
            what["title"].as_str().unwrap().to_owned()
        };
        let found: Vec<String> = found["items"].as_array().unwrap().iter().map(title).collect();
        assert_eq!(found, titles, "{query}");
    }
    let asked = offers("?kind=expert&field=information_security").await;
    assert_eq!(asked["items"][0]["score"], 86, "30 more for the field");
    node.get(&duty, format!("{ours}/offers?limit=51")).wants(400).await;
    let nobody = "/api/v1/incidents/00000000-0000-0000-0000-000000000000/offers";
    node.get(&duty, nobody).wants(404).await;
    let admin = node.program(Administrator).await;
    node.get(&admin, format!("{ours}/offers")).wants(403).await;
}
