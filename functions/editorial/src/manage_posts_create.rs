//! `POST /v1/manage/posts`: makes a draft.

use shared::auth::limits;
use shared::model::{Excerpt, Markdown, Post, Slug, TagName, Title};
use shared::prelude::*;
use shared::publishing::{self, NewPost};
use shared::store::posts::Origin;

/// Makes a draft.
pub struct CreatePost;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<CreatePost>(module_path!());

/// The draft.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The title.
    pub title: Title,
    /// The text in Markdown (GFM), at most 256 KiB.
    pub body: Markdown,
    /// Where readers will find it; made from the title if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<Slug>,
    /// A summary for lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<Excerpt>,
    /// Tags, by name.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub tags: Vec<TagName>,
}

impl Endpoint for CreatePost {
    const NAME: &'static str = "manage-posts-create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/manage/posts";
    const SUMMARY: &'static str = "Make a draft";
    const GRANTS: &'static [Grant] = &[Grant::Table(Content, &[PutItem, UpdateItem])];
    const ERRORS: &'static [Code] = &[Code::SlugTaken];
    const BODY_LIMIT: usize = 1024 * 1024;
    const LIMIT: Option<Policy> = Some(limits::WRITE_ACCOUNT);

    type Auth = scope::PostsWrite;
    type Input = Input;
    type Output = Created<Post>;

    fn example() -> Example<Self> {
        let post = shared::examples::post(false);
        let head = post.summary.clone();
        let input = Input {
            title: head.title,
            body: post.body.clone(),
            slug: None,
            excerpt: Some(head.excerpt),
            tags: head.tags.into_iter().map(|tag| tag.name).collect(),
        };
        Example { input, output: Created(post) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Created<Post>, Problem> {
        let new = NewPost {
            title: input.title,
            body: input.body,
            slug: input.slug,
            excerpt: input.excerpt,
            tags: input.tags,
        };
        publishing::create(cx, &caller, new, Origin::Api).await.map(Created)
    }
}
