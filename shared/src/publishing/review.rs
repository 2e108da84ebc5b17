//! The review: what readers would get of a revision, compared with what they see now.

use super::page;
use super::references::References;
use super::shown::Shown;
use super::{ancestry, authorization, conflict, diff, findings, references, tags};
use crate::auth::Actor;
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{
    Author, Diff, Finding, Markdown, NewHosts, PostFields, PostId, PostSummary, PublicPost, Review,
    ReviewTag, ReviewedCover, Revision, RevisionId, Schedule, Tag, TagChange, Time,
    UnreviewedRevision,
};
use crate::store::posts::PostItem;
use crate::store::revisions::RevisionOrigin;
use futures_util::future::try_join;
use serde_json::json;

/// The review of a revision that a person is about to publish.
///
/// # Errors
/// 404, 422 for a revision that the post does not have.
pub async fn review(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    revision_id: &RevisionId,
) -> Result<Review, Problem> {
    Ok(Box::pin(review_of_post(cx, actor, id, revision_id)).await?.2)
}

/// As [`review`], with the post as it is and the fields of the revision.
///
/// # Errors
/// As [`review`].
pub async fn review_of_post(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    revision_id: &RevisionId,
) -> Result<(PostSummary, PostFields, Review), Problem> {
    let (head, revision) = authorization::find_with_revision(cx, actor, id, revision_id).await?;
    let tags = tags::resolve(cx, revision.summary.fields.tag_slugs()).await?;
    // What cannot be rendered can be read, and is refused where it is to go live.
    let html = page::html(cx, revision.body.clone()).await.unwrap_or_default();
    let shown = Shown::of(cx, &revision, tags, &html).await?;
    let author = &head.summary.author;
    let compared = Compared::load(cx, (Some(&head), author), &revision, &shown);
    let compared = Box::pin(compared).await?;
    let changes = diff::between(cx, compared.live_revision(), compared.revision());
    let live = compared.live_revision().map(|live| &live.summary.id);
    let unreviewed = unreviewed(cx, id, Some(revision_id), live);
    let (changes, unreviewed) = try_join(changes, unreviewed).await?;
    let review = compared.review(cx, None, changes, unreviewed);
    Ok((head.summary, revision.summary.fields, review))
}

/// The tag of the review that [`review()`] answers.
///
/// # Errors
/// 503 while the database does not answer.
pub(super) async fn tag_of(
    cx: &Context,
    head: &PostItem,
    revision: &Revision,
    shown: &Shown,
) -> Result<ReviewTag, Problem> {
    let author = &head.summary.author;
    Ok(Compared::load(cx, (Some(head), author), revision, shown).await?.tag(None))
}

/// The revisions that are live with the text and that nobody with the right to publish has seen, and whether some
/// may be missing.
pub(super) type Unreviewed = (Vec<UnreviewedRevision>, bool);

/// What readers see now.
struct Live {
    /// The live revision, with the tags as they are shown.
    revision: Revision,
    /// Its page.
    page: PublicPost,
}

/// A text, as readers would see it, beside what they see now.
pub(super) struct Compared<'a> {
    live: Option<Live>,
    author: Author,
    /// The date that the post has, if it has one.
    published_at: Option<Time>,
    /// The schedule of another revision.
    schedule: Option<Schedule>,
    revision: Revision,
    shown: &'a Shown,
    /// What a reader of the difference could overlook.
    pub(super) findings: Vec<Finding>,
}

impl<'a> Compared<'a> {
    /// Reads what is live of a post, if it exists, and compares. `author` is the one that readers would
    /// see.
    ///
    /// # Errors
    /// 409 if others keep writing to the post; 503 while the database does not answer.
    pub(super) async fn load(
        cx: &Context,
        (head, author): (Option<&PostItem>, &Author),
        revision: &Revision,
        shown: &'a Shown,
    ) -> Result<Self, Problem> {
        let live = match head {
            Some(head) => live(cx, head).await?,
            None => None,
        };
        let schedule = head.and_then(|head| head.summary.schedule.clone());
        let schedule = schedule.filter(|schedule| schedule.revision_id != revision.summary.id);
        let mut revision = revision.clone();
        revision.summary.fields.tags.clone_from(&shown.tags);
        let text = |revision: &Revision| (revision.summary.fields.clone(), revision.body.clone());
        let (before, after) = (live.as_ref().map(|live| text(&live.revision)), text(&revision));
        let media_url = cx.config.media_url.clone();
        let find = move || {
            let before: Option<(&PostFields, &Markdown)> =
                before.as_ref().map(|(fields, body)| (fields, body));
            findings::of(before, &after.0, &after.1, &media_url)
        };
        let mut findings = cx.compute(find).await?;
        let named = live.as_ref().filter(|_| !shown.missing.is_empty()).map(|live| {
            let Revision { summary, body } = &live.revision;
            references::files_named(&summary.fields, body.as_str())
        });
        if let Some(gap) = shown.finding(&named.unwrap_or_default()) {
            findings.insert(0, gap);
        }
        let published_at = head.and_then(|head| head.summary.published_at);
        Ok(Self { live, author: author.clone(), published_at, schedule, revision, shown, findings })
    }

