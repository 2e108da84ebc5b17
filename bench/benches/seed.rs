//! Published posts, made over HTTP as a writer makes them.

use std::net::SocketAddr;

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::Error;
use crate::connection::Connection;

/// The admin's address.
pub(crate) const EMAIL: &str = "admin@example.com";

/// The admin's password.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// The sample events ask for this post.
pub(crate) const HELLO: &str = "hello-world";

/// About 2 KB of Markdown with the usual furniture.
fn body() -> String {
    let paragraph = "A sentence that says little, *some of it* **with weight**, and leads to \
                     [a page](https://example.com/page) elsewhere. It goes on for a while, as \
                     texts do, and ends with `a bit of code`.\n\n";
    let list = "- one thing\n- another thing\n- a third, which is the last\n\n";
    format!("## A heading\n\n{}{list}## Another\n\n{}", paragraph.repeat(4), paragraph.repeat(5))
}

/// The admin, signed in.
#[derive(Clone)]
pub(crate) struct Writer {
    address: SocketAddr,
    /// An access token.
    token: String,
}

impl Writer {
    /// Signs in.
    pub(crate) async fn sign_in(address: SocketAddr) -> Result<Self, Error> {
        let mut writer = Self { address, token: String::new() };
        let mut connection = Connection::open(address).await?;
        let credentials = json!({ "email": EMAIL, "password": PASSWORD });
        let answer = writer.post(&mut connection, "/v1/auth/login", &credentials).await?;
        let token = answer["access_token"].as_str().ok_or("no access token in the answer")?;
        writer.token = token.to_owned();
        Ok(writer)
    }

    /// An API key of the writer's: what they signed in with does not open the MCP endpoint.
    pub(crate) async fn api_key(&self) -> Result<String, Error> {
        let mut connection = Connection::open(self.address).await?;
        let wanted = json!({ "name": "Benchmark", "scopes": ["profile"] });
        let made = self.post(&mut connection, "/v1/auth/api-keys", &wanted).await?;
        Ok(made["key"].as_str().ok_or("no key in the answer")?.to_owned())
    }

    /// Publishes `posts`, each a title and its slug, on a few connections.
    pub(crate) async fn publish(&self, posts: Vec<(String, String)>) -> Result<(), Error> {
        const CONNECTIONS: usize = 4;
        let mut shares = vec![Vec::new(); CONNECTIONS];
        for (turn, post) in posts.into_iter().enumerate() {
            shares[turn % CONNECTIONS].push(post);
        }
        let mut tasks = JoinSet::new();
        for share in shares {
            tasks.spawn(self.clone().publish_in_turn(share));
        }
        while let Some(outcome) = tasks.join_next().await {
            outcome??;
        }
        Ok(())
    }

    async fn publish_in_turn(self, posts: Vec<(String, String)>) -> Result<(), Error> {
        let mut connection = Connection::open(self.address).await?;
        let body = body();
        for (title, slug) in posts {
            let draft = json!({
                "title": title, "slug": slug, "body": body, "tags": ["Benchmark"],
            });
            let post = self.post(&mut connection, "/v1/manage/posts", &draft).await?;
            let id = post["id"].as_str().ok_or("a post without an id")?;
            let path = format!("/v1/manage/posts/{id}/publish");
            let revision = json!({ "revision_id": post["revision_id"] });
            self.post(&mut connection, &path, &revision).await?;
        }
        Ok(())
    }

    /// A post with a proposal that changes it: their ids.
    pub(crate) async fn propose(&self, title: &str) -> Result<(String, String), Error> {
        let mut connection = Connection::open(self.address).await?;
        let draft = json!({ "title": title, "body": body(), "tags": ["Benchmark"] });
        let post = self.post(&mut connection, "/v1/manage/posts", &draft).await?;
        let id = post["id"].as_str().ok_or("a post without an id")?.to_owned();
        let change = json!({
            "base_revision_id": post["revision_id"], "body": format!("{}\nOne more line.\n", body()),
        });
        let path = format!("/v1/manage/posts/{id}/proposals");
        let proposal = self.post(&mut connection, &path, &change).await?;
        let proposal = proposal["id"].as_str().ok_or("a proposal without an id")?;
        Ok((id, proposal.to_owned()))
    }

    async fn post(&self, to: &mut Connection, path: &str, body: &Value) -> Result<Value, Error> {
        let status = to.exchange(&self.request(path, body)).await?;
        if !(200..300).contains(&status) {
            let answer = String::from_utf8_lossy(to.body());
            return Err(format!("POST {path} was answered with {status}: {answer}").into());
        }
        Ok(serde_json::from_slice(to.body())?)
    }

    /// A POST with a JSON body.
    pub(crate) fn request(&self, path: &str, body: &Value) -> Vec<u8> {
        let body = body.to_string();
        let authorization = match self.token.as_str() {
            "" => String::new(),
            token => format!("Authorization: Bearer {token}\r\n"),
        };
        format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n{authorization}\r\n{body}",
            self.address,
            body.len()
        )
        .into_bytes()
    }
}
