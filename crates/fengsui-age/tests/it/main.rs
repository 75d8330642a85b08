//! The format against itself, against damage, and against the `age` of Debian.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod age;
mod files;
