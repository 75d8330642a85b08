//! Tile paths as they come in a request: nothing panics, and what parses has one spelling.
#![no_main]

use fengsui_ledger::TilePath;
use fengsui_ledger::tile::{MAX_LEVEL, MAX_PATH_BYTES};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|path: &str| {
    if let Ok(parsed) = path.parse::<TilePath>() {
        assert_eq!(parsed.to_string(), path);
        assert!(path.len() <= MAX_PATH_BYTES && path.is_ascii() && !path.contains(".."));
        let (TilePath::Hashes { width, .. } | TilePath::Entries { width, .. }) = parsed;
        assert!((1..=256).contains(&width.get()));
        if let TilePath::Hashes { tile, .. } = parsed {
            assert!(tile.level <= MAX_LEVEL);
            let _ = (tile.width_in(u64::MAX), tile.first_entry_at(255), tile.to_string());
        }
    }
});
