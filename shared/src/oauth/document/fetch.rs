//! Fetching a client metadata document from a URL that a stranger chose.
//!
//! The limits (draft §8.6, §8.7): https on its default port, a host name that resolves to public
//! addresses alone, no redirect, no proxy, five kilobytes, three seconds.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;

use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Connector, proxy::ProxyConfig};
use aws_smithy_runtime_api::client::dns::{DnsFuture, ResolveDns, ResolveDnsError};
use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, HOST};
use http_body_util::{BodyExt, Limited};
use url::Url;

use crate::context::Context;
use crate::http::public_address;

/// The largest document, in bytes (draft §8.7).
const MAX_SIZE: usize = 5 * 1024;

/// How long a fetch may take.
const TIMEOUT: Duration = Duration::from_secs(3);

/// How long a document is kept that does not say, in seconds: five minutes.
const DEFAULT_LIFETIME: i64 = 300;

/// The longest time that a document is kept, in seconds: a day.
const MAX_LIFETIME: i64 = 24 * 3600;

/// Why there is no document; the text completes "could not be loaded from …:".
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The URL cannot be sent as a request.
    #[error("the URL is not valid")]
    Url,
    /// No connection, also where the host is in a private network.
    #[error("the server cannot be reached")]
    Unreachable(#[source] ConnectorError),
    /// [`TIMEOUT`] has passed.
    #[error("the server took too long")]
    Timeout,
    /// Any status but 200, redirects among them (draft §5).
    #[error("the server answered with status {0} instead of 200")]
    Status(u16),
    /// The media type is not JSON.
    #[error("the response is not JSON")]
    NotJson,
    /// More than [`MAX_SIZE`], or the connection broke.
    #[error("the response is larger than 5 KB or incomplete")]
    Body,
}

/// Fetches a document. Returns its body, and for how many seconds it may be kept.
pub(super) async fn fetch(cx: &Context, url: &Url) -> Result<(Vec<u8>, i64), FetchError> {
    tokio::time::timeout(TIMEOUT, get(cx, url)).await.unwrap_or(Err(FetchError::Timeout))
}

async fn get(cx: &Context, url: &Url) -> Result<(Vec<u8>, i64), FetchError> {
    let host = url.host_str().unwrap_or_default();
    let (connector, uri) = route(&cx.config.client_document_hosts, url);
    let response = connector.call(request(&uri, host)?).await.map_err(FetchError::Unreachable)?;
    let kept_for = check_response(&response)?;
    let body = Limited::new(response.into_body(), MAX_SIZE).collect().await;
    let body = body.map_err(|_| FetchError::Body)?;
    Ok((body.to_bytes().to_vec(), kept_for))
}

/// The client for a URL, and the URI to ask it for. `hosts` is empty outside of tests, which serve
/// documents themselves; for any other host it is the client that reaches public addresses alone.
fn route(hosts: &HashMap<String, SocketAddr>, url: &Url) -> (Connector, String) {
    let path = &url[url::Position::BeforePath..];
    match hosts.get(url.host_str().unwrap_or_default()) {
        Some(address) => (Connector::builder().build_http(), format!("http://{address}{path}")),
        None => (public_connector(), url.to_string()),
    }
}

fn request(uri: &str, host: &str) -> Result<HttpRequest, FetchError> {
    let request = http::Request::get(uri)
        .header(HOST, host)
        .header(ACCEPT, "application/json")
        .body(SdkBody::empty())
        .map_err(|_| FetchError::Url)?;
    HttpRequest::try_from(request).map_err(|_| FetchError::Url)
}

/// A client that connects to public addresses alone. A proxy would resolve the name itself, so none
/// is used.
fn public_connector() -> Connector {
    let builder = Connector::builder().proxy_config(ProxyConfig::disabled());
    let builder = builder.tls_provider(Provider::Rustls(CryptoMode::AwsLc));
    builder.build_with_resolver(PublicAddresses)
}

