//! A post as its editor needs it: the latest text, who wrote it, and what waits.

use futures_util::TryFutureExt;
use futures_util::future::try_join3;

use super::lapsed::without_lapsed;
use super::{ancestry, authorization, publishers, slugs};
use crate::auth::Actor;
use crate::context::Context;
use crate::http::page::PageParams;
use crate::http::problem::Problem;
use crate::model::{
    By, PostId, PostSummary, ProposalStatus, ProposalSummary, Revision, RevisionId, Settings, Time,
};

/// How many of its newest proposals are looked at.
const PROPOSALS: u8 = 50;

/// A post with what its editor's page shows beside the text.
#[derive(Clone, Debug)]
pub struct Editing {
    /// The post, without an approval that does not count any more.
    pub post: PostSummary,
    /// The latest revision, with its text.
    pub latest: Revision,
    /// When what is live went live; none if nothing is.
    pub live_since: Option<Time>,
    /// Where readers find it on the publication's website; none if nothing is live.
    pub address: Option<String>,
    /// Who made the revisions that are not live yet, newest first, each once. If nothing is live, the
    /// revisions of the whole draft count.
    pub writers: Vec<By>,
    /// Whether older revisions than could be looked at are not live either.
    pub truncated: bool,
    /// Whether the caller may publish it.
    pub may_publish: bool,
    /// Whether the slug follows the title, as [`super::edit_with_slug`] does it.
    pub slug_follows: bool,
    /// The proposals for it that wait for a decision, newest first.
    pub waiting: Vec<ProposalSummary>,
    /// The newest proposal for it, if that was sent back.
    pub sent_back: Option<ProposalSummary>,
}

impl Editing {
    /// Whether the latest revision is what readers see.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.post.live_revision_id.as_ref() == Some(&self.latest.summary.id)
    }

    /// Whether the latest revision is approved, by a person who may still publish, and neither live nor scheduled.
    #[must_use]
    pub fn is_approved(&self) -> bool {
        let approval = self.post.waiting_approval();
        approval.is_some_and(|approval| approval.revision_id == self.latest.summary.id)
    }
}

/// A post that the caller may work on, as its editor's page shows it.
///
/// # Errors
/// 404.
pub async fn editing(cx: &Context, actor: &Actor, id: &PostId) -> Result<Editing, Problem> {
    let head = authorization::find(cx, actor, id).await?;
    let slug_follows = slugs::follows_title(&head);
    let mut post = head.summary;
    without_lapsed(cx, [&mut post]).await?;
    let newest: &RevisionId = &post.revision_id;
    let missing = || Problem::internal(format!("{id} names {newest}, which is not there"));
    let live = post.live_revision_id.as_ref();
    let page = PageParams { limit: PROPOSALS, cursor: None };
    let (revisions, proposals) = (cx.store.revisions(), cx.store.proposals());
    let all = try_join3(
        revisions.get_with_settings(id, newest).map_err(Problem::from),
        ancestry::back_to(cx, id, Some(newest), live),
        proposals.list_for(id, actor.limited_to(), &page).map_err(Problem::from),
    );
    let ((latest, stored), (steps, truncated), proposals) = Box::pin(all).await?;
    let latest = latest.ok_or_else(missing)?;
    let proposals = proposals.items;
    let mut writers: Vec<By> = Vec::new();
    for (_, step) in steps {
        if !writers.iter().any(|known| known.is_same(&step.created_by)) {
            writers.push(step.created_by);
        }
    }
    let newest = proposals.iter().find(|it| it.status != ProposalStatus::Withdrawn);
    let sent_back = newest.filter(|it| it.status == ProposalStatus::Rejected).cloned();
    let is_waiting = |it: &ProposalSummary| it.status == ProposalStatus::Pending;
    let waiting = proposals.into_iter().filter(is_waiting).collect();
    let settings = cx.settings.keep(stored);
    let site = Settings::clone(&settings).site();
    let address = head.live.as_ref().map(|place| site.address_of(place.post_type, &place.slug));
    let live_since = head.live.map(|place| place.updated_at);
    let may_publish = publishers::may_publish(actor, &settings);
    Ok(Editing {
        post,
        latest,
        live_since,
        address,
        writers,
        truncated,
        may_publish,
        slug_follows,
        waiting,
        sent_back,
    })
}
