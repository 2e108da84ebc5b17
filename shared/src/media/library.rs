//! What was uploaded: see it, describe it, delete it.

use super::{objects, urls};
use crate::auth::actor::Actor;
use crate::auth::{Caller, form_seed, limits};
use crate::context::Context;
use crate::http::if_match::{self, IfMatch};
use crate::http::page::{Page, PageParams};
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{AltText, Caption, Media, MediaId, MediaKind, Scope};
use crate::permission::Objects;
use crate::settings::{may_change_live, may_take_away};
use crate::store::Store;
use crate::store::authors::PicturedPerson;
use crate::store::media::MediaItem;
use crate::store::media_uses::MediaUse;

/// What to say about an upload; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description {
    /// What it shows, for those who do not see it.
    pub alt: Option<AltText>,
    /// What stands under it.
    pub caption: Option<Caption>,
}

/// An upload that the caller may work with.
///
/// # Errors
/// 404 for one that is not there, and alike for one of somebody else.
pub(super) async fn find(
    store: &Store,
    caller: &Caller,
    id: &MediaId,
) -> Result<MediaItem, Problem> {
    let item = store.media().get(id).await?;
    let visible = |item: &MediaItem| caller.limited_to().is_none_or(|owner| item.owner == *owner);
    item.filter(visible).ok_or_else(not_found)
}

pub(super) fn not_found() -> Problem {
    Problem::not_found("media item")
}

/// An upload.
///
/// # Errors
/// 404.
pub async fn get(cx: &Context, caller: &Caller, id: &MediaId) -> Result<Media, Problem> {
    Ok(urls::shown(&cx.config, find(&cx.store, caller, id).await?))
}

/// The uploads that the caller may work with, newest first.
///
/// # Errors
/// 422 for a cursor of another list.
pub async fn list(
    cx: &Context,
    caller: &Caller,
    kind: Option<MediaKind>,
    page: &PageParams,
) -> Result<Page<Media>, Problem> {
    let page = cx.store.media().list(caller.limited_to(), kind, page).await?;
    Ok(page.map(|item| urls::shown(&cx.config, item)))
}

/// Where an upload is used.
#[derive(Clone, Debug)]
pub struct Uses {
    /// The posts that use it in their draft, live or scheduled revision.
    pub posts: Vec<MediaUse>,
    /// The people who have it as their picture.
    pub people: Vec<PicturedPerson>,
}

impl Uses {
    async fn read(cx: &Context, caller: &Caller, id: &MediaId) -> Result<Self, Problem> {
        let posts = posts_with(cx, caller, id).await?;
        Ok(Self { posts, people: cx.store.authors().with_picture(id).await? })
    }

    /// Whether it is used nowhere.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.posts.is_empty() && self.people.is_empty()
    }
}

/// The posts that use an upload. It is counted: the heads of all posts are read for it.
///
/// # Errors
/// 429; 503 while the database does not answer.
async fn posts_with(cx: &Context, caller: &Caller, id: &MediaId) -> Result<Vec<MediaUse>, Problem> {
    limits::acquire_comparison(cx, caller).await?;
    Ok(cx.store.media().list_uses(id).await?)
}

/// An upload, and where it is used.
///
/// # Errors
/// 404; 429.
pub async fn get_with_uses(
    cx: &Context,
    caller: &Caller,
    id: &MediaId,
) -> Result<(Media, Uses), Problem> {
    let item = find(&cx.store, caller, id).await?;
    Ok((urls::shown(&cx.config, item), Uses::read(cx, caller, id).await?))
}

