//! Who wrote, changed and approved what readers see.

use std::collections::HashMap;

use super::authorization;
use crate::auth::Actor;
use crate::context::Context;
use crate::http::page::PageParams;
use crate::http::problem::Problem;
use crate::model::{By, PostId, Provenance, RevisionId, RevisionSummary};

/// How many revisions and how many publications are told of.
const MOST: u8 = 100;

/// The history of what is live, or of the draft where nothing is.
///
/// # Errors
/// 404.
pub async fn provenance(cx: &Context, actor: &Actor, id: &PostId) -> Result<Provenance, Problem> {
    let post = authorization::find(cx, actor, id).await?;
    let page = PageParams { limit: MOST, cursor: None };
    let all = cx.store.revisions().list(id, &page).await?;
    let publications = cx.store.publications().list(id, &page).await?;
    let head = &post.summary;
    let mut next = Some(head.live_revision_id.as_ref().unwrap_or(&head.revision_id).clone());
    let mut all: HashMap<RevisionId, RevisionSummary> =
        all.items.into_iter().map(|revision| (revision.id.clone(), revision)).collect();
    let mut revisions: Vec<RevisionSummary> = Vec::new();
    while let Some(revision) = next.as_ref().and_then(|id| all.remove(id)) {
        next = revision.parent_id.clone();
        revisions.push(revision);
    }
    let mut contributors: Vec<By> = Vec::new();
    for by in revisions.iter().map(|revision| &revision.created_by) {
        if !contributors.iter().any(|other| other.is_same(by)) {
            contributors.push(by.clone());
        }
    }
    Ok(Provenance {
        post_id: id.clone(),
        live_revision_id: head.live_revision_id.clone(),
        contributors,
        truncated: next.is_some() || publications.next_cursor.is_some(),
        revisions,
        publications: publications.items,
    })
}
