//! Finding tags by name. A name matches a tag's name in any case and encoding, never by what its
//! slug looks like: slugs are written in Latin letters, and 背景 and 北京 have the same one.

use std::collections::{HashMap, HashSet};

use super::conflict::{self, Attempt, retry_on_conflict};
use crate::context::Context;
use crate::crypto::random;
use crate::http::problem::Problem;
use crate::model::{Slug, Tag, TagName};
use crate::store::tag_names::{NameWrite, TagNameItem};
use crate::store::tags::{NewTag, TagItem};

/// The numbers behind slugs that other names have. When these are taken, too, letters are drawn.
const NUMBERS: std::ops::RangeInclusive<u32> = 2..=5;

/// How often tags are read that are being renamed meanwhile.
const READS: u32 = 8;

/// How many tags one transaction creates: two writes for each, of 100.
const AT_ONCE: usize = 50;

/// Tags as they were read, with all that they became, and where names lead.
#[derive(Default)]
pub(super) struct KnownTags {
    tags: HashMap<Slug, TagItem>,
    names: HashMap<String, TagNameItem>,
}

impl KnownTags {
    /// Reads what these names, in their folded form, and these slugs lead to: one call, one more where a
    /// name leads to another slug, and one for each time that a tag was renamed or merged on the way.
    pub(super) async fn read(
        cx: &Context,
        mut folded: Vec<String>,
        mut slugs: Vec<Slug>,
    ) -> Result<Self, Problem> {
        folded.sort();
        folded.dedup();
        let mut known = Self::default();
        slugs.sort();
        slugs.dedup();
        let mut next = slugs.clone();
        if !folded.is_empty() {
            let (tags, names) = cx.store.tags().get_with_names(&slugs, &folded).await?;
            let moved = tags.iter().filter_map(|tag| tag.moved_to.clone());
            let led: Vec<Slug> = names.iter().map(|entry| entry.slug.clone()).collect();
            next = moved.chain(led.clone()).collect();
            slugs.extend(led);
            known.tags = tags.into_iter().map(|tag| (tag.slug.clone(), tag)).collect();
            known.names = names.into_iter().map(|entry| (entry.name.folded(), entry)).collect();
        }
        for _ in 0..READS {
            known.follow(cx, next).await?;
            if !known.is_torn() {
                return Ok(known);
            }
            known.tags.clear();
            next = slugs.clone();
        }
        Err(conflict::busy())
    }

    /// Whether tags lead to each other in a circle, which they never do at one moment: one of them was
    /// read before it was renamed back, another after. A post would lose its tag by it.
    fn is_torn(&self) -> bool {
        let ends = |slug: &Slug| {
            let mut slug = slug;
            for _ in 0..self.tags.len() {
                match self.tags.get(slug).and_then(|tag| tag.moved_to.as_ref()) {
                    Some(to) => slug = to,
                    None => return true,
                }
            }
            false
        };
        !self.tags.keys().all(ends)
    }

    /// Reads the tags with these slugs, and all that they became.
    async fn follow(&mut self, cx: &Context, mut slugs: Vec<Slug>) -> Result<(), Problem> {
        loop {
            slugs.sort();
            slugs.dedup();
            slugs.retain(|slug| !self.tags.contains_key(slug));
            if slugs.is_empty() {
                return Ok(());
            }
            let found = cx.store.tags().get_many(&slugs).await?;
            slugs = found.iter().filter_map(|tag| tag.moved_to.clone()).collect();
            self.tags.extend(found.into_iter().map(|tag| (tag.slug.clone(), tag)));
        }
    }

    /// The tag that a slug leads to, unless it was removed.
    pub(super) fn end_of(&self, slug: &Slug) -> Option<&TagItem> {
        let mut tag = self.tags.get(slug)?;
        for _ in 0..self.tags.len() {
            match &tag.moved_to {
                None => return Some(tag).filter(|tag| !tag.removed),
                Some(to) => tag = self.tags.get(to)?,
            }
        }
        None
    }

