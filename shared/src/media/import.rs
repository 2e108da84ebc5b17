//! Files that come with a request or with the process that imports them, not by a signed URL.

use bytes::Bytes;

use super::inspect::{HEAD, inspect};
use super::uploads::{ready, ready_or_removed, within_limit};
use super::{objects, urls};
use crate::auth::{Actor, Caller};
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::audit::{AuditEntry, Event};
use crate::model::{AltText, Caption, FileName, Media, MediaId, MediaStatus, MediaType, Time};
use crate::permission::Objects;
use crate::store::media::{Kept, MediaItem};

/// A file from elsewhere.
#[derive(Clone, Debug)]
pub struct ImportedMedia {
    /// Its id: the same each time it comes.
    pub id: MediaId,
    /// Its name.
    pub filename: FileName,
    /// Its bytes.
    pub bytes: Bytes,
    /// What it shows.
    pub alt: AltText,
    /// What stands under it.
    pub caption: Caption,
    /// When it was uploaded.
    pub created_at: Time,
}

/// Keeps a file, of the type that its bytes are of, and says whether it is new. Done again it changes
/// nothing. A file that was deleted comes back: the admin who imports it vouches for it.
///
/// # Errors
/// 404 for one that is being deleted; 422 for a file that is too large, or of no kind that is kept.
pub async fn import(
    cx: &Context,
    caller: &Caller,
    file: ImportedMedia,
) -> Result<(Media, bool), Problem> {
    if let Some(item) = cx.store.media().get(&file.id).await?
        && item.status == MediaStatus::Ready
    {
        return Ok((urls::shown(&cx.config, item), false));
    }
    let received = Received { alt_by_publisher: true, how: "imported", comes_back: true };
    Ok((keep(cx, caller, file, received).await?, true))
}

/// Keeps a picture that a person sent with the form of a page, under an id that is known before: a form that
/// is sent twice keeps it once, and what was deleted does not come back by it.
///
/// # Errors
/// 404 for one that is being deleted; 422 for one that was deleted, and for a file that is no picture, or is
/// empty.
pub async fn upload(
    cx: &Context,
    caller: &Caller,
    id: MediaId,
    filename: FileName,
    bytes: Bytes,
    alt: AltText,
) -> Result<Media, Problem> {
    match cx.store.media().find(&id).await? {
        Some(Kept::File(_)) => return ready(cx, caller, &id).await,
        Some(Kept::Deleted) => return Err(deleted()),
        None => {}
    }
    let now = cx.clock.now();
    let file =
        ImportedMedia { id, filename, bytes, alt, caption: Caption::trusted(""), created_at: now };
    let alt_by_publisher = Actor::rest(caller.clone()).is_publisher();
    let received = Received { alt_by_publisher, how: "sent with a form", comes_back: false };
    keep(cx, caller, file, received).await
}

fn deleted() -> Problem {
    let message = "This form has uploaded the file before, and the file was deleted since. Load the page \
                   again to upload it once more.";
    Problem::invalid_field("file", "deleted", message)
}

/// The code of the fault of a file that is none of the kinds that are kept.
pub const UNKNOWN_KIND: &str = "unknown_kind";

/// How a file came.
struct Received {
    /// Whether its words are those of a person who may publish.
    alt_by_publisher: bool,
    /// For the audit log.
    how: &'static str,
    /// Whether it takes the place of one that was deleted.
    comes_back: bool,
}

async fn keep(
    cx: &Context,
    caller: &Caller,
    file: ImportedMedia,
    received: Received,
) -> Result<Media, Problem> {
    let head =
        file.bytes.slice(..file.bytes.len().min(usize::try_from(HEAD).unwrap_or(usize::MAX)));
    let found = MediaType::ALL
        .iter()
        .find_map(|announced| Some((*announced, inspect(&head, *announced).ok()?)));
    let (content_type, dimensions) = found.ok_or_else(|| {
        let message = "It is none of the kinds that are kept: pictures (JPEG, PNG, GIF, WebP, AVIF), videos \
                       (MP4, WebM), sounds (MP3, Ogg, WAV) and PDF.";
        Problem::invalid_field("file", UNKNOWN_KIND, message)
    })?;
    let size = file.bytes.len() as u64;
    within_limit(content_type.kind(), size)?;
    let item = MediaItem {
        id: file.id,
        owner: caller.user.id.clone(),
        status: MediaStatus::Ready,
        kind: content_type.kind(),
        file: urls::safe_name(&file.filename, content_type),
        content_type,
        size,
        filename: file.filename,
        sha256: None,
        width: dimensions.map(|(width, _)| width),
        height: dimensions.map(|(_, height)| height),
        alt: file.alt,
        caption: file.caption,
        version: 0,
        alt_by_publisher: received.alt_by_publisher,
        object_etag: None,
        created_at: file.created_at,
        updated_at: file.created_at,
        ttl: None,
    };
    // The object first: an item without one would be an image that nobody sees.
    objects::put(cx, &item, file.bytes).await?;
    let media = cx.store.media();
    let is_new =
        if received.comes_back { media.restore(&item).await? } else { media.create(&item).await? };
    if !is_new {
        return ready_or_removed(cx, caller, &item).await;
    }
    AuditEntry::new(cx, Event::MediaCompleted)
        .by_caller(caller)
        .about(&item.id)
        .with(received.how)
        .record(cx)
        .await;
    Ok(urls::shown(&cx.config, item))
}

/// The bytes of a file, for an export; `None` where its object is gone.
///
/// # Errors
/// 503 while the database does not answer.
pub async fn bytes(cx: &Context, item: &MediaItem) -> Result<Option<Bytes>, Problem> {
    objects::get(cx, item).await
}

/// How the address of a file begins: up to its id.
#[must_use]
pub fn address_prefix(cx: &Context, id: &MediaId) -> String {
    format!("{}/{}{}/", cx.config.media_url, Objects::Media.prefix(), id.ulid())
}
