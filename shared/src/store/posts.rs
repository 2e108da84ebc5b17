//! Posts and their revisions, in `content`.

use aws_sdk_dynamodb::types::{AttributeValue, Update};
use serde::{Deserialize, Serialize};

use super::transact::Condition;
use super::{List, Refused, SCHEMA_VERSION, Store, StoreError, Write, item, keys};
use crate::endpoint::Table::Content;
use crate::http::page::{Page, PageParams};
use crate::http::problem::Problem;
use crate::model::{
    Excerpt, Markdown, PostId, PostSummary, PublicPost, RevisionId, Slug, Tag, Time, Title, UserId,
};

/// A stored post: its head.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PostItem {
    /// What those who write see of it.
    #[serde(flatten)]
    pub summary: PostSummary,
    /// Under which slug and tags it is live, so that they can be taken down.
    pub live: Option<LivePlace>,
}

/// Where readers find a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LivePlace {
    /// Its slug.
    pub slug: Slug,
    /// Its tags' slugs.
    pub tags: Vec<Slug>,
}

/// A stored revision. It never changes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RevisionItem {
    /// Its id.
    pub id: RevisionId,
    /// The post.
    pub post_id: PostId,
    /// The title.
    pub title: Title,
    /// The slug.
    pub slug: Slug,
    /// The summary.
    pub excerpt: Excerpt,
    /// The tags.
    pub tags: Vec<Tag>,
    /// The Markdown.
    pub body: Markdown,
    /// The revision it was made from.
    pub parent_id: Option<RevisionId>,
    /// Who made it.
    pub created_by: UserId,
    /// By which door it came.
    pub origin: Origin,
    /// When.
    pub created_at: Time,
}

/// The door that a revision came by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The REST API.
    Api,
    /// An MCP client.
    Mcp,
}

/// A post as it stands in the indexes.
#[derive(Serialize)]
struct Indexed<'a> {
    #[serde(flatten)]
    item: &'a PostItem,
    gsi1pk: &'static str,
    gsi1sk: String,
    gsi2pk: String,
    gsi2sk: String,
}

impl<'a> Indexed<'a> {
    fn new(item: &'a PostItem) -> Self {
        let position = keys::position(item.summary.updated_at, &item.summary.id);
        Self {
            item,
            gsi1pk: keys::POSTS,
            gsi1sk: position.clone(),
            gsi2pk: keys::posts_by(&item.summary.author.id),
            gsi2sk: position,
        }
    }
}

/// Why a write to a post did not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotWritten {
    /// Its version is another one by now.
    Stale,
    /// Another post holds the slug.
    SlugTaken,
}

impl NotWritten {
    /// In every transaction here the head stands first and the slug's new holder second.
    fn of(refused: Refused) -> Self {
        if refused.names(0) { Self::Stale } else { Self::SlugTaken }
    }
}

impl Store {
    /// A post's head.
    ///
    /// # Errors
    /// As any call.
    pub async fn post(&self, id: &PostId) -> Result<Option<PostItem>, StoreError> {
        self.get(Content, &keys::post(id)).await
    }

    /// A revision of a post.
    ///
    /// # Errors
    /// As any call.
    pub async fn revision(
        &self,
        post: &PostId,
        id: &RevisionId,
    ) -> Result<Option<RevisionItem>, StoreError> {
        self.get(Content, &keys::revision(post, id)).await
    }

    /// All posts, the last changed first; with `author`, theirs alone.
    ///
    /// # Errors
    /// As any list.
    pub async fn posts(
        &self,
        author: Option<&UserId>,
        params: &PageParams,
    ) -> Result<Page<PostSummary>, Problem> {
        let list = match author {
            Some(author) => List::of_gsi2(Content, keys::posts_by(author)),
            None => List::of_gsi1(Content, keys::POSTS),
        };
        self.page(&list, params).await
    }

    /// Keeps a new post, its first revision and its hold on the slug.
    ///
    /// # Errors
    /// As any call.
    pub async fn create_post(
        &self,
        post: &PostItem,
        revision: &RevisionItem,
    ) -> Result<Result<(), NotWritten>, StoreError> {
        let id = &post.summary.id;
        let writes = vec![
            Write::put_new(self, Content, &keys::post(id), &Indexed::new(post))?,
            self.hold_slug(&post.summary.slug, id),
            Write::put_new(self, Content, &keys::revision(id, &revision.id), revision)?,
        ];
        Ok(self.transact(writes).await?.map_err(NotWritten::of))
    }

