//! A proposal as it is read: what it changes, and what approving it would make visible.

use futures_util::future::try_join;

use super::judged::{self, Judged};
use super::lapsed::without_lapsed;
use super::merge::OnHead;
use super::planned::{self, Planned, as_revision};
use super::review::Compared;
use super::{ancestry, authorization, diff, review, signature, slugs};
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{
    Conflict, Diff, Markdown, PostFields, PostSummary, Proposal, ProposalStatus, ProposalSummary,
    Revision, RevisionId,
};
use crate::store::live::LivePlace;
use crate::store::proposals::{ProposalItem, ProposedText};

/// Whether a proposal is read together with its review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WithReview {
    /// While it waits, and can be approved.
    Yes,
    /// Not for those who wrote it or decided on it just now.
    No,
}

/// A proposal with what it is compared with.
#[derive(Clone, Debug)]
pub struct Reviewed {
    /// The proposal, with its review while it waits.
    pub proposal: Proposal,
    /// Whether the person who made the proposal, and nobody else, has changed the post since. Not looked at
    /// where there is no review.
    pub went_on: bool,
    /// The post as it is now; none for a new post that is not approved, and where the post is gone.
    pub post: Option<PostSummary>,
    /// Where readers find the post now; none if nothing is live.
    pub live: Option<LivePlace>,
    /// What was judged of a decided proposal, where it is not the text that was proposed.
    pub judged: Option<Judged>,
    /// The fields that approving would make; the judged or the proposed ones where there is no review.
    pub fields: PostFields,
    /// The Markdown that readers see now, with which the review compares; none if nothing is live.
    pub live_body: Option<Markdown>,
    /// Whether the slug follows a title that is corrected, as [`super::approve_with_slug`] does it. Not where
    /// there is no review.
    pub slug_follows: bool,
}

