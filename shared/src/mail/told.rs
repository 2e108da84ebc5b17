//! What people are told of, as it is when the mail is sent.

use super::decisions::Decided;
use super::layout::{Entry, Mail};
use super::proposals::waiting_entry;
use super::schedules;
use super::sender::Sender;
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{
    Decision, EndedSchedule, GoesLive, News, NewsEvent, PostSummary, ProposalSummary, Settings,
    User,
};

/// What happened, as it is now.
pub(super) enum Told {
    Waits(ProposalSummary),
    Decided(ProposalSummary, Decision, GoesLive),
    Ended(Box<PostSummary>, EndedSchedule),
}

impl Told {
    /// None if it is gone.
    pub(super) async fn read(cx: &Context, news: &News) -> Result<Option<Self>, Problem> {
        let (proposal, event) = match news {
            News::Proposal { proposal_id, event } => {
                (cx.store.proposals().get(proposal_id).await?, event)
            }
            News::ScheduleEnded(ended) => {
                let post = cx.store.posts().get(&ended.post_id).await?;
                return Ok(post.map(|post| Self::Ended(Box::new(post.summary), ended.clone())));
            }
        };
        let Some(proposal) = proposal.map(|proposal| proposal.summary) else { return Ok(None) };
        Ok(match (event, proposal.decision.clone()) {
            (NewsEvent::Made, _) => Some(Self::Waits(proposal)),
            (NewsEvent::Decided(goes_live), Some(decision)) => {
                Some(Self::Decided(proposal, decision, *goes_live))
            }
            (NewsEvent::Decided(_), None) => None,
        })
    }

    /// The mail about it.
    pub(super) async fn mail(
        &self,
        cx: &Context,
        sender: &Sender<'_>,
        user: &User,
    ) -> Result<Mail, Problem> {
        Ok(match self {
            Self::Waits(proposal) => Mail::waits(sender, &user.name, proposal),
            Self::Decided(proposal, decision, goes_live) => {
                let (address, goes_live) = (address(cx, sender, proposal).await?, *goes_live);
                let address = address.as_deref();
                Mail::decided(sender, user, Decided { proposal, decision, goes_live, address })
            }
            Self::Ended(post, ended) => Mail::schedule_ended(sender, user, post, ended),
        })
    }

    /// It in a list.
    pub(super) fn entry(&self, sender: &Sender<'_>) -> Entry {
        match self {
            Self::Waits(proposal) => waiting_entry(sender, proposal),
            Self::Decided(proposal, decision, goes_live) => {
                let goes_live = *goes_live;
                Decided { proposal, decision, goes_live, address: None }.entry(sender)
            }
            Self::Ended(post, ended) => schedules::entry(sender, post, ended),
        }
    }
}

/// Where readers find what an approval made, if they see it now.
async fn address(
    cx: &Context,
    sender: &Sender<'_>,
    proposal: &ProposalSummary,
) -> Result<Option<String>, Problem> {
    let Some(made) = proposal.made() else { return Ok(None) };
    let Some(post) = cx.store.posts().get(&proposal.post_id).await? else { return Ok(None) };
    let Some(place) = post.live.filter(|_| post.summary.live_revision_id.as_ref() == Some(made))
    else {
        return Ok(None);
    };
    Ok(Some(Settings::clone(&sender.site).site().address_of(place.post_type, &place.slug)))
}
