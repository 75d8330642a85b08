//! Round trips, and every kind of damage.

use std::io::{Read as _, Write as _};

use fengsui_age::{CHUNK_BYTES, Identity, OpenError, Opener, Recipient, Sealer};
use proptest::prelude::*;

/// Bytes that are never twice the same, and the same in every run.
pub(crate) fn dice(seed: u8) -> impl FnMut(&mut [u8]) {
    let mut state = u64::from(seed) + 1;
    move |buffer| {
        for byte in buffer {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = state.to_be_bytes()[0];
        }
    }
}

pub(crate) fn identity(seed: u8) -> Identity {
    Identity::from_seed(&[seed; 32])
}

pub(crate) fn contents(length: usize) -> Vec<u8> {
    (0..length).map(|place| u8::try_from(place % 251).unwrap()).collect()
}

pub(crate) fn sealed(contents: &[u8], recipients: &[Recipient]) -> Vec<u8> {
    let mut sealer = Sealer::new(Vec::new(), recipients, &mut dice(1)).unwrap();
    sealer.write_all(contents).unwrap();
    sealer.finish().unwrap()
}

/// What can be read of it, and whether that is all.
fn opened(sealed: &[u8], identity: Identity) -> (Vec<u8>, bool) {
    let Ok(mut opener) = Opener::new(sealed, &[identity]) else { return (Vec::new(), false) };
    let mut read = Vec::new();
    let whole = opener.read_to_end(&mut read).is_ok();
    (read, whole)
}

#[test]
fn what_was_sealed_opens_at_every_length_around_a_chunk() {
    for length in [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 200_000] {
        let text = contents(length);
        let sealed = sealed(&text, &[identity(1).recipient(), identity(2).recipient()]);
        for opens in [1, 2] {
            assert_eq!(opened(&sealed, identity(opens)), (text.clone(), true), "{length}");
        }
        assert!(matches!(Opener::new(&sealed[..], &[identity(3)]), Err(OpenError::OtherRecipient)));
    }
}

#[test]
fn a_file_that_was_cut_anywhere_is_refused() {
    let text = contents(2 * CHUNK_BYTES);
    let sealed = sealed(&text, &[identity(1).recipient()]);
    let header = sealed.len() - 2 * (CHUNK_BYTES + 16);
    let ends =
        (0..header + 40).chain([header + CHUNK_BYTES + 15, header + CHUNK_BYTES + 16, sealed.len() - 1]);
    for end in ends {
        let (read, whole) = opened(&sealed[..end], identity(1));
        assert!(!whole && text.starts_with(&read), "cut at {end}");
    }
    let mut longer = sealed;
    longer.push(0);
    assert!(!opened(&longer, identity(1)).1);
}

#[test]
fn chunks_in_another_order_are_refused() {
    let text = contents(3 * CHUNK_BYTES);
    let sealed = sealed(&text, &[identity(1).recipient()]);
    let chunk = CHUNK_BYTES + 16;
    let (header, chunks) = sealed.split_at(sealed.len() - 3 * chunk);
    let swapped = [header, &chunks[chunk..2 * chunk], &chunks[..chunk], &chunks[2 * chunk..]].concat();
    assert_eq!(opened(&swapped, identity(1)), (Vec::new(), false));
}

#[test]
fn keys_have_one_spelling() {
    let identity = identity(1);
    let (text, recipient) = (identity.to_text(), identity.recipient().to_string());
    assert!(text.starts_with("AGE-SECRET-KEY-1") && recipient.starts_with("age1"));
    assert_eq!(text.parse::<Identity>().unwrap().recipient(), identity.recipient());
    assert_eq!(recipient.parse::<Recipient>().unwrap(), identity.recipient());
    let mut wrong = recipient.clone();
    wrong.replace_range(10..11, if &recipient[10..11] == "q" { "p" } else { "q" });
    for wrong in [&wrong, &recipient.to_uppercase(), "", "age1", &text[..], &format!("{recipient} ")] {
        assert!(wrong.parse::<Recipient>().is_err(), "{wrong}");
    }
    for wrong in [&text.to_lowercase(), &recipient] {
        assert!(wrong.parse::<Identity>().is_err());
    }
    let file = format!("# created: today\n\n{}\n", *text);
    assert_eq!(Identity::read_all(&file).unwrap().len(), 1);
    assert!(Identity::read_all("something else").is_err());
    assert_eq!(format!("{identity:?}"), format!("Identity(of {recipient})"));
}

#[test]
fn stanzas_of_other_kinds_are_passed_over_and_bad_ones_refused() {
    let refused = |header: &str| Opener::new(header.as_bytes(), &[identity(1)]).err().unwrap().to_string();
    assert_eq!(refused("hello\n"), "it is no age file");
    assert_eq!(refused(""), "it is no age file");
    let begun = "age-encryption.org/v1\n";
    let other = format!("{begun}-> ssh-rsa abc\n{}\n\n--- AAAA\n", "A".repeat(64));
    assert!(refused(&other).starts_with("it was sealed for other recipients"));
    let broken = "its header is broken or was changed";
    for header in [
        String::new(),
        "-> X25519\n\n--- AAAA\n".into(),
        "-> X25519  a\n\n--- AAAA\n".into(),
        format!("-> x\n{}\n\n---\n", "A".repeat(65)),
        "-> x\n\n-- AAAA\n".into(),
        "-> x\n".repeat(100),
        format!("-> {}", "x".repeat(100_000)),
    ] {
        assert_eq!(refused(&format!("{begun}{header}")), broken, "{header}");
    }
}

proptest! {
    #[test]
    fn a_changed_bit_is_refused_where_it_is(length in 0..3 * CHUNK_BYTES, place: prop::sample::Index, bit in 0..8_u32) {
        let text = contents(length);
        let mut sealed = sealed(&text, &[identity(1).recipient()]);
        let at = place.index(sealed.len());
        sealed[at] ^= 1_u8 << bit;
        let (read, whole) = opened(&sealed, identity(1));
        prop_assert!(!whole && text.starts_with(&read));
    }
}
