//! The one form in which an address of before is kept and looked up, however it is written.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization;

/// A path in its normal form: without escapes, in Unicode's form C, without a slash at the end. `/b%c3%bc/`,
/// `/b%C3%BC` and `/bü` are one. A query behind it, as in `/?p=12`, belongs to it.
///
/// Escapes stay where the character would mean something else (`%`, `?`, `#`, `/`), and where the bytes are no
/// UTF-8. The normal form of a normal form is itself.
#[must_use]
pub fn normal(path: &str) -> String {
    let (path, query) = match path.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (path, None),
    };
    let path = decoded(path);
    let bare = path.trim_end_matches('/');
    let path = if bare.is_empty() { "/" } else { bare };
    match query.filter(|query| !query.is_empty()) {
        Some(query) => format!("{path}?{}", decoded(query)),
        None => path.to_owned(),
    }
}

/// A text without escapes, segment by segment: one that is not UTF-8 keeps its own.
fn decoded(text: &str) -> String {
    let segments = text.split('/').map(|segment| {
        let kept = kept(segment);
        match percent_decode_str(&kept).decode_utf8() {
            Ok(decoded) => shown(&decoded),
            Err(_) => escapes_in_capitals(segment),
        }
    });
    segments.collect::<Vec<_>>().join("/").nfc().collect()
}

/// A text in which the escapes that stay are escaped once more.
fn kept(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        kept.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let code = rest.get(..2).filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match code.map(str::to_ascii_uppercase).as_deref() {
            None => kept.push_str("%25%25"),
            Some("25") => {
                kept.push_str("%25%25");
                rest = &rest[2..];
            }
            Some(code @ ("2F" | "3F" | "23")) => {
                kept.push_str(&format!("%25%{code}"));
                rest = &rest[2..];
            }
            Some(_) => kept.push('%'),
        }
    }
    kept.push_str(rest);
    Cow::Owned(kept)
}

/// What was kept, as escapes again: each stands behind a percent sign.
fn shown(text: &str) -> String {
    text.replace("%%", "%25").replace("%/", "%2F").replace("%?", "%3F").replace("%#", "%23")
}

fn escapes_in_capitals(text: &str) -> String {
    let mut parts = text.split('%');
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        shown.push('%');
        match part.get(..2).filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit())) {
            Some(code) => shown.push_str(&(code.to_ascii_uppercase() + &part[2..])),
            None => shown.push_str(&format!("25{part}")),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_one_form() {
        for (paths, expected) in [
            (["/b%c3%bc/", "/b%C3%BC", "/bu\u{308}/"], "/b\u{fc}"),
            (["/%ec%97%91/", "/%EC%97%91", "/\u{c5d1}/"], "/\u{c5d1}"),
            (["/a%20b/", "/a b", "/a%20b//"], "/a b"),
            (["/", "//", ""], "/"),
            (["/?p=12", "/?p=12", "?p=12"], "/?p=12"),
            (["/x%3fy", "/x%3Fy/", "/x%3fy/"], "/x%3Fy"),
            (["/100%25", "/100%", "/100%25/"], "/100%25"),
            (["/caf%e9/", "/caf%E9", "/caf%E9/"], "/caf%E9"),
            (["/a%2fb", "/a%2Fb/", "/a%2Fb"], "/a%2Fb"),
        ] {
            for path in paths {
                let found = normal(path);
                assert_eq!(found, expected, "{path}");
                assert_eq!(normal(&found), found, "{path}");
            }
        }
        let twice = normal("/a%2520b%252F%25");
        assert_eq!(twice, "/a%2520b%252F%25");
        assert_ne!(normal("/a/b"), normal("/a%2Fb"));
    }
}
