//! What agents may make live, door by door. The long stories hold every order of these steps to it.

use byline_shared::model::{Role, Time};
use http::Method;
use serde_json::{Value, json};

use super::{api_key, edit, publish};
use crate::harness::{Answer, App, Client, draft};

pub(super) struct Cast {
    pub(super) app: App,
    admin: Client,
    pub(super) editor: Client,
    pub(super) agent: Client,
}

pub(super) async fn cast() -> Cast {
    let app = App::unlimited().await;
    let (admin, editor) = (app.admin().await, app.user(Role::Editor).await);
    let agent = api_key(&app, &editor).await;
    Cast { app, admin, editor, agent }
}

impl Cast {
    pub(super) async fn let_agents(&self, publish: &str) {
        let body = json!({ "agent_publishing": publish });
        self.admin.patch("/v1/admin/settings", body, 200).await;
    }

    async fn approved(&self, title: &str) -> Answer {
        let proposal = self.agent.post("/v1/manage/proposals", draft(title), 201).await;
        let post = self.editor.approve(&proposal.text("/id"), json!({}), 200).await;
        assert_eq!(post.json["revision_id"], proposal.json["revision_id"]);
        post
    }

    fn in_an_hour(&self) -> Time {
        self.app.byline.context.clock.now().plus_seconds(3600)
    }

