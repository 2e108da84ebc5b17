//! Proposals: a change waits for a person's word. The text of a proposal never changes; what becomes
//! of it when it is approved is in [`super::approval`].

use std::collections::BTreeSet;

use super::approved_text::{Earlier, not_approved_before};
use super::authorization;
use super::conflict::{decided, stale};
use super::content::{Changes, NewPost, check_cover, within_limits};
use super::proposal_reading::{self, Reviewed, WithReview};
use super::slugs::chosen_slug;
use crate::auth::Actor;
use crate::context::Context;
use crate::http::page::{Page, PageParams};
use crate::http::problem::Problem;
use crate::model::audit::{AuditEntry, Event};
use crate::model::{
    Note, PostId, Proposal, ProposalId, ProposalKind, ProposalStatus, ProposalSummary, Revision,
    RevisionId, RevisionSummary, Title,
};
use crate::store::proposals::{ProposalFilter, ProposalItem, ProposedText, SlugSource};

/// Proposes a new post; as the proposal that the request is to make, if it has one: a second call with the same one
/// answers the proposal that the first one made.
///
/// # Errors
/// 413, 422.
pub async fn propose_new(
    cx: &Context,
    actor: &Actor,
    new: NewPost,
    note: Option<Note>,
) -> Result<Proposal, Problem> {
    if let Some(made) = made_before(cx, actor, None).await? {
        return Ok(made);
    }
    let (slug, slug_source) = chosen_slug(&new);
    let (fields, body) = new.into_parts(slug);
    let author_id = actor.caller.user.id.clone();
    let post_id = PostId::new(cx.clock.now());
    let of = (post_id, None, ProposalKind::NewPost);
    let summary = begin(cx, actor, of, (None, fields.title.clone()), note);
    let proposal = ProposalItem { summary, author_id, slug_source };
    keep(cx, actor, proposal, ProposedText { fields, body }).await
}

/// Proposes a change of a post, made from one of its revisions; as [`propose_new`].
///
/// # Errors
/// 404, 409 for one in the trash, 413, 422, also for a text that is approved already.
pub async fn propose_change(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    base: &RevisionId,
    changes: Changes,
    note: Option<Note>,
) -> Result<Proposal, Problem> {
    if let Some(made) = made_before(cx, actor, Some(id)).await? {
        return Ok(made);
    }
    let post = authorization::find_active(cx, actor, id).await?;
    let base = cx.store.revisions().get(id, base).await?.ok_or_else(|| {
        let message = "The post has no such revision. Read the post for its revision_id.";
        Problem::invalid_field("base_revision_id", "not_found", message)
    })?;
    let Revision { summary: RevisionSummary { id: base_id, mut fields, .. }, mut body } = base;
    let before = (fields.clone(), body.clone());
    changes.apply(&mut fields, &mut body);
    let nothing_changes = before == (fields.clone(), body.clone());
    // A text whose approval has lapsed needs a decision anew; nothing of it has to change for that.
    let earlier = not_approved_before(cx, &post, "", (&fields, &body)).await?;
    if nothing_changes && earlier == Earlier::None {
        let message = "Changes nothing. Send at least one field with another value.";
        return Err(Problem::invalid_field("", "nothing_to_change", message));
    }
    let kind = match post.was_live() {
        true => ProposalKind::Change,
        false => ProposalKind::DraftChange,
    };
    let of = (id.clone(), Some(base_id), kind);
    let titles = (Some(before.0.title), fields.title.clone());
    let summary = begin(cx, actor, of, titles, note);
    let (author_id, slug_source) = (post.summary.author.id, SlugSource::Given);
    let proposal = ProposalItem { summary, author_id, slug_source };
    keep(cx, actor, proposal, ProposedText { fields, body }).await
}

fn begin(
    cx: &Context,
    actor: &Actor,
    (post_id, base_revision_id, kind): (PostId, Option<RevisionId>, ProposalKind),
    (base_title, title): (Option<Title>, Title),
    note: Option<Note>,
) -> ProposalSummary {
    let now = cx.clock.now();
    ProposalSummary {
        id: cx.made.map_or_else(|| ProposalId::new(now), ProposalId::from_ulid),
        post_id,
        base_revision_id,
        revision_id: RevisionId::new(now),
        kind: Some(kind),
        title,
        base_title,
        note,
        status: ProposalStatus::Pending,
        created_by: actor.by(),
        created_at: now,
        decision: None,
    }
}

