//! Tags: made when a draft first names one, renamed, merged and removed by editors. A post keeps
//! the tag's slug; what a tag became is found when the post goes live, and carried to the posts
//! that are live already ([`super::upkeep`]).

use std::collections::HashMap;

use super::{Actor, rights};
use crate::auth::audit::{Entry, Event};
use crate::context::Context;
use crate::http::page::{Page, PageParams};
use crate::http::problem::{Code, Problem};
use crate::model::{Description, PublicTag, Slug, Tag, TagName, UpkeepId};
use crate::store::live::LivePlace;
use crate::store::tags::TagItem;
use crate::store::upkeep::{Changed, UpkeepItem};

/// How often a tag may have become another.
const MAX_MOVES: usize = 8;

/// The slug of a tag's name.
pub(super) fn slug_of(name: &TagName) -> Slug {
    Slug::from_text(name.as_str()).unwrap_or_else(|| Slug::trusted("tag"))
}

/// Tags as they are now.
pub(super) struct Resolved {
    /// What became of those that were asked for, without those that are gone.
    pub(super) tags: Vec<Tag>,
    /// Which of the slugs that the live page stands under are still tags.
    pub(super) counted: Vec<Slug>,
}

/// What `wanted` became, and what is left of the tags of what is live.
pub(super) async fn resolve(
    cx: &Context,
    wanted: &[Tag],
    live: Option<&LivePlace>,
) -> Result<Resolved, Problem> {
    let mut slugs: Vec<Slug> = wanted.iter().map(|tag| tag.slug.clone()).collect();
    slugs.extend(live.into_iter().flat_map(|live| live.tags.iter().cloned()));
    let found = follow(cx, slugs).await?;
    let mut tags: Vec<Tag> = Vec::new();
    for tag in wanted.iter().filter_map(|tag| end_of(&found, &tag.slug)) {
        if !tags.iter().any(|other| other.slug == tag.slug) {
            tags.push(Tag { slug: tag.slug.clone(), name: tag.name.clone() });
        }
    }
    let live = live.into_iter().flat_map(|live| &live.tags);
    let counted = live.filter(|slug| found.get(slug).is_some_and(|tag| tag.moved_to.is_none()));
    Ok(Resolved { tags, counted: counted.cloned().collect() })
}

/// The tags that a draft names, made where they are new.
pub(super) async fn ensure(cx: &Context, wanted: Vec<Tag>) -> Result<Vec<Tag>, Problem> {
    let found = follow(cx, wanted.iter().map(|tag| tag.slug.clone()).collect()).await?;
    let mut tags: Vec<Tag> = Vec::with_capacity(wanted.len());
    for Tag { slug, name } in wanted {
        let tag = match end_of(&found, &slug) {
            Some(tag) => Tag { slug: tag.slug.clone(), name: tag.name.clone() },
            None => {
                // Of two drafts that name a new tag at once, one makes it.
                cx.store.put_tag(&TagItem::new(slug.clone(), name.clone(), cx.clock.now())).await?;
                Tag { slug, name }
            }
        };
        if !tags.iter().any(|other| other.slug == tag.slug) {
            tags.push(tag);
        }
    }
    Ok(tags)
}

/// The tags with these slugs, and all that they became.
async fn follow(cx: &Context, mut slugs: Vec<Slug>) -> Result<HashMap<Slug, TagItem>, Problem> {
    let mut found = HashMap::new();
    for _ in 0..MAX_MOVES {
        slugs.sort();
        slugs.dedup();
        slugs.retain(|slug| !found.contains_key(slug));
        if slugs.is_empty() {
            break;
        }
        let tags = cx.store.tags_named(&slugs).await?;
        slugs = tags.iter().filter_map(|tag| tag.moved_to.clone()).collect();
        found.extend(tags.into_iter().map(|tag| (tag.slug.clone(), tag)));
    }
    Ok(found)
}

fn end_of<'t>(found: &'t HashMap<Slug, TagItem>, slug: &Slug) -> Option<&'t TagItem> {
    let mut tag = found.get(slug)?;
    for _ in 0..MAX_MOVES {
        match &tag.moved_to {
            None => return Some(tag),
            Some(to) => tag = found.get(to)?,
        }
    }
    None
}

