//! Differences and reviews, asked of the local runner over HTTP: what is measured is the whole answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use byline_local::{Byline, Options};
use byline_shared::model::Password;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::browser::session_cookie;
use crate::connection::Connection;
use crate::search::{Stopwatch, Timed};

/// A text and another made of it, which is not longer.
pub(crate) type Change = fn(&str) -> (String, String);

/// How a text may change, with what a comparison makes of it.
pub(crate) const CHANGES: [(&str, Change); 4] = [
    ("all new", |text| ("One line.\n".to_owned(), text.to_owned())),
    ("without every other word", |text| {
        let kept = text.split_inclusive(char::is_whitespace).step_by(2).collect();
        (text.to_owned(), kept)
    }),
    ("backwards", |text| {
        let words = text.split_inclusive(char::is_whitespace);
        (text.to_owned(), words.rev().collect())
    }),
    ("lines with numbers", |text| {
        let mut numbered = String::with_capacity(text.len());
        for (number, line) in text.lines().enumerate() {
            let line = format!("{line}{number}\n");
            if numbered.len() + line.len() > text.len() {
                break;
            }
            numbered += &line;
        }
        (text.to_owned(), numbered)
    }),
];

/// The end of every text, in which somebody changes the last line meanwhile.
const END: &str = "\n\nOne.\n\nTwo.\n\nThree.\n\nThe end";

/// How much shorter than a body a text has to be for [`END`] and its change.
pub(crate) const ROOM: usize = 64;

const EMAIL: &str = "admin@example.com";
const PASSWORD: &str = "correct horse battery staple";

/// How long a token is used. It is valid for ten minutes.
const TOKEN_AGE: Duration = Duration::from_secs(300);

/// The local runner, and its admin.
pub(crate) struct Reviews {
    runtime: Runtime,
    address: String,
    connection: Connection,
    /// The header that opens the API.
    token: String,
    /// When it was made.
    signed_in: Instant,
    /// The header that opens the Desk.
    cookie: String,
    // Runs until it is dropped.
    _byline: Byline,
}

