//! Output types that several tools share.

use std::collections::BTreeSet;

use byline_shared::auth::actor::Actor;
use byline_shared::context::Context;
use byline_shared::http::problem::Problem;
use byline_shared::model::{
    AgentPublishing, Author, By, Excerpt, Markdown, Name, Post, PostId, PostStatus, PostSummary,
    PostType, ProposalId, ProposalStatus, ProposalSummary, RevisionId, Schedule, Scope, Slug,
    TagName, Time, Title,
};
use byline_shared::{publishing, settings};
use schemars::JsonSchema;
use serde::Serialize;

use super::inputs::Detail;

/// A post in a list.
#[derive(Serialize, JsonSchema)]
pub(super) struct PostEntry {
    id: PostId,
    title: Title,
    slug: Slug,
    #[serde(rename = "type")]
    post_type: PostType,
    status: PostStatus,
    author: Name,
    updated_at: Time,
    /// When a scheduled revision goes live.
    publish_at: Option<Time>,
    /// Why the last schedule was not carried out.
    schedule_failed: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<PostDetails>,
}

/// The fields of a post that only a full list has.
#[derive(Serialize, JsonSchema)]
pub(super) struct PostDetails {
    excerpt: Excerpt,
    tags: Vec<TagName>,
    revision_id: RevisionId,
    version: u64,
    live_revision_id: Option<RevisionId>,
    scheduled: Option<ScheduledRevision>,
    published_at: Option<Time>,
}

/// A revision that is scheduled to go live.
#[derive(Serialize, JsonSchema)]
pub(super) struct ScheduledRevision {
    revision_id: RevisionId,
    publish_at: Time,
}

impl From<Schedule> for ScheduledRevision {
    fn from(schedule: Schedule) -> Self {
        Self { revision_id: schedule.revision_id, publish_at: schedule.publish_at }
    }
}

impl PostEntry {
    pub(super) fn new(post: PostSummary, detail: Detail) -> Self {
        let Author { name, .. } = post.author;
        let publish_at = post.schedule.as_ref().map(|schedule| schedule.publish_at);
        let more = (detail == Detail::Full).then_some(PostDetails {
            excerpt: post.fields.excerpt,
            tags: post.fields.tags.into_iter().map(|tag| tag.name).collect(),
            revision_id: post.revision_id,
            version: post.version,
            live_revision_id: post.live_revision_id,
            scheduled: post.schedule.map(ScheduledRevision::from),
            published_at: post.published_at,
        });
        Self {
            id: post.id,
            title: post.fields.title,
            slug: post.fields.slug,
            post_type: post.fields.post_type,
            status: post.status,
            author: name,
            updated_at: post.updated_at,
            publish_at,
            schedule_failed: post.schedule_failed.map(|failure| failure.reason),
            more,
        }
    }
}

/// Says how a draft of this caller gets published.
pub(super) async fn how_to_publish(cx: &Context, actor: &Actor) -> Result<&'static str, Problem> {
    let agents = settings::current(cx).await?.agent_publishing;
    Ok(match agents {
        AgentPublishing::Allowed if actor.caller.may(Scope::PostsPublish) => {
            "post_publish publishes it, if the user agrees."
        }
        _ => "A person publishes it.",
    })
}

/// How many warnings a result repeats.
const MAX_WARNINGS: usize = 10;

/// What readers do not get of a text, because the sanitiser removes it, in words; none if it keeps all.
pub(super) async fn warnings(
    cx: &Context,
    body: &Markdown,
) -> Result<Option<Vec<String>>, Problem> {
    let warnings = publishing::warnings(cx, body).await?;
    let messages = warnings.into_iter().take(MAX_WARNINGS).map(|warning| warning.message);
    let messages: Vec<String> = messages.collect();
    Ok((!messages.is_empty()).then_some(messages))
}

