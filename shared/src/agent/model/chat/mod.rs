//! The adapter for OpenAI's Chat Completions, streamed: OpenAI itself, OpenRouter, Ollama, llama.cpp,
//! vLLM and others.
//!
//! They agree on the form and not on its corners, so [`wire`] reads tolerantly and [`reading`] makes one
//! form of what comes: ids and numbers of calls that are missing or repeated, whole calls in one piece,
//! usage in an event of its own or none, ends with and without `[DONE]`.
//!
//! The HTTP client is that of the AWS SDK, which every function has anyway. It follows no redirect and
//! uses no proxy, so the key goes to the configured server alone.

mod reading;
mod wire;

use std::time::Duration;

use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Connector, proxy::ProxyConfig};
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorSettings};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use futures_util::StreamExt;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use http_body_util::{BodyDataStream, BodyExt, Limited};

use super::{Deltas, Model, ModelError, ModelRequest};
use crate::config::AgentModel;
use crate::endpoint::BoxFuture;
use crate::model::Secret;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);

/// The longest answer, in bytes: 8,192 tokens in events of one token each, and as many again to think.
const MAX_ANSWER: usize = 8 * 1024 * 1024;

/// How much is read of an error, in bytes, to find its code.
const MAX_ERROR: usize = 64 * 1024;

/// A model at a server of Chat Completions. It keeps its connection, so one is made for a turn.
pub(in crate::agent) struct ChatCompletions {
    connector: Connector,
    url: String,
    model: String,
    key: Option<Secret>,
    silence: Duration,
    dialect: wire::Dialect,
}

impl ChatCompletions {
    /// The configured model at this URL, with the key of its server if it needs one.
    pub(in crate::agent) fn new(config: &AgentModel, base_url: &str, key: Option<Secret>) -> Self {
        let settings = HttpConnectorSettings::builder().connect_timeout(CONNECT).build();
        let builder = Connector::builder().proxy_config(ProxyConfig::disabled());
        let builder = builder.connector_settings(settings);
        let connector = if base_url.starts_with("https:") {
            builder.tls_provider(Provider::Rustls(CryptoMode::AwsLc)).build()
        } else {
            builder.build_http()
        };
        Self {
            connector,
            url: format!("{base_url}/chat/completions"),
            model: config.model.clone(),
            key,
            silence: config.silence,
            dialect: wire::Dialect::of(base_url),
        }
    }

    async fn ask(&self, request: &ModelRequest) -> Result<Deltas, ModelError> {
        let body = wire::body(self.dialect, &self.model, request);
        let call = self.connector.call(self.request(body)?);
        let response = tokio::time::timeout(self.silence, call).await;
        let response = response.map_err(|_| ModelError::Silent)?;
        let response = response.map_err(|error| ModelError::Unreachable(error.into()))?;
        self.check(response).await
    }

    fn request(&self, body: Vec<u8>) -> Result<HttpRequest, ModelError> {
        let mut request = http::Request::post(&self.url)
            .header(ACCEPT, "text/event-stream")
            .header(CONTENT_TYPE, "application/json");
        if let Some(key) = &self.key {
            let value = HeaderValue::try_from(format!("Bearer {}", key.expose()));
            let mut value = value.map_err(|_| ModelError::Configuration)?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        let request = request.body(SdkBody::from(body)).map_err(|_| ModelError::Configuration)?;
        HttpRequest::try_from(request).map_err(|_| ModelError::Configuration)
    }

    /// The answer, if it is a stream.
    async fn check(&self, response: HttpResponse) -> Result<Deltas, ModelError> {
        let status = response.status().as_u16();
        if status != 200 {
            let body = Limited::new(response.into_body(), MAX_ERROR).collect();
            let body = tokio::time::timeout(self.silence, body).await;
            let body = body.ok().and_then(Result::ok).map(|body| body.to_bytes());
            let code = wire::error_code(&body.unwrap_or_default());
            return Err(ModelError::Status { status, code });
        }
        let media_type = response.headers().get(CONTENT_TYPE.as_str()).unwrap_or_default();
        if !media_type.trim_start().to_ascii_lowercase().starts_with("text/event-stream") {
            return Err(ModelError::NotAStream);
        }
        let body = BodyDataStream::new(Limited::new(response.into_body(), MAX_ANSWER));
        Ok(reading::deltas(body.boxed(), self.silence))
    }
}

impl Model for ChatCompletions {
    fn stream<'a>(
        &'a self,
        request: &'a ModelRequest,
    ) -> BoxFuture<'a, Result<Deltas, ModelError>> {
        Box::pin(self.ask(request))
    }
}
