//! Where a text comes from: the revisions between it and what is live.

use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{PostId, RevisionId};
use crate::store::revisions::RevisionOrigin;

/// How many revisions are looked at.
const HISTORY: usize = 100;

/// The revisions from `from` back to `live`, without that one and newest first, and whether older ones
/// may be missing.
///
/// # Errors
/// 503 while the database does not answer.
pub(super) async fn back_to(
    cx: &Context,
    id: &PostId,
    from: Option<&RevisionId>,
    live: Option<&RevisionId>,
) -> Result<(Vec<(RevisionId, RevisionOrigin)>, bool), Problem> {
    let mut next = from.cloned();
    let mut steps = Vec::new();
    if next.is_none() || next.as_ref() == live {
        return Ok((steps, false));
    }
    let mut origins = cx.store.revisions().origins(id, HISTORY).await?;
    while let Some(id) = next.take_if(|id| Some(&*id) != live) {
        let Some(origin) = origins.remove(&id) else { return Ok((steps, true)) };
        next.clone_from(&origin.parent_id);
        steps.push((id, origin));
    }
    Ok((steps, false))
}
