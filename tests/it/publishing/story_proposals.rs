//! Steps of a story: proposals.

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use super::model::{Approved, FORBIDDEN, NOT_FOUND, No, Proposal, Revision, Stage, Text, Who};
use super::world::World;
use crate::harness::{Answer, NO_REVIEW};

const DECIDED: No = (409, "proposal_decided");

impl World {
    pub(super) async fn propose_new(&mut self, actor: usize) {
        let (text, given, names) = self.new_text();
        let mut body = json!({
            "title": text.title,
            "body": text.body,
            "tags": names,
            "featured": text.featured,
            "language": text.language,
        });
        if text.language.is_none() {
            body.as_object_mut().unwrap().remove("language");
        }
        if let Some(cover) = text.cover {
            body["cover"] = self.model.pictures[cover].id.as_str().into();
        }
        if let Some(given) = &given {
            body["slug"] = given.as_str().into();
        }
        let request = (Method::POST, "/v1/manage/proposals");
        let answer = self.call(actor, request, None, Some(body), Ok(201)).await;
        self.model.proposals.push(Proposal {
            id: answer.text("/id"),
            revision_id: answer.text("/revision_id"),
            post_id: answer.text("/post_id"),
            author: self.who(actor).user,
            by: self.who(actor).user,
            base: None,
            slug_given: given.is_some(),
            text,
            stage: Stage::Pending,
        });
        self.expect_made(actor);
    }

    pub(super) async fn propose_change(&mut self, actor: usize, post: usize) {
        let found = &self.model.posts[post];
        let last = found.revisions.len() - 1;
        let base = if self.rng.u8(0..5) == 0 { self.rng.usize(0..=last) } else { last };
        let Revision { id, text } = found.revisions[base].clone();
        let (mut body, mut text, named) = self.changed(&text);
        text.tags = named.unwrap_or(text.tags);
        body["base_revision_id"] = id.into();
        let expected = self.model.find_active(self.who(actor), post).map(|_| 201);
        let path = self.path(post, "/proposals");
        let answer = self.call(actor, (Method::POST, &path), None, Some(body), expected).await;
        if expected.is_ok() {
            let (user, found) = (self.who(actor).user, &self.model.posts[post]);
            assert_eq!(answer.text("/body"), text.body);
            self.model.proposals.push(Proposal {
                id: answer.text("/id"),
                revision_id: answer.text("/revision_id"),
                post_id: found.id.clone(),
                author: found.author,
                by: user,
                base: Some((post, base)),
                slug_given: true,
                text,
                stage: Stage::Pending,
            });
            self.expect_made(actor);
        }
    }

    /// A proposal to decide on: mostly a late one.
    fn proposal(&mut self) -> Option<usize> {
        let count = self.model.proposals.len();
        if count == 0 {
            return None;
        }
        let least = if self.rng.u8(0..4) > 0 { count.saturating_sub(4) } else { 0 };
        Some(self.rng.usize(least..count))
    }

    /// A proposal that the caller sees and that waits.
    fn find_pending(&self, who: Who, proposal: usize) -> Result<&Proposal, No> {
        let found = &self.model.proposals[proposal];
        if who.role < Role::Editor && found.author != who.user {
            return Err(NOT_FOUND);
        }
        if found.stage == Stage::Pending { Ok(found) } else { Err(DECIDED) }
    }

    pub(super) async fn approve(&mut self, actor: usize) {
        let Some(proposal) = self.proposal() else { return };
        let (who, publish) = (self.who(actor), self.rng.bool());
        let editor = who.role >= Role::Editor;
        let found = match (who.person, editor || !publish) {
            (true, true) => self.find_pending(who, proposal).cloned(),
            _ => Err(FORBIDDEN),
        };
        let read = format!("/v1/manage/proposals/{}", self.model.proposals[proposal].id);
        let path = format!("{read}/approve");
        let body = Some(json!({ "publish": publish }));
        let request = (Method::POST, path.as_str());
        let mut found = match found {
            Ok(found) => found,
            Err(no) => {
                let seen = Some(NO_REVIEW.to_owned());
                self.call_as_seen(actor, request, seen, body, Err(no)).await;
                return;
            }
        };
        let read = self.call(actor, (Method::GET, &read), None, None, Ok(200)).await;
        let seen = read.json["review"]["etag"].as_str().unwrap_or(NO_REVIEW).to_owned();
        let seen = Some(seen);
        let post = match found.base {
            None => {
                found.text.tags = self.model.ensure(&found.text.tags, &Vec::new());
                let slug = self.model.slug_for_new(&found.text.slug, found.slug_given);
                let expected = slug.clone().map(|_| 200);
                let answer = self.call_as_seen(actor, request, seen, body, expected).await;
                let Ok(slug) = slug else { return };
                assert_eq!(answer.text("/id"), found.post_id);
                self.begin_approved(&found, slug, &answer, publish);
                self.model.posts.len() - 1
            }
            Some((post, base)) => {
                let expected = self.model.find_active(who, post).map(|_| ());
                let expected = expected.and_then(|()| self.text_on(post, base, &found));
                let expected = expected.and_then(|(text, merged)| {
                    self.model.slug_is_free(&text.slug, &self.model.posts[post].id)?;
                    Ok((text, merged))
                });
                let status = expected.as_ref().map(|_| 200).map_err(|no| *no);
                let answer = self.call_as_seen(actor, request, seen, body, status).await;
                match expected {
                    Ok((text, merged)) => {
                        let id = answer.text("/revision_id");
                        assert_eq!(
                            id != found.revision_id,
                            merged,
                            "what was proposed is approved"
                        );
                        self.model.save(post, Revision { id, text });
                    }
                    Err((_, "proposal_conflict")) => {
                        let head = &self.model.posts[post].head().id;
                        assert_eq!(answer.text("/conflict/head_revision_id"), *head);
                        return;
                    }
                    Err(_) => return,
                }
                post
            }
        };
        self.model.proposals[proposal].stage = Stage::Ended;
        self.expect_decided(proposal, actor);
        let last = self.model.posts[post].revisions.len() - 1;
        if editor {
            self.vouch_for_review(&read.json["review"]);
            let beside = self.model.beside(&self.model.posts[post].revisions[last].text);
            let approved = Approved { revision: last, by: who.user, beside };
            self.model.approvers.insert(self.model.posts[post].head().id.clone(), who.user);
            self.model.posts[post].approved = Some(approved);
            self.model.posts[post].approval = Some(last);
        }
        if publish {
            self.model.go_live(post, last, self.now, (false, true));
        }
        let path = self.path(post, "");
        let answer = self.call(actor, (Method::GET, &path), None, None, Ok(200)).await;
        self.check(post, &answer.json);
    }

