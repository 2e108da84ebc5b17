//! The AWS SDK settings and the configuration of a local Byline.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use byline_shared::config::{Config, ConfigError, ModelServer};
use byline_shared::model::Email;
use byline_shared::permission::Table;

use crate::aws::Aws;
use crate::aws::wire::Wire;
use crate::runner::Variable;
use crate::s3::{AccessKeys, BUCKET};

/// The SDK settings with which every request goes to the stand-ins in this process.
pub(crate) fn sdk(aws: Arc<Aws>, address: SocketAddr) -> SdkConfig {
    let (access_key, secret) = aws.s3.access_keys.unlimited();
    let credentials = Credentials::from_keys(access_key, secret, None);
    // Many writes at once wait for the one disk. That is no failure.
    let timeouts = TimeoutConfig::builder().operation_timeout(Duration::from_secs(30)).build();
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("local"))
        // Only uploads with a presigned URL are sent there.
        .endpoint_url(origin(address))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(SharedHttpClient::new(Wire(aws)))
        .timeout_config(timeouts)
        // A stand-in is never busy for long.
        .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(10)))
        .sleep_impl(aws_smithy_async::rt::sleep::TokioSleep::new())
        .build()
}

/// The SDK settings for the agent's model: Amazon Bedrock itself, which has no stand-in, with the region and the
/// credentials of the environment. `None` unless the configuration says so.
///
/// # Errors
/// Where the environment has no region or no credentials.
pub(crate) fn model_sdk(
    config: &Config,
    given: &Variable,
) -> Result<Option<SdkConfig>, ConfigError> {
    let agent = config.agent.as_ref();
    if !agent.is_some_and(|agent| matches!(agent.server, ModelServer::Bedrock)) {
        return Ok(None);
    }
    let needed = |name: &'static str| {
        let missing = || ConfigError::new(name, "is not set, but BYLINE_AGENT_PROVIDER is bedrock");
        given(name).ok_or_else(missing)
    };
    let credentials = Credentials::from_keys(
        needed("AWS_ACCESS_KEY_ID")?,
        needed("AWS_SECRET_ACCESS_KEY")?,
        given("AWS_SESSION_TOKEN"),
    );
    let client = aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .build_https();
    let mut sdk = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(needed("AWS_REGION")?))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(client)
        .sleep_impl(aws_smithy_async::rt::sleep::TokioSleep::new());
    sdk.set_endpoint_url(given(MODEL_ENDPOINT));
    Ok(Some(sdk.build()))
}

/// The URL of Bedrock, if it is another one than that of the region. Every SDK reads it.
const MODEL_ENDPOINT: &str = "AWS_ENDPOINT_URL_BEDROCK_RUNTIME";

/// The URL of the public port on this machine.
fn origin(mut address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    format!("http://{address}")
}

/// The configuration variables: those that are set, and defaults for the others.
pub(crate) struct Variables<'a> {
    pub(crate) address: SocketAddr,
    pub(crate) admin: &'a Email,
    pub(crate) given: Variable,
}

