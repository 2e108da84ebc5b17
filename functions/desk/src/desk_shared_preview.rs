//! `/preview/{token}`: what a preview link shows, to anyone who has it. It needs no session, runs no script and
//! says nothing about who works on the post.

use byline_shared::auth::limits;
use byline_shared::http::{Request, Response, path};
use byline_shared::known_settings::SETTINGS_PERMISSION;
use byline_shared::model::{PublicPost, Secret};
use byline_shared::prelude::*;
use byline_shared::publishing::{self, SharedPreview};
use http::StatusCode;
use maud::{Markup, PreEscaped, html};

use crate::answers::status_of;
use crate::{layout, parts, refusals};

/// Shows a post by a preview link.
pub struct SharedPreviewPage;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<SharedPreviewPage>(module_path!());

impl RawEndpoint for SharedPreviewPage {
    const NAME: &'static str = "desk-shared-preview";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/preview/{token}";
    const DESCRIBED: bool = false;
    const SUMMARY: &'static str = "Show a post by a preview link";
    const PERMISSIONS: &'static [Permission] = &[publishing::REVIEW, SETTINGS_PERMISSION];
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::InvalidInput];
    const LIMIT: Option<RateLimit> = Some(limits::PREVIEW_NETWORK);
    const CACHE: Cache = Cache::Private;
    const PRODUCES: &'static str = "text/html; charset=utf-8";
    const ERROR_MEDIA_TYPE: &'static str = "text/html; charset=utf-8";
    const CROSS_ORIGIN: bool = false;
    const EXAMPLE_PATH: &'static [(&'static str, &'static str)] =
        &[("token", byline_shared::examples::PREVIEW_TOKEN)];

    type Auth = Public;

    fn reject(cx: &Context, problem: Problem) -> Response {
        let (title, text) = match (problem.code, problem.errors.first()) {
            (Code::NotFound, _) => (
                "This preview link does not work",
                "It has expired or was revoked, or the address is not complete. Ask the person who sent it for \
                 a new one.",
            ),
            (Code::InvalidInput, Some(error)) => {
                ("This text cannot be shown", refusals::message(error))
            }
            _ => return layout::failed(cx, problem),
        };
        let main = html! { h1 { (title) } p { (text) } };
        layout::shared(cx, status_of(&problem), title, &main)
    }

    async fn handle(cx: &Context, (): (), request: Request) -> Result<Response, Problem> {
        cx.settings.read().await?;
        let token = path::first_value(Self::PATH, request.uri().path());
        let shown = publishing::shared_preview(cx, &Secret::new(token)).await?;
        // Pictures of other hosts are links: loading one tells its host who reads what is not published.
        let html = publishing::rendered_result(cx, &shown.post.body).await?;
        let html = html
            .map_err(|fault| Problem::invalid_field("token", "too_complex", fault.to_string()))?;
        let main = page(&parts::Now::of(cx), &shown, &html);
        Ok(layout::shared(cx, StatusCode::OK, shown.post.summary.title.as_str(), &main))
    }
}

fn page(now: &parts::Now, shown: &SharedPreview, html: &str) -> Markup {
    let PublicPost { summary, .. } = &shown.post;
    html! {
        p.note role="note" {
            @if shown.is_live {
                "This is a preview of a text that is published. "
            } @else {
                "This is a preview; it is not published. "
            }
            "This link works until " (parts::time(now, shown.expires_at)) "."
        }
        article.prose lang=[summary.language.as_ref().map(|language| language.as_str())] {
            h1 { (summary.title) }
            p.quiet { "By " (summary.author.name) }
            @if let Some(cover) = &summary.cover {
                img src=(cover.url) alt=(cover.alt) width=[cover.width] height=[cover.height];
            }
            (PreEscaped(html))
        }
    }
}
