//! Bounded text: each type states its limits once, and they appear in the JSON Schema that inputs
//! are validated against.

use std::fmt;

use caseless::Caseless;
use oxilangtag::LanguageTag;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, { $($schema:tt)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps text that is already within the limits (stored or generated text); input
            /// from callers comes through the schema instead.
            #[must_use]
            pub fn trusted(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        text!(@schema $name, { $($schema)* });
    };
    (@schema $name:ident, { $($schema:tt)* }) => {
        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", $($schema)* })
            }
        }
    };
}

macro_rules! secret {
    ($(#[$doc:meta])* $name:ident, { $($schema:tt)* }) => {
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

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }

        text!(@schema $name, { $($schema)* });
    };
}

/// Text of one line: at least one visible character, no line breaks, no control characters, none
/// that turn the direction of text ([`is_deceptive`]), and none that XML cannot hold.
const ONE_LINE: &str = r"^[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff]*[^\s\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff][^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff]*$";
const ONE_LINE_ERROR: &str = "Must hold at least one visible character and no line breaks, control \
                              characters or invisible marks that turn the direction of text.";

/// Text of any number of lines: tabs and line breaks, and no other control characters, none that
/// turn the direction of text ([`is_deceptive`]), and none that XML cannot hold.
const TEXT: &str = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff]*$";
const TEXT_ERROR: &str = "Must not hold control characters other than tabs and line breaks, nor \
                          invisible marks that turn the direction of text (U+202A to U+202E, \
                          U+2066 to U+2069).";

/// Whether a character is an embedding, override or isolate of the bidirectional algorithm (UAX #9
/// §2). They make a text look like another one: what is reviewed is then not what is published, and
/// in a list a title turns what stands beside it. Right-to-left text needs none of them.
#[must_use]
pub const fn is_deceptive(char: char) -> bool {
    matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

text!(
    /// An e-mail address, as its owner writes it.
    Email, { "format": "email", "maxLength": 254,
        // Plain ASCII addresses: no quoted local parts, display names, literals or letters that fold
        // into others, which would be further spellings of a mailbox that has an account.
        "pattern": "^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+$",
        "x-error": "Must be a plain address such as ada@example.com." }
);
text!(
    /// A person's name, shown to readers.
    Name, { "minLength": 1, "maxLength": 100, "pattern": ONE_LINE, "x-error": ONE_LINE_ERROR }
);
text!(
    /// The title of a post.
    Title, { "minLength": 1, "maxLength": 200, "pattern": ONE_LINE, "x-error": ONE_LINE_ERROR }
);
text!(
    /// A tag as its author writes it; its slug is made from it.
    TagName, { "minLength": 1, "maxLength": 50, "pattern": r"^[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff]*[\p{L}\p{N}][^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff]*$",
        "x-error": "Must hold at least one letter or digit and no line breaks, control characters or invisible marks that turn the direction of text." }
);
text!(
    /// A short summary in plain text.
    Excerpt, { "maxLength": 500, "pattern": TEXT, "x-error": TEXT_ERROR }
);
text!(
    /// The path segment under which a post or tag is found.
    Slug, { "minLength": 1, "maxLength": 100, "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$",
        "x-error": "Must be lower-case letters and digits in groups joined by single hyphens." }
);
text!(
    /// A Markdown text (GFM), at most [`Markdown::MAX_BYTES`] of UTF-8.
    Markdown, { "contentMediaType": "text/markdown", "pattern": TEXT, "x-error": TEXT_ERROR }
);
text!(
    /// The title in search results and shared links, where it is another than the post's.
    MetaTitle, { "minLength": 1, "maxLength": 200, "pattern": ONE_LINE, "x-error": ONE_LINE_ERROR }
);
text!(
    /// The description in search results and shared links.
    MetaDescription, { "maxLength": 500, "pattern": TEXT, "x-error": TEXT_ERROR }
);
text!(
    /// The address of a web page.
    WebUrl, { "maxLength": 2048, "pattern": r"^https?://[^\s/?#\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]+[^\s\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]*$",
        "x-error": "Must be an address that starts with https:// or http://." }
);
text!(
    /// Where the publication is read: addresses of posts are made of it.
    SiteUrl, { "minLength": 12, "maxLength": 200, "pattern": r"^https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?$",
        "x-error": "Must be an address such as https://example.com, in ASCII and without ? and #." }
);
text!(
    /// A language as a BCP 47 tag: `en`, `pt-BR`.
    Language, { "maxLength": 35, "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$",
        "x-error": "Must be a language tag such as en or pt-BR." }
);
text!(
    /// A few sentences of a person to another: why a proposal is made, or is rejected.
    Note, { "minLength": 1, "maxLength": 2000, "pattern": TEXT, "x-error": TEXT_ERROR }
);
text!(
    /// What a tag or a publication is about, in plain text.
    Description, { "maxLength": 1000, "pattern": TEXT, "x-error": TEXT_ERROR }
);
text!(
    /// How texts are to be written here, in Markdown.
    StyleGuide, { "maxLength": 20000, "contentMediaType": "text/markdown", "pattern": TEXT, "x-error": TEXT_ERROR }
);
text!(
    /// The path of a post's page on the site: `/posts/{slug}`.
    PostPath, { "maxLength": 200, "pattern": r"^/([A-Za-z0-9._~-]+/)*\{slug\}/?$",
        "x-error": "Must be a path that holds {slug} as its last segment, such as /posts/{slug}." }
);
text!(
    /// The name of a file on its owner's machine.
    FileName, { "minLength": 1, "maxLength": 255, "pattern": ONE_LINE, "x-error": ONE_LINE_ERROR }
);
text!(
    /// The SHA-256 of a file, in hexadecimal.
    Sha256, { "pattern": "^[0-9a-f]{64}$",
        "x-error": "Must be 64 hexadecimal digits in lower case, as sha256sum prints them." }
);
text!(
    /// What an image shows, for those who do not see it.
    AltText, { "maxLength": 1000, "pattern": TEXT, "x-error": TEXT_ERROR }
);
text!(
    /// What stands under an image or video.
    Caption, { "maxLength": 2000, "pattern": TEXT, "x-error": TEXT_ERROR }
);
secret!(
    /// A password as it was typed.
    Password, { "minLength": 12, "maxLength": 256, "format": "password" }
);
secret!(
    /// A token or a present password: bounded, and otherwise checked by what it opens.
    Secret, { "minLength": 1, "maxLength": 1024 }
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
    /// an accent is encoded (canonical caseless matching, Unicode Standard §3.13 D145).
    #[must_use]
    pub fn folded(&self) -> String {
        let spaced = self.0.split_whitespace().collect::<Vec<_>>().join(" ");
        spaced.nfd().default_case_fold().nfc().collect()
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
            ("Straße", "STRASSE"),
            ("Caf\u{e9}", "cafe\u{301}"),
            ("Field  notes", " field Notes "),
            ("ΌΔΟΣ", "όδος"),
        ] {
            assert_eq!(folded(one), folded(same), "{one}");
        }
        for (one, other) in [("背景", "北京"), ("C", "C++"), ("C#", "C++"), ("Sport", "Спорт")]
        {
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