/// A hint about tools that read drafts; empty for a caller who may not use them.
pub(super) fn hint_for_readers(actor: &Actor, hint: &'static str) -> &'static str {
    if actor.caller.may(Scope::PostsRead) { hint } else { "" }
}

/// A post after a write, with the ids that the next call needs.
#[derive(Serialize, JsonSchema)]
pub(super) struct SavedPost {
    id: PostId,
    title: Title,
    slug: Slug,
    #[serde(rename = "type")]
    post_type: PostType,
    status: PostStatus,
    revision_id: RevisionId,
    version: u64,
    live_revision_id: Option<RevisionId>,
    scheduled: Option<ScheduledRevision>,
    updated_at: Time,
    /// The next step.
    next: String,
}

impl SavedPost {
    pub(super) fn new(post: Post, next: impl Into<String>) -> Self {
        let head = post.summary;
        Self {
            id: head.id,
            title: head.fields.title,
            slug: head.fields.slug,
            post_type: head.fields.post_type,
            status: head.status,
            revision_id: head.revision_id,
            version: head.version,
            live_revision_id: head.live_revision_id,
            scheduled: head.schedule.map(ScheduledRevision::from),
            updated_at: head.updated_at,
            next: next.into(),
        }
    }
}

/// A proposal in a list.
#[derive(Serialize, JsonSchema)]
pub(super) struct ProposalEntry {
    id: ProposalId,
    title: Title,
    status: ProposalStatus,
    /// The post that it changes; absent for a new post.
    post_id: Option<PostId>,
    created_at: Time,
    note: Option<String>,
    by: Option<CreatedBy>,
    /// Who decided; absent while it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_by: Option<Name>,
    reason: Option<String>,
    /// Whether its post is in the trash: nothing is decided before a person restores it.
    #[serde(skip_serializing_if = "Option::is_none")]
    post_in_trash: Option<bool>,
    /// The page where a person reviews it.
    review_url: String,
}

/// The longest note in a concise list, in characters.
const MAX_NOTE: usize = 120;

impl ProposalEntry {
    pub(super) fn new(cx: &Context, proposal: ProposalSummary, detail: Detail) -> Self {
        let full = detail == Detail::Full;
        let truncated = |note: &str| {
            if full || note.chars().count() <= MAX_NOTE {
                return note.to_owned();
            }
            note.chars().take(MAX_NOTE).chain(['…']).collect()
        };
        let decision = proposal.decision.map(|decision| (decision.by_name, decision.reason));
        let (decided_by, reason) = decision.unwrap_or_default();
        Self {
            review_url: cx.config.review_url(&proposal.id),
            id: proposal.id,
            title: proposal.title,
            status: proposal.status,
            post_id: proposal.base_revision_id.map(|_| proposal.post_id),
            created_at: proposal.created_at,
            note: proposal.note.map(|note| truncated(note.as_str())),
            by: full.then(|| proposal.created_by.into()),
            decided_by,
            reason: reason.map(|reason| truncated(reason.as_str())),
            post_in_trash: None,
        }
    }

    /// The same, with whether its post is among these in the trash.
    pub(super) fn marked(mut self, in_trash: &BTreeSet<PostId>) -> Self {
        let is_there = self.post_id.as_ref().is_some_and(|post| in_trash.contains(post));
        self.post_in_trash = is_there.then_some(true);
        self
    }
}

/// Who created something, and with which API key, client and model.
#[derive(Serialize, JsonSchema)]
pub(super) struct CreatedBy {
    /// The user.
    name: Option<Name>,
    kind: byline_shared::model::ActorKind,
    /// The name of the API key.
    #[serde(skip_serializing_if = "Option::is_none")]
    api_key: Option<Name>,
    client: Option<String>,
    model: Option<String>,
}

impl From<By> for CreatedBy {
    fn from(by: By) -> Self {
        let By { user_name: name, kind, api_key_name: api_key, client, model, .. } = by;
        Self { name, kind, api_key, client, model }
    }
}
