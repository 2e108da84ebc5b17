//! The mailbox page.

use aws_lc_rs::digest::{SHA256, digest};
use base64::prelude::{BASE64_STANDARD, Engine};
use byline_shared::model::Zone;
use maud::{DOCTYPE, PreEscaped, html};

use super::mail::{StoredMail, link_finder};

/// The path of the mailbox page.
pub(crate) const PATH: &str = "/_local/mail";

/// The path of one mail as HTML, by its number: 0 is the oldest.
pub(crate) const HTML_PATH: &str = "/_local/mail/{number}";

/// Looks as the Desk does, follows the colour scheme, and wraps long links, which would widen the page on
/// a phone.
const STYLE: &str = "\
:root{color-scheme:light dark;--paper:light-dark(#faf9f6,#131312);--sheet:light-dark(#fff,#1b1b19);\
--ink:light-dark(#1b1a18,#edece7);--quiet:light-dark(#625f58,#a8a59c);--line:light-dark(#e4e1d9,#32312d);\
--accent:light-dark(#1d4ed8,#8fb2ff);--on-accent:light-dark(#fff,#0d1730)}\
body{max-width:44rem;margin:0 auto;padding:clamp(1.5rem,5vw,3rem) 1rem;font:1rem/1.55 system-ui,sans-serif;\
background:var(--paper);color:var(--ink);overflow-wrap:anywhere}\
h1,h2{margin:0;font-family:ui-serif,Charter,Georgia,serif;font-weight:600;line-height:1.25}\
h1{font-size:1.75rem}\
h2{font-size:1.1875rem}\
a{color:var(--accent)}\
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}\
header p,.meta{margin:.25rem 0 0;color:var(--quiet);font-size:.9375rem}\
article{margin-top:1rem;padding:1.25rem;border-radius:.625rem;border:1px solid var(--line);\
background:var(--sheet)}\
pre{margin:1rem 0;font:inherit;white-space:pre-wrap}\
.open{margin:1rem 0 0}\
.open a{display:inline-block;padding:.5rem 1.1rem;border-radius:8px;background:var(--accent);\
color:var(--on-accent);font-weight:600;text-decoration:none}";

/// The `Content-Security-Policy` of the page: only its own style sheet.
pub(crate) fn content_security_policy() -> String {
    let hash = BASE64_STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
    format!("default-src 'none'; style-src 'sha256-{hash}'; frame-ancestors 'none'")
}

/// The `Content-Security-Policy` of one mail as HTML. Its styles are in its attributes; it runs no
/// scripts, loads nothing, and is of no origin, so that it could not read the other mails if it did.
pub(crate) const HTML_MAIL_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";

/// The page with `mails`, in that order. The first link of a mail that leads to a page of Byline itself has
/// a button. Times are told as in the mails.
pub(super) fn render(mails: &[StoredMail], public_url: &str, zone: &Zone) -> String {
    let links = link_finder();
    let own = format!("{public_url}/desk/");
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
                    @for (newer, mail) in mails.iter().enumerate() {
                        article {
                            h2 { (mail.subject) }
                            p class="meta" {
                                "To " (mail.to) " · "
                                time datetime=(mail.sent_at) { (zone.in_words(mail.sent_at)) }
                            }
                            pre {
                                @for span in links.spans(&mail.text) {
                                    @if span.kind().is_some() {
                                        a href=(span.as_str()) { (span.as_str()) }
                                    } @else { (span.as_str()) }
                                }
                            }
                            @if !mail.html.is_empty() {
                                p.meta { a href={ (PATH) "/" (mails.len() - 1 - newer) } { "See it as HTML" } }
                            }
                            @if let Some(link) = mail.links.iter().find(|link| link.starts_with(&own)) {
                                p.open { a href=(link) { "Open the link of this mail" } }
                            }
                        }
                    }
                }
            }
        }
    };
    page.into_string()
}
