//! `media_request_upload`: returns an upload request, and completes the upload afterwards.

use std::collections::BTreeMap;

use byline_shared::auth::actor::Actor;
use byline_shared::media::{self, Description, NewUpload};
use byline_shared::model::{AltText, FileName, MediaId, MediaKind, MediaType, Scope, Sha256};
use byline_shared::prelude::*;
use serde_json::Value;

use super::inputs::Detail;
use super::media_list::MediaEntry;
use super::published_schema;
use super::tool::{Hints, Tool};
use crate::tool_result::ToolResult;

pub(super) struct MediaRequestUpload;

const MAX_BYTES: u64 = MediaKind::MAX_MEBIBYTES * 1024 * 1024;

/// The arguments: those of step 1, or those of step 2.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// Step 1: the file's name.
    #[serde(default)]
    filename: Option<FileName>,
    /// Step 1: the file's media type.
    #[serde(default)]
    content_type: Option<MediaType>,
    /// Step 1: the file's exact size in bytes.
    #[serde(default)]
    #[schemars(range(min = 1, max = MAX_BYTES))]
    size: Option<u64>,
    /// Step 1: the file's SHA-256 in hexadecimal; an upload that differs is rejected.
    #[serde(default)]
    sha256: Option<Sha256>,
    /// Step 2: the media id, after the upload.
    #[serde(default)]
    complete: Option<MediaId>,
    /// Step 2: a description of the image for people who cannot see it.
    #[serde(default)]
    alt: Option<AltText>,
}

#[derive(Serialize, JsonSchema)]
struct Output {
    media: MediaEntry,
    upload: Option<UploadRequest>,
    next: String,
}

/// The HTTP request that uploads the file.
#[derive(Serialize, JsonSchema)]
struct UploadRequest {
    method: String,
    url: String,
    headers: BTreeMap<String, String>,
    expires_at: byline_shared::model::Time,
}

impl Tool for MediaRequestUpload {
    const NAME: &'static str = "media_request_upload";
    const TITLE: &'static str = "Upload a file";
    const DESCRIPTION: &'static str = "Uploads a file in two steps. 1: call with filename, content_type \
        and size. The result has a PUT request that uploads the bytes, with all its headers, valid \
        for 15 minutes. 2: after the upload, call with complete (the media id) and alt. The file is \
        checked and gets its public URL.";
    const SCOPE: Scope = Scope::MediaWrite;
    // A completed file is public.
    const HINTS: Hints =
        Hints { read_only: false, destructive: false, idempotent: false, open_world: true };
    type Input = Input;

    fn output() -> Option<Value> {
        published_schema::output::<Output>()
    }

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<ToolResult, Problem> {
        let is_step_1 =
            input.filename.is_some() || input.content_type.is_some() || input.size.is_some();
        match &input.complete {
            Some(_) if is_step_1 => Err(Problem::invalid_field(
                "complete",
                "not_allowed",
                "Send either filename, content_type and size, or complete.",
            )),
            Some(id) => complete(cx, actor, id, input.alt.clone()).await,
            None => request_upload(cx, actor, input).await,
        }
    }
}

async fn complete(
    cx: &Context,
    actor: &Actor,
    id: &MediaId,
    alt: Option<AltText>,
) -> Result<ToolResult, Problem> {
    let mut media = media::complete(cx, &actor.caller, id).await?;
    if alt.is_some() {
        let description = Description { alt, caption: None };
        media = media::update(cx, &actor.caller, id, None, description).await?;
    }
    let next = "The file is public at its url. Insert an image into a text as ![alt](url).";
    let media = MediaEntry::new(media, Detail::Full);
    Ok(ToolResult::structured(&Output { media, upload: None, next: next.to_owned() }))
}

async fn request_upload(cx: &Context, actor: &Actor, input: Input) -> Result<ToolResult, Problem> {
    let needed = |name: &str| Problem::invalid_field(name, "required", "Is required in step 1.");
    let new = NewUpload {
        filename: input.filename.ok_or_else(|| needed("filename"))?,
        content_type: input.content_type.ok_or_else(|| needed("content_type"))?,
        size: input.size.ok_or_else(|| needed("size"))?,
        sha256: input.sha256,
    };
    let (media, upload) = media::create(cx, &actor.caller, new).await?;
    let next = format!(
        "Upload the file's bytes with this request, with exactly these headers, before it expires. \
         Then call media_request_upload with complete: \"{}\".",
        media.id
    );
    let upload = UploadRequest {
        method: upload.method,
        url: upload.url,
        headers: upload.headers,
        expires_at: upload.expires_at,
    };
    let media = MediaEntry::new(media, Detail::Full);
    Ok(ToolResult::structured(&Output { media, upload: Some(upload), next }))
}
