//! Tags: made when a draft first names one ([`super::tag_names`]), renamed, merged and removed by
//! editors. A post keeps the tag's slug; what a tag became is found when the post goes live, and
//! carried to the posts that are live already ([`super::propagate`]).

use super::conflict::{Attempt, retry_on_conflict};
use super::tag_names::KnownTags;
use crate::auth::Actor;
use crate::context::Context;
use crate::http::if_match::{self, IfMatch};
use crate::http::page::{Page, PageParams};
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{Description, PropagationJobId, PublicTag, Slug, Tag, TagId, TagName};
use crate::settings;
use crate::store::WriteError;
use crate::store::propagation::{Changed, PropagationJob};
use crate::store::rights::RightLost;
use crate::store::tag_names::NameWrite;
use crate::store::tags::{NewTag, NotMoved, TagFilter, TagItem};

/// What the tags with these slugs became, without those that are gone.
///
/// # Errors
/// 503 while the database does not answer.
pub async fn resolve(
    cx: &Context,
    wanted: impl IntoIterator<Item = &Slug, IntoIter: Clone>,
) -> Result<Vec<Tag>, Problem> {
    let wanted = wanted.into_iter();
    let known = KnownTags::read(cx, Vec::new(), wanted.clone().cloned().collect()).await?;
    let mut tags: Vec<Tag> = Vec::new();
    for tag in wanted.filter_map(|slug| known.end_of(slug)) {
        if !tags.iter().any(|other| other.slug == tag.slug) {
            tags.push(Tag { slug: tag.slug.clone(), name: tag.name.clone() });
        }
    }
    Ok(tags)
}

/// All tags, by slug.
///
/// # Errors
/// As any list.
pub async fn list_tags(cx: &Context, page: &PageParams) -> Result<Page<PublicTag>, Problem> {
    Ok(cx.store.tags().list(TagFilter::All, page).await?.map(TagItem::public))
}

/// A tag.
///
/// # Errors
/// 404 if there is none with this slug, or it became another.
pub async fn get_tag(cx: &Context, slug: &Slug) -> Result<PublicTag, Problem> {
    live_tag(cx, slug).await.map(TagItem::public)
}

/// Makes a tag. Without a slug it gets that of its name, or one like it where another tag has that.
/// With an `id` that is known before, a form that is sent twice makes one tag, and gets it twice.
///
/// # Errors
/// 403 for agents that may not change what readers see, where it is described, named unlike its
/// slug, or takes a slug or name from another tag; 409 where there is one with its name or its slug.
pub async fn create_tag(
    cx: &Context,
    actor: &Actor,
    id: Option<TagId>,
    (name, slug, description): (TagName, Option<Slug>, Option<Description>),
) -> Result<PublicTag, Problem> {
    let is_plain = slug.as_ref().is_none_or(|slug| *slug == name.slug());
    if description.is_some() || !is_plain {
        settings::may_change_live(cx, actor).await?;
    }
    let wanted = Tag { slug: slug.clone().unwrap_or_else(|| name.slug()), name };
    let (tag, is_new) = retry_on_conflict(|| async {
        let folded = vec![wanted.name.folded()];
        let mut known = KnownTags::read(cx, folded, vec![wanted.slug.clone()]).await?;
        let called = known.called(&wanted);
        if let Some(made) = called.filter(|tag| id.is_some() && tag.id == id) {
            return Ok(Attempt::Done((Some(made.clone()), false)));
        }
        if let Some(tag) = called {
            if slug.is_none() || tag.name.folded() == wanted.name.folded() {
                return Err(name_taken(tag, &wanted.name, FOR_NEW));
            }
            // A draft that names it today means the tag that had the name.
            settings::may_change_live(cx, actor).await?;
        }
        let mut new = match &slug {
            None => known.new_tags(cx, &[&wanted]).await?,
            Some(slug) if !known.has_no_tag(slug) => return Err(slug_taken(slug, FOR_NEW)),
            Some(slug) => {
                // Posts that carried a removed tag would get this one in its place.
                if !known.was_called(slug, &wanted.name) {
                    settings::may_change_live(cx, actor).await?;
                }
                let tag = TagItem::new(slug.clone(), wanted.name.clone(), cx.clock.now());
                let dead = known.led_to(slug).cloned();
                let name = Some(known.name_write(tag.name_entry()));
                vec![NewTag { tag, dead, name }]
            }
        };
        for new in &mut new {
            new.tag.description = description.clone();
            if let Some(id) = &id {
                new.tag.id = Some(id.clone());
                let entry = new.name.as_mut().map(|name| &mut name.entry);
                entry.into_iter().for_each(|entry| entry.tag = Some(id.clone()));
            }
        }
        if cx.store.tags().create(&new).await? {
            return Ok(Attempt::Done((new.into_iter().map(|new| new.tag).next(), true)));
        }
        Ok(Attempt::Conflict)
    })
    .await?;
    let tag = tag.expect("one tag was wanted");
    if is_new {
        entry(cx, actor, Event::TagCreated, &tag.slug).record(cx).await;
    }
    Ok(tag.public())
}

