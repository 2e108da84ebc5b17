//! `media_list`: uploaded files, for covers and texts.

use byline_shared::auth::actor::Actor;
use byline_shared::media;
use byline_shared::model::{AltText, FileName, Media, MediaId, MediaKind, MediaStatus, Scope};
use byline_shared::prelude::*;
use serde_json::Value;

use super::inputs::{Detail, PageInput};
use super::published_schema;
use super::tool::{Hints, Tool};
use crate::tool_result::{self, ToolResult};

pub(super) struct MediaList;

/// The arguments.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// Only files of this kind.
    #[serde(default)]
    kind: Option<MediaKind>,
    /// full adds size and dimensions.
    #[serde(default)]
    detail: Detail,
    #[serde(flatten)]
    page: PageInput,
}

#[derive(Serialize, JsonSchema)]
struct Output {
    media: Vec<MediaEntry>,
    next_cursor: Option<String>,
}

/// A file in a list.
#[derive(Serialize, JsonSchema)]
pub(super) struct MediaEntry {
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

impl MediaEntry {
    pub(super) fn new(media: Media, detail: Detail) -> Self {
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
    const DESCRIPTION: &'static str = "Lists uploaded files, newest first. Authors see their own files, \
        editors all. Insert an image into a text as ![alt](url); a cover takes the file's id.";
    const SCOPE: Scope = Scope::PostsRead;
    const HINTS: Hints = Hints::READ_ONLY;
    type Input = Input;

    fn output() -> Option<Value> {
        published_schema::output::<Output>()
    }

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<ToolResult, Problem> {
        let Input { kind, detail, page } = input;
        let read =
            |page: PageParams| async move { media::list(cx, &actor.caller, kind, &page).await };
        tool_result::page(page.params(), read, |page| {
            let media =
                page.items.into_iter().map(|media| MediaEntry::new(media, detail)).collect();
            ToolResult::structured(&Output { media, next_cursor: page.next_cursor })
        })
        .await
    }
}
