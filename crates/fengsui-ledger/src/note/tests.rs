use proptest::prelude::*;

use super::*;

const TEXT: &str = "一级 response ended\n";

fn name(name: &str) -> KeyName {
    name.parse().unwrap()
}

fn key(name_of: &str, seed: u8) -> SigningKey {
    SigningKey::from_seed(name(name_of), &[seed; 32])
}

fn witness(name_of: &str, seed: u8) -> CosigningKey {
    CosigningKey::from_seed(name(name_of), &[seed; 32])
}

/// What a reader who knows `node` (seed 1) makes of a note.
fn open(note: &[u8]) -> Result<Note, NoteError> {
    Note::open(note, &[key("node", 1).verifier_key().clone()])
}

fn names(note: &Note) -> (Vec<&str>, Vec<&str>) {
    let verified = note.verified.iter().map(|signature| signature.name.as_str()).collect();
    (verified, note.unverified.iter().map(|signature| signature.name.as_str()).collect())
}

#[test]
fn a_signed_text_opens() {
    let note = sign(TEXT, &[&key("node", 1)]).unwrap();
    let opened = open(note.as_bytes()).unwrap();
    assert_eq!(opened.text, TEXT);
    assert_eq!(names(&opened), (vec!["node"], vec![]));
    assert_eq!(opened.verified[0].signature_type, SignatureType::ED25519);
}

#[test]
fn the_text_ends_at_the_last_empty_line() {
    for text in ["\n", "\n\n", "a\n\nb\n", "a\n\n", "a\n\n— node AAAAAAA=\n"] {
        let note = sign(text, &[&key("node", 1)]).unwrap();
        assert_eq!(open(note.as_bytes()).unwrap().text, text, "{note:?}");
    }
}

#[test]
fn signatures_by_strangers_are_passed_over() {
    // One shares the name, one shares nothing; none of them is a reason to refuse.
    let note =
        sign(TEXT, &[&key("stranger", 2), &key("node", 3), &key("node", 1), &key("other", 1)]).unwrap();
    assert_eq!(names(&open(note.as_bytes()).unwrap()), (vec!["node"], vec!["stranger", "node", "other"]));

    let note = sign(TEXT, &[&key("stranger", 2), &key("node", 3)]).unwrap();
    assert_eq!(open(note.as_bytes()), Err(NoteError::Untrusted));
    assert_eq!(Note::open(note.as_bytes(), &[]), Err(NoteError::Untrusted));
}

#[test]
fn a_wrong_signature_by_a_known_key_refuses_the_note() {
    let good = sign(TEXT, &[&key("node", 1), &key("second", 2)]).unwrap();
    let keys = [key("node", 1).verifier_key().clone(), key("second", 2).verifier_key().clone()];
    let mut wrong = key("second", 2).signature("another text\n");
    let note = add_signature(&good, &wrong).unwrap();
    let error = Note::open(note.as_bytes(), &keys).unwrap_err();
    assert_eq!(error, NoteError::WrongSignature { name: name("second"), key_id: keys[1].id() });
    assert!(Note::open(good.as_bytes(), &keys).is_ok());
    for length in [1, 63, 65] {
        wrong.bytes.resize(length, 0);
        let note = add_signature(&good, &wrong).unwrap();
        assert!(
            matches!(Note::open(note.as_bytes(), &keys), Err(NoteError::WrongSignature { .. })),
            "{length}"
        );
    }
    // A good signature before it does not excuse a wrong one of the same key.
    let line = key("second", 2).signature("another text\n");
    let note = format!("{good}{line}\n");
    assert!(matches!(Note::open(note.as_bytes(), &keys), Err(NoteError::WrongSignature { .. })));
}