    /// The tag of the review; `onto` is the draft that the revision would follow.
    ///
    /// It holds everything that the review shows, but for what follows from it: the difference from
    /// both texts, the history from where it begins and ends. The hosts are in it: they are read from
    /// the rendered text, and a review of a text that was not rendered in time shows none.
    pub(super) fn tag(&self, onto: Option<&RevisionId>) -> ReviewTag {
        let live = self.live.as_ref().map(|live| {
            let page = &live.page.summary;
            let names: Vec<_> = page.tags.iter().map(|tag| &tag.name).collect();
            json!([page.revision_id, names, page.cover])
        });
        let draft = json!([onto, self.author, self.published_at]);
        let References { links, images, frames, .. } = &self.shown.references;
        let findings = json!([self.findings, links, images, frames]);
        let schedule = json!(self.schedule);
        ReviewTag::of(&self.shown.content, &json!(live), &draft, &findings, &schedule)
    }

    /// The review, with the difference between [`Self::live_revision`] and [`Self::revision`], and with
    /// what is [unreviewed].
    pub(super) fn review(
        self,
        cx: &Context,
        onto: Option<&RevisionId>,
        changes: Diff,
        (unreviewed, unreviewed_truncated): Unreviewed,
    ) -> Review {
        let tag = self.tag(onto);
        let Self { live, author, published_at, schedule, revision, shown, findings } = self;
        let id = &revision.summary.post_id;
        let live_revision = live.as_ref().map(|live| &live.revision);
        let live_id = live_revision.map(|live| live.summary.id.clone());
        let seen = live.as_ref().map(|live| {
            let (fields, body) = (&live.revision.summary.fields, live.page.body.as_str());
            references::of(fields, body, &live.page.body_html, &cx.config.media_url)
        });
        let page = live.map(|live| live.page.summary);
        let (before, live_cover) = page.map(|page| (page.tags, page.cover)).unwrap_or_default();
        let names = |tags: &[Tag]| tags.iter().map(|tag| tag.name.clone()).collect();
        let cover = shown.cover.as_ref().zip(shown.cover(cx));
        Review {
            post_id: id.clone(),
            revision_id: revision.summary.id.clone(),
            live_revision_id: live_id,
            author,
            published_at,
            changes,
            body: revision.body.clone(),
            tags: TagChange { before: names(&before), after: names(&shown.tags) },
            cover: cover.map(|(item, shown)| ReviewedCover {
                id: item.id.clone(),
                shown,
                caption: item.caption.clone(),
            }),
            live_cover,
            made_excerpt: shown.made_excerpt.clone().filter(|made| !made.as_str().is_empty()),
            new_hosts: new_hosts(cx, &shown.references, seen.unwrap_or_default()),
            pending_files: shown.pending(),
            findings,
            unreviewed,
            unreviewed_truncated,
            schedule,
            content_digest: shown.content.whole(),
            etag: tag.header(),
        }
    }

    /// The live revision as readers see it, if there is one.
    pub(super) fn live_revision(&self) -> Option<&Revision> {
        self.live.as_ref().map(|live| &live.revision)
    }

    /// The revision with the tags as readers would see them.
    pub(super) fn revision(&self) -> &Revision {
        &self.revision
    }
}

async fn live(cx: &Context, head: &PostItem) -> Result<Option<Live>, Problem> {
    let (Some(place), Some(live)) = (&head.live, &head.summary.live_revision_id) else {
        return Ok(None);
    };
    let id = &head.summary.id;
    let live_posts = cx.store.live_posts();
    let (page, revision) = live_posts.page_with_revision(&place.slug, id, live).await?;
    // Not there any more: somebody has written to the post since its head was read.
    let page = page.filter(|page| page.summary.revision_id == *live);
    let page = page.ok_or_else(conflict::busy)?;
    let lost = || Problem::internal(format!("{id} has lost its live revision"));
    let mut revision = revision.ok_or_else(lost)?;
    revision.summary.fields.tags.clone_from(&page.summary.tags);
    Ok(Some(Live { revision, page }))
}

/// The hosts that only the new text refers to. The publication's own files are listed elsewhere.
fn new_hosts(cx: &Context, new: &References, seen: References) -> NewHosts {
    let own = url::Url::parse(&cx.config.media_url).ok();
    let own = own.as_ref().and_then(|url| url.host_str());
    let is_new = |host: &&String| Some(host.as_str()) != own;
    NewHosts {
        links: new.links.difference(&seen.links).filter(is_new).cloned().collect(),
        images: new.images.difference(&seen.images).filter(is_new).cloned().collect(),
        frames: new.frames.difference(&seen.frames).filter(is_new).cloned().collect(),
    }
}

/// The revisions from `from` back to `live` that no person with the right to publish wrote or approved,
/// and whether some may be missing. An approval covers the whole text, so it ends the search: what was
/// written before it was shown with it. A change by somebody with the right covers that change alone.
///
/// # Errors
/// 503 while the database does not answer.
pub(super) async fn unreviewed(
    cx: &Context,
    id: &PostId,
    from: Option<&RevisionId>,
    live: Option<&RevisionId>,
) -> Result<Unreviewed, Problem> {
    let (steps, truncated) = ancestry::back_to(cx, id, from, live).await?;
    let is_approved = |origin: &RevisionOrigin| {
        origin.approval.as_ref().is_some_and(|approval| approval.by_publisher)
    };
    let truncated = truncated && !steps.iter().any(|(_, origin)| is_approved(origin));
    let since = steps.into_iter().take_while(|(_, origin)| !is_approved(origin));
    let unreviewed = since.filter(|(_, origin)| !origin.by_publisher);
    let unreviewed = unreviewed.map(|(id, RevisionOrigin { created_by, created_at, .. })| {
        UnreviewedRevision { id, created_by, created_at }
    });
    Ok((unreviewed.collect(), truncated))
}
