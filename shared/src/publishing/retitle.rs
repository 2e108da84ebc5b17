//! A new title of a post, and the slug that follows it.

use super::approval::{Approve, approve};
use super::content::Changes;
use super::proposal_reading::Reviewed;
use super::slugs::{ATTEMPTS, attempt, follows_title};
use super::{authorization, drafts};
use crate::auth::Actor;
use crate::context::Context;
use crate::http::if_match::IfMatch;
use crate::http::problem::{Code, Problem};
use crate::model::{Post, PostId, Slug, Title};
use crate::store::posts::PostItem;

/// As [`super::edit`], where somebody writes who sees the slug beside the text: without a slug in `changes`, that
/// of a post follows a new title, as long as readers never had the post and nobody chose the slug.
///
/// # Errors
/// As [`super::edit`].
pub async fn edit_with_slug(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    seen: &IfMatch,
    mut changes: Changes,
) -> Result<Post, Problem> {
    let before = authorization::find_as_seen(cx, actor, id, Some(seen)).await?;
    let Some(wanted) = following(&before, &changes) else {
        return drafts::change(cx, actor, before, changes).await;
    };
    for number in 1..ATTEMPTS {
        changes.slug = Some(attempt(&wanted, number));
        match drafts::change(cx, actor, before.clone(), changes.clone()).await {
            Err(problem) if problem.code == Code::SlugTaken => {}
            outcome => return outcome,
        }
    }
    changes.slug = Some(attempt(&wanted, ATTEMPTS));
    drafts::change(cx, actor, before, changes).await
}

/// As [`super::approve`], where the person who corrects is asked for no slug: it follows a title that they
/// correct, as [`edit_with_slug`] does it. `reviewed` is the proposal with the review that they read.
///
/// # Errors
/// As [`super::approve`].
pub async fn approve_with_slug(
    cx: &Context,
    actor: &Actor,
    reviewed: &Reviewed,
    mut how: Approve,
) -> Result<Post, Problem> {
    let id = &reviewed.proposal.summary.id;
    let wanted = asked_for(&reviewed.fields.title, &how.edits);
    let Some(wanted) = wanted.filter(|_| reviewed.slug_follows) else {
        return approve(cx, actor, id, how).await;
    };
    for number in 1..ATTEMPTS {
        how.edits.slug = Some(attempt(&wanted, number));
        match approve(cx, actor, id, how.clone()).await {
            Err(problem) if problem.code == Code::SlugTaken => {}
            outcome => return outcome,
        }
    }
    how.edits.slug = Some(attempt(&wanted, ATTEMPTS));
    approve(cx, actor, id, how).await
}

/// The slug that a change of the title asks for; none where the slug stays.
fn following(before: &PostItem, changes: &Changes) -> Option<Slug> {
    asked_for(&before.summary.fields.title, changes).filter(|_| follows_title(before))
}

/// The slug of a new title; none where the change names a slug, or the title asks for the same.
fn asked_for(before: &Title, changes: &Changes) -> Option<Slug> {
    let title = changes.title.as_ref().filter(|_| changes.slug.is_none())?;
    let wanted = Slug::from_text(title.as_str())?;
    // A slug with a number is still that of its title.
    (Slug::from_text(before.as_str()).as_ref() != Some(&wanted)).then_some(wanted)
}
