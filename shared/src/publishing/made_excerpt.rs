//! The excerpt of a text whose author wrote none: its first paragraphs in plain text, cut where a sentence or a
//! word ends.
//!
//! It is made of the sanitised HTML, so readers see every word of it in the text as well, and there is nothing in it
//! that turns the direction of other texts: rendering has taken such characters out.

use unicode_segmentation::UnicodeSegmentation;

use super::markup::{self, Piece, attribute};
use crate::model::{Excerpt, hidden};

/// How long it is at most, in characters as people count them.
const MOST: usize = 200;

/// How long paragraphs together have to be, for the next one not to be needed.
const ENOUGH: usize = 100;

/// How long it is at most, in code points: a person's character can have many.
const MOST_CODE_POINTS: usize = 480;

/// How much text is looked at, in bytes.
const LOOKED_AT: usize = 8 * 1024;

/// What follows a text that goes on.
const ELLIPSIS: char = '…';

/// Elements whose words say little without the rest: code, tables, pictures, headings, what was struck out, and
/// how a word is read.
const LEFT_OUT: [&str; 15] = [
    "audio", "caption", "del", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "rt", "s",
    "table", "video",
];

/// Elements that stand beside the text. Their words count where there is nothing else.
const BESIDE: [&str; 10] =
    ["aside", "blockquote", "details", "dl", "footer", "header", "hgroup", "nav", "ol", "ul"];

/// Elements without an end tag.
const VOID: [&str; 7] = ["area", "br", "col", "hr", "img", "source", "wbr"];

/// Elements within a line.
const INLINE: [&str; 31] = [
    "a", "abbr", "acronym", "b", "bdi", "cite", "code", "data", "del", "dfn", "em", "i", "ins",
    "kbd", "mark", "q", "rt", "rtc", "ruby", "s", "samp", "small", "span", "strike", "strong",
    "sub", "sup", "time", "tt", "u", "var",
];

/// The excerpt of a text with this HTML; an empty one where it has no words but code, tables and headings.
pub(super) fn of_html(html: &str) -> Excerpt {
    let mut text = words(html, false);
    if text.is_empty() {
        text = words(html, true);
    }
    // Where a tag stood between two runs of characters without a width, they have become a long one.
    let text = hidden::replace(&text, |_| None).text;
    Excerpt::trusted(shortened(&text))
}

/// The words of the first paragraphs; with `anywhere`, of whatever stands first.
fn words(html: &str, anywhere: bool) -> String {
    let mut found = Paragraphs::default();
    // How many elements are open in one that is left out, with it; and how many paragraphs are.
    let (mut left_out, mut paragraphs) = (0, 0);
    for piece in markup::pieces(html) {
        let tag = match piece {
            Piece::Text(text) => {
                if left_out == 0 && (anywhere || paragraphs > 0) {
                    found.line.push_str(&markup::plain(text));
                }
                continue;
            }
            Piece::Tag(tag) => tag,
        };
        let name = tag[1..].trim_start_matches('/');
        let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        if VOID.contains(&name) {
            found.line.push(' ');
            continue;
        }
        match (tag.starts_with("</"), left_out) {
            (false, 0) if is_left_out(name, tag, anywhere) => left_out = 1,
            (false, 0) if name == "p" => paragraphs += 1,
            (true, 0) if name == "p" => paragraphs -= 1,
            (_, 0) => {}
            (false, _) => left_out += 1,
            (true, _) => left_out -= 1,
        }
        if !INLINE.contains(&name) {
            found.end_line();
        }
        if found.is_enough() {
            break;
        }
    }
    found.end_line();
    found.text
}

fn is_left_out(name: &str, tag: &str, anywhere: bool) -> bool {
    let begins = |attribute_name, with| {
        attribute(tag, attribute_name).is_some_and(|value: &str| value.starts_with(with))
    };
    // The mark of a footnote, the footnote, and the title of an alert.
    LEFT_OUT.contains(&name)
        || name == "a" && begins("href", "#fn")
        || name == "li" && begins("id", "fn-")
        || name == "p" && attribute(tag, "class").is_some()
        || !anywhere
            && (BESIDE.contains(&name) || name == "div" && attribute(tag, "class").is_some())
}

