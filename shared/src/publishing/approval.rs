//! Approving: a proposal becomes a revision exactly as its review showed it, or not at all.

use super::conflict::{Attempt, decided, retry_on_conflict, slug_taken};
use super::content::{Changes, within_limits};
use super::corrections::{self, Corrected};
use super::covers::Covers;
use super::decision::Decision;
use super::findings::must_be_confirmed;
use super::merge::OnHead;
use super::new_posts::{NewRevisions, keep_new, new_post};
use super::planned::{self, Planned, as_revision};
use super::proposals::{find_with_text, still_pending};
use super::publish::make_live;
use super::review::Compared;
use super::schedule::{make_live_later, time_of};
use super::{authorization, signature, tag_names};
use crate::auth::Actor;
use crate::context::Context;
use crate::http::if_match::{self, IfReviewed};
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{
    Approval, Author, ContentDigest, Decision as Decided, GoesLive, Post, PostApproval, ProposalId,
    ProposalStatus, Revision, RevisionId, Scope, Time,
};
use crate::store::WriteError;
use crate::store::post_transaction::{PostTransaction, WriteConflict};
use crate::store::posts::{Approved, PostItem};
use crate::store::proposals::{Deciding, ProposalItem, SlugSource};
use crate::store::rights::RightLost;

/// How a person approves.
#[derive(Clone, Debug)]
pub struct Approve {
    /// The review that they read. Without one nothing is approved; a conflict, which has no review, is
    /// told first.
    pub reviewed: Option<IfReviewed>,
    /// Whether they confirmed the findings that want it, as [`must_be_confirmed`] says. On a page a
    /// box is ticked; a client of the API has read them to know the tag.
    pub confirmed: bool,
    /// Whether the revision goes live at once.
    pub publish: bool,
    /// When it goes live, if later.
    pub publish_at: Option<Time>,
    /// Their own corrections.
    pub edits: Changes,
}

impl Approve {
    fn goes_live(&self) -> GoesLive {
        match self.publish_at {
            Some(at) => GoesLive::At(at),
            None if self.publish => GoesLive::Now,
            None => GoesLive::No,
        }
    }
}

/// Makes a proposal the latest revision of its post, or the first of a new one, and with corrections
/// a further revision of the person on top; then live or scheduled, if asked. The latest revision then
/// counts as approved, if the person may publish.
///
/// # Errors
/// 403 for all but people, and where they lost the right meanwhile; 404, 409 with both sides where the post has
/// moved on, or where the proposal has been decided; 412 where the review is not the one that was read, 428 where
/// none is named; 422 for a text that names a file whose upload is not complete.
pub async fn approve(
    cx: &Context,
    actor: &Actor,
    id: &ProposalId,
    mut how: Approve,
) -> Result<Post, Problem> {
    actor.require_person()?;
    if how.publish || how.publish_at.is_some() {
        actor.caller.require(Scope::PostsPublish)?;
    }
    if how.publish && how.publish_at.is_some() {
        let message = "Send either publish or publish_at, not both.";
        return Err(Problem::invalid_field("publish_at", "conflict", message));
    }
    if let Some(at) = how.publish_at {
        how.publish_at = Some(time_of(cx, at)?);
    }
    let Made { post, content } = retry_on_conflict(|| attempt(cx, actor, id, &how)).await?;
    // The approval stands. What goes live with it is what it covers: words that an agent sets in
    // between are not.
    let (post_id, revision_id) = (&post.summary.id, &post.summary.revision_id);
    let decision = Decision::Content(Covers::Exactly(content));
    let by = (None, &decision);
    let outcome = match how.publish_at {
        Some(at) => make_live_later(cx, actor, post_id, revision_id, at, by).await,
        None if how.publish => make_live(cx, actor, post_id, revision_id, by).await,
        None => return Ok(post),
    };
    outcome.map_err(|problem| match problem.code {
        Code::ApprovalRequired => not_live(revision_id),
        _ => problem,
    })
}

/// 412: approved, but what would have gone live was no longer what was shown.
fn not_live(revision: &RevisionId) -> Problem {
    let detail = format!(
        "The proposal is approved, but it did not go live: its cover or its tags have changed since \
         you read the review. Read the review of revision {revision}, and publish it with that ETag."
    );
    Problem::new(Code::PreconditionFailed, detail)
}

/// What is approved, and where it goes.
enum Onto {
    /// A post that is there.
    Post(Box<PostItem>),
    /// A new post by this author.
    NewPost(Author),
}

