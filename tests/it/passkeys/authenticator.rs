//! A phone, computer or security key with passkeys, and the browser in front of it: what both send when a page's
//! script asks (WebAuthn Level 3), and what they send that no page asked for.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use byline_shared::crypto::random;
use serde_json::{Value, json};

pub(crate) const PRESENT: u8 = 0x01;
pub(crate) const VERIFIED: u8 = 0x04;
const CREDENTIAL: u8 = 0x40;
pub(crate) const EXTENSIONS: u8 = 0x80;

/// What an attacker changes of one, in words and in code.
pub(crate) type Change = (&'static str, fn(&mut Authenticator));

/// One passkey on its device. Every field can be changed to what an attacker would send.
pub(crate) struct Authenticator {
    key: EcdsaKeyPair,
    pub(crate) id: Vec<u8>,
    pub(crate) user: String,
    pub(crate) site: String,
    pub(crate) origin: String,
    pub(crate) purpose: Option<&'static str>,
    pub(crate) framed: bool,
    pub(crate) flags: u8,
    /// What it says that a new passkey's data hold.
    pub(crate) announced: u8,
    pub(crate) count: u32,
}

fn text(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

impl Authenticator {
    /// A device that a page at this origin may ask.
    pub(crate) fn at(origin: &str) -> Self {
        Self {
            key: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap(),
            id: random::bytes::<32>().to_vec(),
            user: String::new(),
            site: url::Url::parse(origin).unwrap().host_str().unwrap().to_owned(),
            origin: origin.to_owned(),
            purpose: None,
            framed: false,
            flags: PRESENT | VERIFIED,
            announced: CREDENTIAL,
            count: 0,
        }
    }

    /// The answer to `navigator.credentials.create`, as the script of the page sends it.
    pub(crate) fn create(&mut self, options: &Value) -> String {
        self.user = options["user"]["id"].as_str().unwrap().to_owned();
        let point = self.key.public_key().as_ref();
        let length = u16::try_from(self.id.len()).unwrap().to_be_bytes();
        let mut data = self.data(self.announced);
        data.extend([0; 16]);
        data.extend([&length[..], &self.id].concat());
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend([&point[1..33], &[0x22, 0x58, 0x20], &point[33..]].concat());
        let client = self.client("webauthn.create", options);
        let answer = json!({
            "id": text(&self.id),
            "client_data": text(client.as_bytes()),
            "authenticator_data": text(&data),
        });
        answer.to_string()
    }

    /// The answer to `navigator.credentials.get`.
    pub(crate) fn get(&self, options: &Value) -> String {
        let data = self.data(0);
        let client = self.client("webauthn.get", options);
        let signed = [&data[..], digest(&SHA256, client.as_bytes()).as_ref()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        let answer = json!({
            "id": text(&self.id),
            "client_data": text(client.as_bytes()),
            "authenticator_data": text(&data),
            "signature": text(signature.as_ref()),
            "user_handle": self.user,
        });
        answer.to_string()
    }

    fn data(&self, more: u8) -> Vec<u8> {
        let site = digest(&SHA256, self.site.as_bytes());
        let flags = [self.flags | more];
        [site.as_ref(), &flags, &self.count.to_be_bytes()].concat()
    }

    fn client(&self, purpose: &str, options: &Value) -> String {
        let client = json!({
            "type": self.purpose.unwrap_or(purpose),
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": self.framed,
        });
        client.to_string()
    }
}
