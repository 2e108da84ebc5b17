//! Files from this machine and from the web, within limits.

mod public;

use std::future::Future;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use percent_encoding::percent_decode_str;
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode, header};
use tokio::io::AsyncReadExt;
use url::Url;

use crate::media::Place;
pub use public::NotAllowed;
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

/// Why a file is not fetched, in a sentence without its address: the report names that.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The file system.
    #[error("{0}.")]
    Disk(#[from] io::Error),
    /// The file became a link since it was found.
    #[error("it was replaced by a link while the import ran.")]
    Replaced,
    /// Larger than this, in bytes.
    #[error("it is larger than {0} bytes.")]
    TooLarge(u64),
    /// The URL may not be fetched.
    #[error("{0}.")]
    NotAllowed(#[from] NotAllowed),
    /// The server has something else to say.
    #[error("the server answered {0}.")]
    Answer(StatusCode),
    /// It took longer than the limit.
    #[error("it took too long.")]
    Timeout,
    /// It leads on to where it may not, or too often; the innermost cause.
    #[error("{0}.")]
    Redirect(String),
    /// The server cannot be reached; the innermost cause.
    #[error("it cannot be fetched: {0}.")]
    Unreachable(String),
}

impl From<reqwest::Error> for FetchError {
    fn from(error: reqwest::Error) -> Self {
        let mut cause: &dyn std::error::Error = &error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        match (error.is_timeout(), error.is_redirect()) {
            (true, _) => Self::Timeout,
            (_, true) => Self::Redirect(cause.to_string()),
            _ => Self::Unreachable(cause.to_string()),
        }
    }
}

/// Something that gets files.
pub trait Fetch {
    /// The file at a place.
    ///
    /// # Errors
    /// Why not.
    fn fetch(&self, place: &Place) -> impl Future<Output = Result<Fetched, FetchError>>;
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
    pub fn new(limits: Limits) -> Result<Self, FetchError> {
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
        Ok(Self { client: client.build()?, limits })
    }

    async fn web(&self, url: &Url) -> Result<Fetched, FetchError> {
        check(url, self.limits.private)?;
        let answer = self.client.get(url.clone()).send().await?;
        if !answer.status().is_success() {
            return Err(FetchError::Answer(answer.status()));
        }
        if answer.content_length().is_some_and(|length| length > self.limits.bytes) {
            return Err(FetchError::TooLarge(self.limits.bytes));
        }
        let content_type = answer.headers().get(header::CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok());
        let content_type = content_type.and_then(|value| value.split(';').next());
        let content_type = content_type.map(|value| value.trim().to_ascii_lowercase());
        let name = name_of(answer.url().path());
        let mut bytes = BytesMut::new();
        let mut stream = answer.bytes_stream();
        while let Some(part) = stream.next().await {
            bytes.extend_from_slice(&part?);
            if bytes.len() as u64 > self.limits.bytes {
                return Err(FetchError::TooLarge(self.limits.bytes));
            }
        }
        Ok(Fetched { bytes: bytes.freeze(), name, content_type })
    }

    async fn disk(&self, path: &Path) -> Result<Fetched, FetchError> {
        // It was found by its real path, inside of the source.
        if tokio::fs::canonicalize(path).await? != path {
            return Err(FetchError::Replaced);
        }
        let too_large = || FetchError::TooLarge(self.limits.bytes);
        let mut file = tokio::fs::File::open(path).await?;
        if file.metadata().await?.len() > self.limits.bytes {
            return Err(too_large());
        }
        let mut bytes = Vec::new();
        let most = self.limits.bytes.saturating_add(1);
        (&mut file).take(most).read_to_end(&mut bytes).await?;
        if bytes.len() as u64 > self.limits.bytes {
            return Err(too_large());
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(Fetched { bytes: bytes.into(), name: name.unwrap_or_default(), content_type: None })
    }
}

impl Fetch for Fetcher {
    async fn fetch(&self, place: &Place) -> Result<Fetched, FetchError> {
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

    async fn fetch(answers: Vec<String>, private: bool) -> Result<Fetched, FetchError> {
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
        assert_eq!(error.to_string(), "it is larger than 8 bytes.");
        let endless = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n0123456789".to_owned();
        let error = fetch(vec![endless], true).await.unwrap_err();
        assert!(matches!(error, FetchError::TooLarge(8)), "{error}");
        let gone = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned();
        assert_eq!(
            fetch(vec![gone], true).await.unwrap_err().to_string(),
            "the server answered 404 Not Found."
        );
        let to_file =
            "HTTP/1.1 302 Found\r\nLocation: ftp://a.example/\r\nContent-Length: 0\r\n\r\n";
        let error = fetch(vec![to_file.to_owned()], true).await.unwrap_err().to_string();
        assert!(error.contains("ftp"), "{error}");
        let round =
            "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        let error = fetch(vec![round.to_owned(); 8], true).await.unwrap_err().to_string();
        assert!(error.contains("more than 5 times"), "{error}");
    }

    #[tokio::test]
    async fn private_networks_are_not_asked() {
        let error = fetch(vec![ok("1")], false).await.unwrap_err().to_string();
        assert!(error.contains("private network"), "{error}");
        let limits = Limits { bytes: 8, time: Duration::from_secs(20), private: false };
        let url = Url::parse("http://localhost:9/").unwrap();
        let error = Fetcher::new(limits).unwrap().fetch(&Place::Web(url)).await.unwrap_err();
        let error = error.to_string();
        assert!(error.contains("private network"), "{error}");
    }
}