/// What an approval made.
struct Made {
    post: Post,
    /// What readers would get of it.
    content: ContentDigest,
}

async fn attempt(
    cx: &Context,
    actor: &Actor,
    id: &ProposalId,
    how: &Approve,
) -> Result<Attempt<Made>, Problem> {
    let (before, text) = find_with_text(cx, actor, id).await?;
    still_pending(&before)?;
    let post_id = &before.summary.post_id;
    let head = match &before.summary.base_revision_id {
        Some(_) => Some(authorization::find_active(cx, actor, post_id).await?),
        None => None,
    };
    let base = match &before.summary.base_revision_id {
        Some(base) => Some(authorization::find_revision(cx, post_id, base).await?),
        None => None,
    };
    let proposed = as_revision(&before.summary, text.fields.clone(), text.body.clone());
    let on_post = planned::on_post(cx, &before, text, head.as_ref(), base.as_ref()).await?;
    let text = match (on_post, &base) {
        (OnHead::Fits(fields, body), _) => (*fields, body),
        (OnHead::Conflict { now, both }, Some(base)) => {
            return Err(planned::conflict(cx, base, *now, &proposed, &both).await?);
        }
        (OnHead::Conflict { .. }, None) => unreachable!("a new post changes no other"),
    };
    let reviewed = how.reviewed.as_ref().ok_or_else(if_match::no_review)?;
    let had = planned::had(head.as_ref(), base.as_ref());
    let planned = Planned::of(cx, &before, text, head.as_ref(), had).await?;
    let Planned { mut revision, shown, html } = planned;
    let author = signature::of_proposal(cx, &before, head.as_ref()).await?;
    let compared = Compared::load(cx, (head.as_ref(), &author), &revision, &shown).await?;
    let tag = compared.tag(head.as_ref().map(|head| &head.summary.revision_id));
    if !reviewed.names(&tag) {
        return Err(if_match::other_review(reviewed, &tag));
    }
    let kind = before.summary.created_by.kind;
    if !how.confirmed && compared.findings.iter().any(|it| must_be_confirmed(it, kind)) {
        let message = "Read what is marked above the text, and tick the box that says so.";
        return Err(Problem::invalid_field("confirmed", "required", message));
    }
    shown.has_its_files("proposal_id")?;
    let goes_live = how.publish || how.publish_at.is_some();
    let has_edits = how.edits != Changes::default();
    // What cannot be published is refused before it is approved.
    if goes_live && !has_edits {
        html?;
    }
    within_limits(&revision.summary.fields, &revision.body)?;
    let tags = std::mem::take(&mut revision.summary.fields.tags);
    revision.summary.fields.tags = tag_names::ensure(cx, tags, had).await?;
    let made = revision.summary.fields.tags.iter().map(|tag| &tag.name);
    if !made.eq(shown.tags.iter().map(|tag| &tag.name)) {
        // Somebody has named a tag since, or removed it: the next round compares again.
        return Ok(Attempt::Conflict);
    }
    let now = cx.clock.now();
    if revision.summary.parent_id != before.summary.base_revision_id {
        // After the head, which it is made from: revisions are listed by their ids.
        (revision.summary.id, revision.summary.created_at) = (RevisionId::new(now), now);
    }
    revision.summary.approval = Some(Approval {
        proposal_id: id.clone(),
        by: actor.caller.user.id.clone(),
        by_name: Some(actor.caller.user.name.clone()),
        at: now,
        by_publisher: actor.is_publisher(),
        content_digest: Some(shown.content.whole()),
        findings: compared.findings,
    });
    let (new, content, is_shown) = if has_edits {
        let edits = how.edits.clone();
        let corrected =
            corrections::correct(cx, actor, &revision, &shown, edits, goes_live).await?;
        let Some(Corrected { revision: own, content, is_shown }) = corrected else {
            return Ok(Attempt::Conflict);
        };
        (NewRevisions { revision: own, base: Some(revision) }, content, is_shown)
    } else {
        (NewRevisions { revision, base: None }, shown.content, true)
    };
    let covered = is_shown.then_some(&content);
    let on = head.map_or(Onto::NewPost(author), |head| Onto::Post(Box::new(head)));
    let written = write(cx, actor, (on, new), covered, (&before, how.goes_live()));
    let made = Box::pin(written).await?;
    Ok(match made {
        Attempt::Done(post) => Attempt::Done(Made { post, content }),
        Attempt::Conflict => Attempt::Conflict,
    })
}

