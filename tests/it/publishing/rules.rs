//! What must be so: the rules of publishing told once more, in the plainest way.

use byline_shared::model::Role;

use super::model::{
    Live, Model, NEEDS_APPROVAL, NOT_FOUND, No, Place, Post, Revision, SLUG_TAKEN, STALE, Tag,
    Tags, Who, slug_of,
};

fn once(tags: impl Iterator<Item = (String, String)>) -> Tags {
    let mut unique = Tags::new();
    for tag in tags {
        if !unique.iter().any(|(slug, _)| *slug == tag.0) {
            unique.push(tag);
        }
    }
    unique
}

impl Model {
    pub(super) fn find(&self, who: Who, post: usize) -> Result<&Post, No> {
        let post = &self.posts[post];
        let sees = who.role >= Role::Editor || post.author == who.user;
        if sees { Ok(post) } else { Err(NOT_FOUND) }
    }

    pub(super) fn find_active(&self, who: Who, post: usize) -> Result<&Post, No> {
        let post = self.find(who, post)?;
        if post.trashed { Err((409, "post_trashed")) } else { Ok(post) }
    }

    /// As [`Self::find_active`], if the post still is in the state that the caller saw.
    pub(super) fn find_as_seen(
        &self,
        who: Who,
        post: usize,
        seen: Option<u64>,
    ) -> Result<&Post, No> {
        let post = self.find_active(who, post)?;
        if seen.is_none_or(|seen| seen == post.version) { Ok(post) } else { Err(STALE) }
    }

    /// Agents make live what a person approved, and nothing else.
    pub(super) fn may_make_live(person: bool, post: &Post, revision: usize) -> Result<(), No> {
        if person || post.approved == Some(revision) { Ok(()) } else { Err(NEEDS_APPROVAL) }
    }

    pub(super) fn slug_is_free(&self, slug: &str, post: &str) -> Result<(), No> {
        let holder = self.slugs.get(slug).map(|(holder, _)| holder.as_str());
        if holder.is_none_or(|holder| holder == post) { Ok(()) } else { Err(SLUG_TAKEN) }
    }

    /// The tag that one became, if it is still there.
    pub(super) fn end_of(&self, slug: &str) -> Option<(String, String)> {
        let mut slug = slug;
        loop {
            let tag = self.tags.get(slug).filter(|tag| !tag.gone)?;
            match &tag.moved_to {
                Some(to) => slug = to,
                None => return Some((slug.to_owned(), tag.name.clone())),
            }
        }
    }

    /// The tag that has a name, where that asks for this slug.
    fn called(&self, slug: &str, name: &str) -> Option<(String, String)> {
        let is_it = |tag: &Tag| !tag.gone && tag.moved_to.is_none() && slug_of(&tag.name) == slug;
        let (slug, tag) = self.tags.iter().find(|(_, tag)| slug_of(name) == slug && is_it(tag))?;
        Some((slug.clone(), tag.name.clone()))
    }

    pub(super) fn resolve(&self, tags: &Tags) -> Tags {
        once(tags.iter().filter_map(|(slug, _)| self.end_of(slug)))
    }

    /// The tags that a text names, made where they are not there; `had` are those that the post has.
    pub(super) fn ensure(&mut self, tags: &Tags, had: &Tags) -> Tags {
        let own = |tag: &(String, String)| {
            let by_slug = had.iter().find(|had| had.0 == tag.0);
            by_slug.or(had.iter().find(|had| had.1 == tag.1)).unwrap_or(tag).clone()
        };
        let end = |tag| {
            let (slug, name) = own(tag);
            self.end_of(&slug).or_else(|| self.called(&slug, &name)).unwrap_or((slug, name))
        };
        let ends: Tags = tags.iter().map(end).collect();
        // Of two, one of which led to the other before that was removed, each is made.
        let (_, new): (Tags, Tags) =
            ends.iter().cloned().partition(|(slug, _)| self.end_of(slug).is_some());
        for (slug, name) in new {
            self.make_tag(&slug, &name);
        }
        once(ends.into_iter())
    }

    pub(super) fn make_tag(&mut self, slug: &str, name: &str) {
        let tag = Tag { name: name.to_owned(), moved_to: None, gone: false };
        self.tags.insert(slug.to_owned(), tag);
    }

