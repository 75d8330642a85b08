//! Any text cut into tokens: each is a part of the text, and there are no more of them than bytes.
#![no_main]

use fengsui_matcher::tokens::tokens;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let mut count = 0;
    tokens(&text, &mut |token| {
        count += 1;
        assert!(!token.text.is_empty());
        assert!(text.as_bytes().as_ptr_range().contains(&token.text.as_ptr()));
    });
    assert!(count <= text.len());
});
