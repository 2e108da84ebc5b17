//! What a parser of HTML may have to repair: exactly so much, and one beyond.

use byline_shared::model::TooComplex;
use byline_shared::publishing::check_html;

const DEPTH: usize = 100;

#[test]
fn a_tag_may_have_32_kib() {
    let tag = |length: usize| format!("<p title=\"{}\">x</p>", "a".repeat(length));
    assert_eq!(check_html(&tag(32 * 1024 + 100), DEPTH), Ok(()), "its end is in the next piece");
    assert_eq!(check_html(&tag(40 * 1024), DEPTH), Err(TooComplex::Tag));
    // What comes behind it has room of its own.
    assert_eq!(check_html(&tag(30 * 1024).repeat(3), DEPTH), Ok(()));
}

/// For each sign that may have to be escaped, the rest of the text is searched.
#[test]
fn a_text_without_brackets_has_65535_signs_to_escape() {
    assert_eq!(check_html(&"&".repeat(65_535), DEPTH), Ok(()));
    assert_eq!(check_html(&"&".repeat(65_536), DEPTH), Err(TooComplex::Escapes));
    let halves = format!("<p>{0}</p><p>{0}</p>", "&".repeat(40_000));
    assert_eq!(check_html(&halves, DEPTH), Ok(()), "a tag ends the search");
}
