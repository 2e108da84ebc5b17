//! Authorization: which posts a caller may change, and what agents may make live.

use super::conflict::stale;
use crate::auth::Actor;
use crate::context::Context;
use crate::http::if_match::IfMatch;
use crate::http::problem::{Code, Problem};
use crate::model::{ActorKind, AgentPublishing, PostId, Revision, RevisionId};
use crate::settings;
use crate::store::posts::PostItem;

/// A post that the caller may work on, in the trash or not.
///
/// # Errors
/// 404 for a post that is not there, and alike for one of somebody else.
pub(super) async fn find(cx: &Context, actor: &Actor, id: &PostId) -> Result<PostItem, Problem> {
    let post = cx.store.posts().get(id).await?;
    let visible =
        |post: &PostItem| actor.limited_to().is_none_or(|author| post.summary.author.id == *author);
    post.filter(visible).ok_or_else(|| Problem::not_found("post"))
}

/// A post that the caller may change.
///
/// # Errors
/// As [`find`]; 409 for one in the trash.
pub(super) async fn find_active(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
) -> Result<PostItem, Problem> {
    let post = find(cx, actor, id).await?;
    if post.summary.trashed_at.is_some() {
        let detail = "The post is in the trash. Restore it first.";
        return Err(Problem::new(Code::PostTrashed, detail));
    }
    Ok(post)
}

/// A post that the caller may change; with `seen`, only if it still is as they saw it.
///
/// # Errors
/// As [`find_active`]; 412 where it has changed.
pub(super) async fn find_as_seen(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    seen: Option<&IfMatch>,
) -> Result<PostItem, Problem> {
    let post = find_active(cx, actor, id).await?;
    let version = post.summary.version;
    if seen.is_some_and(|seen| !seen.names(version)) {
        return Err(stale(version));
    }
    Ok(post)
}

/// Whether the actor may make this revision live, by what the publication lets agents do. It is
/// asked here, behind every door.
///
/// # Errors
/// 403 that says what a person has to do.
pub(super) async fn may_make_live(
    cx: &Context,
    kind: ActorKind,
    post: &PostItem,
    revision: &Revision,
) -> Result<(), Problem> {
    if kind.is_person() {
        return Ok(());
    }
    let is_approved = post.approved.as_ref() == Some(&revision.summary.id);
    let detail = match settings::current(cx).await?.agent_publishing {
        AgentPublishing::Allowed => return Ok(()),
        AgentPublishing::Approved if is_approved => {
            if cover_is_as_approved(cx, revision).await? {
                return Ok(());
            }
            "What is said about the cover has changed since this was approved. Ask a person to \
             publish it."
        }
        AgentPublishing::Approved => {
            "Agents and API keys may make live only what a person approved: propose this change, \
             and ask somebody with the right to publish to approve it, or to publish it themselves."
        }
        AgentPublishing::Never => {
            "Agents and API keys may make nothing live here. Ask a person to publish it."
        }
    };
    Err(Problem::new(Code::ApprovalRequired, detail))
}

/// Whether nobody has described the cover anew since the revision was approved: its words go live
/// with it, and are no part of it.
async fn cover_is_as_approved(cx: &Context, revision: &Revision) -> Result<bool, Problem> {
    let (Some(cover), Some(approval)) =
        (&revision.summary.fields.cover, &revision.summary.approval)
    else {
        return Ok(true);
    };
    let media = cx.store.media().get(cover).await?;
    Ok(media.is_none_or(|media| media.updated_at < approval.at))
}

/// A revision of a post.
///
/// # Errors
/// 422 for a revision that the post does not have.
pub(super) async fn find_revision(
    cx: &Context,
    id: &PostId,
    revision_id: &RevisionId,
) -> Result<Revision, Problem> {
    cx.store.revisions().get(id, revision_id).await?.ok_or_else(|| {
        let message = "The post has no such revision. Read the post for its revision_id.";
        Problem::invalid_field("revision_id", "not_found", message)
    })
}