async fn keep(
    cx: &Context,
    actor: &Actor,
    proposal: ProposalItem,
    text: ProposedText,
) -> Result<Proposal, Problem> {
    if !store(cx, actor, &proposal, &text).await? {
        // Of two calls at once the other one has made it.
        let made = made_before(cx, actor, None).await?;
        return made.ok_or_else(|| Problem::internal("a new proposal id is in use"));
    }
    let read = proposal_reading::read(cx, proposal, text, WithReview::No);
    Ok(Box::pin(read).await?.proposal)
}

/// The proposal that the request is to make, if an earlier run has made it: of this post, where that was there before.
async fn made_before(
    cx: &Context,
    actor: &Actor,
    post: Option<&PostId>,
) -> Result<Option<Proposal>, Problem> {
    let Some(id) = cx.made.map(ProposalId::from_ulid) else { return Ok(None) };
    let (Some(proposal), text) = cx.store.proposals().get_with_text(&id).await? else {
        return Ok(None);
    };
    require_own(actor, post, &proposal)?;
    // It is read as it is now, with the text that its post has now: by those who may still read both.
    let proposal = visible(actor, Some(proposal))?;
    if let Some(post) = post {
        authorization::find(cx, actor, post).await?;
    }
    let text = text.ok_or_else(|| lost_text(&id))?;
    let read = proposal_reading::read(cx, proposal, text, WithReview::No);
    Ok(Some(Box::pin(read).await?.proposal))
}

/// Writes a new proposal. Returns false if there is one with its id.
async fn store(
    cx: &Context,
    actor: &Actor,
    proposal: &ProposalItem,
    text: &ProposedText,
) -> Result<bool, Problem> {
    within_limits(&text.fields, &text.body)?;
    check_cover(cx, text.fields.cover.as_ref(), None).await?;
    let id = &proposal.summary.id;
    let entry = AuditEntry::new(cx, Event::ProposalMade).by_actor(actor).about(id);
    let right = actor.caller.right();
    Ok(cx.store.proposals().create(proposal, text, &right, &entry).await?)
}

/// Hands in the latest revision of a post for review: a proposal of the text as it is, under an id that
/// is known before, so that a form which is sent twice hands in once. While it waits, its writer may go
/// on: the review shows the latest text, and approving takes no other than the one that was shown.
///
/// # Errors
/// 403 for all but people, 404, 409 for a post in the trash, 412 where `revision_id` is not the latest
/// revision any more, 413, 422 where it is live or approved already.
pub async fn hand_in(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    revision_id: &RevisionId,
    note: Option<Note>,
    proposal_id: ProposalId,
) -> Result<ProposalSummary, Problem> {
    actor.require_person()?;
    if let Some(made) = handed_in(cx, actor, id, &proposal_id).await? {
        return Ok(made);
    }
    let post = authorization::find_active(cx, actor, id).await?;
    if post.summary.revision_id != *revision_id {
        return Err(stale(post.summary.version));
    }
    if post.summary.live_revision_id.as_ref() == Some(revision_id) {
        let message = "This revision is live already. Save a change first.";
        return Err(Problem::invalid_field("revision_id", "already_live", message));
    }
    let Revision { summary, body } = authorization::find_revision(cx, id, revision_id).await?;
    let RevisionSummary { id: base, fields, .. } = summary;
    not_approved_before(cx, &post, "revision_id", (&fields, &body)).await?;
    let kind = match post.was_live() {
        true => ProposalKind::Change,
        false => ProposalKind::NewPost,
    };
    let of = (id.clone(), Some(base), kind);
    let titles = (Some(fields.title.clone()), fields.title.clone());
    let mut summary = begin(cx, actor, of, titles, note);
    summary.id = proposal_id;
    let (author_id, slug_source) = (post.summary.author.id, SlugSource::Given);
    let proposal = ProposalItem { summary, author_id, slug_source };
    if store(cx, actor, &proposal, &ProposedText { fields, body }).await? {
        return Ok(proposal.summary);
    }
    // Of two calls at once the other one has made it.
    let made = handed_in(cx, actor, id, &proposal.summary.id).await?;
    made.ok_or_else(|| Problem::internal("a new proposal id is in use"))
}

