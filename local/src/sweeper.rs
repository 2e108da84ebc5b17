//! Removes what is over, as DynamoDB does: items whose time to live has passed, uploads that nobody
//! completed, and old records of the streams.

use std::sync::Arc;
use std::time::Duration;

use byline_shared::clock::Clock;
use dynoxide::Database;

use crate::aws::Aws;
use crate::stream_store::StreamStore;

/// How often.
const INTERVAL: Duration = Duration::from_secs(60);

type Error = Box<dyn std::error::Error + Send + Sync>;

/// What is swept.
#[derive(Clone)]
pub(crate) struct Sweeper {
    pub(crate) database: Database,
    pub(crate) aws: Arc<Aws>,
    pub(crate) streams: Option<Arc<StreamStore>>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Sweeper {
    /// Sweeps for as long as the process runs.
    pub(crate) async fn sweep_for_ever(self) {
        loop {
            tokio::time::sleep(INTERVAL).await;
            self.sweep().await;
        }
    }

    /// Sweeps once. A failure is logged: the next round makes up for it.
    pub(crate) async fn sweep(&self) {
        let sweeper = self.clone();
        let swept = tokio::task::spawn_blocking(move || sweeper.remove()).await;
        if let Err(cause) = swept.map_err(Error::from).flatten() {
            tracing::error!(%cause, "what is over was not removed");
        }
    }

    fn remove(&self) -> Result<(), Error> {
        self.aws.sweep(|| self.database.sweep_ttl())?;
        self.aws.s3.sweep()?;
        if let Some(streams) = &self.streams {
            streams.trim(self.clock.now())?;
        }
        Ok(())
    }
}
