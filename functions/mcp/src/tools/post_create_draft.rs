//! `post_create_draft`: a new draft; nothing goes live by it.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{Excerpt, Language, Markdown, MediaId, Scope, Slug, TagName, Title};
use byline_shared::prelude::*;
use byline_shared::publishing::{self, NewPost};
use serde_json::Value;

use super::shapes::{self, Saved};
use super::{Hints, Tool, schema};
use crate::answer::Answer;

pub(super) struct PostCreateDraft;

/// The draft.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The title.
    title: Title,
    /// The text in Markdown (GFM), without the title.
    body: Markdown,
    /// Its address; made from the title if left out.
    #[serde(default)]
    slug: Option<Slug>,
    /// A summary for lists, in plain text, up to 500 characters.
    #[serde(default)]
    excerpt: Option<Excerpt>,
    /// Tags, by name. tags_list has those in use.
    #[serde(default)]
    #[schemars(length(max = 20))]
    tags: Vec<TagName>,
    /// The id of a picture from media_list.
    #[serde(default)]
    cover: Option<MediaId>,
    /// The language, if not the site's.
    #[serde(default)]
    language: Option<Language>,
}

impl Input {
    fn into_post(self) -> NewPost {
        NewPost {
            slug: self.slug,
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
    const DESCRIPTION: &'static str = "A new draft in the name of the account you work for. Readers \
        do not see it. To have a person look at it first, use post_propose instead.";
    const SCOPE: Scope = Scope::PostsWrite;
    const HINTS: Hints = Hints::ADDS;
    type Input = Input;

    fn output() -> Option<Value> {
        schema::of::<Saved>()
    }

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<Answer, Problem> {
        let post = publishing::create(cx, actor, input.into_post()).await?;
        let live = shapes::how_it_goes_live(cx, actor).await?;
        let next = format!("It is a draft. post_edit changes it. {live}");
        Ok(Answer::of(&Saved::of(post, next)))
    }
}
