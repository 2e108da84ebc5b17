//! A text as readers will see it.

use byline_shared::model::{Cover, PostFields, Review};
use maud::{Markup, PreEscaped, html};

/// The page of a post: `body` is the rendered text, sanitised.
pub(crate) fn result(fields: &PostFields, review: &Review, body: &str) -> Markup {
    let language = fields.language.as_ref().map(|language| language.as_str());
    html! {
        article.prose lang=[language] {
            h2 { (fields.title) }
            p.quiet { (review.author.name) }
            @if let Some(cover) = &review.cover { (picture(&cover.shown)) }
            (PreEscaped(opened(body)))
            @if !review.tags.after.is_empty() {
                p.quiet.small { @for tag in &review.tags.after { (tag) " " } }
            }
        }
    }
}

/// Why a text cannot be shown like that.
pub(crate) fn too_complex(fault: &str) -> Markup {
    html! { p.padded { (fault) " Read the Text instead." } }
}

/// Opens what readers open by a click, so that nothing is approved unread. The sanitiser writes the tag
/// without attributes, and no text has an angle bracket.
pub(crate) fn opened(html: &str) -> String {
    html.replace("<details>", "<details open>")
}

/// The cover. Its size is given, so that the text does not jump.
fn picture(cover: &Cover) -> Markup {
    html! { img src=(cover.url) alt=(cover.alt) width=[cover.width] height=[cover.height]; }
}