/// Paragraphs with one space between their words.
#[derive(Default)]
struct Paragraphs {
    text: String,
    /// The one that has not ended.
    line: String,
}

impl Paragraphs {
    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let mut words = line.split_whitespace().peekable();
        let Some(first) = words.next() else { return };
        let is_address = first.starts_with("http://") || first.starts_with("https://");
        if is_address && words.peek().is_none() {
            return;
        }
        for word in std::iter::once(first).chain(words) {
            if !self.text.is_empty() {
                self.text.push(' ');
            }
            self.text.push_str(word);
        }
    }

    /// Whether nothing further is needed.
    fn is_enough(&self) -> bool {
        let is_long = self.text.chars().take(ENOUGH).count() == ENOUGH;
        is_long && self.line.is_empty() || self.text.len() + self.line.len() > LOOKED_AT
    }
}

/// The text, or what fits of it, up to where a sentence or a word ends.
fn shortened(text: &str) -> String {
    let mut ends = Vec::with_capacity(MOST);
    let mut code_points = 0;
    for (at, character) in text.grapheme_indices(true).take(MOST) {
        code_points += character.chars().count();
        if code_points > MOST_CODE_POINTS {
            break;
        }
        ends.push(at + character.len());
    }
    let Some(&most) = ends.last() else { return String::new() };
    if most == text.len() {
        return text.to_owned();
    }
    let place = |at: &usize| ends.binary_search(at).ok();
    let last = |bounds: &mut dyn Iterator<Item = usize>, least: usize| {
        let fitting = bounds.take_while(|at| *at <= most);
        fitting.filter(|at| place(at).is_some_and(|place| place + 1 >= least)).last()
    };
    let sentences = text.split_sentence_bound_indices().map(|(at, _)| at);
    let sentences = &mut sentences.filter(|at| ends_sentence(&text[..*at]));
    if let Some(end) = last(sentences, MOST * 3 / 5) {
        let sentence = text[..end].trim_end();
        let space = if sentence.len() < end { " " } else { "" };
        return format!("{sentence}{space}{ELLIPSIS}");
    }
    let words = &mut text.split_word_bound_indices().map(|(at, _)| at);
    let end = last(words, MOST / 2).unwrap_or(most);
    // A sign that leads to what follows.
    let open = |sign: char| sign.is_whitespace() || ",;:-–—([{„“«、，：；「（".contains(sign);
    format!("{}{ELLIPSIS}", text[..end].trim_end_matches(open))
}

