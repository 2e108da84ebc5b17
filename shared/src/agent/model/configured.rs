//! The adapter that the configuration asks for.

use std::sync::Arc;

use aws_config::SdkConfig;

use super::Model;
use super::bedrock::Bedrock;
use super::chat::ChatCompletions;
use crate::config::{AgentModel, ModelServer};
use crate::model::Secret;

/// The configured model, with the key of its server if that needs one. Bedrock is reached with these settings
/// of the SDK.
pub(in crate::agent) fn configured(
    config: &AgentModel,
    sdk: &SdkConfig,
    key: Option<Secret>,
) -> Arc<dyn Model> {
    match &config.server {
        ModelServer::ChatCompletions { base_url, .. } => {
            Arc::new(ChatCompletions::new(config, base_url, key))
        }
        ModelServer::Bedrock => Arc::new(Bedrock::new(config, sdk)),
    }
}
