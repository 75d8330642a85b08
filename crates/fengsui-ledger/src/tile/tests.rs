use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::hash::{EMPTY_ROOT, leaf_hash};
use crate::reference::{head, leaves, mth, tiles};

fn id(level: u8, index: u64) -> TileId {
    TileId { level, index }
}

/// A stored tree grown by steps of the given sizes.
fn grown(steps: &[u64]) -> (Tiles, BTreeMap<TileId, Vec<u8>>) {
    let (mut tree, mut stored) = (Tiles::new(), BTreeMap::new());
    let all = leaves(steps.iter().sum());
    let mut rest = all.as_slice();
    for step in steps {
        let (now, later) = rest.split_at(usize::try_from(*step).unwrap());
        store(&mut stored, tree.extend(now).unwrap());
        rest = later;
    }
    (tree, stored)
}

fn store(stored: &mut BTreeMap<TileId, Vec<u8>>, changed: Vec<Tile>) {
    for tile in changed {
        assert!(tile.width().is_some());
        stored.insert(tile.id, tile.hashes);
    }
}

#[test]
fn every_size_has_the_root_and_the_tiles_of_the_reference() {
    let all = leaves(600);
    let (mut tree, mut stored) = (Tiles::new(), BTreeMap::new());
    for size in 0..=600_u64 {
        let now = usize::try_from(size).unwrap();
        assert_eq!(tree.size(), size);
        assert_eq!(tree.root(), mth(&all[..now]), "root of {size}");
        assert_eq!(stored, tiles(size), "tiles of {size}");
        let listed: BTreeMap<TileId, usize> = tiles_of(size).map(|(id, width)| (id, width.bytes())).collect();
        let held: BTreeMap<TileId, usize> = stored.iter().map(|(id, hashes)| (*id, hashes.len())).collect();
        assert_eq!(listed, held, "list of {size}");
        assert_eq!(Tiles::resume(size, &stored), Ok(tree.clone()), "resumed at {size}");
        if let Some(leaf) = all.get(now) {
            let changed = tree.append(*leaf).unwrap();
            assert!(changed.is_sorted_by_key(|tile| tile.id));
            let added: Vec<TileId> = tiles_added(size, size + 1).map(|(id, _)| id).collect();
            assert_eq!(changed.iter().map(|tile| tile.id).collect::<Vec<_>>(), added, "changed at {size}");
            store(&mut stored, changed);
        }
    }
}

#[test]
fn the_example_of_the_format_has_its_tiles() {
    let list: Vec<(TileId, u16)> = tiles_of(70_000).map(|(id, width)| (id, width.get())).collect();
    assert_eq!(list.len(), 273 + 1 + 1 + 1 + 1);
    assert!(list[..273].iter().zip(0..).all(|(tile, index)| *tile == (id(0, index), 256)));
    assert_eq!(list[273..], [(id(0, 273), 112), (id(1, 0), 256), (id(1, 1), 17), (id(2, 0), 1)]);
    assert_eq!(
        right_edge(70_000).map(|(id, width)| (id, width.get())).collect::<Vec<_>>(),
        [(id(0, 273), 112), (id(1, 1), 17), (id(2, 0), 1)]
    );
    assert_eq!(
        tiles_of(256).map(|(id, width)| (id, width.get())).collect::<Vec<_>>(),
        [(id(0, 0), 256), (id(1, 0), 1)]
    );
    assert_eq!(right_edge(0).count() + tiles_of(0).count(), 0);
}

#[test]
fn a_large_tree_grows_as_its_reference() {
    let (tree, stored) = grown(&[65_535, 1, 300, 0, 200]);
    assert_eq!(tree.root(), head(66_036).root);
    assert_eq!(stored, tiles(66_036));
    assert_eq!(Tiles::resume(66_036, &stored), Ok(tree));
}

#[test]
fn widths_at_the_borders() {
    for (tile, size, width) in [
        (id(0, 0), 0, None),
        (id(0, 0), 1, Some(1)),
        (id(0, 0), 256, Some(256)),
        (id(0, 1), 256, None),
        (id(0, 1), 257, Some(1)),
        (id(1, 0), 255, None),
        (id(1, 0), 256, Some(1)),
        (id(7, 0), MAX_TREE_SIZE, Some(127)),
        (id(7, 1), MAX_TREE_SIZE, None),
        (id(8, 0), MAX_TREE_SIZE, None),
        (id(0, (MAX_TREE_SIZE - 1) / 256), MAX_TREE_SIZE, Some(255)),
        (id(0, u64::MAX), u64::MAX, None),
        (id(255, u64::MAX), u64::MAX, None),
    ] {
        assert_eq!(tile.width_in(size).map(Width::get), width, "{tile:?} in {size}");
    }
}