    /// Where a slug redirects to, whether or not a tag is still there.
    pub(super) fn led_to(&self, slug: &Slug) -> Option<&Slug> {
        self.tags.get(slug)?.moved_to.as_ref()
    }

    /// The tag of this name, or the one that had the name and was renamed.
    pub(super) fn called(&self, wanted: &Tag) -> Option<&TagItem> {
        let folded = wanted.name.folded();
        let under = self.tags.get(&wanted.slug).filter(|tag| tag.name.folded() == folded);
        if let Some(tag) = under.filter(|tag| tag.is_tag()) {
            return Some(tag);
        }
        match self.names.get(&folded) {
            Some(entry) => {
                let tag = self.tags.get(&entry.slug)?;
                if tag.id == entry.tag { self.end_of(&entry.slug) } else { None }
            }
            // A tag from before names had entries.
            None => self.end_of(&under?.slug),
        }
    }

    /// Whether a new tag may have this slug: nobody has it, or a tag of exactly this name had it. Under
    /// another name, even in another case, the posts that carried the removed tag would show one that
    /// nobody chose for them.
    fn is_free(&self, slug: &Slug, name: &TagName) -> bool {
        self.has_no_tag(slug) && self.was_called(slug, name)
    }

    /// Whether no tag stands under a slug or where it leads.
    pub(super) fn has_no_tag(&self, slug: &Slug) -> bool {
        self.end_of(slug).is_none()
    }

    /// Whether whatever stood under a slug had this name, as readers see it.
    pub(super) fn was_called(&self, slug: &Slug, name: &TagName) -> bool {
        self.tags.get(slug).is_none_or(|tag| tag.name.reads_as(name))
    }

    /// What makes a name lead to a tag.
    pub(super) fn name_write(&self, entry: TagNameItem) -> NameWrite {
        let read = self.names.get(&entry.name.folded()).cloned();
        NameWrite { entry, read }
    }

    /// Whether the entry of a name was there.
    pub(super) fn has_entry(&self, name: &TagName) -> bool {
        self.names.contains_key(&name.folded())
    }

    /// New tags with these names, each under a slug that is free: that of the wanted tag, else one
    /// like it.
    pub(super) async fn new_tags(
        &mut self,
        cx: &Context,
        missing: &[&Tag],
    ) -> Result<Vec<NewTag>, Problem> {
        let mut bases = HashSet::new();
        let is_crowded = |tag: &&&Tag| {
            let first = bases.insert(tag.slug.clone());
            !first || !self.is_free(&tag.slug, &tag.name)
        };
        let crowded: Vec<&&Tag> = missing.iter().filter(is_crowded).collect();
        let more = crowded.into_iter().flat_map(|tag| numbered(&tag.slug)).collect();
        self.follow(cx, more).await?;
        let mut taken = HashSet::new();
        let mut new = Vec::with_capacity(missing.len());
        for Tag { slug, name } in missing {
            let mut tries = std::iter::once(slug.clone()).chain(numbered(slug));
            let found = tries.find(|slug| !taken.contains(slug) && self.is_free(slug, name));
            let slug = found.unwrap_or_else(|| slug.with_suffix(&random::letters(6)));
            taken.insert(slug.clone());
            let tag = TagItem::new(slug, name.clone(), cx.clock.now());
            let dead = self.led_to(&tag.slug).cloned();
            let name = Some(self.name_write(tag.name_entry()));
            new.push(NewTag { tag, dead, name });
        }
        Ok(new)
    }
}

fn numbered(slug: &Slug) -> impl Iterator<Item = Slug> {
    NUMBERS.map(move |number| slug.with_suffix(&number.to_string()))
}

/// A tag that a text names: one that the post has, by its slug, or any, by its name.
enum Wanted {
    Own(Slug),
    Named(Tag),
}

