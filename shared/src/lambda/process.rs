//! The process of a function: its configuration, its connections, its end.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{HttpClient, SharedHttpClient, http_client_fn};
use futures_util::future::join3;

use crate::auth::Access;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::context::Context;
use crate::endpoint::Operation;
use crate::permission::Table;

/// Runs a function to its end.
pub(super) fn run(main: impl Future<Output = Result<(), lambda_http::Error>>) -> ExitCode {
    crate::telemetry::init_json();
    // One invocation at a time: one thread is enough, and starts fastest.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime.map_err(lambda_http::Error::from).and_then(|runtime| runtime.block_on(main)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(cause = %error, "cannot start");
            ExitCode::FAILURE
        }
    }
}

/// What the function works with.
///
/// # Errors
/// Where the environment lacks a variable, or has one that cannot be used.
pub(super) async fn context() -> Result<Context, lambda_http::Error> {
    let config = Config::from_env()?;
    Ok(Context::new(Arc::new(config), sdk().await, Arc::new(SystemClock)))
}

/// Opens the connections that the first request needs: INIT has a full core, and no caller waits for it. A
/// failure is no matter here: the request tries again, and answers with it.
pub(super) async fn open_connections(cx: &Context, operations: &[Operation]) {
    let database = async {
        let reads =
            |table: &Table| operations.iter().any(|operation| operation.may(*table, "GetItem"));
        if let Some(table) = Table::ALL.into_iter().find(reads) {
            cx.store.warm(table).await;
        }
    };
    let has_pages = operations.iter().any(|operation| matches!(operation.access, Access::Desk(_)));
    // Every visit of a page of the Desk begins with this call. Pages make calls side by side, each of which needs a
    // connection: this is the second one.
    let session = async {
        if has_pages {
            cx.store.warm_for_pages().await;
        }
    };
    // And every visit proves its session with this secret.
    let secret = async {
        if has_pages {
            let _ = cx.secrets.account.get().await;
        }
    };
    join3(Box::pin(database), Box::pin(session), Box::pin(secret)).await;
}

/// The region, credentials and endpoints that Lambda puts into the environment. The default
/// chain would look for profiles and metadata services that are not there.
///
/// The gateway gives up after 30 s; the caller hears of a dead database well before.
async fn sdk() -> SdkConfig {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(1))
        .operation_attempt_timeout(Duration::from_secs(3))
        .operation_timeout(Duration::from_secs(8))
        .build();
    aws_config::defaults(BehaviorVersion::latest())
        .timeout_config(timeouts)
        .retry_config(RetryConfig::standard().with_max_attempts(3))
        .credentials_provider(EnvironmentVariableCredentialsProvider::new())
        .http_client(http_client())
        .load()
        .await
}

/// One HTTP client for all SDKs. Alone, each SDK would make two connectors, the first one only to see that it
/// can, and each connector parses the system's certificates.
fn http_client() -> SharedHttpClient {
    let provider = || Provider::Rustls(CryptoMode::AwsLc);
    // The first connector of a process reads the certificates, which takes longer than all else here. The next ones
    // find them in memory, or wait for them.
    tokio::task::spawn_blocking(move || {
        drop(Connector::builder().tls_provider(provider()).build())
    });
    let client = aws_smithy_http_client::Builder::new().tls_provider(provider()).build_https();
    http_client_fn(move |settings, components| client.http_connector(settings, components))
}
