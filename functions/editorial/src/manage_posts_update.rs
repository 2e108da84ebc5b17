//! `PATCH /v1/manage/posts/{post_id}`: saves a further revision.

use shared::auth::limits;
use shared::endpoint::IfMatch;
use shared::model::{Excerpt, Markdown, Post, PostId, Slug, TagName, Title};
use shared::prelude::*;
use shared::publishing::{self, Changes};
use shared::store::posts::Origin;

/// Changes a post.
pub struct UpdatePost;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<UpdatePost>(module_path!());

/// The post and what to change of it; what is left out stays.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The post.
    pub post_id: PostId,
    /// The state that the change is based on.
    pub if_match: IfMatch,
    /// The title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Title>,
    /// The text in Markdown (GFM), at most 256 KiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Markdown>,
    /// Where readers will find it once this is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<Slug>,
    /// A summary for lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<Excerpt>,
    /// All tags, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 20))]
    pub tags: Option<Vec<TagName>>,
}

impl Endpoint for UpdatePost {
    const NAME: &'static str = "manage-posts-update";
    const METHOD: Method = Method::PATCH;
    const PATH: &'static str = "/v1/manage/posts/{post_id}";
    const SUMMARY: &'static str = "Save a further revision of a post";
    const GRANTS: &'static [Grant] =
        &[Grant::Table(Content, &[GetItem, PutItem, UpdateItem, DeleteItem])];
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::SlugTaken];
    const BODY_LIMIT: usize = 1024 * 1024;
    const LIMIT: Option<Policy> = Some(limits::WRITE_ACCOUNT);

    type Auth = scope::PostsWrite;
    type Input = Input;
    type Output = Json<Post>;

    fn example() -> Example<Self> {
        let mut post = shared::examples::post(false);
        let title = Title::trusted("Hello again, world");
        let input = Input {
            post_id: post.summary.id.clone(),
            if_match: IfMatch::version(post.summary.version),
            title: Some(title.clone()),
            body: None,
            slug: None,
            excerpt: None,
            tags: None,
        };
        post.summary.title = title;
        post.summary.version += 1;
        Example { input, output: Json(post) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Json<Post>, Problem> {
        let changes = Changes {
            title: input.title,
            body: input.body,
            slug: input.slug,
            excerpt: input.excerpt,
            tags: input.tags,
        };
        let (id, seen) = (&input.post_id, &input.if_match);
        publishing::edit(cx, &caller, id, seen, changes, Origin::Api).await.map(Json)
    }
}
