//! The layout that all mails share: a text, and HTML that says the same.
//!
//! The HTML sets no colours, so that it follows the colour scheme of the reader, and it loads
//! nothing from anywhere. Everything in it is escaped.

use maud::{DOCTYPE, Markup, html};

use super::sender::Sender;
use crate::model::Name;

/// A mail that can be sent as text and as HTML.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The subject: one line.
    pub subject: String,
    site: String,
    pub(super) parts: Vec<Part>,
}

/// A part of a mail.
#[derive(Clone, Debug)]
pub(super) enum Part {
    /// A paragraph.
    Text(String),
    /// Where the mail leads: the words of a button, and the URL.
    Button(&'static str, String),
    /// Another URL.
    Link(String),
    /// What is known, each with its name.
    Facts(Vec<(&'static str, String)>),
    /// What somebody wrote, in their words.
    Quote(String),
    /// A list.
    Entries(Vec<Entry>),
}

/// An entry of a list.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// What it is.
    pub(super) title: String,
    /// What is to be said of it.
    pub(super) line: String,
    /// Where it leads.
    pub(super) url: String,
}

/// What some reader takes for the end of a line: words behind it must not look like ours.
const BREAKS: [char; 7] = ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];

const BODY: &str = "margin:0;padding:24px 16px";
const COLUMN: &str = "max-width:36em;margin:0 auto;font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif;\
                      overflow-wrap:anywhere";
const SITE: &str =
    "margin:0 0 24px;padding:0 0 12px;border-bottom:1px solid #888888;font-weight:bold";
const PARAGRAPH: &str = "margin:0 0 16px";
const LINK: &str = "font-weight:bold";
// The border has the colour of the text, which follows the reader's colour scheme.
const BUTTON: &str = "display:inline-block;padding:10px 20px;border:2px solid;border-radius:8px;\
                      color:inherit;font-weight:bold;text-decoration:none";
const ADDRESS: &str = "margin:0 0 16px;font-size:14px";
const FACTS: &str = "margin:0 0 16px;border-collapse:collapse;font-size:16px;line-height:1.5";
const FACT: &str = "padding:2px 16px 2px 0;text-align:left;vertical-align:top;font-weight:normal";
const QUOTE: &str =
    "margin:0 0 16px;padding:2px 0 2px 12px;border-left:3px solid #888888;white-space:pre-wrap";
const ENTRIES: &str = "margin:0 0 16px;padding:0 0 0 20px";
const ENTRY: &str = "margin:0 0 8px";

impl Mail {
    pub(super) fn new(sender: &Sender<'_>, subject: &str, parts: Vec<Part>) -> Self {
        Self { subject: line(subject), site: sender.site.title.to_string(), parts }
    }

    /// The body as plain text.
    #[must_use]
    pub fn text(&self) -> String {
        let texts: Vec<String> = self.parts.iter().map(Part::text).collect();
        texts.join("\n\n") + "\n"
    }

    /// The body as HTML.
    #[must_use]
    pub fn html(&self) -> String {
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="supported-color-schemes" content="light dark";
                    title { (self.subject) }
                }
                body style=(BODY) {
                    div style=(COLUMN) {
                        p style=(SITE) { (self.site) }
                        @for part in &self.parts { (part.html()) }
                    }
                }
            }
        };
        page.into_string()
    }
}

impl Part {
    fn text(&self) -> String {
        match self {
            Self::Text(text) | Self::Button(_, text) | Self::Link(text) => text.clone(),
            Self::Facts(facts) => {
                let facts: Vec<String> =
                    facts.iter().map(|(name, value)| format!("{name}: {value}")).collect();
                facts.join("\n")
            }
            Self::Quote(text) => {
                let lines: Vec<String> = text
                    .replace("\r\n", "\n")
                    .split(BREAKS)
                    .map(|line| format!("> {line}"))
                    .collect();
                lines.join("\n")
            }
            Self::Entries(entries) => {
                let entry =
                    |Entry { title, line, url }: &Entry| format!("- {title}\n  {line}\n  {url}");
                entries.iter().map(entry).collect::<Vec<_>>().join("\n")
            }
        }
    }

