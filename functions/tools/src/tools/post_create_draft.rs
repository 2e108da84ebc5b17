//! `post_create_draft`: creates a draft, without publishing it.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{
    Excerpt, Language, Markdown, MediaId, PostType, Scope, Slug, TagName, Title,
};
use byline_shared::prelude::*;
use byline_shared::publishing::{self, NewPost};
use serde_json::Value;

use super::outputs::{self, SavedPost};
use super::published_schema;
use super::tool::{Hints, Tool};
use crate::tool_result::ToolResult;

pub(super) struct PostCreateDraft;

/// The arguments.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The title.
    title: Title,
    /// The text in Markdown (GFM), without the title.
    body: Markdown,
    /// The last part of the URL; derived from the title by default.
    #[serde(default)]
    slug: Option<Slug>,
    /// page: such as "About", in no list of posts and no feed.
    #[serde(default, rename = "type")]
    post_type: PostType,
    /// A summary for lists, plain text, up to 500 characters.
    #[serde(default)]
    excerpt: Option<Excerpt>,
    /// Tags, by name. tags_list returns the existing ones.
    #[serde(default)]
    #[schemars(length(max = 20))]
    tags: Vec<TagName>,
    /// The id of an image from media_list.
    #[serde(default)]
    cover: Option<MediaId>,
    /// The language of the text; default: the site's.
    #[serde(default)]
    language: Option<Language>,
}

#[derive(Serialize, JsonSchema)]
struct Output {
    #[serde(flatten)]
    post: SavedPost,
    /// What the sanitiser removes from the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    warnings: Option<Vec<String>>,
}

impl Input {
    fn into_post(self) -> NewPost {
        NewPost {
            slug: self.slug,
            post_type: self.post_type,
            excerpt: self.excerpt,
            tags: self.tags,
            cover: self.cover,
            language: self.language,
            ..NewPost::new(self.title, self.body)
        }
    }
}

impl Tool for PostCreateDraft {
    const NAME: &'static str = "post_create_draft";
    const TITLE: &'static str = "Create a draft";
    const DESCRIPTION: &'static str = "Creates a draft with the user as its author. Readers do not see \
        it. To have a person review the post first, use post_propose instead.";
    const SCOPE: Scope = Scope::PostsWrite;
    const HINTS: Hints = Hints::CREATES;
    type Input = Input;

    fn output() -> Option<Value> {
        published_schema::output::<Output>()
    }

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<ToolResult, Problem> {
        let post = publishing::create(cx, actor, input.into_post()).await?;
        let live = outputs::how_to_publish(cx, actor).await?;
        let next = format!("Saved as a draft. post_edit changes it. {live}");
        let warnings = outputs::warnings(cx, &post.body).await?;
        let post = SavedPost::new(post, next);
        Ok(ToolResult::structured(&Output { post, warnings }))
    }
}
