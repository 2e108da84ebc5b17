//! `GET /v1/manage/posts`: posts to work on.

use byline_shared::auth::actor::Actor;
use byline_shared::model::{PostStatus, PostSummary, PostType, Slug, UserId};
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
    /// Only posts with this status. Default: every status but `trashed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<PostStatus>,
    /// Only posts, or only pages, by the latest revision. Default: both.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub post_type: Option<PostType>,
    /// Only posts of this author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<UserId>,
    /// Only posts whose latest or published revision has the tag with this slug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<Slug>,
    /// Only posts whose latest title contains this text. Case does not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 100))]
    pub q: Option<String>,
    /// The order.
    #[serde(default)]
    pub sort: Sort,
}

/// An order of posts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum Sort {
    /// Last changed first.
    #[default]
    #[serde(rename = "-updated_at")]
    LastChanged,
    /// Longest unchanged first.
    #[serde(rename = "updated_at")]
    FirstChanged,
}

impl Endpoint for ListPosts {
    const NAME: &'static str = "manage-posts-list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/manage/posts";
    const SUMMARY: &'static str = "List posts for editing";
    const DESCRIPTION: &'static str = "Authors see their own posts, editors all. With a filter, a page can be shorter than \
        `limit`, and even empty, while `next_cursor` says that more follow. Entries have no \
        body.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Index(Content, "gsi1"), Permission::Index(Content, "gsi2")];

    type Auth = scope::PostsRead;
    type Input = Input;
    type Output = Json<Page<PostSummary>>;

    fn example() -> Example<Self> {
        let items = vec![byline_shared::examples::post(false).summary];
        let page = PageParams { limit: 20, cursor: None };
        let (status, post_type, author, tag, q) = (None, None, None, None, None);
        let input = Input { page, status, post_type, author, tag, q, sort: Sort::LastChanged };
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
            post_type: input.post_type,
            tag: input.tag,
            title: input.q,
            oldest_first: input.sort == Sort::FirstChanged,
            ..PostFilter::default()
        };
        publishing::list(cx, &Actor::rest(caller), filter, &input.page).await.map(Json)
    }
}
