//! `GET /v1/posts/{slug}`: a published post. One `GetItem`: its HTML was rendered when it was published.

use crate::readable::{Adjacent, Format, ReadablePost};
use byline_shared::model::Slug;
use byline_shared::prelude::*;
use byline_shared::store::live::Found;

/// Reads a published post.
pub struct ReadPost;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ReadPost>(module_path!());

/// Which post, and how.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Its slug.
    pub slug: Slug,
    /// The one form of the text that is wanted; HTML and Markdown, if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// What is told beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub include: Option<Include>,
}

/// What can be told beside a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Include {
    /// The posts that went live before and after it.
    Adjacent,
}

impl Endpoint for ReadPost {
    const NAME: &'static str = "posts-read";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/posts/{slug}";
    const SUMMARY: &'static str = "A published post, as HTML, Markdown or plain text";
    const PERMISSIONS: &'static [Permission] = &[Permission::Table(Content, &[GetItem, Query])];
    const ERRORS: &'static [Code] = &[Code::NotFound];
    const CACHE: Cache = Cache::Public;

    type Auth = Public;
    type Input = Input;
    type Output = MaybeMoved<ReadablePost>;

    fn example() -> Example<Self> {
        let post = byline_shared::examples::public_post();
        let input = Input { slug: post.summary.slug.clone(), format: None, include: None };
        Example { input, output: MaybeMoved::Found(ReadablePost::of(post, None)) }
    }

    async fn handle(
        cx: &Context,
        (): (),
        input: Input,
    ) -> Result<MaybeMoved<ReadablePost>, Problem> {
        let post = match cx.store.live_posts().find(&input.slug).await? {
            Some(Found::Post(post)) => *post,
            Some(Found::MovedTo(slug)) => {
                return Ok(MaybeMoved::MovedPermanently(format!("/v1/posts/{slug}")));
            }
            None => return Err(Problem::not_found("post")),
        };
        let neighbours = match input.include {
            Some(Include::Adjacent) => Some(cx.store.live_posts().neighbours(&post.summary).await?),
            None => None,
        };
        let mut post = ReadablePost::of(post, input.format);
        post.adjacent = neighbours.map(Adjacent::of);
        Ok(MaybeMoved::Found(post))
    }
}
