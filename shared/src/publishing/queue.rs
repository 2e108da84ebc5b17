//! What waits for somebody, and what was decided.

use std::collections::BTreeSet;

use super::lapsed::without_lapsed;
use super::proposals::proposals;
use super::publishers;
use super::reading::list;
use crate::auth::Actor;
use crate::context::Context;
use crate::http::page::PageParams;
use crate::http::problem::Problem;
use crate::model::{
    PostApproval, PostId, PostSummary, ProposalStatus, ProposalSummary, ScheduleFailure, Time,
};
use crate::store::posts::PostFilter;

/// How many proposals of each status are looked at.
pub const PROPOSALS: u8 = 50;

/// How many posts are looked at, the last changed first.
pub const POSTS: u8 = 60;

/// What waits for somebody.
#[derive(Clone, Debug)]
pub struct Queue {
    /// The proposals that wait for a decision, newest first.
    pub proposals: Vec<ProposalSummary>,
    /// The posts in the trash that some of them are for: nothing is decided before they are restored.
    pub in_trash: BTreeSet<PostId>,
    /// The posts with something that readers do not see yet, the last changed first.
    pub posts: Vec<(PostSummary, Waits)>,
    /// The proposals that were approved or rejected lately, by the time of the decision.
    pub decided: Vec<ProposalSummary>,
    /// Whether there are more proposals or posts than were looked at.
    pub more: bool,
    /// Whether there are more decisions than were looked at.
    pub more_decided: bool,
    /// Whether there is no post and no proposal at all.
    pub is_new: bool,
    /// Whether the caller may publish the posts.
    pub may_publish: bool,
}

impl Queue {
    /// Whether a draft or a newer text waits for a decision, because a person handed it in: then the proposal
    /// stands for it, with all that was saved since.
    #[must_use]
    pub fn is_handed_in(&self, post: &PostSummary, waits: &Waits) -> bool {
        let mut handed_in = self.proposals.iter().filter(|it| it.created_by.kind.is_person());
        matches!(waits, Waits::Draft | Waits::Newer) && handed_in.any(|it| it.post_id == post.id)
    }
}

/// Why readers do not see the latest text of a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Waits {
    /// Its schedule ended, and the text did not go live.
    Failed(ScheduleFailure),
    /// It goes live at this time.
    Scheduled(Time),
    /// A person approved a text that is not live, and still has the right to publish.
    Approved(PostApproval),
    /// Readers see an older text.
    Newer,
    /// It was never live, or is not any more.
    Draft,
}

impl Waits {
    /// What a post waits for; none if readers see its latest text, or if it is in the trash.
    #[must_use]
    pub fn of(post: &PostSummary) -> Option<Self> {
        if post.trashed_at.is_some() {
            return None;
        }
        if let Some(failure) = &post.schedule_failed {
            return Some(Self::Failed(failure.clone()));
        }
        if let Some(schedule) = &post.schedule {
            return Some(Self::Scheduled(schedule.publish_at));
        }
        if let Some(approval) = post.waiting_approval() {
            return Some(Self::Approved(approval.clone()));
        }
        match &post.live_revision_id {
            None => Some(Self::Draft),
            Some(live) => (*live != post.revision_id).then_some(Self::Newer),
        }
    }
}

