//! What somebody reads in HTML: its words with their emphasis and links, its images, code and tables. Two texts
//! that read the same may be written in any way.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use markup5ever_rcdom::NodeData;
use percent_encoding::percent_decode_str;

use super::dom::{self, Node};
use super::media;

/// A letter with its emphasis, and the address that it leads to.
type Letter = (char, u8, u64);

/// A part of what is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Letters without a space.
    Word(Vec<Letter>),
    /// An image, by its address and its alternative text, and the address that it leads to.
    Image(String, String, u64),
    /// A player in a frame, by the frame's address.
    Player(String),
    /// Text whose spaces and lines count.
    Code(String),
    /// A cell of a table begins.
    Cell,
    /// A row of a table begins.
    Row,
}

/// The bits of emphasis.
fn mark(tag: &str) -> u8 {
    match tag {
        "strong" | "b" => 1,
        "em" | "i" => 2,
        "code" | "tt" | "pre" => 4,
        "del" | "s" | "strike" => 8,
        "sub" => 16,
        "sup" => 32,
        _ => 0,
    }
}

/// What is read in these nodes.
pub(super) fn of(nodes: &[Rc<Node>]) -> Vec<Unit> {
    let mut reading = Reading::default();
    for node in nodes {
        reading.node(node, 0, 0);
    }
    reading.end_word();
    reading.units
}

#[derive(Default)]
struct Reading {
    units: Vec<Unit>,
    word: Vec<Letter>,
}

impl Reading {
    fn end_word(&mut self) {
        if !self.word.is_empty() {
            self.units.push(Unit::Word(std::mem::take(&mut self.word)));
        }
    }

    fn node(&mut self, node: &Rc<Node>, marks: u8, link: u64) {
        let tag = match &node.data {
            NodeData::Text { contents } => {
                for char in contents.borrow().chars() {
                    match char.is_whitespace() {
                        true => self.end_word(),
                        false => self.word.push((char, marks, link)),
                    }
                }
                return;
            }
            NodeData::Element { .. } => dom::tag(node),
            _ => return,
        };
        let mut link = link;
        match tag {
            // Notes at the foot are placed and numbered by each system itself.
            "sup" if dom::attribute(node, "data-note").is_some() => return,
            "li" if dom::attribute(node, "id").is_some_and(|id| id.starts_with("fn")) => return,
            "img" => {
                self.end_word();
                let source = dom::attribute(node, "src").unwrap_or_default();
                let alt = dom::attribute(node, "alt").unwrap_or_default();
                let alt = alt.split_whitespace().collect::<Vec<_>>().join(" ");
                return self.units.push(Unit::Image(address(&source), alt, link));
            }
            "a" => match dom::attribute(node, "href") {
                Some(href) if href.starts_with("#fn") => return,
                Some(href) => {
                    let mut hasher = DefaultHasher::new();
                    address(&href).hash(&mut hasher);
                    link = hasher.finish();
                }
                None => {}
            },
            "pre" => {
                self.end_word();
                let text = dom::text(node);
                self.units.push(Unit::Code(text.trim_end_matches('\n').to_owned()));
            }
            "tr" => return self.row(node, marks, link),
            "iframe" => {
                self.end_word();
                let source = dom::attribute(node, "src").unwrap_or_default();
                return self.units.push(Unit::Player(source));
            }
            // A `div` becomes a paragraph.
            "p" | "div" => {
                if let Some(frame) = media::player_in(node) {
                    self.end_word();
                    return self.units.push(Unit::Player(frame));
                }
            }
            _ => {}
        }
        let ends = dom::ends_words(tag);
        if ends {
            self.end_word();
        }
        let marks = marks | mark(tag);
        for child in node.children.borrow().iter() {
            self.node(child, marks, link);
        }
        if ends {
            self.end_word();
        }
    }

    /// A row; empty ones, and empty cells at its end, are not seen.
    fn row(&mut self, row: &Rc<Node>, marks: u8, link: u64) {
        self.end_word();
        let start = self.units.len();
        self.units.push(Unit::Row);
        let mut filled = start;
        for cell in row.children.borrow().iter() {
            if !matches!(dom::tag(cell), "td" | "th") {
                continue;
            }
            self.units.push(Unit::Cell);
            let before = self.units.len();
            self.node(cell, marks, link);
            self.end_word();
            if self.units.len() > before {
                filled = self.units.len();
            }
        }
        self.units.truncate(filled);
    }
}

/// An address without the differences that no browser makes.
fn address(url: &str) -> String {
    let url: String = url.split_whitespace().collect::<Vec<_>>().join(" ");
    percent_decode_str(&url).decode_utf8_lossy().into_owned()
}

/// The first thing that is read differently, in words; `None` where all is the same.
pub(super) fn difference(one: &[Unit], other: &[Unit]) -> Option<String> {
    let same = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    if same == one.len() && same == other.len() {
        return None;
    }
    let shown = |units: &[Unit]| {
        let shown: Vec<String> = units.iter().skip(same).take(4).map(shown).collect();
        match shown.is_empty() {
            true => "nothing".to_owned(),
            false => format!("\u{201c}{}\u{201d}", shown.join(" ")),
        }
    };
    let (one, other) = (shown(one), shown(other));
    Some(match one == other {
        true => format!("the emphasis or the address of {one} is another"),
        false => format!("{one} reads {other}"),
    })
}

fn shown(unit: &Unit) -> String {
    match unit {
        Unit::Word(letters) => letters.iter().take(40).map(|(char, ..)| *char).collect(),
        Unit::Image(source, ..) => format!("[image {source}]"),
        Unit::Player(frame) => format!("[player {frame}]"),
        Unit::Code(text) => text.lines().next().unwrap_or_default().chars().take(40).collect(),
        Unit::Cell => "|".to_owned(),
        Unit::Row => "[row]".to_owned(),
    }
}
