//! The key of the model server: from the configuration on one machine, from a parameter on AWS, where the
//! owner puts it. Templates and the environment of functions are read by more people than may have it.

use std::sync::Arc;

use super::parameter::Parameters;
use crate::clock::Clock;
use crate::config::{AgentModel, ModelServer};
use crate::http::problem::Problem;
use crate::model::Secret;
use crate::timed_cache::TimedCache;

/// How long a process uses the key as it read it, in seconds: a new key is in use soon, without a
/// deployment.
const CACHED: i64 = 300;

/// Reads the key of the model server.
pub struct ModelKey {
    parameters: Parameters,
    clock: Arc<dyn Clock>,
    configured: Option<Secret>,
    /// The name of the parameter.
    name: Option<String>,
    read: TimedCache<(), Option<Secret>>,
}

impl ModelKey {
    pub(super) fn new(
        parameters: Parameters,
        clock: Arc<dyn Clock>,
        agent: Option<&AgentModel>,
    ) -> Self {
        let (configured, name) = match agent.map(|agent| &agent.server) {
            Some(ModelServer::ChatCompletions { api_key, api_key_parameter, .. }) => {
                (api_key.clone(), api_key_parameter.clone())
            }
            Some(ModelServer::Bedrock) | None => (None, None),
        };
        Self { parameters, clock, configured, name, read: TimedCache::new(1) }
    }

    /// The key; `None` for a server that needs none.
    ///
    /// # Errors
    /// 503 while the parameter store does not answer.
    pub async fn get(&self) -> Result<Option<Secret>, Problem> {
        let (None, Some(name)) = (&self.configured, &self.name) else {
            return Ok(self.configured.clone());
        };
        let now = self.clock.now();
        if let Some(read) = self.read.get(&(), now) {
            return Ok(read);
        }
        // A line feed at its end is easily stored along.
        let read = self.parameters.read_text(name).await?;
        let read = read.map(|key| key.trim().to_owned()).filter(|key| !key.is_empty());
        let read = read.map(Secret::new);
        self.read.insert((), read.clone(), now.plus_seconds(CACHED));
        Ok(read)
    }
}