impl Reviews {
    /// Starts a runner in memory, without rate limits.
    pub(crate) fn start() -> Result<Self, crate::Error> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let options = Options {
            admin_password: Some(Password::new(PASSWORD.to_owned())),
            variable: Arc::new(|name| (name == "BYLINE_RATE_LIMITS").then(|| "off".to_owned())),
            ..Options::in_memory()
        };
        let byline = runtime.block_on(Byline::start(options))?;
        let connection = runtime.block_on(Connection::open(byline.address))?;
        let address = byline.address.to_string();
        let cookie = runtime.block_on(session_cookie(byline.address, EMAIL, PASSWORD))?;
        let (token, cookie) = (String::new(), format!("Cookie: {cookie}\r\n"));
        let signed_in = Instant::now();
        let mut reviews =
            Self { runtime, address, connection, token, signed_in, cookie, _byline: byline };
        reviews.sign_in()?;
        Ok(reviews)
    }

    fn sign_in(&mut self) -> Result<(), String> {
        let credentials = json!({ "email": EMAIL, "password": PASSWORD });
        let answer = self.send("POST", "/v1/auth/login", None, &credentials)?;
        self.token = format!("Authorization: Bearer {}\r\n", text(&answer, "access_token"));
        self.signed_in = Instant::now();
        Ok(())
    }

    /// The difference of two revisions.
    pub(crate) fn difference(&mut self, change: Change, body: &str) -> Timed {
        self.of_pair(change, body, Self::ask_for_difference)
    }

    /// A proposal with its review, over the API or at the Desk, whichever takes longer: it is based on the live
    /// revision, and the draft has changed since.
    pub(crate) fn review(&mut self, change: Change, body: &str) -> Timed {
        self.of_pair(change, body, Self::ask_for_review)
    }

    /// Makes a post of the old text, and asks what becomes of the new one.
    fn of_pair(
        &mut self,
        change: Change,
        body: &str,
        ask: fn(&mut Self, &Value, &str, &str) -> Result<Timed, String>,
    ) -> Timed {
        if self.signed_in.elapsed() > TOKEN_AGE {
            self.sign_in().expect("the runner of this process lets its admin sign in");
        }
        let (old, new) = change(body);
        let (old, new) = (old + END, new + END);
        let post = json!({ "title": "A post", "body": format!("{old}.\n") });
        let post = self.send("POST", "/v1/manage/posts", None, &post);
        let outcome = post.and_then(|post| ask(self, &post, &old, &new));
        outcome.unwrap_or_else(|refusal| (Duration::ZERO, refusal))
    }

    fn ask_for_difference(&mut self, post: &Value, _: &str, new: &str) -> Result<Timed, String> {
        let path = format!("/v1/manage/posts/{}", text(post, "id"));
        let body = json!({ "body": format!("{new}.\n") });
        let changed = self.send("PATCH", &path, version(post).as_deref(), &body)?;
        let (from, to) = (text(post, "revision_id"), text(&changed, "revision_id"));
        self.timed(&format!("{path}/diff?from={from}&to={to}"))
    }

    fn ask_for_review(&mut self, post: &Value, old: &str, new: &str) -> Result<Timed, String> {
        let path = format!("/v1/manage/posts/{}", text(post, "id"));
        let base = text(post, "revision_id");
        // A text that is refused stays a draft, and can be compared all the same.
        let revision = json!({ "revision_id": base });
        let live = self.send("POST", &format!("{path}/publish"), None, &revision);
        let version = version(live.as_ref().unwrap_or(post));
        let proposed = json!({ "base_revision_id": base, "body": format!("{new}.\n") });
        let proposal = self.send("POST", &format!("{path}/proposals"), None, &proposed)?;
        let meanwhile = json!({ "body": format!("{old}, for now.\n") });
        self.send("PATCH", &path, version.as_deref(), &meanwhile)?;
        let id = text(&proposal, "id");
        let (by_api, answer) = self.timed(&format!("/v1/manage/proposals/{id}"))?;
        let (by_desk, page) = self.timed(&format!("/desk/proposals/{id}?view=reading"))?;
        let live = if live.is_ok() { "" } else { ", nothing live" };
        let outcome = format!("API {by_api:.2?}, {answer}; Desk {by_desk:.2?}, {page}{live}");
        Ok((by_api.max(by_desk), outcome))
    }

    /// The time of one answer, with its length.
    fn timed(&mut self, path: &str) -> Result<Timed, String> {
        let stopwatch = Stopwatch::start();
        self.send("GET", path, None, &Value::Null)?;
        Ok((stopwatch.elapsed(), format!("{} bytes", self.connection.body().len())))
    }

    /// Sends a request and gives the answer.
    ///
    /// # Errors
    /// The first line of the answer, where a text is refused.
    ///
    /// # Panics
    /// For every other answer: what was not measured must not count as quick.
    fn send(
        &mut self,
        method: &str,
        path: &str,
        if_match: Option<&str>,
        body: &Value,
    ) -> Result<Value, String> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n", self.address);
        request += if path.starts_with("/desk") { &self.cookie } else { &self.token };
        if let Some(version) = if_match {
            request += &format!("If-Match: {version}\r\n");
        }
        let length = body.len();
        request +=
            &format!("Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}");
        let status = self.runtime.block_on(self.connection.exchange(request.as_bytes()));
        let status = status.expect("the runner of this process answers");
        let line = String::from_utf8_lossy(self.connection.first_line()).into_owned();
        if matches!(status, 413 | 422) {
            return Err(format!("{method}: {line}"));
        }
        assert!((200..300).contains(&status), "{method} {path}: {line}");
        // What is measured is read by nobody.
        if method == "GET" {
            return Ok(Value::Null);
        }
        serde_json::from_slice(self.connection.body()).map_err(|error| error.to_string())
    }
}

fn text<'a>(answer: &'a Value, field: &str) -> &'a str {
    answer[field].as_str().unwrap_or_default()
}

/// The value of `If-Match` for a post.
fn version(post: &Value) -> Option<String> {
    post["version"].as_u64().map(|version| format!("\"v{version}\""))
}
