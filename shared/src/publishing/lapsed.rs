//! Approvals whose person may not publish any more. They count for nothing, so nobody is told that the text waits
//! to be published: it has to be decided about again.

use std::collections::BTreeSet;

use super::publishers;
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{ActorKind, PostSummary, Scope, UserId};
use crate::settings;

/// Takes out the approvals of texts that wait to be published whose person may not publish any more. Reads nothing
/// where no text waits.
///
/// # Errors
/// 503 while the database does not answer.
pub async fn without_lapsed(
    cx: &Context,
    posts: impl IntoIterator<Item = &mut PostSummary>,
) -> Result<(), Problem> {
    let waits = |post: &&mut PostSummary| post.waiting_approval().is_some();
    let posts: Vec<&mut PostSummary> = posts.into_iter().filter(waits).collect();
    let approvals = posts.iter().filter_map(|post| post.waiting_approval());
    let people: BTreeSet<UserId> = approvals.map(|approval| approval.by.clone()).collect();
    if people.is_empty() {
        return Ok(());
    }
    let people = cx.store.users().some(&people).await?;
    // Only of authors it matters what the publication lets authors do.
    let settings = match people.iter().all(|user| user.role >= Scope::PostsPublish.role()) {
        true => None,
        false => Some(settings::current(cx).await?),
    };
    for post in posts {
        let by = post.waiting_approval().map(|approval| &approval.by);
        let person = people.iter().find(|user| Some(&user.id) == by);
        let right = person.and_then(|user| {
            publishers::right_to(user, ActorKind::Person, &post.author, settings.as_ref())
        });
        if right.is_none() {
            post.approval = None;
        }
    }
    Ok(())
}
