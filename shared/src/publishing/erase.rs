//! Taking the name of a deleted account off its posts.

use crate::context::Context;
use crate::http::page::PageParams;
use crate::http::problem::{Code, Problem};
use crate::model::{Author, Name, PostId, Slug, UserId};
use crate::store::live::Found;

/// How often a post that others write to is tried.
const ATTEMPTS: u32 = 5;

/// Puts a neutral author in place of a user on every post, draft and published page of theirs.
/// Done twice it does no harm.
///
/// # Errors
/// As any call; what was done stays done, and the rest is done by the next attempt.
pub async fn erase_author(cx: &Context, user: &UserId) -> Result<(), Problem> {
    let mut page = PageParams { limit: 100, cursor: None };
    loop {
        let posts = cx.store.posts(Some(user), &page).await?;
        for post in posts.items {
            erase_from(cx, &post.id).await?;
        }
        match posts.next_cursor {
            None => return Ok(()),
            cursor => page.cursor = cursor,
        }
    }
}

async fn erase_from(cx: &Context, id: &PostId) -> Result<(), Problem> {
    for _ in 0..ATTEMPTS {
        let Some(before) = cx.store.post(id).await? else { return Ok(()) };
        let neutral = neutral(&before.summary.author.id);
        let mut after = before.clone();
        after.summary.author = neutral.clone();
        after.summary.version += 1;
        let live = match &before.live {
            Some(place) => cx.store.live_post(&place.slug).await?,
            None => None,
        };
        let written = match live {
            Some(Found::Post(mut live)) if live.summary.id == *id => {
                live.summary.author = neutral;
                cx.store.publish_post(&before, &after, &live).await?
            }
            _ => cx.store.put_head(&before, &after).await?,
        };
        if written.is_ok() {
            return Ok(());
        }
    }
    Err(Problem::new(Code::EditConflict, "Others keep writing to a post of a deleted account."))
}

fn neutral(id: &UserId) -> Author {
    Author {
        id: id.clone(),
        name: Name::trusted("Former author"),
        slug: Slug::trusted("former-author"),
    }
}
