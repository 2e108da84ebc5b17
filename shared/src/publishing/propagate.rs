//! Carrying a change of a tag or an author to the posts it concerns: drafts, pages and lists.

use super::{page, publish, tags};
use crate::context::Context;
use crate::http::page::PageParams;
use crate::http::problem::{Code, Problem};
use crate::model::{Author, Name, PostId, PostStatus, Slug, UserId};
use crate::store::WriteError;
use crate::store::live::LivePlace;
use crate::store::post_transaction::{LiveChange, PostTransaction};
use crate::store::posts::PostFilter;
use crate::store::propagation::{Changed, PropagationJob};

/// How often a post that others write to is tried.
const ATTEMPTS: u32 = 8;

/// Carries a change everywhere. Done twice it does no harm.
///
/// # Errors
/// As any call; what was done stays done, and the rest is done by the next attempt.
pub async fn propagate(cx: &Context, job: &PropagationJob) -> Result<(), Problem> {
    match &job.change {
        Changed::Tag(slug) => {
            let filter = PostFilter { tag: Some(slug.clone()), ..PostFilter::default() };
            refresh_all(cx, filter, None).await?;
        }
        Changed::Author(author) => sign_all(cx, author).await?,
    }
    Ok(cx.store.propagation_jobs().delete(&job.id).await?)
}

/// Puts a neutral author in place of a user on every post, draft and published page of theirs.
/// Done twice it does no harm.
///
/// # Errors
/// As [`propagate`].
pub async fn erase_author(cx: &Context, user: &UserId) -> Result<(), Problem> {
    let neutral = Author {
        id: user.clone(),
        name: Name::trusted("Former author"),
        slug: Slug::trusted("former-author"),
    };
    sign_all(cx, &neutral).await
}

/// Puts a name under every post of an account.
async fn sign_all(cx: &Context, author: &Author) -> Result<(), Problem> {
    let filter = PostFilter { author: Some(author.id.clone()), ..PostFilter::default() };
    refresh_all(cx, filter, Some(author)).await
}

/// Also those in the trash: they may be taken out.
async fn refresh_all(
    cx: &Context,
    filter: PostFilter,
    author: Option<&Author>,
) -> Result<(), Problem> {
    // A post that is written to meanwhile moves to the end, where it is still to come.
    let active = PostFilter { oldest_first: true, ..filter };
    let trashed = PostFilter { status: Some(PostStatus::Trashed), ..active.clone() };
    for filter in [active, trashed] {
        let mut page = PageParams { limit: 100, cursor: None };
        loop {
            let posts = cx.store.posts().list(&filter, &page).await?;
            for post in posts.items {
                refresh(cx, &post.id, author).await?;
            }
            match posts.next_cursor {
                None => break,
                cursor => page.cursor = cursor,
            }
        }
    }
    Ok(())
}

/// Writes a post's head, its page and its entries in lists anew, from the revision that is live and
/// from the tags as they are now; with `author`, under that name.
///
/// # Errors
/// 409 where others keep writing to it.
pub async fn refresh(cx: &Context, id: &PostId, author: Option<&Author>) -> Result<(), Problem> {
    for _ in 0..ATTEMPTS {
        let Some(before) = cx.store.posts().get(id).await? else { return Ok(()) };
        // Nobody wrote to it: its time stays, and with it its place in lists.
        let mut after = before.next(before.summary.updated_at);
        after.summary.fields.tags = tags::resolve(cx, before.summary.fields.tag_slugs()).await?;
        if let Some(author) = author {
            after.summary.author = author.clone();
        }
        let revision = match &before.summary.live_revision_id {
            Some(live) => Some(publish::revision(cx, id, live).await?),
            None => None,
        };
        let page = match (&revision, &before.live) {
            (Some(revision), Some(place)) => {
                let html = page::html(cx, revision.body.clone()).await?;
                // Those that it lost do not come back by being made again: publishing brings them.
                let tags = tags::resolve(cx, &place.tags).await?;
                let author = after.summary.author.clone();
                let times = (place.published_at, place.updated_at);
                Some(page::build(cx, revision, html, tags, author, times).await?)
            }
            _ => None,
        };
        if let (Some(page), Some(place)) = (&page, &before.live) {
            after.live = Some(LivePlace::new(page, place.media.clone()));
        }
        let live = page.as_ref().map_or(LiveChange::Keep, LiveChange::Publish);
        let written = cx
            .store
            .posts()
            .write(&PostTransaction { live, ..PostTransaction::new(Some(&before), &after) })
            .await;
        if WriteError::applied(written)? {
            return Ok(());
        }
    }
    Err(Problem::new(
        Code::EditConflict,
        "Others keep writing to a post that is brought up to date.",
    ))
}
