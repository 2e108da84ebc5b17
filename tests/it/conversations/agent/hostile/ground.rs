//! Everything that the tables hold, and what of it an agent may change for a person.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::Client as DynamoDb;
use byline_shared::model::{AgentMode, Role};
use serde_json::Value;

use crate::harness::App;

/// What is in the tables, by table, partition key and sort key.
#[derive(PartialEq)]
pub(super) struct Ground(BTreeMap<Key, Value>);

type Key = (&'static str, String, String);

/// What a person, and their agent in this conversation, may do for a while.
#[derive(Clone)]
pub(super) struct Rights {
    pub(super) user: String,
    pub(super) conversation: String,
    pub(super) role: Role,
    pub(super) disabled: bool,
    pub(super) mode: AgentMode,
}

/// What changed in a while.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub(super) drafts: usize,
    pub(super) edits: usize,
    pub(super) proposals: usize,
}

impl Ground {
    /// What is there when no worker has anything to do.
    pub(super) async fn of(app: &App) -> Self {
        loop {
            let ground = Self::scan(app).await;
            if !ground.is_at_work() {
                return ground;
            }
            app.eventually(|| async { !Self::scan(app).await.is_at_work() }).await;
        }
    }

    async fn scan(app: &App) -> Self {
        let cx = &app.byline.context;
        let tables = [
            ("agent", &cx.config.agent_table),
            ("content", &cx.config.content_table),
            ("identity", &cx.config.identity_table),
        ];
        let mut all = BTreeMap::new();
        for (table, name) in tables {
            let scan = DynamoDb::new(&cx.sdk).scan().table_name(name).consistent_read(true);
            let mut items = scan.into_paginator().items().send();
            while let Some(item) = items.next().await {
                let item: Value =
                    serde_dynamo::aws_sdk_dynamodb_1::from_item(item.unwrap()).unwrap();
                let text = |name: &str| item[name].as_str().unwrap().to_owned();
                all.insert((table, text("pk"), text("sk")), item);
            }
        }
        Self(all)
    }

    fn is_at_work(&self) -> bool {
        self.0.keys().any(|(_, pk, _)| pk.starts_with("NEWS#") || pk.starts_with("PROPAGATION#"))
    }

    fn get(&self, table: &'static str, pk: &str, sk: &str) -> Option<&Value> {
        self.0.get(&(table, pk.to_owned(), sk.to_owned()))
    }

    /// What was done until `after`.
    ///
    /// # Panics
    /// If anything changed that nobody with these rights may change.
    pub(super) fn done(&self, after: &Self, rights: &Rights, what: &str) -> Done {
        let mut done = Done::default();
        let keys: BTreeSet<&Key> = self.0.keys().chain(after.0.keys()).collect();
        for key in keys {
            let change = Change { key, old: self.0.get(key), new: after.0.get(key) };
            if change.old == change.new {
                continue;
            }
            let (old, new) = (&change.old, &change.new);
            let is_allowed = change.is_allowed(rights, after);
            assert!(is_allowed, "{what}: {key:?}\nwas {old:#?}\nis {new:#?}");
            match (key.2.as_str(), change.is_new()) {
                ("POST", true) => done.drafts += 1,
                ("POST", false) => done.edits += 1,
                ("PROPOSAL", true) => done.proposals += 1,
                _ => {}
            }
        }
        done
    }
}

impl Rights {
    fn has_access(&self) -> bool {
        self.role >= Role::Author && !self.disabled
    }

    fn may_propose(&self) -> bool {
        self.has_access() && self.mode >= AgentMode::Propose
    }

    /// Drafts of others are an editor's.
    fn may_save(&self, post: &Value) -> bool {
        let is_own = post["author"]["id"] == self.user.as_str();
        self.has_access() && self.mode >= AgentMode::Draft && (is_own || self.role >= Role::Editor)
    }

    /// Whether it names this person's agent in this conversation.
    fn is_agent(&self, by: &Value) -> bool {
        by["kind"] == "agent"
            && by["user_id"] == self.user.as_str()
            && by["conversation_id"] == self.conversation.as_str()
    }
}

