//! The scenarios built into the program.

use include_dir::{Dir, include_dir};

/// One file each.
static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../scenarios");

/// A scenario file of ours.
#[derive(Clone, Copy, Debug)]
pub struct ShippedScenario {
    /// Its name, without `.yaml`.
    pub name: &'static str,
    /// Its bytes.
    pub bytes: &'static [u8],
}

/// All of them, by name.
pub fn all() -> Vec<ShippedScenario> {
    let mut all: Vec<ShippedScenario> = SHIPPED.files().filter_map(shipped).collect();
    all.sort_by_key(|scenario| scenario.name);
    all
}

/// The one of this name.
pub fn get(name: &str) -> Option<ShippedScenario> {
    all().into_iter().find(|scenario| scenario.name == name)
}

fn shipped(file: &'static include_dir::File<'static>) -> Option<ShippedScenario> {
    Some(ShippedScenario { name: file.path().to_str()?.strip_suffix(".yaml")?, bytes: file.contents() })
}