/// Changes what is said about an upload; with `seen`, only if it still is as the caller saw it.
///
/// # Errors
/// 404; 403 for agents that may not change what readers see, where a live or scheduled post shows it, and where
/// the right was lost meanwhile; 412 where somebody else has changed it; 429 for agents that have such posts
/// looked for too often.
pub async fn update(
    cx: &Context,
    caller: &Caller,
    id: &MediaId,
    seen: Option<&IfMatch>,
    said: Description,
) -> Result<Media, Problem> {
    let before = find(&cx.store, caller, id).await?;
    if seen.is_some_and(|seen| !seen.names(before.version)) {
        return Err(stale(before.version));
    }
    if said == Description::default() {
        return Ok(urls::shown(&cx.config, before));
    }
    let actor = Actor::rest(caller.clone());
    if let Err(refusal) = may_change_live(cx, &actor).await {
        // Where nothing live shows it, nobody has to allow it.
        let is_asked = refusal.code == Code::ApprovalRequired;
        if !is_asked || posts_with(cx, caller, id).await?.iter().any(|found| found.is_live) {
            return Err(refusal);
        }
    }
    let words = (said.alt.as_ref(), said.caption.as_ref());
    let (by, now) = ((&caller.right(), actor.is_publisher()), cx.clock.now());
    let version = seen.map(|_| before.version);
    if !cx.store.media().update(id, words, by, version, now).await? {
        // It is gone, or somebody else was faster.
        return Err(stale(find(&cx.store, caller, id).await?.version));
    }
    AuditEntry::new(cx, Event::MediaUpdated).by_caller(caller).about(id).record(cx).await;
    get(cx, caller, id).await
}

fn stale(version: u64) -> Problem {
    if_match::stale("The media item", version)
}

/// Deletes an upload that nothing uses; with `force` also one that posts use, live ones included, or that
/// somebody has as their picture: they have none then.
///
/// The item is deleted last: after an interruption it is still there, and deleting it again
/// completes the work.
///
/// # Errors
/// 404; 409 naming where it is used; with `force`, 403 for agents that may change nothing that readers see,
/// and where one of the posts is live or the picture is another person's, 403 without the right to publish and
/// for agents that may not change what readers see; 403 where the right was lost meanwhile; 429.
pub async fn delete(
    cx: &Context,
    caller: &Caller,
    id: &MediaId,
    force: bool,
) -> Result<(), Problem> {
    let item = find(&cx.store, caller, id).await?;
    let uses = Uses::read(cx, caller, id).await?;
    if !uses.is_empty() && !force {
        return Err(in_use(&uses));
    }
    let actor = Actor::rest(caller.clone());
    let is_live = uses.posts.iter().any(|found| found.is_live);
    if is_live || uses.people.iter().any(|person| person.id != caller.user.id) {
        caller.require(Scope::PostsPublish)?;
    }
    if is_live || !uses.people.is_empty() {
        may_change_live(cx, &actor).await?;
    }
    if !uses.is_empty() {
        may_take_away(cx, &actor).await?;
    }
    if !cx.store.media().begin_deletion(id, &caller.right()).await? {
        return Err(not_found());
    }
    // Read anew: from here on, nobody can choose it any more.
    for person in cx.store.authors().with_picture(id).await? {
        cx.store.authors().remove_picture(&person, id).await?;
    }
    remove(cx, caller, &item).await
}

/// Removes the objects of an item that is marked as being deleted, and then the item.
pub(super) async fn remove(cx: &Context, caller: &Caller, item: &MediaItem) -> Result<(), Problem> {
    let id = &item.id;
    for place in Objects::ALL {
        objects::remove(cx, place, item).await?;
    }
    let now = cx.clock.now();
    cx.store.media().delete(id, now, form_seed::until(now)).await?;
    let entry = AuditEntry::new(cx, Event::MediaDeleted).by_caller(caller).about(id);
    entry.named(&item.filename).record(cx).await;
    Ok(())
}

/// How many posts and people are named at most, of each.
const NAMED: usize = 20;

fn in_use(uses: &Uses) -> Problem {
    let mut detail = String::new();
    if !uses.posts.is_empty() {
        let posts = uses.posts.iter().take(NAMED).map(|found| found.post.as_str());
        let posts: Vec<&str> = posts.collect();
        detail = format!("Posts use it: {}. Take it out of them first", posts.join(", "));
    }
    if !uses.people.is_empty() {
        let names: Vec<&str> =
            uses.people.iter().take(NAMED).map(|person| person.name.as_str()).collect();
        let start = if detail.is_empty() { "" } else { ". " };
        let names = names.join(", ");
        detail += &format!(
            "{start}It is the picture in a profile: {names}. Let them choose another first"
        );
    }
    detail += ", or repeat with force=true, which leaves a gap there.";
    Problem::new(Code::MediaInUse, detail)
}
