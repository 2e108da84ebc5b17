//! What approving a proposal would make: the revision, and what readers would get of it.

use futures_util::future::join;
use serde_json::json;

use super::merge::{self, BothChanged, OnHead};
use super::shown::Shown;
use super::{diff, page, tag_names};
use crate::context::Context;
use crate::crypto::digest;
use crate::http::problem::{Code, Problem};
use crate::model::{
    Conflict, Markdown, PostFields, ProposalId, ProposalSummary, Revision, RevisionSummary, Slug,
    Tag,
};
use crate::store::posts::PostItem;
use crate::store::proposals::{ProposalItem, ProposedText, SlugSource};

/// What approving a proposal would make.
pub(super) struct Planned {
    /// The revision. Its tags are as they were proposed.
    pub(super) revision: Revision,
    /// What readers would get of it.
    pub(super) shown: Shown,
    /// The rendered body, or why it cannot be published.
    pub(super) html: Result<String, Problem>,
}

/// The text that approving a proposal would make now: of a change, merged with what others changed
/// since in `head`, the post as it is; of a new post, under the slug that it would get. `base` is the
/// revision that a change was made from.
///
/// # Errors
/// 500 for a post that has lost a revision; 503 while the database does not answer.
pub(super) async fn on_post(
    cx: &Context,
    proposal: &ProposalItem,
    text: ProposedText,
    head: Option<&PostItem>,
    base: Option<&Revision>,
) -> Result<OnHead, Problem> {
    let ProposedText { mut fields, body } = text;
    let (Some(head), Some(base)) = (head, base) else {
        fields.slug = slug(cx, proposal, fields.slug).await?;
        return Ok(OnHead::Fits(Box::new(fields), body));
    };
    let latest = (&head.summary.id, &head.summary.revision_id);
    merge::proposed_on(cx, latest, base, (fields, body)).await
}

/// The tags by which the tags of a text from [`on_post`] are known: those of the revision that it was
/// made from. In a merged text every tag is known already.
pub(super) fn had<'b>(head: Option<&PostItem>, base: Option<&'b Revision>) -> &'b [Tag] {
    let is_base =
        |base: &&Revision| head.is_some_and(|head| head.summary.revision_id == base.summary.id);
    base.filter(is_base).map_or(&[], |base| &base.summary.fields.tags)
}

impl Planned {
    /// What approving a proposal would make of this text, after `head`. `had` are the tags by which its
    /// tags are known.
    ///
    /// # Errors
    /// 503 while the database does not answer.
    pub(super) async fn of(
        cx: &Context,
        proposal: &ProposalItem,
        (fields, body): (PostFields, Markdown),
        head: Option<&PostItem>,
        had: &[Tag],
    ) -> Result<Self, Problem> {
        let mut revision = as_revision(&proposal.summary, fields, body);
        revision.summary.parent_id = head.map(|head| head.summary.revision_id.clone());
        let html = page::html(cx, revision.body.clone());
        let tags = tag_names::preview(cx, &revision.summary.fields.tags, had);
        let (html, tags) = join(html, tags).await;
        let tags = tags?;
        let shown = Shown::of(cx, &revision, tags, html.as_deref().unwrap_or_default()).await?;
        Ok(Self { revision, shown, html })
    }
}

/// 409: both changed the same, with both sides.
pub(super) async fn conflict(
    cx: &Context,
    base: &Revision,
    now: Revision,
    proposed: &Revision,
    both: &BothChanged,
) -> Result<Problem, Problem> {
    let pairs = vec![(Some(base), &now), (Some(base), proposed)];
    let mut diffs = diff::several(cx, pairs).await?;
    let (proposed, theirs) = (diffs.remove(1), diffs.remove(0));
    let detail = format!(
        "Others have changed the post since this was proposed, and both changed this: {}. conflict \
         holds what they changed and what is proposed. Propose it again from the post as it is now, \
         or make the change by hand and reject this.",
        both.0.join(", ")
    );
    let mut problem = Problem::new(Code::ProposalConflict, detail);
    problem.conflict = Some(Box::new(Conflict {
        base_revision_id: Some(base.summary.id.clone()),
        head_revision_id: now.summary.id,
        theirs,
        proposed,
    }));
    Ok(problem)
}

/// The slug that a proposed post would get. One that was made from the title gives way to posts that
/// have it, always in the same way, so that a review shows the slug that approving then takes.
async fn slug(cx: &Context, proposal: &ProposalItem, wanted: Slug) -> Result<Slug, Problem> {
    if proposal.slug_source == SlugSource::Given {
        return Ok(wanted);
    }
    let tries = [wanted.clone(), wanted.with_suffix("2"), wanted.with_suffix("3")];
    for slug in tries {
        let holder = cx.store.slugs().find_post_id(&slug).await?;
        // The post itself has it where another approval has just made it.
        if holder.is_none_or(|holder| holder == proposal.summary.post_id) {
            return Ok(slug);
        }
    }
    Ok(wanted.with_suffix(&letters(&proposal.summary.id)))
}

/// Six letters that no other proposal has.
fn letters(id: &ProposalId) -> String {
    let digest = digest::sha256_of_json(&json!(id));
    let hex = digest.as_bytes().chunks(2).take(6);
    let letter = |pair: &[u8]| {
        let sum: u8 = pair.iter().map(|digit| digit % 32).sum();
        char::from(b'a' + sum % 26)
    };
    hex.map(letter).collect()
}

/// The revision that a proposal becomes.
pub(super) fn as_revision(
    proposal: &ProposalSummary,
    fields: PostFields,
    body: Markdown,
) -> Revision {
    Revision {
        summary: RevisionSummary {
            id: proposal.revision_id.clone(),
            post_id: proposal.post_id.clone(),
            fields,
            parent_id: proposal.base_revision_id.clone(),
            created_by: proposal.created_by.clone(),
            // The approval tells who stands for it.
            by_publisher: false,
            approval: None,
            created_at: proposal.created_at,
        },
        body,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use ulid::Ulid;

    use super::*;

    #[test]
    fn a_proposal_has_six_small_letters_of_its_own() {
        let of = |number: u64| letters(&ProposalId::from_ulid(Ulid::from_parts(number, 1)));
        let all: BTreeSet<String> = (0..200).map(of).collect();
        assert_eq!((all.len(), of(7)), (200, of(7)));
        let small = |letters: &String| letters.bytes().all(|letter| letter.is_ascii_lowercase());
        assert!(all.iter().all(|letters| letters.len() == 6 && small(letters)), "{all:?}");
        let used: BTreeSet<char> = all.iter().flat_map(|letters| letters.chars()).collect();
        assert_eq!(used.len(), 26);
    }
}
