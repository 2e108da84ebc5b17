//! The history of a post.

use futures_util::TryFutureExt;
use futures_util::future::try_join3;

use super::drafts::save;
use super::{authorization, diff};
use crate::auth::Actor;
use crate::context::Context;
use crate::http::if_match::IfMatch;
use crate::http::page::{Page, PageParams};
use crate::http::problem::Problem;
use crate::model::audit::Event;
use crate::model::{
    Diff, MediaStatus, Post, PostId, PostSummary, Publication, Revision, RevisionId,
    RevisionSummary,
};

/// The revisions of a post, newest first.
///
/// # Errors
/// 404.
pub async fn revisions(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    page: &PageParams,
) -> Result<Page<RevisionSummary>, Problem> {
    authorization::find(cx, actor, id).await?;
    Ok(cx.store.revisions().list(id, page).await?)
}

/// The history of a post: what a person needs to see who wrote what, and what readers saw when.
#[derive(Clone, Debug)]
pub struct History {
    /// The post.
    pub post: PostSummary,
    /// Its revisions, newest first.
    pub revisions: Page<RevisionSummary>,
    /// The newest entries of its publication history, newest first.
    pub publications: Vec<Publication>,
    /// What differs between the two revisions that were asked for.
    pub difference: Option<Diff>,
}

/// How many publications a history tells.
const PUBLICATIONS: u8 = 20;

/// The history of a post, with the difference between two of its revisions, if they are named: the
/// older first.
///
/// # Errors
/// 404 for the post, 422 for a revision that it does not have, or for a cursor of another list.
pub async fn history(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    page: &PageParams,
    compared: Option<(&RevisionId, &RevisionId)>,
) -> Result<History, Problem> {
    let post = authorization::find(cx, actor, id).await?.summary;
    let newest = PageParams { limit: PUBLICATIONS, cursor: None };
    let (revisions, publications) = (cx.store.revisions(), cx.store.publications());
    let difference = async {
        match compared {
            Some((from, to)) => compare(cx, id, from, to).await.map(Some),
            None => Ok(None),
        }
    };
    let (revisions, publications, difference) = Box::pin(try_join3(
        revisions.list(id, page).map_err(Problem::from),
        publications.list(id, &newest).map_err(Problem::from),
        difference,
    ))
    .await?;
    Ok(History { post, revisions, publications: publications.items, difference })
}

/// One revision of a post.
///
/// # Errors
/// 404.
pub async fn revision(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    revision: &RevisionId,
) -> Result<Revision, Problem> {
    authorization::find(cx, actor, id).await?;
    let found = cx.store.revisions().get(id, revision).await?;
    found.ok_or_else(|| Problem::not_found("revision"))
}

/// What differs between two revisions of a post.
///
/// # Errors
/// 404 for the post, 422 for a revision that it does not have.
pub async fn difference(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    from: &RevisionId,
    to: &RevisionId,
) -> Result<Diff, Problem> {
    authorization::find(cx, actor, id).await?;
    compare(cx, id, from, to).await
}

async fn compare(
    cx: &Context,
    id: &PostId,
    from: &RevisionId,
    to: &RevisionId,
) -> Result<Diff, Problem> {
    let missing =
        |name: &str| Problem::invalid_field(name, "not_found", "The post has no such revision.");
    let older = cx.store.revisions().get(id, from).await?.ok_or_else(|| missing("from"))?;
    let newer = cx.store.revisions().get(id, to).await?.ok_or_else(|| missing("to"))?;
    diff::between(cx, Some(&older), &newer).await
}

/// Saves an older revision's text as the latest, if the post still is as the caller saw it. The
/// address stays as it is.
///
/// # Errors
/// 404, 409, 412.
pub async fn restore_revision(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    revision: &RevisionId,
    seen: &IfMatch,
) -> Result<Post, Problem> {
    let before = authorization::find_as_seen(cx, actor, id, Some(seen)).await?;
    let old = cx.store.revisions().get(id, revision).await?;
    let old = old.ok_or_else(|| Problem::not_found("revision"))?;
    let mut fields = old.summary.fields;
    fields.slug = before.summary.fields.slug.clone();
    // A cover that was deleted meanwhile does not keep the text from coming back.
    if let Some(cover) = &fields.cover {
        let item = cx.store.media().get(cover).await?;
        if item.is_none_or(|item| item.status != MediaStatus::Ready) {
            fields.cover = None;
        }
    }
    save(cx, actor, before, fields, old.body, Event::PostUpdated).await
}
