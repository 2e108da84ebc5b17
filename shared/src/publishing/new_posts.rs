//! How a post begins: its head, and its first revisions, under a slug that is free.

use std::collections::BTreeSet;

use super::conflict::{self, slug_taken};
use super::content::media_of;
use super::{signature, slugs};
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::audit::AuditEntry;
use crate::model::{Author, Post, PostStatus, PostSummary, Revision, Time};
use crate::store::WriteError;
use crate::store::post_transaction::{PostTransaction, WriteConflict};
use crate::store::posts::PostItem;
use crate::store::proposals::{Deciding, SlugSource};
use crate::store::rights::{Right, RightLost};

/// The head of a post whose first revision this is.
pub(super) fn new_post(revision: &Revision, author: Author, now: Time) -> PostItem {
    let first = &revision.summary;
    let summary = PostSummary {
        id: first.post_id.clone(),
        fields: first.fields.clone(),
        status: PostStatus::Draft,
        version: 1,
        revision_id: first.id.clone(),
        live_revision_id: None,
        schedule: None,
        schedule_failed: None,
        approval: None,
        author,
        created_at: now,
        updated_at: now,
        published_at: None,
        trashed_at: None,
    };
    PostItem {
        summary,
        live: None,
        last_slug: None,
        approved: None,
        scheduled_by: None,
        scheduled_content: None,
        draft_media: media_of(&first.fields, &revision.body),
        scheduled_media: Vec::new(),
        people: BTreeSet::new(),
    }
}

/// The revisions that a new post begins with.
pub(super) struct NewRevisions {
    /// The latest.
    pub(super) revision: Revision,
    /// The one that it was made from.
    pub(super) base: Option<Revision>,
}

/// Keeps a new post under its slug, or under one like it where the slug was made from the title; with the decision
/// that makes it, and the rights that this rests on.
pub(super) async fn keep_new(
    cx: &Context,
    mut post: PostItem,
    NewRevisions { mut revision, base }: NewRevisions,
    slug_source: SlugSource,
    (proposal, rights): (Option<Deciding<'_>>, &[Right]),
    entry: &AuditEntry,
) -> Result<Post, Problem> {
    let wanted = post.summary.fields.slug.clone();
    for attempt in 1..=slugs::ATTEMPTS {
        let written = cx
            .store
            .posts()
            .write(&PostTransaction {
                revision: Some(&revision),
                base: base.as_ref(),
                proposal,
                rights,
                signed_by: signature::account(&post.summary.author),
                entry: Some(entry),
                ..PostTransaction::new(None, &post)
            })
            .await;
        match written {
            Ok(()) => return Ok(Post { summary: post.summary, body: revision.body }),
            Err(WriteError::Conflict(WriteConflict::SlugTaken))
                if slug_source == SlugSource::Title && attempt < slugs::ATTEMPTS =>
            {
                let slug = slugs::attempt(&wanted, attempt + 1);
                post.summary.fields.slug = slug.clone();
                revision.summary.fields.slug = slug;
            }
            Err(WriteError::Conflict(WriteConflict::SlugTaken)) => {
                return Err(slug_taken(&post.summary.fields.slug));
            }
            // Of two approvals at once the other one has made the post.
            Err(WriteError::Conflict(WriteConflict::Decided | WriteConflict::Stale))
                if proposal.is_some() =>
            {
                return Err(conflict::decided());
            }
            Err(WriteError::Conflict(WriteConflict::RightLost)) => return Err(RightLost.into()),
            // The next attempt reads the author anew.
            Err(WriteError::Conflict(WriteConflict::AuthorGone)) => return Err(conflict::busy()),
            Err(WriteError::Conflict(_)) => {
                return Err(Problem::internal("a new post id is in use"));
            }
            Err(WriteError::Store(error)) => return Err(error.into()),
        }
    }
    unreachable!("the last attempt returns")
}
