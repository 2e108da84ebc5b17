//! Tags: made when a draft first names one, renamed, merged and removed by editors. A post keeps
//! the tag's slug; what a tag became is found when the post goes live, and carried to the posts
//! that are live already ([`super::propagate`]).

use std::collections::HashMap;

use super::conflict::{Attempt, retry_on_conflict};
use crate::auth::Actor;
use crate::context::Context;
use crate::http::page::{Page, PageParams};
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{Description, PropagationJobId, PublicTag, Slug, Tag, TagName};
use crate::settings;
use crate::store::WriteError;
use crate::store::propagation::{Changed, PropagationJob};
use crate::store::tags::{NotMoved, TagFilter, TagItem};

/// What the tags with these slugs became, without those that are gone.
///
/// # Errors
/// 503 while the database does not answer.
pub async fn resolve(
    cx: &Context,
    wanted: impl IntoIterator<Item = &Slug, IntoIter: Clone>,
) -> Result<Vec<Tag>, Problem> {
    let wanted = wanted.into_iter();
    let found = follow(cx, wanted.clone().cloned().collect()).await?;
    let mut tags: Vec<Tag> = Vec::new();
    for tag in wanted.filter_map(|slug| end_of(&found, slug)) {
        if !tags.iter().any(|other| other.slug == tag.slug) {
            tags.push(Tag { slug: tag.slug.clone(), name: tag.name.clone() });
        }
    }
    Ok(tags)
}

/// The tags that a draft names, made where they are new or were removed. Of those that it had
/// before, none is made again: a change of the text brings no removed tag back.
pub(super) async fn ensure(
    cx: &Context,
    wanted: Vec<Tag>,
    had: &[Tag],
) -> Result<Vec<Tag>, Problem> {
    // A name that a tag of the draft has stands for that tag, unless its slug is that of another.
    let own = |tag: Tag| {
        let by_slug = had.iter().find(|had| had.slug == tag.slug);
        by_slug.or(had.iter().find(|had| had.name == tag.name)).cloned().unwrap_or(tag)
    };
    let wanted: Vec<Tag> = wanted.into_iter().map(own).collect();
    let found = follow(cx, wanted.iter().map(|tag| tag.slug.clone()).collect()).await?;
    let mut tags: Vec<Tag> = Vec::with_capacity(wanted.len());
    for Tag { slug, name } in wanted {
        let tag = match end_of(&found, &slug) {
            Some(tag) => Tag { slug: tag.slug.clone(), name: tag.name.clone() },
            None if had.iter().any(|tag| tag.slug == slug) => continue,
            None => match called(cx, &slug, &name).await? {
                Some(tag) => tag,
                None => {
                    // Of two drafts that name a new tag at once, one makes it.
                    let new = TagItem::new(slug.clone(), name.clone(), cx.clock.now());
                    cx.store.tags().create(&new, led_to(&found, &slug)).await?;
                    Tag { slug, name }
                }
            },
        };
        if !tags.iter().any(|other| other.slug == tag.slug) {
            tags.push(tag);
        }
    }
    Ok(tags)
}

/// The tag that has this name, though it goes by another slug than the one that the name asks for.
async fn called(cx: &Context, slug: &Slug, name: &TagName) -> Result<Option<Tag>, Problem> {
    if name.slug() != *slug {
        return Ok(None);
    }
    let tag = cx.store.tags().find_by_name(slug).await?;
    Ok(tag.map(|TagItem { slug, name, .. }| Tag { slug, name }))
}

/// The tags with these slugs, and all that they became.
async fn follow(cx: &Context, mut slugs: Vec<Slug>) -> Result<HashMap<Slug, TagItem>, Problem> {
    let mut found = HashMap::new();
    loop {
        slugs.sort();
        slugs.dedup();
        slugs.retain(|slug| !found.contains_key(slug));
        if slugs.is_empty() {
            return Ok(found);
        }
        let tags = cx.store.tags().get_many(&slugs).await?;
        slugs = tags.iter().filter_map(|tag| tag.moved_to.clone()).collect();
        found.extend(tags.into_iter().map(|tag| (tag.slug.clone(), tag)));
    }
}

fn end_of<'t>(found: &'t HashMap<Slug, TagItem>, slug: &Slug) -> Option<&'t TagItem> {
    let mut tag = found.get(slug)?;
    for _ in 0..found.len() {
        match &tag.moved_to {
            None => return Some(tag).filter(|tag| !tag.removed),
            Some(to) => tag = found.get(to)?,
        }
    }
    None
}

/// Where a slug leads that no tag stands behind any more.
fn led_to<'t>(found: &'t HashMap<Slug, TagItem>, slug: &Slug) -> Option<&'t Slug> {
    found.get(slug)?.moved_to.as_ref()
}

/// All tags, by slug.
///
/// # Errors
/// As any list.
pub async fn list_tags(cx: &Context, page: &PageParams) -> Result<Page<PublicTag>, Problem> {
    Ok(cx.store.tags().list(TagFilter::All, page).await?.map(TagItem::public))
}

/// Makes a tag.
///
/// # Errors
/// 403 for agents that may not change what readers see, where it is described or named unlike its
/// slug; 409 where there is one
/// with its slug.
pub async fn create_tag(
    cx: &Context,
    actor: &Actor,
    name: TagName,
    slug: Option<Slug>,
    description: Option<Description>,
) -> Result<PublicTag, Problem> {
    // Under a slug of its own choice, a name could take the place of one that a person approved.
    let is_plain = slug.as_ref().is_none_or(|slug| *slug == name.slug());
    if description.is_some() || !is_plain {
        settings::may_change_live(cx, actor).await?;
    }
    let slug = slug.unwrap_or_else(|| name.slug());
    let mut tag = TagItem::new(slug.clone(), name, cx.clock.now());
    tag.description = description;
    let found = follow(cx, vec![slug.clone()]).await?;
    let is_free = end_of(&found, &slug).is_none();
    if !is_free || !cx.store.tags().create(&tag, led_to(&found, &slug)).await? {
        return Err(tag_exists(&slug));
    }
    entry(cx, actor, Event::TagCreated, &slug).record(cx).await;
    Ok(tag.public())
}

