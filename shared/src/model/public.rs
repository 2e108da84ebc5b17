//! What readers see.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AiPart, AltText, Author, Description, Excerpt, Language, Markdown, Metadata, Name, PostDetails,
    PostId, PostPath, PostType, Profile, RevisionId, SiteUrl, Slug, Tag, TagName, Time, Title,
    UserId, WebUrl,
};
use crate::model::Representation;

/// The cover image of a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cover {
    /// The image's URL.
    pub url: String,
    /// The width in pixels; null if it is not known.
    pub width: Option<u32>,
    /// The height in pixels; null if it is not known.
    pub height: Option<u32>,
    /// The alternative text: what the image shows, for people who cannot see it.
    pub alt: AltText,
}

/// Where an excerpt comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum ExcerptSource {
    /// The author wrote it.
    #[default]
    Author,
    /// The author wrote none, and it is the beginning of the text; empty where that has no paragraph.
    Text,
}

/// A published post in a list, without its body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PublicPostSummary {
    /// The post's id.
    pub id: PostId,
    /// The title.
    pub title: Title,
    /// The slug.
    pub slug: Slug,
    /// Whether it is a post or a page.
    #[serde(default, rename = "type")]
    pub post_type: PostType,
    /// A summary in plain text: the author's, or the beginning of the text. Empty where the text has no words but
    /// headings, code and tables.
    pub excerpt: Excerpt,
    /// `author` if the author wrote the excerpt, `text` if it is the beginning of the text. A site that shows the
    /// excerpt above the text can leave it out then. Posts that were published before excerpts were made have
    /// `author` and perhaps an empty excerpt, until they are published again.
    #[serde(default)]
    pub excerpt_source: ExcerptSource,
    /// The tags.
    pub tags: Vec<Tag>,
    /// The author.
    pub author: Author,
    /// The cover image.
    #[serde(default)]
    pub cover: Option<Cover>,
    /// The URL of the original, if the text was first published elsewhere.
    #[serde(default)]
    pub canonical_url: Option<WebUrl>,
    /// The language of the text; null if it is the publication's.
    #[serde(default)]
    pub language: Option<Language>,
    /// Whether the post is featured.
    #[serde(default)]
    pub featured: bool,
    /// The published revision.
    pub revision_id: RevisionId,
    /// When the post was first published.
    pub published_at: Time,
    /// When the published revision was published.
    pub updated_at: Time,
}

/// A published post.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PublicPost {
    /// All but the body.
    #[serde(flatten)]
    pub summary: PublicPostSummary,
    /// Optional fields that readers get unchanged.
    #[serde(flatten)]
    pub details: PostDetails,
    /// Other data that the site keeps with the post.
    #[serde(default)]
    pub metadata: Metadata,
    /// What part agents had in the text; null if it was published before this was recorded.
    #[serde(default)]
    pub ai: Option<AiPart>,
    /// The Markdown source.
    pub body: Markdown,
    /// The text as sanitised HTML.
    pub body_html: String,
}

/// A heading in the table of contents of a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TocEntry {
    /// The level: 1 for `<h1>`, 6 for `<h6>`.
    #[schemars(range(min = 1, max = 6))]
    pub level: u8,
    /// The `id` of the heading in the HTML: `#` and this lead to it.
    pub id: String,
    /// The beginning of its text, at most 300 characters, without markup.
    pub text: String,
}

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PublicTag {
    /// The slug, for `?tag=`.
    pub slug: Slug,
    /// The name.
    pub name: TagName,
    /// A description in plain text.
    #[serde(default)]
    pub description: Option<Description>,
    /// The number of published posts with this tag.
    pub post_count: u64,
    /// How often the name, the slug and the description were changed, for `If-Match`.
    pub version: u64,
}

impl Representation for PublicTag {
    fn location(&self) -> Option<String> {
        Some(format!("/v1/tags/{}", self.slug))
    }
}

/// An author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PublicAuthor {
    /// The author's account.
    pub id: UserId,
    /// The author's name.
    pub name: Name,
    /// The slug, for `?author=`.
    pub slug: Slug,
    /// What the author says about themselves.
    #[serde(flatten)]
    pub profile: Profile,
    /// The number of published posts of this author.
    pub post_count: u64,
}

impl Representation for PublicAuthor {}

/// The publication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Site {
    /// The name.
    pub title: Title,
    /// A description in plain text.
    pub description: Description,
    /// The URL of the publication's website.
    pub url: SiteUrl,
    /// The language of posts that name no other.
    pub language: Language,
    /// The path of a post on the website.
    pub post_path: PostPath,
    /// The path of a page on the website.
    pub page_path: PostPath,
}

impl Representation for Site {}

impl Site {
    /// Where a post or a page is read.
    #[must_use]
    pub fn address_of(&self, post_type: PostType, slug: &Slug) -> String {
        format!("{}{}", self.url.as_str().trim_end_matches('/'), self.path_of(post_type, slug))
    }

    /// The same without the website's own address.
    #[must_use]
    pub fn path_of(&self, post_type: PostType, slug: &Slug) -> String {
        let path = match post_type {
            PostType::Post => &self.post_path,
            PostType::Page => &self.page_path,
        };
        path.as_str().replace("{slug}", slug.as_str())
    }

    /// The slug in a path of the website that a post or a page could have; none if it has neither form.
    #[must_use]
    pub fn slug_in(&self, path: &str) -> Option<Slug> {
        [&self.post_path, &self.page_path].into_iter().find_map(|pattern| {
            let (before, after) = pattern.as_str().split_once("{slug}")?;
            // A slash at the end makes no difference, as in redirects.
            let after = after.trim_end_matches('/');
            path.strip_prefix(before)?.strip_suffix(after)?.parse().ok()
        })
    }
}
