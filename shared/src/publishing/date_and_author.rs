//! The date and the author that readers see with a post. They belong to the post and not to a revision, so no review
//! of a text and no approval covers them: a person with the right to publish decides about them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::conflict::{Attempt, retry_on_conflict};
use super::drafts::with_body;
use super::propagate::with_current;
use super::{authorization, publishers};
use crate::auth::Actor;
use crate::context::Context;
use crate::http::if_match::IfMatch;
use crate::http::page::PageParams;
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{
    Author, Patch, Post, PostId, PropagationJobId, PublicPost, Role, Scope, Time, User, UserId,
    author_of,
};
use crate::settings;
use crate::store::WriteError;
use crate::store::live::LivePlace;
use crate::store::post_transaction::{LiveChange, PostTransaction, WriteConflict};
use crate::store::posts::PostItem;
use crate::store::propagation::{Changed, PropagationJob};
use crate::store::rights::{Right, RightLost};
use crate::store::users::UserSort;

/// The earliest date of a post, in milliseconds: the beginning of the year 1000. An earlier one is a typing error.
const EARLIEST: i64 = -30_610_224_000_000;

/// What to change; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DateAndAuthor {
    /// When readers see that the post was first published: not in the future, and not before the year 1000. A post that
    /// is not live gets this date when it is published. `null`: it gets the time at which it is published; for a post
    /// that is live, that is 422.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub published_at: Patch<Time>,
    /// The author: an account that is not disabled and has the role author, editor or admin. The post is theirs from
    /// then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author_id: Option<UserId>,
}

/// Changes the date and the author of a post, and of what is live of it, if it still is as the caller saw it. Nothing to
/// change writes nothing.
///
/// # Errors
/// 403 for those who may not publish, also where they lost the right meanwhile, and for agents unless the publication
/// lets them publish by themselves; 404, 409, 412; 422 for a date out of bounds, and an account that may not write.
pub async fn set_date_and_author(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    seen: &IfMatch,
    changes: &DateAndAuthor,
) -> Result<Post, Problem> {
    actor.caller.require(Scope::PostsPublish)?;
    may_change(cx, actor).await?;
    retry_on_conflict(|| async {
        let before = authorization::find_as_seen(cx, actor, id, Some(seen)).await?;
        let now = cx.clock.now();
        let published_at = date_of(&before, &changes.published_at, now)?;
        let author = new_author(cx, &before, changes.author_id.as_ref()).await?;
        if published_at == before.summary.published_at && author.is_none() {
            return Ok(Attempt::Done(with_body(cx, before).await?));
        }
        let mut after = before.next(now);
        after.summary.published_at = published_at;
        if let Some(author) = &author {
            after.summary.author = author.clone();
        }
        let page = match (&before.live, published_at) {
            (Some(place), Some(at)) => match live_page(cx, &mut after, place, at).await? {
                Some(page) => Some(page),
                None => return Ok(Attempt::Conflict),
            },
            _ => None,
        };
        let mut rights = vec![publishers::right_to_publish(actor)];
        rights.extend(author.as_ref().map(right_to_write));
        let entry = AuditEntry::new(cx, Event::PostDateOrAuthorChanged).by_actor(actor).about(id);
        let entry = entry.with(in_words(published_at, &before, author.as_ref()));
        let job = author.as_ref().map(|_| PropagationJob {
            id: PropagationJobId::new(now),
            change: Changed::AuthorOfPost(id.clone()),
        });
        let write = PostTransaction {
            live: page.as_ref().map_or(LiveChange::Keep, LiveChange::with_same_cover),
            rights: &rights,
            job: job.as_ref(),
            entry: Some(&entry),
            ..PostTransaction::new(Some(&before), &after)
        };
        match cx.store.posts().write(&write).await {
            Ok(()) => return Ok(Attempt::Done(with_body(cx, after).await?)),
            Err(WriteError::Conflict(WriteConflict::RightLost)) => {
                // If it is the author's, the next round refuses them.
                let is_author_fit = match &author {
                    Some(author) => writer(cx, &author.id).await?.is_some(),
                    None => true,
                };
                if is_author_fit {
                    return Err(RightLost.into());
                }
            }
            // The next round finds what won.
            Err(WriteError::Conflict(_)) => {}
            Err(WriteError::Store(error)) => return Err(error.into()),
        }
        Ok(Attempt::Conflict)
    })
    .await
}