#[test]
fn algorithms_of_tomorrow_are_passed_over() {
    let ml_dsa = "node+01020304+BgEC".parse::<VerifierKey>().unwrap();
    assert_eq!((ml_dsa.signature_type(), ml_dsa.is_supported()), (SignatureType::ML_DSA_44, false));
    assert_eq!(ml_dsa.to_string(), "node+01020304+BgEC");
    let signature = NoteSignature { name: name("node"), key_id: ml_dsa.id(), bytes: vec![7; 2_428] };
    let note = assemble(TEXT, &[signature, key("node", 1).signature(TEXT)]).unwrap();
    let opened =
        Note::open(note.as_bytes(), &[ml_dsa.clone(), key("node", 1).verifier_key().clone()]).unwrap();
    assert_eq!(names(&opened), (vec!["node"], vec!["node"]));
    assert_eq!(Note::open(note.as_bytes(), &[ml_dsa]), Err(NoteError::Untrusted));
}

#[test]
fn a_repeated_signature_counts_once() {
    let note = sign(TEXT, &[&key("node", 1), &key("node", 1), &key("x", 2), &key("x", 2)]).unwrap();
    assert_eq!(names(&open(note.as_bytes()).unwrap()), (vec!["node"], vec!["x"]));
}

#[test]
fn two_keys_under_one_id_are_refused() {
    let known = key("node", 1).verifier_key().clone();
    // The ids of unknown algorithms are not checked, so such a key can be made to collide.
    let planted: VerifierKey = format!("node+{}+BgEC", known.id()).parse().unwrap();
    let note = sign(TEXT, &[&key("node", 1)]).unwrap();
    let error = Note::open(note.as_bytes(), &[known.clone(), planted]).unwrap_err();
    assert_eq!(error, NoteError::AmbiguousKey { name: name("node"), key_id: known.id() });
    assert!(Note::open(note.as_bytes(), &[known.clone(), known]).is_ok());
}

#[test]
fn malformed_notes_are_refused_as_a_whole() {
    let signed = sign(TEXT, &[&key("node", 1)]).unwrap();
    let line = signed.split_once("\n\n").unwrap().1;
    let base64 = line.trim_end().rsplit_once(' ').unwrap().1;
    for (note, problem) in [
        (String::new(), "no signatures behind an empty line"),
        (TEXT.to_owned(), "no signatures behind an empty line"),
        (format!("{TEXT}\n"), "no signatures behind an empty line"),
        (format!("{TEXT}{line}"), "no signatures behind an empty line"),
        (format!("{signed}\n"), "no signatures behind an empty line"),
        (line.to_owned(), "no signatures behind an empty line"),
        (format!("\n{line}"), "no signatures behind an empty line"),
        (signed.trim_end().to_owned(), "the last line of the note is unfinished"),
        (format!("{signed}— node"), "the last line of the note is unfinished"),
        (signed.replace('\n', "\r\n"), "the control character U+000D at byte 21"),
        (signed.replace(' ', "\t"), "the control character U+0009"),
        (format!("\0{signed}"), "the control character U+0000 at byte 0"),
        (signed.replace("ended", "\u{1b}[0m"), "the control character U+001B"),
        (signed.replace("— ", "- "), "signature line 1"),
        (signed.replace("— ", "—"), "signature line 1"),
        (signed.replace("— ", "–– "), "signature line 1"),
        (signed.replace("— ", " — "), "signature line 1"),
        (signed.replace("— node ", "— node"), "signature line 1"),
        (signed.replace("— node ", "— node  "), "signature line 1"),
        (signed.replace("— node ", "—  "), "signature line 1"),
        (signed.replace("— node ", "— no+de "), "signature line 1"),
        (signed.replace("— node ", "— no\u{a0}de "), "signature line 1"),
        (signed.replace("— node ", "— no\u{3000}de "), "signature line 1"),
        (signed.replace(base64, &base64[1..]), "signature line 1"),
        (signed.replace(base64, base64.trim_end_matches('=')), "signature line 1"),
        (signed.replace(base64, &format!("{base64} ")), "signature line 1"),
        (signed.replace(base64, ""), "signature line 1"),
        (signed.replace(base64, "AAAA"), "signature line 1"),
        (signed.replace(base64, "AAAAAA=="), "signature line 1"), // an id and no signature
        (signed.replace(base64, "AAAAAAB="), "signature line 1"), // a stray bit
        (format!("{signed}not a signature\n"), "signature line 2"),
    ] {
        let error = open(note.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(problem), "{note:?}: {error}");
    }
    let error = open(b"\xff\n\n\xe2\x80\x94 a AAAAAAA=\n").unwrap_err();
    assert_eq!(error, NoteError::NotUtf8 { at: 0 });
    let error = open("text\n\n– node AAAAAAA=\n".as_bytes()).unwrap_err();
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(source, "`– node AAAAAAA=`: it does not start with an em dash and a space");
}

