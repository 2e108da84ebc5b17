//! Ending a proposal without a revision: a person turns it down, or its author takes it back.

use super::authorization;
use super::conflict::decided;
use super::proposal_reading::{self, WithReview};
use super::proposals::{find, find_with_text, still_pending};
use crate::auth::Actor;
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{
    Decision, GoesLive, Note, Proposal, ProposalId, ProposalStatus, RevisionId, Role, User,
};
use crate::store::proposals::Deciding;

/// Turns a proposal down. `seen` is the latest revision of the post that the person had before them; without one
/// it is the latest of now.
///
/// # Errors
/// 403 for all but people, 404, 409 where it has been decided, and while its post is in the trash; 422 where the post
/// has no revision `seen`.
pub async fn reject(
    cx: &Context,
    actor: &Actor,
    id: &ProposalId,
    reason: Option<Note>,
    seen: Option<&RevisionId>,
) -> Result<Proposal, Problem> {
    actor.require_person()?;
    let how = (ProposalStatus::Rejected, Event::ProposalRejected);
    end(cx, actor, id, how, reason, seen).await
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
    let how = (ProposalStatus::Withdrawn, Event::ProposalWithdrawn);
    end(cx, actor, id, how, None, None).await
}

async fn end(
    cx: &Context,
    actor: &Actor,
    id: &ProposalId,
    (status, event): (ProposalStatus, Event),
    reason: Option<Note>,
    seen: Option<&RevisionId>,
) -> Result<Proposal, Problem> {
    let (before, text) = find_with_text(cx, actor, id).await?;
    still_pending(&before)?;
    let mut head_revision_id = None;
    // A post in the trash may be gone for good before anybody reads the decision.
    if status == ProposalStatus::Rejected
        && let Some(post) = cx.store.posts().get(&before.summary.post_id).await?
    {
        authorization::not_in_trash(&post)?;
        head_revision_id = Some(match seen {
            Some(seen) => {
                authorization::find_revision(cx, &post.summary.id, seen).await?.summary.id
            }
            None => post.summary.revision_id,
        });
    }
    let mut after = before.clone();
    after.summary.status = status;
    let User { id: by, name, .. } = actor.caller.user.clone();
    let (by_name, at) = (Some(name), cx.clock.now());
    let edited_revision_id = None;
    after.summary.decision =
        Some(Decision { by, by_name, at, reason, edited_revision_id, head_revision_id });
    let entry = AuditEntry::new(cx, event).by_actor(actor).about(id);
    let decision = Deciding { before: &before, after: &after, goes_live: GoesLive::No };
    let right = actor.caller.right();
    if !cx.store.proposals().decide(decision, &right, &entry).await? {
        return Err(decided());
    }
    let read = proposal_reading::read(cx, after, text, WithReview::No);
    Ok(Box::pin(read).await?.proposal)
}
