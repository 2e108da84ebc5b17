//! Publishing: exactly the named revision goes live, whatever else has been saved since.

use tokio::sync::OnceCell;

use super::conflict::{Attempt, retry_on_conflict};
use super::drafts::{slug_taken, with_body};
use super::{Actor, page, rights, schedule, tags};
use crate::auth::audit::{Entry, Event};
use crate::context::Context;
use crate::endpoint::IfMatch;
use crate::http::problem::Problem;
use crate::model::{
    By, Post, PostId, PostSummary, PublicPost, Publication, PublicationAction, PublicationId,
    Revision, RevisionId, Schedule, Time,
};
use crate::store::WriteError;
use crate::store::live::LivePlace;
use crate::store::post_transaction::{LiveChange, PostTransaction, WriteConflict};
use crate::store::posts::PostItem;

/// Makes `revision` of a post live. With `seen`, only if the post still is as the caller saw it.
///
/// # Errors
/// 403 for agents without an approval, 404, 409, 412, and 422 for a revision that the post does
/// not have or that is too large to be served.
pub async fn publish(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    revision_id: &RevisionId,
    seen: Option<&IfMatch>,
) -> Result<Post, Problem> {
    let html = OnceCell::new();
    retry_on_conflict(|| async {
        let before = rights::find_as_seen(cx, actor, id, seen).await?;
        let revision = revision(cx, id, revision_id).await?;
        let (is_person, now) = (actor.is_person(), cx.clock.now());
        let step = Step { before: &before, revision: &revision, html: &html, at: now, is_person };
        let LiveState { after, page } = step.compose(cx).await?;
        // After the words of the cover were read: they are asked about, too.
        rights::may_make_live(cx, is_person, &before, &revision).await?;
        let publication = published(revision_id, actor.by(), false, now);
        let entry = Entry::new(cx, Event::PostPublished).by_caller(&actor.caller).about(id);
        let entry = entry.with(revision_id.to_string());
        let written = cx
            .store
            .posts()
            .write(&PostTransaction {
                live: LiveChange::Publish(&page),
                publication: Some(&publication),
                entry: Some(&entry),
                ..PostTransaction::new(Some(&before), &after)
            })
            .await;
        match written {
            Ok(()) => {
                schedule::forget(cx, before.summary.schedule.as_ref(), &after).await;
                return Ok(Attempt::Done(with_body(cx, after).await?));
            }
            Err(WriteError::Conflict(WriteConflict::SlugTaken)) => {
                return Err(slug_taken(&page.summary.slug));
            }
            // The next round finds what won.
            Err(WriteError::Conflict(_)) => {}
            Err(WriteError::Store(error)) => return Err(error.into()),
        }
        Ok(Attempt::Conflict)
    })
    .await
}

/// A post of which the actor may make this revision live: what [`publish`] asks first, for a door
/// that has a person asked before.
///
/// # Errors
/// As [`publish`].
pub async fn may_publish(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    revision_id: &RevisionId,
) -> Result<(PostSummary, Revision), Problem> {
    let post = rights::find_active(cx, actor, id).await?;
    let revision = revision(cx, id, revision_id).await?;
    rights::may_make_live(cx, actor.is_person(), &post, &revision).await?;
    Ok((post.summary, revision))
}

/// A post and the page that one of its revisions makes of it.
pub(super) struct LiveState {
    pub(super) after: PostItem,
    pub(super) page: PublicPost,
}

/// What makes a revision live.
pub(super) struct Step<'a> {
    pub(super) before: &'a PostItem,
    pub(super) revision: &'a Revision,
    /// The rendered body, kept between two attempts: rendering is the most costly part.
    pub(super) html: &'a OnceCell<String>,
    pub(super) at: Time,
    /// Whether a person makes it live themselves.
    pub(super) is_person: bool,
}