    fn html(&self) -> Markup {
        match self {
            Self::Text(text) => html! { p style=(PARAGRAPH) { (text) } },
            // The address as well: some mail apps show no buttons, and careful people read where one leads.
            Self::Button(label, url) => html! {
                p style=(PARAGRAPH) { a href=(url) style=(BUTTON) { (label) } }
                p style=(ADDRESS) { "Or open this address: " a href=(url) { (url) } }
            },
            Self::Link(url) => html! {
                p style=(PARAGRAPH) { a href=(url) style=(LINK) { (url) } }
            },
            Self::Facts(facts) => html! {
                table style=(FACTS) {
                    @for (name, value) in facts {
                        tr {
                            th scope="row" style=(FACT) { (name) }
                            td style=(FACT) dir="auto" { (value) }
                        }
                    }
                }
            },
            Self::Quote(text) => html! { blockquote style=(QUOTE) dir="auto" { (text) } },
            Self::Entries(entries) => html! {
                ul style=(ENTRIES) {
                    @for Entry { title, line, url } in entries {
                        li style=(ENTRY) {
                            a href=(url) dir="auto" { (title) }
                            br;
                            (line)
                        }
                    }
                }
            },
        }
    }
}

pub(super) fn greeting(name: &Name) -> Part {
    text(format!("Hello {},", line(name.as_str())))
}

pub(super) fn text(text: impl Into<String>) -> Part {
    Part::Text(text.into())
}

/// The longest line of words that somebody else chose, in characters.
const MAX_LINE: usize = 150;

/// Words as one line, without characters that control: what follows them in a header or a text stays
/// where it is. Long ones are cut.
pub(super) fn line(words: &str) -> String {
    let controls = |char: char| {
        char.is_control()
            || matches!(char, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let plain: String = words.chars().map(|char| if controls(char) { ' ' } else { char }).collect();
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    if plain.chars().count() <= MAX_LINE {
        return plain;
    }
    plain.chars().take(MAX_LINE).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(subject: &str, parts: Vec<Part>) -> Mail {
        Mail { subject: line(subject), site: "Site".to_owned(), parts }
    }

    #[test]
    fn markup_is_escaped_in_every_part() {
        let hostile = "<b>\"you\"</b>".to_owned();
        let entry =
            Entry { title: hostile.clone(), line: hostile.clone(), url: "https://a".to_owned() };
        let parts = vec![
            text(hostile.clone()),
            Part::Button("<b>", "https://a/?b=\"<b>".to_owned()),
            Part::Link("https://a/?b=\"<b>".to_owned()),
            Part::Facts(vec![("Title", hostile.clone())]),
            Part::Quote(hostile.clone()),
            Part::Entries(vec![entry]),
        ];
        let html = mail(&hostile, parts).html();
        assert!(!html.contains("<b>"), "{html}");
        assert_eq!(html.matches("&lt;b&gt;").count(), 12, "{html}");
    }

    #[test]
    fn a_subject_is_one_line() {
        let subject = "Hello\r\nBcc: all@example.com\u{2028}\u{202e}there";
        assert_eq!(mail(subject, Vec::new()).subject, "Hello Bcc: all@example.com there");
        let long = mail(&"a".repeat(1000), Vec::new()).subject;
        assert_eq!(long.chars().count(), MAX_LINE + 1);
    }

    #[test]
    fn the_text_says_the_same() {
        let entry =
            |title: &str| Entry { title: title.into(), line: "By Ada".into(), url: "u".into() };
        let parts = vec![
            text("Hello,"),
            Part::Facts(vec![("Title", "One".to_owned()), ("When", "Now".to_owned())]),
            Part::Quote("a\r\nb\rc\u{2028}d".to_owned()),
            Part::Entries(vec![entry("One"), entry("Two")]),
        ];
        let expected = "Hello,\n\nTitle: One\nWhen: Now\n\n> a\n> b\n> c\n> d\n\n\
                        - One\n  By Ada\n  u\n- Two\n  By Ada\n  u\n";
        assert_eq!(mail("", parts).text(), expected);
    }
}
