//! Approving: a proposal becomes a revision exactly as it was proposed, or not at all.

use super::conflict::{Attempt, decided, retry_on_conflict, slug_taken};
use super::drafts::{keep_new, new_post, with_body};
use super::proposals::{as_revision, find, still_pending, text_of};
use super::publish::publish;
use super::{authorization, diff, page, tags};
use crate::auth::Actor;
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{
    Approval, Conflict, Decision, Diff, Post, ProposalId, ProposalStatus, Revision, RevisionId,
    Scope,
};
use crate::store::WriteError;
use crate::store::post_transaction::{PostTransaction, WriteConflict};
use crate::store::posts::PostItem;
use crate::store::proposals::{ProposalItem, ProposedText};

/// Makes a proposal the latest revision of its post, or the first of a new one; with `publish`, also
/// live. The revision then counts as approved, if the person may publish.
///
/// # Errors
/// 403 for all but people, 404, 409 with both sides where the post has moved on, or where the
/// proposal has been decided.
pub async fn approve(
    cx: &Context,
    actor: &Actor,
    id: &ProposalId,
    and_publish: bool,
) -> Result<Post, Problem> {
    actor.require_person()?;
    if and_publish {
        actor.caller.require(Scope::PostsPublish)?;
    }
    let before = find(cx, actor, id).await?;
    still_pending(&before)?;
    let ProposedText { mut fields, body } = text_of(cx, id).await?;
    if and_publish {
        // What cannot be published is refused before it is approved.
        page::html(cx, body.clone()).await?;
    }
    fields.tags = tags::ensure(cx, fields.tags, &[]).await?;
    let now = cx.clock.now();
    let (user, post_id) = (actor.caller.user.id.clone(), before.summary.post_id.clone());
    let approval = Approval { proposal_id: id.clone(), by: user.clone(), at: now };
    let revision = as_revision(&before.summary, fields, body, Some(approval));
    let revision_id = revision.summary.id.clone();
    let approved = actor.caller.may(Scope::PostsPublish).then(|| revision_id.clone());
    let mut after = before.clone();
    after.summary.status = ProposalStatus::Approved;
    after.summary.decision = Some(Decision { by: user, at: now, reason: None });
    let entry = AuditEntry::new(cx, Event::ProposalApproved).by_caller(&actor.caller).about(id);
    let entry = entry.with(revision_id.to_string());
    let decided = Some((&before, &after));
    let post = if before.summary.base_revision_id.is_none() {
        let mut post = new_post(&revision, before.author.clone(), now);
        post.approved = approved;
        keep_new(cx, post, revision, before.slug_source, decided, &entry).await?
    } else {
        onto_head(cx, actor, &revision, approved, (&before, &after), &entry).await?
    };
    if and_publish {
        return publish(cx, actor, &post_id, &revision_id, None).await;
    }
    Ok(post)
}

/// Makes an approved proposal the head, if the head still is what it was made from.
async fn onto_head(
    cx: &Context,
    actor: &Actor,
    revision: &Revision,
    approved: Option<RevisionId>,
    proposal: (&ProposalItem, &ProposalItem),
    entry: &AuditEntry,
) -> Result<Post, Problem> {
    retry_on_conflict(|| async {
        let before = authorization::find_active(cx, actor, &revision.summary.post_id).await?;
        if Some(&before.summary.revision_id) != revision.summary.parent_id.as_ref() {
            return Err(conflict(cx, &before, revision).await?);
        }
        let mut after = before.next(cx.clock.now());
        after.take(revision);
        after.approved = approved.clone().or(after.approved);
        let written = cx
            .store
            .posts()
            .write(&PostTransaction {
                revision: Some(revision),
                proposal: Some(proposal),
                entry: Some(entry),
                ..PostTransaction::new(Some(&before), &after)
            })
            .await;
        match written {
            Ok(()) => return Ok(Attempt::Done(with_body(cx, after).await?)),
            Err(WriteError::Conflict(WriteConflict::SlugTaken)) => {
                return Err(slug_taken(&after.summary.fields.slug));
            }
            Err(WriteError::Conflict(WriteConflict::Decided)) => return Err(decided()),
            Err(WriteError::Conflict(_)) => {
                let now = find(cx, actor, &proposal.0.summary.id).await?;
                still_pending(&now)?;
            }
            Err(WriteError::Store(error)) => return Err(error.into()),
        }
        Ok(Attempt::Conflict)
    })
    .await
}

async fn conflict(cx: &Context, head: &PostItem, proposed: &Revision) -> Result<Problem, Problem> {
    let post = &head.summary.id;
    let lost = || Problem::internal(format!("{post} has lost a revision"));
    let now = &head.summary.revision_id;
    let base_id = proposed.summary.parent_id.as_ref().ok_or_else(lost)?;
    let base = cx.store.revisions().get(post, base_id).await?.ok_or_else(lost)?;
    let now = cx.store.revisions().get(post, now).await?.ok_or_else(lost)?;
    let theirs: Diff = diff::between(cx, Some(&base), &now).await?;
    let proposed = diff::between(cx, Some(&base), proposed).await?;
    let detail = "Others have changed the post since this was proposed: conflict holds what they \
                  changed and what is proposed. Propose it again from the post as it is now, or \
                  make the change by hand and reject this.";
    let mut problem = Problem::new(Code::ProposalConflict, detail);
    problem.conflict = Some(Box::new(Conflict {
        base_revision_id: Some(base_id.clone()),
        head_revision_id: now.summary.id,
        theirs,
        proposed,
    }));
    Ok(problem)
}
