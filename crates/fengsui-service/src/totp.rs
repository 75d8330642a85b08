//! One-time codes by time (RFC 6238: HMAC-SHA-1, 30 seconds, 6 digits), each used once.

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha1::Sha1;

/// Seconds of one step.
const STEP_S: i64 = 30;
/// Steps to either side that count, for clocks that differ.
const DRIFT: i64 = 1;
/// Bytes of a secret: the length of a SHA-1 hash (RFC 4226, section 4).
pub const SECRET_BYTES: usize = 20;

/// The step a code is right for, if it is right at `now`.
pub fn matching_step(secret: &[u8], code: &str, now: Timestamp) -> Option<i64> {
    let step = now.as_second().div_euclid(STEP_S);
    let given: u32 = code.parse().ok().filter(|_| code.len() == 6)?;
    (step - DRIFT..=step + DRIFT).find(|step| self::code(secret, *step) == given)
}

/// The code of a step.
pub fn code(secret: &[u8], step: i64) -> u32 {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 0x0f);
    let word = [hash[at] & 0x7f, hash[at + 1], hash[at + 2], hash[at + 3]];
    u32::from_be_bytes(word) % 1_000_000
}

/// A secret as people type it: Base32 (RFC 4648) without padding.
pub fn base32(secret: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: Vec<u8> = secret.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    let letters = bits.chunks(5).map(|chunk| {
        let value = chunk.iter().fold(0, |value, bit| value << 1 | bit) << (5 - chunk.len());
        char::from(ALPHABET[usize::from(value)])
    });
    letters.collect()
}

/// The address that authenticator programs read from a QR code.
pub fn uri(secret: &[u8], name: &str) -> String {
    format!(
        "otpauth://totp/Fengsui:{name}?secret={}&issuer=Fengsui&algorithm=SHA1&digits=6&period=30",
        base32(secret)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, cut to six digits.
    #[test]
    fn codes_of_the_rfc() {
        let secret = b"12345678901234567890";
        for (seconds, expected) in [
            (59, 287_082),
            (1_111_111_109, 81_804),
            (1_111_111_111, 50_471),
            (1_234_567_890, 5_924),
            (2_000_000_000, 279_037),
        ] {
            assert_eq!(code(secret, seconds / STEP_S), expected, "at {seconds}");
        }
    }

    #[test]
    fn a_code_is_right_for_one_step_to_either_side() {
        let secret = b"12345678901234567890";
        for (offset, fits) in [(0, true), (30, true), (-30, true), (60, false), (-60, false)] {
            let now = Timestamp::from_second(59 + offset).unwrap();
            assert_eq!(matching_step(secret, "287082", now).is_some(), fits, "{offset} s off");
        }
        assert_eq!(matching_step(secret, "28708", Timestamp::from_second(59).unwrap()), None);
        assert_eq!(matching_step(secret, "+87082", Timestamp::from_second(59).unwrap()), None);
    }

    /// RFC 4648, section 10, without padding.
    #[test]
    fn base32_of_the_rfc() {
        for (plain, written) in
            [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!(base32(plain.as_bytes()), written);
        }
    }
}
