//! Files from this machine and from the web, within limits.

use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use percent_encoding::percent_decode_str;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, header};
use url::{Host, Url};

use crate::media::Place;

/// How many times an address may lead to another.
const REDIRECTS: usize = 5;

/// What files may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The size of one, in bytes.
    pub bytes: u64,
    /// How long one may take.
    pub time: Duration,
    /// Whether addresses of this machine and its network are asked, too.
    pub private: bool,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Its bytes.
    pub bytes: Bytes,
    /// Its name, the last part of its address.
    pub name: String,
    /// What the server says it is, without parameters.
    pub content_type: Option<String>,
}

/// Something that gets files.
pub trait Fetch {
    /// The file at a place.
    ///
    /// # Errors
    /// Why not, in a sentence.
    fn fetch(&self, place: &Place) -> impl Future<Output = Result<Fetched, String>>;
}

/// Gets files from the disk and over HTTP.
pub struct Fetcher {
    client: Client,
    limits: Limits,
}

impl Fetcher {
    /// One with these limits.
    ///
    /// # Errors
    /// Where TLS cannot be set up on this machine.
    pub fn new(limits: Limits) -> Result<Self, String> {
        let redirects = Policy::custom(move |attempt| {
            if attempt.previous().len() > REDIRECTS {
                return attempt.error(format!("it leads on more than {REDIRECTS} times"));
            }
            match allowed(attempt.url(), limits.private) {
                Ok(()) => attempt.follow(),
                Err(why) => attempt.error(why),
            }
        });
        let mut client = Client::builder()
            .user_agent(concat!("Byline/", env!("CARGO_PKG_VERSION"), " (import)"))
            .connect_timeout(Duration::from_secs(10).min(limits.time))
            .timeout(limits.time)
            .redirect(redirects)
            .referer(false);
        if !limits.private {
            // A proxy would ask in our place, and knows nothing of this limit.
            client = client.dns_resolver(Arc::new(PublicAddresses)).no_proxy();
        }
        let client = client.build().map_err(|error| said(&error))?;
        Ok(Self { client, limits })
    }

    async fn web(&self, url: &Url) -> Result<Fetched, String> {
        allowed(url, self.limits.private)?;
        let answer = self.client.get(url.clone()).send().await.map_err(|error| said(&error))?;
        if !answer.status().is_success() {
            return Err(format!("the server answered {}.", answer.status()));
        }
        if answer.content_length().is_some_and(|length| length > self.limits.bytes) {
            return Err(self.too_large());
        }
        let content_type = answer.headers().get(header::CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok());
        let content_type = content_type.and_then(|value| value.split(';').next());
        let content_type = content_type.map(|value| value.trim().to_ascii_lowercase());
        let name = name_of(answer.url().path());
        let mut bytes = BytesMut::new();
        let mut stream = answer.bytes_stream();
        while let Some(part) = stream.next().await {
            bytes.extend_from_slice(&part.map_err(|error| said(&error))?);
            if bytes.len() as u64 > self.limits.bytes {
                return Err(self.too_large());
            }
        }
        Ok(Fetched { bytes: bytes.freeze(), name, content_type })
    }

    async fn disk(&self, path: &Path) -> Result<Fetched, String> {
        let unreadable = |error: std::io::Error| format!("{error}.");
        let length = tokio::fs::metadata(path).await.map_err(unreadable)?.len();
        if length > self.limits.bytes {
            return Err(self.too_large());
        }
        let bytes = tokio::fs::read(path).await.map_err(unreadable)?.into();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(Fetched { bytes, name: name.unwrap_or_default(), content_type: None })
    }

    fn too_large(&self) -> String {
        format!("it is larger than {} bytes.", self.limits.bytes)
    }
}

impl Fetch for Fetcher {
    async fn fetch(&self, place: &Place) -> Result<Fetched, String> {
        match place {
            Place::File(path) => self.disk(path).await,
            Place::Web(url) => self.web(url).await,
        }
    }
}

/// The last part of a path.
fn name_of(path: &str) -> String {
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    percent_decode_str(name).decode_utf8_lossy().into_owned()
}

/// An error with what caused it, and without the address, which the report names already.
fn said(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    match (error.is_timeout(), error.is_redirect()) {
        (true, _) => "it took too long.".to_owned(),
        (_, true) => format!("{cause}."),
        _ => format!("it cannot be fetched: {cause}."),
    }
}

