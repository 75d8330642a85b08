//! The schema tests' own dependencies: exact versions, each with hashes, and no host.

use crate::repo;

/// What is wrong with the lines of a requirements file; a package begins a line, its hashes are indented.
fn broken(text: &str) -> Vec<String> {
    let (mut found, mut packages) = (Vec::new(), Vec::<(&str, usize)>::new());
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let line = line.trim_end_matches('\\').trim_end();
        match (line.trim_start().strip_prefix("--hash=sha256:"), line.split_once("==")) {
            (Some(hash), _) if hash.len() == 64 => {
                if let Some((_, hashes)) = packages.last_mut() {
                    *hashes += 1;
                }
            }
            (None, Some((name, version))) if version.split('.').all(|part| part.parse::<u32>().is_ok()) => {
                packages.push((name, 0));
            }
            _ => found.push(format!("`{line}` is neither `NAME==VERSION` nor a hash")),
        }
    }
    found.extend(
        packages.iter().filter(|(_, hashes)| *hashes == 0).map(|(name, _)| format!("`{name}` has no hash")),
    );
    if packages.is_empty() && found.is_empty() {
        found.push("there is no package".to_owned());
    }
    found
}

#[test]
fn the_rule_finds_what_breaks_it() {
    let hash = format!("    --hash=sha256:{}", "0".repeat(64));
    for (text, expected) in [
        (format!("# words\na==1.2.3 \\\n{hash} \\\n{hash}\nb==2.0 \\\n{hash}\n"), None),
        (format!("a>=1.2 \\\n{hash}"), Some("`a>=1.2` is neither")),
        (format!("a==1.* \\\n{hash}"), Some("`a==1.*` is neither")),
        (format!("--index-url https://example.org/\na==1 \\\n{hash}"), Some("`--index-url")),
        (format!("a==1\nb==2 \\\n{hash}"), Some("`a` has no hash")),
        (String::new(), Some("there is no package")),
    ] {
        let broken = broken(&text);
        match expected {
            None => assert_eq!(broken, Vec::<String>::new(), "{text}"),
            Some(says) => assert!(broken.len() == 1 && broken[0].starts_with(says), "{text}: {broken:?}"),
        }
    }
}

#[test]
fn versions_are_exact_and_have_hashes() {
    let text = repo::read("tests/schema/requirements.txt");
    assert_eq!(broken(&text), Vec::<String>::new());
    assert!(text.lines().any(|line| line.starts_with("schemathesis==")));
}
