//! What a person would not see by reading a text, said in words before they approve it.
//!
//! Readers see the rendered page. Agents, search engines and the next editor read the Markdown and the
//! fields. Whatever stands in one and not in the other is found here: comments, unused definitions,
//! invisible characters, links that lead elsewhere than they say. `FindingCode` lists the kinds.
//!
//! The work grows with the length of the texts alone, and at most [`MAX_FINDINGS`] are listed.

mod blanks;
mod characters;
mod confirmation;
mod definitions;
mod excerpt;
mod fields;
mod found;
mod html;
mod links;
mod markdown;
mod raw_html;
mod removed;
mod scripts;
mod words;

pub use self::confirmation::must_be_confirmed;
use self::found::Found;
pub use self::found::MAX_FINDINGS;
pub use self::removed::removed;
use crate::model::{Finding, Markdown, PostFields};

/// What stands in a post that its readers would not see, or that looks like something else; `before`
/// is the post that it is compared with, such as the live one. New findings come first, then the
/// gravest. The files of the publication are at `media_url`.
#[must_use]
pub fn of(
    before: Option<(&PostFields, &Markdown)>,
    fields: &PostFields,
    body: &Markdown,
    media_url: &str,
) -> Vec<Finding> {
    let before = before.map(|(fields, body)| examine(fields, body, media_url));
    examine(fields, body, media_url).into_list(before.as_ref())
}

/// As [`of`], for a body alone that is compared with nothing.
#[must_use]
pub fn of_body(body: &Markdown, media_url: &str) -> Vec<Finding> {
    let mut found = Found::new(media_url);
    markdown::examine(body.as_str(), &mut found);
    found.into_list(None)
}

fn examine<'a>(fields: &PostFields, body: &'a Markdown, media_url: &str) -> Found<'a> {
    let mut found = Found::new(media_url);
    fields::examine(fields, &mut found);
    markdown::examine(body.as_str(), &mut found);
    found
}
