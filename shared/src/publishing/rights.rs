//! Whose posts a user may work on.

use crate::auth::Caller;
use crate::http::problem::Problem;
use crate::model::{PostId, Role, UserId};
use crate::store::Store;
use crate::store::posts::PostItem;

/// The author to whom the caller's view is limited: authors see their own posts, editors all.
pub(super) fn limited_to(caller: &Caller) -> Option<&UserId> {
    (caller.user.role < Role::Editor).then_some(&caller.user.id)
}

/// A post that the caller may work on.
///
/// # Errors
/// 404 for a post that is not there, and alike for one of somebody else.
pub(super) async fn find(store: &Store, caller: &Caller, id: &PostId) -> Result<PostItem, Problem> {
    let post = store.post(id).await?;
    let visible =
        |post: &PostItem| limited_to(caller).is_none_or(|author| post.summary.author.id == *author);
    post.filter(visible).ok_or_else(|| Problem::not_found("post"))
}
