//! Builds the crate again when a plan pack gains or loses a file; `include_dir!` only sees changed ones.

fn main() {
    println!("cargo::rerun-if-changed=../../scenarios");
}
