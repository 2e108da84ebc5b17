//! What every way of making a revision live shares: publishing, a schedule, an approval, an import.

use super::covers::Covers;
use super::shown::Shown;
use super::{ai_part, page, tags};
use crate::auth::Actor;
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::audit::AuditEntry;
use crate::model::{
    ActorKind, By, PublicPost, Publication, PublicationAction, PublicationId, Revision, RevisionId,
    Schedule, Time,
};
use crate::store::WriteError;
use crate::store::live::LivePlace;
use crate::store::post_transaction::{LiveChange, PostTransaction, WriteConflict};
use crate::store::posts::PostItem;
use crate::store::rights::{Right, RightLost};

/// A post with one of its revisions live.
pub(super) struct Published {
    /// The head of the post.
    pub(super) after: PostItem,
    /// The page that readers get.
    pub(super) page: PublicPost,
    /// What the page shows beside the text.
    pub(super) shown: Shown,
}

impl Published {
    /// The change of the public page, which holds only while its cover is as it was shown.
    pub(super) fn change(&self) -> LiveChange<'_> {
        LiveChange::Publish { page: &self.page, cover: self.shown.cover.as_ref() }
    }
}

/// The plan to make a revision of a post live.
pub(super) struct PublishPlan<'a> {
    pub(super) before: &'a PostItem,
    pub(super) revision: &'a Revision,
    /// When it goes live.
    pub(super) at: Time,
    /// Who makes it live.
    pub(super) kind: ActorKind,
    /// What may go live.
    pub(super) covers: &'a Covers,
}

impl PublishPlan<'_> {
    /// Renders the page and computes the new head. Writes nothing.
    ///
    /// # Errors
    /// 403 for content that the decision does not cover; 422 for a text that cannot be rendered
    /// within its bounds, or that names a file whose upload is not complete.
    pub(super) async fn build(self, cx: &Context) -> Result<Published, Problem> {
        let Self { before, revision, at, kind, covers } = self;
        let html = page::html(cx, revision.body.clone()).await?;
        let tags = tags::resolve(cx, revision.summary.fields.tag_slugs()).await?;
        let shown = Shown::of(cx, revision, tags, &html).await?;
        covers.check(&shown)?;
        shown.is_complete("revision_id")?;
        let published_at = before.summary.published_at.unwrap_or(at);
        let author = before.summary.author.clone();
        let times = (published_at, at);
        let mut page = page::build(cx, revision, &html, &shown, author, times)?;
        page.ai = Some(ai_part::of(cx, revision, kind).await?);
        let mut after = before.next(cx.clock.now());
        let head = &mut after.summary;
        let id = &revision.summary.id;
        head.live_revision_id = Some(id.clone());
        head.published_at = Some(published_at);
        // A schedule of another revision stays, unless it was due earlier.
        let is_to_come =
            |schedule: &Schedule| schedule.revision_id != *id && schedule.publish_at > at;
        head.schedule = head.schedule.take().filter(is_to_come);
        head.schedule_failed = None;
        if head.schedule.is_none() {
            after.scheduled_by = None;
            after.scheduled_content = None;
        }
        // A person who publishes another revision supersedes the approved one. For an agent the approval
        // counts on, but it waits no longer once it was carried out.
        let was_live =
            |revision: &RevisionId| before.summary.live_revision_id.as_ref() == Some(revision);
        let head = &mut after.summary;
        head.approval = head.approval.take().filter(|approval| {
            approval.revision_id == *id || !(kind.is_person() || was_live(&approval.revision_id))
        });
        if kind.is_person() {
            after.approved = after.approved.take().filter(|approved| approved.revision_id == *id);
        }
        let media = shown.media();
        after.live = Some(LivePlace::new(&page, media));
        after.last_slug = Some(page.summary.slug.clone());
        after.summary.status = after.status();
        Ok(Published { after, page, shown })
    }
}

/// The record that a revision went live, for the provenance of the post.
pub(super) fn publication(
    revision_id: &RevisionId,
    by: By,
    scheduled: bool,
    at: Time,
) -> Publication {
    let (action, revision_id) = (PublicationAction::Published, revision_id.clone());
    Publication { id: PublicationId::new(at), action, revision_id, by, scheduled, at }
}

/// Writes a post that is no longer live, by this right. Returns whether it was written: false if somebody else
/// wrote to the post in between.
///
/// # Errors
/// 403 where the right was lost meanwhile.
pub(super) async fn write_unpublished(
    cx: &Context,
    (actor, right): (&Actor, Right),
    before: &PostItem,
    after: &PostItem,
    entry: &AuditEntry,
) -> Result<bool, Problem> {
    let live = before.summary.live_revision_id.as_ref();
    let publication = live.map(|revision| {
        let at = after.summary.updated_at;
        let (action, revision_id) = (PublicationAction::Unpublished, revision.clone());
        let (id, by) = (PublicationId::new(at), actor.by());
        Publication { id, action, revision_id, by, scheduled: false, at }
    });
    let write = PostTransaction {
        live: LiveChange::Unpublish,
        publication: publication.as_ref(),
        rights: &[right],
        entry: Some(entry),
        ..PostTransaction::new(Some(before), after)
    };
    by_right(cx.store.posts().write(&write).await)
}

/// Whether a write that rests on the right of who acts happened: false if somebody else wrote to the post in
/// between.
///
/// # Errors
/// 403 where the right was lost meanwhile.
pub(super) fn by_right(written: Result<(), WriteError<WriteConflict>>) -> Result<bool, Problem> {
    match written {
        Err(WriteError::Conflict(WriteConflict::RightLost)) => Err(RightLost.into()),
        written => Ok(WriteError::applied(written)?),
    }
}

impl PostItem {
    /// Ends what is live, scheduled and approved.
    pub(super) fn withdraw(&mut self) {
        self.live = None;
        self.approved = None;
        self.summary.approval = None;
        self.scheduled_by = None;
        self.scheduled_content = None;
        self.summary.live_revision_id = None;
        self.summary.schedule = None;
        self.summary.schedule_failed = None;
        self.summary.status = self.status();
    }

    /// Removes the schedule and returns it.
    pub(super) fn unschedule(&mut self) -> Option<Schedule> {
        let schedule = self.summary.schedule.take();
        self.scheduled_by = None;
        self.scheduled_content = None;
        self.summary.status = self.status();
        schedule
    }
}
