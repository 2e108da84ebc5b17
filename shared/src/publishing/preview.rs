//! A text as readers would see it, before it is saved.

use super::content::within_size;
use super::findings;
use super::rendered_diff::rendered_result;
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{Finding, FindingCode, Markdown, TooComplex};

/// A rendered text.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The body as it would be live: sanitised HTML, with pictures of other hosts as links.
    pub body_html: String,
    /// What stands in the text and does not reach readers.
    pub dropped: Vec<Finding>,
}

/// Renders a text as publishing does, and tells what the sanitiser takes out of it. Writes nothing.
///
/// # Errors
/// 413 for a text that is longer than a post may be; 422 on `body` where rendering it would take more
/// than a post is worth.
pub async fn preview(cx: &Context, body: Markdown) -> Result<Preview, Problem> {
    within_size(&body)?;
    let rendered = rendered_result(cx, &body).await?;
    let body_html = rendered.map_err(|fault: TooComplex| {
        let message = format!("{fault} Make it simpler, or split the post into several.");
        Problem::invalid_field("body", "too_complex", message)
    })?;
    let found = cx.compute(move || findings::of_body(&body)).await?;
    let is_dropped = |finding: &Finding| {
        matches!(
            finding.code,
            FindingCode::HiddenText
                | FindingCode::SpelledText
                | FindingCode::NotExamined
                | FindingCode::HtmlComment
                | FindingCode::HtmlDropped
                | FindingCode::UnusedDefinition
                | FindingCode::UnusedFootnote
                | FindingCode::DroppedCells
        )
    };
    Ok(Preview { body_html, dropped: found.into_iter().filter(is_dropped).collect() })
}