/// A proposal with its differences.
///
/// # Errors
/// 503 while the database does not answer.
pub(super) async fn read(
    cx: &Context,
    proposal: ProposalItem,
    text: ProposedText,
    with: WithReview,
) -> Result<Reviewed, Problem> {
    let summary = &proposal.summary;
    let post = &summary.post_id;
    let proposed = as_revision(summary, text.fields.clone(), text.body.clone());
    let (head, base) = match &summary.base_revision_id {
        Some(base) => cx.store.posts().get_with_revision(post, base).await?,
        None => (None, None),
    };
    let moved = head.as_ref().map(|head| &head.summary.revision_id).filter(|now| {
        Some(*now) != summary.base_revision_id.as_ref() && **now != summary.revision_id
    });
    let trashed_at = head.as_ref().and_then(|head| head.summary.trashed_at);
    let is_waiting = summary.status == ProposalStatus::Pending && trashed_at.is_none();
    let is_reviewed = with == WithReview::Yes && is_waiting;
    // A post that was removed for good takes what its proposals would make with it.
    let has_post = summary.base_revision_id.is_none() || (base.is_some() && head.is_some());
    let (before, now) = (base.as_ref(), head.as_ref());
    let on_post = match has_post && (is_reviewed || moved.is_some()) {
        true => Some(planned::on_post(cx, &proposal, text.clone(), now, before).await?),
        false => None,
    };
    let (made, conflicting) = match on_post {
        Some(OnHead::Fits(fields, body)) => (Some((*fields, body)), None),
        Some(OnHead::Conflict { now, .. }) => (None, Some(now).filter(|_| is_reviewed)),
        None => (None, None),
    };
    let had = planned::had(head.as_ref(), base.as_ref());
    let shown = made.as_ref().filter(|_| is_reviewed);
    let planned = async {
        let Some(text) = shown else { return Ok(None) };
        Planned::of(cx, &proposal, text.clone(), head.as_ref(), had).await.map(Some)
    };
    let unreviewed = async {
        let Some(head) = head.as_ref().filter(|_| shown.is_some()) else { return Ok(None) };
        let live = head.live.as_ref().and(head.summary.live_revision_id.as_ref());
        review::unreviewed(cx, post, Some(&head.summary.revision_id), live).await.map(Some)
    };
    let (planned, unreviewed) = try_join(planned, unreviewed).await?;
    let compared = match &planned {
        Some(Planned { revision, shown, .. }) => {
            let author = signature::of_proposal(cx, &proposal, head.as_ref()).await?;
            Some(Compared::load(cx, (head.as_ref(), &author), revision, shown).await?)
        }
        None => None,
    };
    let now = match moved {
        Some(now) => Some(authorization::find_revision(cx, post, now).await?),
        None => None,
    };
    // What both changed stays as it was proposed.
    let mut after = proposed.clone();
    if let Some((fields, body)) = made {
        (after.summary.fields, after.body) = (fields, body);
    }
    let mut pairs: Vec<(Option<&Revision>, &Revision)> = vec![(base.as_ref(), &proposed)];
    pairs.extend(now.as_ref().map(|now| (Some(now), &after)));
    let wanted = compared.as_ref().map(|compared| (compared.live_revision(), compared.revision()));
    // Mostly what is live is the base, and the review shows the same difference.
    let again = wanted.and_then(|wanted| pairs.iter().position(|pair| is_same(*pair, wanted)));
    let (first, second) = (0, now.is_some().then_some(1));
    let third = again.unwrap_or(pairs.len());
    pairs.extend(wanted.filter(|_| again.is_none()));
    // A proposal in conflict has no review, so this is the last pair.
    pairs.extend(conflicting.as_ref().map(|now| (base.as_ref(), &**now)));
    let diffs: Vec<Diff> = diff::several(cx, pairs).await?;
    let live_body =
        compared.as_ref().and_then(Compared::live_revision).map(|live| live.body.clone());
    let fields = compared.as_ref().map(|compared| compared.revision().summary.fields.clone());
    let review = compared.map(|compared| {
        let onto = head.as_ref().map(|head| &head.summary.revision_id);
        compared.review(cx, onto, diffs[third].clone(), unreviewed.unwrap_or_default())
    });
    let conflict = conflicting.zip(diffs.last()).map(|(now, theirs)| {
        Box::new(Conflict {
            base_revision_id: summary.base_revision_id.clone(),
            head_revision_id: now.summary.id,
            theirs: theirs.clone(),
            proposed: diffs[first].clone(),
        })
    });
    let judged = match with {
        WithReview::Yes => judged::judged(cx, &proposal, &text, base.as_ref()).await?,
        WithReview::No => None,
    };
    let slug_follows =
        fields.as_ref().is_some_and(|text| slugs::follows_title_of(head.as_ref(), text));
    let proposal = Proposal {
        conflict,
        post_trashed_at: trashed_at,
        diff: diffs[first].clone(),
        diff_from_head: second.map(|second| diffs[second].clone()),
        review,
        review_url: cx.config.review_url(&proposal.summary.id),
        summary: proposal.summary,
        fields: text.fields,
        body: text.body,
    };
    let fields = fields.or_else(|| judged.as_ref().map(|judged| judged.fields.clone()));
    let fields = fields.unwrap_or_else(|| proposal.fields.clone());
    let went_on = match now.filter(|_| proposal.review.is_some()) {
        Some(now) => went_on(cx, &proposal.summary, &now.summary.id).await?,
        None => false,
    };
    let is_made = proposal.summary.status == ProposalStatus::Approved;
    let now = match head {
        // What became of a new post.
        None if is_made && with == WithReview::Yes => {
            cx.store.posts().get(&proposal.summary.post_id).await?
        }
        head => head,
    };
    let live = now.as_ref().and_then(|now| now.live.clone());
    let mut post = now.map(|now| now.summary);
    if with == WithReview::Yes {
        without_lapsed(cx, post.as_mut()).await?;
    }
    Ok(Reviewed { proposal, went_on, post, live, judged, fields, live_body, slug_follows })
}

/// Whether all revisions since the base of a proposal are by the person who made it.
async fn went_on(
    cx: &Context,
    proposal: &ProposalSummary,
    head: &RevisionId,
) -> Result<bool, Problem> {
    let by = &proposal.created_by;
    if !by.kind.is_person() {
        return Ok(false);
    }
    let base = proposal.base_revision_id.as_ref();
    let (steps, truncated) = ancestry::back_to(cx, &proposal.post_id, Some(head), base).await?;
    Ok(!truncated && steps.iter().all(|(_, origin)| origin.created_by.is_same(by)))
}

/// Whether two pairs of revisions differ in the same way.
fn is_same(one: (Option<&Revision>, &Revision), other: (Option<&Revision>, &Revision)) -> bool {
    fn text(revision: &Revision) -> (&RevisionId, &PostFields, &Markdown) {
        (&revision.summary.id, &revision.summary.fields, &revision.body)
    }
    one.0.map(text) == other.0.map(text) && text(one.1) == text(other.1)
}
