//! What several tools take and answer.

use byline_shared::auth::actor::Actor;
use byline_shared::context::Context;
use byline_shared::http::page::PageParams;
use byline_shared::http::problem::Problem;
use byline_shared::model::{
    AgentPublishing, Author, By, Excerpt, Name, Post, PostId, PostStatus, PostSummary, ProposalId,
    ProposalStatus, ProposalSummary, RevisionId, Schedule, Scope, Slug, TagName, Time, Title,
};
use byline_shared::settings;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much of each entry a list tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(super) enum Detail {
    /// What tells it from others.
    #[default]
    Concise,
    /// All but texts.
    Full,
}

/// A page of a list that begins with few entries.
pub(super) const fn default_limit() -> u8 {
    20
}

/// The page that was asked for. The empty cursor is the beginning.
pub(super) fn page(limit: u8, cursor: Option<String>) -> PageParams {
    PageParams { limit, cursor: cursor.filter(|cursor| !cursor.is_empty()) }
}

/// A post in a list.
#[derive(Serialize, JsonSchema)]
pub(super) struct PostLine {
    id: PostId,
    title: Title,
    slug: Slug,
    status: PostStatus,
    author: Name,
    updated_at: Time,
    /// When a revision of it goes live by itself.
    publish_at: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<PostMore>,
}

/// The rest of a post's head.
#[derive(Serialize, JsonSchema)]
pub(super) struct PostMore {
    excerpt: Excerpt,
    tags: Vec<TagName>,
    revision_id: RevisionId,
    version: u64,
    live_revision_id: Option<RevisionId>,
    scheduled: Option<When>,
    published_at: Option<Time>,
}

/// An appointment.
#[derive(Serialize, JsonSchema)]
pub(super) struct When {
    revision_id: RevisionId,
    publish_at: Time,
}

impl When {
    pub(super) fn of(schedule: Schedule) -> Self {
        Self { revision_id: schedule.revision_id, publish_at: schedule.publish_at }
    }
}

impl PostLine {
    pub(super) fn of(post: PostSummary, detail: Detail) -> Self {
        let Author { name, .. } = post.author;
        let publish_at = post.schedule.as_ref().map(|schedule| schedule.publish_at);
        let more = (detail == Detail::Full).then_some(PostMore {
            excerpt: post.fields.excerpt,
            tags: post.fields.tags.into_iter().map(|tag| tag.name).collect(),
            revision_id: post.revision_id,
            version: post.version,
            live_revision_id: post.live_revision_id,
            scheduled: post.schedule.map(When::of),
            published_at: post.published_at,
        });
        Self {
            id: post.id,
            title: post.fields.title,
            slug: post.fields.slug,
            status: post.status,
            author: name,
            updated_at: post.updated_at,
            publish_at,
            more,
        }
    }
}

/// How a draft gets to readers, for this caller.
///
/// # Errors
/// As any call.
pub(super) async fn how_it_goes_live(cx: &Context, actor: &Actor) -> Result<&'static str, Problem> {
    let agents = settings::current(cx).await?.agent_publishing;
    Ok(match agents {
        AgentPublishing::Allowed if actor.caller.may(Scope::PostsPublish) => {
            "post_publish makes it live, when your person agrees."
        }
        _ => "A person publishes it.",
    })
}

/// Words on tools that read drafts, for a caller who has them.
pub(super) fn if_it_reads(actor: &Actor, words: &'static str) -> &'static str {
    if actor.caller.may(Scope::PostsRead) { words } else { "" }
}

/// A post that was written to: what the next call needs.
#[derive(Serialize, JsonSchema)]
pub(super) struct Saved {
    id: PostId,
    title: Title,
    slug: Slug,
    status: PostStatus,
    revision_id: RevisionId,
    version: u64,
    live_revision_id: Option<RevisionId>,
    scheduled: Option<When>,
    updated_at: Time,
    /// What comes next.
    next: String,
}

impl Saved {
    pub(super) fn of(post: Post, next: impl Into<String>) -> Self {
        let head = post.summary;
        Self {
            id: head.id,
            title: head.fields.title,
            slug: head.fields.slug,
            status: head.status,
            revision_id: head.revision_id,
            version: head.version,
            live_revision_id: head.live_revision_id,
            scheduled: head.schedule.map(When::of),
            updated_at: head.updated_at,
            next: next.into(),
        }
    }
}

/// A proposal in a list.
#[derive(Serialize, JsonSchema)]
pub(super) struct ProposalLine {
    id: ProposalId,
    title: Title,
    status: ProposalStatus,
    /// The post that it changes; none for a new post.
    post_id: Option<PostId>,
    created_at: Time,
    note: Option<String>,
    by: Option<Hand>,
    reason: Option<String>,
}

/// How much of a note a concise list shows, in characters.
const NOTE: usize = 120;

impl ProposalLine {
    pub(super) fn of(proposal: ProposalSummary, detail: Detail) -> Self {
        let full = detail == Detail::Full;
        let cut = |note: &str| {
            if full || note.chars().count() <= NOTE {
                return note.to_owned();
            }
            note.chars().take(NOTE).chain(['…']).collect()
        };
        let reason = proposal.decision.and_then(|decision| decision.reason);
        Self {
            id: proposal.id,
            title: proposal.title,
            status: proposal.status,
            post_id: proposal.base_revision_id.map(|_| proposal.post_id),
            created_at: proposal.created_at,
            note: proposal.note.map(|note| cut(note.as_str())),
            by: full.then(|| Hand::of(proposal.created_by)),
            reason: reason.map(|reason| cut(reason.as_str())),
        }
    }
}

/// By what kind of hand something was made.
#[derive(Serialize, JsonSchema)]
pub(super) struct Hand {
    /// person, api_key, mcp_client or agent.
    kind: byline_shared::model::ActorKind,
    client: Option<String>,
    model: Option<String>,
}

impl Hand {
    pub(super) fn of(by: By) -> Self {
        Self { kind: by.kind, client: by.client, model: by.model }
    }
}
