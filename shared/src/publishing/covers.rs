//! What a decision covers: the content that a person was shown when they approved, published or
//! scheduled a revision.
//!
//! A revision never changes, but tags, the words of a cover and files beside it do. They are compared
//! when the revision goes live, with what is read in that very attempt. The transaction then holds
//! tags and cover to be as they were read ([`PostTransaction`]), and files cannot be exchanged
//! ([`Shown::is_complete`]), so nothing can slip in between the comparison and the write.
//!
//! [`PostTransaction`]: crate::store::post_transaction::PostTransaction

use super::shown::Shown;
use super::{page, publishers, tags};
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::model::{ActorKind, AgentPublishing, ContentDigest, Revision, RevisionId, Time, listed};
use crate::settings;
use crate::store::posts::PostItem;
use crate::store::rights::Right;

/// What may go live by a decision.
#[derive(Clone, Debug)]
pub(super) enum Covers {
    /// What there is: the publication lets agents publish, or a person decides now.
    Anything,
    /// Exactly this content.
    Exactly(ContentDigest),
    /// This content, and what people with the right to publish have changed of it since. They see
    /// what they do, and a schedule of a person does not fail for it.
    WithChangesOfPeople(ContentDigest),
}

impl Covers {
    /// What an actor may make live of a revision at a time, by what the publication lets agents do, and the
    /// right of the person who approved it where it rests on that. It is asked here, behind every door.
    ///
    /// # Errors
    /// 403 that says what a person has to do.
    pub(super) async fn of_actor(
        cx: &Context,
        kind: ActorKind,
        post: &PostItem,
        revision: &RevisionId,
        at: Time,
    ) -> Result<(Self, Option<Right>), Problem> {
        let approved = post.approved.as_ref().filter(|approved| approved.revision_id == *revision);
        let content = approved.map(|approved| approved.content.clone());
        if kind.is_person() {
            // A person who publishes what was approved means what was shown then.
            return Ok((content.map_or(Self::Anything, Self::WithChangesOfPeople), None));
        }
        let detail = match (settings::current(cx).await?.agent_publishing, content) {
            (AgentPublishing::Allowed, _) => return Ok((Self::Anything, None)),
            (AgentPublishing::Approved, Some(content)) => {
                let approver = require_approver(cx, post).await?;
                if let Some(time) = approved.and_then(|it| it.not_before).filter(|time| at < *time)
                {
                    let detail = format!(
                        "This was approved to go live on {}, and not earlier. Schedule it for then, or \
                         ask a person with the right to publish.",
                        time.in_words()
                    );
                    return Err(Problem::new(Code::ApprovalRequired, detail));
                }
                return Ok((Self::Exactly(content), Some(approver)));
            }
            (AgentPublishing::Approved, None) => {
                "An agent may publish only a revision that a person approved: propose this change, \
                 and ask somebody with the right to publish to approve it, or to publish it \
                 themselves."
            }
            (AgentPublishing::Never, _) => {
                "Agents may not publish here. Ask a person to publish it."
            }
        };
        Err(Problem::new(Code::ApprovalRequired, detail))
    }

    /// Holds what would go live to what this covers.
    ///
    /// # Errors
    /// 403 that says what has changed since it was shown.
    pub(super) fn check(&self, shown: &Shown) -> Result<(), Problem> {
        let changed = match self {
            Self::Anything => Vec::new(),
            Self::Exactly(content) => shown.content.changed_since(content),
            // Only people with the right name a tag anew: a draft that names a removed one gets its
            // slug for exactly its name, else another slug. And a file can only disappear
            // ([`Shown::is_complete`]). So the words of its cover are all that can be new.
            Self::WithChangesOfPeople(content) => {
                let by_people = shown.cover.as_ref().is_none_or(|cover| cover.alt_by_publisher);
                match by_people || shown.content.has_cover_of(content) {
                    true => Vec::new(),
                    false => vec!["the cover (image, alternative text, caption)"],
                }
            }
        };
        if changed.is_empty() {
            return Ok(());
        }
        let changed = listed(&changed);
        let detail = match self {
            Self::Exactly(_) => format!(
                "This has changed since the approval: {changed}. Ask a person to review it as it is \
                 now and to publish it, or propose it again."
            ),
            _ => format!(
                "This has changed since the approval or schedule: {changed}. Read the review of this \
                 revision, and send its ETag as review to publish it as it is now."
            ),
        };
        Err(Problem::new(Code::ApprovalRequired, detail))
    }
}

/// Holds what a post has approved to the right of the person who approved it: an approval counts no longer
/// than a schedule of theirs would.
///
/// # Errors
/// 403 that says what a person has to do.
pub(super) async fn require_approver(cx: &Context, post: &PostItem) -> Result<Right, Problem> {
    let right = match post.approver() {
        Some(by) => publishers::may_still(cx, by, ActorKind::Person, &post.summary.author).await?,
        None => None,
    };
    if let Some(right) = right {
        return Ok(right);
    }
    let detail = "The account that approved this was disabled or deleted, or may no longer publish, so \
                  its approval does not count any more. Propose it again for a new decision, or ask \
                  somebody with the right to publish to publish it themselves.";
    Err(Problem::new(Code::ApprovalRequired, detail))
}

/// Whether the approval of a post still lets this revision go live as it is now.
///
/// # Errors
/// 503 while the database does not answer.
pub(super) async fn is_still_approved(
    cx: &Context,
    post: &PostItem,
    revision: &Revision,
) -> Result<bool, Problem> {
    let approved = post.approved.as_ref();
    let approved = approved.filter(|approved| approved.revision_id == revision.summary.id);
    let Some(approved) = approved else { return Ok(false) };
    match require_approver(cx, post).await {
        Ok(_) => {}
        Err(refusal) if refusal.code == Code::ApprovalRequired => return Ok(false),
        Err(problem) => return Err(problem),
    }
    let tags = tags::resolve(cx, revision.summary.fields.tag_slugs()).await?;
    // What cannot be rendered any more cannot go live either.
    let html = page::html(cx, revision.body.clone()).await.unwrap_or_default();
    let shown = Shown::of(cx, revision, tags, &html).await?;
    Ok(shown.content == approved.content)
}
