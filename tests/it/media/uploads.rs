//! An upload is exactly what was signed: this file, this once, in this time. And readers see only
//! what has been looked at.

use std::sync::Arc;

use byline_shared::clock::{Clock, ManualClock, SystemClock};
use byline_shared::model::{MediaId, MediaType, Role};
use byline_shared::permission::Objects;
use http::Method;
use serde_json::json;

use super::{GIF, Upload, complete, fetch, gif, is_there};
use crate::harness::App;

/// The SHA-256 of a text.
fn sha256(bytes: &[u8]) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_uploaded_looked_at_and_served() {
    let app = App::start().await;
    let author = app.user(Role::Author).await;
    let mut body = gif();
    body["sha256"] = sha256(GIF).into();
    let announced = author.post("/v1/manage/media", body, 201).await;
    let id = announced.text("/media/id");
    assert_eq!(announced.header("location"), format!("/v1/manage/media/{id}"));
    assert_eq!(announced.json["media"]["status"], "pending");
    assert_eq!(announced.json["media"]["url"], json!(null));
    author.post(&complete(&announced), json!({}), 409).await.is_problem("upload_missing");

    assert_eq!(Upload::of(&announced).send(GIF).await, 200);
    let upload = announced.text("/upload/url");
    let waiting = upload.split('?').next().unwrap();
    assert_eq!(fetch(waiting, None).await.status(), 403, "nobody reads what was not looked at");
    let early = waiting.replace("/pending/", "/media/");
    assert_eq!(fetch(&early, None).await.status(), 404);

    let ready = author.post(&complete(&announced), json!({}), 200).await;
    assert_eq!(ready.json["status"], "ready");
    assert_eq!((&ready.json["width"], &ready.json["height"]), (&json!(1), &json!(1)));
    let again = author.post(&complete(&announced), json!({}), 200).await;
    assert_eq!(again.json, ready.json);
    let read = author.get(&format!("/v1/manage/media/{id}"), 200).await;
    assert_eq!(read.json, ready.json);

    let url = ready.text("/url");
    assert!(
        url.ends_with("/ein-bild.gif") && url.contains(id.trim_start_matches("media_")),
        "{url}"
    );
    let served = fetch(&url, None).await;
    assert_eq!(served.status(), 200);
    let header = |name: &str| served.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "image/gif");
    assert_eq!(header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(header("x-content-type-options"), "nosniff");
    let etag = header("etag");
    assert_eq!(served.bytes().await.unwrap(), GIF.as_slice());
    assert_eq!(fetch(&url, Some(("if-none-match", &etag))).await.status(), 304);
    let part = fetch(&url, Some(("range", "bytes=0-5"))).await;
    assert_eq!(part.status(), 206);
    assert_eq!(part.headers()["content-range"], "bytes 0-5/43");
    assert_eq!(part.bytes().await.unwrap(), &GIF[..6]);
    assert_eq!(fetch(&url, Some(("range", "bytes=43-"))).await.status(), 416);
    assert!(app.byline.observer.violations().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_is_what_was_signed_and_nothing_else() {
    let app = App::start().await;
    let author = app.user(Role::Author).await;
    let mut body = gif();
    body["sha256"] = sha256(GIF).into();
    let announced = author.post("/v1/manage/media", body, 201).await;
    let other = author.post("/v1/manage/media", gif(), 201).await;
    let upload = || Upload::of(&announced);
    let url = announced.text("/upload/url");
    let ulid = |answer: &crate::harness::Answer| answer.text("/media/id").replace("media_", "");

    let signed = "content-length%3Bcontent-type%3Bhost%3Bif-none-match%3Bx-amz-checksum-sha256";
    assert!(url.contains(&format!("X-Amz-SignedHeaders={signed}&")), "{url}");
    let to_send = upload();
    let to_send: Vec<&str> = to_send.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(to_send, ["content-type", "if-none-match", "x-amz-checksum-sha256"]);

    let longer = [GIF.as_slice(), b"!"].concat();
    assert_eq!(upload().send(&longer).await, 403, "longer");
    assert_eq!(upload().send(&GIF[1..]).await, 403, "shorter");
    assert_eq!(upload().send(&[0; 43]).await, 400, "other bytes");
    let sum = "x-amz-checksum-sha256";
    for (name, value) in [
        ("content-type", Some("text/html")),
        ("content-type", None),
        ("if-none-match", None),
        (sum, Some("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")),
        (sum, None),
    ] {
        assert_eq!(upload().with(name, value).send(GIF).await, 403, "{name}: {value:?}");
    }
    let signature = url.split("X-Amz-Signature=").nth(1).unwrap().split('&').next().unwrap();
    for (what, from, to) in [
        ("another object", ulid(&announced), ulid(&other)),
        ("what readers see", "/pending/".to_owned(), "/media/".to_owned()),
        ("a longer time", "X-Amz-Expires=900".to_owned(), "X-Amz-Expires=90000".to_owned()),
        ("another signature", signature.to_owned(), "0".repeat(64)),
    ] {
        let changed = url.replacen(&from, &to, 1);
        assert_ne!(changed, url, "{what}");
        assert_eq!(upload().at(changed).send(GIF).await, 403, "{what}");
    }
    let bare = url.split('?').next().unwrap().to_owned();
    assert_eq!(upload().at(bare).send(GIF).await, 403, "unsigned");
    for method in [Method::GET, Method::DELETE, Method::POST] {
        let status = upload().send_as(method.clone(), GIF).await;
        assert!([403, 405, 501].contains(&status), "{method}: {status}");
    }
    for (announced, sha256) in [(&announced, true), (&other, false)] {
        author.post(&complete(announced), json!({}), 409).await.is_problem("upload_missing");
        let headers = announced.json["upload"]["headers"].as_object().unwrap();
        assert_eq!(headers.contains_key(sum), sha256);
    }
    assert_eq!(upload().send(GIF).await, 200, "and as it was signed it is taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_begins_in_time_or_not_at_all() {
    for (minutes, status) in [(16, 403), (14, 200)] {
        let signed_at = SystemClock.now().plus_seconds(-60 * minutes);
        let clock = Arc::new(ManualClock::at(signed_at));
        let app = App::start_with(|options| options.clock = clock).await;
        let admin = app.admin().await;
        let announced = admin.post("/v1/manage/media", gif(), 201).await;
        assert_eq!(announced.text("/upload/expires_at"), signed_at.plus_seconds(900).to_string());
        assert_eq!(Upload::of(&announced).send(GIF).await, status, "{minutes} minutes ago");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_uploaded_stays_as_it_is() {
    let app = App::start().await;
    let author = app.user(Role::Author).await;
    let announced = author.post("/v1/manage/media", gif(), 201).await;
    let mut other = *GIF;
    other[13] = 7;
    let upload = || Upload::of(&announced);
    assert_eq!(upload().send(GIF).await, 200);
    assert_eq!(upload().send(&other).await, 412, "before it is completed");
    let ready = author.post(&complete(&announced), json!({}), 200).await;
    assert_eq!(upload().send(&other).await, 412, "and after");
    let served = fetch(&ready.text("/url"), None).await;
    assert_eq!(served.bytes().await.unwrap(), GIF.as_slice());

    // Of many at once one is taken.
    let announced = author.post("/v1/manage/media", gif(), 201).await;
    let mut uploads = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let upload = Upload::of(&announced);
        uploads.spawn(async move { upload.send(GIF).await });
    }
    let statuses = uploads.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [200, 412].contains(status)), "{statuses:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_lie_are_refused_and_removed() {
    let app = App::unlimited().await;
    let author = app.user(Role::Author).await;
    let page = b"<!doctype html><script>alert(1)</script>padding".as_slice();
    for content_type in MediaType::ALL.iter().map(|content_type| content_type.as_str()) {
        let body = json!({ "filename": "x", "content_type": content_type, "size": page.len() });
        let announced = author.post("/v1/manage/media", body, 201).await;
        assert_eq!(Upload::of(&announced).send(page).await, 200);
        let refused = author.post(&complete(&announced), json!({}), 422).await;
        refused.is_problem("upload_refused");
        assert!(refused.text("/detail").contains(content_type), "{}", refused.body);
        author.post(&complete(&announced), json!({}), 409).await.is_problem("upload_missing");
    }
    // A picture without dimensions is none; the right one can still be sent.
    let announced = author.post("/v1/manage/media", gif(), 201).await;
    let mut damaged = *GIF;
    damaged[6..10].fill(0);
    assert_eq!(Upload::of(&announced).send(&damaged).await, 200);
    author.post(&complete(&announced), json!({}), 422).await.is_problem("upload_refused");
    let id = announced.text("/media/id");
    assert!(!is_there(&app, Objects::Pending, &id).await);
    assert_eq!(Upload::of(&announced).send(GIF).await, 200);
    author.post(&complete(&announced), json!({}), 200).await;
    assert!(is_there(&app, Objects::Media, &id).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_be_uploaded_is_listed() {
    let app = App::start().await;
    let author = app.user(Role::Author).await;
    for refused in
        ["image/svg+xml", "text/html", "application/xml", "application/octet-stream", "image/GIF"]
    {
        let body = json!({ "filename": "x.svg", "content_type": refused, "size": 10 });
        let answer = author.post("/v1/manage/media", body, 422).await;
        assert_eq!(answer.faults(), [("/content_type".to_owned(), "not_allowed".to_owned())]);
        for allowed in MediaType::ALL {
            assert!(answer.body.contains(allowed.as_str()), "{}", answer.body);
        }
    }
    const MIB: u64 = 1024 * 1024;
    for (content_type, limit) in
        [("image/png", 25), ("video/mp4", 200), ("audio/mpeg", 100), ("application/pdf", 50)]
    {
        let body =
            |size: u64| json!({ "filename": "x", "content_type": content_type, "size": size });
        author.post("/v1/manage/media", body(limit * MIB), 201).await;
        let answer = author.post("/v1/manage/media", body(limit * MIB + 1), 422).await;
        assert_eq!(answer.faults(), [("/size".to_owned(), "too_large".to_owned())]);
    }
    for (field, value) in [
        ("size", json!(0)),
        ("size", json!(-1)),
        ("filename", json!("")),
        ("filename", json!("a\nb")),
        ("sha256", json!("ABCD")),
    ] {
        let mut body = gif();
        body[field] = value;
        let answer = author.post("/v1/manage/media", body, 422).await;
        assert_eq!(answer.faults().len(), 1, "{}", answer.body);
        assert_eq!(answer.faults()[0].0, format!("/{field}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_the_listed_origins_may_upload() {
    let app = App::start().await;
    let author = app.user(Role::Author).await;
    let announced = author.post("/v1/manage/media", gif(), 201).await;
    let preflight = async |origin: &str| {
        let request = reqwest::Client::new()
            .request(Method::OPTIONS, announced.text("/upload/url"))
            .header("origin", origin)
            .header("access-control-request-method", "PUT")
            .header("access-control-request-headers", "content-type,if-none-match");
        request.send().await.unwrap()
    };
    let ours = preflight("http://localhost:3000").await;
    let header = |name: &str| ours.headers()[name].to_str().unwrap().to_lowercase();
    assert_eq!(header("access-control-allow-origin"), "http://localhost:3000");
    assert_eq!(header("access-control-allow-methods"), "put");
    for needed in ["content-type", "if-none-match", "x-amz-checksum-sha256"] {
        assert!(header("access-control-allow-headers").contains(needed), "{needed}");
    }
    // The pages of the Desk.
    let desk = format!("http://{}", app.byline.address);
    let answer = preflight(&desk).await;
    assert_eq!(answer.headers()["access-control-allow-origin"], desk.as_str());
    let others = preflight("https://evil.example").await;
    assert!(!others.headers().contains_key("access-control-allow-origin"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_complete_by_now_is_not_cancelled() {
    let app = App::start().await;
    let author = app.user(Role::Author).await;
    let files = app.byline.context.store.media();
    let (ready, pending) = (
        author.post("/v1/manage/media", gif(), 201).await,
        author.post("/v1/manage/media", gif(), 201).await,
    );
    assert_eq!(Upload::of(&ready).send(GIF).await, 200);
    let shown = author.post(&complete(&ready), json!({}), 200).await;
    let id = |announced: &crate::harness::Answer| -> MediaId {
        announced.text("/media/id").parse().unwrap()
    };
    // Both were pending when somebody read them to cancel them.
    assert!(!files.begin_cancellation(&id(&ready)).await.unwrap());
    assert!(files.begin_cancellation(&id(&pending)).await.unwrap());
    let path = |announced| format!("/v1/manage/media/{}", id(announced));
    assert_eq!(author.get(&path(&ready), 200).await.json, shown.json);
    author.post(&complete(&pending), json!({}), 404).await;
    // What a cancellation left unfinished is cancelled again.
    assert!(files.begin_cancellation(&id(&pending)).await.unwrap());
}
