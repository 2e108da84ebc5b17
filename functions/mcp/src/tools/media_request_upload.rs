//! `media_request_upload`: how to upload a file, and, once that is done, its completion.

use std::collections::BTreeMap;

use byline_shared::auth::actor::Actor;
use byline_shared::media::{self, Description, NewUpload};
use byline_shared::model::{AltText, FileName, MediaId, MediaKind, MediaType, Scope, Sha256};
use byline_shared::prelude::*;
use serde_json::Value;

use super::media_list::MediaLine;
use super::shapes::Detail;
use super::{Hints, Tool, schema};
use crate::answer::Answer;

pub(super) struct MediaRequestUpload;

const MAX_BYTES: u64 = MediaKind::MAX_MEBIBYTES * 1024 * 1024;

/// A file to announce, or one to complete.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// To announce: its name.
    #[serde(default)]
    filename: Option<FileName>,
    /// To announce: its type.
    #[serde(default)]
    content_type: Option<MediaType>,
    /// To announce: its exact size in bytes.
    #[serde(default)]
    #[schemars(range(min = 1, max = MAX_BYTES))]
    size: Option<u64>,
    /// To announce: its SHA-256 in hexadecimal, which the upload is then held to.
    #[serde(default)]
    sha256: Option<Sha256>,
    /// To complete: the id, after the file was sent.
    #[serde(default)]
    complete: Option<MediaId>,
    /// To complete: what it shows, for those who do not see it.
    #[serde(default)]
    alt: Option<AltText>,
}

#[derive(Serialize, JsonSchema)]
struct Output {
    media: MediaLine,
    upload: Option<Request>,
    next: String,
}

/// The one request that uploads the file.
#[derive(Serialize, JsonSchema)]
struct Request {
    method: String,
    url: String,
    headers: BTreeMap<String, String>,
    expires_at: byline_shared::model::Time,
}

impl Tool for MediaRequestUpload {
    const NAME: &'static str = "media_request_upload";
    const TITLE: &'static str = "Upload a file";
    const DESCRIPTION: &'static str = "Two steps. 1: filename, content_type and size; the answer has \
        the request (PUT, with all its headers) that sends the file's bytes within 15 minutes, which \
        whoever has the file makes. 2: complete with the id, and alt; the file is checked and gets \
        its public url.";
    const SCOPE: Scope = Scope::MediaWrite;
    // What is completed, anybody can read.
    const HINTS: Hints =
        Hints { read_only: false, destructive: false, idempotent: false, open_world: true };
    type Input = Input;

    fn output() -> Option<Value> {
        schema::of::<Output>()
    }

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<Answer, Problem> {
        let announces =
            input.filename.is_some() || input.content_type.is_some() || input.size.is_some();
        match &input.complete {
            Some(_) if announces => Err(Problem::invalid_field(
                "complete",
                "not_allowed",
                "Announce a file (filename, content_type, size) or complete one, not both.",
            )),
            Some(id) => complete(cx, actor, id, input.alt.clone()).await,
            None => announce(cx, actor, input).await,
        }
    }
}

async fn complete(
    cx: &Context,
    actor: &Actor,
    id: &MediaId,
    alt: Option<AltText>,
) -> Result<Answer, Problem> {
    let mut media = media::complete(cx, &actor.caller, id).await?;
    if alt.is_some() {
        let said = Description { alt, caption: None };
        media = media::update(cx, &actor.caller, id, said).await?;
    }
    let next = "It is public at its url. Put it into a text as ![alt](url).";
    let media = MediaLine::of(media, Detail::Full);
    Ok(Answer::of(&Output { media, upload: None, next: next.to_owned() }))
}

async fn announce(cx: &Context, actor: &Actor, input: Input) -> Result<Answer, Problem> {
    let needed =
        |name: &str| Problem::invalid_field(name, "required", "Is required to announce a file.");
    let new = NewUpload {
        filename: input.filename.ok_or_else(|| needed("filename"))?,
        content_type: input.content_type.ok_or_else(|| needed("content_type"))?,
        size: input.size.ok_or_else(|| needed("size"))?,
        sha256: input.sha256,
    };
    let (media, upload) = media::create(cx, &actor.caller, new).await?;
    let next = format!(
        "Send the file's bytes with this request, all headers as they are, before it expires. Then \
         call media_request_upload with complete: \"{}\".",
        media.id
    );
    let upload = Request {
        method: upload.method,
        url: upload.url,
        headers: upload.headers,
        expires_at: upload.expires_at,
    };
    let media = MediaLine::of(media, Detail::Full);
    Ok(Answer::of(&Output { media, upload: Some(upload), next }))
}
