//! Client ID Metadata Documents (draft-ietf-oauth-client-id-metadata-document-02): a `client_id` that
//! is the address of a document about the program.
//!
//! The address is anybody's to choose, so fetching is held within bounds: https on its own port, names
//! and not addresses, no redirect, no proxy, no address of a network within after resolution (and the
//! connection goes to what was resolved), five kilobytes, three seconds.

use std::net::IpAddr;
use std::time::Duration;

use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Connector, proxy::ProxyConfig};
use aws_smithy_runtime_api::client::dns::{DnsFuture, ResolveDns, ResolveDnsError};
use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, HOST};
use http_body_util::{BodyExt, Limited};
use serde::Deserialize;
use url::{Host, Url};

use super::client;
use super::{redirect, special_use};
use crate::context::Context;
use crate::model::OAuthClient;

/// The largest document, in bytes (draft §8.7).
const MAX_SIZE: usize = 5 * 1024;

/// How long fetching one may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// How long one is kept that does not say, in seconds: five minutes.
const KEPT: i64 = 300;

/// How long one is kept at most, in seconds: a day.
const KEPT_AT_MOST: i64 = 24 * 3600;

/// The longest address of a document.
const MAX_ADDRESS: usize = 500;

#[derive(Deserialize)]
struct Document {
    client_id: String,
    client_name: String,
    redirect_uris: Vec<String>,
    #[serde(default)]
    token_endpoint_auth_method: Option<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
    #[serde(default)]
    grant_types: Option<Vec<String>>,
    #[serde(default)]
    response_types: Option<Vec<String>>,
    #[serde(default)]
    client_secret: Option<serde_json::Value>,
    #[serde(default)]
    client_secret_expires_at: Option<serde_json::Value>,
    #[serde(default)]
    jwks: Option<serde_json::Value>,
}

/// The program that a document is about, or why it is not accepted.
pub(super) async fn client(cx: &Context, id: &str) -> Result<OAuthClient, String> {
    let url = address(id)?;
    let now = cx.clock.now();
    if let Some(client) = cx.client_documents.get(id, now) {
        return Ok(client);
    }
    let host = url.host_str().unwrap_or_default().to_owned();
    let fetched = tokio::time::timeout(PATIENCE, fetch(cx, &url)).await;
    let fetched = fetched.unwrap_or_else(|_| Err("it takes too long".to_owned()));
    let (body, kept_for) = fetched.map_err(|reason| {
        tracing::info!(%host, reason, "a client's document was not fetched");
        format!("The document about this program at {host} cannot be had: {reason}.")
    })?;
    let client = read(id, host, &body)?;
    if kept_for > 0 {
        let expires_at = now.plus_seconds(kept_for);
        cx.client_documents.insert(id.to_owned(), client.clone(), expires_at);
    }
    Ok(client)
}

/// A `client_id` as an address that may be fetched (draft §3).
fn address(id: &str) -> Result<Url, String> {
    let refused = |reason: &str| Err(format!("The program's address cannot be used: it {reason}."));
    if id.len() > MAX_ADDRESS {
        return refused("is too long");
    }
    let Ok(url) = Url::parse(id) else { return refused("is no address") };
    if url.scheme() != "https" || !matches!(url.host(), Some(Host::Domain(_))) {
        return refused("must be https, with a name and not a number for its host");
    }
    if url.port().is_some() || !url.username().is_empty() || url.password().is_some() {
        return refused("must have no port, user name or password");
    }
    if url.fragment().is_some() || url.path() == "/" {
        return refused("must have a path and no fragment");
    }
    let lower = id.to_ascii_lowercase();
    // The parser would take dot segments and odd spellings out.
    if url.as_str() != id || ["/%2e/", "/%2e%2e/", "/.%2e/"].iter().any(|dots| lower.contains(dots))
    {
        return refused("must be written in its plain form, without . and .. segments");
    }
    Ok(url)
}

fn read(id: &str, host: String, body: &[u8]) -> Result<OAuthClient, String> {
    let refused = |reason: &str| {
        Err(format!("The document about this program at {host} cannot be accepted: {reason}."))
    };
    let Some(document) = super::object::<Document>(body) else {
        return refused("it is not a JSON object with client_id, client_name and redirect_uris");
    };
    if document.client_id != id {
        return refused("its client_id is another address");
    }
    // Draft §4.1; of a key, `d` is the private part and `k` the shared one (RFC 7518 §6).
    let keys = document.jwks.as_ref().and_then(|set| set.get("keys")?.as_array());
    let is_secret = |key: &serde_json::Value| key.get("d").is_some() || key.get("k").is_some();
    if document.client_secret.is_some()
        || document.client_secret_expires_at.is_some()
        || keys.is_some_and(|keys| keys.iter().any(is_secret))
    {
        return refused("it holds a secret");
    }
    // A program that can sign may also come without: what it lists is what it can do.
    let method = document.token_endpoint_auth_method.as_deref();
    if method.is_some_and(|method| method.starts_with("client_secret_")) {
        return refused("it wants to share a secret, which such programs cannot");
    }
    let supported = &document.token_endpoint_auth_methods_supported;
    if !matches!(method, None | Some("none")) && !supported.iter().any(|name| name == "none") {
        return refused("it wants to authenticate, which is not supported for such programs");
    }
    let lacks = |listed: &Option<Vec<String>>, wanted: &str| {
        listed.as_ref().is_some_and(|listed| !listed.iter().any(|name| name == wanted))
    };
    if lacks(&document.grant_types, "authorization_code") || lacks(&document.response_types, "code")
    {
        return refused("it does not use authorization codes");
    }
    let Some(name) = client::name(&document.client_name) else {
        return refused("its client_name cannot be shown");
    };
    let usable = document.redirect_uris.into_iter().filter(|uri| redirect::check(uri).is_ok());
    let redirect_uris: Vec<String> = usable.take(20).collect();
    if redirect_uris.is_empty() {
        return refused("it names no redirect URI that may be used");
    }
    Ok(OAuthClient { id: id.to_owned(), name, host: Some(host), redirect_uris })
}

