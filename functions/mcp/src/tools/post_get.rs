//! `post_get`: one post with its Markdown.

use serde_json::Value;
use shared::model::{PostId, Scope};
use shared::prelude::*;
use shared::publishing::{self, Actor};

use super::Tool;

pub(super) struct PostGet;

/// Which post.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The post's id, as posts_list gives it.
    post_id: PostId,
}

impl Tool for PostGet {
    const NAME: &'static str = "post_get";
    const TITLE: &'static str = "Read a post";
    const DESCRIPTION: &'static str =
        "One post with the Markdown of its latest revision. posts_list gives the ids.";
    const SCOPE: Scope = Scope::PostsRead;
    const READ_ONLY: bool = true;
    type Input = Input;

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<Value, Problem> {
        let post = publishing::get(cx, actor, &input.post_id).await?;
        Ok(super::answer(&post))
    }
}
