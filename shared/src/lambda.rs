//! An operation or worker as a Lambda function. Each binary is one call of these.

use std::net::IpAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_lambda_events::event::dynamodb::Event;
use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use lambda_http::request::RequestContext;
use lambda_http::{Body, RequestExt};
use lambda_runtime::LambdaEvent;
use serde::de::IgnoredAny;
use serde_json::Value;
use url::form_urlencoded::Serializer;

use crate::auth::Access;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::context::Context;
use crate::endpoint::{Operation, Service};
use crate::http::{Request, RequestInfo, Response, path};
use crate::model::Time;
use crate::permission::Table;
use crate::worker::{Trigger, Worker};

/// Answers HTTP API events with an operation until Lambda ends the process.
#[must_use]
pub fn serve(operation: Operation) -> ExitCode {
    run(async {
        let service = Service::new(operation, context().await?);
        service.prepare();
        open_connections(&service).await;
        let service = &service;
        let handler = lambda_http::service_fn(move |event| async move {
            Ok::<_, lambda_http::Error>(to_lambda(service.call(from_lambda(event)).await).await)
        });
        lambda_http::run(handler).await
    })
}

/// Opens the connections that the first request needs: INIT has a full core, and no caller waits for it. A
/// failure is no matter here: the request tries again, and answers with it.
async fn open_connections(service: &Service) {
    let (cx, operation) = (service.context(), service.operation());
    let database = async {
        let mut tables = Table::ALL.into_iter();
        if let Some(table) = tables.find(|table| operation.may(*table, "GetItem")) {
            cx.store.warm(table).await;
        }
    };
    // Every visit of a page of the Desk proves its session with this secret.
    let secret = async {
        if matches!(operation.access, Access::Desk(_)) {
            let _ = cx.secrets.account.get().await;
        }
    };
    futures_util::future::join(database, secret).await;
}

/// Runs a worker, for stream batches or on its schedule, until Lambda ends the process.
#[must_use]
pub fn work(worker: Worker) -> ExitCode {
    run(async {
        let context = context().await?;
        let context = &context;
        match worker.trigger {
            Trigger::NewItems(items) => {
                let handler =
                    lambda_runtime::service_fn(move |event: LambdaEvent<Event>| async move {
                        let response = items.run(context, event.payload).await;
                        Ok::<_, lambda_runtime::Error>(response)
                    });
                lambda_runtime::run(handler).await
            }
            Trigger::Called { run, .. } => {
                let handler =
                    lambda_runtime::service_fn(move |event: LambdaEvent<Value>| async move {
                        let context = context.for_request(RequestInfo::none());
                        run(&context, event.payload).await.map_err(|problem| {
                            tracing::error!(cause = ?problem.cause, "failed; it is called again");
                            lambda_runtime::Error::from(problem.detail)
                        })
                    });
                lambda_runtime::run(handler).await
            }
            Trigger::Every { run, .. } => {
                let handler =
                    lambda_runtime::service_fn(move |_: LambdaEvent<IgnoredAny>| async move {
                        run(context).await.map_err(|problem| {
                            tracing::error!(cause = ?problem.cause, "failed; it is done next time");
                            lambda_runtime::Error::from(problem.detail)
                        })
                    });
                lambda_runtime::run(handler).await
            }
        }
    })
}

fn run(main: impl Future<Output = Result<(), lambda_http::Error>>) -> ExitCode {
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

async fn context() -> Result<Context, lambda_http::Error> {
    let config = Config::from_env()?;
    Ok(Context::new(Arc::new(config), sdk().await, Arc::new(SystemClock)))
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
        .load()
        .await
}

fn from_lambda(event: lambda_http::Request) -> Request {
    // API Gateway has decoded the path.
    let decoded = event.raw_http_path().to_owned();
    let path = path::encode(&decoded);
    // In the URI, what looks like the query may be the end of such a path.
    let query = if decoded.contains(['?', '#']) {
        let pairs = event.query_string_parameters();
        Some(Serializer::new(String::new()).extend_pairs(pairs.iter()).finish())
    } else {
        event.uri().query().map(str::to_owned)
    };
    let (source_ip, request_id) = match event.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => {
            (context.http.source_ip.clone(), context.request_id.clone())
        }
        _ => (None, None),
    };
    let source_ip: Option<IpAddr> = source_ip.and_then(|ip| ip.parse().ok());
    let request_id = request_id.unwrap_or_else(|| "unknown".to_owned());
    let deadline = event.lambda_context_ref().map(|context| context.deadline);
    let deadline = deadline.and_then(|millis| i64::try_from(millis).ok()).map(Time::from_millis);
    let (mut parts, body) = event.into_parts();
    // The gateway's path, without a stage in front.
    let target = match query.filter(|query| !query.is_empty()) {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    parts.uri = target.parse().unwrap_or_default();
    parts.extensions.clear();
    let info = RequestInfo::new(request_id, source_ip, &parts.headers);
    let info = RequestInfo { deadline, ..info };
    parts.extensions.insert(info);
    let body = match body {
        Body::Text(text) => Bytes::from(text),
        Body::Binary(bytes) => Bytes::from(bytes),
        _ => Bytes::new(),
    };
    Request::from_parts(parts, body)
}

/// API Gateway takes no pieces: a body of these is sent when its last one is there.
async fn to_lambda(response: Response) -> http::Response<Body> {
    let (mut parts, body) = response.into_parts();
    // API Gateway says how long the body is. An answer to HEAD says how long it would be.
    parts.headers.remove(CONTENT_LENGTH);
    let body = match String::from_utf8(body.collect().await.into()) {
        Ok(text) if text.is_empty() => Body::Empty,
        Ok(text) => Body::Text(text),
        Err(error) => Body::Binary(error.into_bytes()),
    };
    http::Response::from_parts(parts, body)
}
