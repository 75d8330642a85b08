//! The ledger crate from the outside: what an independent verifier would use, and nothing else.

#![expect(clippy::unwrap_used, reason = "a test fails by it; clippy.toml's allowance does not reach helpers")]

mod oracle;
mod stated;
mod tamper;
