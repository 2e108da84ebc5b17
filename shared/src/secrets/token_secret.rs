//! The secret that tokens are made with. It stands in the parameter store as a `SecureString`,
//! readable by issuing functions alone; the first of them to need it makes it.
//!
//! It holds several signing keys, each with the time from which it signs. A new key is there, and
//! its public half published, an hour before: by then everybody who verifies has seen it. What is
//! pending, active or retiring follows from these times alone, so no step can be missed.

use std::sync::Arc;

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine};
use jsonwebtoken::EncodingKey;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use super::parameter::Parameters;
use crate::clock::Clock;
use crate::crypto::random;
use crate::http::problem::Problem;
use crate::model::{KeyId, Time};
use crate::store::Store;
use crate::store::signing_keys::SigningKeyItem;

/// A key signs for this long before another one takes its place, in seconds: 90 days.
const SIGNS_FOR: i64 = 90 * 24 * 3600;

/// A new key is published this long before it signs, in seconds: an hour, which is more than any
/// cache of public keys and of the secret holds.
const PENDING: i64 = 3600;

/// A key that signs no more is published for this long, in seconds: an hour, which is more than an
/// access token lives.
const RETIRING: i64 = 3600;

/// How long a process uses the secret as it read it, in seconds.
const CACHED: i64 = 300;

/// The secret, ready for use.
pub struct TokenSecret {
    /// Makes refresh tokens.
    pub refresh_key: hmac::Key,
    keys: Vec<SigningKey>,
    read_at: Time,
}

/// A key that signs access tokens (ES256).
pub struct SigningKey {
    /// Names it in tokens.
    pub id: KeyId,
    /// The key.
    pub key: EncodingKey,
    use_from: Time,
}

/// The secret as the parameter holds it, in JSON.
#[derive(Serialize, Deserialize)]
struct Stored {
    /// 32 bytes, base64.
    refresh_key: String,
    keys: Vec<StoredKey>,
}

#[derive(Serialize, Deserialize)]
struct StoredKey {
    id: KeyId,
    /// PKCS #8, base64.
    private_key: String,
    use_from: Time,
}

impl TokenSecret {
    /// The key that signs now: the newest whose time has come.
    ///
    /// # Errors
    /// 500 where there is none.
    pub fn signing_key(&self, now: Time) -> Result<&SigningKey, Problem> {
        let begun = self.keys.iter().filter(|key| key.use_from <= now);
        begun.max_by_key(|key| key.use_from).ok_or_else(|| Problem::internal("no key signs now"))
    }
}

/// Reads the token secret, and creates and rotates its keys.
pub struct TokenSecrets {
    parameters: Parameters,
    store: Store,
    clock: Arc<dyn Clock>,
    /// The name of the parameter.
    name: String,
    held: Mutex<Option<Arc<TokenSecret>>>,
}

impl TokenSecrets {
    pub(super) fn new(
        parameters: Parameters,
        store: Store,
        clock: Arc<dyn Clock>,
        name: String,
    ) -> Self {
        Self { parameters, store, clock, name, held: Mutex::new(None) }
    }

    /// The token secret, read again every five minutes.
    ///
    /// # Errors
    /// 503 while the parameter store does not answer and nothing was read before.
    pub async fn get(&self) -> Result<Arc<TokenSecret>, Problem> {
        let mut held = self.held.lock().await;
        let now = self.clock.now();
        if let Some(secret) = &*held
            && secret.read_at.plus_seconds(CACHED) > now
        {
            return Ok(Arc::clone(secret));
        }
        match (self.load(now).await, &*held) {
            (Ok(secret), _) => Ok(Arc::clone(held.insert(Arc::new(secret)))),
            (Err(problem), Some(before)) => {
                tracing::warn!(cause = ?problem.cause, "the token secret could not be read again");
                Ok(Arc::clone(before))
            }
            (Err(problem), None) => Err(problem),
        }
    }

