//! `GET /v1/tags/{slug}`: a tag, or where it moved.

use byline_shared::model::{PublicTag, Slug};
use byline_shared::prelude::*;
use byline_shared::store::keys;

/// Reads a tag.
pub struct ReadTag;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ReadTag>(module_path!());

/// Which tag.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The slug.
    pub slug: Slug,
}

impl Endpoint for ReadTag {
    const NAME: &'static str = "tags-read";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/tags/{slug}";
    const SUMMARY: &'static str = "Get a tag";
    const DESCRIPTION: &'static str =
        "404 if no published post has the tag. A tag that was renamed or merged answers 301.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Items(Content, keys::TAGS, &[GetItem])];
    const ERRORS: &'static [Code] = &[Code::NotFound];
    const CACHE: Cache = Cache::Public;

    type Auth = Public;
    type Input = Input;
    type Output = MaybeMoved<PublicTag>;

    fn example() -> Example<Self> {
        let tag = byline_shared::examples::tag();
        Example { input: Input { slug: tag.slug.clone() }, output: MaybeMoved::Found(tag) }
    }

    async fn handle(cx: &Context, (): (), input: Input) -> Result<MaybeMoved<PublicTag>, Problem> {
        let tag =
            cx.store.tags().get(&input.slug).await?.ok_or_else(|| Problem::not_found("tag"))?;
        Ok(match &tag.moved_to {
            Some(slug) => MaybeMoved::MovedPermanently(format!("/v1/tags/{slug}")),
            // What no published post carries is of drafts alone.
            None if tag.post_count == 0 => return Err(Problem::not_found("tag")),
            None => MaybeMoved::Found(tag.public()),
        })
    }
}