/// The proposal with this id, if the caller has made it of this post before.
///
/// # Errors
/// 404 for one of somebody else, or of another post.
async fn handed_in(
    cx: &Context,
    actor: &Actor,
    post: &PostId,
    id: &ProposalId,
) -> Result<Option<ProposalSummary>, Problem> {
    let Some(made) = cx.store.proposals().get(id).await? else { return Ok(None) };
    require_own(actor, Some(post), &made)?;
    Ok(Some(made.summary))
}

fn require_own(actor: &Actor, post: Option<&PostId>, made: &ProposalItem) -> Result<(), Problem> {
    let is_own = made.summary.created_by.user_id == actor.caller.user.id;
    let is_of_post = post.is_none_or(|post| made.summary.post_id == *post);
    if is_own && is_of_post { Ok(()) } else { Err(Problem::not_found("proposal")) }
}

fn lost_text(id: &ProposalId) -> Problem {
    Problem::internal(format!("{id} has lost its text"))
}

/// The proposals for posts that the caller may work on, newest first.
///
/// # Errors
/// 422 for a cursor of another list.
pub async fn proposals(
    cx: &Context,
    actor: &Actor,
    post: Option<PostId>,
    status: ProposalStatus,
    page: &PageParams,
) -> Result<Page<ProposalSummary>, Problem> {
    let filter = ProposalFilter { post, status, author: actor.limited_to().cloned() };
    Ok(cx.store.proposals().list(&filter, page).await?)
}

/// Those of these proposals that the caller may see.
///
/// # Errors
/// 503 while the database does not answer.
pub async fn proposals_named(
    cx: &Context,
    actor: &Actor,
    ids: &BTreeSet<ProposalId>,
) -> Result<Vec<ProposalSummary>, Problem> {
    let found = cx.store.proposals().get_many(ids).await?.into_iter();
    Ok(found.filter_map(|it| visible(actor, Some(it)).ok()).map(|it| it.summary).collect())
}

/// A proposal with its differences and, while it waits, its review.
///
/// # Errors
/// 404.
pub async fn proposal(cx: &Context, actor: &Actor, id: &ProposalId) -> Result<Proposal, Problem> {
    Ok(reviewed(cx, actor, id).await?.proposal)
}

/// The same, with what the review compares it with.
///
/// # Errors
/// 404.
pub async fn reviewed(cx: &Context, actor: &Actor, id: &ProposalId) -> Result<Reviewed, Problem> {
    let (proposal, text) = find_with_text(cx, actor, id).await?;
    Box::pin(proposal_reading::read(cx, proposal, text, WithReview::Yes)).await
}

/// A proposal for a post that the caller may work on.
pub(super) async fn find(
    cx: &Context,
    actor: &Actor,
    id: &ProposalId,
) -> Result<ProposalItem, Problem> {
    visible(actor, cx.store.proposals().get(id).await?)
}

/// The same, with its text.
///
/// # Errors
/// 404.
pub(super) async fn find_with_text(
    cx: &Context,
    actor: &Actor,
    id: &ProposalId,
) -> Result<(ProposalItem, ProposedText), Problem> {
    let (proposal, text) = match cx.ahead.proposal(id) {
        Some(found) => found?,
        None => cx.store.proposals().get_with_text(id).await?,
    };
    let proposal = visible(actor, proposal)?;
    Ok((proposal, text.ok_or_else(|| lost_text(id))?))
}

fn visible(actor: &Actor, proposal: Option<ProposalItem>) -> Result<ProposalItem, Problem> {
    let is_visible = |proposal: &ProposalItem| {
        actor.limited_to().is_none_or(|author| proposal.author_id == *author)
    };
    proposal.filter(is_visible).ok_or_else(|| Problem::not_found("proposal"))
}

pub(super) fn still_pending(proposal: &ProposalItem) -> Result<(), Problem> {
    if proposal.summary.status == ProposalStatus::Pending { Ok(()) } else { Err(decided()) }
}
