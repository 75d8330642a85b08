//! Builds the crate again when a scenario is added or removed; `include_dir!` only sees changed ones.

fn main() {
    println!("cargo::rerun-if-changed=../../scenarios");
}
