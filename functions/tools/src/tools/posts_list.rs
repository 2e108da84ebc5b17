//! `posts_list`: the posts that the caller may edit.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{PostStatus, PostType, Scope, Slug};
use byline_shared::prelude::*;
use byline_shared::publishing;
use byline_shared::store::posts::PostFilter;
use serde_json::Value;

use super::inputs::{Detail, PageInput};
use super::outputs::PostEntry;
use super::published_schema;
use super::tool::{Hints, Tool};
use crate::tool_result::{self, ToolResult};

pub(super) struct PostsList;

/// The arguments.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// Only posts with this status. Default: every status but trashed.
    #[serde(default)]
    status: Option<PostStatus>,
    /// Only posts, or only pages.
    #[serde(default, rename = "type")]
    post_type: Option<PostType>,
    /// Only posts with this tag, by its slug.
    #[serde(default)]
    tag: Option<Slug>,
    /// Only posts whose title contains this text.
    #[serde(default)]
    #[schemars(length(min = 1, max = 100))]
    title: Option<String>,
    /// Only the user's own posts.
    #[serde(default)]
    mine: bool,
    /// full adds excerpt, tags, revision ids and dates.
    #[serde(default)]
    detail: Detail,
    #[serde(flatten)]
    page: PageInput,
}

#[derive(Serialize, JsonSchema)]
struct Output {
    posts: Vec<PostEntry>,
    next_cursor: Option<String>,
}

impl Tool for PostsList {
    const NAME: &'static str = "posts_list";
    const TITLE: &'static str = "List posts";
    const DESCRIPTION: &'static str = "Lists drafts and published posts without their text, most \
        recently changed first. Authors see their own posts, editors all. post_get returns the text. \
        next_cursor is set if there are more.";
    const SCOPE: Scope = Scope::PostsRead;
    const HINTS: Hints = Hints::READ_ONLY;
    type Input = Input;

    fn output() -> Option<Value> {
        published_schema::output::<Output>()
    }

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<ToolResult, Problem> {
        let Input { status, post_type, tag, title, mine, detail, page } = input;
        let author = mine.then(|| actor.caller.user.id.clone());
        let filter = PostFilter { author, status, post_type, tag, title, ..PostFilter::default() };
        let read = |page: PageParams| {
            let filter = filter.clone();
            async move { publishing::list(cx, actor, filter, &page).await }
        };
        tool_result::page(page.params(), read, |page| {
            let posts = page.items.into_iter().map(|post| PostEntry::new(post, detail)).collect();
            ToolResult::structured(&Output { posts, next_cursor: page.next_cursor })
        })
        .await
    }
}
