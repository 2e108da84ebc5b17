//! The SDKs' HTTP client in this process: requests go to [`Aws`] without a socket. Nothing listens,
//! so nothing else on the machine or in a browser can reach the database.

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
use http::Uri;

use super::{Aws, READS};

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

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let aws = Arc::clone(&self.0);
        HttpConnectorFuture::new(async move {
            let target = request.headers().get("x-amz-target").unwrap_or_default().to_owned();
            // Reads take microseconds. Everything else may wait for the disk, beside the requests.
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
