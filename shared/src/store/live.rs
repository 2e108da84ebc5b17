//! Published posts, in `content`: one item per slug, one row per list entry.

use std::io::{Read, Write as _};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};

use super::{Store, StoreError, keys};
use crate::model::{
    AiPart, Markdown, MediaId, Metadata, PostDetails, PostId, PostType, PublicPost,
    PublicPostSummary, Revision, RevisionId, Slug, Time,
};
use crate::permission::Table::Content;

/// Texts that together are longer than this, in bytes, are stored deflated: reads cost less, and
/// the largest post still fits an item.
const DEFLATE_FROM: usize = 8 * 1024;

/// The largest texts of a page in bytes; an item has at most 400 KB.
const MAX_STORED: usize = 380 * 1024;

/// Where a post is published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LivePlace {
    /// The slug.
    pub slug: Slug,
    /// Whether it is a post, which its tags and its author count, or a page, which they do not.
    #[serde(default, rename = "type")]
    pub post_type: PostType,
    /// The slugs of its tags.
    pub tags: Vec<Slug>,
    /// The slug of its author.
    pub author: Slug,
    /// The time in the sort key of its list rows.
    pub published_at: Time,
    /// When the live revision was published.
    pub updated_at: Time,
    /// The partitions of the lists that it is in.
    pub partitions: Vec<String>,
    /// The files in it.
    pub media: Vec<MediaId>,
}

impl LivePlace {
    /// The place of a page with these files.
    #[must_use]
    pub fn new(page: &PublicPost, media: Vec<MediaId>) -> Self {
        let post = &page.summary;
        let tags: Vec<Slug> = post.tags.iter().map(|tag| tag.slug.clone()).collect();
        let (slug, author) = (post.slug.clone(), post.author.slug.clone());
        let (published_at, updated_at) = (post.published_at, post.updated_at);
        let (post_type, partitions) = (post.post_type, partitions(post));
        Self { slug, post_type, tags, author, published_at, updated_at, partitions, media }
    }

    /// Whether its tags and its author count it.
    #[must_use]
    pub fn is_counted(&self) -> bool {
        self.post_type.is_post()
    }
}

/// The lists that a post or a page is in. There are few pages, so one list of them is enough.
fn partitions(post: &PublicPostSummary) -> Vec<String> {
    if !post.post_type.is_post() {
        return vec![keys::LIVE_PAGES.to_owned()];
    }
    let mut partitions = vec![keys::LIVE.to_owned(), keys::live_author(&post.author.slug)];
    partitions.extend(post.tags.iter().map(|tag| keys::live_tag(&tag.slug)));
    partitions.extend(post.language.as_ref().map(keys::live_language));
    partitions.extend(post.featured.then(|| keys::LIVE_FEATURED.to_owned()));
    partitions
}

/// A row of a public list.
#[derive(Serialize)]
pub(super) struct Row<'a> {
    #[serde(flatten)]
    post: &'a PublicPostSummary,
    /// The slugs of its tags, for filters.
    tag_slugs: Vec<&'a Slug>,
}

/// The row of a post.
pub(super) fn row(post: &PublicPostSummary) -> Row<'_> {
    Row { post, tag_slugs: post.tags.iter().map(|tag| &tag.slug).collect() }
}

/// The item of a slug.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct SlugItem {
    post_id: PostId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    page: Option<LivePage>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    moved_to: Option<Slug>,
}

/// A published page.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct LivePage {
    summary: PublicPostSummary,
    #[serde(flatten)]
    details: PostDetails,
    #[serde(default)]
    metadata: Metadata,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ai: Option<AiPart>,
    #[serde(flatten)]
    texts: Texts,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Texts {
    Plain {
        body: Markdown,
        body_html: String,
    },
    /// The body followed by the HTML, deflated (RFC 1951).
    Deflated {
        /// The length of the body in the inflated text, in bytes.
        body_bytes: usize,
        #[serde(with = "bytes_attribute")]
        deflated: Vec<u8>,
    },
}

mod bytes_attribute {
    //! DynamoDB's type `B`: serde would otherwise write a list.
    use serde::de::{Deserializer, Visitor};
    use serde::ser::Serializer;
    use std::fmt;

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Vec<u8>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }
        }
        from.deserialize_byte_buf(Bytes)
    }
}

/// What a slug leads to.
#[derive(Clone, Debug)]
pub enum Found {
    /// A published post.
    Post(Box<PublicPost>),
    /// The post has moved to another slug.
    MovedTo(Slug),
}

impl SlugItem {
    /// A slug of a post that is not published.
    pub(super) fn held(post: &PostId) -> Self {
        Self { post_id: post.clone(), page: None, moved_to: None }
    }

    /// A former slug, which redirects to another.
    pub(super) fn moved(post: &PostId, to: &Slug) -> Self {
        Self { post_id: post.clone(), page: None, moved_to: Some(to.clone()) }
    }

    /// The page, if there is one.
    pub(super) fn into_page(self) -> Option<PublicPost> {
        self.page?.unpack()
    }

