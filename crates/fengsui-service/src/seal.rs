//! Sealing single fields: AES-256-GCM-SIV under the node's field key, bound to the record it stands in.

use aes_gcm_siv::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use fengsui_domain::event::Sealed;

use crate::environment::Environment;

/// Bytes of a nonce (RFC 8452).
const NONCE_BYTES: usize = 12;

/// The node's field key. `Debug` shows nothing of it.
pub struct FieldKey(Aes256GcmSiv);

impl std::fmt::Debug for FieldKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FieldKey(…)")
    }
}

impl FieldKey {
    /// The key with these bytes.
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(Aes256GcmSiv::new(bytes.into()))
    }

    /// Seals a text for one place (`event/ID/reporter`); it opens only there.
    pub fn seal(&self, place: &str, text: &str, environment: &Environment) -> Sealed {
        let nonce = environment.bytes::<NONCE_BYTES>();
        let payload = Payload { msg: text.as_bytes(), aad: place.as_bytes() };
        let sealed = self.0.encrypt(&Nonce::from(nonce), payload).expect("a short text always encrypts");
        Sealed(STANDARD_NO_PAD.encode([&nonce[..], &sealed].concat()))
    }

    /// Opens what was sealed for the same place with the same key.
    pub fn open(&self, place: &str, sealed: &Sealed) -> Option<String> {
        let bytes = STANDARD_NO_PAD.decode(&sealed.0).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().ok()?;
        let payload = Payload { msg: sealed, aad: place.as_bytes() };
        String::from_utf8(self.0.decrypt(&Nonce::from(nonce), payload).ok()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_opens_only_in_its_place_and_with_its_key() {
        let environment = Environment::system();
        let key = FieldKey::new(&[7; 32]);
        let sealed = key.seal("event/1/reporter", "张三 13900000000", &environment);
        assert_eq!(key.open("event/1/reporter", &sealed).as_deref(), Some("张三 13900000000"));
        assert_eq!(key.open("event/2/reporter", &sealed), None);
        assert_eq!(FieldKey::new(&[8; 32]).open("event/1/reporter", &sealed), None);
        assert_eq!(key.open("event/1/reporter", &Sealed("AAAA".into())), None);
        assert!(!format!("{key:?} {sealed:?}").contains("13900000000"));
    }
}
