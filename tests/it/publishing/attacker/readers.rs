//! What readers get, held to what was shown.

use std::collections::BTreeSet;

use http::Method;

use super::Attack;
use super::words::{addresses, words_of};
use crate::harness::Answer;

impl Attack<'_> {
    /// What readers get under a slug.
    async fn read(&self, slug: &str) -> Option<Answer> {
        let path = format!("/v1/posts/{slug}");
        let reader = &self.scene.reader;
        let answer = reader.try_send(Method::GET, &path, &[], None).await.unwrap();
        (answer.status == 200).then_some(answer)
    }

    /// Holds everything that readers get to what was shown. Answers the revisions that are live.
    pub(super) async fn check(&self) -> BTreeSet<String> {
        let mut revisions = BTreeSet::new();
        for slug in &self.slugs {
            let Some(live) = self.read(slug).await else { continue };
            revisions.insert(live.text("/revision_id"));
            let tags = live.json["tags"].as_array().unwrap().iter();
            let tags: Vec<&str> = tags.map(|tag| tag["name"].as_str().unwrap()).collect();
            let body = live.text("/body");
            let lines: Vec<&str> = body.lines().collect();
            let words = words_of(&live.json, &tags, live.json["cover"]["alt"].as_str(), &lines);
            let unseen: Vec<&String> = words.difference(&self.words).collect();
            assert!(unseen.is_empty(), "nobody approved {unseen:?}: {}", live.body);
            for url in addresses(&body) {
                let is_seen = self.files.contains(url);
                assert!(is_seen || !self.scene.serves(url).await, "nobody saw {url}");
            }
        }
        revisions
    }
}
