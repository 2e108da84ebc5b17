//! What the editor does, who reads reviews and approves by them.

use std::collections::BTreeSet;

use http::Method;
use serde_json::{Value, json};

use super::words::{addresses, words_of_review};
use super::{Attack, Decided, JSON, Reading};
use crate::harness::Answer;

impl Attack<'_> {
    pub(super) async fn move_editor(&self, choice: u8, nth: usize) -> Decided {
        let editor = &self.editor;
        match (choice, &self.approved) {
            (0..3, _) => match self.proposals.get(nth % self.proposals.len().max(1)) {
                Some(proposal) => self.review(proposal).await,
                None => Decided::Nothing,
            },
            (3..7, _) => match self.readings.last() {
                Some(reading) => self.approve(reading.clone(), nth).await,
                None => Decided::Nothing,
            },
            // What was approved, without looking again.
            (7, Some((post, revision))) => {
                let path = format!("/v1/manage/posts/{post}/publish");
                editor.try_post(&path, json!({ "revision_id": revision })).await;
                Decided::Nothing
            }
            (8, Some((post, revision))) => {
                let path = format!("/v1/manage/posts/{post}/schedule");
                let at = self.scene.app.byline.context.clock.now().plus_seconds(1);
                let body = json!({ "revision_id": revision, "publish_at": at });
                editor.try_post(&path, body).await;
                if self.fate.stays || nth.is_multiple_of(2) {
                    self.scene.run_due_schedules().await;
                }
                Decided::Nothing
            }
            _ => match &self.post {
                Some(post) => self.publish_as_reviewed(post).await,
                None => Decided::Nothing,
            },
        }
    }

    async fn review(&self, proposal: &str) -> Decided {
        let read = self.read_as_editor(&format!("/v1/manage/proposals/{proposal}")).await;
        match read.filter(|read| !read.json["review"].is_null()) {
            None => Decided::Nothing,
            Some(read) => Decided::Read(self.reading(proposal, &read.json["review"]).await),
        }
    }

    /// What the editor gets to read; nothing where they may not.
    async fn read_as_editor(&self, path: &str) -> Option<Answer> {
        let read = self.editor.try_send(Method::GET, path, &[], None).await.unwrap();
        let is_refused = !self.fate.stays && [401, 403, 404].contains(&read.status);
        assert!(read.status == 200 || is_refused, "{path}: {}", read.body);
        (read.status == 200).then_some(read)
    }

    /// What an editor sees who reads a review and opens every picture.
    async fn reading(&self, proposal: &str, review: &Value) -> Reading {
        let words = words_of_review(review);
        let mut files = BTreeSet::new();
        for line in words.iter().filter(|word| word.starts_with("line ")) {
            for url in addresses(line) {
                if self.scene.serves(url).await {
                    files.insert(url.to_owned());
                }
            }
        }
        let etag = review["etag"].as_str().unwrap().to_owned();
        Reading { proposal: proposal.to_owned(), etag, words, files }
    }

    async fn approve(&self, reading: Reading, nth: usize) -> Decided {
        let path = format!("/v1/manage/proposals/{}/approve", reading.proposal);
        let seen = [("if-match", reading.etag.as_str()), JSON];
        let body = json!({ "publish": nth.is_multiple_of(2) }).to_string();
        let answer = self.editor.try_send(Method::POST, &path, &seen, Some(body)).await.unwrap();
        match answer.status {
            200 => {
                let approval = &answer.json["approval"];
                let revision = approval["revision_id"].as_str().map(str::to_owned);
                let is_this = approval["proposal_id"] == reading.proposal.as_str();
                Decided::Approved(reading, answer.text("/id"), revision.filter(|_| is_this))
            }
            _ => Decided::Nothing,
        }
    }

    async fn publish_as_reviewed(&self, post: &str) -> Decided {
        let path = format!("/v1/manage/posts/{post}");
        let Some(head) = self.read_as_editor(&path).await else { return Decided::Nothing };
        let revision = head.text("/revision_id");
        let review = format!("{path}/review?revision_id={revision}");
        let Some(read) = self.read_as_editor(&review).await else { return Decided::Nothing };
        let reading = self.reading("", &read.json).await;
        let body = json!({ "revision_id": revision, "review": reading.etag });
        let answer = self.editor.try_post(&format!("{path}/publish"), body).await;
        if answer.status == 200 { Decided::Published(reading) } else { Decided::Nothing }
    }
}
