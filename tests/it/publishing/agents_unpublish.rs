//! What agents may take away from readers, by each value of the setting.

use http::Method;
use serde_json::json;

use super::agents::{Cast, cast};
use super::publish;
use crate::harness::{Answer, Client, draft};

/// A live post, a scheduled one and a draft.
async fn shown_and_to_come(cast: &Cast) -> [Answer; 3] {
    let mut posts = Vec::new();
    for title in ["Live", "Scheduled", "Draft"] {
        posts.push(cast.editor.post("/v1/manage/posts", draft(title), 201).await);
    }
    let [live, scheduled, draft] = posts.try_into().unwrap_or_else(|_| unreachable!());
    publish(&cast.editor, &live, 200).await;
    cast.schedule(&cast.editor, &scheduled, 200).await;
    [live, scheduled, draft]
}

async fn trash(cast: &Cast, client: &Client, post: &Answer, status: u16) -> Answer {
    let path = format!("/v1/manage/posts/{}", post.text("/id"));
    let now = cast.editor.get(&path, 200).await;
    let seen = [("if-match", now.header("etag"))];
    client.send(Method::DELETE, &path, &seen, None, status).await
}

#[tokio::test(flavor = "multi_thread")]
async fn with_never_agents_take_nothing_away() {
    let cast = cast().await;
    let [live, scheduled, own] = shown_and_to_come(&cast).await;
    cast.let_agents("never").await;
    let to = |post: &Answer, rest: &str| format!("/v1/manage/posts/{}{rest}", post.text("/id"));
    let refused = [
        cast.agent.post(&to(&live, "/unpublish"), json!({}), 403).await,
        cast.agent.post(&to(&scheduled, "/unpublish"), json!({}), 403).await,
        cast.agent.post(&to(&scheduled, "/unschedule"), json!({}), 403).await,
        trash(&cast, &cast.agent, &live, 403).await,
        trash(&cast, &cast.agent, &scheduled, 403).await,
    ];
    for answer in &refused {
        answer.is_problem("approval_required");
        assert!(answer.text("/detail").contains("agent_publishing is never"), "{}", answer.body);
    }
    cast.app.anonymous().get("/v1/posts/live", 200).await;
    let still = cast.editor.get(&to(&scheduled, ""), 200).await;
    assert_eq!(still.text("/status"), "scheduled");
    // What no reader sees or will see is theirs to throw away.
    cast.agent.post(&to(&own, "/unschedule"), json!({}), 200).await;
    trash(&cast, &cast.agent, &own, 204).await;
    // And people do all of it.
    cast.editor.post(&to(&scheduled, "/unschedule"), json!({}), 200).await;
    trash(&cast, &cast.editor, &live, 204).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_approved_agents_take_posts_down_as_their_scopes_allow() {
    for setting in ["approved", "allowed"] {
        let cast = cast().await;
        let [live, scheduled, _] = shown_and_to_come(&cast).await;
        cast.let_agents(setting).await;
        let to = |post: &Answer, rest: &str| format!("/v1/manage/posts/{}{rest}", post.text("/id"));
        cast.agent.post(&to(&scheduled, "/unschedule"), json!({}), 200).await;
        cast.agent.post(&to(&live, "/unpublish"), json!({}), 200).await;
        publish(&cast.editor, &live, 200).await;
        trash(&cast, &cast.agent, &live, 204).await;
        cast.app.anonymous().get("/v1/posts/live", 404).await;
    }
}
