//! Public lists of published posts and pages.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Deserialize;

use super::keys::Key;
use super::live::{LivePosts, SlugItem};
use super::{List, StoreError, keys};
use crate::http::page::{Page, PageParams};
use crate::model::{Language, PostType, PublicPost, PublicPostSummary, Slug, Time};
use crate::permission::Table::Content;

/// A filter for lists of published posts.
#[derive(Clone, Debug, Default)]
pub struct LiveFilter {
    /// Posts, or pages.
    pub post_type: PostType,
    /// Only posts with this tag.
    pub tag: Option<Slug>,
    /// Only posts of this author.
    pub author: Option<Slug>,
    /// Only posts in this language.
    pub language: Option<Language>,
    /// Only featured posts; if `false`, only those that are not.
    pub featured: Option<bool>,
    /// Only posts published at this time or later.
    pub from: Option<Time>,
    /// Only posts published before this time.
    pub to: Option<Time>,
    /// Whether the oldest come first.
    pub oldest_first: bool,
}

impl LiveFilter {
    /// The smallest list that contains all matches; filters narrow it further.
    fn list(&self) -> List {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let (mut author, mut language) = (self.author.as_ref(), self.language.as_ref());
        let (mut tag, mut featured) = (self.tag.as_ref(), self.featured);
        let partition = if !self.post_type.is_post() {
            keys::LIVE_PAGES.to_owned()
        } else if let Some(tag) = tag.take() {
            keys::live_tag(tag)
        } else if let Some(author) = author.take() {
            keys::live_author(author)
        } else if featured == Some(true) {
            featured = None;
            keys::LIVE_FEATURED.to_owned()
        } else if let Some(language) = language.take() {
            keys::live_language(language)
        } else {
            keys::LIVE.to_owned()
        };
        let mut list = List::from_table(Content, partition);
        if let Some(tag) = tag {
            list = list.containing("tag_slugs", tag.as_str());
        }
        if let Some(author) = author {
            list = list.only("author.slug", text(author.as_str()));
        }
        if let Some(featured) = featured {
            list = list.only("featured", AttributeValue::Bool(featured));
        }
        if let Some(language) = language {
            list = list.only("language", text(language.as_str()));
        }
        if self.from.is_some() || self.to.is_some() {
            // Sort keys are a time and an id: a bare time sorts before every entry of that time.
            let first = self.from.map_or_else(|| "0".to_owned(), |time| time.to_string());
            let last = self.to.map_or_else(|| "~".to_owned(), |time| time.to_string());
            list = list.between(first, last);
        }
        if self.oldest_first { list.oldest_first() } else { list }
    }
}

impl LiveFilter {
    /// All pages.
    #[must_use]
    pub fn pages() -> Self {
        Self { post_type: PostType::Page, ..Self::default() }
    }
}

/// The slug of a published post or page, for sitemaps.
#[derive(Clone, Debug, Deserialize)]
pub struct Address {
    /// The slug.
    pub slug: Slug,
    /// When the live revision was published.
    pub updated_at: Time,
}

impl LivePosts<'_> {
    /// The published posts that match a filter, newest first.
    pub async fn list(
        self,
        filter: &LiveFilter,
        params: &PageParams,
    ) -> Result<Page<PublicPostSummary>, StoreError> {
        self.0.page(&filter.list(), params).await
    }

    /// The posts published just before and just after one. A page has no such neighbours.
    pub async fn neighbours(
        self,
        post: &PublicPostSummary,
    ) -> Result<(Option<PublicPostSummary>, Option<PublicPostSummary>), StoreError> {
        if !post.post_type.is_post() {
            return Ok((None, None));
        }
        let here = keys::position(post.published_at, &post.id);
        let all = || List::from_table(Content, keys::LIVE);
        // The post itself is at the end of either list.
        let two = PageParams { limit: 2, cursor: None };
        let older = all().between("0".to_owned(), here.clone());
        let newer = all().between(here, "~".to_owned()).oldest_first();
        let (older, newer) =
            tokio::try_join!(self.0.page(&older, &two), self.0.page(&newer, &two))?;
        let other = |page: Page<PublicPostSummary>| {
            page.items.into_iter().find(|candidate| candidate.id != post.id)
        };
        Ok((other(older), other(newer)))
    }

    /// The published pages with these slugs, in the same order; missing ones are left out.
    pub async fn get_many(self, slugs: &[Slug]) -> Result<Vec<PublicPost>, StoreError> {
        let keys: Vec<Key> = slugs.iter().map(keys::slug).collect();
        let items: Vec<SlugItem> = self.0.get_many(Content, &keys, false).await?;
        let pages = items.into_iter().filter_map(SlugItem::into_page);
        let mut found: HashMap<Slug, PublicPost> =
            pages.map(|page| (page.summary.slug.clone(), page)).collect();
        Ok(slugs.iter().filter_map(|slug| found.remove(slug)).collect())
    }

    /// The posts that were published from one time to before another.
    pub async fn sitemap_entries(self, from: Time, to: Time) -> Result<Vec<Address>, StoreError> {
        self.addresses(keys::LIVE, (&from.to_string(), &to.to_string())).await
    }

    /// All pages.
    pub async fn sitemap_pages(self) -> Result<Vec<Address>, StoreError> {
        self.addresses(keys::LIVE_PAGES, ("0", "~")).await
    }

    /// What a list has between two sort keys.
    async fn addresses(
        self,
        partition: &str,
        (first, last): (&str, &str),
    ) -> Result<Vec<Address>, StoreError> {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let mut addresses = Vec::new();
        let mut start = None;
        loop {
            let request = self
                .0
                .client
                .query()
                .table_name(self.0.table(Content))
                .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
                .expression_attribute_values(":pk", text(partition))
                .expression_attribute_values(":from", text(first))
                .expression_attribute_values(":to", text(last))
                .projection_expression("slug, updated_at")
                .set_exclusive_start_key(start);
            let answer = request.send().await?;
            for item in answer.items.into_iter().flatten() {
                addresses.push(serde_dynamo::aws_sdk_dynamodb_1::from_item(item)?);
            }
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok(addresses);
            }
        }
    }
}
