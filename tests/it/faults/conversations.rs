//! Conversations: whole, or gone.

use byline_shared::model::Role;
use serde_json::json;

use super::rest::delete;
use super::{MAX_CALLS, with_every_fault};
use crate::conversations::{PATH, app, of, says, start, stored};
use crate::harness::{Answer, App};
use crate::workers::run;

/// A Byline with the agent on.
struct On {
    app: App,
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_keeps_a_conversation_from_going_or_coming_whole() {
    let world = On { app: app().await };
    let author = world.app.user(Role::Author).await;

    with_every_fault!(
        world,
        "conversations-delete",
        |path| start(&author, &["a", "b"]).await,
        delete(author.clone(), path.clone()),
        async |answer: Answer, what: String| {
            if answer.status != 200 {
                assert!([404, 503].contains(&answer.status), "{what}: {}", answer.body);
                let again = delete(author.clone(), path.clone()).await;
                assert!([200, 404].contains(&again.status), "{what}: {}", again.body);
            }
            author.get(&path, 404).await;
            run(&world.app, "worker-conversations").await;
            assert_eq!(of(&world.app, &path).await, Vec::<String>::new(), "{what}");
        }
    );

    // The messages of a request are all there, or none.
    with_every_fault!(
        world,
        "conversation-items-create",
        |path| start(&author, &[]).await,
        {
            let (client, path) = (author.clone(), format!("{path}/items"));
            let body = json!({ "items": [says("a"), says("b")] });
            async move { client.try_post(&path, body).await }
        },
        async |answer: Answer, what: String| {
            let items = author.get(&format!("{path}/items"), 200).await;
            let count = items.json["data"].as_array().unwrap().len();
            match answer.status {
                200 => assert_eq!(count, 2, "{what}"),
                status => {
                    assert_eq!(status, 503, "{what}: {}", answer.body);
                    assert!([0, 2].contains(&count), "{what}: {count}");
                }
            }
            author.delete(&path, 200).await;
        }
    );

    with_every_fault!(
        world,
        "conversations-create",
        |before| author.get(PATH, 200).await.json["data"].as_array().unwrap().len(),
        {
            let client = author.clone();
            async move { client.try_post(PATH, json!({ "items": [says("a")] })).await }
        },
        async |answer: Answer, what: String| {
            assert!([200, 503].contains(&answer.status), "{what}: {}", answer.body);
            let list = author.get(PATH, 200).await;
            let made = list.json["data"].as_array().unwrap();
            assert!(made.len() == before || made.len() == before + 1, "{what}");
            assert!(answer.status != 200 || made.len() == before + 1, "{what}");
            for one in made {
                let path = format!("{PATH}/{}", one["id"].as_str().unwrap());
                assert_eq!(of(&world.app, &path).await.len(), 2, "{what}");
                author.delete(&path, 200).await;
            }
        }
    );
    // However many were made and deleted, the count is right.
    let left = stored(&world.app).await;
    assert!(left.len() == 1 && left[0].ends_with(" COUNT"), "{left:?}");
    let cx = &world.app.byline.context;
    let user = author.get("/v1/users/me", 200).await.text("/id").parse().unwrap();
    assert_eq!(cx.store.conversations().count(&user).await.unwrap(), 0);
}
