//! Adds a token to every request on its way to a Byline, for clients that cannot be told one.
//! It stands in Byline's place: where a request names the relay as its host or origin, Byline reads
//! its own name, and any other name passes as it is.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, CONNECTION, CONTENT_LENGTH, HOST, HeaderValue, ORIGIN};
use axum::http::header::{HeaderName, TRANSFER_ENCODING};
use axum::response::Response;
use tokio::net::TcpListener;

struct Relay {
    http: reqwest::Client,
    to: String,
    own: String,
    token: HeaderValue,
}

/// Starts a relay to the Byline at `to`, and says where it listens.
pub(crate) async fn start(to: SocketAddr, token: &str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let relay = Relay {
        http: reqwest::Client::new(),
        to: to.to_string(),
        own: address.to_string(),
        token: format!("Bearer {token}").parse().unwrap(),
    };
    let router = Router::new().fallback(pass_on).with_state(Arc::new(relay));
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

async fn pass_on(State(relay): State<Arc<Relay>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let url = format!("http://{}{}", relay.to, parts.uri);
    let mut headers = without_hops(parts.headers);
    for name in [HOST, ORIGIN] {
        if let Some(value) = headers.get(&name).and_then(|value| value.to_str().ok()) {
            let value = value.replace(&relay.own, &relay.to).parse().unwrap();
            headers.insert(name, value);
        }
    }
    headers.insert(AUTHORIZATION, relay.token.clone());
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let request = relay.http.request(parts.method, url).headers(headers).body(body);
    let answer = request.send().await.unwrap();
    let mut response = Response::new(Body::empty());
    *response.status_mut() = answer.status();
    *response.headers_mut() = without_hops(answer.headers().clone());
    *response.body_mut() = answer.bytes().await.unwrap().into();
    response
}

/// Without what concerns one connection alone.
fn without_hops(mut headers: HeaderMap) -> HeaderMap {
    const HOPS: [HeaderName; 3] = [CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING];
    for name in HOPS {
        headers.remove(name);
    }
    headers
}