    /// Keeps a further revision and the head that names it, if the head still is as `before`.
    /// A new slug is held from now on. The old one is let go, unless the post has been live: then
    /// readers may know it.
    ///
    /// # Errors
    /// As any call.
    pub async fn save_post(
        &self,
        before: &PostItem,
        after: &PostItem,
        revision: &RevisionItem,
    ) -> Result<Result<(), NotWritten>, StoreError> {
        let id = &after.summary.id;
        let mut writes = vec![self.replace_head(before, after)?];
        let (old, new) = (&before.summary.slug, &after.summary.slug);
        if old != new {
            writes.push(self.hold_slug(new, id));
            if before.live.is_none() {
                writes.push(Write::delete(self, Content, &keys::slug(old)));
            }
        }
        writes.push(Write::put_new(self, Content, &keys::revision(id, &revision.id), revision)?);
        Ok(self.transact(writes).await?.map_err(NotWritten::of))
    }

    /// Makes a revision live, if the head still is as `before`: the page under its slug, its
    /// entries in the public lists, and the head. What was live before it goes away with the same
    /// write; its slug, if it was another, leads to the new one.
    ///
    /// # Errors
    /// As any call.
    pub async fn publish_post(
        &self,
        before: &PostItem,
        after: &PostItem,
        page: &PublicPost,
    ) -> Result<Result<(), NotWritten>, StoreError> {
        let (id, published_at) = (&page.summary.id, page.summary.published_at);
        let mut writes = vec![self.replace_head(before, after)?];
        let ours = Condition::new("post_id = :post")
            .with(":post", AttributeValue::S(id.as_str().to_owned()));
        let page_item = item(&keys::slug(&page.summary.slug), &super::live::SlugItem::live(page))?;
        let condition = Condition::new("attribute_not_exists(pk) OR post_id = :post")
            .with(":post", AttributeValue::S(id.as_str().to_owned()));
        writes.push(Write::put_if(self, Content, page_item, Some(condition)));
        let row = keys::live_row(keys::LIVE, published_at, id);
        writes.push(Write::put(self, Content, &row, &page.summary)?);
        for tag in &page.summary.tags {
            let row = keys::live_row(&keys::live_tag(&tag.slug), published_at, id);
            writes.push(Write::put(self, Content, &row, &page.summary)?);
        }
        if let Some(old) = &before.live {
            let gone = |tag: &&Slug| !page.summary.tags.iter().any(|kept| kept.slug == **tag);
            for tag in old.tags.iter().filter(gone) {
                let row = keys::live_row(&keys::live_tag(tag), published_at, id);
                writes.push(Write::delete(self, Content, &row));
            }
            if old.slug != page.summary.slug {
                let moved = super::live::SlugItem::moved(id, &page.summary.slug);
                let moved = item(&keys::slug(&old.slug), &moved)?;
                writes.push(Write::put_if(self, Content, moved, Some(ours)));
            }
        }
        Ok(self.transact(writes).await?.map_err(NotWritten::of))
    }

    /// Keeps another head, if it still is as `before`.
    ///
    /// # Errors
    /// As any call.
    pub async fn put_head(
        &self,
        before: &PostItem,
        after: &PostItem,
    ) -> Result<Result<(), NotWritten>, StoreError> {
        let writes = vec![self.replace_head(before, after)?];
        Ok(self.transact(writes).await?.map_err(NotWritten::of))
    }

    fn replace_head(&self, before: &PostItem, after: &PostItem) -> Result<Write, StoreError> {
        let condition = Condition::new("version = :version")
            .with(":version", AttributeValue::N(before.summary.version.to_string()));
        let head = item(&keys::post(&after.summary.id), &Indexed::new(after))?;
        Ok(Write::put_if(self, Content, head, Some(condition)))
    }

    /// Takes a slug that is free or this post's already. What readers find there stays.
    fn hold_slug(&self, slug: &Slug, post: &PostId) -> Write {
        let update = Update::builder()
            .table_name(self.table(Content))
            .set_key(Some(keys::slug(slug).attributes()))
            .update_expression("SET post_id = :post, #schema = :schema")
            .condition_expression("attribute_not_exists(pk) OR post_id = :post")
            .expression_attribute_names("#schema", "schema")
            .expression_attribute_values(":post", AttributeValue::S(post.as_str().to_owned()))
            .expression_attribute_values(":schema", AttributeValue::N(SCHEMA_VERSION.to_string()))
            .build()
            .expect("the table, key and expression are given");
        Write::update(update)
    }
}