/// Whether an address may be asked at all. Names are looked at when they are resolved.
fn allowed(url: &Url, private: bool) -> Result<(), String> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("addresses of `{}` are not fetched.", url.scheme()));
    }
    let address: Option<IpAddr> = match url.host() {
        Some(Host::Ipv4(address)) => Some(address.into()),
        Some(Host::Ipv6(address)) => Some(address.into()),
        _ => None,
    };
    match address {
        Some(address) if !private && !is_public(address) => Err(NOT_PUBLIC.to_owned()),
        _ => Ok(()),
    }
}

const NOT_PUBLIC: &str =
    "its server is in a private network; --allow-private-addresses lets that pass";

/// Names of the public internet alone: whoever wrote a post must not make this machine ask its own
/// network.
struct PublicAddresses;

impl Resolve for PublicAddresses {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(NOT_PUBLIC.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is one of the public internet (the IANA special-purpose registries).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (b & 0xc0) == 64)
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b & 0xfe) == 18))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    // Forms that carry an IPv4 address: mapped, and translated (RFC 6052).
    let inner = match segments {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            let [a, b] = high.to_be_bytes();
            let [c, d] = low.to_be_bytes();
            Some(Ipv4Addr::new(a, b, c, d))
        }
        _ => None,
    };
    if let Some(inner) = inner {
        return is_public_v4(inner);
    }
    // Global unicast without documentation, 6to4, Teredo and other protocol assignments.
    (segments[0] & 0xe000) == 0x2000
        && segments[0] != 0x2002
        && !(segments[0] == 0x2001 && (segments[1] < 0x200 || segments[1] == 0xdb8))
        && !(segments[0] == 0x3fff && segments[1] < 0x1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_told_from_public_ones() {
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "198.18.0.1",
            "192.0.0.8",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:127.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
            "ff02::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1"] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    /// A server that answers each connection with the next of these.
    async fn server(answers: Vec<String>) -> Url {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            for answer in answers {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await.unwrap();
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        Url::parse(&format!("http://{address}/pictures/a%20b.png?x=1")).unwrap()
    }

    fn ok(body: &str) -> String {
        let length = body.len();
        format!(
            "HTTP/1.1 200 OK\r\nContent-Type: Image/PNG; x=y\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
    }

    async fn fetch(answers: Vec<String>, private: bool) -> Result<Fetched, String> {
        let limits = Limits { bytes: 8, time: Duration::from_secs(20), private };
        let url = server(answers).await;
        Fetcher::new(limits).unwrap().fetch(&Place::Web(url)).await
    }

    #[tokio::test]
    async fn limits_hold() {
        let fetched = fetch(vec![ok("1234")], true).await.unwrap();
        assert_eq!(
            (fetched.name.as_str(), fetched.bytes.as_ref()),
            ("a b.png", b"1234".as_slice())
        );
        assert_eq!(fetched.content_type.as_deref(), Some("image/png"));
        let error = fetch(vec![ok("123456789")], true).await.unwrap_err();
        assert_eq!(error, "it is larger than 8 bytes.");
        let endless = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n0123456789".to_owned();
        assert_eq!(fetch(vec![endless], true).await.unwrap_err(), "it is larger than 8 bytes.");
        let gone = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned();
        assert_eq!(
            fetch(vec![gone], true).await.unwrap_err(),
            "the server answered 404 Not Found."
        );
        let to_file =
            "HTTP/1.1 302 Found\r\nLocation: ftp://a.example/\r\nContent-Length: 0\r\n\r\n";
        let error = fetch(vec![to_file.to_owned()], true).await.unwrap_err();
        assert!(error.contains("ftp"), "{error}");
        let round =
            "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        let error = fetch(vec![round.to_owned(); 8], true).await.unwrap_err();
        assert!(error.contains("more than 5 times"), "{error}");
    }

    #[tokio::test]
    async fn private_networks_are_not_asked() {
        let error = fetch(vec![ok("1")], false).await.unwrap_err();
        assert!(error.contains("private network"), "{error}");
        let limits = Limits { bytes: 8, time: Duration::from_secs(20), private: false };
        let url = Url::parse("http://localhost:9/").unwrap();
        let error = Fetcher::new(limits).unwrap().fetch(&Place::Web(url)).await.unwrap_err();
        assert!(error.contains("private network"), "{error}");
    }
}