impl Variables<'_> {
    const NAMES: [&'static str; 35] = [
        "BYLINE_ACCOUNT_PAGES_URL",
        "BYLINE_ACCOUNT_SECRET_PARAMETER",
        "BYLINE_ADMIN_EMAIL",
        "BYLINE_AGENT_API_KEY",
        "BYLINE_AGENT_API_KEY_PARAMETER",
        "BYLINE_AGENT_BASE_URL",
        "BYLINE_AGENT_CONTEXT_TOKENS",
        "BYLINE_AGENT_MODEL",
        "BYLINE_AGENT_MONTHLY_TOKENS",
        "BYLINE_AGENT_MONTHLY_TOKENS_PER_USER",
        "BYLINE_AGENT_PROVIDER",
        "BYLINE_AGENT_RETENTION_DAYS",
        "BYLINE_AGENT_SILENCE_SECONDS",
        "BYLINE_AGENT_TABLE",
        "BYLINE_AGENT_URL",
        "BYLINE_CONTENT_TABLE",
        "BYLINE_CORS_ORIGINS",
        "BYLINE_IDENTITY_TABLE",
        "BYLINE_MAIL_FROM",
        "BYLINE_MEDIA_BUCKET",
        "BYLINE_MEDIA_URL",
        "BYLINE_OAUTH_DOCUMENTS",
        "BYLINE_OAUTH_REDIRECT_URIS",
        "BYLINE_OAUTH_REGISTRATION",
        "BYLINE_PASSWORD_PEPPER",
        "BYLINE_PUBLIC_URL",
        "BYLINE_REGISTRATION",
        "BYLINE_SCHEDULE_GROUP",
        "BYLINE_SCHEDULE_ROLE",
        "BYLINE_SCHEDULE_TARGET",
        "BYLINE_SECURITY_CONTACT",
        "BYLINE_SITE_NAME",
        "BYLINE_SITE_URL",
        "BYLINE_TOKEN_SECRET_PARAMETER",
        "BYLINE_UPLOAD_URL",
    ];

    /// The value of a variable.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        match name {
            // This process creates these resources.
            "BYLINE_AGENT_TABLE" => Some(Table::Agent.as_str().to_owned()),
            "BYLINE_CONTENT_TABLE" => Some(Table::Content.as_str().to_owned()),
            "BYLINE_IDENTITY_TABLE" => Some(Table::Identity.as_str().to_owned()),
            "BYLINE_ACCOUNT_SECRET_PARAMETER" => Some("/byline/local/account-secret".to_owned()),
            "BYLINE_TOKEN_SECRET_PARAMETER" => Some("/byline/local/token-secret".to_owned()),
            "BYLINE_SCHEDULE_GROUP" | "BYLINE_SCHEDULE_ROLE" | "BYLINE_SCHEDULE_TARGET" => {
                Some("local".to_owned())
            }
            "BYLINE_MEDIA_BUCKET" => Some(BUCKET.to_owned()),
            "BYLINE_UPLOAD_URL" => Some(origin(self.address)),
            "BYLINE_ADMIN_EMAIL" => Some(self.admin.as_str().to_owned()),
            _ => (self.given)(name).or_else(|| self.default(name)),
        }
    }

    fn default(&self, name: &str) -> Option<String> {
        let value = match name {
            // Everything is streamed here.
            "BYLINE_AGENT_URL" => format!("{}/v1", self.get("BYLINE_PUBLIC_URL")?),
            "BYLINE_CORS_ORIGINS" => "http://localhost:3000,http://localhost:5173".to_owned(),
            "BYLINE_MAIL_FROM" => "byline@localhost".to_owned(),
            // An object's path is its key, as on AWS.
            "BYLINE_MEDIA_URL" => format!("{}/{BUCKET}", self.get("BYLINE_PUBLIC_URL")?),
            "BYLINE_PUBLIC_URL" => format!("http://{}", self.address),
            "BYLINE_SITE_NAME" => "Byline".to_owned(),
            "BYLINE_SITE_URL" => "http://localhost:3000".to_owned(),
            _ => return None,
        };
        Some(value)
    }

    /// The environment variables with which a Lambda binary works on this data.
    pub(crate) fn for_lambda(
        &self,
        aws: SocketAddr,
        access_keys: &AccessKeys,
    ) -> Vec<(String, String)> {
        let own = Self::NAMES.iter().filter_map(|name| Some(((*name).to_owned(), self.get(name)?)));
        let (access_key, secret) = access_keys.unlimited();
        let sdk = [
            ("AWS_REGION", "local".to_owned()),
            ("AWS_ACCESS_KEY_ID", access_key.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", secret.to_owned()),
            ("AWS_ENDPOINT_URL_DYNAMODB", format!("http://{aws}")),
            ("AWS_ENDPOINT_URL_SCHEDULER", format!("http://{aws}")),
            ("AWS_ENDPOINT_URL_S3", origin(self.address)),
            ("AWS_ENDPOINT_URL_SESV2", format!("http://{aws}")),
            ("AWS_ENDPOINT_URL_SSM", format!("http://{aws}")),
        ];
        own.chain(sdk.map(|(name, value)| (name.to_owned(), value))).collect()
    }
}
