//! `tags_list`: the existing tags.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{PublicTag, Scope, Slug, TagName};
use byline_shared::prelude::*;
use byline_shared::publishing;
use serde_json::Value;

use super::inputs::PageInput;
use super::published_schema;
use super::tool::{Hints, Tool};
use crate::tool_result::{self, ToolResult};

pub(super) struct TagsList;

/// The arguments.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    #[serde(flatten)]
    page: PageInput<100>,
}

#[derive(Serialize, JsonSchema)]
struct Output {
    tags: Vec<TagEntry>,
    next_cursor: Option<String>,
}

/// A tag in a list.
#[derive(Serialize, JsonSchema)]
struct TagEntry {
    name: TagName,
    slug: Slug,
    /// The number of published posts with this tag.
    posts: u64,
}

impl From<PublicTag> for TagEntry {
    fn from(tag: PublicTag) -> Self {
        Self { name: tag.name, slug: tag.slug, posts: tag.post_count }
    }
}

impl Tool for TagsList {
    const NAME: &'static str = "tags_list";
    const TITLE: &'static str = "List tags";
    const DESCRIPTION: &'static str = "Lists all tags, ordered by slug, with the number of published \
        posts. Prefer these to new tags.";
    const SCOPE: Scope = Scope::PostsRead;
    const HINTS: Hints = Hints::READ_ONLY;
    type Input = Input;

    fn output() -> Option<Value> {
        published_schema::output::<Output>()
    }

    async fn call(cx: &Context, _: &Actor, input: Input) -> Result<ToolResult, Problem> {
        let read = |page: PageParams| async move { publishing::list_tags(cx, &page).await };
        tool_result::page(input.page.params(), read, |page| {
            let tags = page.items.into_iter().map(TagEntry::from).collect();
            ToolResult::structured(&Output { tags, next_cursor: page.next_cursor })
        })
        .await
    }
}