/// The document, and for how many seconds it may be kept.
async fn fetch(cx: &Context, url: &Url) -> Result<(Vec<u8>, i64), String> {
    let host = url.host_str().unwrap_or_default();
    let path = &url[url::Position::BeforePath..];
    // No configuration fills this in: a test does, for documents that it serves itself.
    let (connector, uri) = match cx.config.client_document_hosts.get(host) {
        Some(address) => (Connector::builder().build_http(), format!("http://{address}{path}")),
        None => {
            let builder = Connector::builder().proxy_config(ProxyConfig::disabled());
            let builder = builder.tls_provider(Provider::Rustls(CryptoMode::AwsLc));
            (builder.build_with_resolver(PublicAddresses), url.to_string())
        }
    };
    let request = http::Request::get(uri)
        .header(HOST, host)
        .header(ACCEPT, "application/json")
        .body(SdkBody::empty())
        .map_err(|_| "its address is no HTTP address")?;
    let request = HttpRequest::try_from(request).map_err(|_| "its address is no HTTP address")?;
    let response = connector.call(request).await.map_err(|cause| {
        tracing::info!(host, ?cause, "a client's document was not fetched");
        "nothing answers there that may be asked"
    })?;
    let kept_for = acceptable(&response)?;
    let body = Limited::new(response.into_body(), MAX_SIZE).collect().await;
    let body = body.map_err(|_| "it is larger than 5 KB, or breaks off")?;
    Ok((body.to_bytes().to_vec(), kept_for))
}

/// For how long an answer may be kept, if it is one to accept.
fn acceptable(response: &HttpResponse) -> Result<i64, String> {
    let status = response.status().as_u16();
    if status != 200 {
        return Err(format!("the answer has the status {status}, not 200"));
    }
    let header = |name: http::HeaderName| response.headers().get(name.as_str()).unwrap_or_default();
    let media_type = header(CONTENT_TYPE).split(';').next().unwrap_or_default().trim();
    let media_type = media_type.to_ascii_lowercase();
    if media_type != "application/json" && !media_type.ends_with("+json") {
        return Err("the answer is not JSON".to_owned());
    }
    Ok(lifetime(header(CACHE_CONTROL)))
}

/// What `Cache-Control` allows, within bounds (RFC 9111 §5.2.2).
fn lifetime(cache_control: &str) -> i64 {
    let cache_control = cache_control.to_ascii_lowercase();
    let mut directives = cache_control.split(',').map(str::trim);
    if directives.clone().any(|name| ["no-store", "no-cache", "private"].contains(&name)) {
        return 0;
    }
    let max_age = directives.find_map(|name| name.strip_prefix("max-age=")?.parse::<i64>().ok());
    max_age.unwrap_or(KEPT).clamp(0, KEPT_AT_MOST)
}

/// Resolves names to public addresses, or not at all.
#[derive(Clone, Debug)]
struct PublicAddresses;

impl ResolveDns for PublicAddresses {
    fn resolve_dns<'a>(&'a self, name: &'a str) -> DnsFuture<'a> {
        DnsFuture::new(async move {
            let found = tokio::net::lookup_host((name, 443)).await.map_err(ResolveDnsError::new)?;
            let found: Vec<IpAddr> = found.map(|address| address.ip()).collect();
            if found.is_empty() || !found.iter().all(|ip| special_use::is_public(*ip)) {
                return Err(ResolveDnsError::new("the name leads into a network of special use"));
            }
            Ok(found)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_may_be_fetched() {
        assert!(address("https://agent.example/client.json").is_ok());
        assert!(address("https://agent.example/a/b?v=1").is_ok());
        for id in [
            "http://agent.example/client.json",
            "https://agent.example",
            "https://agent.example/",
            "https://agent.example/a#b",
            "https://u@agent.example/a",
            "https://agent.example:444/a",
            "https://agent.example/a/../b",
            "https://agent.example/%2E%2E/b",
            "https://AGENT.example/a",
            "https://127.0.0.1/a",
            "https://[::1]/a",
            "https://0x7f.1/a",
            "https://2130706433/a",
        ] {
            assert!(address(id).is_err(), "{id}");
        }
    }

    #[test]
    fn documents_are_kept_as_they_say_within_bounds() {
        assert_eq!(lifetime(""), KEPT);
        assert_eq!(lifetime("public, max-age=60"), 60);
        assert_eq!(lifetime("max-age=99999999"), KEPT_AT_MOST);
        assert_eq!(lifetime("max-age=60, No-Store"), 0);
    }
}
