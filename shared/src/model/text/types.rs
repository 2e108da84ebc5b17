//! The types of text and their limits.

use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use caseless::Caseless;
use oxilangtag::LanguageTag;
use regex::Regex;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::limits::{Limits, TextError};

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $limits:expr) => {
        $(#[$doc])*
        // Reading stored text does not check it: a limit that is new must not make old posts unreadable.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps text that is already within the limits: stored or generated text. Make text from
            /// anywhere else with [`str::parse`] or `try_from`; input of endpoints comes through the
            /// schema.
            #[must_use]
            pub fn trusted(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            fn check(text: &str) -> Result<(), TextError> {
                static PATTERN: OnceLock<Regex> = OnceLock::new();
                $limits.check(text, &PATTERN)
            }
        }

        impl FromStr for $name {
            type Err = TextError;

            fn from_str(text: &str) -> Result<Self, TextError> {
                Self::check(text).map(|()| Self(text.to_owned()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextError;

            fn try_from(text: String) -> Result<Self, TextError> {
                Self::check(&text).map(|()| Self(text))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        text!(@schema $name, $limits);
    };
    (@schema $name:ident, $limits:expr) => {
        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $limits.schema()
            }
        }
    };
}

macro_rules! secret {
    ($(#[$doc:meta])* $name:ident, $limits:expr) => {
        $(#[$doc])*
        #[derive(Clone, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps a secret.
            #[must_use]
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The secret itself.
            #[must_use]
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = TextError;

            fn from_str(text: &str) -> Result<Self, TextError> {
                static PATTERN: OnceLock<Regex> = OnceLock::new();
                $limits.check(text, &PATTERN).map(|()| Self(text.to_owned()))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }

        text!(@schema $name, $limits);
    };
}

text!(
    /// An e-mail address, as its owner writes it.
    // Plain ASCII addresses: no quoted local parts, display names, literals or letters that fold into
    // others, which would be further spellings of a mailbox that has an account.
    Email,
    Limits::form(
        254,
        "^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+$",
        "Must be a plain address such as ada@example.com."
    )
    .format("email")
);
text!(
    /// A person's name, shown to readers.
    Name,
    Limits::line(100)
);
text!(
    /// The title of a post.
    Title,
    Limits::line(200)
);
text!(
    /// A tag as its author writes it; its slug is made from it.
    TagName,
    Limits::word(50)
);
text!(
    /// A short summary in plain text.
    Excerpt,
    Limits::lines(500)
);
text!(
    /// The path segment under which a post or tag is found.
    Slug,
    Limits::form(
        100,
        "^[a-z0-9]+(-[a-z0-9]+)*$",
        "Must be lower-case letters and digits in groups joined by single hyphens."
    )
    .at_least(1)
);
text!(
    /// A Markdown text (GFM), at most [`Markdown::MAX_BYTES`] of UTF-8.
    Markdown,
    Limits::lines(0).unbounded().media_type("text/markdown")
);
text!(
    /// The title in search results and shared links, where it is another than the post's.
    MetaTitle,
    Limits::line(200)
);
text!(
    /// The description in search results and shared links.
    MetaDescription,
    Limits::lines(500)
);
text!(
    /// The address of a web page.
    WebUrl,
    Limits::url(2048)
);
text!(
    /// Where the publication is read: addresses of posts are made of it.
    SiteUrl,
    Limits::form(
        200,
        r"^https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?$",
        "Must be an address such as https://example.com, in ASCII and without ? and #."
    )
    .at_least(12)
);
text!(
    /// A language as a BCP 47 tag: `en`, `pt-BR`.
    Language,
    Limits::form(
        35,
        "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$",
        "Must be a language tag such as en or pt-BR."
    )
);
text!(
    /// A few sentences of a person to another: why a proposal is made, or is rejected.
    Note,
    Limits::lines(2000).at_least(1)
);
text!(
    /// What a tag or a publication is about, in plain text.
    Description,
    Limits::lines(1000)
);
text!(
    /// How texts are to be written here, in Markdown.
    StyleGuide,
    Limits::lines(20_000).media_type("text/markdown")
);
text!(
    /// The path of a post's page on the site: `/posts/{slug}`.
    PostPath,
    Limits::form(
        200,
        r"^/([A-Za-z0-9._~-]+/)*\{slug\}/?$",
        "Must be a path that holds {slug} as its last segment, such as /posts/{slug}."
    )
);
text!(
    /// The name of a file on its owner's machine.
    FileName,
    Limits::line(255)
);
text!(
    /// The SHA-256 of a file, in hexadecimal.
    Sha256,
    Limits::form(
        64,
        "^[0-9a-f]{64}$",
        "Must be 64 hexadecimal digits in lower case, as sha256sum prints them."
    )
    .unbounded()
);
text!(
    /// What an image shows, for those who do not see it.
    AltText,
    Limits::lines(1000)
);
text!(
    /// What stands under an image or video.
    Caption,
    Limits::lines(2000)
);
secret!(
    /// A password as it was typed.
    Password,
    Limits::length(12, 256).format("password")
);
secret!(
    /// A token or a present password: bounded, and otherwise checked by what it opens.
    Secret,
    Limits::length(1, 1024)
);

impl Email {
    /// The form that identifies the account: addresses are compared without regard to case.
    #[must_use]
    pub fn normalised(&self) -> String {
        self.0.to_lowercase()
    }
}

impl Language {
    /// The tag in the standard form of RFC 5646 §2.1.1, so that equal tags are equal texts: `pt-br`
    /// becomes `pt-BR`. A text that is no well-formed tag stays as it is.
    #[must_use]
    pub fn canonical(&self) -> Self {
        LanguageTag::parse_and_normalize(&self.0)
            .map_or_else(|_| self.clone(), |tag| Self(tag.into_inner()))
    }
}

impl Markdown {
    /// The size limit of a post's body: what is rendered from it still fits one stored item.
    pub const MAX_BYTES: usize = 256 * 1024;
}

impl TagName {
    /// The slug that it asks for.
    #[must_use]
    pub fn slug(&self) -> Slug {
        Slug::from_text(self.as_str()).unwrap_or_else(|| Slug::trusted("tag"))
    }

    /// The form by which tags are found: names are the same that differ in case, in spaces or in how
    /// an accent is encoded. The case folding is the simple one: full folding writes ß as ss, and Maße
    /// and Masse are two words.
    #[must_use]
    pub fn folded(&self) -> String {
        let spaced = self.0.split_whitespace().collect::<Vec<_>>().join(" ");
        spaced.nfc().map(simple_fold).nfc().collect()
    }

    /// Whether readers see the same name: the same letters in the same case, however the accents are
    /// encoded.
    #[must_use]
    pub fn reads_as(&self, other: &Self) -> bool {
        self.0.nfc().eq(other.0.nfc())
    }
}

/// The simple case folding of a letter (`CaseFolding.txt`, C and S). The crate has the full one; where
/// that makes several letters of one, the lower case is the simple folding, if it is one letter.
fn simple_fold(letter: char) -> char {
    let mut full = std::iter::once(letter).default_case_fold();
    let mut lower = letter.to_lowercase();
    match (full.next(), full.next(), lower.next(), lower.next()) {
        (Some(folded), None, _, _) | (_, _, Some(folded), None) => folded,
        _ => letter,
    }
}

impl Slug {
    /// The slug of a title or name, or `None` where nothing of it can stand in a slug.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let mut slug = slug::slugify(text);
        slug.truncate(80);
        let slug = slug.trim_matches('-');
        (!slug.is_empty()).then(|| Self(slug.to_owned()))
    }

    /// This slug with `-suffix` behind it.
    #[must_use]
    pub fn with_suffix(&self, suffix: &str) -> Self {
        Self(format!("{}-{suffix}", self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_of_titles() {
        assert_eq!(Slug::from_text("Crème brûlée, twice").unwrap().as_str(), "creme-brulee-twice");
        assert_eq!(Slug::from_text("…"), None);
        assert!(Slug::from_text(&"ab ".repeat(200)).unwrap().as_str().len() <= 80);
    }

    #[test]
    fn names_of_tags_are_matched_by_name_alone() {
        let folded = |name: &str| TagName::trusted(name).folded();
        for (one, same) in [
            ("Straße", "STRAẞE"),
            ("Caf\u{e9}", "cafe\u{301}"),
            ("Field  notes", " field Notes "),
            ("ΌΔΟΣ", "όδος"),
        ] {
            assert_eq!(folded(one), folded(same), "{one}");
        }
        for (one, other) in [
            ("背景", "北京"),
            ("C", "C++"),
            ("C#", "C++"),
            ("Sport", "Спорт"),
            ("Maße", "MASSE"),
            ("ﬁn", "fin"),
        ] {
            assert_ne!(folded(one), folded(other), "{one}");
        }
    }

    #[test]
    fn language_tags_in_their_standard_form() {
        for (written, standard) in [
            ("pt-br", "pt-BR"),
            ("ZH-HANT-tw", "zh-Hant-TW"),
            // The example of RFC 5646 §2.1.1: a subtag behind a single letter is in lower case.
            ("en-ca-X-CA", "en-CA-x-ca"),
            ("de", "de"),
        ] {
            assert_eq!(Language::trusted(written).canonical().as_str(), standard);
        }
    }

    #[test]
    fn secrets_are_not_printed() {
        assert_eq!(format!("{:?}", Password::new("hunter2")), "Password(…)");
    }
}
