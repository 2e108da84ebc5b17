//! `GET /v1/authors/{slug}`: an author of published posts.

use byline_shared::model::{PublicAuthor, Slug};
use byline_shared::prelude::*;
use byline_shared::store::keys;

/// Reads an author.
pub struct ReadAuthor;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ReadAuthor>(module_path!());

/// Which author.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The slug.
    pub slug: Slug,
}

impl Endpoint for ReadAuthor {
    const NAME: &'static str = "authors-read";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/authors/{slug}";
    const SUMMARY: &'static str = "Get an author";
    const DESCRIPTION: &'static str = "404 if the author has no published post.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Items(Content, keys::AUTHORS, &[GetItem])];
    const ERRORS: &'static [Code] = &[Code::NotFound];
    const CACHE: Cache = Cache::Public;

    type Auth = Public;
    type Input = Input;
    type Output = Json<PublicAuthor>;

    fn example() -> Example<Self> {
        let author = byline_shared::examples::public_author();
        Example { input: Input { slug: author.slug.clone() }, output: Json(author) }
    }

    async fn handle(cx: &Context, (): (), input: Input) -> Result<Json<PublicAuthor>, Problem> {
        let author =
            cx.store.authors().get(&input.slug).await?.filter(|author| author.post_count > 0);
        author.map(Json).ok_or_else(|| Problem::not_found("author"))
    }
}