impl Wanted {
    fn of(tag: Tag, had: &[Tag]) -> Self {
        let folded = tag.name.folded();
        let own = had.iter().find(|had| **had == tag);
        match own.or(had.iter().find(|had| had.name.folded() == folded)) {
            Some(own) => Self::Own(own.slug.clone()),
            None => Self::Named(tag),
        }
    }
}

/// The tags of a text, and which of them do not exist yet.
struct Plan {
    known: KnownTags,
    /// In the order of the text. A new tag has the slug that its name asks for.
    tags: Vec<(Tag, IsNew)>,
}

type IsNew = bool;

async fn plan(cx: &Context, wanted: &[Wanted]) -> Result<Plan, Problem> {
    let names = wanted.iter().filter_map(|wanted| match wanted {
        Wanted::Named(tag) => Some(tag.name.folded()),
        Wanted::Own(_) => None,
    });
    let slugs = wanted.iter().map(|wanted| match wanted {
        Wanted::Named(tag) => tag.slug.clone(),
        Wanted::Own(slug) => slug.clone(),
    });
    let known = KnownTags::read(cx, names.collect(), slugs.collect()).await?;
    let mut tags: Vec<(Tag, IsNew)> = Vec::with_capacity(wanted.len());
    for wanted in wanted {
        let found = match wanted {
            Wanted::Own(slug) => known.end_of(slug),
            Wanted::Named(tag) => known.called(tag),
        };
        let tag = match (found, wanted) {
            (Some(TagItem { slug, name, .. }), _) => {
                (Tag { slug: slug.clone(), name: name.clone() }, false)
            }
            // It was removed, and a change of the text does not bring it back.
            (None, Wanted::Own(_)) => continue,
            (None, Wanted::Named(tag)) => (tag.clone(), true),
        };
        let same = |(other, is_new): &(Tag, IsNew)| match tag.1 {
            true => *is_new && other.name.folded() == tag.0.name.folded(),
            false => !is_new && other.slug == tag.0.slug,
        };
        if !tags.iter().any(same) {
            tags.push(tag);
        }
    }
    Ok(Plan { known, tags })
}

fn wanted(tags: &[Tag], had: &[Tag]) -> Vec<Wanted> {
    tags.iter().map(|tag| Wanted::of(tag.clone(), had)).collect()
}

/// The tags that a text names, made where they do not exist. `had` are tags that the post has or
/// had: those stay the same tags under whatever name, and none of them is made again.
///
/// # Errors
/// 409 if others keep making the same tags; 503 while the database does not answer.
pub(super) async fn ensure(cx: &Context, tags: Vec<Tag>, had: &[Tag]) -> Result<Vec<Tag>, Problem> {
    let wanted = &wanted(&tags, had);
    retry_on_conflict(|| async move {
        let Plan { mut known, mut tags } = plan(cx, wanted).await?;
        let missing: Vec<&Tag> =
            tags.iter().filter(|(_, is_new)| *is_new).map(|(tag, _)| tag).collect();
        let new = known.new_tags(cx, &missing).await?;
        for new in new.chunks(AT_ONCE) {
            // Somebody else made one of them in between: it is found the next time.
            if !cx.store.tags().create(new).await? {
                return Ok(Attempt::Conflict);
            }
        }
        let mut new = new.into_iter();
        for (tag, _) in tags.iter_mut().filter(|(_, is_new)| *is_new) {
            let made = new.next().expect("each missing tag was made").tag;
            *tag = Tag { slug: made.slug, name: made.name };
        }
        Ok(Attempt::Done(tags.into_iter().map(|(tag, _)| tag).collect()))
    })
    .await
}

/// What [`ensure`] would answer, without making a tag: a new one has the name that was written and
/// the slug that it asks for.
///
/// # Errors
/// 503 while the database does not answer.
pub(super) async fn preview(cx: &Context, tags: &[Tag], had: &[Tag]) -> Result<Vec<Tag>, Problem> {
    let plan = plan(cx, &wanted(tags, had)).await?;
    Ok(plan.tags.into_iter().map(|(tag, _)| tag).collect())
}
