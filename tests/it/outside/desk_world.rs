//! What the pages of the Desk show in Chromium.

use byline_shared::model::Role;
use http::Method;
use serde_json::json;

use crate::conversations::agent::{RESPONSES, ScriptedModel, Step, ask};
use crate::harness::{Answer, App, Client, draft};
use crate::media;

/// The text of a post.
pub(super) const TIDE: &str = "At low water the beach is a *list* of small things.\n\n\
    ## What is there\n\n\
    - rope, blue\n- a glove\n- the sound of it\n\n\
    > Nobody asks a shell where it has been.\n\n\
    | Day | High | Low |\n|---|---|---|\n| Monday | 06:12 | 12:24 |\n| Tuesday | 06:58 | 13:10 |\n\n\
    ```\nlet tide = \"out\";\n```\n\n\
    We come back [every morning](https://example.org/tides), and it is never the same list.\n";

const ANSWER: &str = "I have proposed an excerpt. **It waits for a review.**\n\n\
    ## Why so short\n\n\
    1. Lists show 160 characters.\n2. The text begins with `At low water`.\n\n\
    | Page | Characters |\n|---|---|\n| list | 160 |\n| feed | 300 |\n\n\
    > Nobody asks a shell where it has been.\n\n\
    ```\nAVeryLongLineThatNoBrowserMayBreakUnlessItIsToldToDoSoByTheStyleSheetOfThePage\n```\n\n\
    See [how others do it](https://elsewhere.example/a/very/long/address/that/goes/on) and \
    https://elsewhere.example/another/very/long/address/that/goes/on/and/on/and/on/and/on.\n\n\
    ![a beach](https://cdn.example/kelp.png)\n";

/// The model may think for as long as the test looks at its page.
pub(super) const SLOW: &[(&str, &str)] = &[("BYLINE_AGENT_SILENCE_SECONDS", "240")];

/// What the pages are about.
pub(super) struct World {
    pub(super) post: String,
    pub(super) proposal: String,
    pub(super) media: String,
    pub(super) tag: String,
    pub(super) user: String,
    pub(super) conversation: String,
    /// The pages of preview links: of a draft, and of a text that is live.
    pub(super) previews: [String; 2],
}

pub(super) async fn post(client: &Client, title: &str, body: &str) -> Answer {
    let mut new = draft(title);
    new["body"] = json!(body);
    client.post("/v1/manage/posts", new, 201).await
}

pub(super) async fn publish(client: &Client, post: &Answer) {
    let path = format!("/v1/manage/posts/{}/publish", post.text("/id"));
    client.post(&path, json!({ "revision_id": post.text("/revision_id") }), 200).await;
}

/// A publication with a bit of everything: live, drafted, scheduled, proposed with hidden text, rejected.
pub(super) async fn world(app: &App, admin: &Client, model: &ScriptedModel) -> World {
    let agent = app.agent(admin).await;
    let live = post(admin, "What the tide leaves", TIDE).await;
    publish(admin, &live).await;
    let change = json!({
        "base_revision_id": live.text("/revision_id"),
        "body": TIDE.replace("blue", "green").replace("a glove", "two gloves\u{200b}")
            .replace("It is never", "It is always") + "\nA new end, <!-- ignore the rest --> with a link \
            to [the bank](https://evil.example) and ![a picture](https://cdn.example/kelp.png).\n",
        "title": "What the tide leaves, and takes",
        "tags": ["Field notes", "Sea"],
        "note": "Two corrections in the list, and an end.",
    });
    let proposals = format!("/v1/manage/posts/{}/proposals", live.text("/id"));
    let proposal = agent.post(&proposals, change, 201).await.text("/id");
    let new = json!({
        "title": "A title that goes on for a good while because nobody could decide what to leave out of it",
        "body": "One.\n",
        "note": "AVeryLongWordThatNoBrowserMayBreakUnlessItIsToldToDoSoByTheStyleSheetOfThePage",
    });
    agent.post("/v1/manage/proposals", new, 201).await;
    let later = post(admin, "Winter hours", "We close at four.\n").await;
    let schedule = format!("/v1/manage/posts/{}/schedule", later.text("/id"));
    let at = app.byline.context.clock.now().plus_seconds(26 * 3600);
    let body = json!({ "revision_id": later.text("/revision_id"), "publish_at": at });
    admin.post(&schedule, body, 200).await;
    let prices = post(admin, "Our prices", "We charge 10 euros.\n").await;
    publish(admin, &prices).await;
    let edited = format!("/v1/manage/posts/{}", prices.text("/id"));
    let etag = admin.get(&edited, 200).await.header("etag").to_owned();
    let change = json!({ "body": "We charge 11 euros.\n" });
    admin.send(Method::PATCH, &edited, &[("if-match", &etag)], Some(change), 200).await;
    let media = media::published(admin).await.text("/id");
    let previews = [preview(admin, &later).await, preview(admin, &live).await];
    let tags = admin.get("/v1/manage/tags", 200).await;
    let author = app.user(Role::Author).await.get("/v1/users/me", 200).await;
    World {
        post: live.text("/id"),
        proposal,
        media,
        tag: tags.text("/items/0/slug"),
        user: author.text("/id"),
        conversation: conversation(admin, &live, model).await,
        previews,
    }
}

/// A conversation with the agent: it reads, proposes, answers, and then it fails.
async fn conversation(admin: &Client, post: &Answer, model: &ScriptedModel) -> String {
    let (id, revision) = (post.text("/id"), post.text("/revision_id"));
    let change =
        json!({ "post_id": id, "revision_id": revision, "excerpt": "A list of small things." });
    model.then(vec![
        Step::Calls(
            "I look at the post first.",
            vec![("search", json!({ "query": "tide" })), ("post_get", json!({ "post_id": id }))],
        ),
        Step::Calls("", vec![("post_propose", change), ("post_delete", json!({ "post_id": id }))]),
        Step::Says(ANSWER),
        Step::Status(400),
    ]);
    let asked =
        ask(admin, "Could you write an excerpt for “What the tide leaves”?\n\nShort, please.")
            .await;
    let id = asked.text("/conversation/id");
    let body = json!({ "input": "And for the others?", "conversation": id });
    admin.post(RESPONSES, body, 200).await;
    id
}

/// The path of a new preview link of a post.
async fn preview(admin: &Client, post: &Answer) -> String {
    let links = format!("/v1/manage/posts/{}/preview-links", post.text("/id"));
    let url = admin.post(&links, json!({}), 201).await.text("/url");
    url[url.find("/preview/").unwrap()..].to_owned()
}

/// The page of a conversation in which the agent answers, as long as the test lasts.
pub(super) async fn running(app: &App, admin: &Client, model: &ScriptedModel) -> String {
    model.now(vec![Step::Waits("", Box::new(Step::Says("never")))]);
    let id = admin.post("/v1/conversations", json!({}), 200).await.text("/id");
    let body = json!({ "input": "Read all posts, please.", "conversation": id });
    let (asks, before) = (admin.clone(), model.asked().len());
    tokio::spawn(async move { asks.try_post(RESPONSES, body).await });
    model.was_asked(before + 1).await;
    assert!(app.byline.observer.violations().is_empty());
    format!("/desk/agent/{id}")
}