#[test]
fn characters_above_the_control_range_are_text() {
    for text in ["\u{7f}\n", "\u{85}\n", "\u{2028}\n", "\u{feff}烽燧 🔥\n"] {
        let note = sign(text, &[&key("node", 1)]).unwrap();
        assert_eq!(open(note.as_bytes()).unwrap().text, text);
    }
}

#[test]
fn the_limits_hold_to_the_byte() {
    let spare = sign("\n", &[&key("node", 1)]).unwrap().len();
    let text = |bytes: usize| "x".repeat(bytes - spare) + "\n";
    let longest = sign(&text(MAX_NOTE_BYTES), &[&key("node", 1)]).unwrap();
    assert_eq!(longest.len(), MAX_NOTE_BYTES);
    assert!(open(longest.as_bytes()).is_ok());
    let bytes = MAX_NOTE_BYTES + 1;
    assert_eq!(sign(&text(bytes), &[&key("node", 1)]), Err(NoteError::Long { bytes }));
    assert_eq!(open(format!("x{longest}").as_bytes()), Err(NoteError::Long { bytes }));
    assert_eq!(open(&vec![0xff; bytes]), Err(NoteError::Long { bytes }));

    let line = |seed: u8| key("k", seed).signature(TEXT);
    let lines: Vec<NoteSignature> = (1..=100).map(line).collect();
    let note = assemble(TEXT, &lines).unwrap();
    assert_eq!(open(note.as_bytes()), Err(NoteError::Untrusted));
    let author = key("node", 1).signature(TEXT);
    assert_eq!(add_signature(&note, &author), Err(NoteError::TooManySignatures));
    assert_eq!(open(format!("{note}{author}\n").as_bytes()), Err(NoteError::TooManySignatures));
    let replaced = add_signature(&note, &line(100)).unwrap();
    assert_eq!(replaced, note);
    assert!(Note::open(replaced.as_bytes(), &[key("k", 100).verifier_key().clone()]).is_ok());
}

#[test]
fn what_cannot_be_a_note_is_not_signed() {
    for (text, error) in [
        ("", NoteError::TextEnd),
        ("no newline", NoteError::TextEnd),
        ("a\tb\n", NoteError::ControlCharacter { at: 1, code: 9 }),
        ("a\r\n", NoteError::ControlCharacter { at: 1, code: 13 }),
    ] {
        assert_eq!(sign(text, &[&key("node", 1)]), Err(error), "{text:?}");
    }
    assert_eq!(sign(TEXT, &[]), Err(NoteError::NoSignatures));
    let empty = NoteSignature { bytes: Vec::new(), ..key("node", 1).signature(TEXT) };
    let good = key("node", 1).signature(TEXT);
    assert!(matches!(assemble(TEXT, &[good, empty]), Err(NoteError::SignatureLine { line: 2, .. })));
}

