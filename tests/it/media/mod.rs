//! Media: uploads by signed URLs, what becomes of them, and who may do what with them.

mod checks;
mod covers;
mod library;
mod signing;
mod uploads;
mod uses;

use byline_shared::model::MediaId;
use byline_shared::permission::Objects;
use http::Method;
use reqwest::Response;
use serde_json::{Value, json};

use crate::harness::{Answer, App, Client, cargo, full_only};

/// A picture of one pixel.
pub(crate) const GIF: &[u8; 43] =
    b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\
    \0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

/// What announces [`GIF`].
pub(crate) fn gif() -> Value {
    json!({ "filename": "Ein Bild.GIF", "content_type": "image/gif", "size": GIF.len() })
}

/// The request that an announcement was answered with, in the making.
pub(crate) struct Upload {
    url: String,
    headers: Vec<(String, String)>,
}

impl Upload {
    pub(crate) fn of(announced: &Answer) -> Self {
        assert_eq!(announced.text("/upload/method"), "PUT");
        let headers = announced.json["upload"]["headers"].as_object().unwrap().iter();
        let headers = headers.map(|(name, value)| (name.clone(), value.as_str().unwrap().into()));
        Self { url: announced.text("/upload/url"), headers: headers.collect() }
    }

    /// With another value of a header, or without it.
    fn with(mut self, name: &str, value: Option<&str>) -> Self {
        self.headers.retain(|(own, _)| own != name);
        self.headers.extend(value.map(|value| (name.to_owned(), value.to_owned())));
        self
    }

    fn at(self, url: String) -> Self {
        Self { url, ..self }
    }

    /// Sends it; answers with the status.
    pub(crate) async fn send(self, bytes: &[u8]) -> u16 {
        self.send_as(Method::PUT, bytes).await
    }

    async fn send_as(self, method: Method, bytes: &[u8]) -> u16 {
        let mut request = reqwest::Client::new().request(method, &self.url).body(bytes.to_vec());
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.send().await.unwrap().status().as_u16()
    }
}

fn path(media: &Answer) -> String {
    format!("/v1/manage/media/{}", media.text("/media/id"))
}

fn complete(media: &Answer) -> String {
    format!("{}/complete", path(media))
}

/// A picture that readers see.
pub(crate) async fn published(client: &Client) -> Answer {
    let announced = client.post("/v1/manage/media", gif(), 201).await;
    assert_eq!(Upload::of(&announced).send(GIF).await, 200);
    client.post(&complete(&announced), json!({}), 200).await
}

async fn fetch(url: &str, header: Option<(&str, &str)>) -> Response {
    let mut request = reqwest::Client::new().get(url);
    if let Some((name, value)) = header {
        request = request.header(name, value);
    }
    request.send().await.unwrap()
}

/// Whether the bucket holds an object of an upload of [`gif`].
async fn is_there(app: &App, objects: Objects, id: &str) -> bool {
    let cx = &app.byline.context;
    let ulid = id.parse::<MediaId>().unwrap().ulid();
    let key = format!("{}{ulid}/ein-bild.gif", objects.prefix());
    let get = aws_sdk_s3::Client::new(&cx.sdk).get_object().bucket(&cx.config.media_bucket);
    match get.key(key).send().await {
        Ok(_) => true,
        Err(error) => {
            assert!(error.as_service_error().unwrap().is_no_such_key(), "{error:?}");
            false
        }
    }
}

#[test]
fn only_what_uses_the_bucket_links_its_sdk() {
    if !full_only("media::only_what_uses_the_bucket_links_its_sdk") {
        return;
    }
    let links = |name: &str| {
        let binary = std::fs::read(cargo::function(name)).unwrap();
        // A word of its messages; names of types stand in what debuggers read, linked or not.
        let word = b"S3 Accelerate";
        binary.windows(word.len()).any(|window| window == word)
    };
    assert!(links("manage-media-create"));
    let agent = ["responses-create", "chat-create", "desk-agent-conversation"];
    for name in ["posts-read", "manage-media-get"].into_iter().chain(agent) {
        assert!(!links(name), "{name}");
    }
}