    /// The text that approving a change makes, with its tags made, and whether it is merged.
    fn text_on(&mut self, post: usize, base: usize, found: &Proposal) -> Result<(Text, bool), No> {
        let had = self.model.posts[post].revisions[base].text.tags.clone();
        let mut text = found.text.clone();
        if self.model.posts[post].revisions.len() - 1 == base {
            text.tags = self.model.ensure(&text.tags, &had);
            return Ok((text, false));
        }
        // What is in conflict makes no tag.
        text.tags = self.model.clone().ensure(&text.tags, &had);
        let head = &self.model.posts[post];
        let base = &head.revisions[base].text;
        let merged = self.model.merge(base, &head.head().text, &text);
        let mut text = merged.ok_or((409, "proposal_conflict"))?;
        text.tags = self.model.ensure(&text.tags, &Vec::new());
        Ok((text, true))
    }

    /// Takes every word of a review for seen. What it does not show is live already.
    fn vouch_for_review(&mut self, review: &Value) {
        let vouched = &mut self.model.vouched;
        let changes = &review["changes"];
        for change in changes["fields"].as_array().unwrap() {
            if change["field"] == "title" {
                vouched.insert(format!("title {}", change["to"].as_str().unwrap()));
            }
        }
        // The bodies here are one line each.
        let hunks = changes["hunks"].as_array().unwrap().iter();
        for line in hunks.flat_map(|hunk| hunk["lines"].as_array().unwrap()) {
            if line["kind"] == "added" {
                let words = line["words"].as_array().unwrap().iter();
                let text: String = words.map(|word| word["text"].as_str().unwrap()).collect();
                vouched.insert(format!("body {text}\n"));
            }
        }
        for name in review["tags"]["after"].as_array().unwrap() {
            vouched.insert(format!("tag {}", name.as_str().unwrap()));
        }
        vouched.extend(review["cover"]["alt"].as_str().map(|alt| format!("alt {alt}")));
    }

    /// A new post that is approved, and perhaps live already.
    fn begin_approved(
        &mut self,
        found: &Proposal,
        slug: Option<String>,
        answer: &Answer,
        published: bool,
    ) {
        assert_eq!(answer.text("/revision_id"), found.revision_id);
        // As it was the moment before.
        let mut json = answer.json.clone();
        json["approval"] = Value::Null;
        if published {
            assert_eq!(answer.json["live_revision_id"], answer.json["revision_id"]);
            json["version"] = 1.into();
            json["status"] = "draft".into();
            json["live_revision_id"] = Value::Null;
            json["published_at"] = Value::Null;
        }
        let answer = Answer {
            status: answer.status,
            headers: answer.headers.clone(),
            body: answer.body.clone(),
            json,
        };
        self.begin(found.author, found.text.clone(), slug, &answer);
    }

    pub(super) async fn end(&mut self, actor: usize, how: &str) {
        let Some(proposal) = self.proposal() else { return };
        let who = self.who(actor);
        let expected = if how == "reject" && !who.person {
            Err(FORBIDDEN)
        } else {
            let found = &self.model.proposals[proposal];
            let is_theirs = found.by == who.user || who.person && who.role >= Role::Editor;
            let pending = self.find_pending(who, proposal).map(|_| 200);
            let may = how == "reject" || is_theirs || pending == Err(NOT_FOUND);
            let post = found.base.map(|(post, _)| &self.model.posts[post]);
            // Nothing is turned down before its post is restored.
            let is_trashed = how == "reject" && post.is_some_and(|post| post.trashed);
            match pending {
                Ok(_) if may && is_trashed => Err((409, "post_trashed")),
                _ if may => pending,
                _ => Err(FORBIDDEN),
            }
        };
        let path = format!("/v1/manage/proposals/{}/{how}", self.model.proposals[proposal].id);
        self.call(actor, (Method::POST, &path), None, None, expected).await;
        if expected.is_ok() {
            self.model.proposals[proposal].stage = Stage::Ended;
            self.expect_decided(proposal, actor);
        }
    }
}
