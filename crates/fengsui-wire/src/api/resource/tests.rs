//! Bodies of resources: bounds, and what an amendment keeps.

use fengsui_domain::actor;
use fengsui_domain::event::Sealed;
use fengsui_domain::id::ResourceId;
use fengsui_domain::resource;
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{AddResource, AmendResource, ContactWords};

#[test]
fn what_is_said_of_a_resource_is_bounded() {
    fn refused(body: Value) -> (&'static str, Option<&'static str>) {
        let refusal = serde_json::from_value::<AddResource>(body).unwrap().parts().unwrap_err();
        (refusal.code(), refusal.field())
    }
    let with = |field: &str, value: Value| {
        let mut body = json!({"kind": "team", "title": "t", "holder": "h"});
        body[field] = value;
        body
    };
    for (field, value, code) in [
        ("title", json!(""), "missing"),
        ("title", json!("n".repeat(201)), "too_long"),
        ("description", json!("n".repeat(6_001)), "too_long"),
        ("place", json!("n".repeat(201)), "too_long"),
        ("model", json!("n".repeat(201)), "too_long"),
        ("rank", json!("n".repeat(201)), "too_long"),
        ("holder", json!(""), "missing"),
        ("contact", json!("n".repeat(201)), "too_long"),
        ("fields", json!(vec!["other"; 5]), "too_many"),
        ("categories", json!(vec!["a/b"; 21]), "too_many"),
        ("categories", json!(["a".repeat(130)]), "too_long"),
        ("keywords", json!(vec!["k"; 21]), "too_many"),
        ("keywords", json!([""]), "missing"),
        ("keywords", json!(["k".repeat(41)]), "too_long"),
    ] {
        assert_eq!(refused(with(field, value.clone())), (code, Some(field)), "{value}");
    }
    let much = json!({"count": 1, "unit": "u".repeat(21)});
    assert_eq!(refused(with("quantity", much)), ("too_long", Some("quantity.unit")));
}

#[test]
fn an_amendment_of_a_resource_keeps_what_it_does_not_name() {
    let particulars = resource::Particulars {
        kind: resource::ResourceKind::Expert,
        title: "病毒专家".into(),
        description: "解密".into(),
        place: "市局".into(),
        quantity: Some(resource::Quantity { count: 1, unit: "人".into() }),
        model: "m".into(),
        rank: "市级".into(),
        fields: [resource::Expertise::Network].into(),
        categories: [resource::ClassId::parse("categories", "a/b").unwrap()].into(),
        keywords: ["勒索".to_owned()].into(),
        holder: "市公安局".into(),
        contact: Some(Sealed("sealed".into())),
    };
    let added = resource::ResourceChange::Added { particulars, standing: resource::Standing::Available };
    let id = ResourceId(Uuid::nil());
    let known = resource::Resource::first(id, added, Timestamp::UNIX_EPOCH, actor::By::Console).unwrap();
    let same = AmendResource::default().onto(&known).unwrap();
    assert_eq!(
        (same.title.as_str(), same.description.as_str(), same.place.as_str()),
        ("病毒专家", "解密", "市局")
    );
    assert_eq!((same.model.as_str(), same.rank.as_str(), same.holder.as_str()), ("m", "市级", "市公安局"));
    assert_eq!((same.kind, same.quantity), (known.particulars.kind, known.particulars.quantity.clone()));
    assert_eq!((same.categories, same.keywords), (vec!["a/b".to_owned()], vec!["勒索".to_owned()]));
    assert_eq!(same.fields, known.particulars.fields);
    let amend = |body: Value| serde_json::from_value::<AmendResource>(body).unwrap();
    let amended = amend(json!({"rank": "省级", "keywords": []})).onto(&known).unwrap();
    assert_eq!(
        (amended.rank.as_str(), amended.keywords.len(), amended.title.as_str()),
        ("省级", 0, "病毒专家")
    );
    for (body, contact) in [
        (json!({}), ContactWords::Keep),
        (json!({"contact": null}), ContactWords::Keep),
        (json!({"contact": " "}), ContactWords::Drop),
        (json!({"contact": "张三 139"}), ContactWords::Put("张三 139".into())),
    ] {
        assert_eq!(amend(body.clone()).contact().unwrap(), contact, "{body}");
    }
}