    pub(super) async fn schedule(&self, client: &Client, post: &Answer, status: u16) -> Answer {
        let path = format!("/v1/manage/posts/{}/schedule", post.text("/id"));
        let revision = post.text("/revision_id");
        let body = json!({ "revision_id": revision, "publish_at": self.in_an_hour() });
        client.post(&path, body, status).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_agents_make_live_is_for_the_publication_to_say() {
    let cast = cast().await;
    let approval_required = "approval_required";
    for setting in ["approved", "never", "allowed"] {
        cast.let_agents(setting).await;
        let own = cast.agent.post("/v1/manage/posts", draft("Own"), 201).await;
        let approved = cast.approved("Proposed").await;
        // A title that a person changed is another text than the one that was approved.
        let changed = cast.approved("Changed").await;
        let changed = edit(&cast.editor, &changed, json!({ "title": "X" }), 200).await;
        for (post, may) in [
            (&own, setting == "allowed"),
            (&approved, setting != "never"),
            (&changed, setting == "allowed"),
        ] {
            let status = if may { 200 } else { 403 };
            let answers = [
                cast.schedule(&cast.agent, post, status).await,
                publish(&cast.agent, post, status).await,
            ];
            if !may {
                answers.iter().for_each(|answer| answer.is_problem(approval_required));
            }
            publish(&cast.editor, post, 200).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_is_for_one_revision() {
    let cast = cast().await;
    let first = cast.approved("Post").await;
    let path = format!("/v1/manage/posts/{}", first.text("/id"));
    let mut last = cast.agent.get(&path, 200).await;
    for title in ["Second", "Third"] {
        let body = json!({ "title": title, "base_revision_id": last.text("/revision_id") });
        let proposal = cast.agent.post(&format!("{path}/proposals"), body, 201).await;
        last = cast.editor.approve(&proposal.text("/id"), json!({}), 200).await;
    }
    publish(&cast.agent, &first, 403).await.is_problem("approval_required");
    publish(&cast.agent, &last, 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_word_of_an_author_is_not_enough() {
    let cast = cast().await;
    let author = cast.app.user(Role::Author).await;
    let post = author.post("/v1/manage/posts", draft("Post"), 201).await;
    let path = format!("/v1/manage/posts/{}/proposals", post.text("/id"));
    let body = json!({ "title": "Changed", "base_revision_id": post.text("/revision_id") });
    let proposal = cast.agent.post(&path, body, 201).await;
    author
        .approve(&proposal.text("/id"), json!({ "publish": true }), 403)
        .await
        .is_problem("forbidden");
    let approved = author.approve(&proposal.text("/id"), json!({}), 200).await;
    assert_eq!(approved.json["title"], "Changed");
    publish(&cast.agent, &approved, 403).await.is_problem("approval_required");
    cast.schedule(&cast.agent, &approved, 403).await.is_problem("approval_required");
    publish(&cast.editor, &approved, 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_takes_down_no_agent_puts_back() {
    let cast = cast().await;
    for trash in [false, true] {
        let post = cast.approved("Post").await;
        let live = publish(&cast.agent, &post, 200).await;
        let path = format!("/v1/manage/posts/{}", post.text("/id"));
        if trash {
            let seen = [("if-match", live.header("etag"))];
            cast.editor.send(Method::DELETE, &path, &seen, None, 204).await;
            cast.agent.post(&format!("{path}/restore"), json!({}), 200).await;
        } else {
            cast.editor.post(&format!("{path}/unpublish"), json!({}), 200).await;
        }
        publish(&cast.agent, &post, 403).await.is_problem("approval_required");
        cast.schedule(&cast.agent, &post, 403).await.is_problem("approval_required");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_replaced_no_agent_brings_back() {
    let cast = cast().await;
    let first = cast.approved("Post").await;
    let live = publish(&cast.agent, &first, 200).await;
    let second = edit(&cast.editor, &live, json!({ "body": "Corrected." }), 200).await;
    publish(&cast.editor, &second, 200).await;
    publish(&cast.agent, &first, 403).await.is_problem("approval_required");
    cast.schedule(&cast.agent, &first, 403).await.is_problem("approval_required");
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_take_back_no_proposals_of_others_and_no_pictures_in_use() {
    let cast = cast().await;
    let author = cast.app.user(Role::Author).await;
    let post = author.post("/v1/manage/posts", draft("Post"), 201).await;
    let path = format!("/v1/manage/posts/{}/proposals", post.text("/id"));
    let body = json!({ "title": "Changed", "base_revision_id": post.text("/revision_id") });
    let proposal = cast.editor.post(&path, body, 201).await;
    let withdraw = format!("/v1/manage/proposals/{}/withdraw", proposal.text("/id"));
    let authors_agent = api_key(&cast.app, &author).await;
    authors_agent.post(&withdraw, json!({}), 403).await.is_problem("forbidden");
    author.post(&withdraw, json!({}), 403).await.is_problem("forbidden");
    cast.editor.post(&withdraw, json!({}), 200).await;

    let picture = crate::media::published(&cast.editor).await;
    let mut shown = draft("Shown");
    shown["cover"] = picture.json["id"].clone();
    let shown = cast.editor.post("/v1/manage/posts", shown, 201).await;
    publish(&cast.editor, &shown, 200).await;
    let scopes = json!(["media:write", "posts:publish"]);
    let key = json!({ "name": "Agent", "scopes": scopes });
    let key = cast.editor.post("/v1/auth/api-keys", key, 201).await.text("/key");
    let delete = format!("/v1/manage/media/{}?force=true", picture.text("/id"));
    let refused = cast.app.with_token(&key).delete(&delete, 403).await;
    refused.is_problem("approval_required");
    cast.editor.delete(&delete, 204).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_beside_a_text_must_not_go_live_unseen() {
    let cast = cast().await;
    let picture = crate::media::published(&cast.editor).await;
    let scopes =
        json!(["posts:read", "posts:write", "posts:propose", "posts:publish", "media:write"]);
    let key = json!({ "name": "Agent", "scopes": scopes });
    let key = cast.editor.post("/v1/auth/api-keys", key, 201).await.text("/key");
    let agent = cast.app.with_token(&key);
    let describe = format!("/v1/manage/media/{}", picture.text("/id"));
    let mut shown = draft("Shown");
    shown["cover"] = picture.json["id"].clone();
    let proposal = agent.post("/v1/manage/proposals", shown, 201).await;
    let post = cast.editor.approve(&proposal.text("/id"), json!({}), 200).await;
    agent.patch(&describe, json!({ "alt": "Nobody saw this." }), 200).await;
    publish(&agent, &post, 403).await.is_problem("approval_required");
    // Nor by a person who believes that it is what they approved.
    publish(&cast.editor, &post, 403).await.is_problem("approval_required");
    super::publish_as_reviewed(&cast.editor, &post, 200).await;
    for setting in ["approved", "never"] {
        cast.let_agents(setting).await;
        let refused = agent.patch(&describe, json!({ "alt": "Nor this." }), 403).await;
        refused.is_problem("approval_required");
        let tag = json!({ "name": "Squatted", "description": "Buy." });
        agent.post("/v1/manage/tags", tag, 403).await.is_problem("approval_required");
    }
    agent.post("/v1/manage/tags", json!({ "name": "Plain" }), 201).await;
    let other = json!({ "name": "Buy", "slug": "news" });
    agent.post("/v1/manage/tags", other, 403).await.is_problem("approval_required");

    // What is to go live by a person's word is theirs, too, and the draft may have moved on.
    let other = crate::media::published(&cast.editor).await;
    let mut new = draft("Scheduled");
    new["cover"] = other.json["id"].clone();
    let post = cast.editor.post("/v1/manage/posts", new, 201).await;
    let path = format!("/v1/manage/posts/{}", post.text("/id"));
    let at = json!({ "revision_id": post.text("/revision_id"), "publish_at": cast.in_an_hour() });
    let made = cast.editor.post(&format!("{path}/schedule"), at, 200).await;
    edit(&agent, &made, json!({ "cover": null }), 200).await;
    let media = format!("/v1/manage/media/{}", other.text("/id"));
    agent.patch(&media, json!({ "alt": "Buy." }), 403).await.is_problem("approval_required");
    agent.delete(&media, 409).await.is_problem("media_in_use");
    cast.editor.patch(&describe, json!({ "alt": "A lake." }), 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_tag_comes_back_to_no_live_post_by_itself() {
    let cast = cast().await;
    let mut post = draft("Post");
    post["tags"] = json!(["Zebra", "Other"]);
    let post = cast.editor.post("/v1/manage/posts", post, 201).await;
    publish(&cast.editor, &post, 200).await;
    cast.editor.delete("/v1/manage/tags/zebra", 204).await;
    super::settle(&cast.app, 1).await;
    let mut strange = draft("Strange");
    strange["tags"] = json!(["zebrA!!"]);
    cast.agent.post("/v1/manage/posts", strange, 201).await;
    cast.editor.patch("/v1/manage/tags/other", json!({ "name": "Others" }), 200).await;
    super::settle(&cast.app, 2).await;
    let live = cast.app.anonymous().get("/v1/posts/post", 200).await;
    assert_eq!(live.json["tags"], json!([{ "slug": "other", "name": "Others" }]));
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_neither_decide_nor_change_what_readers_see_at_once() {
    let cast = cast().await;
    let post = cast.agent.post("/v1/manage/posts", draft("Post"), 201).await;
    publish(&cast.editor, &post, 200).await;
    let proposal = cast.agent.post("/v1/manage/proposals", draft("Proposed"), 201).await;
    let decide = |how: &str| format!("/v1/manage/proposals/{}/{how}", proposal.text("/id"));
    for setting in ["approved", "never", "allowed"] {
        cast.let_agents(setting).await;
        for body in [json!({}), json!({ "publish": true })] {
            let refused = cast.agent.approve(&proposal.text("/id"), body, 403).await;
            refused.is_problem("forbidden");
        }
        cast.agent.post(&decide("reject"), json!({}), 403).await.is_problem("forbidden");
        // Not even the admin's own.
        let key = json!({ "name": "Agent", "scopes": ["admin", "posts:publish"] });
        let key = cast.admin.post("/v1/auth/api-keys", key, 201).await.text("/key");
        let body = json!({ "agent_publishing": "allowed" });
        cast.app.with_token(&key).patch("/v1/admin/settings", body, 403).await;
        cast.agent.patch("/v1/admin/settings", json!({ "title": "X" }), 403).await;
    }
    cast.let_agents("approved").await;
    cast.agent.post("/v1/manage/tags", json!({ "name": "Other" }), 201).await;
    let tag = "/v1/manage/tags/field-notes";
    let refused = [
        cast.agent.patch(tag, json!({ "name": "Hostile" }), 403).await,
        cast.agent.patch(tag, json!({ "description": "Hostile" }), 403).await,
        cast.agent.post(&format!("{tag}/merge"), json!({ "into": "other" }), 403).await,
        cast.agent.delete(tag, 403).await,
    ];
    refused.iter().for_each(|answer| answer.is_problem("approval_required"));
    let seen = cast.app.anonymous().get("/v1/tags/field-notes", 200).await;
    assert_eq!((seen.text("/name").as_str(), &seen.json["post_count"]), ("Field notes", &json!(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agents_schedule_needs_the_approval_still_when_it_is_due() {
    let (app, clock) = App::unlimited_with_clock().await;
    let (admin, editor) = (app.admin().await, app.user(Role::Editor).await);
    let agent = api_key(&app, &editor).await;
    let cast = Cast { app, admin, editor, agent };
    let post = cast.approved("Post").await;
    cast.schedule(&cast.agent, &post, 200).await;
    cast.let_agents("never").await;
    clock.advance(3600);
    cast.app.byline.run_due_schedules().await;
    cast.app.anonymous().get("/v1/posts/post", 404).await;
    // The schedule is cancelled.
    let editor = cast.app.sign_in(&email_of(&cast, "editor").await).await;
    let path = format!("/v1/manage/posts/{}", post.text("/id"));
    let after = editor.get(&path, 200).await;
    assert_eq!((&after.json["schedule"], after.text("/status").as_str()), (&Value::Null, "draft"));
}

/// The address of the one user with a role.
async fn email_of(cast: &Cast, role: &str) -> String {
    let admin = cast.app.admin().await;
    admin.get(&format!("/v1/users?role={role}"), 200).await.text("/items/0/email")
}
