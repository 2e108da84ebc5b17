//! The questions that a person answers before a call that readers notice.

use byline_shared::model::Title;

/// The longest title in a question, in characters.
const MAX_TITLE: usize = 80;

/// A question about a post, followed by the post's title. The title may have been written to change
/// the meaning of the question: it comes last, on a line of its own, without quotation marks.
pub(crate) fn about_post(question: &str, title: &Title) -> String {
    let plain = |char: char| if is_quote(char) || char.is_control() { ' ' } else { char };
    let title: String = title.as_str().chars().map(plain).collect();
    let title: String =
        title.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MAX_TITLE).collect();
    format!("{question}\nThe post's own title, as its author wrote it: {title}")
}

fn is_quote(char: char) -> bool {
    let quotes = ['"', '\'', '`', '\u{ab}', '\u{bb}', '\u{b4}', '\u{2039}', '\u{203a}'];
    quotes.contains(&char)
        || matches!(
            char,
            '\u{2018}'..='\u{201f}' | '\u{2028}' | '\u{2029}' | '\u{2032}'..='\u{2037}'
                | '\u{300a}'..='\u{300f}' | '\u{301d}'..='\u{301f}' | '\u{ff02}' | '\u{ff07}'
        )
}
