//! Removes expired data, as DynamoDB and S3 do: items past their time to live, uploads that were never
//! completed, and stream records that are a day old.

use std::sync::Arc;
use std::time::Duration;

use byline_shared::clock::Clock;
use dynoxide::Database;

use crate::aws::Aws;
use crate::stream_store::StreamStore;

/// How often expired data is removed.
const INTERVAL: Duration = Duration::from_secs(60);

type Error = Box<dyn std::error::Error + Send + Sync>;

/// Where expired data is removed from.
#[derive(Clone)]
pub(crate) struct Sweeper {
    pub(crate) database: Database,
    pub(crate) aws: Arc<Aws>,
    pub(crate) streams: Arc<StreamStore>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Sweeper {
    /// Removes expired data every minute until the task is dropped.
    pub(crate) async fn sweep_forever(self) {
        loop {
            tokio::time::sleep(INTERVAL).await;
            self.sweep().await;
        }
    }

    /// Removes expired data once. A failure is logged, and the next round tries again.
    pub(crate) async fn sweep(&self) {
        let sweeper = self.clone();
        let swept = tokio::task::spawn_blocking(move || sweeper.remove()).await;
        if let Err(cause) = swept.map_err(Error::from).flatten() {
            tracing::error!(%cause, "cannot remove expired data, will retry");
        }
    }

    fn remove(&self) -> Result<(), Error> {
        self.aws.sweep(|| self.database.sweep_ttl())?;
        self.aws.s3.sweep()?;
        self.streams.trim(self.clock.now())?;
        Ok(())
    }
}
