//! The author that a post is signed with: the name and slug that the account has now.

use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{Author, Name, Slug, UserId, author_of};
use crate::store::posts::PostItem;
use crate::store::proposals::ProposalItem;

/// The author of what this account wrote; the neutral one once it is deleted.
///
/// Who writes this to a post reads the post's head before. An account that is deleted later is then taken off
/// by its erasure: it writes the post, too, so that one of the two has to look again. A new post has no head yet,
/// so its transaction holds the [account] to be there.
///
/// # Errors
/// 503 while the database does not answer.
pub(super) async fn author(cx: &Context, id: &UserId) -> Result<Author, Problem> {
    let account = cx.store.users().get(id).await?;
    Ok(account.map_or_else(|| former(id), |account| author_of(&account.user)))
}

/// The author of what a proposal would make: that of its post, or for a new post of the user who proposes it.
///
/// # Errors
/// 503 while the database does not answer.
pub(super) async fn of_proposal(
    cx: &Context,
    proposal: &ProposalItem,
    head: Option<&PostItem>,
) -> Result<Author, Problem> {
    match head {
        Some(head) => Ok(head.summary.author.clone()),
        None => author(cx, &proposal.author_id).await,
    }
}

/// The account behind an author; none where it was deleted.
pub(super) fn account(author: &Author) -> Option<&UserId> {
    (author.slug.as_str() != Slug::FORMER_AUTHOR).then_some(&author.id)
}

/// The author of what a deleted account wrote.
fn former(id: &UserId) -> Author {
    Author {
        id: id.clone(),
        name: Name::trusted("Former author"),
        slug: Slug::trusted(Slug::FORMER_AUTHOR),
    }
}
