//! Approving: a proposal becomes a revision as it was proposed, merged with what others changed since,
//! or not at all.

use super::authorization::find_revision;
use super::conflict::{Attempt, decided, retry_on_conflict, slug_taken};
use super::content::within_limits;
use super::drafts::{keep_new, new_post, with_body};
use super::merge::{self, BothChanged, OnHead};
use super::proposals::{as_revision, find, still_pending, text_of};
use super::publish::publish;
use super::{authorization, diff, page, tag_names};
use crate::auth::Actor;
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{
    Approval, Conflict, Decision, Post, ProposalId, ProposalStatus, Revision, RevisionId, Scope,
    User,
};
use crate::store::WriteError;
use crate::store::post_transaction::{PostTransaction, WriteConflict};
use crate::store::posts::PostItem;
use crate::store::proposals::{ProposalItem, ProposedText};

/// Makes a proposal the latest revision of its post, or the first of a new one; with `publish`, also
/// live. The revision then counts as approved, if the person may publish.
///
/// # Errors
/// 403 for all but people, 404, 409 with both sides where others changed the same since, or where the
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
    let base = match &before.summary.base_revision_id {
        Some(base) => Some(find_revision(cx, &before.summary.post_id, base).await?),
        None => None,
    };
    let had = base.as_ref().map_or(&[][..], |base| &base.summary.fields.tags);
    fields.tags = tag_names::ensure(cx, fields.tags, had).await?;
    let now = cx.clock.now();
    let User { id: user, name, .. } = actor.caller.user.clone();
    let (by_name, post_id) = (Some(name), before.summary.post_id.clone());
    let approval =
        Approval { proposal_id: id.clone(), by: user.clone(), by_name: by_name.clone(), at: now };
    let revision = as_revision(&before.summary, fields, body, Some(approval));
    let revision_id = revision.summary.id.clone();
    let approved = actor.caller.may(Scope::PostsPublish).then(|| revision_id.clone());
    let mut after = before.clone();
    after.summary.status = ProposalStatus::Approved;
    after.summary.decision = Some(Decision { by: user, by_name, at: now, reason: None });
    let entry = AuditEntry::new(cx, Event::ProposalApproved).by_caller(&actor.caller).about(id);
    let entry = entry.with(revision_id.to_string());
    let decided = Some((&before, &after));
    let post = match &base {
        None => {
            let mut post = new_post(&revision, before.author.clone(), now);
            post.approved = approved;
            keep_new(cx, post, revision, before.slug_source, decided, &entry).await?
        }
        Some(base) => {
            let is_approved = approved.is_some();
            onto_head(cx, actor, base, &revision, is_approved, (&before, &after), &entry).await?
        }
    };
    if and_publish {
        return publish(cx, actor, &post_id, &post.summary.revision_id, None).await;
    }
    Ok(post)
}

/// Makes an approved proposal the head: as it was proposed, if the head still is what it was made
/// from, else merged with what changed since.
async fn onto_head(
    cx: &Context,
    actor: &Actor,
    base: &Revision,
    proposed: &Revision,
    is_approved: bool,
    (pending, decision): (&ProposalItem, &ProposalItem),
    entry: &AuditEntry,
) -> Result<Post, Problem> {
    retry_on_conflict(|| async {
        let before = authorization::find_active(cx, actor, &proposed.summary.post_id).await?;
        let revision = &on_head(cx, &before, base, proposed).await?;
        let id = &revision.summary.id;
        let mut after = before.next(cx.clock.now());
        after.take(revision);
        after.approved = is_approved.then(|| id.clone()).or(after.approved);
        let mut decision = decision.clone();
        decision.summary.revision_id = id.clone();
        let (proposal, entry) = ((pending, &decision), &entry.clone().with(id.to_string()));
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
                let now = find(cx, actor, &pending.summary.id).await?;
                still_pending(&now)?;
            }
            Err(WriteError::Store(error)) => return Err(error.into()),
        }
        Ok(Attempt::Conflict)
    })
    .await
}

/// The revision that a proposal becomes on a head: itself, or a later one where it is merged.
///
/// # Errors
/// 409 with both sides where both changed the same; 413 and 422 for a merged text that cannot be kept
/// or published.
async fn on_head(
    cx: &Context,
    head: &PostItem,
    base: &Revision,
    proposed: &Revision,
) -> Result<Revision, Problem> {
    let text = (proposed.summary.fields.clone(), proposed.body.clone());
    let (fields, body) = match merge::proposed_on(cx, head, base, text).await? {
        OnHead::Fits(fields, body) => (*fields, body),
        OnHead::Conflict { now, both } => {
            return Err(conflict(cx, base, *now, proposed, &both).await?);
        }
    };
    let mut revision = proposed.clone();
    if head.summary.revision_id != base.summary.id {
        within_limits(&fields, &body)?;
        page::html(cx, body.clone()).await?;
        let now = cx.clock.now();
        // After the head, which it is made from: revisions are listed by their ids.
        revision.summary.id = RevisionId::new(now);
        revision.summary.created_at = now;
        revision.summary.parent_id = Some(head.summary.revision_id.clone());
        (revision.summary.fields, revision.body) = (fields, body);
    }
    Ok(revision)
}

async fn conflict(
    cx: &Context,
    base: &Revision,
    now: Revision,
    proposed: &Revision,
    both: &BothChanged,
) -> Result<Problem, Problem> {
    let [theirs, proposed] = diff::all(cx, [(Some(base), &now), (Some(base), proposed)]).await?;
    let detail = format!(
        "Others have changed the post since this was proposed, and both changed this: {}. conflict \
         holds what they changed and what is proposed. Propose it again from the post as it is now, \
         or make the change by hand and reject this.",
        both.0.join(", ")
    );
    let mut problem = Problem::new(Code::ProposalConflict, detail);
    problem.conflict = Some(Box::new(Conflict {
        base_revision_id: Some(base.summary.id.clone()),
        head_revision_id: now.summary.id,
        theirs,
        proposed,
    }));
    Ok(problem)
}
