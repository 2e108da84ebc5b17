//! What every system has in common: a site, authors, tags, posts, and the addresses they had.

mod fidelity;
mod redirect;
mod skipped;

use std::collections::HashSet;
use std::path::PathBuf;

use byline_shared::model::{PostType, TagName, Time};
use serde::{Deserialize, Serialize};
use serde_json::Map;
use url::Url;

pub use fidelity::Fidelity;
pub use redirect::{Redirect, RedirectKind};
pub use skipped::Skipped;

/// A JSON object that travels with a post.
pub type Metadata = Map<String, serde_json::Value>;

/// All that was found in a source. Its posts are read one at a time, as they are asked for, so that
/// a large source does not have to fit into memory.
pub struct Publication {
    /// Names the source among others, for the same each time: what is made from it is found again by
    /// this and its own ids.
    pub key: String,
    /// The site as a whole.
    pub site: Site,
    /// Who wrote the posts.
    pub authors: Vec<Author>,
    /// The tags that are described; posts may have others.
    pub tags: Vec<Tag>,
    /// What is known of media files, beside where they stand.
    pub media: Vec<MediaFile>,
    /// Addresses that lead elsewhere, beside those of the posts.
    pub redirects: Vec<Redirect>,
    /// Where media files are looked for.
    pub places: Places,
    /// How many posts there are, the unreadable ones too.
    pub post_count: u64,
    /// The posts, oldest file first or in the order of the source.
    pub posts: Posts,
    /// What is in the source and not in the publication.
    pub skipped: Vec<Skipped>,
}

/// Posts, or why one cannot be read.
pub type Posts = Box<dyn Iterator<Item = Result<Post, Skipped>> + Send>;

/// Where the media files of a source are looked for.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The folder that no local file may be outside of, but for those in `media_folder`.
    pub root: Option<PathBuf>,
    /// Folders that a path such as `/images/a.png` is looked for in, in this order.
    pub folders: Vec<PathBuf>,
    /// A folder that the person who imports named, wherever it is.
    pub media_folder: Option<PathBuf>,
    /// The address of the site as it was.
    pub site_url: Option<Url>,
}

/// The site as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Its name.
    #[serde(default)]
    pub title: Option<String>,
    /// One sentence about it.
    #[serde(default)]
    pub description: Option<String>,
    /// Where readers find it.
    #[serde(default)]
    pub url: Option<String>,
    /// The language of most posts, as in BCP 47.
    #[serde(default)]
    pub language: Option<String>,
    /// The IANA name of its time zone; a Byline's own.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// The path of a post, such as `/posts/{slug}`; a Byline's own.
    #[serde(default)]
    pub post_path: Option<String>,
    /// The path of a page, such as `/{slug}`; a Byline's own.
    #[serde(default)]
    pub page_path: Option<String>,
    /// What agents may make live; a Byline's own.
    #[serde(default)]
    pub agent_publishing: Option<String>,
    /// Whether authors publish their own posts; a Byline's own.
    #[serde(default)]
    pub author_publishing: Option<bool>,
    /// How texts are to be written; a Byline's own.
    #[serde(default)]
    pub style_guide: Option<String>,
}

/// Somebody who wrote posts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// How posts of this source name them.
    #[serde(rename = "id")]
    pub source_id: String,
    /// The name that readers see.
    pub name: String,
    /// The path segment of their page.
    pub slug: Option<String>,
    /// Their address.
    pub email: Option<String>,
}

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// The path segment of its page.
    pub slug: String,
    /// As readers see it.
    pub name: String,
    /// What it is about.
    #[serde(default)]
    pub description: Option<String>,
}

/// What a Byline export says of a media file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaFile {
    /// Its id.
    pub id: String,
    /// Its path in the export.
    pub path: String,
    /// Its name on its owner's machine.
    #[serde(default)]
    pub filename: Option<String>,
    /// What is seen in it, in words.
    #[serde(default)]
    pub alt: Option<String>,
    /// What stands under it.
    #[serde(default)]
    pub caption: Option<String>,
    /// When it was uploaded.
    #[serde(default)]
    pub created_at: Option<Time>,
}

