//! The second run of an import updates posts that the first one made.

use super::authorization::find_revision;
use super::conflict::{Attempt, retry_on_conflict};
use super::content::{check_cover, with_line_feeds, within_limits};
use super::covers::Covers;
use super::go_live::{PublishPlan, Published, publication};
use super::shown::Shown;
use super::{ai_part, page, schedule, tags};
use crate::auth::Actor;
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::audit::{AuditEntry, Event};
use crate::model::{ActorKind, Markdown, MediaId, PostId, Revision, RevisionId, RevisionSummary};
use crate::store::WriteError;
use crate::store::post_transaction::{LiveChange, PostTransaction};

/// What a second import did to a post that an earlier one made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reimport {
    /// The post has a new revision.
    Updated,
    /// The text and the cover were the same.
    Unchanged,
    /// Somebody has changed the post since it was imported. It was not touched.
    ChangedHere,
}

/// Gives an imported post another text and cover, as a further revision, which is live or scheduled
/// where the first one is. The times stay: readers see the same post.
///
/// # Errors
/// 404; 409 if every attempt meets another write; 413 and 422 for a text that cannot be kept or
/// published.
pub async fn update_imported(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    cover: Option<&MediaId>,
    body: &Markdown,
) -> Result<Reimport, Problem> {
    let body = &with_line_feeds(body.clone());
    retry_on_conflict(|| async {
        let before = cx.store.posts().get(id).await?.ok_or_else(|| Problem::not_found("post"))?;
        let head = &before.summary;
        let old = find_revision(cx, id, &head.revision_id).await?;
        if with_line_feeds(old.body.clone()) == *body && old.summary.fields.cover.as_ref() == cover
        {
            return Ok(Attempt::Done(Reimport::Unchanged));
        }
        let is_imported = old.summary.created_by.client.as_deref() == Some(ai_part::IMPORT);
        let is_shown = head.live_revision_id.as_ref().is_none_or(|live| *live == head.revision_id);
        let scheduled = head.schedule.as_ref();
        let is_next = scheduled.is_none_or(|to_come| to_come.revision_id == head.revision_id);
        if !is_imported || !is_shown || !is_next {
            return Ok(Attempt::Done(Reimport::ChangedHere));
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
                by_publisher: true,
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
            let plan = PublishPlan {
                before: &after,
                revision: &revision,
                at: place.updated_at,
                // An import is no decision of a person: what was approved stays approved.
                kind: ActorKind::ApiKey,
                covers: &Covers::Anything,
            };
            let state = plan.build(cx).await?;
            after = state.after.clone();
            (after.summary.version, after.summary.updated_at) = (version, head.updated_at);
            live = Some(state);
        }
        if let Some(to_come) = scheduled {
            let by = before.scheduled_by.clone().unwrap_or_else(|| actor.by());
            let html = page::html(cx, body.clone()).await?;
            let tags = tags::resolve(cx, revision.summary.fields.tag_slugs()).await?;
            let content = Shown::of(cx, &revision, tags, &html).await?.content;
            schedule::set_schedule(cx, &mut after, to_come.publish_at, by, content).await?;
        }
        let record = live.as_ref().map(|_| {
            let by = old.summary.created_by.clone();
            publication(&revision.summary.id, by, false, now)
        });
        let entry = AuditEntry::new(cx, Event::PostUpdated).by_actor(actor).about(id);
        let also = if live.is_some() { ", published" } else { "" };
        let entry = entry.with(format!("{}{also}", revision.summary.id));
        let written = cx
            .store
            .posts()
            .write(&PostTransaction {
                revision: Some(&revision),
                live: live.as_ref().map_or(LiveChange::Keep, Published::change),
                publication: record.as_ref(),
                entry: Some(&entry),
                ..PostTransaction::new(Some(&before), &after)
            })
            .await;
        if WriteError::applied(written)? {
            schedule::delete_call(cx, scheduled, &after).await;
            return Ok(Attempt::Done(Reimport::Updated));
        }
        Ok(Attempt::Conflict)
    })
    .await
}
