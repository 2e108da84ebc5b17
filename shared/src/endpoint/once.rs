//! Requests that name themselves with `Idempotency-Key`: sent again, they are answered as the first time.
//!
//! A key belongs to an account and an operation, and is taken before the handler runs. Who has taken it holds a
//! lease, so that of several requests at once one is carried out. A success is kept and answers every repetition.
//! After anything else the same request runs again.
//!
//! In every run, the request makes a thing under one id, which was chosen with the key ([`Context::made`]). A
//! handler that finds the id in use answers with what is there. So a process may end, and a lease may run out, at any
//! point: neither the next run nor a late one makes a second thing.

use http::header::{ETAG, HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use tracing::{info, warn};
use ulid::Ulid;

use super::handler::TypedHandler;
use crate::auth::Caller;
use crate::context::Context;
use crate::crypto::digest::sha256_of_json;
use crate::crypto::random;
use crate::http::idempotency_key::{IDEMPOTENCY_REPLAYED, IdempotencyKey};
use crate::http::problem::{Code, Problem};
use crate::http::{Response, document};
use crate::permission::Table::Identity;
use crate::permission::{Action, Permission};
use crate::store::idempotency::{IdempotencyItem, KeptAnswer};
use crate::store::keys::IDEMPOTENCY_PREFIX;

/// What keeping keys needs.
pub(super) const IDEMPOTENCY_PERMISSION: Permission =
    Permission::Items(Identity, IDEMPOTENCY_PREFIX, &[Action::PutItem, Action::UpdateItem]);

/// How long a key is kept, in seconds: a day.
const LIFETIME: i64 = 24 * 60 * 60;

/// How long one call has for a request, in seconds: twice as long as API Gateway waits for a function.
const LEASE: i64 = 60;

/// The longest answer that is kept, in bytes: an item of DynamoDB has 400 KB.
const MAX_ANSWER: usize = 300 * 1024;

/// Runs a handler once for all requests with the key in these headers; without one, as always.
///
/// # Errors
/// 409 while the first request is under way; 422 if the key is none, or was another request's; the handler's
/// problem.
pub(super) async fn answer(
    cx: &Context,
    (operation, handler): (&str, TypedHandler),
    headers: &HeaderMap,
    caller: Option<Caller>,
    input: Value,
) -> Result<Response, Problem> {
    let (Some(key), Some(user)) = (IdempotencyKey::read(headers)?, &caller) else {
        return handler(cx, caller, input).await;
    };
    let kept = cx.store.idempotency(&user.user.id, operation, &key.digest());
    let now = cx.clock.now();
    let random = u128::from_be_bytes(random::bytes());
    let new = IdempotencyItem {
        request: sha256_of_json(&input),
        made: Ulid::from_parts(now.as_millis().max(0).unsigned_abs(), random),
        lease: random::token(),
        lease_ends: now.plus_seconds(LEASE),
        answer: None,
        ttl: now.plus_seconds(LIFETIME).as_seconds(),
    };
    let made = match kept.begin(&new, now).await? {
        None => new.made,
        Some(known) if known.request != new.request => return Err(reused()),
        Some(IdempotencyItem { answer: Some(answer), .. }) => {
            info!("replayed");
            return replay(answer);
        }
        Some(known) if known.lease == new.lease => known.made,
        Some(known) if known.lease_ends > now => return Err(in_use()),
        Some(known) => {
            if !kept.take_over(&known.lease, &new.lease, new.lease_ends).await? {
                return Err(in_use());
            }
            known.made
        }
    };
    let outcome = handler(&cx.making(made), caller, input).await;
    let answer = outcome.as_ref().ok().and_then(to_keep);
    // The answer is true whether it is kept or not.
    if let Err(error) = kept.end(&new.lease, cx.clock.now(), answer.as_ref()).await {
        warn!(%error, "the answer to a request with an idempotency key was not kept");
    }
    outcome
}

/// What is kept of a success; nothing if it is too long.
fn to_keep(response: &Response) -> Option<KeptAnswer> {
    let body = response.body().whole().filter(|body| body.len() <= MAX_ANSWER)?;
    let header = |name: HeaderName| Some(response.headers().get(name)?.to_str().ok()?.to_owned());
    Some(KeptAnswer {
        status: response.status().as_u16(),
        etag: header(ETAG),
        location: header(LOCATION),
        body: String::from_utf8(body.to_vec()).ok()?,
    })
}

fn replay(answer: KeptAnswer) -> Result<Response, Problem> {
    let mut response = document("application/json", answer.body);
    *response.status_mut() = StatusCode::from_u16(answer.status).map_err(Problem::internal)?;
    let headers = response.headers_mut();
    for (name, value) in [(ETAG, answer.etag), (LOCATION, answer.location)] {
        if let Some(value) = value {
            headers.insert(name, HeaderValue::try_from(value).map_err(Problem::internal)?);
        }
    }
    headers.insert(IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}

fn in_use() -> Problem {
    let detail = "The first request with this Idempotency-Key is being carried out. Send the same request again \
                  in a moment: it gets the first one's answer.";
    Problem::new(Code::IdempotencyKeyInUse, detail)
        .with_header(RETRY_AFTER, HeaderValue::from_static("1"))
}

fn reused() -> Problem {
    let detail = "Within the last 24 hours, this Idempotency-Key was sent with another request to this operation. \
                  Use a new key for each request, and the same key only to send the same request again.";
    Problem::new(Code::IdempotencyKeyReused, detail)
}
