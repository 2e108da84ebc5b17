//! Reading posts as those who work on them see them.

use std::collections::BTreeSet;

use super::authorization;
use super::drafts::with_body;
use crate::auth::Actor;
use crate::context::Context;
use crate::http::page::{Page, PageParams};
use crate::http::problem::Problem;
use crate::model::{Post, PostId, PostSummary};
use crate::store::posts::PostFilter;

/// A post with the body of its latest revision.
///
/// # Errors
/// 404.
pub async fn get(cx: &Context, actor: &Actor, id: &PostId) -> Result<Post, Problem> {
    let post = authorization::find(cx, actor, id).await?;
    with_body(cx, post).await
}

/// The posts that the caller may work on, the last changed first.
///
/// # Errors
/// 422 for a cursor of another list.
pub async fn list(
    cx: &Context,
    actor: &Actor,
    mut filter: PostFilter,
    page: &PageParams,
) -> Result<Page<PostSummary>, Problem> {
    if let Some(own) = actor.limited_to() {
        if filter.author.as_ref().is_some_and(|author| author != own) {
            return Ok(Page { items: Vec::new(), next_cursor: None });
        }
        filter.author = Some(own.clone());
    }
    Ok(cx.store.posts().list(&filter, page).await?)
}

/// The posts of these that the caller may work on, unordered; may be slightly out of date.
///
/// # Errors
/// 503 while the database does not answer.
pub async fn posts_named(
    cx: &Context,
    actor: &Actor,
    ids: &BTreeSet<PostId>,
) -> Result<Vec<PostSummary>, Problem> {
    let (mut posts, _) = cx.store.posts().some_with_settings(ids).await?;
    posts.retain(|post| actor.limited_to().is_none_or(|own| post.author.id == *own));
    Ok(posts)
}
