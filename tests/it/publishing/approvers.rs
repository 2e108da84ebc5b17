//! An approval counts as long as the person who gave it may publish, and as long as what they were
//! shown is unchanged. After that, the same text may be proposed for a new decision. A schedule ends with the
//! right of its account, not with the key that made it.

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use super::{api_key, new_api_key, path, publish, settle};
use crate::harness::{Answer, App, Client, draft};
use crate::media::published;

struct Scene {
    app: App,
    /// The owner of the agent.
    other: Client,
    agent: Client,
}

async fn scene() -> Scene {
    let app = App::unlimited().await;
    let other = app.user(Role::Editor).await;
    let agent = api_key(&app, &other).await;
    Scene { app, other, agent }
}

/// How an account loses the right to publish.
const LOSSES: [&str; 3] = ["disabled", "demoted", "deleted"];

impl Scene {
    async fn approved(&self, editor: &Client, new: Value) -> Answer {
        let proposal = self.agent.post("/v1/manage/proposals", new, 201).await;
        editor.approve(&proposal.text("/id"), json!({}), 200).await
    }

    async fn loses_right(&self, editor: &Client, how: &str) {
        let id = editor.get("/v1/users/me", 200).await.text("/id");
        let change = match how {
            "disabled" => json!({ "disabled": true }),
            "demoted" => json!({ "role": "author" }),
            _ => {
                editor.send(Method::DELETE, "/v1/users/me", &[], None, 204).await;
                return;
            }
        };
        self.app.admin().await.patch(&format!("/v1/users/{id}"), change, 200).await;
    }

    async fn schedule(&self, client: &Client, post: &Answer, status: u16) -> Answer {
        let at = self.app.byline.context.clock.now().plus_seconds(3600);
        let body = json!({ "revision_id": post.text("/revision_id"), "publish_at": at });
        client.post(&path(post, "/schedule"), body, status).await
    }

