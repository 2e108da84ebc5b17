//! `GET /v1/manage/posts`: posts to work on.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{PostStatus, PostSummary, Slug, UserId};
use byline_shared::prelude::*;
use byline_shared::publishing;
use byline_shared::store::posts::PostFilter;

/// Lists posts for editing.
pub struct ListPosts;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ListPosts>(module_path!());

/// Which posts. With a filter, a page of rare posts may hold fewer than `limit` and still name the next.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Input {
    /// The page.
    #[serde(flatten)]
    pub page: PageParams,
    /// Those that stand so; without it, all but those in the trash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<PostStatus>,
    /// Those of this author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<UserId>,
    /// Those whose draft or live revision carries the tag with this slug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<Slug>,
    /// Those whose draft's title holds this, in whatever case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 100))]
    pub q: Option<String>,
    /// Their order.
    #[serde(default)]
    pub sort: Sort,
}

/// An order of posts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum Sort {
    /// The last changed first.
    #[default]
    #[serde(rename = "-updated_at")]
    LastChanged,
    /// The longest unchanged first.
    #[serde(rename = "updated_at")]
    FirstChanged,
}

impl Endpoint for ListPosts {
    const NAME: &'static str = "manage-posts-list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/manage/posts";
    const SUMMARY: &'static str = "Posts to work on, the last changed first; authors see their own";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Index(Content, "gsi1"), Permission::Index(Content, "gsi2")];

    type Auth = scope::PostsRead;
    type Input = Input;
    type Output = Json<Page<PostSummary>>;

    fn example() -> Example<Self> {
        let items = vec![byline_shared::examples::post(false).summary];
        let page = PageParams { limit: 20, cursor: None };
        let input =
            Input { page, status: None, author: None, tag: None, q: None, sort: Sort::LastChanged };
        Example { input, output: Json(Page { items, next_cursor: None }) }
    }

    async fn handle(
        cx: &Context,
        caller: Caller,
        input: Input,
    ) -> Result<Json<Page<PostSummary>>, Problem> {
        let filter = PostFilter {
            author: input.author,
            status: input.status,
            tag: input.tag,
            title: input.q,
            oldest_first: input.sort == Sort::FirstChanged,
        };
        publishing::list(cx, &Actor::rest(caller), filter, &input.page).await.map(Json)
    }
}