/// What waits for the caller: authors have their own posts before them, editors all.
///
/// # Errors
/// 503 while the database does not answer.
pub async fn queue(cx: &Context, actor: &Actor) -> Result<Queue, Problem> {
    let some = PageParams { limit: PROPOSALS, cursor: None };
    let posts = PageParams { limit: POSTS, cursor: None };
    let with = |status| Box::pin(proposals(cx, actor, None, status, &some));
    let (pending, approved, rejected, posts) = tokio::try_join!(
        with(ProposalStatus::Pending),
        with(ProposalStatus::Approved),
        with(ProposalStatus::Rejected),
        Box::pin(list(cx, actor, PostFilter::default(), &posts)),
    )?;
    let is_new = pending.items.is_empty() && posts.items.is_empty();
    let more = pending.next_cursor.is_some() || posts.next_cursor.is_some();
    let more_decided = approved.next_cursor.is_some() || rejected.next_cursor.is_some();
    let mut decided: Vec<ProposalSummary> =
        approved.items.into_iter().chain(rejected.items).collect();
    decided.sort_by_key(|proposal| {
        std::cmp::Reverse(proposal.decision.as_ref().map(|decision| decision.at))
    });
    let ids = pending.items.iter().map(|proposal| proposal.post_id.clone()).collect();
    let (heads, stored) = cx.store.posts().some_with_settings(&ids).await?;
    let trashed = heads.into_iter().filter(|post| post.trashed_at.is_some());
    let in_trash = trashed.map(|post| post.id).collect();
    let may_publish = publishers::may_publish(actor, &cx.settings.keep(stored));
    let mut posts = posts;
    without_lapsed(cx, &mut posts.items).await?;
    let waits = |post: PostSummary| Waits::of(&post).map(|waits| (post, waits));
    let posts = posts.items.into_iter().filter_map(waits).collect();
    Ok(Queue {
        proposals: pending.items,
        in_trash,
        posts,
        decided,
        more,
        more_decided,
        is_new,
        may_publish,
    })
}

/// The posts in the trash that some of these proposals are for.
///
/// # Errors
/// 503 while the database does not answer.
pub async fn in_trash(
    cx: &Context,
    proposals: &[ProposalSummary],
) -> Result<BTreeSet<PostId>, Problem> {
    if proposals.is_empty() {
        return Ok(BTreeSet::new());
    }
    let ids = proposals.iter().map(|proposal| proposal.post_id.clone()).collect();
    let (heads, _) = cx.store.posts().some_with_settings(&ids).await?;
    Ok(heads.into_iter().filter(|post| post.trashed_at.is_some()).map(|post| post.id).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples;
    use crate::model::{RevisionId, Schedule};

    #[test]
    fn a_post_waits_for_what_is_gravest() {
        let mut post = examples::post(true).summary;
        post.live_revision_id = Some(post.revision_id.clone());
        (post.schedule, post.schedule_failed) = (None, None);
        assert_eq!(Waits::of(&post), None);
        post.live_revision_id = Some(RevisionId::new(Time::from_millis(0)));
        assert_eq!(Waits::of(&post), Some(Waits::Newer));
        post.live_revision_id = None;
        assert_eq!(Waits::of(&post), Some(Waits::Draft));
        let approval = PostApproval {
            revision_id: post.revision_id.clone(),
            proposal_id: examples::PROPOSAL_ID.parse().unwrap(),
            by: post.author.id.clone(),
            by_name: None,
            at: post.updated_at,
        };
        post.approval = Some(approval.clone());
        assert_eq!(Waits::of(&post), Some(Waits::Approved(approval)));
        post.live_revision_id = Some(post.revision_id.clone());
        assert_eq!(Waits::of(&post), None, "what was approved is live");
        post.live_revision_id = None;
        let (id, revision_id) = (examples::SCHEDULE_ID.parse().unwrap(), post.revision_id.clone());
        post.schedule = Some(Schedule { id, revision_id, publish_at: post.updated_at });
        assert_eq!(post.waiting_approval(), None, "what was approved is scheduled");
        assert_eq!(Waits::of(&post), Some(Waits::Scheduled(post.updated_at)));
        (post.schedule, post.approval) = (None, None);
        let failure = ScheduleFailure {
            revision_id: post.revision_id.clone(),
            publish_at: post.updated_at,
            code: "approval_required".to_owned(),
            reason: "Approve it.".to_owned(),
        };
        post.schedule_failed = Some(failure.clone());
        assert_eq!(Waits::of(&post), Some(Waits::Failed(failure)));
        post.trashed_at = Some(post.updated_at);
        assert_eq!(Waits::of(&post), None);
    }
}
