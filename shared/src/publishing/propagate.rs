//! Propagation: applies a change of a tag, an author or a right to its posts, in drafts, pages and lists.

use super::conflict::{Attempt, retry_on_conflict};
use super::every_post::EveryPost;
use super::{schedule_end, signature, tags};
use crate::context::Context;
use crate::http::page::PageParams;
use crate::http::problem::Problem;
use crate::model::{MediaId, MediaStatus, PostId, PublicPost, UserId};
use crate::store::WriteError;
use crate::store::live::LivePlace;
use crate::store::post_transaction::{LiveChange, PostTransaction};
use crate::store::posts::{PostFilter, PostItem};
use crate::store::propagation::{Changed, PropagationJob};

/// Runs a job. Safe to repeat: after an error, the next run does the rest.
///
/// # Errors
/// 409 if others keep writing to a post; 503 if the database does not answer.
pub async fn propagate(cx: &Context, job: &PropagationJob) -> Result<(), Problem> {
    match &job.change {
        Changed::Tag(slug) => {
            let filter = PostFilter { tag: Some(slug.clone()), ..PostFilter::default() };
            refresh_all(cx, filter, Signed::AsBefore).await?;
        }
        Changed::Author(user) => sign_all(cx, user).await?,
        Changed::AuthorOfPost(post) => of_author(cx, post).await?,
        Changed::AuthorPublishing | Changed::AccountRight => {
            schedule_end::end_all_without_right(cx).await?;
        }
    }
    Ok(cx.store.propagation_jobs().delete(&job.id).await?)
}

/// Replaces a user whose account is gone by a neutral author on all of their posts, drafts and published pages.
/// Safe to repeat.
///
/// # Errors
/// As [`propagate`].
pub async fn erase_author(cx: &Context, user: &UserId) -> Result<(), Problem> {
    sign_all(cx, user).await
}

/// Signs every post of an account with the name of now.
async fn sign_all(cx: &Context, user: &UserId) -> Result<(), Problem> {
    let filter = PostFilter { author: Some(user.clone()), ..PostFilter::default() };
    refresh_all(cx, filter, Signed::Anew).await
}

/// What follows from another author of a post: their account may have been renamed or deleted meanwhile, its proposals
/// are theirs, and a schedule may have rested on the right of the author before.
async fn of_author(cx: &Context, post: &PostId) -> Result<(), Problem> {
    let Some(head) = cx.store.posts().get(post).await? else { return Ok(()) };
    // Mostly nothing has happened since. The version then stays, so that people go on with what they just saw.
    if signature::author(cx, &head.summary.author.id).await? != head.summary.author {
        refresh(cx, post, Signed::Anew).await?;
    }
    let mut page = PageParams { limit: 100, cursor: None };
    loop {
        let proposals = cx.store.proposals().list_for(post, None, &page).await?;
        for proposal in &proposals.items {
            cx.store.proposals().hand_over(&proposal.id, &head.summary.author.id).await?;
        }
        match proposals.next_cursor {
            None => break,
            cursor => page.cursor = cursor,
        }
    }
    schedule_end::end_without_right(cx, post).await
}

/// Refreshes all posts that match.
async fn refresh_all(cx: &Context, filter: PostFilter, signed: Signed) -> Result<(), Problem> {
    let mut posts = EveryPost::with_trash(filter);
    while let Some(post) = posts.next(cx).await? {
        refresh(cx, &post.id, signed).await?;
    }
    Ok(())
}

/// What a refreshed post is signed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signed {
    /// The name that it has.
    AsBefore,
    /// The name that its author has now.
    Anew,
}

/// Rewrites a post's head, page and list rows with the current tags, and `signed` so.
/// The rest of the page stays as it is: what was said about the cover since then, readers get when
/// somebody publishes it. A cover whose file is gone is left out.
///
/// # Errors
/// 409 if others keep writing to it.
pub async fn refresh(cx: &Context, id: &PostId, signed: Signed) -> Result<(), Problem> {
    retry_on_conflict(|| async {
        let Some(before) = cx.store.posts().get(id).await? else { return Ok(Attempt::Done(())) };
        // The text is the same, so the time of the last change stays, and with it the place in lists.
        let mut after = before.next(before.summary.updated_at);
        after.summary.fields.tags = tags::resolve(cx, before.summary.fields.tag_slugs()).await?;
        if signed == Signed::Anew {
            // Of the account whose the post is now: it may have got another author since it was found.
            after.summary.author = signature::author(cx, &before.summary.author.id).await?;
        }
        let page = match &before.live {
            Some(place) => match cx.store.live_posts().page(&place.slug, id).await? {
                Some(page) => Some(with_current(cx, page, &after, place).await?),
                // Somebody has moved the page since the head was read.
                None => return Ok(Attempt::Conflict),
            },
            None => None,
        };
        if let (Some(page), Some(place)) = (&page, &before.live) {
            after.live = Some(LivePlace::new(page, place.media.clone()));
        }
        let live = page.as_ref().map_or(LiveChange::Keep, LiveChange::with_same_cover);
        let written = cx
            .store
            .posts()
            .write(&PostTransaction { live, ..PostTransaction::new(Some(&before), &after) })
            .await;
        if WriteError::applied(written)? {
            return Ok(Attempt::Done(()));
        }
        Ok(Attempt::Conflict)
    })
    .await
}

/// A page with the tags and the author of now.
pub(super) async fn with_current(
    cx: &Context,
    mut page: PublicPost,
    head: &PostItem,
    place: &LivePlace,
) -> Result<PublicPost, Problem> {
    // A tag that was deleted and created again since does not come back here, only by publishing. One
    // that was created again before the page lost it stays, and has the same name.
    page.summary.tags = tags::resolve(cx, &place.tags).await?;
    page.summary.author = head.summary.author.clone();
    if page.summary.cover.is_some() {
        let of_page = |id: &MediaId| {
            let url = page.summary.cover.as_ref().map_or("", |cover| cover.url.as_str());
            url.contains(id.ulid().to_string().as_str())
        };
        let cover = place.media.iter().find(|id| of_page(id));
        let item = match cover {
            Some(id) => cx.store.media().get(id).await?,
            None => None,
        };
        if item.is_none_or(|item| item.status != MediaStatus::Ready) {
            page.summary.cover = None;
        }
    }
    Ok(page)
}