    /// A slug with a published page.
    pub(super) fn live(post: &PublicPost) -> Self {
        let page = LivePage {
            summary: post.summary.clone(),
            details: post.details.clone(),
            metadata: post.metadata.clone(),
            ai: post.ai.clone(),
            texts: Texts::pack(post),
        };
        Self { post_id: post.summary.id.clone(), page: Some(page), moved_to: None }
    }
}

impl Texts {
    fn pack(post: &PublicPost) -> Self {
        let (body, html) = (post.body.as_str(), post.body_html.as_str());
        if body.len() + html.len() < DEFLATE_FROM {
            return Self::Plain { body: post.body.clone(), body_html: post.body_html.clone() };
        }
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        let parts = [body.as_bytes(), html.as_bytes()];
        let written = parts.iter().try_for_each(|part| encoder.write_all(part));
        let deflated = written.and_then(|()| encoder.finish()).expect("a Vec takes every byte");
        Self::Deflated { body_bytes: body.len(), deflated }
    }

    fn size(&self) -> usize {
        match self {
            Self::Plain { body, body_html } => body.as_str().len() + body_html.len(),
            Self::Deflated { deflated, .. } => deflated.len(),
        }
    }

    fn unpack(self) -> Option<(Markdown, String)> {
        match self {
            Self::Plain { body, body_html } => Some((body, body_html)),
            Self::Deflated { body_bytes, deflated } => {
                let mut text = String::new();
                DeflateDecoder::new(deflated.as_slice()).read_to_string(&mut text).ok()?;
                let (body, html) = text.split_at_checked(body_bytes)?;
                Some((Markdown::trusted(body), html.to_owned()))
            }
        }
    }
}

/// Whether the page fits one item. Within the limits of body and HTML, everything but random text
/// does.
#[must_use]
pub fn fits(post: &PublicPost) -> bool {
    Texts::pack(post).size() <= MAX_STORED
}

/// Published posts, as readers see them.
#[derive(Clone, Copy, Debug)]
pub struct LivePosts<'a>(pub(super) &'a Store);

impl LivePosts<'_> {
    /// What a slug leads to, for readers.
    pub async fn find(self, slug: &Slug) -> Result<Option<Found>, StoreError> {
        let item: Option<SlugItem> = self.0.get_eventually(Content, &keys::slug(slug)).await?;
        let Some(item) = item else { return Ok(None) };
        if let Some(to) = item.moved_to {
            return Ok(Some(Found::MovedTo(to)));
        }
        if item.page.is_none() {
            return Ok(None);
        }
        let page = item.into_page().ok_or_else(|| {
            StoreError::Refused(format!("the page under {slug} cannot be unpacked").into())
        })?;
        Ok(Some(Found::Post(Box::new(page))))
    }

    /// The page of a post under one of its slugs, with strong consistency; none if the post is not
    /// live there.
    pub async fn page(self, slug: &Slug, post: &PostId) -> Result<Option<PublicPost>, StoreError> {
        let item: Option<SlugItem> = self.0.get(Content, &keys::slug(slug)).await?;
        Ok(item.filter(|item| item.post_id == *post).and_then(SlugItem::into_page))
    }

    /// The same, with a revision of the post, in one call.
    pub async fn page_with_revision(
        self,
        slug: &Slug,
        post: &PostId,
        revision: &RevisionId,
    ) -> Result<(Option<PublicPost>, Option<Revision>), StoreError> {
        let keys = [keys::slug(slug), keys::revision(post, revision)];
        let (item, revision): (Option<SlugItem>, _) = self.0.get_both(Content, keys).await?;
        let page = item.filter(|item| item.post_id == *post).and_then(SlugItem::into_page);
        Ok((page, revision))
    }
}

/// Slugs of posts, current and former.
#[derive(Clone, Copy, Debug)]
pub struct Slugs<'a>(pub(super) &'a Store);

impl Slugs<'_> {
    /// The post that has or had a slug, published or not.
    pub async fn find_post_id(self, slug: &Slug) -> Result<Option<PostId>, StoreError> {
        let item: Option<SlugItem> = self.0.get(Content, &keys::slug(slug)).await?;
        Ok(item.map(|item| item.post_id))
    }
}

impl LivePage {
    fn unpack(self) -> Option<PublicPost> {
        let (body, body_html) = self.texts.unpack()?;
        Some(PublicPost {
            summary: self.summary,
            details: self.details,
            metadata: self.metadata,
            ai: self.ai,
            body,
            body_html,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_in_the_body_does_not_move_the_border_to_the_html() {
        let mut post = crate::examples::public_post();
        let long = "y".repeat(DEFLATE_FROM);
        post.body = Markdown::trusted(format!("x\0<script>a()</script>{long}"));
        assert_eq!(Texts::pack(&post).unpack(), Some((post.body, post.body_html)));
    }

    #[test]
    fn texts_are_deflated_from_eight_kib_on() {
        let mut post = crate::examples::public_post();
        for (body, html) in [(0, 8191), (8191, 0), (4096, 4096), (0, 8192), (8192, 0)] {
            (post.body, post.body_html) = (Markdown::trusted("x".repeat(body)), "y".repeat(html));
            assert_eq!(Texts::pack(&post).size() == body + html, body + html < 8192);
        }
    }
}
