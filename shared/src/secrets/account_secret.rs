//! The account secret: protects the data of accounts at rest.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use aws_lc_rs::hmac;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine};
use serde::{Deserialize, Serialize};

use super::Secrets;
use crate::crypto::random;
use crate::http::problem::Problem;

/// The secret, ready for use: one random value and a key of it for each purpose (RFC 5869).
pub struct AccountSecret {
    /// Goes into password hashes where the deployment wants it.
    pub(crate) pepper: [u8; 32],
    /// Makes device tokens.
    pub(crate) device_key: hmac::Key,
    /// Makes the refresh tokens of OAuth clients.
    pub(crate) client_key: hmac::Key,
    /// Makes the cookies and form tokens of the pages of `/oauth/authorize`.
    pub(crate) page_key: hmac::Key,
    sealing_key: LessSafeKey,
}

/// The secret as the parameter holds it, in JSON.
#[derive(Serialize, Deserialize)]
struct Stored {
    /// 32 bytes, base64.
    master: String,
}

impl Secrets {
    /// The account secret, read once per process and created at its first use.
    ///
    /// # Errors
    /// 503 while the parameter store does not answer.
    pub async fn account(&self) -> Result<&AccountSecret, Problem> {
        self.account.get_or_try_init(|| self.load_account()).await
    }

    async fn load_account(&self) -> Result<AccountSecret, Problem> {
        let name = &self.account_parameter;
        if let Some(stored) = self.parameters.read::<Stored>(name).await? {
            return AccountSecret::from_stored(&stored);
        }
        let created = Stored { master: BASE64_STANDARD.encode(random::bytes::<32>()) };
        self.parameters.create(name, &created).await?;
        // Another function may have created it first.
        let stored = self.parameters.read::<Stored>(name).await?;
        let missing = || Problem::internal("the account secret is gone again");
        AccountSecret::from_stored(&stored.ok_or_else(missing)?)
    }
}

impl AccountSecret {
    fn from_stored(stored: &Stored) -> Result<Self, Problem> {
        let master = BASE64_STANDARD.decode(&stored.master).unwrap_or_default();
        if master.len() != 32 {
            return Err(Problem::internal("the account secret cannot be read"));
        }
        let master = Salt::new(HKDF_SHA256, b"byline account secret").extract(&master);
        let sealing_key = UnboundKey::new(&AES_256_GCM, &derive(&master, b"totp"))
            .map_err(|_| Problem::internal("a derived key has the wrong length"))?;
        Ok(Self {
            pepper: derive(&master, b"pepper"),
            device_key: hmac::Key::new(hmac::HMAC_SHA256, &derive(&master, b"device")),
            client_key: hmac::Key::new(hmac::HMAC_SHA256, &derive(&master, b"client")),
            page_key: hmac::Key::new(hmac::HMAC_SHA256, &derive(&master, b"page")),
            sealing_key: LessSafeKey::new(sealing_key),
        })
    }

    /// Encrypts what must be read again (AES-256-GCM under a random nonce), bound to `context`.
    pub(crate) fn seal(&self, context: &str, secret: &[u8]) -> Result<String, Problem> {
        let nonce = random::bytes::<NONCE_LEN>();
        let mut sealed = secret.to_vec();
        self.sealing_key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(context.as_bytes()),
                &mut sealed,
            )
            .map_err(|_| Problem::internal("a secret cannot be sealed"))?;
        Ok(BASE64_URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// Decrypts what [`AccountSecret::seal`] made in the same `context`.
    pub(crate) fn open(&self, context: &str, sealed: &str) -> Result<Vec<u8>, Problem> {
        let unreadable = || Problem::internal("a sealed secret cannot be opened");
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(sealed).map_err(|_| unreadable())?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LEN>().ok_or_else(unreadable)?;
        let mut secret = sealed.to_vec();
        let aad = Aad::from(context.as_bytes());
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = self.sealing_key.open_in_place(nonce, aad, &mut secret);
        opened.map(|secret| secret.to_vec()).map_err(|_| unreadable())
    }
}

struct Bytes32;

impl KeyType for Bytes32 {
    fn len(&self) -> usize {
        32
    }
}

fn derive(master: &Prk, purpose: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    master
        .expand(&[purpose], Bytes32)
        .and_then(|key_material| key_material.fill(&mut key))
        .expect("32 bytes are within what HKDF gives");
    key
}