/// All tags, by slug.
///
/// # Errors
/// As any list.
pub async fn list_tags(cx: &Context, page: &PageParams) -> Result<Page<PublicTag>, Problem> {
    Ok(cx.store.tags(false, page).await?.map(TagItem::public))
}

/// Makes a tag.
///
/// # Errors
/// 409 where there is one with its slug.
pub async fn create_tag(
    cx: &Context,
    actor: &Actor,
    name: TagName,
    slug: Option<Slug>,
    description: Option<Description>,
) -> Result<PublicTag, Problem> {
    let slug = slug.unwrap_or_else(|| slug_of(&name));
    let mut tag = TagItem::new(slug.clone(), name, cx.clock.now());
    tag.description = description;
    if !cx.store.put_tag(&tag).await? {
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
    pub description: crate::endpoint::Patch<Description>,
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
    rights::may_change_live(cx, actor).await?;
    let before = live_tag(cx, slug).await?;
    let mut after = before.clone();
    after.name = changes.name.unwrap_or(after.name);
    changes.description.apply(&mut after.description);
    after.slug = changes.slug.unwrap_or(after.slug);
    if after == before {
        return Ok(before.public());
    }
    let (upkeep, entry) = (upkeep(cx, slug), entry(cx, actor, Event::TagChanged, slug));
    if after.slug == before.slug {
        let there = cx.store.describe_tag(&after, &upkeep, &entry).await?;
        return if there { Ok(after.public()) } else { Err(Problem::not_found("tag")) };
    }
    // Its posts count themselves as they arrive.
    after.post_count = 0;
    let entry = entry.with(format!("now {}", after.slug));
    match cx.store.move_tag(slug, &after.slug, Some(&after), &upkeep, &entry).await? {
        Ok(()) => Ok(after.public()),
        Err(refused) if refused.names(0) => Err(Problem::not_found("tag")),
        Err(_) => Err(tag_exists(&after.slug)),
    }
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
    rights::may_change_live(cx, actor).await?;
    let no_target = || Problem::invalid_field("into", "not_found", "There is no such tag.");
    if slug == into {
        let message = "Is the tag itself. Name another one.";
        return Err(Problem::invalid_field("into", "invalid", message));
    }
    live_tag(cx, slug).await?;
    let upkeep = upkeep(cx, slug);
    let entry = entry(cx, actor, Event::TagChanged, slug).with(format!("now {into}"));
    match cx.store.move_tag(slug, into, None, &upkeep, &entry).await? {
        Ok(()) => Ok(live_tag(cx, into).await?.public()),
        Err(refused) if refused.names(0) => Err(Problem::not_found("tag")),
        Err(_) => Err(no_target()),
    }
}

/// Removes a tag. Its posts lose it within moments.
///
/// # Errors
/// 404; 403 for agents that may not change what readers see.
pub async fn delete_tag(cx: &Context, actor: &Actor, slug: &Slug) -> Result<(), Problem> {
    rights::may_change_live(cx, actor).await?;
    let entry = entry(cx, actor, Event::TagDeleted, slug);
    let there = cx.store.delete_tag(slug, &upkeep(cx, slug), &entry).await?;
    if there { Ok(()) } else { Err(Problem::not_found("tag")) }
}

/// A tag that did not become another.
async fn live_tag(cx: &Context, slug: &Slug) -> Result<TagItem, Problem> {
    let tag = cx.store.tag(slug).await?.filter(|tag| tag.moved_to.is_none());
    tag.ok_or_else(|| Problem::not_found("tag"))
}

fn upkeep(cx: &Context, slug: &Slug) -> UpkeepItem {
    UpkeepItem { id: UpkeepId::new(cx.clock.now()), change: Changed::Tag(slug.clone()) }
}

fn entry(cx: &Context, actor: &Actor, event: Event, slug: &Slug) -> Entry {
    Entry::new(cx, event).by_caller(&actor.caller).about(slug)
}

fn tag_exists(slug: &Slug) -> Problem {
    let detail = format!(
        "There is a tag with the slug {slug}, or was one that leads elsewhere now. Choose another \
         slug, or merge the two."
    );
    Problem::new(Code::TagExists, detail)
}
