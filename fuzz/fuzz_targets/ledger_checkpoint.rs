//! Checkpoint texts and proof files from strangers: nothing panics, and what parses has one spelling.
#![no_main]

use fengsui_ledger::{Checkpoint, ProofFile, SignedCheckpoint, SigningKey};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let name = "fuzz".parse().expect("`fuzz` is a key name");
    let known = SigningKey::from_seed(name, &[1; 32]);
    let keys = [known.verifier_key().clone()];
    let _ = SignedCheckpoint::open(data, "fuzz", &keys);
    let Ok(text) = str::from_utf8(data) else { return };
    if let Ok(checkpoint) = text.parse::<Checkpoint>() {
        assert_eq!(checkpoint.to_string(), text);
        // A control character may stand in the text alone, but never in a signed note.
        if let Ok(signed) = checkpoint.sign(&[&known]) {
            let opened = SignedCheckpoint::open(signed.as_bytes(), &checkpoint.origin, &keys);
            assert_eq!(opened.expect("it was just signed").checkpoint, checkpoint);
        }
    }
    if let Ok(proof) = text.parse::<ProofFile>() {
        assert_eq!(proof.to_string(), text);
        let _ = proof.verify(b"entry", "fuzz", &keys);
    }
});