/// Whether readers see a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Not yet.
    Draft,
    /// They do.
    Published,
    /// From then on.
    Scheduled(Time),
    /// No more: it was thrown away.
    Trashed,
}

/// A reference to a media file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaRef {
    /// A URL, or a path as it stands in the source.
    pub url: String,
    /// What is seen in it, in words.
    pub alt: Option<String>,
}

/// A tag on a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostTag {
    /// The path segment of its page.
    pub slug: String,
    /// As the author wrote it.
    pub name: String,
}

/// A post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// Its id in the source: its path, where it is a file.
    pub source_id: String,
    /// The title, in one line.
    pub title: String,
    /// The path segment it is found under.
    pub slug: Option<String>,
    /// Whether it is a post or a page.
    pub post_type: PostType,
    /// The Markdown.
    pub body: String,
    /// The summary.
    pub excerpt: Option<String>,
    /// The tags, the main one first.
    pub tags: Vec<PostTag>,
    /// Their names, as they are compared.
    tag_names: HashSet<String>,
    /// The `source_id` of its author.
    pub author: Option<String>,
    /// Whether readers see it.
    pub status: Status,
    /// When it was made.
    pub created_at: Option<Time>,
    /// When it was last changed.
    pub updated_at: Option<Time>,
    /// When it first went live.
    pub published_at: Option<Time>,
    /// The picture above it.
    pub cover: Option<MediaRef>,
    /// Where it was published first.
    pub canonical_url: Option<String>,
    /// The title for search engines.
    pub meta_title: Option<String>,
    /// The summary for search engines.
    pub meta_description: Option<String>,
    /// Its language, as in BCP 47.
    pub language: Option<String>,
    /// Whether it is featured.
    pub featured: bool,
    /// Whatever else the source knows of it.
    pub metadata: Metadata,
    /// The paths it was found under.
    pub old_paths: Vec<String>,
    /// The folder that its relative paths begin in.
    pub folder: Option<PathBuf>,
    /// How its text reads, where it was made of HTML.
    pub fidelity: Option<Fidelity>,
    /// What was in it and is not in the body, or is there as something else.
    pub skipped: Vec<Skipped>,
}

impl Post {
    /// An empty draft.
    #[must_use]
    pub fn new(source_id: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            source_id: source_id.into(),
            title: title.into(),
            slug: None,
            post_type: PostType::Post,
            body: String::new(),
            excerpt: None,
            tags: Vec::new(),
            tag_names: HashSet::new(),
            author: None,
            status: Status::Draft,
            created_at: None,
            updated_at: None,
            published_at: None,
            cover: None,
            canonical_url: None,
            meta_title: None,
            meta_description: None,
            language: None,
            featured: false,
            metadata: Metadata::new(),
            old_paths: Vec::new(),
            folder: None,
            fidelity: None,
            skipped: Vec::new(),
        }
    }

    /// Notes that something of the post is lost or changed.
    pub fn skip(&mut self, why: impl Into<String>) {
        self.skipped.push(Skipped::new(format!("{} ({})", self.title, self.source_id), why));
    }

    /// Adds a tag, unless one of its name is there. Of names that make one slug, such as `C` and `C++`,
    /// each is a tag.
    pub fn tag(&mut self, tag: PostTag) {
        if self.tag_names.insert(TagName::trusted(tag.name.as_str()).folded()) {
            self.tags.push(tag);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_make_one_slug_are_tags_of_their_own() {
        let mut post = Post::new("1", "Languages");
        for name in ["C", "C++", "c", "C#", "C  "] {
            post.tag(PostTag { slug: "c".into(), name: name.into() });
        }
        let names: Vec<&str> = post.tags.iter().map(|tag| tag.name.as_str()).collect();
        assert_eq!(names, ["C", "C++", "C#"]);
    }
}
