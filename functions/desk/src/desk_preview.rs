//! `/desk/preview`: a text as readers would see it, before it is saved. It is shown in a frame of the editor.

use byline_shared::auth::limits;
use byline_shared::http::Response;
use byline_shared::model::{Language, Markdown};
use byline_shared::prelude::*;
use byline_shared::publishing::{self, Preview};
use maud::{Markup, PreEscaped, html};

use crate::layout;
use crate::page::{self, Page};
use crate::refusals;
use crate::review::findings;
use crate::visit::Visit;

/// Renders a text.
struct PreviewText;

/// The operation.
pub const OPERATION: Operation = page::operation::<PreviewText>(module_path!());

impl Page for PreviewText {
    const NAME: &'static str = "desk-preview";
    const PATH: &'static str = "/desk/preview";
    const SUMMARY: &'static str = "Preview a text as readers would see it";
    const PERMISSIONS: &'static [Permission] = &[limits::LIMIT_PERMISSION];
    const FRAME: bool = true;

    type Needs = scope::PostsWrite;

    /// There is nothing to preview yet, or the form came from an older session.
    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        let text = match visit.notice {
            Some(_) => {
                "You have signed in again since this page was opened. Save the text, and the \
                        preview comes back."
            }
            None => "The preview of a text appears here while it is written.",
        };
        Ok(layout::framed(cx, "Preview", &html! { p.padded.quiet { (text) } }))
    }

    async fn submit(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        let rendered = rendered(cx, visit).await;
        let title = visit.form.text("title").trim();
        let main = match rendered {
            Ok(preview) => text(title, visit.form.text("language").trim(), &preview),
            Err(problem) => fault(problem)?,
        };
        let page_title = if title.is_empty() { "Preview" } else { title };
        Ok(layout::framed(cx, page_title, &main))
    }
}

async fn rendered(cx: &Context, visit: &Visit) -> Result<Preview, Problem> {
    let account = limits::account(&visit.caller.user.id);
    limits::acquire(cx, &limits::PREVIEW_ACCOUNT, &account).await?;
    let body = visit.form.text("body").parse::<Markdown>();
    let body =
        body.map_err(|error| Problem::invalid_field("body", "invalid", error.to_string()))?;
    publishing::preview(cx, body).await
}

/// The text, with what readers do not get of it above it.
fn text(title: &str, language: &str, preview: &Preview) -> Markup {
    let language = language.parse::<Language>().ok();
    html! {
        (findings::unseen(&preview.warnings, &preview.unseen))
        article.prose lang=[language.map(|language| language.to_string())] {
            @if !title.is_empty() { h1 { (title) } }
            (PreEscaped(&preview.body_html))
        }
    }
}

/// Why there is no preview, in its place.
///
/// # Errors
/// The problem itself, where the frame has nothing to say about it.
fn fault(problem: Problem) -> Result<Markup, Problem> {
    let message = match (problem.code, problem.errors.first()) {
        (Code::InvalidInput, Some(error)) => refusals::message(error),
        (Code::PayloadTooLarge | Code::TooManyRequests, _) => refusals::detail(&problem),
        _ => return Err(problem),
    };
    Ok(html! { div.alert { h2 { "This text cannot be shown" } p { (message) } } })
}
