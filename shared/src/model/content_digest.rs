//! The digest of what readers would get of a revision.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::crypto::digest;

/// The SHA-256 digests, in hex, of what readers would get of a revision: of its text, and of each
/// part that can change while the revision itself cannot. The parts are kept so that a refusal can
/// say which of them has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentDigest {
    text: String,
    tags: String,
    cover: String,
    files: String,
}

impl ContentDigest {
    /// The digest of these parts.
    #[must_use]
    pub fn of(text: &Value, tags: &Value, cover: &Value, files: &Value) -> Self {
        let of = digest::sha256_of_json;
        Self { text: of(text), tags: of(tags), cover: of(cover), files: of(files) }
    }

    /// One digest of all parts.
    #[must_use]
    pub fn whole(&self) -> String {
        digest::sha256_of_json(&serde_json::json!([self.text, self.tags, self.cover, self.files]))
    }

    /// What differs from `other`, in words for [`listed`]; empty if nothing does.
    #[must_use]
    pub fn changed_since(&self, other: &Self) -> Vec<&'static str> {
        let parts = [
            (self.text != other.text, "the text or a field"),
            (self.tags != other.tags, "the names of the tags"),
            (self.cover != other.cover, "the cover (image, alternative text, caption)"),
            (self.files != other.files, "a file in the text"),
        ];
        parts.into_iter().filter(|(differs, _)| *differs).map(|(_, part)| part).collect()
    }

    /// Whether the cover and the words about it are the same as in `other`.
    #[must_use]
    pub fn has_cover_of(&self, other: &Self) -> bool {
        self.cover == other.cover
    }
}

/// The entity tag of a review, without quotes: a SHA-256 over all of its parts, then four hex digits
/// of each part. The short digits decide nothing. They tell which part has changed since a review
/// was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewTag(String);

/// How many hex digits the digest of the whole has.
const WHOLE: usize = 64;

/// How many hex digits tell whether a part has changed.
const HINT: usize = 4;

impl ReviewTag {
    /// What a review consists of, in the order of the hints, in words for [`listed`].
    const PARTS: [&'static str; 8] = [
        "the text or a field",
        "the names of the tags",
        "the cover (image, alternative text, caption)",
        "a file in the text",
        "the live post",
        "the latest draft, the author or the date",
        "the findings or the hosts",
        "the schedule of another revision",
    ];

    /// The tag of a review of this content. `live` is what it is compared with, `draft` the draft
    /// that it would follow and its history, `findings` what was found, `schedule` when another
    /// revision follows.
    #[must_use]
    pub fn of(
        content: &ContentDigest,
        live: &Value,
        draft: &Value,
        findings: &Value,
        schedule: &Value,
    ) -> Self {
        let of = digest::sha256_of_json;
        let ContentDigest { text, tags, cover, files } = content.clone();
        let other = [live, draft, findings, schedule].map(of);
        let parts: Vec<String> = [text, tags, cover, files].into_iter().chain(other).collect();
        let mut tag = of(&serde_json::json!(parts));
        for part in &parts {
            let _ = write!(tag, "{}", &part[..HINT]);
        }
        Self(tag)
    }

    /// The tag in the value of an `ETag`, as it was answered once. It proves nothing: it is compared.
    #[must_use]
    pub fn from_header(value: &str) -> Self {
        Self(value.trim_matches('"').to_owned())
    }

    /// As the value of `ETag`.
    #[must_use]
    pub fn header(&self) -> String {
        format!("\"{}\"", self.0)
    }

    /// The tag without its quotes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Which parts have changed since the tag `seen`, without quotes, was answered, in words.
    #[must_use]
    pub fn changed_since(&self, seen: &str) -> Vec<&'static str> {
        let hints = |tag: &str| -> Vec<String> {
            let hints = tag.as_bytes().get(WHOLE..).unwrap_or_default().chunks(HINT);
            hints.map(|hint| String::from_utf8_lossy(hint).into_owned()).collect()
        };
        let (seen, now) = (hints(seen), hints(&self.0));
        let parts = Self::PARTS.into_iter().enumerate();
        parts.filter(|(at, _)| seen.get(*at) != now.get(*at)).map(|(_, part)| part).collect()
    }
}

/// These parts as they stand in a sentence: `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn listed(parts: &[&str]) -> String {
    match parts {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_tag_tells_which_part_has_changed() {
        let content =
            |alt: &str| ContentDigest::of(&json!("t"), &json!([]), &json!(alt), &json!(1));
        let tag = |alt: &str, live: &str| {
            ReviewTag::of(&content(alt), &json!(live), &json!(null), &json!([]), &json!(null))
        };
        let (seen, now) = (tag("a", "x"), tag("b", "y"));
        assert_eq!(seen, tag("a", "x"));
        assert_ne!(seen, now);
        let changed = ["the cover (image, alternative text, caption)", "the live post"];
        assert_eq!(now.changed_since(seen.as_str()), changed);
        assert_eq!(
            listed(&changed),
            "the cover (image, alternative text, caption) and the live post"
        );
        assert_eq!(seen.header().len(), 2 + WHOLE + 8 * HINT);
        let changed = content("b").changed_since(&content("a"));
        assert_eq!(changed, ["the cover (image, alternative text, caption)"]);
    }
}
