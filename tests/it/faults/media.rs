//! Uploads under faults: nothing is half published or half deleted for ever.

use byline_shared::model::Role;
use http::Method;
use serde_json::json;

use super::{MAX_CALLS, with_every_fault};
use crate::desk::uploads::{announce, end};
use crate::desk::visitor::{Visitor, form};
use crate::harness::{Answer, App};
use crate::media::{GIF, Upload, gif, published};

struct World {
    app: App,
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_leaves_an_upload_half_done() {
    let world = World { app: App::unlimited().await };
    let author = world.app.user(Role::Author).await;

    with_every_fault!(
        world,
        "manage-media-create",
        |_case| (),
        async { author.try_post("/v1/manage/media", gif()).await },
        async |answer: Answer, what: String| {
            assert!([201, 503].contains(&answer.status), "{what}: {}", answer.body);
            if answer.status == 201 {
                assert_eq!(Upload::of(&answer).send(GIF).await, 200, "{what}");
            }
        }
    );

    with_every_fault!(
        world,
        "manage-media-complete",
        |case| {
            let announced = author.post("/v1/manage/media", gif(), 201).await;
            assert_eq!(Upload::of(&announced).send(GIF).await, 200);
            format!("/v1/manage/media/{}", announced.text("/media/id"))
        },
        async { author.try_post(&format!("{case}/complete"), json!({})).await },
        async |answer: Answer, what: String| {
            assert!([200, 503].contains(&answer.status), "{what}: {}", answer.body);
            let again = author.post(&format!("{case}/complete"), json!({}), 200).await;
            let served = reqwest::get(again.text("/url")).await.unwrap();
            assert_eq!(served.bytes().await.unwrap(), GIF.as_slice(), "{what}");
        }
    );

    with_every_fault!(
        world,
        "manage-media-delete",
        |case| published(&author).await,
        {
            let path = format!("/v1/manage/media/{}", case.text("/id"));
            let author = author.clone();
            async move { author.try_send(Method::DELETE, &path, &[], None).await.unwrap() }
        },
        async |answer: Answer, what: String| {
            assert!([204, 503].contains(&answer.status), "{what}: {}", answer.body);
            let path = format!("/v1/manage/media/{}", case.text("/id"));
            // Whether or not it says so, there is an item for as long as there is an object.
            let read = author.try_send(Method::GET, &path, &[], None).await.unwrap();
            let served = reqwest::get(case.text("/url")).await.unwrap().status();
            assert!(read.status == 200 || served == 404, "{what}");
            let again = author.try_send(Method::DELETE, &path, &[], None).await.unwrap();
            assert!([204, 404].contains(&again.status), "{what}: {}", again.body);
            author.get(&path, 404).await;
            assert_eq!(reqwest::get(case.text("/url")).await.unwrap().status(), 404, "{what}");
        }
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_leaves_an_upload_of_a_page_half_done() {
    let world = World { app: App::unlimited().await };
    let (mut author, client) = Visitor::with_role(&world.app, Role::Author).await;
    let page = form(&author.get("/desk/media", 200).await, "Upload");
    with_every_fault!(
        world,
        "desk-media",
        |announced| {
            let file = ("a.gif", "image/gif", GIF.len());
            let announced = announce(&mut author, &page, file).await;
            assert_eq!(Upload::of(&announced).send(GIF).await, 200);
            announced
        },
        end(&mut author, &page, "complete", &announced),
        async |answer: Answer, what: String| {
            assert!([200, 503].contains(&answer.status), "{what}: {}", answer.body);
            let again = end(&mut author, &page, "complete", &announced).await;
            assert_eq!(again.status, 200, "{what}: {}", again.body);
            let url = client.get("/v1/manage/media", 200).await.text("/items/0/url");
            assert_eq!(again.text("/markdown"), format!("![]({url})"), "{what}");
            let served = reqwest::get(url).await.unwrap();
            assert_eq!(served.bytes().await.unwrap(), GIF.as_slice(), "{what}");
        }
    );
    // Whether or not it is said, what is cancelled is gone in the end.
    with_every_fault!(
        world,
        "desk-media",
        |announced| announce(&mut author, &page, ("a.gif", "image/gif", GIF.len())).await,
        end(&mut author, &page, "cancel", &announced),
        async |answer: Answer, what: String| {
            assert!([200, 503].contains(&answer.status), "{what}: {}", answer.body);
            let again = end(&mut author, &page, "cancel", &announced).await;
            assert_eq!(again.status, 200, "{what}: {}", again.body);
            let id = announced.text("/media_id");
            client.get(&format!("/v1/manage/media/{id}"), 404).await;
        }
    );
}
