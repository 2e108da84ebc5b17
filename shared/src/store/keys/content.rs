//! The keys of `content`.

use super::{Key, position};
use crate::model::{
    AuditId, Language, MediaId, News, PostId, PreviewLinkId, PropagationJobId, ProposalId,
    ProposalStatus, PublicationId, RevisionId, Slug, Time, UserId,
};

/// An entry of the audit log.
#[must_use]
pub fn audit(id: &AuditId) -> Key {
    Key::new(AUDIT, id.as_str())
}

/// Partition of the audit log.
pub const AUDIT: &str = "AUDIT";

/// The head of a post.
#[must_use]
pub fn post(id: &PostId) -> Key {
    Key::new(of_post(id), "POST")
}

/// A revision of a post.
#[must_use]
pub fn revision(post: &PostId, id: &RevisionId) -> Key {
    Key::new(of_post(post), format!("{REVISION_PREFIX}{id}"))
}

/// Partition of a post: its head, its revisions, its publications and its preview links.
#[must_use]
pub fn of_post(post: &PostId) -> String {
    format!("{POST_PREFIX}{post}")
}

/// Prefix of the partition keys of posts.
pub const POST_PREFIX: &str = "POST#";

/// An item of a post, by its sort key.
#[must_use]
pub fn part_of_post(post: &PostId, sk: &str) -> Key {
    Key::new(of_post(post), sk)
}

/// Prefix of the sort keys of revisions.
pub const REVISION_PREFIX: &str = "REVISION#";

/// A publication: an entry in the history of what readers saw of a post.
#[must_use]
pub fn publication(post: &PostId, id: &PublicationId) -> Key {
    Key::new(of_post(post), format!("{PUBLICATION_PREFIX}{id}"))
}

/// Prefix of the sort keys of publications.
pub const PUBLICATION_PREFIX: &str = "PUBLICATION#";

/// A link that shows a post before it is published.
#[must_use]
pub fn preview_link(post: &PostId, id: &PreviewLinkId) -> Key {
    Key::new(of_post(post), format!("{PREVIEW_LINK_PREFIX}{id}"))
}

/// Prefix of the sort keys of preview links.
pub const PREVIEW_LINK_PREFIX: &str = "PREVIEW#";

/// A proposal.
#[must_use]
pub fn proposal(id: &ProposalId) -> Key {
    Key::new(format!("{PROPOSAL_PREFIX}{id}"), "PROPOSAL")
}

/// Prefix of the partition keys of proposals.
pub const PROPOSAL_PREFIX: &str = "PROPOSAL#";

/// The text of a proposal.
#[must_use]
pub fn proposed(id: &ProposalId) -> Key {
    Key::new(format!("{PROPOSAL_PREFIX}{id}"), "TEXT")
}

/// Partition of `gsi1` on `content`: the proposals with a status.
#[must_use]
pub fn proposals(status: ProposalStatus) -> String {
    format!("PROPOSALS#{}", status.as_str())
}

/// Partition of `gsi2` on `content`: the proposals for one post.
#[must_use]
pub fn proposals_for(post: &PostId) -> String {
    format!("PROPOSALS#{post}")
}

/// A tag: one per slug. A replaced tag redirects to another.
#[must_use]
pub fn tag(slug: &Slug) -> Key {
    Key::new(TAGS, slug.as_str())
}

/// Partition of all tags, by slug.
pub const TAGS: &str = "TAGS";

/// Where the name of a tag leads: one per name, in its folded form.
#[must_use]
pub fn tag_name(folded: &str) -> Key {
    Key::new(format!("{TAG_NAME_PREFIX}{folded}"), "TAGNAME")
}

/// Prefix of the partition keys of the names of tags.
pub const TAG_NAME_PREFIX: &str = "TAGNAME#";

/// An author of published posts: one per slug.
#[must_use]
pub fn author(slug: &Slug) -> Key {
    Key::new(AUTHORS, slug.as_str())
}

