//! The types of text and their limits.

use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use caseless::Caseless;
use oxilangtag::LanguageTag;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::Regex;
use super::limits::{Limits, TextError};

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
    /// A few sentences about a person, in plain text.
    Bio,
    Limits::lines(500).at_least(1)
);
text!(
    /// What a link of a profile says.
    LinkLabel,
    Limits::line(40)
);
text!(
    /// Where a link of a profile leads.
    ProfileUrl,
    Limits::https(300)
);
text!(
    /// Where the publication is read: addresses of posts are made of it.
    SiteUrl,
    Limits::form(
        200,
        r"^https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~!$&()*+,;=:@%/-]*)?$",
        "Must be a whole address such as https://example.com, in ASCII and without ?, # and quotes."
    )
    .at_least(12)
    .whole_url()
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
    /// The title of a conversation.
    ConversationTitle,
    Limits::line(200)
);
text!(
    /// The name of a pair that a client keeps with a conversation.
    MetadataName,
    Limits::line(64)
);
text!(
    /// The text of such a pair.
    MetadataText,
    Limits::lines(512)
);
text!(
    /// A part of a message to the built-in agent.
    MessageText,
    Limits::lines(32 * 1024).at_least(1)
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
    /// The name of a time zone in the IANA database: `Europe/Berlin`, `UTC`.
    TimeZoneName,
    Limits::form(
        50,
        "^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$",
        "Must be the IANA name of a time zone, such as Europe/Berlin, America/New_York or UTC."
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

impl TimeZoneName {
    /// Coordinated universal time: the zone of a publication that chose none.
    #[must_use]
    pub fn utc() -> Self {
        Self("UTC".to_owned())
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
    /// The author of the posts of deleted accounts. No person can have it.
    pub const FORMER_AUTHOR: &str = "former-author";

    /// Whether it is [`Self::FORMER_AUTHOR`].
    #[must_use]
    pub fn is_former_author(&self) -> bool {
        self.0 == Self::FORMER_AUTHOR
    }

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
