//! What a story leaves behind beside its posts: entries of the audit log, and mails.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use byline_shared::clock::ManualClock;
use byline_shared::model::Role;
use serde_json::Value;

use super::all;
use super::model::Account;
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

    /// A proposal was made: editors and admins are told, but for a person who made it.
    pub(super) fn expect_made(&mut self, actor: usize) {
        let who = self.who(actor);
        let id = self.model.proposals.last().unwrap().id.clone();
        let deciders = self.model.deciders();
        let deciders = deciders.into_iter().filter(|user| !who.person || who.user != *user);
        self.told.extend(deciders.map(|user| (user, id.clone(), false)));
        self.news += 1;
    }

    /// A proposal was decided: whose proposal it was is told, unless they did it.
    pub(super) fn expect_decided(&mut self, proposal: usize, actor: usize) {
        let (by, found) = (self.who(actor).user, &self.model.proposals[proposal]);
        if by != found.by && self.model.accounts[found.by].writes() {
            self.told.push((found.by, found.id.clone(), true));
        }
        self.news += 1;
    }

    /// The schedule of a post ended: editors and admins are told, who made it, and whose post it is.
    pub(super) fn expect_ended(&mut self, post: usize, made_by: usize) {
        let post = &self.model.posts[post];
        let writers = [made_by, post.author].into_iter();
        let writers = writers.filter(|user| self.model.accounts[*user].writes());
        let concerned: BTreeSet<usize> = self.model.deciders().into_iter().chain(writers).collect();
        self.told.extend(concerned.into_iter().map(|user| (user, ended(&post.id), true)));
        self.news += 1;
    }

    /// Proposals, decisions and schedules that end send mails, and nothing else does: each person is told of exactly what
    /// they are to know, once, and of no more at once than in an hour may be.
    pub(super) async fn check_mails(&self) {
        let told = self.told_so_far().await;
        for (user, address) in ADDRESSES.into_iter().enumerate() {
            let expected = self.told.iter().filter(|told| told.0 == user).count();
            let at_once = told.iter().filter(|told| told.0 == address).count();
            assert!(at_once >= expected.min(AT_ONCE), "{address}: {at_once} of {expected}");
        }
    }

    /// Waits until all who are to be told at once have their mail.
    pub(super) async fn until_told(&self) {
        let app = &self.app;
        let done = || app.byline.observer.actions("worker-news");
        app.eventually(async || done().get("DeleteItem").copied().unwrap_or_default() >= self.news)
            .await;
        until_sent_at_once(app).await;
    }

    /// What the mails so far tell: to whom, the proposal, and whether it says that it was decided.
    async fn told_so_far(&self) -> Vec<(String, String, bool)> {
        self.until_told().await;
        let app = &self.app;
        let mut mails = app.byline.mailbox.mails();
        mails.truncate(mails.len() - self.mails);
        let mut told = Vec::new();
        for mail in mails {
            let is_other = |subject: &str| mail.subject.starts_with(subject);
            // Of a new key, its owner is told.
            if is_other("More about proposals") || is_other("A change to your account") {
                continue;
            }
            if mail.subject.starts_with("Not live at") {
                // A post may be scheduled again, and end again.
                told.push((mail.to, ended(&post_of(&mail.links[0])), true));
                continue;
            }
            let proposal = mail.links.iter().find_map(|link| proposal_of(link)).unwrap();
            told.push((mail.to, proposal, !mail.subject.starts_with("For review at")));
        }
        let proposals: Vec<_> = told.iter().filter(|told| !told.1.starts_with(ENDED)).collect();
        let once: BTreeSet<&&(String, String, bool)> = proposals.iter().collect();
        assert_eq!(once.len(), proposals.len(), "nobody is told twice");
        for (address, proposal, decided) in &told {
            let is_it = |it: &&(usize, String, bool)| {
                ADDRESSES[it.0] == address && it.1 == *proposal && it.2 == *decided
            };
            let known = self.told.iter().find(is_it);
            assert!(known.is_some(), "{address} is told of {proposal}");
        }
        told
    }

    /// What was too much for an hour comes when it is over, in one mail: nothing is lost for those who may
    /// read it then.
    pub(super) async fn check_summaries(&mut self) {
        for user in 1..self.users.len() {
            self.set_account(user, Account { role: Role::Editor, disabled: false }).await;
        }
        let at_once = self.told_so_far().await;
        let later = self.app.byline.context.clock.now().plus_seconds(2 * 3600);
        crate::workers::run_at(&self.app, "worker-outbox", Arc::new(ManualClock::at(later))).await;
        let mails = self.app.byline.mailbox.mails();
        let summaries: Vec<_> =
            mails.iter().filter(|mail| mail.subject.starts_with("More about proposals")).collect();
        for (user, address) in ADDRESSES.into_iter().enumerate() {
            let expected = self.told.iter().filter(|told| told.0 == user).count();
            let mut told = at_once.iter().filter(|told| told.0 == address).count();
            for summary in summaries.iter().filter(|mail| mail.to == address) {
                // Proposals that wait, and posts where it goes on.
                let is_entry = |link: &&String| link.contains("/desk/p");
                let listed = summary.links.iter().filter(is_entry).count();
                let rest =
                    summary.text.split("… and ").nth(1).map_or(0, |rest| {
                        rest.split(' ').next().unwrap().parse::<usize>().unwrap()
                    });
                assert!(listed <= 20 && (rest == 0 || listed == 20), "{}", summary.text);
                told += listed + rest;
            }
            assert_eq!(told, expected, "{address}");
        }
    }
}

/// The addresses of the users, by their number.
const ADDRESSES: [&str; 4] =
    ["admin@example.com", "editor@example.com", "one@example.com", "two@example.com"];

/// How many mails about proposals a person gets at once in an hour.
const AT_ONCE: usize = 10;

fn proposal_of(link: &str) -> Option<String> {
    link.split_once("/desk/proposals/").map(|(_, id)| id.to_owned())
}

fn post_of(link: &str) -> String {
    let (_, rest) = link.split_once("/desk/posts/").unwrap_or_else(|| panic!("{link}"));
    rest.split('/').next().unwrap().to_owned()
}

/// What begins the name of a schedule that ended.
const ENDED: &str = "the schedule of ";

fn ended(post: &str) -> String {
    format!("{ENDED}{post}")
}

/// Waits until no mail is left that is to be sent at once.
pub(crate) async fn until_sent_at_once(app: &App) {
    let outbox = app.byline.context.store.outbox();
    // The retry of a new mail is due in a minute.
    let soon = app.byline.context.clock.now().plus_seconds(61);
    app.eventually(|| async {
        for id in outbox.list_due(soon, 50).await.unwrap() {
            let mail = outbox.get(&id).await.unwrap();
            if mail.is_some_and(|mail| mail.not_before.is_none()) {
                return false;
            }
        }
        true
    })
    .await;
}
