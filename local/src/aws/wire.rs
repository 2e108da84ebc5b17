//! The HTTP client that the AWS SDKs use in this process. It hands requests to [`Aws`] without a
//! socket, so no other process and no browser can reach the database.

use std::fmt;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::Uri;
use http_body_util::BodyExt;

use super::{Aws, READS};
use crate::s3::BUCKET;

/// The client.
#[derive(Clone)]
pub(crate) struct Wire(pub(crate) Arc<Aws>);

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

impl HttpClient for Wire {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

/// Whether a request is for S3: no action in a header, and the bucket in the path.
pub(crate) fn is_for_s3(request: &HttpRequest) -> bool {
    if request.headers().contains_key("x-amz-target") {
        return false;
    }
    let path = request.uri().parse::<Uri>().unwrap_or_default().path().to_owned();
    path.trim_start_matches('/').split('/').next() == Some(BUCKET)
}

/// Hands a request to S3, which verifies its signature as if it came over a network.
async fn s3(aws: Arc<Aws>, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
    let other =
        |error: Box<dyn std::error::Error + Send + Sync>| ConnectorError::other(error, None);
    let mut carried = http::Request::builder().method(request.method()).uri(request.uri());
    for (name, value) in request.headers() {
        carried = carried.header(name, value);
    }
    // An HTTP client would add it.
    if let Some(host) = request.uri().parse::<Uri>().ok().as_ref().and_then(Uri::authority) {
        carried = carried.header(http::header::HOST, host.as_str());
    }
    let body = Bytes::copy_from_slice(request.body().bytes().unwrap_or_default());
    let carried = carried.body(s3s::Body::from(body)).map_err(|error| other(error.into()))?;
    let (parts, body) = aws.s3.answer(carried).await.into_parts();
    let body = body.collect().await.map_err(other)?.to_bytes();
    let status =
        StatusCode::try_from(parts.status.as_u16()).map_err(|error| other(error.into()))?;
    let mut response = HttpResponse::new(status, SdkBody::from(body));
    for (name, value) in &parts.headers {
        if let Ok(value) = value.to_str() {
            response.headers_mut().insert(name.as_str().to_owned(), value.to_owned());
        }
    }
    Ok(response)
}

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let aws = Arc::clone(&self.0);
        if is_for_s3(&request) {
            return HttpConnectorFuture::new(s3(aws, request));
        }
        HttpConnectorFuture::new(async move {
            let target = request.headers().get("x-amz-target").unwrap_or_default().to_owned();
            // Reads take microseconds. Everything else may wait for the disk, and must not block requests.
            let is_read = target.rsplit('.').next().is_some_and(|action| READS.contains(&action));
            let work = move || {
                let path = request.uri().parse::<Uri>().map(|uri| uri.path().to_owned());
                let body = request.body().bytes().unwrap_or_default();
                aws.answer(request.method(), &target, path.as_deref().unwrap_or_default(), body)
            };
            let reply = if is_read {
                work()
            } else {
                let work = tokio::task::spawn_blocking(work);
                work.await.map_err(|error| ConnectorError::other(error.into(), None))?
            };
            let (status, body) =
                reply.ok_or_else(|| ConnectorError::io("the service is down".into()))?;
            let status = StatusCode::try_from(status)
                .map_err(|error| ConnectorError::other(error.into(), None))?;
            Ok(HttpResponse::new(status, SdkBody::from(body)))
        })
    }
}
