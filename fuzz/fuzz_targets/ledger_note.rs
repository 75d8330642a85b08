//! Signed notes and verifier keys from strangers: nothing panics, and what parses has one spelling.
#![no_main]

use fengsui_ledger::note::{self, MAX_NOTE_SIGNATURES};
use fengsui_ledger::{Note, NoteSignature, SigningKey, VerifierKey};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let name = "fuzz".parse().expect("`fuzz` is a key name");
    let known = SigningKey::from_seed(name, &[1; 32]);
    let opened = Note::open(data, &[known.verifier_key().clone()]);
    let Ok(text) = str::from_utf8(data) else {
        assert!(opened.is_err());
        return;
    };
    if let Ok(opened) = &opened {
        assert!(text.starts_with(&opened.text) && opened.text.ends_with('\n'));
        assert_eq!(opened.verified.len(), 1);
        assert!(opened.unverified.len() < MAX_NOTE_SIGNATURES);
    }
    if let Ok(key) = text.parse::<VerifierKey>() {
        assert_eq!(key.to_string(), text);
    }
    if let Ok(signature) = text.parse::<NoteSignature>() {
        assert_eq!(signature.to_string(), text);
    }
    // Whatever may be signed opens again, with exactly that text.
    if let Ok(signed) = note::sign(text, &[&known]) {
        let opened =
            Note::open(signed.as_bytes(), &[known.verifier_key().clone()]).expect("it was just signed");
        assert_eq!(opened.text, text);
    }
});