    /// Proposes the text of a post as it is.
    async fn propose_again(&self, post: &Answer, status: u16) -> Answer {
        let same = json!({
            "base_revision_id": post.text("/revision_id"),
            "body": post.json["body"],
        });
        self.agent.post(&path(post, "/proposals"), same, status).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_counts_no_longer_than_its_person_may_publish() {
    let scene = scene().await;
    for how in LOSSES {
        let editor = scene.app.user(Role::Editor).await;
        let post = scene.approved(&editor, draft(&format!("Again {how}"))).await;
        let by_hand = scene.approved(&editor, draft(&format!("By hand {how}"))).await;
        let refused = scene.propose_again(&post, 422).await;
        assert_eq!(refused.json["errors"][0]["code"], "already_approved", "{how}");

        scene.loses_right(&editor, how).await;
        for refused in [
            publish(&scene.agent, &post, 403).await,
            scene.schedule(&scene.agent, &post, 403).await,
        ] {
            refused.is_problem("approval_required");
            let detail = refused.text("/detail");
            assert!(detail.contains("may no longer publish"), "{how}: {detail}");
            assert!(detail.contains("Propose it again"), "{how}: {detail}");
        }
        // A person who may publish decides for themselves.
        publish(&scene.other, &by_hand, 200).await;
        // The same text may be decided on again.
        let proposal = scene.propose_again(&post, 201).await;
        let approved = scene.other.approve(&proposal.text("/id"), json!({}), 200).await;
        publish(&scene.agent, &approved, 200).await;
    }
    assert_eq!(scene.app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_changed_since_its_approval_may_be_proposed_again() {
    let scene = scene().await;
    let picture = published(&scene.other).await;
    let mut new = draft("Lake");
    new["cover"] = picture.json["id"].clone();
    let post = scene.approved(&scene.other, new).await;
    let refused = scene.propose_again(&post, 422).await;
    assert_eq!(refused.json["errors"][0]["code"], "already_approved", "{}", refused.body);

    let media = format!("/v1/manage/media/{}", picture.text("/id"));
    scene.other.patch(&media, json!({ "alt": "Another lake." }), 200).await;
    let refused = publish(&scene.agent, &post, 403).await;
    assert!(refused.text("/detail").contains("propose it again"), "{}", refused.body);
    let proposal = scene.propose_again(&post, 201).await;
    let approved = scene.other.approve(&proposal.text("/id"), json!({}), 200).await;
    publish(&scene.agent, &approved, 200).await;
    let live = scene.app.anonymous().get("/v1/posts/lake", 200).await;
    assert_eq!(live.text("/cover/alt"), "Another lake.");
    // What is live is decided.
    let refused = scene.propose_again(&approved, 422).await;
    assert_eq!(refused.json["errors"][0]["code"], "nothing_to_change", "{}", refused.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn schedules_end_with_the_right_that_they_rest_on() {
    let scene = scene().await;
    let kept = scene.other.post("/v1/manage/posts", draft("Kept"), 201).await;
    scene.schedule(&scene.other, &kept, 200).await;
    for (how, jobs) in LOSSES.into_iter().zip(1..) {
        let editor = scene.app.user(Role::Editor).await;
        let own = scene.other.post("/v1/manage/posts", draft(&format!("Own {how}")), 201).await;
        scene.schedule(&editor, &own, 200).await;
        let agents = scene.approved(&editor, draft(&format!("Agent's {how}"))).await;
        scene.schedule(&scene.agent, &agents, 200).await;

        scene.loses_right(&editor, how).await;
        // Nothing is due yet.
        settle(&scene.app, jobs).await;
        for (post, why) in [(&own, "scheduled this"), (&agents, "approved this")] {
            let after = scene.other.get(&path(post, ""), 200).await;
            assert_eq!(after.json["schedule"], Value::Null, "{how}: {}", after.body);
            let failed = &after.json["schedule_failed"];
            assert_eq!(failed["code"], "approval_required", "{how}: {failed}");
            assert!(failed["reason"].as_str().unwrap().contains(why), "{how}: {failed}");
        }
        let after = scene.other.get(&path(&kept, ""), 200).await;
        assert_eq!(after.text("/status"), "scheduled", "{how}");
    }
    assert_eq!(scene.app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_counts_again_with_the_right_and_a_schedule_does_not_come_back() {
    let scene = scene().await;
    for (how, back, jobs) in
        [("disabled", json!({ "disabled": false }), 1), ("demoted", json!({ "role": "editor" }), 2)]
    {
        let editor = scene.app.user(Role::Editor).await;
        let id = editor.get("/v1/users/me", 200).await.text("/id");
        let post = scene.approved(&editor, draft(&format!("Back {how}"))).await;
        scene.schedule(&scene.agent, &post, 200).await;
        scene.loses_right(&editor, how).await;
        settle(&scene.app, jobs).await;
        publish(&scene.agent, &post, 403).await.is_problem("approval_required");
        scene.app.admin().await.patch(&format!("/v1/users/{id}"), back, 200).await;
        let after = scene.other.get(&path(&post, ""), 200).await;
        assert_eq!(after.json["schedule"], Value::Null, "{how}: {}", after.body);
        publish(&scene.agent, &post, 200).await;
    }
    assert_eq!(scene.app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_account_scheduled_with_a_key_does_not_end_with_the_key() {
    let (app, clock) = App::unlimited_with_clock().await;
    let owner = app.user(Role::Editor).await;
    let key = new_api_key(&owner).await;
    let agent = app.with_token(&key.text("/key"));
    let proposal = agent.post("/v1/manage/proposals", draft("Lake"), 201).await;
    let post = owner.approve(&proposal.text("/id"), json!({}), 200).await;
    let at = app.byline.context.clock.now().plus_seconds(60);
    let body = json!({ "revision_id": post.text("/revision_id"), "publish_at": at });
    agent.post(&path(&post, "/schedule"), body, 200).await;

    owner.delete(&format!("/v1/auth/api-keys/{}", key.text("/id")), 204).await;
    publish(&agent, &post, 401).await.is_problem("unauthenticated");
    clock.advance(61);
    app.byline.run_due_schedules().await;
    app.anonymous().get("/v1/posts/lake", 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_approved_for_a_time_goes_live_no_earlier_by_an_agent() {
    let scene = scene().await;
    let editor = scene.app.user(Role::Editor).await;
    let now = scene.app.byline.context.clock.now();
    let proposal = scene.agent.post("/v1/manage/proposals", draft("Embargo"), 201).await;
    let later = json!({ "publish_at": now.plus_seconds(7200) });
    let post = editor.approve(&proposal.text("/id"), later.clone(), 200).await;
    let refused = publish(&scene.agent, &post, 403).await;
    refused.is_problem("approval_required");
    assert!(refused.text("/detail").contains("not earlier"), "{}", refused.body);
    // An hour too early.
    scene.schedule(&scene.agent, &post, 403).await.is_problem("approval_required");
    // Without the schedule, the approval is still for that time.
    editor.post(&path(&post, "/unschedule"), json!({}), 200).await;
    publish(&scene.agent, &post, 403).await.is_problem("approval_required");
    let mut body = later;
    body["revision_id"] = post.json["revision_id"].clone();
    scene.agent.post(&path(&post, "/schedule"), body, 200).await;
    // A person decides anew.
    publish(&scene.other, &post, 200).await;
}
