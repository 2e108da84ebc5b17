//! The page that readers see, made from a revision.

use super::shown::Shown;
use super::{posted, render};
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{
    Author, ExcerptSource, Markdown, PublicPost, PublicPostSummary, Revision, Time, TooComplex,
};
use crate::store::live;

/// The page of a revision with what is shown beside its text, and with this author; `html` is its rendered body.
///
/// # Errors
/// 422 on `revision_id` for a revision that is too large to be served.
pub(super) fn build(
    cx: &Context,
    revision: &Revision,
    html: &str,
    shown: &Shown,
    author: Author,
    (published_at, updated_at): (Time, Time),
) -> Result<PublicPost, Problem> {
    let fields = revision.summary.fields.clone();
    let (post, media_url) = (&revision.summary.post_id, &cx.config.media_url);
    let body_html = posted::html(html, post, media_url, |id| shown.file(id));
    let body_html = body_html.map_err(|fault| refused(&fault))?;
    let (excerpt, excerpt_source) = match &shown.made_excerpt {
        Some(made) => (made.clone(), ExcerptSource::Text),
        None => (fields.excerpt, ExcerptSource::Author),
    };
    let page = PublicPost {
        summary: PublicPostSummary {
            id: revision.summary.post_id.clone(),
            title: fields.title,
            slug: fields.slug,
            post_type: fields.post_type,
            excerpt,
            excerpt_source,
            tags: shown.tags.clone(),
            author,
            cover: shown.cover(cx),
            canonical_url: fields.canonical_url,
            language: fields.language,
            featured: fields.featured,
            revision_id: revision.summary.id.clone(),
            published_at,
            updated_at,
        },
        details: fields.details,
        metadata: fields.metadata,
        ai: None,
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

/// The HTML of a body.
///
/// # Errors
/// 422 on `revision_id` where rendering would take more than a post is worth.
pub(super) async fn html(cx: &Context, body: Markdown) -> Result<String, Problem> {
    let html = render::of_publication(cx, &body).await?;
    html.map_err(|fault| refused(&fault))
}

fn refused(fault: &TooComplex) -> Problem {
    let message = format!("{fault} Save a simpler revision, or split the post into several.");
    Problem::invalid_field("revision_id", "too_complex", message)
}