#[test]
fn the_entries_under_a_tile() {
    for (tile, position, first) in [
        (id(0, 0), 0, 0),
        (id(0, 3), 5, 3 * 256 + 5),
        (id(1, 2), 1, (2 * 256 + 1) * 256),
        (id(7, 0), 255, 255 << 56),
        (id(7, 1), 0, u64::MAX),
        (id(8, 0), 0, u64::MAX),
        (id(255, u64::MAX), 255, u64::MAX),
    ] {
        assert_eq!(tile.first_entry_at(position), first, "{tile:?}");
    }
}

#[test]
fn a_tree_resumes_only_from_its_own_edge() {
    let stored = tiles(300);
    for (size, tile, bytes) in [
        (300, id(0, 1), None),
        (300, id(0, 1), Some(43 * 32)),
        (300, id(0, 1), Some(45 * 32)),
        (300, id(0, 1), Some(44 * 32 - 1)),
        (300, id(1, 0), None),
        (300, id(1, 0), Some(0)),
    ] {
        let mut damaged = stored.clone();
        damaged.remove(&tile);
        damaged.extend(bytes.map(|bytes| (tile, vec![7; bytes])));
        let expected = match bytes {
            None => ResumeError::Missing { tile, size },
            Some(bytes) => {
                ResumeError::Width { tile, size, bytes, expected: tile.width_in(size).unwrap().bytes() }
            }
        };
        assert_eq!(Tiles::resume(size, &damaged), Err(expected));
    }
    // An older size does not fit the wider tiles of today: growing from it would fork the ledger.
    assert!(matches!(Tiles::resume(299, &stored), Err(ResumeError::Width { .. })));
    assert_eq!(Tiles::resume(MAX_TREE_SIZE + 1, &stored), Err(ResumeError::Size { size: MAX_TREE_SIZE + 1 }));
}

#[test]
fn an_edge_is_that_of_its_own_tree_only() {
    let stored = tiles(300);
    let tree = Tiles::resume(300, &stored).unwrap();
    assert_eq!(tree.has_edge(&stored), Ok(true));
    for tile in [id(0, 1), id(1, 0)] {
        for change in [|hashes: &mut Vec<u8>| hashes[3] ^= 1, |hashes: &mut Vec<u8>| hashes.truncate(0)] {
            let mut damaged = stored.clone();
            damaged.entry(tile).and_modify(change);
            assert_eq!(tree.has_edge(&damaged), Ok(false));
        }
        let mut cut = stored.clone();
        cut.remove(&tile);
        assert_eq!(tree.has_edge(&cut), Ok(false));
    }
    assert_eq!(Tiles::new().has_edge(&stored), Ok(true));
}

#[test]
fn a_full_ledger_refuses_and_stays_as_it_is() {
    // The right edge of the largest tree but one: any hashes will do to stand at the limit.
    let size = MAX_TREE_SIZE - 1;
    let stored: BTreeMap<TileId, Vec<u8>> =
        right_edge(size).map(|(tile, width)| (tile, vec![tile.level; width.bytes()])).collect();
    let mut tree = Tiles::resume(size, &stored).unwrap();
    let before = tree.clone();
    assert_eq!(tree.extend(&[EMPTY_ROOT; 2]), Err(GrowError { size, more: 2 }));
    assert_eq!(tree, before);
    assert_eq!(tree.append(EMPTY_ROOT).unwrap().len(), 1);
    assert_eq!(tree.size(), MAX_TREE_SIZE);
    let error = tree.append(EMPTY_ROOT).unwrap_err().to_string();
    assert_eq!(
        error,
        "cannot append 1 entries to a ledger of 9223372036854775807: the limit is 9223372036854775807"
    );
}

#[test]
fn paths_have_one_spelling() {
    let full = |level, index| TilePath::Hashes { tile: id(level, index), width: Width::FULL };
    let part =
        |level, index, width| TilePath::Hashes { tile: id(level, index), width: Width::new(width).unwrap() };
    for (path, text) in [
        (full(0, 0), "tile/0/000"),
        (full(0, 999), "tile/0/999"),
        (full(0, 1_000), "tile/0/x001/000"),
        (full(1, 1_234_067), "tile/1/x001/x234/067"),
        (part(0, 67, 5), "tile/0/067.p/5"),
        (part(7, 1_000_000, 255), "tile/7/x001/x000/000.p/255"),
        (full(0, u64::MAX), "tile/0/x018/x446/x744/x073/x709/x551/615"),
        (TilePath::Entries { index: 1_000, width: Width::FULL }, "tile/entries/x001/000"),
        (TilePath::Entries { index: 0, width: Width::new(1).unwrap() }, "tile/entries/000.p/1"),
    ] {
        assert_eq!(path.to_string(), text);
        assert_eq!(text.parse(), Ok(path), "{text}");
    }
    let longest = TilePath::Entries { index: u64::MAX, width: Width::new(255).unwrap() }.to_string();
    assert_eq!(longest.len(), MAX_PATH_BYTES);
    assert!(longest.parse::<TilePath>().is_ok());
}

