//! Sealed files from strangers: nothing panics, and what opens was sealed.
#![no_main]

use std::io::Read as _;

use fengsui_age::{Identity, Opener, Recipient};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let identity = Identity::from_seed(&[1; 32]);
    if let Ok(mut opener) = Opener::new(data, &[identity]) {
        let _ = opener.read_to_end(&mut Vec::new());
    }
    let Ok(text) = str::from_utf8(data) else { return };
    if let Ok(recipient) = text.parse::<Recipient>() {
        assert_eq!(recipient.to_string(), text);
    }
    if let Ok(identity) = text.parse::<Identity>() {
        assert_eq!(*identity.to_text(), text);
    }
    let _ = Identity::read_all(text);
});
