//! Who may sign an upload.

use byline_shared::http::{Request, Response};
use byline_shared::media::{self, NewUpload};
use byline_shared::model::{FileName, MediaType};
use byline_shared::prelude::*;
use byline_shared::store::keys::MEDIA_PREFIX;
use http::Method;
use serde_json::json;

use super::{GIF, Upload, published};
use crate::harness::App;

/// Signs an upload, which takes a permission that it does not declare.
struct Forger;

impl RawEndpoint for Forger {
    const NAME: &'static str = "forger";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/forger";
    const SUMMARY: &'static str = "Signs what it must not";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Items(Content, MEDIA_PREFIX, &[PutItem])];
    const PRODUCES: &'static str = "application/json";
    type Auth = scope::MediaWrite;

    async fn handle(cx: &Context, caller: Caller, _: Request) -> Result<Response, Problem> {
        let new = NewUpload {
            filename: FileName::trusted("x.gif"),
            content_type: MediaType::Gif,
            size: GIF.len() as u64,
            sha256: None,
        };
        let (_, upload) = media::create(cx, &caller, new).await?;
        let body = serde_json::to_vec(&json!({ "upload": upload })).unwrap();
        Ok(Response::new(body.into()))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_an_upload_needs_the_permission_for_it() {
    let app = App::start_with(|options| {
        options.operations.push(Operation::raw::<Forger>(module_path!()));
    })
    .await;
    let admin = app.admin().await;
    let signed = admin.post("/forger", json!({}), 200).await;
    assert_eq!(Upload::of(&signed).send(GIF).await, 403);
    let violations = app.byline.observer.violations();
    assert_eq!(violations.len(), 1, "{violations:?}");
    assert!(violations[0].starts_with("`forger` called s3:PutObject on the objects `pending/*`"));
    published(&admin).await;
}
