//! What a type of text may hold, stated once: the JSON Schema that callers see and inputs are
//! validated against, and the check that makes a value of the type from any other text.

use std::sync::OnceLock;

use email_address::EmailAddress;
use schemars::{Schema, json_schema};
use url::Url;

use super::Regex;
use super::hidden::{self, Hidden};

/// The characters above U+007E that no text may hold, as far as a pattern names them: those of the
/// Basic Multilingual Plane. Not every dialect of regular expressions can write the others, and none
/// counts runs well; [`hidden::check`] knows all of them.
macro_rules! refused {
    () => {
        r"\x7f-\x9f\u115f\u1160\u17b4\u17b5\u202a-\u202e\u2065-\u206f\u2800\u3164\uffa0\ufff0-\ufffb\ufffe\uffff"
    };
}

/// The start of a character class without what a line of text may not hold.
macro_rules! in_line {
    () => {
        concat!(r"[^\x00-\x1f\u2028\u2029", refused!())
    };
}

/// Text of one line: at least one visible character, no line breaks and no hidden characters.
const LINE: &str = concat!(
    "^",
    in_line!(),
    "]*",
    in_line!(),
    r"\s\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]",
    in_line!(),
    "]*$"
);
const LINE_ERROR: &str = "Must hold at least one visible character, and no line breaks or invisible \
                          characters.";

/// Text of one line with at least one letter or digit.
const WORD: &str = concat!("^", in_line!(), r"]*[\p{L}\p{N}]", in_line!(), "]*$");
const WORD_ERROR: &str = "Must hold at least one letter or digit, and no line breaks or invisible \
                          characters.";

/// Text of any number of lines: tabs and line breaks, and no hidden characters.
const LINES: &str = concat!(r"^[^\x00-\x08\x0b\x0c\x0e-\x1f", refused!(), "]*$");
const LINES_ERROR: &str =
    "Must not hold invisible characters, nor control characters other than tabs and line breaks.";

/// A web address. What is invisible in it is refused as in any text, and so is what no address holds
/// unless it is encoded: a page that shows it must not read it as markup.
const URL: &str = concat!(
    r#"^https?://[^\s/?#"<>\\\x00-\x1f"#,
    refused!(),
    r#"]+[^\s"<>\\\x00-\x1f"#,
    refused!(),
    "]*$"
);

/// The same for one that is encrypted and names no user before its host, which people take for the host.
const HTTPS_URL: &str = concat!(
    r#"^https://[^\s/?#@"'<>\\\x00-\x1f"#,
    refused!(),
    r#"]+([/?#][^\s"'<>\\\x00-\x1f"#,
    refused!(),
    "]*)?$"
);

/// What a text may hold. Lengths are in characters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    min: usize,
    max: Option<usize>,
    pattern: Option<&'static str>,
    /// What to say if the pattern does not match.
    error: &'static str,
    /// `format` in the schema. `email` is checked; other formats are hints.
    format: Option<&'static str>,
    media_type: Option<&'static str>,
    /// Whether [`hidden::check`] holds for it: for all texts that people write and others read.
    is_visible: bool,
    /// Whether it must be a whole address of the web, which a pattern alone cannot tell.
    is_url: bool,
}

impl Limits {
    const NONE: Self = Self {
        min: 0,
        max: None,
        pattern: None,
        error: "",
        format: None,
        media_type: None,
        is_visible: false,
        is_url: false,
    };

    /// One line with something to see.
    pub(super) const fn line(max: usize) -> Self {
        let (min, max, pattern) = (1, Some(max), Some(LINE));
        Self { min, max, pattern, error: LINE_ERROR, is_visible: true, ..Self::NONE }
    }

    /// One line with a letter or a digit.
    pub(super) const fn word(max: usize) -> Self {
        Self { pattern: Some(WORD), error: WORD_ERROR, ..Self::line(max) }
    }

    /// Any number of lines, or none.
    pub(super) const fn lines(max: usize) -> Self {
        let (max, pattern) = (Some(max), Some(LINES));
        Self { max, pattern, error: LINES_ERROR, is_visible: true, ..Self::NONE }
    }

