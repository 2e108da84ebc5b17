//! Text as Markdown that means nothing but the text.

/// A word, in which nothing is a mark. Addresses in it do not become links, unless it is in one already.
pub(super) fn word(text: &str, in_link: bool) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut last: Option<char> = None;
    for (at, char) in text.char_indices() {
        let rest = &text[at + char.len_utf8()..];
        let is_inside = |char: Option<char>| char.is_some_and(char::is_alphanumeric);
        let is_escaped = match char {
            '\\' | '*' | '`' | '[' | ']' | '<' | '~' => true,
            '_' => !is_inside(last) || !is_inside(rest.chars().next()),
            '&' => is_entity(rest),
            ':' => !in_link && rest.starts_with("//"),
            '.' => {
                let head = text[..at].to_ascii_lowercase();
                !in_link && head.ends_with("www")
            }
            _ => false,
        };
        if is_escaped {
            out.push('\\');
        }
        out.push(char);
        last = Some(char);
    }
    out
}

/// Whether what follows an ampersand makes it a character's name.
fn is_entity(rest: &str) -> bool {
    let name = rest.split(';').next().filter(|name| name.len() < rest.len());
    let name = name.map(|name| name.strip_prefix('#').unwrap_or(name));
    name.is_some_and(|name| {
        !name.is_empty()
            && name.len() <= 32
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Text whose lines begin nothing: no heading, list, quote or rule. Its line breaks are those of Markdown.
pub(super) fn lines(text: &str) -> String {
    let paragraphs = text.split("\n\n").map(|paragraph| {
        let lines: Vec<String> = paragraph.split('\n').map(line).collect();
        lines.join("\\\n")
    });
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

fn line(line: &str) -> String {
    let first = line.split(' ').next().unwrap_or_default();
    let digits = first.bytes().take_while(u8::is_ascii_digit).count();
    let is_all = |chars: &str| line.chars().all(|char| char == ' ' || chars.contains(char));
    match first.chars().next() {
        Some('#') if first.len() <= 6 && first.chars().all(|char| char == '#') => {
            format!("\\{line}")
        }
        Some('-' | '+') if first.len() == 1 => format!("\\{line}"),
        Some('-' | '=') if is_all("-=|:") => format!("\\{line}"),
        Some('|' | ':') if is_all("-|:") => format!("\\{line}"),
        Some('>') => format!("\\{line}"),
        Some('0'..='9') if digits <= 9 && matches!(&first[digits..], "." | ")") => {
            format!("{}\\{}", &line[..digits], &line[digits..])
        }
        _ => line.to_owned(),
    }
}

/// Text in one line.
pub(super) fn one_line(text: &str) -> String {
    let is_blank = |char: char| matches!(char, ' ' | '\t' | '\n' | '\r' | '\u{c}');
    text.split(is_blank).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_words() {
        for (text, expected) in [
            ("snake_case_word", "snake_case_word"),
            ("_y_", "\\_y\\_"),
            ("a*b", "a\\*b"),
            ("~5", "\\~5"),
            ("A&B", "A&B"),
            ("&amp;", "\\&amp;"),
            ("https://a.example/b_c", "https\\://a.example/b_c"),
            ("www.a.example", "www\\.a.example"),
            ("a.b:c", "a.b:c"),
        ] {
            assert_eq!(word(text, false), expected, "{text}");
        }
        assert_eq!(word("https://a.example", true), "https://a.example");
    }

    #[test]
    fn lines_begin_nothing() {
        for (text, expected) in [
            ("# a", "\\# a"),
            ("#a", "#a"),
            ("- a", "\\- a"),
            ("-a", "-a"),
            ("1986. A", "1986\\. A"),
            ("1) a", "1\\) a"),
            ("1.5 a", "1.5 a"),
            ("> a", "\\> a"),
            ("a\n===", "a\\\n\\==="),
            ("---", "\\---"),
        ] {
            assert_eq!(lines(text), expected, "{text}");
        }
    }
}