    async fn load(&self, now: Time) -> Result<TokenSecret, Problem> {
        let name = &self.name;
        if let Some(stored) = self.parameters.read::<Stored>(name).await? {
            return stored.ready(now);
        }
        let created = Stored {
            refresh_key: BASE64_STANDARD.encode(random::bytes::<32>()),
            keys: vec![self.new_signing_key(now).await?],
        };
        self.parameters.create(name, &created).await?;
        // Another function may have created it first.
        let stored = self.parameters.read::<Stored>(name).await?;
        stored.ok_or_else(|| Problem::internal("the token secret is gone again"))?.ready(now)
    }

    /// Rotates the signing keys where that is due: adds a key when the newest has signed for 90
    /// days, and removes keys that another one has replaced. Returns whether a key was added. For
    /// the worker alone.
    ///
    /// # Errors
    /// 503 while the parameter store or the database does not answer. Running it again is safe.
    pub async fn rotate(&self) -> Result<bool, Problem> {
        let name = &self.name;
        let Some(mut stored) = self.parameters.read::<Stored>(name).await? else {
            return Ok(false);
        };
        let now = self.clock.now();
        stored.keys.sort_by_key(|key| key.use_from);
        let newest = stored.keys.last().map(|key| key.use_from);
        let is_due = newest.is_none_or(|use_from| use_from.plus_seconds(SIGNS_FOR) <= now);
        if is_due {
            stored.keys.push(self.new_signing_key(now.plus_seconds(PENDING)).await?);
        }
        let signing = stored.keys.iter().rposition(|key| key.use_from <= now).unwrap_or(0);
        let replaced: Vec<StoredKey> = stored.keys.drain(..signing).collect();
        if is_due || !replaced.is_empty() {
            for key in &replaced {
                self.store.signing_keys().retire(&key.id, now.plus_seconds(RETIRING)).await?;
            }
            self.parameters.replace(name, &stored).await?;
        }
        Ok(is_due)
    }

    /// Generates a key. The public half is stored first, so that every signature can be verified.
    async fn new_signing_key(&self, use_from: Time) -> Result<StoredKey, Problem> {
        let now = self.clock.now();
        let id = KeyId::new(now);
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(
            &ECDSA_P256_SHA256_FIXED_SIGNING,
            &aws_lc_rs::rand::SystemRandom::new(),
        )
        .map_err(|_| Problem::internal("no signing key could be generated"))?;
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref())
            .map_err(|_| Problem::internal("a generated signing key cannot be read"))?;
        // 0x04, x, y: an uncompressed point (SEC 1 §2.3.3).
        let point = pair.public_key().as_ref();
        let coordinate = |range| BASE64_URL_SAFE_NO_PAD.encode(&point[range]);
        let public = SigningKeyItem {
            id: id.clone(),
            x: coordinate(1..33),
            y: coordinate(33..65),
            created_at: now,
            ttl: None,
        };
        self.store.signing_keys().create(&public).await?;
        Ok(StoredKey { id, private_key: BASE64_STANDARD.encode(pkcs8.as_ref()), use_from })
    }
}

impl Stored {
    fn ready(self, read_at: Time) -> Result<TokenSecret, Problem> {
        let decode = |text: &str| {
            let bytes = BASE64_STANDARD.decode(text);
            bytes.map_err(|_| Problem::internal("the token secret cannot be read"))
        };
        let refresh_key = decode(&self.refresh_key)?;
        let keys = self.keys.into_iter().map(|stored| {
            let key = EncodingKey::from_ec_der(&decode(&stored.private_key)?);
            Ok(SigningKey { id: stored.id, key, use_from: stored.use_from })
        });
        Ok(TokenSecret {
            refresh_key: hmac::Key::new(hmac::HMAC_SHA256, &refresh_key),
            keys: keys.collect::<Result<_, Problem>>()?,
            read_at,
        })
    }
}
