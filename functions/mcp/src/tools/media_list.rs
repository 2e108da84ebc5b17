//! `media_list`: what was uploaded, for covers and texts.

use byline_shared::auth::actor::Actor;
use byline_shared::media;
use byline_shared::model::{AltText, FileName, Media, MediaId, MediaKind, MediaStatus, Scope};
use byline_shared::prelude::*;
use serde_json::Value;

use super::shapes::{self, Detail};
use super::{Hints, Tool, schema};
use crate::answer::{self, Answer};

pub(super) struct MediaList;

/// Which files.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// Only those of this kind.
    #[serde(default)]
    kind: Option<MediaKind>,
    /// full adds size and dimensions.
    #[serde(default)]
    detail: Detail,
    /// How many at most.
    #[serde(default = "shapes::default_limit")]
    #[schemars(range(min = 1, max = 100))]
    limit: u8,
    /// next_cursor of the page before.
    #[serde(default)]
    #[schemars(length(max = 512))]
    cursor: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct Output {
    media: Vec<MediaLine>,
    next_cursor: Option<String>,
}

/// A file.
#[derive(Serialize, JsonSchema)]
pub(super) struct MediaLine {
    pub(super) id: MediaId,
    filename: FileName,
    kind: MediaKind,
    status: MediaStatus,
    url: Option<String>,
    alt: AltText,
    size: Option<u64>,
    width: Option<u32>,
    height: Option<u32>,
}

impl MediaLine {
    pub(super) fn of(media: Media, detail: Detail) -> Self {
        let full = detail == Detail::Full;
        Self {
            id: media.id,
            filename: media.filename,
            kind: media.kind,
            status: media.status,
            url: media.url,
            alt: media.alt,
            size: full.then_some(media.size),
            width: media.width.filter(|_| full),
            height: media.height.filter(|_| full),
        }
    }
}

impl Tool for MediaList {
    const NAME: &'static str = "media_list";
    const TITLE: &'static str = "List media";
    const DESCRIPTION: &'static str = "Uploaded files you may use, the newest first: authors see \
        their own, editors all. Put a picture into a text as ![alt](url); a cover takes its id.";
    const SCOPE: Scope = Scope::PostsRead;
    const HINTS: Hints = Hints::READS;
    type Input = Input;

    fn output() -> Option<Value> {
        schema::of::<Output>()
    }

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<Answer, Problem> {
        let Input { kind, detail, limit, cursor } = input;
        let read =
            |page: PageParams| async move { media::list(cx, &actor.caller, kind, &page).await };
        answer::paged(shapes::page(limit, cursor), read, |page| {
            let media = page.items.into_iter().map(|media| MediaLine::of(media, detail)).collect();
            Answer::of(&Output { media, next_cursor: page.next_cursor })
        })
        .await
    }
}
