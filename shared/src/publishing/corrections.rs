//! What a person corrects while they approve: a revision of their own on top of the approved one.

use super::content::{Changes, check_cover, within_limits};
use super::shown::Shown;
use super::{page, tag_names, tags};
use crate::auth::Actor;
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{ContentDigest, Revision, RevisionId, RevisionSummary};

/// The person's own revision on top of the approved one.
pub(super) struct Corrected {
    pub(super) revision: Revision,
    /// What readers would get of it.
    pub(super) content: ContentDigest,
    /// Whether the person has seen all of it: in the review, or because they wrote it.
    pub(super) is_shown: bool,
}

/// Makes the person's own revision. What the corrections leave alone must be as the review showed it:
/// none if a tag or the cover has changed since.
///
/// The words of a cover that they choose here, and the name of a tag that is spelled otherwise than
/// they wrote it, were in no review. Such a revision cannot go live at once.
///
/// # Errors
/// 413 and 422 for a text that cannot be kept; 422 where it is to go live and holds what was in no review.
pub(super) async fn correct(
    cx: &Context,
    actor: &Actor,
    approved: &Revision,
    reviewed: &Shown,
    edits: Changes,
    goes_live: bool,
) -> Result<Option<Corrected>, Problem> {
    let had = &approved.summary.fields;
    let (mut fields, mut body) = (had.clone(), approved.body.clone());
    let (is_cover_left, named) = (edits.cover.is_keep(), edits.tags.clone());
    edits.apply(&mut fields, &mut body);
    within_limits(&fields, &body)?;
    check_cover(cx, fields.cover.as_ref(), had.cover.as_ref()).await?;
    fields.tags = tag_names::ensure(cx, fields.tags, &had.tags).await?;
    let now = cx.clock.now();
    let revision = Revision {
        summary: RevisionSummary {
            id: RevisionId::new(now),
            post_id: approved.summary.post_id.clone(),
            fields,
            parent_id: Some(approved.summary.id.clone()),
            created_by: actor.by(),
            by_publisher: actor.is_publisher(),
            approval: None,
            created_at: now,
        },
        body,
    };
    let html = page::html(cx, revision.body.clone()).await;
    let html = if goes_live { html? } else { html.unwrap_or_default() };
    let tags = tags::resolve(cx, revision.summary.fields.tag_slugs()).await?;
    let shown = Shown::of(cx, &revision, tags, &html).await?;
    shown.has_its_files("edits")?;
    let names =
        |shown: &Shown| -> Vec<_> { shown.tags.iter().map(|tag| tag.name.clone()).collect() };
    let is_as_reviewed = (named.is_some() || names(&shown) == names(reviewed))
        && (!is_cover_left || shown.content.has_cover_of(&reviewed.content));
    if !is_as_reviewed {
        return Ok(None);
    }
    let new_cover = !is_cover_left && shown.cover.is_some();
    let written = named.unwrap_or_default();
    let other_name = shown.tags.iter().find(|tag| {
        !written.contains(&tag.name) && !reviewed.tags.iter().any(|seen| seen.name == tag.name)
    });
    if goes_live && new_cover {
        let message = "Was in no review. Approve without publishing, read the review of the new \
                       revision, and publish that.";
        return Err(Problem::invalid_field("edits/cover", "not_reviewed", message));
    }
    if goes_live && let Some(tag) = other_name {
        let message = format!("The tag is called {} here. Write it so.", tag.name);
        return Err(Problem::invalid_field("edits/tags", "not_reviewed", message));
    }
    let is_shown = !new_cover && other_name.is_none();
    Ok(Some(Corrected { revision, content: shown.content, is_shown }))
}
