//! Files from elsewhere: they come with the process that imports them, not by a signed URL.

use bytes::Bytes;

use super::inspect::{HEAD, inspect};
use super::uploads::within_limit;
use super::{objects, urls};
use crate::auth::Caller;
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::audit::{AuditEntry, Event};
use crate::model::{AltText, Caption, FileName, Media, MediaId, MediaStatus, MediaType, Time};
use crate::store::media::MediaItem;

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
/// nothing.
///
/// # Errors
/// 422 for a file that is too large, or of no kind that is kept.
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
    let head =
        file.bytes.slice(..file.bytes.len().min(usize::try_from(HEAD).unwrap_or(usize::MAX)));
    let found = MediaType::ALL
        .iter()
        .find_map(|announced| Some((*announced, inspect(&head, *announced).ok()?)));
    let (content_type, dimensions) = found.ok_or_else(|| {
        let kept: Vec<&str> = MediaType::ALL.iter().map(|kept| kept.as_str()).collect();
        let message = format!("It is none of the kinds that are kept: {}.", kept.join(", "));
        Problem::invalid_field("file", "invalid", message)
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
        alt_by_publisher: true,
        object_etag: None,
        created_at: file.created_at,
        updated_at: file.created_at,
        ttl: None,
    };
    // The object first: an item without one would be an image that nobody sees.
    objects::put(cx, &item, file.bytes).await?;
    cx.store.media().create(&item).await?;
    AuditEntry::new(cx, Event::MediaCompleted)
        .by_caller(caller)
        .about(&item.id)
        .with("imported")
        .record(cx)
        .await;
    Ok((urls::shown(&cx.config, item), true))
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
    format!("{}/{}{}/", cx.config.media_url, crate::permission::Objects::Media.prefix(), id.ulid())
}
