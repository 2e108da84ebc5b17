//! The decision to make a revision live, now or later, and what it rests on.

use super::covers::Covers;
use super::review;
use super::shown::Shown;
use crate::auth::Actor;
use crate::context::Context;
use crate::http::if_match::{self, IfReviewed};
use crate::http::problem::Problem;
use crate::model::{Revision, RevisionId, Time};
use crate::store::posts::PostItem;
use crate::store::rights::Right;

/// What a person or an agent decides by publishing or scheduling.
pub(super) enum Decision<'a> {
    /// That the revision goes live, within what the actor may do.
    Revision,
    /// That the content of this review goes live.
    Review(&'a IfReviewed),
    /// That this content goes live, which was compared with a review already.
    Content(Covers),
}

impl<'a> Decision<'a> {
    /// For agents, a review that they read decides nothing: a person's approval does.
    pub(super) fn of(actor: &Actor, reviewed: Option<&'a IfReviewed>) -> Self {
        reviewed.filter(|_| actor.is_person()).map_or(Self::Revision, Self::Review)
    }

    /// What may go live by it at a time, and the right of the person who approved that, if it rests on an approval.
    ///
    /// # Errors
    /// As [`Covers::of_actor`].
    pub(super) async fn covers(
        &self,
        cx: &Context,
        actor: &Actor,
        post: &PostItem,
        revision: &RevisionId,
        at: Time,
    ) -> Result<(Covers, Option<Right>), Problem> {
        match self {
            Self::Revision => Covers::of_actor(cx, actor.kind, post, revision, at).await,
            Self::Review(_) => Ok((Covers::Anything, None)),
            Self::Content(covers) => Ok((covers.clone(), None)),
        }
    }

    /// Holds what would go live to the review that was read.
    ///
    /// # Errors
    /// 412 where it is another one by now.
    pub(super) async fn check(
        &self,
        cx: &Context,
        post: &PostItem,
        revision: &Revision,
        shown: &Shown,
    ) -> Result<(), Problem> {
        let Self::Review(reviewed) = self else { return Ok(()) };
        let tag = review::tag_of(cx, post, revision, shown).await?;
        if reviewed.names(&tag) { Ok(()) } else { Err(if_match::other_review(reviewed, &tag)) }
    }
}
