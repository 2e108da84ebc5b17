//! `post_propose`: a change of a post, or a new one, for a person to approve.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{
    Excerpt, Language, Markdown, MediaId, Note, PostId, Proposal, ProposalId, ProposalStatus,
    RevisionId, Scope, Slug, TagName, Title,
};
use byline_shared::prelude::*;
use byline_shared::publishing::{self, Changes, Edit, NewPost, SectionEdit};
use serde_json::Value;

use super::post_edit::new_body;
use super::{Hints, Tool, schema, shapes};
use crate::answer::Answer;

pub(super) struct PostPropose;

/// What is proposed.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The post to change; without it a new post is proposed, which needs title and body.
    #[serde(default)]
    post_id: Option<PostId>,
    /// With post_id: the revision that you read and change.
    #[serde(default)]
    revision_id: Option<RevisionId>,
    /// Why, for the person who decides.
    #[serde(default)]
    note: Option<Note>,
    /// Passages to replace, as in post_edit.
    #[serde(default)]
    #[schemars(length(max = 50))]
    edits: Vec<Edit>,
    /// Sections to replace, as in post_edit.
    #[serde(default)]
    #[schemars(length(max = 20))]
    sections: Vec<SectionEdit>,
    /// The whole text in Markdown.
    #[serde(default)]
    body: Option<Markdown>,
    /// The title.
    #[serde(default)]
    title: Option<Title>,
    /// The excerpt.
    #[serde(default)]
    excerpt: Option<Excerpt>,
    /// All tags, by name.
    #[serde(default)]
    #[schemars(length(max = 20))]
    tags: Option<Vec<TagName>>,
    /// The slug.
    #[serde(default)]
    slug: Option<Slug>,
    /// The cover: the id of a picture from media_list.
    #[serde(default)]
    cover: Option<MediaId>,
    /// The language.
    #[serde(default)]
    language: Option<Language>,
}

#[derive(Serialize, JsonSchema)]
struct Output {
    proposal_id: ProposalId,
    status: ProposalStatus,
    title: Title,
    /// The post; of a new one, the id it will have.
    post_id: PostId,
    /// The id of the revision once it is approved.
    revision_id: RevisionId,
    next: String,
}

impl Tool for PostPropose {
    const NAME: &'static str = "post_propose";
    const TITLE: &'static str = "Propose a change or a new post";
    const DESCRIPTION: &'static str = "Proposes a change of a post (post_id, revision_id and what \
        changes) or a new post (title, body). A person sees the difference and your note, and \
        approves or rejects it; until then the post stays as it is.";
    const SCOPE: Scope = Scope::PostsPropose;
    const HINTS: Hints = Hints::ADDS;
    type Input = Input;

    fn output() -> Option<Value> {
        schema::of::<Output>()
    }

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<Answer, Problem> {
        let proposal = match input.post_id.clone() {
            Some(post_id) => change(cx, actor, post_id, input).await?,
            None => new_post(cx, actor, input).await?,
        };
        let Proposal { summary, .. } = proposal;
        Ok(Answer::of(&Output {
            proposal_id: summary.id,
            status: summary.status,
            title: summary.title,
            post_id: summary.post_id,
            revision_id: summary.revision_id,
            next: format!(
                "It waits for a person.{}",
                shapes::if_it_reads(
                    actor,
                    " proposal_get shows it with its difference, drafts_status what became of it."
                )
            ),
        }))
    }
}

async fn change(
    cx: &Context,
    actor: &Actor,
    post_id: PostId,
    input: Input,
) -> Result<Proposal, Problem> {
    let Some(base) = input.revision_id.clone() else {
        let message = "Is required with post_id: the revision that you read.";
        return Err(Problem::invalid_field("revision_id", "required", message));
    };
    let revision = publishing::revision(cx, actor, &post_id, &base).await?;
    let Input { edits, sections, body, title, excerpt, tags, note, .. } = input;
    let (slug, cover, language) = (input.slug, input.cover.into(), input.language.into());
    let body = new_body(cx, &revision.body, body, edits, sections).await?;
    let changes =
        Changes { title, body, slug, excerpt, tags, cover, language, ..Changes::default() };
    publishing::propose_change(cx, actor, &post_id, &base, changes, note).await
}

async fn new_post(cx: &Context, actor: &Actor, input: Input) -> Result<Proposal, Problem> {
    let needed = |name: &str| {
        Problem::invalid_field(name, "required", "A new post needs it; a change needs post_id.")
    };
    if !input.edits.is_empty() || !input.sections.is_empty() || input.revision_id.is_some() {
        return Err(needed("post_id"));
    }
    let title = input.title.ok_or_else(|| needed("title"))?;
    let body = input.body.ok_or_else(|| needed("body"))?;
    let new = NewPost {
        excerpt: input.excerpt,
        tags: input.tags.unwrap_or_default(),
        slug: input.slug,
        cover: input.cover,
        language: input.language,
        ..NewPost::new(title, body)
    };
    publishing::propose_new(cx, actor, new, input.note).await
}
