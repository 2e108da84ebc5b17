//! The mailbox page.

use aws_lc_rs::digest::{SHA256, digest};
use base64::prelude::{BASE64_STANDARD, Engine};
use maud::{DOCTYPE, PreEscaped, html};

use super::mail::{StoredMail, link_finder};

/// Follows the colour scheme and wraps long links, which would widen the page on a phone.
const STYLE: &str = "\
:root{color-scheme:light dark}\
body{max-width:44rem;margin:0 auto;padding:1.5rem 1rem;font:1rem/1.5 system-ui,sans-serif;\
overflow-wrap:anywhere}\
h1{font-size:1.5rem;margin:0}\
h2{font-size:1.125rem;margin:0}\
header p,.meta{margin:.25rem 0 0;opacity:.75;font-size:.9375rem}\
article{margin-top:1rem;padding:1rem;border-radius:.5rem;\
border:1px solid color-mix(in srgb,currentColor 25%,transparent)}\
pre{margin:1rem 0 0;font:inherit;white-space:pre-wrap}";

/// The `Content-Security-Policy` of the page: only its own style sheet.
pub(crate) fn content_security_policy() -> String {
    let hash = BASE64_STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
    format!("default-src 'none'; style-src 'sha256-{hash}'; frame-ancestors 'none'")
}

/// The page with `mails`, in that order.
pub(super) fn render(mails: &[StoredMail]) -> String {
    let links = link_finder();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Mailbox · Byline" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { "Mailbox" }
                    p { "Every mail that Byline sent, newest first. No mail leaves this machine." }
                }
                main {
                    @if mails.is_empty() {
                        p { "No mail yet. Reload this page after you sign up or change a password." }
                    }
                    @for mail in mails {
                        article {
                            h2 { (mail.subject) }
                            p class="meta" {
                                "To " (mail.to) " · "
                                time datetime=(mail.sent_at) { (mail.sent_at) }
                            }
                            pre {
                                @for span in links.spans(&mail.text) {
                                    @if span.kind().is_some() {
                                        a href=(span.as_str()) { (span.as_str()) }
                                    } @else { (span.as_str()) }
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    page.into_string()
}
