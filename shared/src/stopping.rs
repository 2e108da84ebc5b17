//! The stop of a process, for work that goes on when its request was answered.

use tokio::sync::watch;

/// Whether the process stops, and the work that it waits for then.
#[derive(Debug, Default)]
pub struct Stopping(watch::Sender<bool>);

impl Stopping {
    /// Begins work that the process waits for, until what this returns is dropped.
    #[must_use]
    pub fn work(&self) -> watch::Receiver<bool> {
        self.0.subscribe()
    }

    /// Whether work is to end by itself soon.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        *self.0.borrow()
    }

    /// Tells all work to end.
    pub fn begin(&self) {
        self.0.send_replace(true);
    }

    /// Waits until no work is left.
    pub async fn ended(&self) {
        self.0.closed().await;
    }
}
