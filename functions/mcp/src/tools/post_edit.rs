//! `post_edit`: changes parts of a draft, as a new revision; what readers see stays.

use byline_shared::auth::actor::Actor;
use byline_shared::http::if_match::IfMatch;
use byline_shared::model::{
    Excerpt, Language, Markdown, MediaId, PostId, RevisionId, Scope, Slug, TagName, Title,
};
use byline_shared::prelude::*;
use byline_shared::publishing::{self, Changes, Edit, SectionEdit};
use serde_json::Value;

use super::shapes::{self, Saved};
use super::{Hints, Tool, schema};
use crate::answer::Answer;

pub(super) struct PostEdit;

/// The post and what to change of it; what is left out stays.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The post's id.
    post_id: PostId,
    /// The revision that you read: nothing is changed if there is a newer one.
    revision_id: RevisionId,
    /// Passages to replace, in this order.
    #[serde(default)]
    #[schemars(length(max = 50))]
    edits: Vec<Edit>,
    /// Sections to replace, after that.
    #[serde(default)]
    #[schemars(length(max = 20))]
    sections: Vec<SectionEdit>,
    /// The whole new text, in place of edits and sections.
    #[serde(default)]
    body: Option<Markdown>,
    /// A new title.
    #[serde(default)]
    title: Option<Title>,
    /// A new excerpt.
    #[serde(default)]
    excerpt: Option<Excerpt>,
    /// All tags, by name.
    #[serde(default)]
    #[schemars(length(max = 20))]
    tags: Option<Vec<TagName>>,
    /// A new slug, for when it is published.
    #[serde(default)]
    slug: Option<Slug>,
    /// A new cover: the id of a picture from media_list.
    #[serde(default)]
    cover: Option<MediaId>,
    /// The language it is written in.
    #[serde(default)]
    language: Option<Language>,
}

/// What a text becomes, by a whole new one or by changes of its parts; `None` where it stays.
///
/// # Errors
/// 422 where both are given, or a change cannot be made.
pub(super) async fn new_body(
    cx: &Context,
    before: &Markdown,
    whole: Option<Markdown>,
    edits: Vec<Edit>,
    sections: Vec<SectionEdit>,
) -> Result<Option<Markdown>, Problem> {
    match (whole, edits.is_empty() && sections.is_empty()) {
        (Some(_), false) => {
            let message = "Send either the whole body, or edits and sections.";
            Err(Problem::invalid_field("body", "not_allowed", message))
        }
        (Some(body), true) => Ok(Some(body)),
        (None, true) => Ok(None),
        (None, false) => publishing::edited(cx, before, edits, sections).await.map(Some),
    }
}

impl Tool for PostEdit {
    const NAME: &'static str = "post_edit";
    const TITLE: &'static str = "Edit a draft";
    const DESCRIPTION: &'static str = "Changes a draft and saves it as a new revision: edits \
        replaces passages that stand in it exactly once, sections replaces what is under a heading. \
        Either all changes are made or none. What readers see stays until it is published.";
    const SCOPE: Scope = Scope::PostsWrite;
    // The revision before is kept, and the same call again meets a newer revision.
    const HINTS: Hints =
        Hints { read_only: false, destructive: false, idempotent: true, open_world: false };
    type Input = Input;

    fn output() -> Option<Value> {
        schema::of::<Saved>()
    }

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<Answer, Problem> {
        let Input { post_id, revision_id, edits, sections, body, title, .. } = input;
        let Input { excerpt, tags, slug, cover, language, .. } = input;
        let before = publishing::get(cx, actor, &post_id).await?;
        if before.summary.revision_id != revision_id {
            let detail = "The post has a newer revision.";
            return Err(Problem::new(Code::PreconditionFailed, detail));
        }
        let body = new_body(cx, &before.body, body, edits, sections).await?;
        let (cover, language) = (cover.into(), language.into());
        let changes =
            Changes { title, body, slug, excerpt, tags, cover, language, ..Changes::default() };
        if changes == Changes::default() {
            let message = "Send at least one change.";
            return Err(Problem::invalid_field("edits", "nothing_to_change", message));
        }
        let seen = IfMatch::version(before.summary.version);
        let post = publishing::edit(cx, actor, &post_id, &seen, changes).await?;
        let live = shapes::how_it_goes_live(cx, actor).await?;
        let diff = shapes::if_it_reads(actor, "post_diff shows what changed. ");
        let next = format!("Saved as a draft. {diff}{live}");
        Ok(Answer::of(&Saved::of(post, next)))
    }
}
