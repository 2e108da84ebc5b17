//! Where a publication goes.

use std::future::Future;

use crate::fetch::Fetched;
use crate::model::{Author, Post, Site, Tag};

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
    /// Its id, where it comes from a Byline.
    pub id: Option<&'a str>,
    /// What is seen in it, in words.
    pub alt: Option<&'a str>,
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

    /// A post, with the account of its author and the id of its cover; answers its id.
    fn post(
        &self,
        key: &str,
        post: &Post,
        author: Option<&str>,
        cover: Option<&str>,
    ) -> impl Future<Output = Result<Outcome<String>, NotTaken>>;

    /// A redirect from a path to a path, a URL or the id of a post.
    fn redirect(&self, from: &str, to: &str)
    -> impl Future<Output = Result<Outcome<()>, NotTaken>>;
}
