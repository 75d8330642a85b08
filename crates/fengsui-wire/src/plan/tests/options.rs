//! Options of the shipped packs: those of different defaults can be chosen together.

use std::collections::BTreeMap;

use super::super::Library;
use super::super::finding::Findings;
use super::super::yaml::{Kind, Node, read};

/// The value under a key of a mapping.
fn member<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    entries(node).find(|(known, _)| *known == key).map(|(_, value)| value)
}

fn entries(node: &Node) -> impl Iterator<Item = (&str, &Node)> {
    let entries = match &node.kind {
        Kind::Map(entries) => entries.as_slice(),
        Kind::Scalar(_) | Kind::List(_) | Kind::Refused => &[],
    };
    entries.iter().map(|(key, value)| (key.text.as_str(), value))
}

/// The places that a change writes to.
fn places(change: &Node, above: &str, into: &mut Vec<String>) {
    let before = into.len();
    entries(change).for_each(|(key, value)| places(value, &format!("{above}/{key}"), into));
    if into.len() == before {
        into.push(above.to_owned());
    }
}

/// What one option writes no option of another default writes over, or takes away.
#[test]
fn no_option_undoes_another() {
    let mut options = 0;
    for file in Library::shipped_files().iter().filter(|file| file.path.ends_with("/defaults.yaml")) {
        let text = std::str::from_utf8(file.bytes).expect("a readable file");
        let mut findings = Findings::new(vec![file.path.to_owned()]);
        let root = read(text, 0, &mut findings).ok().flatten().expect("a file that is right");
        let Some(Kind::List(defaults)) = member(&root, "defaults").map(|list| &list.kind) else { continue };
        let mut written: BTreeMap<String, String> = BTreeMap::new();
        for default in defaults {
            let Some(Kind::Scalar(id)) = member(default, "id").map(|id| &id.kind) else { continue };
            for (option, node) in member(default, "options").into_iter().flat_map(entries) {
                options += 1;
                let mut own = Vec::new();
                places(member(node, "change").expect("a change"), "", &mut own);
                for place in own {
                    let clash = written.iter().find(|(other, by)| {
                        let (short, long) =
                            if other.len() < place.len() { (*other, &place) } else { (&place, *other) };
                        let inside = long.strip_prefix(short.as_str());
                        **by != id.text && inside.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                    });
                    assert_eq!(clash, None, "{}: {}/{option} writes {place}", file.path, id.text);
                    written.insert(place, id.text.clone());
                }
            }
        }
    }
    assert!(options > 50, "only {options} options were looked at");
}
