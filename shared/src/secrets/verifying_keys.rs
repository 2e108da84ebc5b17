//! The public keys of access tokens, as this process last read them.

use std::sync::{Mutex, PoisonError};

use jsonwebtoken::DecodingKey;

use super::Secrets;
use crate::http::problem::Problem;
use crate::model::{KeyId, Time};
use crate::timed_cache::TimedCache;

/// How long a key is used before it is read again, in seconds: a retired key is forgotten within it.
const CACHED: i64 = 600;

/// How often unknown key ids may cause a read, in seconds: a flood of tokens with invented ids costs
/// one read a minute.
const REFETCH: i64 = 60;

/// More keys than there ever are at one time.
const MAX_KEYS: usize = 100;

pub(super) struct VerifyingKeys {
    keys: TimedCache<KeyId, DecodingKey>,
    /// When keys were last read and there were any.
    read_at: Mutex<Option<Time>>,
}

impl Default for VerifyingKeys {
    fn default() -> Self {
        Self { keys: TimedCache::new(MAX_KEYS), read_at: Mutex::new(None) }
    }
}

impl Secrets {
    /// The public key with this id, if there is one.
    ///
    /// # Errors
    /// 503 while the database does not answer.
    pub async fn verifying_key(&self, id: &KeyId) -> Result<Option<DecodingKey>, Problem> {
        let (now, cache) = (self.clock.now(), &self.verifying_keys);
        if let Some(key) = cache.keys.get(id, now) {
            return Ok(Some(key));
        }
        let read_at = *cache.read_at.lock().unwrap_or_else(PoisonError::into_inner);
        if read_at.is_some_and(|at| at.plus_seconds(REFETCH) > now) {
            return Ok(None);
        }
        let items = self.store.signing_keys().list(now).await?;
        let has_keys = !items.is_empty();
        for item in items {
            let key = DecodingKey::from_ec_components(&item.x, &item.y);
            cache.keys.insert(item.id, key.map_err(Problem::internal)?, now.plus_seconds(CACHED));
        }
        if has_keys {
            *cache.read_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
        }
        Ok(cache.keys.get(id, now))
    }
}
