//! The adapter for Amazon Bedrock, by `ConverseStream`: all its models that talk, in one form. It needs no
//! key: the role of the function opens it.
//!
//! [`request`] makes what is sent, [`reading`] reads the events of the answer, and [`errors`] says why there
//! is none. The API: <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html>.

mod errors;
mod reading;
mod request;

#[cfg(test)]
pub(in crate::agent) use request::messages;

use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::config::Builder;

use super::{Deltas, Model, ModelError, ModelRequest};
use crate::config::AgentModel;
use crate::endpoint::BoxFuture;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);

/// A model of Amazon Bedrock. Its client keeps its connection, so one is made for a turn.
pub(in crate::agent) struct Bedrock {
    client: Client,
    model: String,
    silence: Duration,
}

impl Bedrock {
    /// The configured model, with the region and the credentials of these settings.
    pub(in crate::agent) fn new(config: &AgentModel, sdk: &SdkConfig) -> Self {
        // The other limits of time are for databases. A model thinks for minutes: `silence` is its limit.
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT)
            .disable_read_timeout()
            .disable_operation_attempt_timeout()
            .disable_operation_timeout();
        let settings = Builder::from(sdk)
            .timeout_config(timeouts.build())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            // The turn asks again itself, and tells its user if it is stopped meanwhile.
            .retry_config(RetryConfig::disabled());
        Self {
            client: Client::from_conf(settings.build()),
            model: config.model.clone(),
            silence: config.silence,
        }
    }

    async fn ask(&self, request: &ModelRequest) -> Result<Deltas, ModelError> {
        let call = self
            .client
            .converse_stream()
            .model_id(&self.model)
            .system(request::system(request))
            .set_messages(Some(request::messages(&request.messages)))
            .set_tool_config(request::tools(&self.model, request))
            .inference_config(request::limits(request));
        let answer = tokio::time::timeout(self.silence, call.send()).await;
        let answer = answer.map_err(|_| ModelError::Silent)?.map_err(errors::of_request)?;
        reading::begin(answer.stream, self.silence).await
    }
}

impl Model for Bedrock {
    fn stream<'a>(
        &'a self,
        request: &'a ModelRequest,
    ) -> BoxFuture<'a, Result<Deltas, ModelError>> {
        Box::pin(self.ask(request))
    }
}
