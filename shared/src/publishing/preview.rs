//! A text as readers would see it, before it is live, and what they do not get of it.

use super::content::within_size;
use super::rendered_diff::rendered_result;
use super::{findings, headings, posted};
use crate::auth::{Actor, limits};
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{
    DraftFormat, Finding, FindingCode, Markdown, PostId, TooComplex, Warning, WithHtml,
};

/// A rendered text.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The body as it would be live: sanitised HTML, with pictures of other hosts as links.
    pub body_html: String,
    /// What the sanitiser removes.
    pub warnings: Vec<Warning>,
    /// What else stands in the text and does not reach readers.
    pub unseen: Vec<Finding>,
}

/// Renders a text as publishing does, and tells what readers do not get of it. Writes nothing.
///
/// # Errors
/// 413 for a text that is longer than a post may be; 422 on `body` where rendering it would take more
/// than a post is worth.
pub async fn preview(cx: &Context, body: Markdown) -> Result<Preview, Problem> {
    within_size(&body)?;
    let rendered = rendered_result(cx, &body).await?;
    let body_html = rendered.map_err(|fault| too_complex("body", &fault))?;
    let media_url = cx.config.media_url.clone();
    let find = move || (findings::removed(&body, &media_url), findings::of_body(&body, &media_url));
    let (warnings, found) = cx.compute(find).await?;
    let is_unseen = |finding: &Finding| {
        matches!(
            finding.code,
            FindingCode::HiddenText
                | FindingCode::SpelledText
                | FindingCode::NotExamined
                | FindingCode::UnusedDefinition
                | FindingCode::UnusedFootnote
                | FindingCode::DroppedCells
        )
    };
    Ok(Preview { body_html, warnings, unseen: found.into_iter().filter(is_unseen).collect() })
}

/// What the sanitiser removes from a text.
///
/// # Errors
/// As any computation.
pub async fn warnings(cx: &Context, body: &Markdown) -> Result<Vec<Warning>, Problem> {
    let (body, media_url) = (body.clone(), cx.config.media_url.clone());
    cx.compute(move || findings::removed(&body, &media_url)).await
}

/// Something with a text of a post, and if it is asked for, its HTML as readers would get it.
///
/// # Errors
/// 422 on `format` where rendering the text would take more than a post is worth; 429 after too many.
pub async fn with_html<T>(
    cx: &Context,
    actor: &Actor,
    format: Option<DraftFormat>,
    of: T,
    text: impl FnOnce(&T) -> (&PostId, &Markdown),
) -> Result<WithHtml<T>, Problem> {
    if format.is_none() {
        return Ok(WithHtml::plain(of));
    }
    limits::acquire_of(cx, &limits::PREVIEW_ACCOUNT, &actor.caller).await?;
    let (post, body) = text(&of);
    let html = posted::rendered(cx, post, body).await?;
    let html = html.map_err(|fault| too_complex("format", &fault))?;
    let warnings = warnings(cx, body).await?;
    let toc = Some(headings::toc(&html));
    Ok(WithHtml { of, body_html: Some(html), toc, warnings: Some(warnings) })
}

fn too_complex(field: &str, fault: &TooComplex) -> Problem {
    let message = format!("{fault} Make it simpler, or split the post into several.");
    Problem::invalid_field(field, "too_complex", message)
}