/// Partition of all authors of published posts, by slug.
pub const AUTHORS: &str = "AUTHORS";

/// The publication's settings.
#[must_use]
pub fn settings() -> Key {
    Key::new(SETTINGS, SETTINGS)
}

/// Partition and sort key of the publication's settings.
pub const SETTINGS: &str = "SETTINGS";

/// A propagation job: a change of a tag or author to apply to its posts.
#[must_use]
pub fn propagation_job(id: &PropagationJobId) -> Key {
    Key::new(format!("{PROPAGATION_PREFIX}{id}"), format!("{PROPAGATION_PREFIX}{id}"))
}

/// Prefix of the keys of propagation jobs; the stream filter of the worker.
pub const PROPAGATION_PREFIX: &str = "PROPAGATION#";

/// News of a proposal, which people are to be told.
#[must_use]
pub fn news(news: &News) -> Key {
    let key = format!("{NEWS_PREFIX}{}", news.id());
    Key::new(key.clone(), key)
}

/// Prefix of the keys of news; the stream filter of the worker.
pub const NEWS_PREFIX: &str = "NEWS#";

/// Prefix of the partition keys of redirects.
pub const REDIRECT_PREFIX: &str = "REDIRECT#";

/// A redirect from a former path.
#[must_use]
pub fn redirect(path: &str) -> Key {
    Key::new(format!("{REDIRECT_PREFIX}{path}"), "REDIRECT")
}

/// Prefix of the partition keys of slugs.
pub const SLUG_PREFIX: &str = "SLUG#";

/// The post that has a slug, with its public page: one per slug.
#[must_use]
pub fn slug(slug: &Slug) -> Key {
    Key::new(format!("{SLUG_PREFIX}{slug}"), "SLUG")
}

/// A row of a public list.
#[must_use]
pub fn live_row(partition: &str, published_at: Time, post: &PostId) -> Key {
    Key::new(partition, position(published_at, post))
}

/// Partition of the public list of all posts; pages are in none of the lists of posts.
pub const LIVE: &str = "LIVE";

/// Partition of the public list of all pages.
pub const LIVE_PAGES: &str = "LIVE#PAGES";

/// Partition of the public list of a tag's posts.
#[must_use]
pub fn live_tag(tag: &Slug) -> String {
    format!("LIVE#TAG#{tag}")
}

/// Partition of the public list of an author's posts.
#[must_use]
pub fn live_author(author: &Slug) -> String {
    format!("LIVE#AUTHOR#{author}")
}

/// Partition of the public list of the posts in a language.
#[must_use]
pub fn live_language(language: &Language) -> String {
    format!("LIVE#LANGUAGE#{}", language.as_str().to_ascii_lowercase())
}

/// Partition of the public list of featured posts.
pub const LIVE_FEATURED: &str = "LIVE#FEATURED";

/// Partition of `gsi1` on `content`: all posts.
pub const POSTS: &str = "POSTS";

/// Partition of `gsi2` on `content`: the posts of one author.
#[must_use]
pub fn posts_by(author: &UserId) -> String {
    format!("POSTS#{author}")
}

/// Partition of `gsi1` on `content`: the posts in the trash.
pub const TRASH: &str = "TRASH";

/// Partition of `gsi2` on `content`: one author's posts in the trash.
#[must_use]
pub fn trash_of(author: &UserId) -> String {
    format!("TRASH#{author}")
}

/// An uploaded file.
#[must_use]
pub fn media(id: &MediaId) -> Key {
    Key::new(format!("{MEDIA_PREFIX}{id}"), "MEDIA")
}

/// Prefix of the partition keys of uploaded files.
pub const MEDIA_PREFIX: &str = "MEDIA#";

/// Partition of `gsi1` on `content`: all uploaded files, by id and so by time.
pub const MEDIA: &str = "MEDIA";

/// Partition of `gsi2` on `content`: the files that one user uploaded, by id.
#[must_use]
pub fn media_by(owner: &UserId) -> String {
    format!("{MEDIA_PREFIX}{owner}")
}