/// What an item was and is.
struct Change<'a> {
    key: &'a Key,
    old: Option<&'a Value>,
    new: Option<&'a Value>,
}

impl Change<'_> {
    fn is_new(&self) -> bool {
        self.old.is_none()
    }

    fn is_allowed(&self, rights: &Rights, after: &Ground) -> bool {
        let (table, pk, sk) = self.key;
        let (kind, id) = pk.split_once('#').unwrap_or((pk.as_str(), ""));
        let is_mine = id == rights.user;
        match (*table, kind, self.new) {
            ("agent", "CONVERSATION", _) => id == rights.conversation,
            ("agent", "CONVERSATIONS", Some(_)) => is_mine,
            ("agent", "USAGE", Some(_)) => is_mine || id == "SITE",
            // Rate limits, and the mails that tell reviewers of proposals.
            ("identity", "LIMIT" | "MAIL" | "TOLD", _) => true,
            ("content", "AUDIT", Some(entry)) => self.is_new() && is_entry(entry, rights),
            ("content", "POST", Some(new)) => {
                let post = after.get("content", pk, "POST").unwrap();
                rights.may_save(post)
                    && match sk.split('#').next() {
                        Some("POST") => self.is_saved_draft(new),
                        Some("REVISION") => self.is_new() && rights.is_agent(&new["created_by"]),
                        _ => false,
                    }
            }
            ("content", "SLUG", _) => self.reserves_slug(rights, after),
            // A draft brings its new tags. No reader sees them.
            ("content", "TAGS", Some(tag)) => {
                self.is_new() && saves(rights) && tag["post_count"] == 0
            }
            ("content", "TAGNAME", Some(_)) => self.is_new() && saves(rights),
            ("content", "PROPOSAL", Some(new)) => {
                self.is_new()
                    && rights.may_propose()
                    && (sk == "TEXT" || is_proposal(new, rights, after))
            }
            _ => false,
        }
    }

    /// A new draft, or one with another text: all that readers see, and what was decided, stays.
    fn is_saved_draft(&self, new: &Value) -> bool {
        let Some(old) = self.old else {
            let nothing =
                ["live", "live_revision_id", "schedule", "approval", "approved", "trashed_at"];
            return new["status"] == "draft" && nothing.iter().all(|field| new[field].is_null());
        };
        let kept = [
            "id",
            "status",
            "author",
            "created_at",
            "published_at",
            "trashed_at",
            "live",
            "live_revision_id",
            "last_slug",
            "schedule",
            "scheduled_by",
            "scheduled_content",
            "scheduled_media",
            "approval",
            "approved",
        ];
        old["status"] != "trashed" && kept.iter().all(|field| old[field] == new[field])
    }

    /// A draft takes a slug that is free, or leaves one that nobody ever read it under.
    fn reserves_slug(&self, rights: &Rights, after: &Ground) -> bool {
        let is_reservation = |item: &Value| {
            let post = format!("POST#{}", item["post_id"].as_str().unwrap_or_default());
            let is_hers =
                after.get("content", &post, "POST").is_some_and(|post| rights.may_save(post));
            is_hers && item["page"].is_null() && item["moved_to"].is_null()
        };
        self.old.is_none_or(is_reservation) && self.new.is_none_or(is_reservation)
    }
}

fn saves(rights: &Rights) -> bool {
    rights.has_access() && rights.mode >= AgentMode::Draft
}

fn is_entry(entry: &Value, rights: &Rights) -> bool {
    entry["actor"] == rights.user.as_str()
        && match entry["event"].as_str().unwrap() {
            "post_created" | "post_updated" => saves(rights),
            "proposal_made" => rights.may_propose(),
            "access_denied" => true,
            _ => false,
        }
}

/// A proposal that waits, for a new post or one that this person may read.
fn is_proposal(new: &Value, rights: &Rights, after: &Ground) -> bool {
    let post = format!("POST#{}", new["post_id"].as_str().unwrap());
    let is_readable = after.get("content", &post, "POST").is_none_or(|post| {
        rights.role >= Role::Editor || post["author"]["id"] == rights.user.as_str()
    });
    new["status"] == "pending" && rights.is_agent(&new["created_by"]) && is_readable
}
