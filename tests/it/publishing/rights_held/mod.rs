//! Somebody loses their right between what a request reads and what it writes: it writes nothing. The write waits
//! until the loss was answered, so that each case happens each time.

mod scene;

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use self::scene::{LOSSES, Loss, Request, Scene};
use super::path;
use crate::media::published;

#[tokio::test(flavor = "multi_thread")]
async fn no_post_is_taken_from_readers_by_a_right_that_was_lost_before() {
    for loss in LOSSES {
        let scene = Scene::new(Role::Editor).await;
        scene.live(&scene.other).await;
        let request = scene.unpublish();
        scene.refuses_it(request, loss).await;

        let scene = Scene::new(Role::Editor).await;
        scene.live(&scene.other).await;
        let request = scene.trash().await;
        scene.refuses_it(request, loss).await;

        let scene = Scene::new(Role::Editor).await;
        scene.scheduled(&scene.other).await;
        let request = scene.unschedule();
        scene.refuses_it(request, loss).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_author_takes_a_post_from_readers_once_authors_may_not() {
    let scene = Scene::new(Role::Author).await;
    scene.live(&scene.person).await;
    let request = scene.unpublish();
    scene.refuses_it(request, Loss::Setting).await;

    let scene = Scene::new(Role::Author).await;
    scene.live(&scene.person).await;
    let request = scene.trash().await;
    scene.refuses_it(request, Loss::Setting).await;

    let scene = Scene::new(Role::Author).await;
    // By an editor: the schedule of the author ends with the setting.
    scene.scheduled(&scene.other).await;
    let request = scene.unschedule();
    scene.refuses_it(request, Loss::Setting).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_draft_is_written_or_discarded_by_a_right_that_was_lost_before() {
    for loss in LOSSES {
        let scene = Scene::new(Role::Editor).await;
        let request = scene.trash().await;
        scene.refuses_it(request, loss).await;

        let scene = Scene::new(Role::Editor).await;
        let (posts, head) = (path(&scene.post, ""), scene.head().await);
        let version = [("if-match", head.header("etag"))];
        scene.other.send(Method::DELETE, &posts, &version, None, 204).await;
        let request =
            Request::post("manage-posts-restore", path(&scene.post, "/restore"), json!({}));
        scene.refuses_it(request, loss).await;

        let scene = Scene::new(Role::Editor).await;
        let head = scene.head().await;
        let change = json!({ "title": "Else" });
        let request =
            Request::new("manage-posts-update", Method::PATCH, path(&scene.post, ""), change);
        scene.refuses_it(request.of(&head), loss).await;

        let scene = Scene::new(Role::Editor).await;
        let head = scene.head().await;
        let change = json!({ "published_at": "2020-01-01T00:00:00Z" });
        let place = path(&scene.post, "/date-and-author");
        let request = Request::new("manage-posts-date-author", Method::PATCH, place, change);
        scene.refuses_it(request.of(&head), loss).await;

        let scene = Scene::new(Role::Editor).await;
        let head = scene.head().await;
        let restore = format!("/revisions/{}/restore", scene.post.text("/revision_id"));
        let restore = path(&scene.post, &restore);
        let request = Request::post("manage-revisions-restore", restore, json!({})).of(&head);
        scene.refuses_it(request, loss).await;

        let scene = Scene::new(Role::Editor).await;
        let new = json!({ "title": "New", "body": "Words." });
        let request = Request::post("manage-posts-create", "/v1/manage/posts".to_owned(), new);
        scene.refuses_it(request, loss).await;

        let scene = Scene::new(Role::Editor).await;
        let copy = path(&scene.post, "/duplicate");
        let request = Request::post("manage-posts-duplicate", copy, json!({}));
        scene.refuses_it(request, loss).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_proposed_or_decided_by_a_right_that_was_lost_before() {
    for loss in LOSSES {
        let scene = Scene::new(Role::Editor).await;
        let change =
            json!({ "base_revision_id": scene.post.text("/revision_id"), "title": "Else" });
        let proposals = path(&scene.post, "/proposals");
        let request = Request::post("manage-proposals-create", proposals, change);
        scene.refuses_it(request, loss).await;

        let scene = Scene::new(Role::Editor).await;
        let (new, all) =
            (json!({ "title": "New", "body": "Words." }), "/v1/manage/proposals".to_owned());
        let request = Request::post("manage-proposals-create-new", all, new);
        scene.refuses_it(request, loss).await;

        for (operation, action) in
            [("manage-proposals-reject", "reject"), ("manage-proposals-withdraw", "withdraw")]
        {
            let scene = Scene::new(Role::Editor).await;
            let id = scene.proposal(&scene.other).await;
            let decide = format!("/v1/manage/proposals/{id}/{action}");
            let request = Request::post(operation, decide, json!({}));
            scene.refuses_it(request, loss).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_beside_a_text_is_changed_by_a_right_that_was_lost_before() {
    for loss in LOSSES {
        let scene = Scene::new(Role::Editor).await;
        let tag = || "/v1/manage/tags/one".to_owned();
        let request =
            Request::new("manage-tags-update", Method::PATCH, tag(), json!({ "name": "Uno" }));
        scene.refuses_it(request, loss).await;

        let scene = Scene::new(Role::Editor).await;
        let request =
            Request::new("manage-tags-update", Method::PATCH, tag(), json!({ "slug": "uno" }));
        scene.refuses_it(request, loss).await;

        let scene = Scene::new(Role::Editor).await;
        let request =
            Request::post("manage-tags-merge", tag() + "/merge", json!({ "into": "two" }));
        scene.refuses_it(request, loss).await;

        let scene = Scene::new(Role::Editor).await;
        let request = Request::new("manage-tags-delete", Method::DELETE, tag(), Value::Null);
        scene.refuses_it(request, loss).await;

        let scene = Scene::new(Role::Editor).await;
        let file = format!("/v1/manage/media/{}", published(&scene.other).await.text("/id"));
        let words = json!({ "alt": "A dot" });
        let request = Request::new("manage-media-update", Method::PATCH, file, words);
        scene.refuses_it(request, loss).await;

        let scene = Scene::new(Role::Editor).await;
        let file = format!("/v1/manage/media/{}", published(&scene.other).await.text("/id"));
        let request = Request::new("manage-media-delete", Method::DELETE, file, Value::Null);
        scene.refuses_it(request, loss).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_preview_invitation_or_setting_is_changed_by_a_right_that_was_lost_before() {
    for loss in LOSSES {
        let scene = Scene::new(Role::Editor).await;
        let links = path(&scene.post, "/preview-links");
        let request = Request::post("manage-previews-create", links, json!({}));
        scene.refuses_it(request, loss).await;

        let scene = Scene::new(Role::Editor).await;
        let made = scene.other.post(&path(&scene.post, "/preview-links"), json!({}), 201).await;
        let link = path(&scene.post, &format!("/preview-links/{}", made.text("/id")));
        let request = Request::new("manage-previews-delete", Method::DELETE, link, Value::Null);
        scene.refuses_it(request, loss).await;

        let scene = Scene::new(Role::Admin).await;
        let settings = "/v1/admin/settings".to_owned();
        let change = json!({ "agent_publishing": "allowed" });
        let request = Request::new("admin-settings-update", Method::PATCH, settings, change);
        scene.refuses_it(request, loss).await;

        let scene = Scene::new(Role::Admin).await;
        let invited = json!({ "email": "new@example.com", "role": "author" });
        let made = scene.admin.post("/v1/users/invitations", invited, 201).await;
        let invitation = format!("/v1/users/invitations/{}", made.text("/id"));
        let operation = "users-invitations-delete";
        let request = Request::new(operation, Method::DELETE, invitation, Value::Null);
        scene.refuses_it(request, loss).await;
    }
}
