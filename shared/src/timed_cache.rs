//! A small cache whose entries expire by this process's [clock](crate::clock::Clock).
//!
//! Crates for this read the machine's clock, which tests cannot hold still.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::model::Time;

/// At most `capacity` entries, each with the time at which it expires.
pub struct TimedCache<K, V> {
    capacity: usize,
    entries: Mutex<HashMap<K, (V, Time)>>,
}

impl<K: Eq + Hash, V: Clone> TimedCache<K, V> {
    /// An empty cache.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self { capacity, entries: Mutex::default() }
    }

    /// The value under `key`, unless it has expired.
    #[must_use]
    pub fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q, now: Time) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.lock().get(key).filter(|(_, expires_at)| *expires_at > now).map(|(v, _)| v.clone())
    }

    /// Keeps `value` until `expires_at`. A full cache is emptied first, so that memory is bounded
    /// without a scan.
    pub fn insert(&self, key: K, value: V, expires_at: Time) {
        let mut entries = self.lock();
        if entries.len() >= self.capacity && !entries.contains_key(&key) {
            entries.clear();
        }
        entries.insert(key, (value, expires_at));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, (V, Time)>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_expires() {
        let (cache, now) = (TimedCache::new(2), Time::from_millis(0));
        cache.insert("a", 1, now.plus_seconds(60));
        assert_eq!(cache.get("a", now.plus_seconds(59)), Some(1));
        assert_eq!(cache.get("a", now.plus_seconds(60)), None);
    }

    #[test]
    fn a_full_cache_is_emptied() {
        let (cache, later) = (TimedCache::new(2), Time::from_millis(1));
        for key in ["a", "b", "b", "c"] {
            cache.insert(key, 1, later);
        }
        let kept = ["a", "b", "c"].map(|key| cache.get(key, Time::from_millis(0)));
        assert_eq!(kept, [None, None, Some(1)]);
    }
}