#[test]
fn a_cosignature_bears_its_time() {
    let (author, cosigner) = (key("node", 1), witness("witness", 9));
    let note = sign(TEXT, &[&author]).unwrap();
    let note = add_signature(&note, &cosigner.cosignature(TEXT, 1_700_000_000).unwrap()).unwrap();
    let keys = [author.verifier_key().clone(), cosigner.verifier_key().clone()];
    let opened = Note::open(note.as_bytes(), &keys).unwrap();
    assert_eq!(opened.verified[1].timestamp_s, Some(1_700_000_000));
    assert_eq!(opened.verified[1].signature_type, SignatureType::COSIGNATURE);

    // Another time under the same signature is a wrong signature.
    let mut moved = cosigner.cosignature(TEXT, 1_700_000_000).unwrap();
    moved.bytes[7] ^= 1;
    let note = add_signature(&note, &moved).unwrap();
    assert!(matches!(Note::open(note.as_bytes(), &keys), Err(NoteError::WrongSignature { .. })));

    assert!(cosigner.cosignature(TEXT, i64::MAX as u64).is_ok());
    let error = cosigner.cosignature(TEXT, 1 << 63).unwrap_err().to_string();
    assert_eq!(error, "cannot cosign at 9223372036854775808 s: the limit is 2^63 - 1");
}

#[test]
fn a_cosignature_beyond_time_is_wrong_however_it_is_signed() {
    use ed25519_dalek::Signer as _;

    let late = 1_u64 << 63;
    let cosigner = witness("witness", 9);
    let secret = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let mut bytes = late.to_be_bytes().to_vec();
    bytes.extend_from_slice(
        &secret.sign(format!("cosignature/v1\ntime {late}\n{TEXT}").as_bytes()).to_bytes(),
    );
    let signature = NoteSignature { name: name("witness"), key_id: cosigner.verifier_key().id(), bytes };
    let note = assemble(TEXT, &[signature]).unwrap();
    let error = Note::open(note.as_bytes(), &[cosigner.verifier_key().clone()]).unwrap_err();
    assert!(matches!(error, NoteError::WrongSignature { .. }), "{error}");
}

#[test]
fn a_key_serves_one_algorithm() {
    // The same seed and name make two keys; neither answers for the other.
    let (author, cosigner) = (key("node", 1), witness("node", 1));
    assert_ne!(author.verifier_key().id(), cosigner.verifier_key().id());
    let note = assemble(TEXT, &[cosigner.cosignature(TEXT, 5).unwrap()]).unwrap();
    assert_eq!(open(note.as_bytes()), Err(NoteError::Untrusted));
    let mut posing = cosigner.cosignature(TEXT, 5).unwrap();
    posing.key_id = author.verifier_key().id();
    let note = assemble(TEXT, &[posing]).unwrap();
    assert!(matches!(open(note.as_bytes()), Err(NoteError::WrongSignature { .. })));
}

#[test]
fn verifier_keys_have_one_spelling() {
    let text = key("node", 1).verifier_key().to_string();
    assert_eq!(text.parse::<VerifierKey>().unwrap(), *key("node", 1).verifier_key());
    let (_, rest) = text.split_once('+').unwrap();
    let (id, base64) = rest.split_once('+').unwrap();
    for bad in [
        String::new(),
        "node".to_owned(),
        format!("node+{id}"),
        format!("node+{id}+"),
        format!("+{id}+{base64}"),
        format!("no de+{id}+{base64}"),
        format!("node+{}+{base64}", id.to_uppercase()),
        format!("node+{}+{base64}", &id[1..]),
        format!("node+0{id}+{base64}"),
        format!("node++{}+{base64}", &id[1..]),
        format!("node+{id}+{}", base64.trim_end_matches('=').to_owned() + "\n"),
        format!("node+{id}+{base64}AAAA"),
        format!("node+{id}+{base64}+"),
        format!("node+{id}+AQ=="),
        format!("node+{id}+BA=="),
        format!("node+{id}+Bg=="),
        format!("node+{id}+{}", "A".repeat(MAX_VERIFIER_KEY_BYTES)),
        format!("other+{id}+{base64}"),
        format!("node+00000000+{base64}"),
    ] {
        assert!(bad.parse::<VerifierKey>().is_err(), "{bad}");
    }
    let error = format!("other+{id}+{base64}").parse::<VerifierKey>().unwrap_err().to_string();
    assert!(error.starts_with(&format!("the verifier key of `other` states the id {id}, but")), "{error}");
}

