//! The tags and authors of a page of posts, each once and whole.

use schemars::JsonSchema;
use serde::Serialize;
use shared::Context;
use shared::http::problem::Problem;
use shared::model::{PublicAuthor, PublicPostSummary, PublicTag, Slug};
use shared::store::tags::TagItem;

/// What is told beside a page of posts.
#[derive(Default, Serialize, JsonSchema)]
pub struct Included {
    /// The tags that they carry, by slug.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<PublicTag>>,
    /// Who wrote them, by slug.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authors: Option<Vec<PublicAuthor>>,
}

/// What an `include` parameter names.
///
/// # Errors
/// 422 for what there is not.
pub(crate) async fn of(
    cx: &Context,
    parameter: &str,
    posts: &[PublicPostSummary],
) -> Result<Included, Problem> {
    let mut included = Included::default();
    for name in parameter.split(',').map(str::trim) {
        match name {
            "tags" => {
                let tags = posts.iter().flat_map(|post| &post.tags).map(|tag| &tag.slug);
                let tags = cx.store.tags_named(&each_once(tags)).await?;
                let mut tags: Vec<_> =
                    tags.into_iter().filter(TagItem::is_tag).map(TagItem::public).collect();
                tags.sort_by(|a, b| a.slug.cmp(&b.slug));
                included.tags = Some(tags);
            }
            "author" => {
                let authors = each_once(posts.iter().map(|post| &post.author.slug));
                let mut authors = cx.store.authors_named(&authors).await?;
                authors.sort_by(|a, b| a.slug.cmp(&b.slug));
                included.authors = Some(authors);
            }
            _ => {
                let message = "Must be tags, author, or both with a comma between.";
                return Err(Problem::invalid_field("include", "not_allowed", message));
            }
        }
    }
    Ok(included)
}

fn each_once<'s>(slugs: impl Iterator<Item = &'s Slug>) -> Vec<Slug> {
    let mut slugs: Vec<Slug> = slugs.cloned().collect();
    slugs.sort();
    slugs.dedup();
    slugs
}
