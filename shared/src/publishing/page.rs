//! The page that readers see, made from a revision.

use super::render;
use crate::context::Context;
use crate::http::problem::Problem;
use crate::media;
use crate::model::{
    Author, Cover, Markdown, MediaId, MediaStatus, PublicPost, PublicPostSummary, Revision, Tag,
    Time,
};
use crate::store::live;

/// The page of a revision with these tags and this author.
///
/// # Errors
/// 422 on `revision_id` for a revision that is too large to be served.
pub(super) async fn build(
    cx: &Context,
    revision: &Revision,
    body_html: String,
    tags: Vec<Tag>,
    author: Author,
    (published_at, updated_at): (Time, Time),
) -> Result<PublicPost, Problem> {
    let cover = match &revision.summary.fields.cover {
        Some(id) => cover(cx, id).await?,
        None => None,
    };
    let fields = revision.summary.fields.clone();
    let page = PublicPost {
        summary: PublicPostSummary {
            id: revision.summary.post_id.clone(),
            title: fields.title,
            slug: fields.slug,
            excerpt: fields.excerpt,
            tags,
            author,
            cover,
            canonical_url: fields.canonical_url,
            language: fields.language,
            featured: fields.featured,
            revision_id: revision.summary.id.clone(),
            published_at,
            updated_at,
        },
        details: fields.details,
        metadata: fields.metadata,
        body_html,
        body: revision.body.clone(),
    };
    if live::fits(&page) {
        return Ok(page);
    }
    let message = "This revision is too large to be served: its text and its HTML do not fit a \
                   stored page. Split the post into several.";
    Err(Problem::invalid_field("revision_id", "too_large", message))
}

/// A cover as readers see it; none where the file was deleted since.
pub(super) async fn cover(cx: &Context, id: &MediaId) -> Result<Option<Cover>, Problem> {
    let item = cx.store.media().get(id).await?.filter(|item| item.status == MediaStatus::Ready);
    Ok(item.map(|item| Cover {
        url: media::address(&cx.config, &item),
        width: item.width,
        height: item.height,
        alt: item.alt,
    }))
}

/// The HTML of a body, rendered beside the requests.
///
/// # Errors
/// 422 on `revision_id` where rendering would take more than a post is worth.
pub(super) async fn html(cx: &Context, body: Markdown) -> Result<String, Problem> {
    let html = cx.compute(move || render::to_html(body.as_str())).await?;
    html.map_err(|fault| {
        let message = format!("{fault} Save a simpler revision, or split the post into several.");
        Problem::invalid_field("revision_id", "too_complex", message)
    })
}
