//! Entry bundles from a mirror: nothing panics, and what decodes encodes to the same bytes.
#![no_main]

use fengsui_ledger::{Width, entries};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u16, &[u8])| {
    let (width, bundle) = input;
    let Some(width) = Width::new(width) else { return };
    if let Ok(decoded) = entries::decode(bundle, width) {
        assert_eq!(decoded.len(), usize::from(width.get()));
        assert_eq!(entries::encode(decoded).expect("decoded entries fit"), bundle);
    }
});
