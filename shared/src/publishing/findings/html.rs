//! Raw HTML in a text: comments, and what the sanitiser takes away.

use std::collections::HashSet;

use html5ever::tokenizer::{Tag, TagKind, Token};

use super::super::sanitiser;
use super::excerpt::{is_name, quoted};
use super::found::{At, Found};
use super::links;
use super::raw_html::{ALLOWED, tokens};
use crate::model::FindingCode;
use crate::model::too_complex::MAX_TAG;

/// What is open of raw HTML.
#[derive(Default)]
pub(super) struct Open {
    link: Option<Link>,
    /// How many tables.
    tables: usize,
    /// Whether a table is open and none of its cells is.
    between_cells: bool,
    /// How many players and frames: what stands in one is for browsers that know none.
    players: usize,
    /// The names of removed tags that were told: their ends say nothing new.
    removed: HashSet<String>,
}

/// Where a link leads, and what is in it so far.
struct Link {
    target: String,
    text: String,
    has_picture: bool,
    at: At,
}

impl Open {
    /// Adds to the text of the link that is open, if there is one, and finds text between cells.
    pub(super) fn push(&mut self, text: &str, at: At, found: &mut Found<'_>) {
        if self.between_cells && !text.trim().is_empty() {
            let message = format!(
                "A text in a table, but in none of its cells: {}. Readers see it before the table.",
                quoted(text)
            );
            found.add(FindingCode::MovedText, Some(at), message);
        }
        if self.players > 0 && !text.trim().is_empty() {
            let message = format!(
                "A text in a player or a frame: {}. Readers do not see it where that is shown; agents that read \
                 the Markdown do.",
                quoted(text)
            );
            found.add(FindingCode::HtmlDropped, Some(at), message);
        }
        if let Some(link) = &mut self.link
            && link.text.len() < MAX_TAG
        {
            link.text.push_str(text);
        }
    }

    /// Adds a picture, whose alternative text is added as text.
    pub(super) fn push_picture(&mut self) {
        if let Some(link) = &mut self.link {
            link.has_picture = true;
        }
    }

    /// Follows the tags of tables as a parser does: it moves what stands between cells.
    fn table(&mut self, tag: &Tag) {
        match (tag.kind, &*tag.name) {
            (TagKind::StartTag, "table") => {
                self.tables += 1;
                self.between_cells = true;
            }
            (TagKind::EndTag, "table") => {
                self.tables = self.tables.saturating_sub(1);
                self.between_cells = false;
            }
            (TagKind::StartTag, "td" | "th" | "caption") => self.between_cells = false,
            (_, "td" | "th" | "caption" | "tr" | "thead" | "tbody" | "tfoot" | "colgroup") => {
                self.between_cells = self.tables > 0;
            }
            _ => {}
        }
    }

    fn player(&mut self, tag: &Tag) {
        if matches!(&*tag.name, "audio" | "iframe" | "video") {
            match tag.kind {
                TagKind::StartTag => self.players += 1,
                TagKind::EndTag => self.players = self.players.saturating_sub(1),
            }
        }
    }

    /// Examines the link that ends here.
    pub(super) fn close(&mut self, found: &mut Found<'_>) {
        if let Some(Link { target, text, has_picture, at }) = self.link.take() {
            links::examine(&text, &target, Some(at), found);
            if text.trim().is_empty() {
                links::empty(&target, has_picture, Some(at), found);
            }
        }
    }
}

/// Where a piece of raw HTML is in its text, in bytes.
#[derive(Clone, Copy)]
pub(super) enum Place<'s> {
    /// It is a single tag or comment, and begins there.
    Tag(usize),
    /// It is a block, whose lines and all further ones begin there.
    Lines(&'s [usize]),
}

impl Place<'_> {
    /// The place of a token that ends in a line of the piece, from 1, and has some before that.
    fn at(self, line: u64, lines_before: usize) -> At {
        match self {
            Self::Tag(start) => At::Byte(start),
            Self::Lines(starts) => {
                let line = usize::try_from(line).unwrap_or(usize::MAX).saturating_sub(1);
                let start = starts.get(line.saturating_sub(lines_before)).or(starts.last());
                At::Line(start.copied().unwrap_or(0))
            }
        }
    }
}

/// Examines a piece of raw HTML.
pub(super) fn examine(html: &str, place: Place<'_>, open: &mut Open, found: &mut Found<'_>) {
    let Some(tokens) = tokens(html) else {
        let message = format!("A tag or a comment of HTML is longer than {MAX_TAG} bytes.");
        found.add(FindingCode::NotExamined, Some(place.at(1, 0)), message);
        return;
    };
    let mut dropped: Option<Dropped> = None;
    for (line, token) in tokens {
        let at = place.at(line, 0);
        match token {
            Token::CommentToken(text) => {
                comment(&text, place.at(line, text.matches('\n').count()), found);
            }
            Token::DoctypeToken(_) => {
                let message = "A declaration of a document type, which readers do not get.";
                found.add(FindingCode::HtmlDropped, Some(at), message.to_owned());
            }
            Token::TagToken(tag) => {
                if let Some(dropped) = dropped.take() {
                    dropped.tell(found);
                }
                open.table(&tag);
                open.player(&tag);
                let what = examine_tag(&tag, at, open, found);
                dropped = what.map(|what| Dropped { what, at, text: String::new() });
            }
            Token::CharacterTokens(text) => match &mut dropped {
                Some(dropped) => dropped.text.push_str(&text),
                None => open.push(&text, at, found),
            },
            Token::NullCharacterToken | Token::EOFToken | Token::ParseError(_) => {}
        }
    }
    if let Some(dropped) = dropped {
        dropped.tell(found);
    }
}

