//! `GET /v1/posts`: published posts or pages, newest first. One `Query`, whatever the size of the list.

use crate::included::{self, Include};
use crate::sparse::{Fields, PostList, PostPage};
use byline_shared::model::{Language, PostType, Slug, Time};
use byline_shared::prelude::*;
use byline_shared::store::live_lists::LiveFilter;

/// Lists published posts.
pub struct ListPosts;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ListPosts>(module_path!());

/// Which posts.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
pub struct Input {
    /// The page.
    #[serde(flatten)]
    pub page: PageParams,
    /// `post`: posts. `page`: pages, such as "About".
    #[serde(default, rename = "type", skip_serializing_if = "PostType::is_post")]
    pub post_type: PostType,
    /// Only posts with the tag that has this slug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<Slug>,
    /// Only posts of the author with this slug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<Slug>,
    /// Only posts whose `language` is this one. Case does not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// `true`: only featured posts. `false`: only others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub featured: Option<bool>,
    /// Only posts first published at this time or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Time>,
    /// Only posts first published before this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Time>,
    /// The order.
    #[serde(default, skip_serializing_if = "Sort::is_default")]
    pub sort: Sort,
    /// The fields that entries have, separated by commas. Default: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<Fields>,
    /// Adds the tags or authors of the page to `included`: `tags`, `author`, or both, separated by
    /// a comma.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub include: Option<Include>,
}

/// An order of published posts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum Sort {
    /// Newest first, by first publication.
    #[default]
    #[serde(rename = "-published_at")]
    NewestFirst,
    /// Oldest first, by first publication.
    #[serde(rename = "published_at")]
    OldestFirst,
}

impl Sort {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Input {
    /// The address of the same list for another tag.
    fn with_tag(mut self, tag: Slug) -> String {
        self.tag = Some(tag);
        let query = serde_urlencoded::to_string(&self).unwrap_or_default();
        format!("/v1/posts?{query}")
    }
}

impl Endpoint for ListPosts {
    const NAME: &'static str = "posts-list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/posts";
    const SUMMARY: &'static str = "List published posts";
    const DESCRIPTION: &'static str = "Posts, or with `type=page` pages, which are in no other list for readers. Filters can be combined. \
        Entries have no body.\n\
        \n\
        With `fields`, entries have only the requested fields, and the page repeats them in \
        `fields`. A cursor stays valid when `fields` or `include` change, but belongs to one set \
        of filters. A `tag` that was renamed or merged answers 301.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Table(Content, &[BatchGetItem, GetItem, Query])];
    const CACHE: Cache = Cache::Public;

    type Auth = Public;
    type Input = Input;
    type Output = MaybeMoved<PostList>;

    fn example() -> Example<Self> {
        let items = vec![byline_shared::examples::public_post().summary];
        let page = PageParams { limit: 20, cursor: None };
        let input = Input { page, ..Input::default() };
        let output = PostPage { items, next_cursor: None, included: None };
        Example { input, output: MaybeMoved::Found(PostList::Whole(output)) }
    }

    async fn handle(cx: &Context, (): (), input: Input) -> Result<MaybeMoved<PostList>, Problem> {
        let filter = LiveFilter {
            post_type: input.post_type,
            tag: input.tag.clone(),
            author: input.author.clone(),
            language: input.language.as_ref().map(Language::canonical),
            featured: input.featured,
            from: input.from,
            to: input.to,
            oldest_first: input.sort == Sort::OldestFirst,
        };
        let page = cx.store.live_posts().list(&filter, &input.page).await?;
        // Of a tag without posts it is asked whether it became another.
        if let (Some(tag), true, None) = (&input.tag, page.items.is_empty(), &input.page.cursor)
            && let Some(to) = cx.store.tags().get(tag).await?.and_then(|tag| tag.moved_to)
        {
            return Ok(MaybeMoved::MovedPermanently(input.with_tag(to)));
        }
        let included = match &input.include {
            Some(include) => Some(included::of(cx, include, &page.items).await?),
            None => None,
        };
        let list = PostList::new(page, included, input.fields.as_ref());
        list.map(MaybeMoved::Found).map_err(Problem::internal)
    }
}
