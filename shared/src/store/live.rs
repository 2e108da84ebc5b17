//! What readers see, in `content`: one item per slug, one row per list entry.

use std::io::{Read, Write as _};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};

use super::{List, Store, StoreError, keys};
use crate::endpoint::Table::Content;
use crate::http::page::{Page, PageParams};
use crate::http::problem::Problem;
use crate::model::{Markdown, PostId, PublicPost, PublicPostSummary, Slug};

/// Texts that together are longer than this, in bytes, are stored deflated: fewer read units, and
/// the largest post still fits an item.
const DEFLATE_FROM: usize = 8 * 1024;

/// What a page's texts may take in an item of at most 400 KB, in bytes.
const MAX_STORED: usize = 380 * 1024;

/// What stands under a slug.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct SlugItem {
    post_id: PostId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    page: Option<LivePage>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    moved_to: Option<Slug>,
}

/// A live page.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct LivePage {
    summary: PublicPostSummary,
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
    /// The body and the HTML one after the other, deflated (RFC 1951).
    Deflated {
        /// How many bytes of the inflated text are the body.
        body_bytes: usize,
        #[serde(with = "bytes_attribute")]
        deflated: Vec<u8>,
    },
}

mod bytes_attribute {
    //! DynamoDB's `B`, which serde sees as bytes and not as a list.
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
            fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
                Ok(bytes)
            }
        }
        from.deserialize_byte_buf(Bytes)
    }
}

/// What a reader finds under a slug.
#[derive(Clone, Debug)]
pub enum Found {
    /// A post.
    Post(Box<PublicPost>),
    /// The post is at another slug now.
    MovedTo(Slug),
}

impl SlugItem {
    /// A slug that leads to another.
    pub(super) fn moved(post: &PostId, to: &Slug) -> Self {
        Self { post_id: post.clone(), page: None, moved_to: Some(to.clone()) }
    }

    /// A slug with a live page.
    pub(super) fn live(post: &PublicPost) -> Self {
        let page = LivePage { summary: post.summary.clone(), texts: Texts::of(post) };
        Self { post_id: post.summary.id.clone(), page: Some(page), moved_to: None }
    }
}

impl Texts {
    fn of(post: &PublicPost) -> Self {
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

/// Whether a page with these texts fits one item. All but random text does, up to the limits of a
/// body and its HTML.
#[must_use]
pub fn fits(post: &PublicPost) -> bool {
    Texts::of(post).size() <= MAX_STORED
}

impl Store {
    /// What readers find under a slug.
    ///
    /// # Errors
    /// As any call.
    pub async fn live_post(&self, slug: &Slug) -> Result<Option<Found>, StoreError> {
        let item: Option<SlugItem> = self.get_eventually(Content, &keys::slug(slug)).await?;
        let Some(item) = item else { return Ok(None) };
        if let Some(to) = item.moved_to {
            return Ok(Some(Found::MovedTo(to)));
        }
        let Some(page) = item.page else {
            return Ok(None);
        };
        let (body, body_html) = page.texts.unpack().ok_or_else(|| {
            StoreError::Refused(format!("the page under {slug} cannot be unpacked").into())
        })?;
        let post = PublicPost { summary: page.summary, body, body_html };
        Ok(Some(Found::Post(Box::new(post))))
    }

    /// The live posts, newest first; with `tag`, those that carry it.
    ///
    /// # Errors
    /// As any list.
    pub async fn live_posts(
        &self,
        tag: Option<&Slug>,
        params: &PageParams,
    ) -> Result<Page<PublicPostSummary>, Problem> {
        let partition = tag.map_or_else(|| keys::LIVE.to_owned(), keys::live_tag);
        self.page(&List::of_table(Content, partition), params).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_in_the_body_does_not_move_the_border_to_the_html() {
        let mut post = crate::examples::public_post();
        let body = format!("x\0<script>a()</script>{}", "y".repeat(DEFLATE_FROM));
        post.body = Markdown::trusted(body.clone());
        let (unpacked, html) = Texts::of(&post).unpack().unwrap();
        assert_eq!(unpacked.as_str(), body);
        assert_eq!(html, post.body_html);
    }
}
