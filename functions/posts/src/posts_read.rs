//! `GET /v1/posts/{slug}`: a published post. One `GetItem`: its HTML was rendered when it was
//! published.

use shared::model::{PublicPost, Slug};
use shared::prelude::*;
use shared::store::live::Found;

/// Reads a published post.
pub struct ReadPost;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ReadPost>(module_path!());

/// Which post.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Its slug.
    pub slug: Slug,
}

impl Endpoint for ReadPost {
    const NAME: &'static str = "posts-read";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/posts/{slug}";
    const SUMMARY: &'static str = "A published post, as Markdown and as HTML";
    const GRANTS: &'static [Grant] = &[Grant::Table(Content, &[GetItem])];
    const ERRORS: &'static [Code] = &[Code::NotFound];
    const CACHE: Cache = Cache::Public;

    type Auth = Public;
    type Input = Input;
    type Output = OrMoved<PublicPost>;

    fn example() -> Example<Self> {
        let post = shared::examples::public_post();
        Example { input: Input { slug: post.summary.slug.clone() }, output: OrMoved::Here(post) }
    }

    async fn handle(cx: &Context, (): (), input: Input) -> Result<OrMoved<PublicPost>, Problem> {
        match cx.store.live_post(&input.slug).await? {
            Some(Found::Post(post)) => Ok(OrMoved::Here(*post)),
            Some(Found::MovedTo(slug)) => Ok(OrMoved::Moved(format!("/v1/posts/{slug}"))),
            None => Err(Problem::not_found("post")),
        }
    }
}