#[test]
fn other_spellings_are_refused() {
    let prefix = "it does not start with `tile/<level>/` or `tile/entries/`";
    let level = "the level is not a number from 0 to 7 without leading zeros";
    let index = "the index is not written as in `x001/x234/067`";
    let width = "the width is not a number from 1 to 255 without leading zeros";
    for (path, problem) in [
        ("", prefix),
        ("tile", prefix),
        ("tile/", prefix),
        ("tile/0", prefix),
        ("/tile/0/000", prefix),
        ("Tile/0/000", prefix),
        ("tile//000", level),
        ("tile/00/000", level),
        ("tile/+1/000", level),
        ("tile/-1/000", level),
        ("tile/8/000", level),
        ("tile/64/000", level),
        ("tile/256/000", level),
        ("tile/data/000", level),
        ("tile/Entries/000", level),
        ("tile/0/", index),
        ("tile/0/0", index),
        ("tile/0/00", index),
        ("tile/0/0000", index),
        ("tile/0/x000", index),
        ("tile/0/x000/000", index),
        ("tile/0/x000/x001/000", index),
        ("tile/0/001/000", index),
        ("tile/0/X001/000", index),
        ("tile/0/x001//000", index),
        ("tile/0/x001/000/", index),
        ("tile/0/x01/000", index),
        ("tile/0/+01", index),
        ("tile/0/０００", index),
        ("tile/0/..", index),
        ("tile/0/000.p", index),
        ("tile/0/x018/x446/x744/x073/x709/x551/616", index),
        ("tile/0/000.p/", width),
        ("tile/0/000.p/0", width),
        ("tile/0/000.p/01", width),
        ("tile/0/000.p/+1", width),
        ("tile/0/000.p/256", width),
        ("tile/0/000.p/1/", width),
        ("tile/0/000.p/1.p/1", width),
        ("tile/0/000.p/99999999999999999999", width),
    ] {
        let error = path.parse::<TilePath>().unwrap_err().to_string();
        assert_eq!(error, format!("`{path}` is not a tile path: {problem}"));
    }
    let long = format!("tile/entries/{}", "x001/".repeat(9));
    let error = long.parse::<TilePath>().unwrap_err().to_string();
    assert!(error.ends_with("it is longer than 52 bytes"), "{error}");
}

#[test]
fn tiles_are_named_briefly_in_sentences() {
    assert_eq!(id(0, 0).to_string(), "0/000");
    assert_eq!(id(2, 1_234_067).to_string(), "2/x001/x234/067");
}

proptest! {
    #[test]
    fn steps_of_any_size_make_the_same_tree(steps in vec(0_u64..400, 0..6)) {
        let (tree, stored) = grown(&steps);
        let size = steps.iter().sum();
        prop_assert_eq!(tree.root(), head(size).root);
        prop_assert_eq!(stored, tiles(size));
    }

    #[test]
    fn what_was_added_is_what_a_mirror_lacks(old in 0_u64..70_000, more in 0_u64..70_000) {
        let new = old + more;
        let had: BTreeMap<TileId, Width> = tiles_of(old).collect();
        let lacking: Vec<_> = tiles_of(new).filter(|(id, width)| had.get(id) != Some(width)).collect();
        prop_assert_eq!(tiles_added(old, new).collect::<Vec<_>>(), lacking);
        prop_assert_eq!(tiles_added(new, old).count(), 0);
    }

    #[test]
    fn a_tree_resumes_far_out(size in 0..=MAX_TREE_SIZE - 1000, more in 1_usize..1000) {
        let stored: BTreeMap<TileId, Vec<u8>> =
            right_edge(size).map(|(tile, width)| (tile, vec![tile.level; width.bytes()])).collect();
        let mut tree = Tiles::resume(size, &stored).unwrap();
        let mut stored = stored;
        store(&mut stored, tree.extend(&vec![leaf_hash(b"more"); more]).unwrap());
        prop_assert_eq!(Tiles::resume(tree.size(), &stored), Ok(tree));
    }

    #[test]
    fn a_path_that_parses_is_its_own_spelling(path in "tile/([0-9]{1,2}|entries)/(x?[0-9]{3}/){0,3}[0-9]{2,4}(\\.p/[0-9]{1,3})?") {
        if let Ok(parsed) = path.parse::<TilePath>() {
            prop_assert_eq!(parsed.to_string(), path);
        }
    }
}
