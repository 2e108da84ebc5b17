//! Steps of a story: what goes live when, what is taken down, and the trash.

use byline_shared::model::Role;
use http::Method;
use serde_json::json;

use super::model::{FORBIDDEN, INVALID, NEEDS_APPROVAL, No, Schedule, Who};
use super::world::{World, time_text};

/// What only editors may do.
fn may_publish(who: Who) -> Result<(), No> {
    if who.role >= Role::Editor { Ok(()) } else { Err(FORBIDDEN) }
}

impl World {
    /// A revision to make live: mostly the latest, or what was approved.
    fn revision(&mut self, post: usize) -> usize {
        let post = &self.model.posts[post];
        let last = post.revisions.len() - 1;
        match (self.rng.u8(0..10), &post.approved) {
            (0..5, Some(approved)) => approved.revision,
            (0..7, _) => last,
            _ => self.rng.usize(0..=last),
        }
    }

    pub(super) async fn publish(&mut self, actor: usize, post: usize) {
        let (who, seen) = (self.who(actor), self.seen(post, true));
        let mut owner = post;
        if self.rng.u8(0..20) == 0 {
            owner = self.rng.usize(0..self.model.posts.len());
        }
        let revision = self.revision(owner);
        let chosen = self.model.posts[owner].revisions[revision].clone();
        // A person may read the review first, and publish that.
        let reads = who.person && who.role >= Role::Editor && owner == post && self.rng.bool();
        let expected = may_publish(who).and_then(|()| {
            let found = self.model.find_as_seen(who, post, seen)?;
            if owner != post {
                return Err(INVALID);
            }
            if !reads {
                self.model.may_make_live(who.person, found, revision)?;
            }
            self.model.slug_is_free(&chosen.text.slug, &found.id)
        });
        let mut body = json!({ "revision_id": chosen.id });
        if reads {
            let path = self.path(post, &format!("/review?revision_id={}", chosen.id));
            let review = self.call(actor, (Method::GET, &path), None, None, Ok(200)).await;
            body["review"] = review.header("etag").into();
        }
        let path = self.path(post, "/publish");
        let request = (Method::POST, path.as_str());
        let answer = self.call(actor, request, seen, Some(body), expected.map(|()| 200)).await;
        if expected.is_ok() {
            if who.person {
                self.model.vouch_for(post, revision);
            }
            self.model.go_live(post, revision, self.now, (false, who.person));
            self.check(post, &answer.json);
        }
    }

    pub(super) async fn unpublish(&mut self, actor: usize, post: usize) {
        let (who, seen) = (self.who(actor), self.seen(post, true));
        let expected =
            may_publish(who).and_then(|()| self.model.find_as_seen(who, post, seen).map(|_| 200));
        let path = self.path(post, "/unpublish");
        let answer = self.call(actor, (Method::POST, &path), seen, None, expected).await;
        if expected.is_ok() {
            let found = &self.model.posts[post];
            let approved = found.approved.is_some();
            if found.live.is_some() || found.schedule.is_some() || approved {
                self.model.take_down(post);
            }
            self.check(post, &answer.json);
        }
    }

    pub(super) async fn schedule(&mut self, actor: usize, post: usize) {
        let (who, seen) = (self.who(actor), self.seen(post, true));
        let revision = self.revision(post);
        let mut at = self.now + self.rng.i64(-2..40);
        // One at a time, so that their order is known.
        let taken = |at: i64| {
            let made = self.model.posts.iter().filter_map(|post| post.schedule.as_ref());
            made.into_iter().any(|made| made.at == at)
        };
        while taken(at) {
            at += 1;
        }
        let chosen = self.model.posts[post].revisions[revision].id.clone();
        let expected = may_publish(who).and_then(|()| {
            if at <= self.now {
                return Err(INVALID);
            }
            let found = self.model.find_as_seen(who, post, seen)?;
            let approved = found.approved.as_ref().map(|approved| approved.revision);
            if !who.person && approved != Some(revision) {
                return Err(NEEDS_APPROVAL);
            }
            let approver = found.approved.as_ref().map(|approved| approved.by);
            if !who.person && !approver.is_some_and(|user| self.model.may_still_publish(user)) {
                return Err(NEEDS_APPROVAL);
            }
            let live = found.live.as_ref().map(|live| live.revision);
            if live == Some(revision) {
                return Err(INVALID);
            }
            self.model.may_make_live(who.person, found, revision)
        });
        let body = json!({ "revision_id": chosen, "publish_at": time_text(at) });
        let path = self.path(post, "/schedule");
        let request = (Method::POST, path.as_str());
        let answer = self.call(actor, request, seen, Some(body), expected.map(|()| 200)).await;
        if expected.is_ok() {
            if who.person {
                self.model.vouch_for(post, revision);
            }
            let text = &self.model.posts[post].revisions[revision].text;
            let alt = self.model.beside(text).alt;
            let found = &mut self.model.posts[post];
            let (by, person) = (who.user, who.person);
            found.schedule = Some(Schedule { revision, at, by, person, alt });
            found.schedule_failed = false;
            found.version += 1;
            self.check(post, &answer.json);
        }
    }

    pub(super) async fn unschedule(&mut self, actor: usize, post: usize) {
        let (who, seen) = (self.who(actor), self.seen(post, true));
        let expected =
            may_publish(who).and_then(|()| self.model.find_as_seen(who, post, seen).map(|_| 200));
        let path = self.path(post, "/unschedule");
        let answer = self.call(actor, (Method::POST, &path), seen, None, expected).await;
        if expected.is_ok() {
            let found = &mut self.model.posts[post];
            let failed = std::mem::take(&mut found.schedule_failed);
            if found.schedule.take().is_some() || failed {
                found.version += 1;
            }
            self.check(post, &answer.json);
        }
    }

    pub(super) async fn trash(&mut self, actor: usize, post: usize) {
        let (who, seen) = (self.who(actor), self.seen(post, false));
        let expected = self.model.find_as_seen(who, post, seen).and_then(|found| {
            let shown = found.live.is_some() || found.schedule.is_some();
            if shown { may_publish(who) } else { Ok(()) }
        });
        let path = self.path(post, "");
        let request = (Method::DELETE, path.as_str());
        self.call(actor, request, seen, None, expected.map(|()| 204)).await;
        if expected.is_ok() {
            self.model.take_down(post);
            self.model.posts[post].trashed = true;
        }
    }

    pub(super) async fn restore(&mut self, actor: usize, post: usize) {
        let expected = self.model.find(self.who(actor), post).map(|_| 200);
        let path = self.path(post, "/restore");
        let answer = self.call(actor, (Method::POST, &path), None, None, expected).await;
        if expected.is_ok() {
            let found = &mut self.model.posts[post];
            if std::mem::take(&mut found.trashed) {
                found.version += 1;
            }
            self.check(post, &answer.json);
        }
    }
}
