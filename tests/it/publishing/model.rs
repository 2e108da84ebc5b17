//! What there is: accounts, posts, proposals, slugs and tags, in plain maps. [`super::rules`] says what becomes
//! of it.

use std::collections::{BTreeMap, BTreeSet};

use byline_shared::model::Role;

/// A refusal: its status and code.
pub(super) type No = (u16, &'static str);

/// A tag on a post: its slug and name.
pub(super) type Tags = Vec<(String, String)>;

pub(super) const NOT_FOUND: No = (404, "not_found");
pub(super) const INVALID: No = (422, "invalid_input");
pub(super) const FORBIDDEN: No = (403, "forbidden");
pub(super) const STALE: No = (412, "precondition_failed");
pub(super) const SLUG_TAKEN: No = (409, "slug_taken");
pub(super) const NEEDS_APPROVAL: No = (403, "approval_required");
pub(super) const UNAUTHENTICATED: No = (401, "unauthenticated");

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) role: Role,
    pub(super) disabled: bool,
}

/// Who acts, and whether themselves.
#[derive(Clone, Copy, Debug)]
pub(super) struct Who {
    pub(super) user: usize,
    pub(super) role: Role,
    pub(super) person: bool,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Text {
    pub(super) title: String,
    pub(super) slug: String,
    pub(super) tags: Tags,
    pub(super) featured: bool,
    pub(super) language: Option<String>,
    /// The number of a picture.
    pub(super) cover: Option<usize>,
    pub(super) body: String,
}

#[derive(Clone, Debug)]
pub(super) struct Revision {
    pub(super) id: String,
    pub(super) text: Text,
}

/// What readers see of a post.
#[derive(Clone, Debug)]
pub(super) struct Live {
    pub(super) revision: usize,
    pub(super) tags: Tags,
    /// What the page says about the cover, which stays until the next publication.
    pub(super) alt: Option<String>,
    /// When the revision went live, in seconds.
    pub(super) since: i64,
}

/// What readers get beside a text: the names of its tags, and what is said about its cover.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Beside {
    pub(super) tags: Vec<String>,
    pub(super) alt: Option<String>,
}

/// What a person with the right to publish approved last.
#[derive(Clone, Debug)]
pub(super) struct Approved {
    pub(super) revision: usize,
    /// Who approved it.
    pub(super) by: usize,
    pub(super) beside: Beside,
}

/// A picture that every post may have as its cover.
#[derive(Clone, Debug)]
pub(super) struct Picture {
    pub(super) id: String,
    pub(super) url: String,
    pub(super) alt: String,
    /// Whether a person with the right to publish wrote that.
    pub(super) by_publisher: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Schedule {
    pub(super) revision: usize,
    pub(super) at: i64,
    /// Whose account made it.
    pub(super) by: usize,
    pub(super) person: bool,
    /// What was said about the cover when it was made.
    pub(super) alt: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Post {
    pub(super) id: String,
    pub(super) author: usize,
    pub(super) version: u64,
    /// How many versions came of tags that changed.
    pub(super) carried: u64,
    /// In the order in which they were saved; the last is the head.
    pub(super) revisions: Vec<Revision>,
    /// The head's tags, as they are now.
    pub(super) tags: Tags,
    pub(super) live: Option<Live>,
    pub(super) published_at: Option<i64>,
    pub(super) last_slug: Option<String>,
    pub(super) approved: Option<Approved>,
    /// The revision that is shown as approved: live, or waiting for it.
    pub(super) approval: Option<usize>,
    pub(super) schedule: Option<Schedule>,
    /// Whether the last schedule could not be carried out, and nothing was decided since.
    pub(super) schedule_failed: bool,
    pub(super) trashed: bool,
    /// What went live: the revision, whether by a schedule, and whether by a person; `None` where
    /// it was taken down.
    pub(super) history: Vec<Option<(usize, bool, bool)>>,
}

impl Post {
    pub(super) fn head(&self) -> &Revision {
        self.revisions.last().unwrap()
    }

    pub(super) fn status(&self) -> &'static str {
        match (self.trashed, &self.live, &self.schedule) {
            (true, _, _) => "trashed",
            (_, Some(_), _) => "published",
            (_, None, Some(_)) => "scheduled",
            (_, None, None) => "draft",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Pending,
    Ended,
}

#[derive(Clone, Debug)]
pub(super) struct Proposal {
    pub(super) id: String,
    pub(super) revision_id: String,
    pub(super) post_id: String,
    pub(super) author: usize,
    /// Who made it.
    pub(super) by: usize,
    /// The post and the revision it was made from; none for a new post.
    pub(super) base: Option<(usize, usize)>,
    pub(super) slug_given: bool,
    pub(super) text: Text,
    pub(super) stage: Stage,
}

/// What stands under a slug.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Place {
    Nothing,
    Page,
    LeadsTo(String),
}

#[derive(Clone, Debug)]
pub(super) struct Tag {
    /// Which one it is, under whatever slug.
    pub(super) number: usize,
    pub(super) name: String,
    pub(super) moved_to: Option<String>,
    pub(super) gone: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    /// By the number of the user.
    pub(super) accounts: Vec<Account>,
    pub(super) posts: Vec<Post>,
    pub(super) proposals: Vec<Proposal>,
    pub(super) pictures: Vec<Picture>,
    /// Every word that may be live: shown to somebody who approved it, or published, scheduled or written
    /// by a person with the right to publish.
    pub(super) vouched: BTreeSet<String>,
    /// By revision: the user who approved it, and had the right to publish then.
    pub(super) approvers: BTreeMap<String, usize>,
    /// By slug: the post that holds it, and what readers find there.
    pub(super) slugs: BTreeMap<String, (String, Place)>,
    pub(super) tags: BTreeMap<String, Tag>,
    /// By name, in small letters: the slug and the number of the tag that had it last.
    pub(super) names: BTreeMap<String, (String, usize)>,
    /// How many tags were made.
    pub(super) made: usize,
}

/// The slug of the plain names used here.
pub(super) fn slug_of(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}

/// Tags by name, as a text asks for them.
pub(super) fn named(names: &[String]) -> Tags {
    let mut tags = Tags::new();
    for name in names {
        if !tags.iter().any(|(_, other)| folded(other) == folded(name)) {
            tags.push((slug_of(name), name.clone()));
        }
    }
    tags
}

/// A name as tags are found by it.
pub(super) fn folded(name: &str) -> String {
    name.to_lowercase()
}
