//! The second lines of defence: what a signed upload cannot do is refused once more when it is
//! completed.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_sdk_s3::Client as S3;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use byline_shared::Context;
use byline_shared::auth::{Caller, Credential};
use byline_shared::http::problem::Code;
use byline_shared::media;
use byline_shared::model::{MediaId, Role, Scope};
use byline_shared::permission::Objects;
use serde_json::json;

use super::{GIF, Upload, complete, gif, is_there};
use crate::harness::{Answer, App};

/// Where the bytes of an announced [`gif`] wait.
fn waiting(announced: &Answer) -> String {
    let id: MediaId = announced.text("/media/id").parse().unwrap();
    format!("{}{}/ein-bild.gif", Objects::Pending.prefix(), id.ulid())
}

/// Puts bytes where an upload waits, past the signed request.
async fn put(cx: &Context, key: &str, bytes: &[u8]) {
    let request = S3::new(&cx.sdk).put_object().bucket(&cx.config.media_bucket).key(key);
    request.content_type("image/gif").body(bytes.to_vec().into()).send().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_another_size_than_announced_is_refused() {
    let app = App::start().await;
    let author = app.user(Role::Author).await;
    let cx = &app.byline.context;
    let longer = [GIF.as_slice(), b"and more"].concat();
    for bytes in [longer.as_slice(), &GIF[..42]] {
        let announced = author.post("/v1/manage/media", gif(), 201).await;
        let id = announced.text("/media/id");
        put(cx, &waiting(&announced), bytes).await;
        let refused = author.post(&complete(&announced), json!({}), 422).await;
        refused.is_problem("upload_refused");
        assert!(refused.text("/detail").contains("size"), "{}", refused.body);
        assert!(!is_there(&app, Objects::Pending, &id).await, "it is removed");
        assert!(!is_there(&app, Objects::Media, &id).await, "and readers never see it");
    }
}

/// An HTTP client that puts other bytes in the place of an upload just before it is copied.
#[derive(Clone)]
struct Swap<T> {
    inner: T,
    cx: Context,
    key: String,
    bytes: Vec<u8>,
    swapped: Arc<AtomicBool>,
}

impl<T> fmt::Debug for Swap<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Swap").field("key", &self.key).finish_non_exhaustive()
    }
}

impl HttpClient for Swap<SharedHttpClient> {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let Self { inner, cx, key, bytes, swapped } = self.clone();
        let inner = inner.http_connector(settings, components);
        SharedHttpConnector::new(Swap { inner, cx, key, bytes, swapped })
    }
}

impl HttpConnector for Swap<SharedHttpConnector> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        if request.headers().get("x-amz-copy-source").is_none() {
            return self.inner.call(request);
        }
        let Self { inner, cx, key, bytes, swapped } = self.clone();
        HttpConnectorFuture::new(async move {
            put(&cx, &key, &bytes).await;
            swapped.store(true, Ordering::Relaxed);
            inner.call(request).await
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_replaced_between_check_and_copy_is_not_published() {
    let app = App::start().await;
    let author = app.user(Role::Author).await;
    let announced = author.post("/v1/manage/media", gif(), 201).await;
    let id = announced.text("/media/id");
    assert_eq!(Upload::of(&announced).send(GIF).await, 200);

    let cx = app.byline.context.clone();
    let mut other = *GIF;
    other[13] = 7;
    let swapped = Arc::new(AtomicBool::new(false));
    let swap = Swap {
        inner: cx.sdk.http_client().unwrap(),
        cx: cx.clone(),
        key: waiting(&announced),
        bytes: other.to_vec(),
        swapped: Arc::clone(&swapped),
    };
    let sdk = cx.sdk.to_builder().http_client(SharedHttpClient::new(swap)).build();
    let between = Context::new(cx.config.clone(), sdk, cx.clock.clone());
    let user = author.get("/v1/users/me", 200).await.text("/id").parse().unwrap();
    let user = cx.store.users().get(&user).await.unwrap().unwrap().user;
    let session = byline_shared::examples::session().id;
    let caller = Caller {
        user,
        credential: Credential::Session {
            id: session,
            token_version: 0,
            signed_in_at: cx.clock.now(),
        },
        scopes: Scope::ALL.to_vec(),
    };
    let outcome = media::complete(&between, &caller, &id.parse().unwrap()).await;
    assert_eq!(outcome.unwrap_err().code, Code::UploadMissing);
    assert!(swapped.load(Ordering::Relaxed));
    assert!(!is_there(&app, Objects::Media, &id).await, "readers see neither");
    // The item is bound to the bytes that were checked: no others become public under its address.
    let refused = author.post(&complete(&announced), json!({}), 422).await;
    refused.is_problem("upload_refused");
    assert!(!is_there(&app, Objects::Media, &id).await);
}
