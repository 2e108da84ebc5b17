//! The tags and authors of posts, each once and whole.

use byline_shared::Context;
use byline_shared::http::problem::Problem;
use byline_shared::model::{Profile, PublicAuthor, PublicPostSummary, PublicTag, Slug};
use byline_shared::store::tags::TagItem;
use schemars::JsonSchema;
use serde::Serialize;

use crate::include_parameter::include_parameter;

/// The tags and authors of posts.
#[derive(Default, Serialize, JsonSchema)]
pub struct Included {
    /// The tags of the posts, by slug; only with `include=tags`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<PublicTag>>,
    /// The authors of the posts, by slug; only with `include=author`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authors: Option<Vec<PublicAuthor>>,
}

include_parameter! {
    /// What is to be told: `tags`, `author`, or both.
    Include, "tags", "author"
}

/// What is told beside these posts.
///
/// # Errors
/// 503 while the database does not answer.
pub(crate) async fn of(
    cx: &Context,
    include: &Include,
    posts: &[PublicPostSummary],
) -> Result<Included, Problem> {
    let mut included = Included::default();
    if include.names("tags") {
        let tags = posts.iter().flat_map(|post| &post.tags).map(|tag| &tag.slug);
        let tags = cx.store.tags().get_many(&each_once(tags)).await?;
        let mut tags: Vec<_> =
            tags.into_iter().filter(TagItem::is_tag).map(TagItem::public).collect();
        tags.sort_by(|a, b| a.slug.cmp(&b.slug));
        included.tags = Some(tags);
    }
    if include.names("author") {
        included.authors = authors(cx, posts).await?.authors;
    }
    Ok(included)
}

/// The authors of these posts. An author has a profile only where every post with the slug is theirs: the slug
/// of a deleted account can be another person's before its posts have lost it.
///
/// # Errors
/// As [`of`].
pub(crate) async fn authors(
    cx: &Context,
    posts: &[PublicPostSummary],
) -> Result<Included, Problem> {
    let authors = each_once(posts.iter().map(|post| &post.author.slug));
    let mut authors = cx.store.authors().get_many(&authors).await?;
    for author in &mut authors {
        let mut of_posts = posts.iter().map(|post| &post.author);
        if of_posts.any(|other| other.slug == author.slug && other.id != author.id) {
            author.profile = Profile::default();
        }
    }
    authors.sort_by(|a, b| a.slug.cmp(&b.slug));
    Ok(Included { authors: Some(authors), ..Included::default() })
}

fn each_once<'s>(slugs: impl Iterator<Item = &'s Slug>) -> Vec<Slug> {
    let mut slugs: Vec<Slug> = slugs.cloned().collect();
    slugs.sort();
    slugs.dedup();
    slugs
}
