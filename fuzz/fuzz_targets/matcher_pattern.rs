//! Any text as an indicator: what reads has a normal form that reads as itself and is found.
#![no_main]

use fengsui_matcher::index::Index;
use fengsui_matcher::indicator::Indicator;
use fengsui_matcher::kind::Kind;
use fengsui_matcher::pattern::Pattern;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let Ok(pattern) = Pattern::read(&text) else { return };
    let scheme = if pattern.kind() == Kind::Url { "http://" } else { "" };
    let normal = format!("{scheme}{pattern}");
    assert_eq!(Pattern::read(&normal), Ok(pattern.clone()));
    let is_network = matches!(pattern, Pattern::Network(_));
    let indicator = Indicator {
        pattern,
        written: text.into_owned(),
        source: "fuzz".into(),
        line: 1,
        note: None,
        confidence: None,
    };
    let index: Index = [indicator].into_iter().collect();
    let found = index.find(&normal, None);
    assert_eq!(found.len(), usize::from(!is_network));
    assert!(found.iter().all(|hit| !hit.weak));
});
