//! Keys: the same in both files, all of them used, none missing, each with the values its call gives.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::*;

/// The calls that look a key up, and the values each gives.
const CALLS: [(&str, &[&str]); 4] = [("t", &[]), ("t_n", &["n"]), ("t_s", &["s"]), ("t_ab", &["a", "b"])];

/// Keys of a Fluent file with the values each message takes.
fn messages(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut key = String::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some((name, _)) = line.split_once(" =")
            && !line.starts_with(' ')
        {
            name.clone_into(&mut key);
            assert!(found.insert(key.clone(), BTreeSet::new()).is_none(), "`{key}` stands twice");
        }
        let values = line
            .split('$')
            .skip(1)
            .map(|rest| rest.chars().take_while(char::is_ascii_alphanumeric).collect::<String>());
        if let Some(known) = found.get_mut(&key) {
            known.extend(values);
        }
    }
    found
}

fn zh_cn() -> BTreeMap<String, BTreeSet<String>> {
    messages(include_str!("../../../locales/zh-CN.ftl"))
}

/// Text of every template and of every source file of the console, without tests.
fn sources() -> Vec<String> {
    fn walk(folder: &Path, found: &mut Vec<String>) {
        let entries = std::fs::read_dir(folder).expect("the crate's own folder is readable");
        for path in entries.map(|entry| entry.expect("a readable entry").path()) {
            if path.is_dir() {
                walk(&path, found);
            } else if !path.ends_with("tests.rs") {
                found.push(std::fs::read_to_string(&path).expect("sources are text"));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    walk(&root.join("templates"), &mut found);
    walk(&root.join("src/console"), &mut found);
    assert!(found.len() > 50, "found only {} files", found.len());
    found
}

/// The literals that directly follow a call such as `t_n(`.
fn keys_of_calls<'a>(text: &'a str, call: &str) -> Vec<&'a str> {
    text.match_indices(&format!("{call}(\""))
        .filter(|(at, _)| !text[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        .filter_map(|(at, found)| text[at + found.len()..].split('"').next())
        .collect()
}

#[test]
fn both_languages_have_the_same_keys_and_values() {
    assert_eq!(zh_cn(), messages(include_str!("../../../locales/en.ftl")));
}

#[test]
fn no_entry_is_broken() {
    for text in [include_str!("../../../locales/zh-CN.ftl"), include_str!("../../../locales/en.ftl")] {
        let errors = FluentResource::try_new(text.to_owned()).err().map(|(_, errors)| errors);
        assert_eq!(errors, None);
    }
}

#[test]
fn every_call_names_a_key_and_gives_its_values() {
    let known = zh_cn();
    for text in sources() {
        for (call, gives) in CALLS {
            let gives: BTreeSet<String> = gives.iter().map(|&value| value.to_owned()).collect();
            for key in keys_of_calls(&text, call) {
                assert_eq!(known.get(key), Some(&gives), "`{call}(\"{key}\")`");
            }
        }
    }
}

#[test]
fn no_key_is_unused() {
    let sources = sources();
    let unused: Vec<String> = zh_cn()
        .into_keys()
        .filter(|key| !sources.iter().any(|text| text.contains(&format!("\"{key}\""))))
        .collect();
    assert_eq!(unused, Vec::<String>::new());
}

#[test]
fn texts_come_out_whole() {
    for (text, expected) in [
        (Lang::ZhCn.t("nav-desk"), "值班台"),
        (Lang::En.t("nav-desk"), "Duty desk"),
        (Lang::En.t_n("n-sightings", 1), "1 sighting"),
        (Lang::En.t_n("n-sightings", 1842), "1842 sightings"),
        (Lang::ZhCn.t_n("n-sightings", 1), "命中 1 次"),
        (Lang::En.t_s("file-limit", "64 MB"), "Up to 64 MB."),
        (Lang::En.t("no-such-key"), "⟦no-such-key⟧"),
    ] {
        assert_eq!(text, expected);
    }
}

#[test]
fn which_language_a_browser_gets() {
    for (header, expected) in [
        ("zh-CN,zh;q=0.9,en;q=0.8", Lang::ZhCn),
        ("en-GB,en;q=0.9,zh-CN;q=0.8", Lang::En),
        ("fr-FR, en ;q=0.4", Lang::En),
        ("ZH-tw", Lang::ZhCn),
        ("de", Lang::ZhCn),
        ("", Lang::ZhCn),
    ] {
        assert_eq!(Lang::from_accept_language(header), expected, "{header}");
    }
    let too_long = format!("en,{}", "x".repeat(MAX_ACCEPT_LANGUAGE_BYTES));
    assert_eq!(Lang::from_accept_language(&too_long), Lang::ZhCn);
}

#[test]
fn tags_are_read_back() {
    for lang in Lang::ALL {
        assert_eq!(Lang::parse(lang.tag()), Some(lang));
    }
    assert_eq!(Lang::parse("fr"), None);
}
