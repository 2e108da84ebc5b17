//! Small things that every reader needs: paths, titles, tags.

use byline_shared::model::Slug;
use serde_json::Value;
use url::Url;

use crate::html::{self, HtmlError};
use crate::model::{Post, PostTag, Skipped};

/// Why a page is not among the posts.
pub(super) const PAGE_LEFT_OUT: &str = "it is a page, and pages are left out.";

/// Text that is there: trimmed, and not empty.
pub(super) fn text(text: impl AsRef<str>) -> Option<String> {
    let text = text.as_ref().trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A JSON value that is text, or a number or a boolean as text.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(string) => text(string),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(is) => Some(is.to_string()),
        _ => None,
    }
}

/// Text in one line.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A tag by its name.
pub(super) fn tag(name: &str) -> Option<PostTag> {
    let name = one_line(name);
    let slug = Slug::from_text(&name)?;
    Some(PostTag { slug: slug.to_string(), name })
}

/// A tag by its slug, or by its name where it has none.
pub(super) fn tag_at(slug: Option<String>, name: &str) -> Option<PostTag> {
    match slug {
        Some(slug) => Some(PostTag { slug, name: one_line(name) }),
        None => tag(name),
    }
}

/// Says that a post has characters which were no text in the encoding of the source.
pub(super) fn damaged(post: &mut Post) {
    if post.title.contains('\u{fffd}') || post.body.contains('\u{fffd}') {
        post.skip("Bytes of it that mean nothing in the encoding of the source stand as \u{fffd}.");
    }
}

/// Makes HTML the body of a post.
///
/// # Errors
/// Where it cannot be Markdown: then the post cannot be read.
pub(super) fn body(post: &mut Post, source: &str) -> Result<(), Skipped> {
    let converted = html::to_markdown(source);
    let converted = converted.map_err(|why| unreadable(post, &why))?;
    post.body = converted.markdown;
    post.fidelity = Some(converted.fidelity);
    converted.notes.into_iter().for_each(|note| post.skip(note));
    Ok(())
}

/// Why a post cannot be read.
pub(super) fn unreadable(post: &Post, why: &HtmlError) -> Skipped {
    Skipped::new(format!("{} ({})", post.title, post.source_id), why.to_string())
}

/// Keeps authors beside the first, where there are any: a post here has one.
pub(super) fn other_authors(post: &mut Post, authors: Vec<Value>) {
    if !authors.is_empty() {
        post.skip("It has several authors; the others are in its metadata as `other_authors`.");
        post.metadata.insert("other_authors".into(), Value::Array(authors));
    }
}

/// The path of an old address as redirects have it: from `/` on, without fragment, and without a query but
/// one that is the address (`/?p=12`). Text that is no path becomes `None`, and the home page, which is no
/// post's.
pub(super) fn path(address: &str) -> Option<String> {
    let address = address.trim();
    let (path, query) = match Url::parse(address) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => {
            (url.path().to_owned(), url.query().map(str::to_owned))
        }
        Ok(_) => return None,
        Err(_) => {
            let bare = address.split('#').next().unwrap_or("");
            let (path, query) = bare.split_once('?').unwrap_or((bare, ""));
            (path.to_owned(), Some(query.to_owned()))
        }
    };
    let path = path.trim_start_matches('/');
    match query.filter(|query| is_address(query)) {
        Some(query) => Some(format!("/{path}?{query}")),
        None => (!path.is_empty()).then(|| format!("/{path}")),
    }
}

/// Whether a query says which post is meant: `p=12`, `page_id=3`.
fn is_address(query: &str) -> bool {
    let mut fields = query.split('&').filter_map(|field| field.split_once('='));
    fields.any(|(name, value)| {
        matches!(name, "p" | "page_id" | "post" | "id")
            && !value.is_empty()
            && value.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_paths() {
        assert_eq!(path("https://a.example/2024/b/?x=1#c").as_deref(), Some("/2024/b/"));
        assert_eq!(path("old/name.html").as_deref(), Some("/old/name.html"));
        assert_eq!(path("https://a.example/?p=12").as_deref(), Some("/?p=12"));
        assert_eq!(
            path("https://a.example/blog/?page_id=12").as_deref(),
            Some("/blog/?page_id=12")
        );
        assert_eq!(path("https://a.example/?utm_source=x"), None);
        assert_eq!(path("https://a.example/"), None);
        assert_eq!(path("mailto:a@b.example"), None);
    }
}