/// Writes the revisions, the head and the decision together, if nobody else has written to the post or
/// decided the proposal.
///
/// Tags and cover may change between the comparison and this write. That does no harm: `covered` is
/// what was compared, so the approval then covers nothing that could go live. It is none for a text
/// with words that the person has not seen, which counts as not approved.
async fn write(
    cx: &Context,
    actor: &Actor,
    (onto, new): (Onto, NewRevisions),
    covered: Option<&ContentDigest>,
    (proposal, goes_live): (&ProposalItem, GoesLive),
) -> Result<Attempt<Post>, Problem> {
    let now = cx.clock.now();
    let mut decided_proposal = proposal.clone();
    decided_proposal.summary.status = ProposalStatus::Approved;
    // A merged text has an id of its own.
    let made = new.base.as_ref().unwrap_or(&new.revision);
    decided_proposal.summary.revision_id = made.summary.id.clone();
    decided_proposal.summary.decision = Some(Decided {
        by: actor.caller.user.id.clone(),
        by_name: Some(actor.caller.user.name.clone()),
        at: now,
        reason: None,
        edited_revision_id: new.base.as_ref().map(|_| new.revision.summary.id.clone()),
        head_revision_id: match &onto {
            Onto::Post(head) => Some(head.summary.revision_id.clone()),
            Onto::NewPost(_) => None,
        },
    });
    let id = &proposal.summary.id;
    let entry = AuditEntry::new(cx, Event::ProposalApproved).by_actor(actor).about(id);
    let entry = entry.with(new.revision.summary.id.to_string());
    let revision_id = new.revision.summary.id.clone();
    let covered = covered.filter(|_| actor.is_publisher()).cloned();
    let approval = PostApproval {
        revision_id: revision_id.clone(),
        proposal_id: id.clone(),
        by: actor.caller.user.id.clone(),
        by_name: Some(actor.caller.user.name.clone()),
        at: now,
    };
    let not_before = match goes_live {
        GoesLive::At(time) => Some(time),
        GoesLive::Now | GoesLive::No => None,
    };
    let approved = covered.map(|content| {
        let by = Some(approval.by.clone());
        (Approved { revision_id, content, by, not_before }, approval)
    });
    let decision = Some(Deciding { before: proposal, after: &decided_proposal, goes_live });
    let rights = &[actor.caller.right()];
    let slug = |revision: &Revision| revision.summary.fields.slug.clone();
    let is_chosen = new.base.as_ref().is_some_and(|base| slug(base) != slug(&new.revision));
    let gives_way = proposal.slug_source == SlugSource::Title && !is_chosen;
    let before = match onto {
        Onto::Post(before) => *before,
        Onto::NewPost(author) => {
            let mut post = new_post(&new.revision, author, now);
            post.approve(approved);
            // The slug is the one that the review showed.
            let by = (decision, rights.as_slice());
            let written = keep_new(cx, post, new, SlugSource::Given, by, &entry).await;
            return match written {
                Ok(post) => Ok(Attempt::Done(post)),
                // The next round finds another slug, and so another review.
                Err(problem) if problem.code == Code::SlugTaken && gives_way => {
                    Ok(Attempt::Conflict)
                }
                // It finds the author gone, which is another review, too.
                Err(problem) if problem.code == Code::EditConflict => Ok(Attempt::Conflict),
                Err(problem) => Err(problem),
            };
        }
    };
    let mut after = before.next(now);
    after.take(&new.revision);
    after.approve(approved);
    let written = cx
        .store
        .posts()
        .write(&PostTransaction {
            revision: Some(&new.revision),
            base: new.base.as_ref(),
            proposal: decision,
            rights,
            entry: Some(&entry),
            ..PostTransaction::new(Some(&before), &after)
        })
        .await;
    match written {
        Ok(()) => Ok(Attempt::Done(Post { summary: after.summary, body: new.revision.body })),
        Err(WriteError::Conflict(WriteConflict::SlugTaken)) => {
            Err(slug_taken(&after.summary.fields.slug))
        }
        Err(WriteError::Conflict(WriteConflict::Decided)) => Err(decided()),
        Err(WriteError::Conflict(WriteConflict::RightLost)) => Err(RightLost.into()),
        Err(WriteError::Conflict(_)) => Ok(Attempt::Conflict),
        Err(WriteError::Store(error)) => Err(error.into()),
    }
}

impl PostItem {
    /// Notes an approval; without one, an earlier one stays.
    fn approve(&mut self, approved: Option<(Approved, PostApproval)>) {
        if let Some((content, approval)) = approved {
            (self.approved, self.summary.approval) = (Some(content), Some(approval));
        }
    }
}