#[test]
fn keys_under_which_anything_verifies_are_refused() {
    let weak: [[u8; 32]; 3] = [
        [0; 32],                                     // order 4
        std::array::from_fn(|at| u8::from(at == 0)), // the identity
        std::array::from_fn(|at| {
            if at == 0 {
                0xec
            } else if at == 31 {
                0x7f
            } else {
                0xff
            }
        }), // order 2
    ];
    for public in weak {
        for made in
            [VerifierKey::ed25519(name("node"), &public), VerifierKey::cosignature(name("node"), &public)]
        {
            assert_eq!(made, Err(KeyError::Ed25519 { name: name("node") }), "{public:?}");
        }
    }
    let no_point = std::array::from_fn(|at| if at == 0 { 2 } else { 0 });
    assert!(VerifierKey::ed25519(name("node"), &no_point).is_err());
}

#[test]
fn names_follow_the_rules() {
    for good in ["a", "example.com/log-1", "烽燧", "—", &"x".repeat(255)] {
        assert!(good.parse::<KeyName>().is_ok(), "{good}");
    }
    for bad in [
        "",
        " ",
        "a b",
        "a+b",
        "a\n",
        "a\tb",
        "a\u{85}",
        "a\u{2003}b",
        "\u{1680}",
        "a\u{1}",
        &"x".repeat(256),
    ] {
        assert!(bad.parse::<KeyName>().is_err(), "{bad:?}");
    }
}

#[test]
fn secrets_are_wiped_and_never_printed() {
    fn is_wiped<T: zeroize::ZeroizeOnDrop>() {}
    is_wiped::<ed25519_dalek::SigningKey>();

    let seed: [u8; 32] = std::array::from_fn(|at| 0xa0 + u8::try_from(at).unwrap());
    let (author, cosigner) =
        (SigningKey::from_seed(name("node"), &seed), CosigningKey::from_seed(name("node"), &seed));
    assert_eq!(format!("{author:?}"), format!("SigningKey({})", author.verifier_key()));
    assert_eq!(format!("{cosigner:?}"), format!("CosigningKey({})", cosigner.verifier_key()));
}

proptest! {
    #[test]
    fn any_signed_text_opens_again(text in "[^\\x00-\\x1f]{0,40}(\n[^\\x00-\\x1f]{0,40}){0,4}\n", seed: u8) {
        let author = key("node", seed);
        let note = sign(&text, &[&author]).unwrap();
        let opened = Note::open(note.as_bytes(), &[author.verifier_key().clone()]).unwrap();
        prop_assert_eq!(opened.text, text);
    }

    #[test]
    fn any_flipped_bit_is_found(bit in any::<prop::sample::Index>()) {
        let mut note = sign(TEXT, &[&key("node", 1)]).unwrap().into_bytes();
        let bit = bit.index(note.len() * 8);
        note[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(open(&note).is_err(), "bit {}: {:?}", bit, String::from_utf8_lossy(&note));
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "(\n|— |node|\\+|[A-Za-z=]| ){0,40}") {
        let _ = open(&bytes);
        let _ = open(text.as_bytes());
        let _ = text.parse::<VerifierKey>();
        if let Ok(signature) = text.parse::<NoteSignature>() {
            prop_assert_eq!(signature.to_string(), text);
        }
    }
}

#[test]
fn every_flipped_bit_of_a_note_is_found() {
    let note = sign(TEXT, &[&key("node", 1)]).unwrap();
    for bit in 0..note.len() * 8 {
        let mut bad = note.clone().into_bytes();
        bad[bit / 8] ^= 1 << (bit % 8);
        assert!(open(&bad).is_err(), "bit {bit}");
    }
}