    /// A web address.
    pub(super) const fn url(max: usize) -> Self {
        let error = "Must be a whole address that starts with https:// or http://, without quotes, angle \
                     brackets and backslashes.";
        let form = Self { max: Some(max), pattern: Some(URL), error, ..Self::NONE };
        Self { is_visible: true, ..form.whole_url() }
    }

    /// A web address that is encrypted.
    pub(super) const fn https(max: usize) -> Self {
        let error = "Must be a whole address that starts with https://, without a user name, quotes, angle \
                     brackets and backslashes.";
        Self { pattern: Some(HTTPS_URL), error, ..Self::url(max) }
    }

    /// Text of a fixed form, whose pattern names every character that it may hold.
    pub(super) const fn form(max: usize, pattern: &'static str, error: &'static str) -> Self {
        Self { max: Some(max), pattern: Some(pattern), error, ..Self::NONE }
    }

    /// What is bounded in length alone, such as a password.
    pub(super) const fn length(min: usize, max: usize) -> Self {
        Self { min, max: Some(max), ..Self::NONE }
    }

    pub(super) const fn at_least(self, min: usize) -> Self {
        Self { min, ..self }
    }

    pub(super) const fn unbounded(self) -> Self {
        Self { max: None, ..self }
    }

    pub(super) const fn whole_url(self) -> Self {
        Self { is_url: true, ..self }
    }

    pub(super) const fn format(self, format: &'static str) -> Self {
        Self { format: Some(format), ..self }
    }

    pub(super) const fn media_type(self, media_type: &'static str) -> Self {
        Self { media_type: Some(media_type), ..self }
    }

    pub(super) fn schema(&self) -> Schema {
        let mut schema = json_schema!({ "type": "string" });
        let mut put = |keyword: &str, value: serde_json::Value| {
            schema.insert(keyword.to_owned(), value);
        };
        if let Some(format) = self.format {
            put("format", format.into());
        }
        if self.min > 0 {
            put("minLength", self.min.into());
        }
        if let Some(max) = self.max {
            put("maxLength", max.into());
        }
        if let Some(media_type) = self.media_type {
            put("contentMediaType", media_type.into());
        }
        if let Some(pattern) = self.pattern {
            put("pattern", pattern.into());
            put("x-error", self.error.into());
        }
        if self.is_visible {
            put("x-visible", true.into());
        }
        if self.is_url {
            put("x-url", true.into());
        }
        schema
    }

    /// Checks a text. `pattern` keeps the compiled pattern of these limits.
    pub(super) fn check(&self, text: &str, pattern: &OnceLock<Regex>) -> Result<(), TextError> {
        let length = text.chars().count();
        if length < self.min {
            return Err(TextError::TooShort(self.min));
        }
        if let Some(max) = self.max.filter(|max| length > *max) {
            return Err(TextError::TooLong(max));
        }
        if self.is_visible {
            hidden::check(text)?;
        }
        if self.format == Some("email") && !EmailAddress::is_valid(text) {
            return Err(TextError::Form(self.error));
        }
        if self.is_url && !is_web_address(text) {
            return Err(TextError::Form(self.error));
        }
        let Some(source) = self.pattern else { return Ok(()) };
        let compile = || Regex::new(source).expect("the tests have compiled every pattern");
        match pattern.get_or_init(compile).is_match(text) {
            true => Ok(()),
            false => Err(TextError::Form(self.error)),
        }
    }
}

/// Whether browsers read an address of the web in a text: with a host, and with a port that there is.
#[must_use]
pub fn is_web_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| ["http", "https"].contains(&url.scheme()) && url.has_host())
}

/// Why a text is not of a type. The messages say what to change, and do not repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Shorter than the type's minimum, which is named.
    #[error("{}", too_short(*.0))]
    TooShort(usize),
    /// Longer than the type's maximum, which is named.
    #[error("Must have at most {0} characters.")]
    TooLong(usize),
    /// It holds a character that readers do not see.
    #[error(transparent)]
    Hidden(#[from] Hidden),
    /// It has another form; the sentence says which one it must have.
    #[error("{0}")]
    Form(&'static str),
}

fn too_short(least: usize) -> String {
    match least {
        1 => "Must not be empty.".to_owned(),
        least => format!("Must have at least {least} characters."),
    }
}
