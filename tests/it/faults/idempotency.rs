//! A request with a key, whose first run is cut off anywhere: sent again it ends well, and there is one post.

use byline_shared::model::Role;
use serde_json::json;

use super::{MAX_CALLS, with_every_fault};
use crate::harness::{Answer, App};
use crate::idempotency::try_keyed;

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_makes_a_request_with_a_key_happen_twice() {
    struct World {
        app: App,
    }
    let (app, clock) = App::unlimited_with_clock().await;
    let world = World { app };
    // A key does not expire while the clock moves.
    let editor = world.app.agent(&world.app.user(Role::Editor).await).await;
    let mut count = 0;
    with_every_fault!(
        world,
        "manage-posts-create",
        |case| {
            count += 1;
            json!({ "title": format!("Case{count}x"), "body": "Text.\n", "tags": ["Tides"] })
        },
        try_keyed(&editor, "/v1/manage/posts", case["title"].as_str().unwrap_or_default(), &case),
        async |answer: Answer, what: String| {
            assert!([201, 503].contains(&answer.status), "{what}: {}", answer.body);
            // As long as the first run could take.
            clock.advance(61);
            let key = case["title"].as_str().unwrap_or_default();
            let again = try_keyed(&editor, "/v1/manage/posts", key, &case).await;
            assert_eq!(again.status, 201, "{what}: {}", again.body);
            if answer.status == 201 {
                assert_eq!(again.text("/id"), answer.text("/id"), "{what}");
            }
            let path = format!("/v1/manage/posts?q={}", key.replace(' ', "%20"));
            let made = editor.get(&path, 200).await.json["items"].as_array().map(Vec::len);
            assert_eq!(made, Some(1), "{what}");
        }
    );
}