/// Keeps a tag of an import under its own slug. Where another tag has its name, the name goes on
/// leading there. Returns false where its slug is taken.
///
/// # Errors
/// 409 if others keep making tags; 503 while the database does not answer.
pub async fn import_tag(cx: &Context, tag: &TagItem) -> Result<bool, Problem> {
    retry_on_conflict(|| async {
        let wanted = Tag { slug: tag.slug.clone(), name: tag.name.clone() };
        let folded = vec![wanted.name.folded()];
        let known = KnownTags::read(cx, folded, vec![wanted.slug.clone()]).await?;
        let is_free = known.has_no_tag(&tag.slug) && known.led_to(&tag.slug).is_none();
        if !is_free {
            return Ok(Attempt::Done(false));
        }
        let is_called = known.called(&wanted).is_some();
        let name = (!is_called).then(|| known.name_write(tag.name_entry()));
        let new = [NewTag { tag: tag.clone(), dead: None, name }];
        if cx.store.tags().create(&new).await? {
            return Ok(Attempt::Done(true));
        }
        Ok(Attempt::Conflict)
    })
    .await
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

/// Changes a tag; with `seen`, only if it still is as the caller saw it. Its posts follow within
/// moments, and the old name goes on leading to it.
///
/// # Errors
/// 404; 403 for agents that may not change what readers see; 409 where the slug or the name is
/// another tag's; 412 where somebody else has changed it.
pub async fn change_tag(
    cx: &Context,
    actor: &Actor,
    slug: &Slug,
    seen: Option<&IfMatch>,
    changes: TagChanges,
) -> Result<PublicTag, Problem> {
    settings::may_change_live(cx, actor).await?;
    retry_on_conflict(|| async {
        let before = live_tag(cx, slug).await?;
        if seen.is_some_and(|seen| !seen.names(before.version)) {
            return Err(if_match::stale("The tag", before.version));
        }
        let mut after = before.clone();
        after.name = changes.name.clone().unwrap_or(after.name);
        changes.description.clone().apply(&mut after.description);
        after.slug = changes.slug.clone().unwrap_or(after.slug);
        if after == before {
            return Ok(Attempt::Done(before.public()));
        }
        after.version += 1;
        let known = match after.name == before.name && after.slug == before.slug {
            true => KnownTags::default(),
            false => {
                let folded = vec![after.name.folded(), before.name.folded()];
                KnownTags::read(cx, folded, vec![after.slug.clone()]).await?
            }
        };
        let names = moved_names(&known, &before, &after)?;
        let (job, entry) = (propagation_job(cx, slug), entry(cx, actor, Event::TagChanged, slug));
        if after.slug == before.slug {
            let by = (&actor.caller.right(), &entry);
            if cx.store.tags().update(&before, &after, &names, &job, by).await? {
                return Ok(Attempt::Done(after.public()));
            }
            // Somebody else changed something of it: both changes are to be kept.
            return Ok(Attempt::Conflict);
        }
        // Its posts count themselves as they arrive.
        after.post_count = 0;
        let entry = entry.with(format!("now {}", after.slug));
        // A slug that led here may be taken back, and one that leads nowhere.
        let free = match known.end_of(&after.slug) {
            Some(_) => slug,
            None => known.led_to(&after.slug).unwrap_or(slug),
        };
        let new = Some((&after, free, names.as_slice()));
        let by = (&actor.caller.right(), &entry);
        match cx.store.tags().move_to(&before, &after.slug, new, &job, by).await {
            Ok(()) => return Ok(Attempt::Done(after.public())),
            Err(WriteError::Conflict(NotMoved::Changed)) => {}
            Err(WriteError::Conflict(NotMoved::NoTarget)) => {
                return Err(slug_taken(&after.slug, FOR_OLD));
            }
            Err(WriteError::Conflict(NotMoved::RightLost)) => return Err(RightLost.into()),
            Err(WriteError::Store(error)) => return Err(error.into()),
        }
        Ok(Attempt::Conflict)
    })
    .await
}

/// Where names lead once a tag has changed: its new name to it, and its old one, too.
///
/// # Errors
/// 409 where another tag has the new name.
fn moved_names(
    known: &KnownTags,
    before: &TagItem,
    after: &TagItem,
) -> Result<Vec<NameWrite>, Problem> {
    let is_renamed = after.name.folded() != before.name.folded();
    if !is_renamed && after.slug == before.slug {
        return Ok(Vec::new());
    }
    let wanted = Tag { slug: before.slug.clone(), name: after.name.clone() };
    let holder = known.called(&wanted).filter(|holder| holder.slug != before.slug);
    let holder = holder.filter(|holder| holder.name.folded() == after.name.folded());
    let mut names = Vec::new();
    match holder {
        Some(holder) if is_renamed => return Err(name_taken(holder, &after.name, FOR_OLD)),
        // Of two tags from before names were one tag's alone, the other one keeps the name.
        Some(_) => {}
        None => names.push(known.name_write(after.name_entry())),
    }
    if is_renamed && !known.has_entry(&before.name) {
        names.push(known.name_write(before.name_entry()));
    }
    Ok(names)
}

/// A tag that did not become another.
pub(super) async fn live_tag(cx: &Context, slug: &Slug) -> Result<TagItem, Problem> {
    let tag = cx.store.tags().get(slug).await?.filter(TagItem::is_tag);
    tag.ok_or_else(|| Problem::not_found("tag"))
}

pub(super) fn propagation_job(cx: &Context, slug: &Slug) -> PropagationJob {
    PropagationJob { id: PropagationJobId::new(cx.clock.now()), change: Changed::Tag(slug.clone()) }
}

pub(super) fn entry(cx: &Context, actor: &Actor, event: Event, slug: &Slug) -> AuditEntry {
    AuditEntry::new(cx, event).by_actor(actor).about(slug)
}

/// What else there is to do where a new tag meets one that is there.
const FOR_NEW: &str = "use that tag";

/// What else there is to do where a tag that is there meets another.
const FOR_OLD: &str = "merge the two";

fn slug_taken(slug: &Slug, otherwise: &str) -> Problem {
    let detail = format!(
        "There is a tag with the slug {slug}, or was one that leads elsewhere now. Choose another \
         slug, or {otherwise}."
    );
    Problem::new(Code::TagExists, detail)
}

fn name_taken(tag: &TagItem, name: &TagName, otherwise: &str) -> Problem {
    let slug = &tag.slug;
    let detail = match tag.name.folded() == name.folded() {
        true => format!(
            "The tag with the slug {slug} has this name. Choose another name, or {otherwise}."
        ),
        false => format!(
            "The tag with the slug {slug} had this name, which still leads there. To make a tag of \
             its own, send a slug as well."
        ),
    };
    Problem::new(Code::TagExists, detail)
}
