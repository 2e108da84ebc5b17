//! `post_create_draft`: a new draft; nothing goes live by it.

use serde_json::Value;
use shared::model::{Excerpt, Markdown, Scope, TagName, Title};
use shared::prelude::*;
use shared::publishing::{self, Actor, NewPost};

use super::Tool;

pub(super) struct PostCreateDraft;

/// The draft.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The title.
    title: Title,
    /// The text in Markdown (GFM).
    body: Markdown,
    /// A summary for lists.
    #[serde(default)]
    excerpt: Option<Excerpt>,
    /// Tags, by name.
    #[serde(default)]
    #[schemars(length(max = 20))]
    tags: Vec<TagName>,
}

impl Tool for PostCreateDraft {
    const NAME: &'static str = "post_create_draft";
    const TITLE: &'static str = "Create a draft";
    const DESCRIPTION: &'static str = "Makes a new draft in your name from Markdown. It is not published: an editor does that. \
         The answer holds its id and revision_id.";
    const SCOPE: Scope = Scope::PostsWrite;
    const READ_ONLY: bool = false;
    type Input = Input;

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<Value, Problem> {
        let new = NewPost {
            title: input.title,
            body: input.body,
            slug: None,
            excerpt: input.excerpt,
            tags: input.tags,
            cover: None,
            canonical_url: None,
            meta_title: None,
            meta_description: None,
            language: None,
            featured: false,
            metadata: None,
        };
        let post = publishing::create(cx, actor, new).await?;
        let mut answer = super::answer(&post);
        // The caller has just sent it.
        if let Some(answer) = answer.as_object_mut() {
            answer.remove("body");
        }
        Ok(answer)
    }
}
