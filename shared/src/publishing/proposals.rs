//! Proposals: a change waits for a person's word. The text of a proposal never changes; what becomes
//! of it when it is approved is in [`super::approval`].

use super::authorization;
use super::conflict::decided;
use super::content::{Changes, NewPost, check_cover, within_limits};
use super::drafts::chosen_slug;
use super::proposal_reading::{self, WithReview};
use crate::auth::Actor;
use crate::context::Context;
use crate::http::page::{Page, PageParams};
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{
    Decision, Note, PostId, Proposal, ProposalId, ProposalStatus, ProposalSummary, Revision,
    RevisionId, RevisionSummary, Role, Title, User, author_of,
};
use crate::store::proposals::{ProposalFilter, ProposalItem, ProposedText, SlugSource};

/// Proposes a new post.
///
/// # Errors
/// 413, 422.
pub async fn propose_new(
    cx: &Context,
    actor: &Actor,
    new: NewPost,
    note: Option<Note>,
) -> Result<Proposal, Problem> {
    let (slug, slug_source) = chosen_slug(&new);
    let (fields, body) = new.into_parts(slug);
    let author = author_of(&actor.caller.user);
    let post_id = PostId::new(cx.clock.now());
    let summary = begin(cx, actor, post_id, None, fields.title.clone(), note);
    let proposal = ProposalItem { summary, author, slug_source };
    keep(cx, actor, proposal, ProposedText { fields, body }).await
}

/// Proposes a change of a post, made from one of its revisions.
///
/// # Errors
/// 404, 409 for one in the trash, 413, 422.
pub async fn propose_change(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    base: &RevisionId,
    changes: Changes,
    note: Option<Note>,
) -> Result<Proposal, Problem> {
    let post = authorization::find_active(cx, actor, id).await?;
    let base = cx.store.revisions().get(id, base).await?.ok_or_else(|| {
        let message = "The post has no such revision. Read the post for its revision_id.";
        Problem::invalid_field("base_revision_id", "not_found", message)
    })?;
    let Revision { summary: RevisionSummary { id: base_id, mut fields, .. }, mut body } = base;
    let before = (fields.clone(), body.clone());
    changes.apply(&mut fields, &mut body);
    if before == (fields.clone(), body.clone()) {
        let message = "Changes nothing. Send at least one field with another value.";
        return Err(Problem::invalid_field("", "nothing_to_change", message));
    }
    let summary = begin(cx, actor, id.clone(), Some(base_id), fields.title.clone(), note);
    let proposal =
        ProposalItem { summary, author: post.summary.author, slug_source: SlugSource::Given };
    keep(cx, actor, proposal, ProposedText { fields, body }).await
}

fn begin(
    cx: &Context,
    actor: &Actor,
    post_id: PostId,
    base_revision_id: Option<RevisionId>,
    title: Title,
    note: Option<Note>,
) -> ProposalSummary {
    let now = cx.clock.now();
    ProposalSummary {
        id: ProposalId::new(now),
        post_id,
        base_revision_id,
        revision_id: RevisionId::new(now),
        title,
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
    within_limits(&text.fields, &text.body)?;
    check_cover(cx, text.fields.cover.as_ref(), None).await?;
    let id = &proposal.summary.id;
    let entry = AuditEntry::new(cx, Event::ProposalMade).by_caller(&actor.caller).about(id);
    if !cx.store.proposals().create(&proposal, &text, &entry).await? {
        return Err(Problem::internal("a new proposal id is in use"));
    }
    proposal_reading::read(cx, proposal, text, WithReview::No).await
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

/// A proposal with its differences and, while it waits, its review.
///
/// # Errors
/// 404.
pub async fn proposal(cx: &Context, actor: &Actor, id: &ProposalId) -> Result<Proposal, Problem> {
    let proposal = find(cx, actor, id).await?;
    let text = text_of(cx, id).await?;
    proposal_reading::read(cx, proposal, text, WithReview::Yes).await
}

/// A proposal for a post that the caller may work on.
pub(super) async fn find(
    cx: &Context,
    actor: &Actor,
    id: &ProposalId,
) -> Result<ProposalItem, Problem> {
    let visible = |proposal: &ProposalItem| {
        actor.limited_to().is_none_or(|author| proposal.author.id == *author)
    };
    let proposal = cx.store.proposals().get(id).await?.filter(visible);
    proposal.ok_or_else(|| Problem::not_found("proposal"))
}

pub(super) async fn text_of(cx: &Context, id: &ProposalId) -> Result<ProposedText, Problem> {
    let missing = || Problem::internal(format!("{id} has lost its text"));
    cx.store.proposals().get_text(id).await?.ok_or_else(missing)
}

/// Turns a proposal down.
///
/// # Errors
/// 403 for all but people, 404, 409 where it has been decided.
pub async fn reject(
    cx: &Context,
    actor: &Actor,
    id: &ProposalId,
    reason: Option<Note>,
) -> Result<Proposal, Problem> {
    actor.require_person()?;
    end(cx, actor, id, ProposalStatus::Rejected, Event::ProposalRejected, reason).await
}

/// Withdraws a proposal. Its author may do so, and every editor who is a person.
///
/// # Errors
/// 403 for all others, 404, 409 where it has been decided.
pub async fn withdraw(cx: &Context, actor: &Actor, id: &ProposalId) -> Result<Proposal, Problem> {
    let made_by = find(cx, actor, id).await?.summary.created_by.user_id;
    let user = &actor.caller.user;
    if made_by != user.id && !(actor.is_person() && user.role >= Role::Editor) {
        let detail = "Only the author of a proposal or an editor can withdraw it. A person who may change \
                      the post can reject it.";
        return Err(Problem::new(Code::Forbidden, detail));
    }
    end(cx, actor, id, ProposalStatus::Withdrawn, Event::ProposalWithdrawn, None).await
}

async fn end(
    cx: &Context,
    actor: &Actor,
    id: &ProposalId,
    status: ProposalStatus,
    event: Event,
    reason: Option<Note>,
) -> Result<Proposal, Problem> {
    let before = find(cx, actor, id).await?;
    still_pending(&before)?;
    let mut after = before.clone();
    after.summary.status = status;
    let User { id: by, name, .. } = actor.caller.user.clone();
    let (by_name, at) = (Some(name), cx.clock.now());
    after.summary.decision = Some(Decision { by, by_name, at, reason });
    let entry = AuditEntry::new(cx, event).by_caller(&actor.caller).about(id);
    if !cx.store.proposals().decide(&before, &after, &entry).await? {
        return Err(decided());
    }
    let text = text_of(cx, id).await?;
    proposal_reading::read(cx, after, text, WithReview::No).await
}

pub(super) fn still_pending(proposal: &ProposalItem) -> Result<(), Problem> {
    if proposal.summary.status == ProposalStatus::Pending { Ok(()) } else { Err(decided()) }
}
