//! Mending a post from elsewhere: files that could not be had when it came are there by now.

use tokio::sync::OnceCell;

use super::conflict::{Attempt, retry_on_conflict};
use super::content::{check_cover, within_limits};
use super::import::CLIENT;
use super::publish::{LiveState, Step, published, revision};
use super::{Actor, schedule};
use crate::auth::audit::{Entry, Event};
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{Markdown, MediaId, PostId, Revision, RevisionId, RevisionSummary};
use crate::store::WriteError;
use crate::store::post_transaction::{LiveChange, PostTransaction};

/// What became of a post that was to be mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mended {
    /// It has the text and the cover.
    New,
    /// It had them.
    Same,
    /// Somebody changed it since it came; it stays.
    Changed,
}

/// Gives a post that an import made another text and cover, as a further revision, live or to come
/// where the first one is. Times stay: for readers it is the same post.
///
/// # Errors
/// 404; 409 where others keep writing to it; 413 and 422 for what cannot be kept or served.
pub async fn mend(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    cover: Option<&MediaId>,
    body: &Markdown,
) -> Result<Mended, Problem> {
    retry_on_conflict(|| async {
        let before = cx.store.posts().get(id).await?.ok_or_else(|| Problem::not_found("post"))?;
        let head = &before.summary;
        let old = revision(cx, id, &head.revision_id).await?;
        if old.body == *body && old.summary.fields.cover.as_ref() == cover {
            return Ok(Attempt::Done(Mended::Same));
        }
        let is_imported = old.summary.created_by.client.as_deref() == Some(CLIENT);
        let is_shown = head.live_revision_id.as_ref().is_none_or(|live| *live == head.revision_id);
        let scheduled = head.schedule.as_ref();
        let is_next = scheduled.is_none_or(|to_come| to_come.revision_id == head.revision_id);
        if !is_imported || !is_shown || !is_next {
            return Ok(Attempt::Done(Mended::Changed));
        }
        let mut fields = head.fields.clone();
        fields.cover = cover.cloned();
        within_limits(&fields, body)?;
        check_cover(cx, cover, head.fields.cover.as_ref()).await?;
        let now = cx.clock.now();
        let revision = Revision {
            summary: RevisionSummary {
                id: RevisionId::new(now),
                post_id: id.clone(),
                fields,
                parent_id: Some(head.revision_id.clone()),
                created_by: old.summary.created_by.clone(),
                approval: None,
                created_at: now,
            },
            body: body.clone(),
        };
        let mut after = before.next(head.updated_at);
        after.take(&revision);
        let mut live = None;
        if let Some(place) = &before.live {
            let version = after.summary.version;
            let (html, at) = (OnceCell::new(), place.updated_at);
            let step =
                Step { before: &after, revision: &revision, html: &html, at, is_person: false };
            let state = step.compose(cx).await?;
            after = state.after.clone();
            (after.summary.version, after.summary.updated_at) = (version, head.updated_at);
            live = Some(state);
        }
        if let Some(to_come) = scheduled {
            let by = before.scheduled_by.clone().unwrap_or_else(|| actor.by());
            schedule::appoint(cx, &mut after, to_come.publish_at, by).await?;
        }
        let publication = live.as_ref().map(|_| {
            let by = old.summary.created_by.clone();
            published(&revision.summary.id, by, false, now)
        });
        let entry = Entry::new(cx, Event::PostUpdated).by_caller(&actor.caller).about(id);
        let entry = entry.with(revision.summary.id.to_string());
        let written = cx
            .store
            .posts()
            .write(&PostTransaction {
                revision: Some(&revision),
                live: live
                    .as_ref()
                    .map_or(LiveChange::Keep, |LiveState { page, .. }| LiveChange::Publish(page)),
                publication: publication.as_ref(),
                entry: Some(&entry),
                ..PostTransaction::new(Some(&before), &after)
            })
            .await;
        if WriteError::applied(written)? {
            schedule::forget(cx, scheduled, &after).await;
            return Ok(Attempt::Done(Mended::New));
        }
        Ok(Attempt::Conflict)
    })
    .await
}
