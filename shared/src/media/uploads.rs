//! Uploading: announce a file, send it to the bucket, complete it.

use std::collections::BTreeMap;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::inspect::inspect;
use super::{library, objects, urls};
use crate::auth::Caller;
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{
    AltText, Caption, FileName, Media, MediaId, MediaKind, MediaStatus, MediaType, Sha256, Time,
};
use crate::permission::Objects;
use crate::store::media::MediaItem;

/// How long an upload may begin, in seconds.
const LIFETIME: i64 = 15 * 60;

/// How long what was announced waits to be completed, in seconds. The bucket's rule removes
/// uploaded objects after the same time.
const PATIENCE: i64 = 24 * 60 * 60;

/// A file that is to be uploaded.
#[derive(Clone, Debug)]
pub struct NewUpload {
    /// Its name on its owner's machine.
    pub filename: FileName,
    /// Its type.
    pub content_type: MediaType,
    /// Its size in bytes.
    pub size: u64,
    /// Its checksum; S3 then holds the upload to it.
    pub sha256: Option<Sha256>,
}

/// The request that uploads the file.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Upload {
    /// The HTTP method.
    pub method: String,
    /// The URL. Anyone who has it can upload the file: keep it secret.
    pub url: String,
    /// The headers to send: all of them, unchanged. HTTP clients add `Host` and `Content-Length`
    /// themselves.
    pub headers: BTreeMap<String, String>,
    /// The time until which the upload may start.
    pub expires_at: Time,
}

/// Announces a file: keeps an item of it, and answers with the request that uploads it.
///
/// # Errors
/// 422 for a file that is too large for its kind.
pub async fn create(
    cx: &Context,
    caller: &Caller,
    new: NewUpload,
) -> Result<(Media, Upload), Problem> {
    within_limit(new.content_type.kind(), new.size)?;
    let now = cx.clock.now();
    let item = MediaItem {
        id: MediaId::new(now),
        owner: caller.user.id.clone(),
        status: MediaStatus::Pending,
        kind: new.content_type.kind(),
        file: urls::safe_name(&new.filename, new.content_type),
        content_type: new.content_type,
        size: new.size,
        filename: new.filename,
        sha256: new.sha256,
        width: None,
        height: None,
        alt: AltText::trusted(""),
        caption: Caption::trusted(""),
        version: 0,
        alt_by_publisher: false,
        object_etag: None,
        created_at: now,
        updated_at: now,
        ttl: Some(now.plus_seconds(PATIENCE).as_seconds()),
    };
    let lifetime = Duration::from_secs(LIFETIME.unsigned_abs());
    let request = objects::presign(cx, &item, now, lifetime).await?;
    cx.store.media().create(&item).await?;
    AuditEntry::new(cx, Event::MediaCreated).by_caller(caller).about(&item.id).record(cx).await;
    let upload = Upload {
        method: request.method().to_owned(),
        url: request.uri().to_owned(),
        headers: to_send(request.uri(), request.headers()),
        expires_at: now.plus_seconds(LIFETIME),
    };
    Ok((urls::shown(&cx.config, item), upload))
}