/// What to change of a tag; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct TagChanges {
    /// The name.
    pub name: Option<TagName>,
    /// The slug; the old one leads to it.
    pub slug: Option<Slug>,
    /// What it is about.
    pub description: crate::model::Patch<Description>,
}

/// Changes a tag. Its posts follow within moments.
///
/// # Errors
/// 404; 403 for agents that may not change what readers see; 409 where the slug is another tag's.
pub async fn change_tag(
    cx: &Context,
    actor: &Actor,
    slug: &Slug,
    changes: TagChanges,
) -> Result<PublicTag, Problem> {
    settings::may_change_live(cx, actor).await?;
    retry_on_conflict(|| async {
        let before = live_tag(cx, slug).await?;
        let mut after = before.clone();
        after.name = changes.name.clone().unwrap_or(after.name);
        changes.description.clone().apply(&mut after.description);
        after.slug = changes.slug.clone().unwrap_or(after.slug);
        if after == before {
            return Ok(Attempt::Done(before.public()));
        }
        let (job, entry) = (propagation_job(cx, slug), entry(cx, actor, Event::TagChanged, slug));
        if after.slug == before.slug {
            if cx.store.tags().update(&before, &after, &job, &entry).await? {
                return Ok(Attempt::Done(after.public()));
            }
            // Somebody else changed something of it: both changes are to be kept.
            return Ok(Attempt::Conflict);
        }
        // Its posts count themselves as they arrive.
        after.post_count = 0;
        let entry = entry.with(format!("now {}", after.slug));
        let found = follow(cx, vec![after.slug.clone()]).await?;
        // A slug that led here may be taken back, and one that leads nowhere.
        let free = match end_of(&found, &after.slug) {
            Some(_) => slug,
            None => led_to(&found, &after.slug).unwrap_or(slug),
        };
        let new = Some((&after, free));
        match cx.store.tags().move_to(&before, &after.slug, new, &job, &entry).await {
            Ok(()) => return Ok(Attempt::Done(after.public())),
            Err(WriteError::Conflict(NotMoved::Changed)) => {}
            Err(WriteError::Conflict(NotMoved::NoTarget)) => return Err(tag_exists(&after.slug)),
            Err(WriteError::Store(error)) => return Err(error.into()),
        }
        Ok(Attempt::Conflict)
    })
    .await
}

/// Makes one tag of two: the posts of `slug` carry `into` within moments, and its address leads
/// there.
///
/// # Errors
/// 404; 403 for agents that may not change what readers see; 422 for a target that is not there.
pub async fn merge_tags(
    cx: &Context,
    actor: &Actor,
    slug: &Slug,
    into: &Slug,
) -> Result<PublicTag, Problem> {
    settings::may_change_live(cx, actor).await?;
    let no_target = || Problem::invalid_field("into", "not_found", "There is no such tag.");
    if slug == into {
        let message = "Is the tag itself. Name another one.";
        return Err(Problem::invalid_field("into", "invalid", message));
    }
    retry_on_conflict(|| async {
        let tag = live_tag(cx, slug).await?;
        let job = propagation_job(cx, slug);
        let entry = entry(cx, actor, Event::TagChanged, slug).with(format!("now {into}"));
        match cx.store.tags().move_to(&tag, into, None, &job, &entry).await {
            Ok(()) => return Ok(Attempt::Done(live_tag(cx, into).await?.public())),
            Err(WriteError::Conflict(NotMoved::Changed)) => {}
            Err(WriteError::Conflict(NotMoved::NoTarget)) => return Err(no_target()),
            Err(WriteError::Store(error)) => return Err(error.into()),
        }
        Ok(Attempt::Conflict)
    })
    .await
}

/// Removes a tag. Its posts lose it within moments.
///
/// # Errors
/// 404; 403 for agents that may not change what readers see.
pub async fn delete_tag(cx: &Context, actor: &Actor, slug: &Slug) -> Result<(), Problem> {
    settings::may_change_live(cx, actor).await?;
    let entry = entry(cx, actor, Event::TagDeleted, slug);
    let there = cx.store.tags().delete(slug, &propagation_job(cx, slug), &entry).await?;
    if there { Ok(()) } else { Err(Problem::not_found("tag")) }
}

/// A tag that did not become another.
async fn live_tag(cx: &Context, slug: &Slug) -> Result<TagItem, Problem> {
    let tag = cx.store.tags().get(slug).await?.filter(TagItem::is_tag);
    tag.ok_or_else(|| Problem::not_found("tag"))
}

fn propagation_job(cx: &Context, slug: &Slug) -> PropagationJob {
    PropagationJob { id: PropagationJobId::new(cx.clock.now()), change: Changed::Tag(slug.clone()) }
}

fn entry(cx: &Context, actor: &Actor, event: Event, slug: &Slug) -> AuditEntry {
    AuditEntry::new(cx, event).by_caller(&actor.caller).about(slug)
}

fn tag_exists(slug: &Slug) -> Problem {
    let detail = format!(
        "There is a tag with the slug {slug}, or was one that leads elsewhere now. Choose another \
         slug, or merge the two."
    );
    Problem::new(Code::TagExists, detail)
}