/// Checks the status and the media type. Returns for how many seconds the document may be kept.
fn check_response(response: &HttpResponse) -> Result<i64, FetchError> {
    let status = response.status().as_u16();
    if status != 200 {
        return Err(FetchError::Status(status));
    }
    let header = |name: http::HeaderName| response.headers().get(name.as_str()).unwrap_or_default();
    let media_type = header(CONTENT_TYPE).split(';').next().unwrap_or_default().trim();
    let media_type = media_type.to_ascii_lowercase();
    if media_type != "application/json" && !media_type.ends_with("+json") {
        return Err(FetchError::NotJson);
    }
    Ok(lifetime(header(CACHE_CONTROL)))
}

/// The lifetime that `Cache-Control` gives, in seconds, within our bounds (RFC 9111 §5.2.2).
fn lifetime(cache_control: &str) -> i64 {
    let cache_control = cache_control.to_ascii_lowercase();
    let mut directives = cache_control.split(',').map(str::trim);
    if directives.clone().any(|name| ["no-store", "no-cache", "private"].contains(&name)) {
        return 0;
    }
    let max_age = directives.find_map(|name| name.strip_prefix("max-age=")?.parse::<i64>().ok());
    max_age.unwrap_or(DEFAULT_LIFETIME).clamp(0, MAX_LIFETIME)
}

/// The resolver of [`public_connector`].
#[derive(Clone, Debug)]
struct PublicAddresses;

impl ResolveDns for PublicAddresses {
    fn resolve_dns<'a>(&'a self, name: &'a str) -> DnsFuture<'a> {
        DnsFuture::new(async move {
            let addresses = public_address::resolve(name, 443).await;
            let addresses = addresses.map_err(ResolveDnsError::new)?;
            Ok(addresses.into_iter().map(|address| address.ip()).collect())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cache_control_decides_within_bounds_how_long_a_document_is_kept() {
        for (cache_control, seconds) in [
            ("", 300),
            ("public, max-age=60", 60),
            ("max-age=86400", 86_400),
            ("max-age=86401", 86_400),
            ("max-age=-1", 0),
            ("max-age=soon", 300),
            ("max-age=60, No-Store", 0),
            ("no-cache, max-age=60", 0),
            ("private", 0),
        ] {
            assert_eq!(lifetime(cache_control), seconds, "{cache_control}");
        }
    }

    #[test]
    fn only_json_that_was_found_is_taken() {
        let checked = |status: u16, media_type: Option<&'static str>, cache_control| {
            let mut response = HttpResponse::new(status.try_into().unwrap(), SdkBody::empty());
            if let Some(media_type) = media_type {
                response.headers_mut().insert("content-type", media_type);
            }
            response.headers_mut().insert("cache-control", cache_control);
            check_response(&response).map_err(|error| error.to_string())
        };
        let json = Some("application/json");
        for media_type in
            ["application/json", "Application/JSON; charset=utf-8", "application/a+json"]
        {
            assert_eq!(checked(200, Some(media_type), "max-age=60"), Ok(60), "{media_type}");
        }
        for media_type in [None, Some("text/html"), Some("text/json"), Some("application/json5")] {
            let error = Err("the response is not JSON".to_owned());
            assert_eq!(checked(200, media_type, ""), error, "{media_type:?}");
        }
        for status in [199, 201, 204, 301, 404, 500] {
            let error = Err(format!("the server answered with status {status} instead of 200"));
            assert_eq!(checked(status, json, ""), error);
        }
    }

    /// Fails if the fetch does not use our resolver: then it reaches the listener.
    #[tokio::test]
    async fn a_name_of_this_machine_is_refused_before_a_connection() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let url = Url::parse(&format!("https://localhost:{port}/client.json")).unwrap();
        // Hosts of a test are no way around it for others.
        let hosts = [("client.example".to_owned(), listener.local_addr().unwrap())].into();
        for hosts in [HashMap::new(), hosts] {
            let (connector, uri) = route(&hosts, &url);
            let error = tokio::select! {
                accepted = listener.accept() => panic!("connected to this machine: {accepted:?}"),
                outcome = connector.call(request(&uri, "localhost").unwrap()) => outcome.unwrap_err(),
            };
            let mut cause: &dyn std::error::Error = &error;
            while let Some(deeper) = cause.source() {
                cause = deeper;
            }
            let cause = cause.downcast_ref::<public_address::ResolveError>();
            assert!(matches!(cause, Some(public_address::ResolveError::NotPublic)), "{error:?}");
        }
    }
}
