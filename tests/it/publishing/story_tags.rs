//! Steps of a story: tags.

use byline_shared::model::Role;
use http::Method;
use serde_json::json;

use super::model::{FORBIDDEN, INVALID, NEEDS_APPROVAL, NOT_FOUND, No, Who, folded, slug_of};
use super::settle;
use super::world::World;

const TAG_EXISTS: No = (409, "tag_exists");

/// What only people who are editors may do.
fn may_change(who: Who) -> Result<(), No> {
    if who.role < Role::Editor {
        return Err(FORBIDDEN);
    }
    if who.person { Ok(()) } else { Err(NEEDS_APPROVAL) }
}

impl World {
    pub(super) async fn create_tag(&mut self, actor: usize) {
        let name = self.tag_name();
        let slug = if self.rng.bool() { slug_of(&name) } else { slug_of(&self.tag_name()) };
        let who = self.who(actor);
        let expected = match who.role < Role::Editor {
            true => Err(FORBIDDEN),
            // Agents give a tag no slug but that of its name.
            false if !who.person && slug != slug_of(&name) => Err(NEEDS_APPROVAL),
            false => self.may_make(who, &name, &slug),
        };
        let body = json!({ "name": name, "slug": slug });
        let request = (Method::POST, "/v1/manage/tags");
        self.call(actor, request, None, Some(body), expected).await;
        if expected.is_ok() {
            self.model.make_tag(&slug, &name);
            if who.person {
                self.model.vouched.insert(format!("tag {name}"));
            }
        }
    }

    /// Whether a tag may be made under a slug: names and slugs of other tags are theirs, and those that
    /// tags had once are for people to take.
    fn may_make(&self, who: Who, name: &str, slug: &str) -> Result<u16, No> {
        if let Some((_, now)) = self.model.called(name) {
            if folded(&now) == folded(name) {
                return Err(TAG_EXISTS);
            }
            if !who.person {
                return Err(NEEDS_APPROVAL);
            }
        }
        if self.model.end_of(slug).is_some() {
            return Err(TAG_EXISTS);
        }
        if who.person || self.model.was_called(slug, name) { Ok(201) } else { Err(NEEDS_APPROVAL) }
    }

    /// Some changes of tags, the one right after the other, and then what they come to.
    pub(super) async fn change_tags(&mut self, actor: usize) {
        let mut changed = Vec::new();
        let alone = self.rng.bool();
        for _ in 0..if alone { 1 } else { self.rng.usize(2..4) } {
            match self.rng.u8(0..5) {
                0..3 => self.rename_tag(actor, alone, &mut changed).await,
                3 => self.merge_tags(actor, &mut changed).await,
                _ => self.delete_tag(actor, &mut changed).await,
            }
        }
        if changed.is_empty() {
            return;
        }
        self.carried += changed.len() as u64;
        settle(&self.app, self.carried).await;
        self.model.carry(&changed);
        // Carrying a change to a post is a write to it, whose number nobody has promised.
        let shown = self.all_posts().await;
        for post in 0..self.model.posts.len() {
            let found = &mut self.model.posts[post];
            let shown = &shown[&found.id];
            let version = shown["version"].as_u64().unwrap();
            assert!(version >= found.version, "{shown}");
            found.carried += version - found.version;
            found.version = version;
            self.check(post, shown);
        }
    }

    /// A tag that some post may carry.
    fn some_tag(&mut self) -> String {
        let used = self.model.posts.iter().flat_map(|post| &post.tags);
        let used: Vec<String> = used.map(|(slug, _)| slug.clone()).collect();
        if used.is_empty() || self.rng.u8(0..4) == 0 {
            return slug_of(&self.tag_name());
        }
        used[self.rng.usize(0..used.len())].clone()
    }

    fn is_tag(&self, slug: &str) -> bool {
        self.model.end_of(slug).is_some_and(|(end, _)| end == slug)
    }

