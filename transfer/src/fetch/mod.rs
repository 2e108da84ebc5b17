//! Files from this machine and from the web, within limits.

mod public;

use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use percent_encoding::percent_decode_str;
use reqwest::redirect::Policy;
use reqwest::{Client, header};
use url::Url;

use crate::media::Place;
use public::{PublicAddresses, check};

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
            match check(attempt.url(), limits.private) {
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
        check(url, self.limits.private).map_err(|error| format!("{error}."))?;
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

#[cfg(test)]
mod tests {
    use super::*;

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
