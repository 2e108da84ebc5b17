//! A text that was approved is not decided on again.

use super::authorization::find_revision;
use super::covers::is_still_approved;
use super::judged::is_same;
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{Markdown, PostFields};
use crate::store::posts::PostItem;

/// What an earlier approval is to a text that somebody proposes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Earlier {
    /// None: another text was approved, or this one has been live since.
    None,
    /// It was for this text, and does not count any more.
    Lapsed,
}

/// Refuses to propose what a person with the right to publish approved, and what has not been live since,
/// as long as that approval counts: its person may still publish, and nothing beside the text has changed.
///
/// # Errors
/// 422 for `field`.
pub(super) async fn not_approved_before(
    cx: &Context,
    post: &PostItem,
    field: &str,
    (fields, body): (&PostFields, &Markdown),
) -> Result<Earlier, Problem> {
    let head = &post.summary;
    let is_live = |revision| head.live_revision_id.as_ref() == Some(revision);
    let approval = head.approval.as_ref().filter(|approval| !is_live(&approval.revision_id));
    let Some(approval) = approval else { return Ok(Earlier::None) };
    let approved = find_revision(cx, &head.id, &approval.revision_id).await?;
    if approved.body != *body || !is_same(&approved.summary.fields, fields) {
        return Ok(Earlier::None);
    }
    if !is_still_approved(cx, post, &approved).await? {
        return Ok(Earlier::Lapsed);
    }
    let next = match &head.schedule {
        Some(schedule) if schedule.revision_id == approval.revision_id => "is scheduled",
        _ => "waits to be published",
    };
    let message = format!(
        "Exactly this text was approved on {} and {next}. There is nothing left to decide about it: \
         change it first, or ask somebody who may publish.",
        approval.at.in_words()
    );
    Err(Problem::invalid_field(field, "already_approved", message))
}
