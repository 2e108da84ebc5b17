//! `tags_list`: the tags in use.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{PublicTag, Scope, Slug, TagName};
use byline_shared::prelude::*;
use byline_shared::publishing;
use serde_json::Value;

use super::{Hints, Tool, schema, shapes};
use crate::answer::{self, Answer};

pub(super) struct TagsList;

/// Which page.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// How many at most.
    #[serde(default = "hundred")]
    #[schemars(range(min = 1, max = 100))]
    limit: u8,
    /// next_cursor of the page before.
    #[serde(default)]
    #[schemars(length(max = 512))]
    cursor: Option<String>,
}

const fn hundred() -> u8 {
    100
}

#[derive(Serialize, JsonSchema)]
struct Output {
    tags: Vec<Line>,
    next_cursor: Option<String>,
}

/// A tag.
#[derive(Serialize, JsonSchema)]
struct Line {
    name: TagName,
    slug: Slug,
    /// How many published posts carry it.
    posts: u64,
}

impl Line {
    fn of(tag: PublicTag) -> Self {
        Self { name: tag.name, slug: tag.slug, posts: tag.post_count }
    }
}

impl Tool for TagsList {
    const NAME: &'static str = "tags_list";
    const TITLE: &'static str = "List tags";
    const DESCRIPTION: &'static str = "All tags by slug, with how many published posts carry each. \
        Use these before you make new ones.";
    const SCOPE: Scope = Scope::PostsRead;
    const HINTS: Hints = Hints::READS;
    type Input = Input;

    fn output() -> Option<Value> {
        schema::of::<Output>()
    }

    async fn call(cx: &Context, _: &Actor, input: Input) -> Result<Answer, Problem> {
        let read = |page: PageParams| async move { publishing::list_tags(cx, &page).await };
        answer::paged(shapes::page(input.limit, input.cursor), read, |page| {
            let tags = page.items.into_iter().map(Line::of).collect();
            Answer::of(&Output { tags, next_cursor: page.next_cursor })
        })
        .await
    }
}