    /// The slug that a new post gets.
    pub(super) fn slug_for_new(&self, wanted: &str, given: bool) -> Result<Option<String>, No> {
        let free = |slug: &String| !self.slugs.contains_key(slug);
        if given {
            let wanted = wanted.to_owned();
            return if free(&wanted) { Ok(Some(wanted)) } else { Err(SLUG_TAKEN) };
        }
        let numbered = [wanted.to_owned(), format!("{wanted}-2"), format!("{wanted}-3")];
        Ok(numbered.into_iter().find(free))
    }

    /// Saves a further revision of a post, whose tags are resolved.
    pub(super) fn save(&mut self, post: usize, revision: Revision) {
        let post = &mut self.posts[post];
        let (old, new) = (post.head().text.slug.clone(), revision.text.slug.clone());
        if old != new {
            self.slugs.entry(new).or_insert_with(|| (post.id.clone(), Place::Nothing));
            let kept = post.appointment.is_some() || post.approved.is_some();
            if post.published_at.is_none() && !kept {
                self.slugs.remove(&old);
            }
        }
        post.version += 1;
        post.tags = revision.text.tags.clone();
        post.revisions.push(revision);
    }

    /// Makes a revision live at a time.
    pub(super) fn go_live(&mut self, post: usize, revision: usize, at: i64, by: (bool, bool)) {
        let tags = self.resolve(&self.posts[post].revisions[revision].text.tags);
        let post = &mut self.posts[post];
        let slug = post.revisions[revision].text.slug.clone();
        if let Some(old) = post.last_slug.replace(slug.clone()).filter(|old| *old != slug) {
            self.slugs.insert(old, (post.id.clone(), Place::LeadsTo(slug.clone())));
        }
        self.slugs.insert(slug, (post.id.clone(), Place::Page));
        post.version += 1;
        post.live = Some(Live { revision, tags, since: at });
        post.published_at.get_or_insert(at);
        if post.appointment.as_ref().is_some_and(|made| made.revision == revision || made.at <= at)
        {
            post.appointment = None;
        }
        if by.1 {
            // A person has moved on from what was approved.
            post.approved = post.approved.filter(|approved| *approved == revision);
        }
        post.history.push(Some((revision, by.0, by.1)));
    }

    /// Unpublishes a post, with its schedule and its approval.
    pub(super) fn take_down(&mut self, post: usize) {
        let post = &mut self.posts[post];
        if let Some(live) = post.live.take() {
            let slug = post.revisions[live.revision].text.slug.clone();
            self.slugs.insert(slug, (post.id.clone(), Place::Nothing));
            post.history.push(None);
        }
        post.approved = None;
        post.appointment = None;
        post.version += 1;
    }

    /// Runs the schedules that are due.
    pub(super) fn run_due_schedules(&mut self, now: i64) {
        for place in 0..self.posts.len() {
            let post = &self.posts[place];
            let Some(made) = post.appointment.clone().filter(|made| made.at <= now) else {
                continue;
            };
            let slug = post.revisions[made.revision].text.slug.clone();
            let allowed = Self::may_make_live(made.person, post, made.revision);
            if allowed.and(self.slug_is_free(&slug, &self.posts[place].id)).is_ok() {
                self.go_live(place, made.revision, made.at, (true, made.person));
            } else {
                // A schedule that cannot be carried out is cancelled.
                self.posts[place].appointment = None;
                self.posts[place].version += 1;
            }
        }
    }

    /// Carries what became of some tags to the posts that carry them.
    pub(super) fn carry(&mut self, changed: &[String]) {
        for place in 0..self.posts.len() {
            let post = &self.posts[place];
            let live = post.live.iter().flat_map(|live| &live.tags);
            if !post.tags.iter().chain(live).any(|(slug, _)| changed.contains(slug)) {
                continue;
            }
            let tags = self.resolve(&post.tags);
            let live = post.live.as_ref().map(|live| self.resolve(&live.tags));
            let post = &mut self.posts[place];
            post.tags = tags;
            if let (Some(page), Some(tags)) = (&mut post.live, live) {
                page.tags = tags;
            }
        }
    }

    /// The live posts, newest first.
    pub(super) fn live(&self) -> Vec<&Post> {
        let mut live: Vec<&Post> = self.posts.iter().filter(|post| post.live.is_some()).collect();
        live.sort_by_key(|post| std::cmp::Reverse((post.published_at, &post.id)));
        live
    }
}