/// Whether a sentence ends where Unicode sees its end. A dot also follows ordinals and abbreviations, as in "19.", "z. B.",
/// "Dr." and "U.S.": numbers, single letters, and words without a vowel.
fn ends_sentence(text: &str) -> bool {
    let Some(text) = text.trim_end().strip_suffix('.') else { return true };
    let word = text.rsplit(|char: char| !char.is_alphanumeric()).next().unwrap_or_default();
    let is_vowel = |char: char| !char.is_ascii() || "aeiouyAEIOUY".contains(char);
    word.is_empty() || word.chars().nth(1).is_some() && word.chars().any(is_vowel)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publishing::to_html;

    fn of(markdown: &str) -> String {
        of_html(&to_html(markdown).unwrap()).to_string()
    }

    #[test]
    fn it_is_the_first_paragraphs_without_what_says_little_alone() {
        for (markdown, expected) in [
            ("", ""),
            (
                "# Title\n\nFirst  *line*\nand `code` &amp; [link](https://a.example).",
                "First line and code & link.",
            ),
            ("One.\n\nTwo.", "One. Two."),
            (
                "![Alt](a.png)\n\nText[^1] goes[^a] on.\n\n[^1]: Note.\n[^a]: Other.",
                "Text goes on.",
            ),
            ("```rust\nlet a = 1;\n```\n\nText.", "Text."),
            ("| a |\n|---|\n| b |\n\nText.", "Text."),
            ("> Quoted.\n\nText.", "Text."),
            ("> [!NOTE]\n> Mind.\n\nText.", "Text."),
            ("- One\n- Two\n\nText.", "Text."),
            ("~~Old~~ New.", "New."),
            ("a<br>b", "a b"),
            ("<ruby>漢<rt>かん</rt></ruby>字", "漢字"),
            ("<script>a()</script>Text <b onclick=x>b</b>.", "Text b."),
            ("https://a.example/b\n\nText.", "Text."),
            ("See https://a.example/b", "See https://a.example/b"),
            // Nothing else is there.
            ("> Quoted.\n>\n> More.", "Quoted. More."),
            ("- One\n- Two", "One Two"),
            ("> [!NOTE]\n> Mind.", "Mind."),
            ("<div>Raw <i>words</i></div><div>More</div>", "Raw words More"),
            ("# Title", ""),
            ("```\ncode\n```", ""),
            ("[^1]\n\n[^1]: Note.", ""),
        ] {
            assert_eq!(of(markdown), expected, "{markdown}");
        }
    }

    #[test]
    fn a_long_first_paragraph_stands_alone_and_is_cut_where_something_ends() {
        let long = "word ".repeat(25);
        assert_eq!(of(&format!("{long}\n\nSecond.")), long.trim_end());
        let endless = "word ".repeat(100);
        assert_eq!(of(&endless), format!("{}word…", "word ".repeat(39)));
        let sentence = format!("And {}end. ", "word ".repeat(30));
        assert_eq!(of(&sentence.repeat(2)), format!("{}…", sentence));
        let comma = format!("{}wor, and", "word ".repeat(39));
        assert_eq!(of(&format!("{comma} more")), format!("{}wor…", "word ".repeat(39)));
    }

    #[test]
    fn a_dot_behind_an_ordinal_or_an_abbreviation_ends_nothing() {
        for short in ["seit dem 19.", "wie z.", "mit Dr.", "in St.", "the U.S.", "в 19 в."] {
            let text = format!("{}{short} Und {}", "wort ".repeat(33), "mehr ".repeat(40));
            assert!(!of(&text).ends_with(". …"), "{short}: {}", of(&text));
        }
        let whole = format!("{}das Ende. Und {}", "wort ".repeat(33), "mehr ".repeat(40));
        assert!(of(&whole).ends_with("das Ende. …"), "{}", of(&whole));
    }

    #[test]
    fn it_is_cut_between_characters_as_people_see_them() {
        let chinese = "我们在这里写一些没有空格的文字".repeat(20);
        let cut = of(&chinese);
        assert_eq!(cut.chars().count(), MOST + 1, "{cut}");
        let sentences = "这是一句话。".repeat(60);
        let cut = of(&sentences);
        assert!(cut.ends_with("。…") && cut.chars().count() <= MOST + 1, "{cut}");
        let unbroken = "x".repeat(500);
        assert_eq!(of(&unbroken), format!("{}…", "x".repeat(MOST)));
        let family = "👨\u{200d}👩\u{200d}👧\u{200d}👦";
        let cut = of(&family.repeat(100));
        assert_eq!(cut.trim_end_matches(ELLIPSIS).replace(family, ""), "", "{cut}");
        let thai = "น้ำ".repeat(100);
        let cut = of(&thai);
        assert!(cut.trim_end_matches(ELLIPSIS).replace("น้ำ", "").is_empty(), "{cut}");
        // One character of many marks.
        let marks = format!("a{}", "\u{301}".repeat(600));
        assert_eq!(of(&marks), "");
        for text in [chinese, sentences, family.repeat(100), thai] {
            assert!(of(&text).parse::<Excerpt>().is_ok(), "{text}");
        }
    }

    #[test]
    fn it_holds_no_character_that_an_excerpt_may_not_hold() {
        for markdown in [
            "a&#x202E;b&#x2066;c",
            "a&#x200B;&#x200B;<b>&#x200B;</b>&#x200B;b",
            "\u{5d0}\u{5d1} \u{200f}abc\u{200f} \u{5d2}",
        ] {
            let made = of(markdown);
            assert!(made.parse::<Excerpt>().is_ok() && !made.contains('\u{202e}'), "{made:?}");
        }
        let hebrew = "\u{5e9}\u{5dc}\u{5d5}\u{5dd} ".repeat(80);
        assert!(of(&hebrew).ends_with("\u{5dd}…"));
    }
}
