//! A loopback port for Lambda binaries (`cargo lambda watch`, the tests). It accepts requests that are
//! signed with the access key of this start and do not come from a web page.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap, ORIGIN};
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;

use super::Aws;

struct Port {
    aws: Arc<Aws>,
    address: SocketAddr,
    access_key: String,
}

/// Listens on a free loopback port for as long as the process runs.
///
/// # Errors
/// If no port is free.
pub(crate) async fn listen(aws: Arc<Aws>, access_key: String) -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let router =
        Router::new().fallback(answer).with_state(Arc::new(Port { aws, address, access_key }));
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

async fn answer(
    State(port): State<Arc<Port>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !port.admits(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let target = text(&headers, "x-amz-target").to_owned();
    let work = move || port.aws.answer(method.as_str(), &target, uri.path(), &body);
    match tokio::task::spawn_blocking(work).await {
        Ok(Some((status, json))) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
            (status, [(CONTENT_TYPE, "application/x-amz-json-1.0")], json).into_response()
        }
        Ok(None) | Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

impl Port {
    /// A web page's request has an `Origin`, or a foreign `Host` after DNS rebinding, and neither has
    /// the access key, which begins SigV4's `Credential`.
    fn admits(&self, headers: &HeaderMap) -> bool {
        let credential = format!("Credential={}/", self.access_key);
        !headers.contains_key(ORIGIN)
            && text(headers, HOST.as_str()) == self.address.to_string()
            && text(headers, AUTHORIZATION.as_str()).contains(&credential)
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
