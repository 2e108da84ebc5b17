//! The public keys of access tokens, as this process last read them.

use std::sync::{Arc, Mutex, PoisonError};

use jsonwebtoken::DecodingKey;

use crate::clock::Clock;
use crate::http::problem::Problem;
use crate::model::{KeyId, Time};
use crate::store::Store;
use crate::timed_cache::TimedCache;

/// How long a key is used before it is read again, in seconds: a retired key is forgotten within it.
const CACHED: i64 = 600;

/// How often unknown key ids may cause a read, in seconds: a flood of tokens with invented ids costs
/// one read a minute.
const REFETCH: i64 = 60;

/// More keys than there ever are at one time.
const MAX_KEYS: usize = 100;

/// Reads the public keys, and keeps them for a while.
pub struct VerifyingKeys {
    store: Store,
    clock: Arc<dyn Clock>,
    keys: TimedCache<KeyId, DecodingKey>,
    /// When keys were last read and there were any.
    read_at: Mutex<Option<Time>>,
}

impl VerifyingKeys {
    pub(super) fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, keys: TimedCache::new(MAX_KEYS), read_at: Mutex::new(None) }
    }

    /// The public key with this id, if there is one.
    ///
    /// # Errors
    /// 503 while the database does not answer.
    pub async fn get(&self, id: &KeyId) -> Result<Option<DecodingKey>, Problem> {
        let now = self.clock.now();
        if let Some(key) = self.keys.get(id, now) {
            return Ok(Some(key));
        }
        let read_at = *self.read_at.lock().unwrap_or_else(PoisonError::into_inner);
        if read_at.is_some_and(|at| at.plus_seconds(REFETCH) > now) {
            return Ok(None);
        }
        let items = self.store.signing_keys().list(now).await?;
        let has_keys = !items.is_empty();
        for item in items {
            let key = DecodingKey::from_ec_components(&item.x, &item.y);
            self.keys.insert(item.id, key.map_err(Problem::internal)?, now.plus_seconds(CACHED));
        }
        if has_keys {
            *self.read_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
        }
        Ok(self.keys.get(id, now))
    }
}
