//! What a story leaves behind beside its posts: entries of the audit log, and mails.

use std::collections::BTreeMap;

use serde_json::Value;

use super::all;
use super::world::World;
use crate::harness::App;

fn text<'a>(entry: &'a Value, name: &str) -> &'a str {
    entry[name].as_str().unwrap_or_default()
}

/// Waits until no mail is left to be sent.
pub(super) async fn until_sent(app: &App) {
    let outbox = app.byline.context.store.outbox();
    let far = app.byline.context.clock.now().plus_seconds(3600);
    app.eventually(|| async { outbox.list_due(far, 1).await.unwrap().is_empty() }).await;
}

impl World {
    /// Every write to a post has one entry, every publication is in the log as it is in the history,
    /// and all entries say who did it.
    pub(super) async fn check_audit_log(&self) {
        let admin = &self.actors[0].client;
        let mut log = all(admin, "/v1/admin/audit").await;
        log.reverse();
        let users: Vec<&str> = self.users.iter().map(|(id, _)| id.as_str()).collect();
        let mut by_post: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
        let mut approvals: BTreeMap<&str, &Value> = BTreeMap::new();
        for entry in &log {
            let (event, done) = (text(entry, "event"), text(entry, "outcome") == "success");
            if event == "proposal_approved" {
                assert!(done, "{entry}");
                approvals.insert(text(entry, "detail"), entry);
            } else if event.starts_with("post_") {
                by_post.entry(text(entry, "subject")).or_default().push(entry);
            }
            if event.starts_with("post_") || event.starts_with("proposal_") {
                assert!(users.contains(&text(entry, "actor")), "{entry}");
            }
        }
        for post in &self.model.posts {
            let none = Vec::new();
            let entries = by_post.get(post.id.as_str()).unwrap_or(&none);
            let approved =
                post.revisions.iter().filter(|it| approvals.contains_key(it.id.as_str()));
            let count = entries.len() + approved.count();
            // A tag that changes has an entry of its own, for all posts that carry it.
            let writes = post.version - post.carried;
            assert_eq!(count as u64, writes, "an entry for each write: {entries:?}");
            let live = post.history.iter().flatten().map(|(revision, scheduled, _)| {
                let how = if *scheduled { ", as scheduled" } else { "" };
                format!("{}{how}", post.revisions[*revision].id)
            });
            let mut live: Vec<String> = live.collect();
            let published = entries.iter().filter(|entry| text(entry, "event") == "post_published");
            let published: Vec<&&Value> = published.collect();
            // Those of one instant, as when a schedule is due while somebody publishes, come in any order.
            let mut logged = Vec::new();
            let mut rest = live.as_mut_slice();
            for instant in published.chunk_by(|one, next| text(one, "at") == text(next, "at")) {
                let mut details: Vec<&str> = instant.iter().map(|it| text(it, "detail")).collect();
                details.sort_unstable();
                logged.append(&mut details);
                let (first, later) = rest.split_at_mut(instant.len().min(rest.len()));
                first.sort_unstable();
                rest = later;
            }
            assert_eq!(logged, live, "every publication, in order");
        }
        assert!(by_post.len() <= self.model.posts.len(), "and of no other post");
    }

    /// Nothing that is written, proposed or published sends a mail.
    pub(super) async fn check_mails(&self) {
        until_sent(&self.app).await;
        assert_eq!(
            self.app.byline.mailbox.mails().len(),
            self.mails,
            "a mail that nobody asked for"
        );
    }
}
