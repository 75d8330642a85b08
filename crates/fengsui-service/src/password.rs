//! Passwords: Argon2id with the parameters RFC 9106 recommends for 64 MiB.

use argon2::password_hash::{CustomizedPasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::environment::Environment;
use crate::error::{Error, Result};

/// Shortest password, in characters (NIST SP 800-63B-4, single factor).
pub const MIN_CHARS: usize = 12;
/// Longest password, in characters; longer ones cost time, not safety.
pub const MAX_CHARS: usize = 128;
/// Memory of one hash: 64 MiB (RFC 9106, second recommended option).
const MEMORY_KIB: u32 = 64 * 1024;
/// Passes over the memory.
const PASSES: u32 = 3;
/// Lanes; two cores hash two.
const LANES: u32 = 1;
/// Passwords so common that length does not help.
const COMMON: &[&str] = &["password", "qwerty", "123456", "letmein", "admin", "fengsui", "welcome"];

/// The stored form of a password.
///
/// # Errors
/// [`Error::Invalid`] if it is too short, too long, or little more than a common one or the name.
pub fn hash(password: &str, name: &str, environment: &Environment) -> Result<String> {
    check(password, name)?;
    let salt = environment.bytes::<16>();
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("the constants are valid parameters");
    let hashed = Argon2::default()
        .hash_password_customized(password.as_bytes(), &salt, Some("argon2id"), None, params)
        .map_err(|error| Error::Invalid { field: "password", problem: error.to_string() })?;
    Ok(hashed.to_string())
}

/// Whether a password is the one that was stored.
pub fn verify(password: &str, stored: &str) -> bool {
    let Ok(hash) = PasswordHash::new(stored) else { return false };
    if password.chars().count() > MAX_CHARS {
        return false;
    }
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default());
    argon2.verify_password(password.as_bytes(), &hash).is_ok()
}

fn check(password: &str, name: &str) -> Result<()> {
    let invalid = |problem: &str| Err(Error::Invalid { field: "password", problem: problem.to_owned() });
    let chars = password.chars().count();
    if chars < MIN_CHARS {
        return invalid(
            "it must have at least 12 characters; four words are easier to keep than one with signs",
        );
    }
    if chars > MAX_CHARS {
        return invalid("it must have at most 128 characters");
    }
    let mut rest = password.to_lowercase();
    for known in COMMON.iter().copied().chain([name]).filter(|known| !known.is_empty()) {
        rest = rest.replace(known, "");
    }
    let different: std::collections::BTreeSet<char> = rest.chars().collect();
    if rest.chars().count() < 6 || different.len() < 4 {
        return invalid("it is little more than a common password, the name or one sign repeated");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused() {
        for (password, fits) in [
            ("short", false),
            ("password1234", false),
            ("zhangwei-zhangwei", false),
            ("aaaaaaaaaaaaaaaa", false),
            ("correct horse battery staple", true),
            ("烽火连三月家书抵万金城春草木深", true),
        ] {
            assert_eq!(check(password, "zhangwei").is_ok(), fits, "{password:?}");
        }
    }

    #[test]
    fn a_stored_password_verifies_and_no_other_does() {
        let stored = hash("correct horse battery", "wei", &Environment::system()).unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"), "{stored}");
        assert!(verify("correct horse battery", &stored));
        assert!(!verify("correct horse batterx", &stored));
        assert!(!verify("correct horse battery", "$argon2id$broken"));
    }
}
