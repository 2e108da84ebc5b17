//! Which operations take an `Idempotency-Key`, and how they are described.

use std::collections::BTreeMap;

use byline_shared::auth::requirement::Access;
use http::Method;

use super::POSTS;
use crate::harness::App;

const SECRETS_IN: &str =
    "It takes or mails a token or a password, from somebody who may have no account.";
const SECRET_OUT: &str = "Its answer has tokens or another secret.";
const UPLOAD: &str =
    "Its answer has the signed URL of the upload. What is announced twice goes away after a day.";
const ENDS: &str = "It ends something: the second time there is nothing left to end.";
const STATE: &str = "It moves one thing to a state that it has then, and makes nothing.";
const VERSION: &str = "It needs If-Match: the second time the version is another.";
const PROTOCOL: &str =
    "It is a call of the OpenAI API, or of a protocol, whose clients name no request.";

/// POSTs that keep no answer, and why.
const NOT_KEPT: [(&str, &str); 42] = [
    ("auth-register", SECRETS_IN),
    ("auth-verify-email", SECRETS_IN),
    ("auth-verify-email-resend", SECRETS_IN),
    ("auth-accept-invitation", SECRETS_IN),
    ("auth-sign-in-link", SECRETS_IN),
    ("auth-password-forgot", SECRETS_IN),
    ("auth-password-reset", SECRETS_IN),
    ("auth-email-change-confirm", SECRETS_IN),
    ("auth-login", SECRET_OUT),
    ("auth-sign-in-link-confirm", SECRET_OUT),
    ("auth-refresh", SECRET_OUT),
    ("auth-password-change", SECRET_OUT),
    ("auth-totp-enrol", SECRET_OUT),
    ("auth-totp-confirm", SECRET_OUT),
    ("auth-api-keys-create", SECRET_OUT),
    ("manage-previews-create", SECRET_OUT),
    ("oauth-authorize-submit", SECRET_OUT),
    ("oauth-token", SECRET_OUT),
    ("oauth-register", SECRET_OUT),
    ("oauth-introspect", SECRET_OUT),
    ("manage-media-create", UPLOAD),
    ("auth-logout", ENDS),
    ("auth-logout-all", ENDS),
    ("oauth-revoke", ENDS),
    ("responses-cancel", ENDS),
    ("manage-posts-unpublish", ENDS),
    ("manage-posts-unschedule", ENDS),
    ("manage-posts-restore", STATE),
    ("manage-posts-publish", STATE),
    ("manage-posts-schedule", STATE),
    ("manage-proposals-approve", STATE),
    ("manage-proposals-reject", STATE),
    ("manage-proposals-withdraw", STATE),
    ("manage-tags-merge", STATE),
    ("manage-media-complete", STATE),
    ("conversations-update", STATE),
    ("manage-revisions-restore", VERSION),
    ("conversations-create", PROTOCOL),
    ("conversation-items-create", PROTOCOL),
    ("responses-create", PROTOCOL),
    ("chat-create", PROTOCOL),
    ("mcp", PROTOCOL),
];

#[test]
fn every_post_keeps_its_answer_or_has_a_reason() {
    let mut reasons: BTreeMap<&str, &str> = NOT_KEPT.into();
    assert_eq!(reasons.len(), NOT_KEPT.len());
    for operation in byline_local::operations() {
        if operation.idempotent {
            let needs_account = !matches!(operation.access, Access::Public | Access::Desk(_));
            assert!(operation.method == Method::POST && needs_account, "{}", operation.name);
            assert_eq!(operation.status, 201, "{}", operation.name);
        } else if operation.method == Method::POST {
            let reason = reasons.remove(operation.name);
            assert!(reason.is_some_and(|reason| !reason.is_empty()), "{}", operation.name);
        }
    }
    assert!(reasons.is_empty(), "no such POST, or it keeps its answer: {reasons:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_listed_origins_may_send_a_key_and_see_a_replay() {
    let app = App::start().await;
    let headers = [
        ("origin", "http://localhost:3000"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "idempotency-key"),
    ];
    let allowed = app.anonymous().send(Method::OPTIONS, POSTS, &headers, None, 200).await;
    assert!(allowed.header("access-control-allow-headers").contains("idempotency-key"));
    let headers = [("origin", "http://localhost:3000")];
    let read = app.anonymous().send(Method::GET, "/v1/posts", &headers, None, 200).await;
    assert!(read.header("access-control-expose-headers").contains("idempotency-replayed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_description_has_the_header_and_its_problems() {
    let app = App::start().await;
    let api = app.anonymous().get("/openapi.json", 200).await.json;
    for operation in byline_local::operations().iter().filter(|operation| operation.described) {
        let described = &api["paths"][operation.path][operation.method.as_str().to_lowercase()];
        let parameters = described["parameters"].as_array().into_iter().flatten();
        let header = parameters.filter(|parameter| parameter["name"] == "Idempotency-Key").count();
        assert_eq!(header, usize::from(operation.idempotent), "{}", operation.name);
        if operation.idempotent {
            for (status, code) in [("409", "KeyInUse"), ("422", "KeyReused")] {
                let response = described["responses"][status]["$ref"].as_str().unwrap();
                assert!(response.contains(code), "{} {status}: {response}", operation.name);
            }
            let success = &described["responses"]["201"]["headers"];
            assert!(success["Idempotency-Replayed"].is_object(), "{}", operation.name);
        }
    }
}
