//! What may follow the end of an answer: its usage.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

/// How long to wait in all for what may follow the end of an answer. Some servers neither say that nothing follows
/// nor close the connection.
const AFTER_END: Duration = Duration::from_secs(3);

/// Waits for the events of an answer, and for those behind its end no longer than they are worth.
#[derive(Debug)]
pub(super) struct Rest {
    patience: Duration,
    until: Option<Instant>,
}

impl Rest {
    /// For a server that may be silent for so long.
    pub(super) fn new(silence: Duration) -> Self {
        Self { patience: silence.min(AFTER_END), until: None }
    }

    /// The next event; `None` if it came too late behind the end.
    pub(super) async fn next<T>(
        &mut self,
        has_ended: bool,
        event: impl Future<Output = T>,
    ) -> Option<T> {
        if !has_ended {
            return Some(event.await);
        }
        let patience = self.patience;
        let until = *self.until.get_or_insert_with(|| Instant::now() + patience);
        // An event that is there already is not waited for, and there may always be another one.
        if Instant::now() >= until {
            return None;
        }
        timeout_at(until, event).await.ok()
    }
}
