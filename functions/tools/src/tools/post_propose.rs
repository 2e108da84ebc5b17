//! `post_propose`: proposes a change to a post, or a new post, for a person to review.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{
    Note, PostId, Proposal, ProposalId, ProposalStatus, RevisionId, Scope, Title,
};
use byline_shared::prelude::*;
use byline_shared::publishing::{self, NewPost};
use serde_json::Value;

use super::inputs::ContentInput;
use super::tool::{Hints, Tool};
use super::{outputs, published_schema};
use crate::tool_result::ToolResult;

pub(super) struct PostPropose;

/// The arguments.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The post to change. Without it, a new post is proposed; title and body are then required.
    #[serde(default)]
    post_id: Option<PostId>,
    /// With post_id: the revision that you read.
    #[serde(default)]
    revision_id: Option<RevisionId>,
    /// The reason for the change, for the reviewer.
    #[serde(default)]
    note: Option<Note>,
    #[serde(flatten)]
    content: ContentInput,
}

#[derive(Serialize, JsonSchema)]
struct Output {
    proposal_id: ProposalId,
    status: ProposalStatus,
    title: Title,
    /// The post; for a new post, the id it will get.
    post_id: PostId,
    /// The id that the revision gets on approval.
    revision_id: RevisionId,
    /// The page where a person reviews it: tell your user.
    review_url: String,
    next: String,
}

impl Tool for PostPropose {
    const NAME: &'static str = "post_propose";
    const TITLE: &'static str = "Propose a change or a new post";
    const DESCRIPTION: &'static str = "Proposes a change to a post (post_id, revision_id and the \
        changes) or a new post (title, body). A person sees the difference and your note, and \
        approves or rejects the proposal; the post does not change before.";
    const SCOPE: Scope = Scope::PostsPropose;
    const HINTS: Hints = Hints::CREATES;
    type Input = Input;

    fn output() -> Option<Value> {
        published_schema::output::<Output>()
    }

    async fn call(cx: &Context, actor: &Actor, input: Input) -> Result<ToolResult, Problem> {
        let proposal = match input.post_id.clone() {
            Some(post_id) => propose_change(cx, actor, post_id, input).await?,
            None => propose_new(cx, actor, input).await?,
        };
        let Proposal { summary, review_url, .. } = proposal;
        Ok(ToolResult::structured(&Output {
            proposal_id: summary.id,
            status: summary.status,
            title: summary.title,
            post_id: summary.post_id,
            revision_id: summary.revision_id,
            review_url,
            next: format!(
                "The proposal waits for a review.{}",
                outputs::hint_for_readers(
                    actor,
                    " proposal_get shows the proposal, drafts_status the decision."
                )
            ),
        }))
    }
}

async fn propose_change(
    cx: &Context,
    actor: &Actor,
    post_id: PostId,
    input: Input,
) -> Result<Proposal, Problem> {
    let Some(base) = input.revision_id else {
        let message = "Is required with post_id: the revision that you read.";
        return Err(Problem::invalid_field("revision_id", "required", message));
    };
    let revision = publishing::revision(cx, actor, &post_id, &base).await?;
    let changes = input.content.into_changes(cx, &revision.body).await?;
    publishing::propose_change(cx, actor, &post_id, &base, changes, input.note).await
}

async fn propose_new(cx: &Context, actor: &Actor, input: Input) -> Result<Proposal, Problem> {
    let needed = |name: &str| {
        Problem::invalid_field(name, "required", "A new post needs it; a change needs post_id.")
    };
    let content = input.content;
    if !content.edits.is_empty() || !content.sections.is_empty() || input.revision_id.is_some() {
        return Err(needed("post_id"));
    }
    let title = content.title.ok_or_else(|| needed("title"))?;
    let body = content.body.ok_or_else(|| needed("body"))?;
    let new = NewPost {
        excerpt: content.excerpt,
        tags: content.tags.unwrap_or_default(),
        slug: content.slug,
        post_type: content.post_type.unwrap_or_default(),
        cover: content.cover,
        language: content.language,
        ..NewPost::new(title, body)
    };
    publishing::propose_new(cx, actor, new, input.note).await
}
