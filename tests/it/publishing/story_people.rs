//! Steps of a story: what people may do changes, and what works for them ends and begins.

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use super::model::{Account, No, UNAUTHENTICATED};
use super::world::{World, time_text};
use super::{new_api_key, settle};
use crate::harness::NO_REVIEW;

/// The role that each user has most of the time.
const USUAL: [Role; 4] = [Role::Admin, Role::Editor, Role::Author, Role::Author];

/// The user whose key there is, and the key among those who act.
const OWNER: usize = 1;
const KEY: usize = 4;

impl World {
    /// Now and then an admin changes what somebody may do, or the editor's key ends.
    pub(super) async fn change_rights(&mut self) {
        match self.rights.u8(0..50) {
            0..3 => self.change_account().await,
            3 => self.change_key().await,
            _ => {}
        }
    }

    /// Mostly back to what somebody was, so that the story goes on.
    async fn change_account(&mut self) {
        let user = [1, 1, 1, 2, 3][self.rights.usize(0..5)];
        let usual = Account { role: USUAL[user], disabled: false };
        let goes_back = self.model.accounts[user] != usual && self.rights.u8(0..4) > 0;
        let after = if goes_back {
            usual
        } else {
            let roles = [Role::Reader, Role::Author, Role::Author, Role::Editor];
            let role = roles[self.rights.usize(0..roles.len())];
            Account { role, disabled: self.rights.u8(0..3) == 0 }
        };
        self.set_account(user, after).await;
    }

    pub(super) async fn set_account(&mut self, user: usize, after: Account) {
        let before = self.model.accounts[user];
        if before == after {
            return;
        }
        // Who is to know of what happened up to here is decided by what they may do up to here.
        self.until_told().await;
        let path = format!("/v1/users/{}", self.users[user].0);
        let body = json!({ "role": after.role, "disabled": after.disabled });
        let answer = self.call(0, (Method::PATCH, &path), None, Some(body), Ok(200)).await;
        assert_eq!(answer.json["role"], json!(after.role), "{}", answer.body);
        assert_eq!(answer.json["disabled"], after.disabled, "{}", answer.body);
        self.model.accounts[user] = after;
        if before.disabled {
            // Their sessions ended with that; their keys did not.
            self.sign_in(user).await;
        }
        if before.loses(after) {
            self.carried += 1;
            settle(&self.app, self.carried).await;
            for (post, made_by) in self.model.end_without_right() {
                self.expect_ended(post, made_by);
                let path = self.path(post, "");
                let shown = self.call(0, (Method::GET, &path), None, None, Ok(200)).await;
                self.check(post, &shown.json);
                assert_eq!(shown.text("/schedule_failed/code"), "approval_required");
            }
        }
    }

    /// The editor revokes the key, or makes another one. What the account scheduled with it stays.
    async fn change_key(&mut self) {
        if self.model.accounts[OWNER].disabled {
            return;
        }
        let owner = self.actors[OWNER].client.clone();
        if let Some(id) = self.key.take() {
            let path = format!("/v1/auth/api-keys/{id}");
            self.call(OWNER, (Method::DELETE, &path), None, None, Ok(204)).await;
            return;
        }
        let made = new_api_key(&owner).await;
        let client = self.app.with_token(&made.text("/key"));
        self.key = Some(made.text("/id"));
        let key = &mut self.actors[KEY];
        (key.agent, key.client) = (client.clone(), client);
    }

    /// What an actor is told who may do nothing at all.
    pub(super) fn refusal(&self, actor: usize) -> Option<No> {
        let is_revoked = actor == KEY && self.key.is_none();
        if is_revoked { Some(UNAUTHENTICATED) } else { self.model.refusal(self.who(actor)) }
    }

    /// Somebody tries all the same, with a request that would do if they might.
    pub(super) async fn try_in_vain(&mut self, actor: usize, no: No) {
        let (choice, count) = (self.rights.u8(0..8), self.model.posts.len());
        let body = json!({ "title": "In vain", "body": "In vain.\n" });
        if count == 0 || choice == 0 {
            let request = (Method::POST, "/v1/manage/posts");
            self.call(actor, request, None, Some(body), Err(no)).await;
            return;
        }
        let post = self.rights.usize(0..count);
        let (id, version) = (&self.model.posts[post].head().id, self.model.posts[post].version);
        let at = time_text(self.now + 60);
        let of_head = json!({ "revision_id": id });
        let later = json!({ "revision_id": id, "publish_at": at });
        let (method, rest, seen, body) = match choice {
            1 => (Method::POST, "/publish", None, of_head),
            2 => (Method::POST, "/schedule", None, later),
            3 => (Method::POST, "/unpublish", None, Value::Null),
            4 => (Method::PATCH, "", Some(version), body),
            5 => (Method::DELETE, "", Some(version), Value::Null),
            6 if !self.model.proposals.is_empty() => {
                let last = &self.model.proposals[self.model.proposals.len() - 1].id;
                let path = format!("/v1/manage/proposals/{last}/approve");
                let (seen, body) = (Some(NO_REVIEW.to_owned()), Some(json!({ "publish": true })));
                let request = (Method::POST, path.as_str());
                self.call_as_seen(actor, request, seen, body, Err(no)).await;
                return;
            }
            _ => (Method::GET, "", None, Value::Null),
        };
        let path = self.path(post, rest);
        let body = Some(body).filter(|body| !body.is_null());
        self.call(actor, (method, &path), seen, body, Err(no)).await;
    }
}
