//! Authorization: which posts a caller may change. What agents may make live is in [`super::covers`].

use super::conflict::stale;
use crate::auth::Actor;
use crate::context::Context;
use crate::http::if_match::IfMatch;
use crate::http::problem::{Code, Problem};
use crate::model::{PostId, Revision, RevisionId};
use crate::store::posts::PostItem;

/// A post that the caller may work on, in the trash or not.
///
/// # Errors
/// 404 for a post that is not there, and alike for one of somebody else.
pub(super) async fn find(cx: &Context, actor: &Actor, id: &PostId) -> Result<PostItem, Problem> {
    let post = match cx.ahead.post(id) {
        Some(post) => post?,
        None => cx.store.posts().get(id).await?,
    };
    visible(actor, post)
}

fn visible(actor: &Actor, post: Option<PostItem>) -> Result<PostItem, Problem> {
    let is_visible =
        |post: &PostItem| actor.limited_to().is_none_or(|author| post.summary.author.id == *author);
    post.filter(is_visible).ok_or_else(|| Problem::not_found("post"))
}

/// A post that the caller may work on, with one of its revisions.
///
/// # Errors
/// As [`find`]; 422 for a revision that the post does not have.
pub(super) async fn find_with_revision(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    revision_id: &RevisionId,
) -> Result<(PostItem, Revision), Problem> {
    let (post, revision) = cx.store.posts().get_with_revision(id, revision_id).await?;
    Ok((visible(actor, post)?, revision.ok_or_else(no_such_revision)?))
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
    not_in_trash(&post)?;
    Ok(post)
}

/// Refuses what cannot be done with a post in the trash.
///
/// # Errors
/// 409.
pub(super) fn not_in_trash(post: &PostItem) -> Result<(), Problem> {
    if post.summary.trashed_at.is_none() {
        return Ok(());
    }
    Err(Problem::new(Code::PostTrashed, "The post is in the trash. Restore it first."))
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

/// A revision of a post.
///
/// # Errors
/// 422 for a revision that the post does not have.
pub(super) async fn find_revision(
    cx: &Context,
    id: &PostId,
    revision_id: &RevisionId,
) -> Result<Revision, Problem> {
    cx.store.revisions().get(id, revision_id).await?.ok_or_else(no_such_revision)
}

fn no_such_revision() -> Problem {
    let message = "The post has no such revision. Read the post for its revision_id.";
    Problem::invalid_field("revision_id", "not_found", message)
}