impl Step<'_> {
    /// The post with the revision live, and the page.
    pub(super) async fn compose(self, cx: &Context) -> Result<LiveState, Problem> {
        let Self { before, revision, html, at, is_person } = self;
        let render = || page::html(cx, revision.body.clone());
        let body_html = html.get_or_try_init(render).await?.clone();
        let tags = tags::resolve(cx, revision.summary.fields.tag_slugs()).await?;
        let published_at = before.summary.published_at.unwrap_or(at);
        let author = before.summary.author.clone();
        let times = (published_at, at);
        let page = page::build(cx, revision, body_html, tags, author, times).await?;
        let mut after = before.next(cx.clock.now());
        let head = &mut after.summary;
        let id = &revision.summary.id;
        head.live_revision_id = Some(id.clone());
        head.published_at = Some(published_at);
        // An appointment of another revision stays, unless it was due before this.
        let is_to_come =
            |schedule: &Schedule| schedule.revision_id != *id && schedule.publish_at > at;
        head.schedule = head.schedule.take().filter(is_to_come);
        if head.schedule.is_none() {
            after.scheduled_by = None;
        }
        // Whoever publishes another revision themselves has moved on from what was approved.
        if is_person {
            after.approved = after.approved.take().filter(|approved| approved == id);
        }
        let media = super::content::media_of(&revision.summary.fields, &revision.body);
        after.live = Some(LivePlace::new(&page, media));
        after.last_slug = Some(page.summary.slug.clone());
        after.summary.status = after.status();
        Ok(LiveState { after, page })
    }
}

/// Takes a post down. Its appointment is called off, and no approval outlasts it. A post of which
/// nothing is live, to come or approved stays as it is.
///
/// # Errors
/// 404, 409, 412.
pub async fn unpublish(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    seen: Option<&IfMatch>,
) -> Result<Post, Problem> {
    retry_on_conflict(|| async {
        let before = rights::find_as_seen(cx, actor, id, seen).await?;
        let approved = before.approved.is_some();
        if before.live.is_none() && before.summary.schedule.is_none() && !approved {
            return Ok(Attempt::Done(with_body(cx, before).await?));
        }
        let now = cx.clock.now();
        let mut after = before.next(now);
        after.withdraw();
        let entry = Entry::new(cx, Event::PostUnpublished).by_caller(&actor.caller).about(id);
        if take_down(cx, actor, &before, &after, &entry).await? {
            schedule::forget(cx, before.summary.schedule.as_ref(), &after).await;
            return Ok(Attempt::Done(with_body(cx, after).await?));
        }
        Ok(Attempt::Conflict)
    })
    .await
}

/// Writes a post of which nothing is live any more; says whether nothing came in between.
pub(super) async fn take_down(
    cx: &Context,
    actor: &Actor,
    before: &PostItem,
    after: &PostItem,
    entry: &Entry,
) -> Result<bool, Problem> {
    let live = before.summary.live_revision_id.as_ref();
    let publication = live.map(|revision| {
        let at = after.summary.updated_at;
        let (action, revision_id) = (PublicationAction::Unpublished, revision.clone());
        let (id, by) = (PublicationId::new(at), actor.by());
        Publication { id, action, revision_id, by, scheduled: false, at }
    });
    let written = cx
        .store
        .posts()
        .write(&PostTransaction {
            live: LiveChange::Unpublish,
            publication: publication.as_ref(),
            entry: Some(entry),
            ..PostTransaction::new(Some(before), after)
        })
        .await;
    Ok(WriteError::applied(written)?)
}

impl PostItem {
    /// Nothing of it is live or about to be, and nothing is approved.
    pub(super) fn withdraw(&mut self) {
        self.live = None;
        self.approved = None;
        self.scheduled_by = None;
        self.summary.live_revision_id = None;
        self.summary.schedule = None;
        self.summary.status = self.status();
    }

    /// Takes the appointment off.
    pub(super) fn unschedule(&mut self) -> Option<Schedule> {
        let schedule = self.summary.schedule.take();
        self.scheduled_by = None;
        self.summary.status = self.status();
        schedule
    }
}

/// The entry that a revision went live.
pub(super) fn published(
    revision_id: &RevisionId,
    by: By,
    scheduled: bool,
    at: Time,
) -> Publication {
    let (action, revision_id) = (PublicationAction::Published, revision_id.clone());
    Publication { id: PublicationId::new(at), action, revision_id, by, scheduled, at }
}

/// A revision of a post.
pub(super) async fn revision(
    cx: &Context,
    id: &PostId,
    revision_id: &RevisionId,
) -> Result<Revision, Problem> {
    cx.store.revisions().get(id, revision_id).await?.ok_or_else(|| {
        let message = "The post has no such revision. Read the post for its revision_id.";
        Problem::invalid_field("revision_id", "not_found", message)
    })
}