/// An element that is dropped with all that is in it.
struct Dropped {
    /// The element, in words.
    what: String,
    at: At,
    /// The text in it.
    text: String,
}

impl Dropped {
    fn tell(self, found: &mut Found<'_>) {
        let Self { what, at, text } = self;
        let holds = match text.trim() {
            "" => String::new(),
            _ => format!(": {}", quoted(&text)),
        };
        found.add(FindingCode::HtmlDropped, Some(at), not_got(&format!("{what}{holds}")));
    }
}

fn comment(text: &str, at: At, found: &mut Found<'_>) {
    if text.trim().is_empty() {
        return;
    }
    let message = format!(
        "A comment of HTML: {}. Readers do not see it; agents that read the Markdown do.",
        quoted(text)
    );
    found.add(FindingCode::HtmlComment, Some(at), message);
}

/// Examines a tag. Returns the element that begins with it, in words, if readers get nothing of what is in it: that is
/// told with its content.
fn examine_tag(tag: &Tag, at: At, open: &mut Open, found: &mut Found<'_>) -> Option<String> {
    let attribute = |name: &str| {
        tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|found| &*found.value)
    };
    let name = &*tag.name;
    if name == "a" {
        open.close(found);
        if let (TagKind::StartTag, Some(target)) = (tag.kind, attribute("href")) {
            let (target, text) = (target.to_owned(), String::new());
            open.link = Some(Link { target, text, has_picture: false, at });
        }
    }
    if tag.kind == TagKind::StartTag && name == "img" {
        links::examine_host(attribute("src").unwrap_or_default(), Some(at), found);
        alt(attribute("alt").unwrap_or_default(), at, found);
        open.push(attribute("alt").unwrap_or_default(), at, found);
        open.push_picture();
    }
    if tag.kind == TagKind::StartTag && name == "details" {
        let message = "A part that readers see only after they open it (<details>).";
        found.add(FindingCode::CollapsedText, Some(at), message.to_owned());
    }
    let is_dropped = !ALLOWED.keeps_tag(tag);
    let mut lost: Vec<String> = Vec::new();
    for attribute in &tag.attrs {
        let (attribute, value) = (&*attribute.name.local, &*attribute.value);
        let is_kept = tag.kind == TagKind::StartTag
            && !is_dropped
            && ALLOWED.keeps(name, attribute)
            && sanitiser::keeps_value(name, attribute, value, &found.own);
        match attribute {
            "title" | "summary" if is_kept => title(value, at, found),
            "allowfullscreen" | "alt" | "class" | "controls" | "href" | "id" | "src" | "type"
                if is_kept => {}
            _ if is_kept && is_name(value) => {}
            _ => lost.push(format!("{attribute}={}", quoted(value))),
        }
    }
    if lost.is_empty() && !tag.had_duplicate_attributes {
        let is_told = tag.kind == TagKind::EndTag && open.removed.contains(name);
        if !is_dropped || is_told {
            return None;
        }
    }
    if is_dropped {
        open.removed.insert(name.to_owned());
    }
    let what = loss(tag, is_dropped, &lost);
    if tag.kind == TagKind::StartTag && is_dropped && ALLOWED.drops_content(name) {
        return Some(what);
    }
    found.add(FindingCode::HtmlDropped, Some(at), not_got(&what));
    None
}

fn not_got(what: &str) -> String {
    format!("Readers do not get {what}. Agents that read the Markdown do.")
}

/// What readers do not get of a tag: all of it where it is dropped, otherwise the attributes that are lost.
fn loss(tag: &Tag, is_dropped: bool, lost: &[String]) -> String {
    let slash = if tag.kind == TagKind::EndTag { "/" } else { "" };
    let again = if tag.had_duplicate_attributes { " and attributes that stand twice" } else { "" };
    let lost = lost[..lost.len().min(10)].join(" ");
    let named = format!("<{slash}{}>", quoted(&tag.name).trim_matches('"'));
    let (kind, all) =
        match tag.kind == TagKind::StartTag && is_dropped && ALLOWED.drops_content(&tag.name) {
            true => ("element", ", with all that it holds"),
            false => ("tag", ""),
        };
    match (is_dropped, lost.is_empty()) {
        (true, true) => format!("the {kind} {named}{again}{all}"),
        (true, false) => format!("the {kind} {named} with {lost}{again}{all}"),
        (false, true) => format!("attributes of the tag {named} that stand twice"),
        (false, false) => format!("parts of the tag {named}: {lost}{again}"),
    }
}

/// The alternative text of a picture.
pub(super) fn alt(text: &str, at: At, found: &mut Found<'_>) {
    if !text.trim().is_empty() {
        let message = format!(
            "The alternative text of a picture: {}. Only readers who do not see the picture get it.",
            quoted(text)
        );
        found.add(FindingCode::AltText, Some(at), message);
    }
}

/// A text that shows only while something is pointed at.
pub(super) fn title(text: &str, at: At, found: &mut Found<'_>) {
    if !text.trim().is_empty() {
        let message = format!(
            "A title that shows only while its element is pointed at, if at all: {}.",
            quoted(text)
        );
        found.add(FindingCode::TitleText, Some(at), message);
    }
}