/// The accounts that can be the author of a post, by name: at most the newest hundred of each role.
///
/// # Errors
/// 503 while the database does not answer.
pub async fn possible_authors(cx: &Context) -> Result<Vec<Author>, Problem> {
    let newest = PageParams { limit: 100, cursor: None };
    let mut authors = Vec::new();
    for role in Role::ALL.into_iter().filter(|role| *role >= Role::Author) {
        let users = cx.store.users();
        let found = users.list(&newest, Some(role), Some(false), UserSort::NewestFirst).await?;
        authors.extend(found.items.iter().map(author_of));
    }
    authors.sort_by_key(|author| author.name.as_str().to_lowercase());
    Ok(authors)
}

/// Readers would see it at once, or with a text that was approved under another name or date: an agent needs the leave
/// to publish by itself.
async fn may_change(cx: &Context, actor: &Actor) -> Result<(), Problem> {
    if settings::changes_live(cx, actor).await? {
        return Ok(());
    }
    let detail = "Readers see the author and the date of a post, and no approval covers them. Agents change them only \
                  where agent_publishing is allowed. Ask a person to do it.";
    Err(Problem::new(Code::ApprovalRequired, detail))
}

/// The date that the post gets.
fn date_of(before: &PostItem, change: &Patch<Time>, now: Time) -> Result<Option<Time>, Problem> {
    let fault = |code, message: &str| Problem::invalid_field("published_at", code, message);
    match change {
        Patch::Keep => Ok(before.summary.published_at),
        Patch::Clear if before.live.is_some() => Err(fault(
            "required",
            "A post that is live has a date. Unpublish it first, or send another date.",
        )),
        Patch::Clear => Ok(None),
        Patch::Set(at) if *at > now => {
            let message = "Must not be in the future. To publish a post later, schedule it.";
            Err(fault("out_of_range", message))
        }
        Patch::Set(at) if at.as_millis() < EARLIEST => {
            Err(fault("out_of_range", "Must not be before the year 1000."))
        }
        Patch::Set(at) => Ok(Some(*at)),
    }
}

/// The author that the post gets; none where they stay.
async fn new_author(
    cx: &Context,
    before: &PostItem,
    id: Option<&UserId>,
) -> Result<Option<Author>, Problem> {
    let Some(id) = id.filter(|id| before.summary.author.id != **id) else { return Ok(None) };
    let found = writer(cx, id).await?;
    found.map(Some).ok_or_else(|| {
        let message = "Must be the id of an account that is not disabled and has the role author, editor or admin.";
        Problem::invalid_field("author_id", "not_found", message)
    })
}

/// The author entry of an account that may write posts.
async fn writer(cx: &Context, id: &UserId) -> Result<Option<Author>, Problem> {
    let account = cx.store.users().get(id).await?.map(|account| account.user);
    let may_write = |user: &User| !user.disabled && user.role >= Scope::PostsWrite.role();
    Ok(account.filter(may_write).map(|user| author_of(&user)))
}

/// What the author of a post must be able to do.
fn right_to_write(author: &Author) -> Right {
    let at_least = Scope::PostsWrite.role();
    Right { user_id: author.id.clone(), at_least, by_setting: false }
}

/// The live page with the date and the author of the new head, which also says where it is. None if somebody has moved
/// it.
async fn live_page(
    cx: &Context,
    after: &mut PostItem,
    place: &LivePlace,
    published_at: Time,
) -> Result<Option<PublicPost>, Problem> {
    let id = &after.summary.id;
    let Some(page) = cx.store.live_posts().page(&place.slug, id).await? else { return Ok(None) };
    let mut page = with_current(cx, page, after, place).await?;
    page.summary.published_at = published_at;
    // No text is older than its post.
    page.summary.updated_at = page.summary.updated_at.max(published_at);
    after.live = Some(LivePlace::new(&page, place.media.clone()));
    Ok(Some(page))
}

/// What the audit log says: ids alone, which stay when an account is deleted.
fn in_words(published_at: Option<Time>, before: &PostItem, author: Option<&Author>) -> String {
    let date = (published_at != before.summary.published_at).then(|| match published_at {
        Some(at) => format!("published_at {at}"),
        None => "no published_at".to_owned(),
    });
    let author = author.map(|author| format!("author {}", author.id));
    [date, author].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earliest_date_is_the_beginning_of_the_year_1000() {
        assert_eq!(Time::from_millis(EARLIEST).to_string(), "1000-01-01T00:00:00.000Z");
    }
}