/// The headers that are signed, and that no client sends by itself. On Lambda the SDK adds one for
/// tracing, which is neither.
fn to_send<'a>(
    url: &str,
    headers: impl Iterator<Item = (&'a str, &'a str)>,
) -> BTreeMap<String, String> {
    let query: Vec<(String, String)> = url
        .split_once('?')
        .and_then(|(_, query)| serde_urlencoded::from_str(query).ok())
        .unwrap_or_default();
    let signed = query.into_iter().find(|(name, _)| name == "X-Amz-SignedHeaders");
    let signed = signed.map(|(_, names)| names).unwrap_or_default();
    let is_signed = |header: &str| signed.split(';').any(|name| name.eq_ignore_ascii_case(header));
    headers
        .filter(|(name, _)| is_signed(name) && !name.eq_ignore_ascii_case("content-length"))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

pub(super) fn within_limit(kind: MediaKind, size: u64) -> Result<(), Problem> {
    let limit = kind.max_mebibytes();
    if size <= limit * 1024 * 1024 {
        return Ok(());
    }
    let kind = kind.as_str();
    let message = format!("A file of the kind \"{kind}\" may have {limit} MiB at most.");
    Err(Problem::invalid_field("size", "too_large", message))
}

/// Looks at what was uploaded, and publishes it if it is what was announced. Done again it answers
/// the same.
///
/// # Errors
/// 404; 409 while nothing was uploaded; 422 for a file that is not what was announced, which is
/// removed, so that the right one can be uploaded.
pub async fn complete(cx: &Context, caller: &Caller, id: &MediaId) -> Result<Media, Problem> {
    let item = library::find(&cx.store, caller, id).await?;
    match item.status {
        MediaStatus::Ready => return Ok(urls::shown(&cx.config, item)),
        MediaStatus::Deleting => return Err(library::not_found()),
        MediaStatus::Pending => {}
    }
    let head = objects::head(cx, &item).await?.ok_or_else(missing)?;
    if head.size != item.size {
        return Err(refused(cx, caller, &item, "its size is not the announced one").await);
    }
    let dimensions = match inspect(&head.bytes, item.content_type) {
        Ok(dimensions) => dimensions,
        Err(refusal) => return Err(refused(cx, caller, &item, &refusal.to_string()).await),
    };
    if !cx.store.media().hold(id, &head.etag).await? {
        return match library::find(&cx.store, caller, id).await?.status {
            MediaStatus::Pending => Err(replaced()),
            _ => ready(cx, caller, id).await,
        };
    }
    if !objects::publish(cx, &item, &head.etag).await? {
        return Err(missing());
    }
    if cx.store.media().complete(id, dimensions, cx.clock.now()).await? {
        let entry = AuditEntry::new(cx, Event::MediaCompleted).by_caller(caller).about(id);
        entry.record(cx).await;
        return ready(cx, caller, id).await;
    }
    ready_or_removed(cx, caller, &item).await
}

/// As [`complete`], for those who announce each try anew: the item of a refused file is deleted, too.
///
/// # Errors
/// As [`complete`].
pub async fn complete_or_delete(
    cx: &Context,
    caller: &Caller,
    id: &MediaId,
) -> Result<Media, Problem> {
    let outcome = complete(cx, caller, id).await;
    if matches!(&outcome, Err(problem) if problem.code == Code::UploadRefused)
        && let Err(problem) = cancel(cx, caller, id).await
    {
        tracing::warn!(cause = ?problem.cause, "the item of a refused upload stays until its day is over");
    }
    outcome
}

/// Deletes what was announced. What is complete by now stays, and what is gone is gone. Who uses it is not looked
/// at: nothing that names an incomplete file can be approved.
///
/// # Errors
/// 503 while the database or the bucket does not answer.
pub async fn cancel(cx: &Context, caller: &Caller, id: &MediaId) -> Result<(), Problem> {
    let item = match library::find(&cx.store, caller, id).await {
        Err(problem) if problem.code == Code::NotFound => return Ok(()),
        found => found?,
    };
    // It may have become complete since it was read.
    if !cx.store.media().begin_cancellation(id).await? {
        return Ok(());
    }
    library::remove(cx, caller, &item).await
}

/// The item, if it is ready by now.
pub(super) async fn ready(cx: &Context, caller: &Caller, id: &MediaId) -> Result<Media, Problem> {
    let item = library::find(&cx.store, caller, id).await?;
    if item.status == MediaStatus::Ready {
        Ok(urls::shown(&cx.config, item))
    } else {
        Err(library::not_found())
    }
}

/// The item of an object that was put where readers find it, if it is ready. Else it was deleted meanwhile, and
/// the object belongs to nobody.
pub(super) async fn ready_or_removed(
    cx: &Context,
    caller: &Caller,
    item: &MediaItem,
) -> Result<Media, Problem> {
    let outcome = ready(cx, caller, &item.id).await;
    if matches!(&outcome, Err(problem) if problem.code == Code::NotFound) {
        objects::remove(cx, Objects::Media, item).await?;
    }
    outcome
}

fn missing() -> Problem {
    let detail = "Nothing has been uploaded yet. Send the file with the request in \"upload\", all \
                  its headers included, and then complete it. Where that request has expired, \
                  announce the file anew.";
    Problem::new(Code::UploadMissing, detail)
}

fn replaced() -> Problem {
    let detail = "Another file than this one was already checked for this item, and no other can \
                  take its place. Announce the file anew.";
    Problem::new(Code::UploadRefused, detail)
}

/// Removes what is not what was announced. Where that fails the bucket's rule does it.
async fn refused(cx: &Context, caller: &Caller, item: &MediaItem, why: &str) -> Problem {
    if let Err(problem) = objects::remove(cx, Objects::Pending, item).await {
        tracing::warn!(cause = ?problem.cause, "a refused upload stays until its day is over");
    }
    let entry = AuditEntry::new(cx, Event::MediaCompleted).by_caller(caller).about(&item.id);
    entry.refused().with(why.to_owned()).record(cx).await;
    let announced = item.content_type.as_str();
    let detail = format!(
        "The uploaded file was announced as {announced} and is refused: {why}. It has been removed. \
         Upload the right one by the same request, or announce it anew."
    );
    Problem::new(Code::UploadRefused, detail)
}
