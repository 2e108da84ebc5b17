//! `GET /v1/posts`: published posts, newest first. One `Query`, whatever the size of the list.

use crate::included::{self, Include};
use crate::sparse::{Fields, PostList, SparsePost};
use byline_shared::model::{Language, Slug, Time};
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
    /// The slug of a tag that the posts carry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<Slug>,
    /// The slug of their author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<Slug>,
    /// The language that they say they are in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Whether they stand out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub featured: Option<bool>,
    /// When they first went live: then or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Time>,
    /// When they first went live: before then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Time>,
    /// Their order.
    #[serde(default, skip_serializing_if = "Sort::is_default")]
    pub sort: Sort,
    /// The fields of each that are wanted, separated by commas; all, if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<Fields>,
    /// What is told beside them: `tags`, `author`, or both, separated by a comma.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub include: Option<Include>,
}

/// An order of published posts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum Sort {
    /// Newest first.
    #[default]
    #[serde(rename = "-published_at")]
    NewestFirst,
    /// Oldest first.
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
    const SUMMARY: &'static str = "Published posts, newest first";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Table(Content, &[BatchGetItem, GetItem, Query])];
    const CACHE: Cache = Cache::Public;

    type Auth = Public;
    type Input = Input;
    type Output = MaybeMoved<PostList>;

    fn example() -> Example<Self> {
        let items =
            vec![SparsePost::Whole(Box::new(byline_shared::examples::public_post().summary))];
        let page = PageParams { limit: 20, cursor: None };
        let input = Input { page, ..Input::default() };
        let output = PostList { items, next_cursor: None, included: None };
        Example { input, output: MaybeMoved::Found(output) }
    }

    async fn handle(cx: &Context, (): (), input: Input) -> Result<MaybeMoved<PostList>, Problem> {
        let filter = LiveFilter {
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
        let fields = input.fields.as_ref();
        let items = page.items.into_iter().map(|post| SparsePost::new(post, fields));
        let (items, next_cursor) = (items.collect(), page.next_cursor);
        Ok(MaybeMoved::Found(PostList { items, next_cursor, included }))
    }
}
