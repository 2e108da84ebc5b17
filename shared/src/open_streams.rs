//! The streams that each person holds open in this process. What they follow may take minutes, and each of them
//! looks at the database twice a second.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::model::UserId;

/// How many streams one person may hold open in a process.
pub const MAX_OPEN: usize = 20;

/// How many streams each person has.
type Counts = Arc<Mutex<HashMap<UserId, usize>>>;

/// The streams that are open.
#[derive(Debug, Default)]
pub struct OpenStreams(Counts);

/// One of them. It is closed when this is dropped.
#[derive(Debug)]
pub struct OpenStream {
    of: UserId,
    all: Counts,
}

impl OpenStreams {
    /// Opens a stream. `None` if the person has as many as they may.
    #[must_use]
    pub fn open(&self, of: &UserId) -> Option<OpenStream> {
        let mut counts = lock(&self.0);
        let count = counts.entry(of.clone()).or_default();
        if *count >= MAX_OPEN {
            return None;
        }
        *count += 1;
        Some(OpenStream { of: of.clone(), all: Arc::clone(&self.0) })
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let mut counts = lock(&self.all);
        if let Some(count) = counts.get_mut(&self.of) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.of);
            }
        }
    }
}

fn lock(counts: &Counts) -> MutexGuard<'_, HashMap<UserId, usize>> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    #[test]
    fn each_person_has_some_and_gets_them_back() {
        let [one, other] = [1, 2].map(|number| UserId::from_ulid(Ulid::from_parts(number, 1)));
        let streams = OpenStreams::default();
        let mut held: Vec<OpenStream> = (0..MAX_OPEN).map_while(|_| streams.open(&one)).collect();
        assert_eq!(held.len(), MAX_OPEN);
        assert!(streams.open(&one).is_none());
        assert!(streams.open(&other).is_some());
        held.pop();
        assert!(streams.open(&one).is_some());
        held.clear();
        assert!(lock(&streams.0).is_empty());
    }
}