    async fn rename_tag(&mut self, actor: usize, alone: bool, changed: &mut Vec<String>) {
        let slug = match changed.last() {
            // On with the one that was changed just now.
            Some(last) if self.rng.bool() => match self.model.end_of(last) {
                Some((end, _)) => end,
                None => last.clone(),
            },
            _ => self.some_tag(),
        };
        let name = self.tag_name();
        let back = changed.last().filter(|_| self.rng.bool()).cloned();
        let to = match (self.rng.u8(0..3), back) {
            (0, _) => None,
            (_, Some(back)) => Some(back),
            (_, None) => Some(slug_of(&self.tag_name())),
        };
        let is_new = |to: &String| self.model.tags.contains_key(to);
        let is_gone = |to: &String| is_new(to) && self.model.end_of(to).is_none();
        if !alone && to.as_ref().is_some_and(is_gone) {
            // Whether posts that carried it once still do depends on when each change arrives.
            return;
        }
        let expected = may_change(self.who(actor)).and_then(|()| {
            if !self.is_tag(&slug) {
                return Err(NOT_FOUND);
            }
            let is_named = folded(&self.model.tags[&slug].name) == folded(&name);
            let holder = self.model.called(&name).filter(|holder| holder.0 != slug);
            if !is_named && holder.is_some_and(|holder| folded(&holder.1) == folded(&name)) {
                return Err(TAG_EXISTS);
            }
            let Some(to) = to.as_ref().filter(|to| **to != slug) else { return Ok(200) };
            // An address that leads to it can be taken back.
            let leads_here =
                self.model.tags.get(to).is_some_and(|tag| tag.moved_to.as_ref() == Some(&slug));
            let free = leads_here || self.model.end_of(to).is_none();
            if free { Ok(200) } else { Err(TAG_EXISTS) }
        });
        let mut body = json!({ "name": name });
        if let Some(to) = &to {
            body["slug"] = to.as_str().into();
        }
        let path = format!("/v1/manage/tags/{slug}");
        self.call(actor, (Method::PATCH, &path), None, Some(body), expected).await;
        let same = self.model.tags.get(&slug).is_some_and(|tag| tag.name == name);
        let to = to.filter(|to| *to != slug);
        if expected.is_ok() && !(same && to.is_none()) {
            self.model.rename_tag(&slug, &name, to.as_deref());
            self.model.vouched.insert(format!("tag {name}"));
            changed.push(slug);
        }
    }

    fn lead(&mut self, from: &str, to: &str) {
        let tag = self.model.tags.get_mut(from).unwrap();
        tag.moved_to = Some(to.to_owned());
    }

    async fn merge_tags(&mut self, actor: usize, changed: &mut Vec<String>) {
        let (slug, into) = (self.some_tag(), self.some_tag());
        let expected = may_change(self.who(actor)).and_then(|()| {
            if slug == into {
                return Err(INVALID);
            }
            match (self.is_tag(&slug), self.is_tag(&into)) {
                (false, _) => Err(NOT_FOUND),
                (true, false) => Err(INVALID),
                (true, true) => Ok(200),
            }
        });
        let path = format!("/v1/manage/tags/{slug}/merge");
        let body = json!({ "into": into });
        self.call(actor, (Method::POST, &path), None, Some(body), expected).await;
        if expected.is_ok() {
            let name = self.model.tags[&into].name.clone();
            self.model.vouched.insert(format!("tag {name}"));
            self.lead(&slug, &into);
            changed.push(slug);
        }
    }

    async fn delete_tag(&mut self, actor: usize, changed: &mut Vec<String>) {
        let slug = self.some_tag();
        let there = if self.is_tag(&slug) { Ok(204) } else { Err(NOT_FOUND) };
        let expected = may_change(self.who(actor)).and(there);
        let path = format!("/v1/manage/tags/{slug}");
        self.call(actor, (Method::DELETE, &path), None, None, expected).await;
        if expected.is_ok() {
            self.model.tags.get_mut(&slug).unwrap().gone = true;
            changed.push(slug);
        }
    }
}
