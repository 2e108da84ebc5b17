//! Pages of a few words: they have their style in them, and run no script.

use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA256, digest};
use base64::prelude::{BASE64_STANDARD, Engine};
use byline_shared::http::{Response, document};
use http::StatusCode;
use http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = ":root{color-scheme:light dark}body{font:1rem/1.6 system-ui,sans-serif;\
                     max-width:40rem;margin:3rem auto;padding:0 1rem;overflow-wrap:anywhere;\
                     background:light-dark(#faf9f6,#131312);color:light-dark(#1b1a18,#edece7)}\
                     h1,h2{font-family:ui-serif,Charter,Georgia,serif;font-weight:600;line-height:1.25}\
                     h1{font-size:1.75rem}h2{margin-top:2rem;font-size:1.1875rem}ul{padding-left:1.2rem}\
                     a{color:light-dark(#1d4ed8,#8fb2ff)}";

static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let style = BASE64_STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).expect("the policy is plain ASCII")
});

/// A page with this title, which is also its heading, and this content.
pub(crate) fn plain_page(status: StatusCode, title: &str, main: &Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { main { h1 { (title) } (main) } }
        }
    };
    let mut response = document("text/html; charset=utf-8", page.into_string());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, POLICY.clone());
    response
}
