//! What must be so: the rules of publishing told once more, in the plainest way.

use byline_shared::model::Role;

use super::model::{
    Beside, Live, Model, NEEDS_APPROVAL, NOT_FOUND, No, Place, Post, Revision, SLUG_TAKEN, STALE,
    Text, Who,
};

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

    /// What readers would get beside a text now.
    pub(super) fn beside(&self, text: &Text) -> Beside {
        let tags = self.resolve(&text.tags).into_iter().map(|(_, name)| name).collect();
        let alt = text.cover.map(|cover| self.pictures[cover].alt.clone());
        Beside { tags, alt }
    }

    /// Whether what is said about a cover is as it was, or was written by somebody who may publish.
    fn is_covered(&self, text: &Text, alt: Option<&String>) -> bool {
        let by_publisher = text.cover.is_none_or(|cover| self.pictures[cover].by_publisher);
        by_publisher || self.beside(text).alt.as_ref() == alt
    }

    /// Agents make live what a person approved who may still publish, as it was shown then, and nothing
    /// else. A person who publishes that without looking again gets no new words of an agent's with it.
    pub(super) fn may_make_live(
        &self,
        person: bool,
        post: &Post,
        revision: usize,
    ) -> Result<(), No> {
        let text = &post.revisions[revision].text;
        let approved = post.approved.as_ref().filter(|approved| approved.revision == revision);
        let may = match (person, approved) {
            (true, None) => true,
            (true, Some(approved)) => self.is_covered(text, approved.beside.alt.as_ref()),
            (false, Some(approved)) => {
                self.may_still_publish(approved.by) && self.beside(text) == approved.beside
            }
            (false, None) => false,
        };
        if may { Ok(()) } else { Err(NEEDS_APPROVAL) }
    }

    /// Notes that somebody with the right to publish stands for a text and what is beside it.
    pub(super) fn vouch(&mut self, text: &Text, beside: &Beside) {
        self.vouched.insert(format!("title {}", text.title));
        self.vouched.insert(format!("body {}", text.body));
        self.vouched.extend(beside.tags.iter().map(|name| format!("tag {name}")));
        self.vouched.extend(beside.alt.iter().map(|alt| format!("alt {alt}")));
    }

    /// As [`Self::vouch`], for a revision as it is now.
    pub(super) fn vouch_for(&mut self, post: usize, revision: usize) {
        let text = self.posts[post].revisions[revision].text.clone();
        let beside = self.beside(&text);
        self.vouch(&text, &beside);
    }

    pub(super) fn slug_is_free(&self, slug: &str, post: &str) -> Result<(), No> {
        let holder = self.slugs.get(slug).map(|(holder, _)| holder.as_str());
        if holder.is_none_or(|holder| holder == post) { Ok(()) } else { Err(SLUG_TAKEN) }
    }

    /// A text with the changes that two others made of one; nothing where both changed the same. The
    /// tags of `theirs` are those that `ensure` found: one that is yet to be made leads nowhere.
    pub(super) fn merge(&self, base: &Text, ours: &Text, theirs: &Text) -> Option<Text> {
        fn pick<T: Clone + PartialEq>(base: T, ours: T, theirs: T) -> Option<T> {
            match (base == ours, base == theirs || ours == theirs) {
                (true, _) => Some(theirs),
                (false, true) => Some(ours),
                (false, false) => None,
            }
        }
        let text = |get: fn(&Text) -> String| pick(get(base), get(ours), get(theirs));
        Some(Text {
            title: text(|text| text.title.clone())?,
            slug: text(|text| text.slug.clone())?,
            // Each of these texts is one line.
            body: text(|text| text.body.clone())?,
            tags: pick(self.resolve(&base.tags), self.resolve(&ours.tags), theirs.tags.clone())?,
            featured: pick(base.featured, ours.featured, theirs.featured)?,
            language: pick(base.language.clone(), ours.language.clone(), theirs.language.clone())?,
            cover: pick(base.cover, ours.cover, theirs.cover)?,
        })
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
            let kept = post.schedule.is_some() || post.approved.is_some();
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
        let alt = self.beside(&self.posts[post].revisions[revision].text).alt;
        let post = &mut self.posts[post];
        let before = post.live.as_ref().map(|live| live.revision);
        let slug = post.revisions[revision].text.slug.clone();
        if let Some(old) = post.last_slug.replace(slug.clone()).filter(|old| *old != slug) {
            self.slugs.insert(old, (post.id.clone(), Place::LeadsTo(slug.clone())));
        }
        self.slugs.insert(slug, (post.id.clone(), Place::Page));
        post.version += 1;
        post.live = Some(Live { revision, tags, alt, since: at });
        post.published_at.get_or_insert(at);
        if post.schedule.as_ref().is_some_and(|made| made.revision == revision || made.at <= at) {
            post.schedule = None;
        }
        post.schedule_failed = false;
        if by.1 {
            // A person has moved on from what was approved.
            post.approved = post.approved.take().filter(|approved| approved.revision == revision);
        }
        // Nor does it wait any more, once it was carried out.
        let was_live = |approved: usize| before == Some(approved);
        post.approval = post
            .approval
            .filter(|approved| *approved == revision || !(by.1 || was_live(*approved)));
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
        (post.approved, post.approval) = (None, None);
        (post.schedule, post.schedule_failed) = (None, false);
        post.version += 1;
    }

    /// Runs the schedules that are due. Answers the posts whose schedules cannot be carried out, and who
    /// made those.
    pub(super) fn run_due_schedules(&mut self, now: i64) -> Vec<(usize, usize)> {
        let mut ended = Vec::new();
        for place in 0..self.posts.len() {
            let post = &self.posts[place];
            let Some(made) = post.schedule.clone().filter(|made| made.at <= now) else {
                continue;
            };
            let slug = post.revisions[made.revision].text.slug.clone();
            let text = &post.revisions[made.revision].text;
            let allowed = match made.person {
                _ if !self.may_still_publish(made.by) => Err(NEEDS_APPROVAL),
                true if self.is_covered(text, made.alt.as_ref()) => Ok(()),
                true => Err(NEEDS_APPROVAL),
                false => self.may_make_live(false, post, made.revision),
            };
            if allowed.and(self.slug_is_free(&slug, &self.posts[place].id)).is_ok() {
                self.go_live(place, made.revision, made.at, (true, made.person));
            } else {
                // A schedule that cannot be carried out is cancelled.
                self.end_schedule(place);
                ended.push((place, made.by));
            }
        }
        ended
    }

    /// A schedule ends that cannot be carried out.
    pub(super) fn end_schedule(&mut self, post: usize) {
        let post = &mut self.posts[post];
        (post.schedule, post.schedule_failed) = (None, true);
        post.version += 1;
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
