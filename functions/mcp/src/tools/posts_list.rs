//! `posts_list`: the posts that the caller may work on.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{PostStatus, Scope, Slug};
use byline_shared::prelude::*;
use byline_shared::publishing;
use byline_shared::store::posts::PostFilter;
use serde_json::Value;

use super::shapes::{self, Detail, PostLine};
use super::{Hints, Tool, schema};
use crate::answer::{self, Answer};

pub(super) struct PostsList;

/// Which posts.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// Those that stand so; without it all but trashed.
    #[serde(default)]
    status: Option<PostStatus>,
    /// Those with this tag, by its slug.
    #[serde(default)]
    tag: Option<Slug>,
    /// Those whose title holds this.
    #[serde(default)]
    #[schemars(length(min = 1, max = 100))]
    title: Option<String>,
    /// Only those of the account you work for.
    #[serde(default)]
    mine: bool,
    /// full adds excerpt, tags, revision ids, dates.
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
    posts: Vec<PostLine>,
    next_cursor: Option<String>,
}

impl Tool for PostsList {
    const NAME: &'static str = "posts_list";
    const TITLE: &'static str = "List posts";
    const DESCRIPTION: &'static str = "Posts you may work on, drafts and published, the last \
        changed first, without their text: authors see their own, editors all. post_get gives the \
        text. With next_cursor there are more.";
    const SCOPE: Scope = Scope::PostsRead;
    const HINTS: Hints = Hints::READS;
    type Input = Input;

    fn output() -> Option<Value> {
        schema::of::<Output>()
    }

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<Answer, Problem> {
        let Input { status, tag, title, mine, detail, limit, cursor } = input;
        let author = mine.then(|| actor.caller.user.id.clone());
        let filter = PostFilter { author, status, tag, title, oldest_first: false };
        let page = shapes::page(limit, cursor);
        let read = |page: PageParams| {
            let filter = filter.clone();
            async move { publishing::list(cx, actor, filter, &page).await }
        };
        answer::paged(page, read, |page| {
            let posts = page.items.into_iter().map(|post| PostLine::of(post, detail)).collect();
            Answer::of(&Output { posts, next_cursor: page.next_cursor })
        })
        .await
    }
}
