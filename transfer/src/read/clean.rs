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

/// Makes HTML the body of a post.
///
/// # Errors
/// Where it cannot be Markdown: then the post cannot be read.
pub(super) fn body(post: &mut Post, source: &str) -> Result<(), Skipped> {
    let converted = html::to_markdown(source);
    let converted = converted.map_err(|why| unreadable(post, &why))?;
    post.body = converted.markdown;
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

/// The path of an old address as redirects have it: from `/` on, without query and fragment. Text
/// that is no path becomes `None`.
pub(super) fn path(address: &str) -> Option<String> {
    let address = address.trim();
    let path = match Url::parse(address) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => url.path().to_owned(),
        Ok(_) => return None,
        Err(_) => address.split(['?', '#']).next().unwrap_or("").to_owned(),
    };
    let path = path.trim_start_matches('/');
    (!path.is_empty()).then(|| format!("/{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_paths() {
        assert_eq!(path("https://a.example/2024/b/?p=1#c").as_deref(), Some("/2024/b/"));
        assert_eq!(path("old/name.html").as_deref(), Some("/old/name.html"));
        assert_eq!(path("https://a.example/?p=12"), None);
        assert_eq!(path("mailto:a@b.example"), None);
    }
}
