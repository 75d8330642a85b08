use proptest::prelude::*;

use super::*;
use crate::peaks::Peaks;

/// The eight entries that Certificate Transparency implementations share as test leaves.
const LEAVES: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];

/// The roots of the trees over the first 1 to 8 of them.
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

#[test]
fn shared_test_leaves_have_the_published_roots() {
    let mut peaks = Peaks::default();
    for (leaf, root) in LEAVES.iter().zip(ROOTS) {
        peaks.push(leaf_hash(leaf));
        assert_eq!(peaks.root().map(Hash::to_hex).as_deref(), Some(root), "{} leaves", peaks.count());
    }
}

#[test]
fn the_empty_root_is_the_hash_of_nothing() {
    assert_eq!(EMPTY_ROOT, Hash(Sha256::digest(b"").into()));
    assert_eq!(EMPTY_ROOT.to_hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

#[test]
fn a_leaf_is_never_a_node() {
    let (left, right) = (leaf_hash(b"left"), leaf_hash(b"right"));
    let children = [left.0, right.0].concat();
    assert_ne!(leaf_hash(&children), node_hash(left, right));
    assert_ne!(node_hash(left, right), node_hash(right, left));
}

#[test]
fn a_hash_has_one_text_in_each_form() {
    let hex = EMPTY_ROOT.to_hex();
    for bad in
        ["", "e3", &hex.to_uppercase(), &format!("{hex}0"), &format!("g{}", &hex[1..]), &"é".repeat(32)]
    {
        assert!(Hash::from_hex(bad).is_err(), "{bad}");
    }
    let base64 = EMPTY_ROOT.to_base64();
    assert_eq!(base64, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    for bad in [
        "",
        "47DE",
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU", // no padding
        "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=", // the alphabet of URLs
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=", // a stray bit behind the last byte
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", // a line end
        " 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFVV", // 33 bytes
    ] {
        assert!(Hash::from_base64(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_bad_hash_is_quoted_short_and_safe() {
    let error = Hash::from_hex(&"\u{1b}[31m".repeat(100)).unwrap_err().to_string();
    assert!(error.starts_with("`\\u{1b}[31m"), "{error}");
    assert!(error.len() < 800 && !error.contains('\u{1b}'), "{error}");
}

proptest! {
    #[test]
    fn texts_lead_back_to_the_hash(bytes: [u8; 32]) {
        let hash = Hash(bytes);
        prop_assert_eq!(Hash::from_hex(&hash.to_hex()), Ok(hash));
        prop_assert_eq!(Hash::from_base64(&hash.to_base64()), Ok(hash));
        prop_assert_eq!(hash.to_string(), hash.to_hex());
    }
}
