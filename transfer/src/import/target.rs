//! Where a publication goes.

use std::future::Future;

use crate::fetch::Fetched;
use crate::model::{Author, MediaFile, Post, Site, Tag};

/// Whether something was made or was there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<T> {
    /// It was made.
    New(T),
    /// It was there.
    Found(T),
}

/// A file as the target has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredMedia {
    /// Its id.
    pub id: String,
    /// Where readers find it.
    pub url: String,
}

/// A file for the target.
#[derive(Clone, Copy, Debug)]
pub struct NewMedia<'a> {
    /// Where it comes from: the same for the same file.
    pub key: &'a str,
    /// The file.
    pub file: &'a Fetched,
    /// What a Byline export says of it.
    pub known: Option<&'a MediaFile>,
    /// What is seen in it, in words, as a post says.
    pub alt: Option<&'a str>,
}

/// What a post is found by when it comes again.
#[derive(Clone, Copy, Debug)]
pub struct PostKey<'a> {
    /// Its source, as [`crate::model::Publication::key`] names it.
    pub source: &'a str,
    /// Its id there.
    pub id: &'a str,
}

/// A post as the target has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPost {
    /// Its id.
    pub id: String,
    /// What of it was cut or left out to make it fit, in sentences.
    pub notes: Vec<String>,
    /// The slugs of those of its tags that were made with it.
    pub new_tags: Vec<String>,
}

/// Why a target did not take something.
#[derive(Debug)]
pub enum NotTaken {
    /// It cannot be taken as it is; the sentence says why. The import goes on.
    Refused(String),
    /// The target does not work; the sentence says why. The import stops.
    Failed(String),
}

/// Where a publication goes. Each of these may be called again with what was there before: then it
/// changes nothing and answers `Found`.
pub trait Target {
    /// The site's settings; what the target has set already stays.
    fn site(&self, site: &Site) -> impl Future<Output = Result<Outcome<()>, NotTaken>>;

    /// An author, as the id of an account.
    fn author(&self, author: &Author) -> impl Future<Output = Result<Outcome<String>, NotTaken>>;

    /// A tag with its description.
    fn tag(&self, tag: &Tag) -> impl Future<Output = Result<Outcome<()>, NotTaken>>;

    /// A media file.
    fn media(
        &self,
        media: NewMedia<'_>,
    ) -> impl Future<Output = Result<Outcome<StoredMedia>, NotTaken>>;

    /// A post, with the account of its author and the id of its cover.
    fn post(
        &self,
        key: PostKey<'_>,
        post: &Post,
        author: Option<&str>,
        cover: Option<&str>,
    ) -> impl Future<Output = Result<Outcome<StoredPost>, NotTaken>>;

    /// Gives a post that came before the files that were missing then, unless it was changed since.
    fn mend(
        &self,
        id: &str,
        post: &Post,
        cover: Option<&str>,
    ) -> impl Future<Output = Result<Outcome<()>, NotTaken>>;

    /// A slug that a post had before, by the id of the post.
    fn old_slug(
        &self,
        slug: &str,
        post: &str,
    ) -> impl Future<Output = Result<Outcome<()>, NotTaken>>;

    /// A tag that became another, by their slugs.
    fn old_tag(&self, slug: &str, to: &str) -> impl Future<Output = Result<Outcome<()>, NotTaken>>;

    /// A redirect from a path to a path, a URL or the id of a post.
    fn redirect(&self, from: &str, to: &str)
    -> impl Future<Output = Result<Outcome<()>, NotTaken>>;
}
