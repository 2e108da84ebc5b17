//! The trash: a trashed post is hidden, can be restored for 30 days, and is then deleted.

use std::time::Duration;

use super::conflict::{Attempt, retry_on_conflict, stale};
use super::drafts::with_body;
use super::go_live::write_unpublished;
use super::publishers::{self, require_publisher};
use super::{authorization, schedule};
use crate::auth::Actor;
use crate::context::Context;
use crate::http::if_match::IfMatch;
use crate::http::page::PageParams;
use crate::http::problem::Problem;
use crate::model::audit::{AuditEntry, Event};
use crate::model::{Post, PostId};
use crate::settings;

/// How long a post can be restored from the trash.
pub const KEPT_IN_TRASH: Duration = Duration::from_secs(30 * 24 * 3600);

/// Moves a post to the trash, if it still has the version that the caller saw. A live post is
/// unpublished, which needs the right to publish, and its schedule is cancelled. It keeps its slug.
/// An agent needs the publication's leave to take a live or scheduled post away.
///
/// # Errors
/// 403, 404, 409, 412.
pub async fn trash(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    seen: &IfMatch,
) -> Result<(), Problem> {
    let before = authorization::find_as_seen(cx, actor, id, Some(seen)).await?;
    let mut right = actor.caller.right();
    if before.live.is_some() || before.summary.schedule.is_some() {
        require_publisher(cx, actor).await?;
        settings::may_take_away(cx, actor).await?;
        right = publishers::right_to_publish(actor);
    }
    let now = cx.clock.now();
    let mut after = before.next(now);
    after.withdraw();
    after.summary.trashed_at = Some(now);
    after.summary.status = after.status();
    let entry = AuditEntry::new(cx, Event::PostTrashed).by_actor(actor).about(id);
    if write_unpublished(cx, (actor, right), &before, &after, &entry).await? {
        schedule::delete_call(cx, before.summary.schedule.as_ref(), &after).await;
        return Ok(());
    }
    Err(stale(authorization::find(cx, actor, id).await?.summary.version))
}

/// Takes a post out of the trash: it is a draft again. One that is not there stays as it is.
///
/// # Errors
/// 404, also for one whose 30 days are over.
pub async fn restore(cx: &Context, actor: &Actor, id: &PostId) -> Result<Post, Problem> {
    retry_on_conflict(|| async {
        let before = authorization::find(cx, actor, id).await?;
        let Some(trashed_at) = before.summary.trashed_at else {
            return Ok(Attempt::Done(with_body(cx, before).await?));
        };
        let now = cx.clock.now();
        if trashed_at + KEPT_IN_TRASH <= now {
            return Err(Problem::not_found("post"));
        }
        let mut after = before.next(now);
        after.summary.trashed_at = None;
        after.summary.status = after.status();
        let entry = AuditEntry::new(cx, Event::PostRestored).by_actor(actor).about(id);
        let by = (actor, actor.caller.right());
        if write_unpublished(cx, by, &before, &after, &entry).await? {
            return Ok(Attempt::Done(with_body(cx, after).await?));
        }
        Ok(Attempt::Conflict)
    })
    .await
}

/// Removes what has been in the trash for 30 days, for good.
///
/// # Errors
/// 503 while the database does not answer. Posts that were removed stay removed; the next run removes
/// the rest.
pub async fn empty_trash(cx: &Context) -> Result<(), Problem> {
    let mut page = PageParams { limit: 100, cursor: None };
    loop {
        let trash = cx.store.posts().list_trash(&page).await?;
        for post in trash.items {
            let over = |at: crate::model::Time| at + KEPT_IN_TRASH <= cx.clock.now();
            // The list may be a moment behind: the post itself decides.
            if let Some(post) = cx.store.posts().get(&post.id).await?
                && post.summary.trashed_at.is_some_and(over)
            {
                let entry = AuditEntry::new(cx, Event::PostPurged).about(&post.summary.id);
                let entry = entry.named(&post.summary.fields.title);
                cx.store.posts().purge(&post, &entry).await?;
            }
        }
        match trash.next_cursor {
            None => return Ok(()),
            cursor => page.cursor = cursor,
        }
    }
}
