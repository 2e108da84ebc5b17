//! A function that answers one operation behind the HTTP API.

use std::process::ExitCode;
use std::slice;

use http::header::CONTENT_LENGTH;
use lambda_http::{Adapter, Body};
use tower::util::MapRequest;

use super::event;
use super::process::{context, open_connections, run};
use crate::endpoint::{Operation, Service};
use crate::http::Response;

/// Answers HTTP API events with an operation until Lambda ends the process.
#[must_use]
pub fn serve(operation: Operation) -> ExitCode {
    run(async {
        let service = Service::new(operation, context().await?);
        let (prepare, cx) = (service.operation().prepare, service.context().clone());
        let prepared = tokio::task::spawn_blocking(move || prepare(&cx));
        service.prepare();
        open_connections(service.context(), slice::from_ref(service.operation())).await;
        if let Err(cause) = prepared.await {
            tracing::error!(%cause, "nothing is prepared: the first request takes longer");
        }
        let service = &service;
        let handler = lambda_http::service_fn(move |event| async move {
            let response = service.call(event::of_api(event)).await;
            Ok::<_, lambda_http::Error>(whole(response).await)
        });
        lambda_runtime::run(MapRequest::new(Adapter::from(handler), event::readable)).await
    })
}

/// API Gateway takes no pieces: a body of these is sent when its last one is there.
async fn whole(response: Response) -> http::Response<Body> {
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
