//! The sections of a Markdown text: what stands under a heading, up to the next one that is as high.
//!
//! The renderer's parser finds the headings, so that a `#` in a code block is none, and one that is
//! underlined is.

use std::ops::Range;

use comrak::Arena;
use comrak::nodes::NodeValue;

use super::render;

/// A heading, and where its section stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// From 1, the highest, to 6; 0 for the text before the first heading.
    pub level: u8,
    /// Its text without markup; empty for the text before the first heading.
    pub heading: String,
    /// The line that it begins on, from 1.
    pub line: usize,
    /// Its bytes, with the heading and all that is below it.
    pub range: Range<usize>,
}

/// The sections of a text, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sections(pub Vec<Section>);

/// Why a heading leads to no section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoSection {
    /// There is no such heading.
    Missing,
    /// There are several, on these lines.
    Several(Vec<usize>),
}

impl Sections {
    /// The sections of a text. One that is too complex to be parsed has none.
    #[must_use]
    pub fn parse(markdown: &str) -> Self {
        let arena = Arena::new();
        let Ok(document) = render::parse_markdown(&arena, markdown) else {
            return Self::default();
        };
        let starts = line_starts(markdown);
        let mut sections: Vec<Section> = Vec::new();
        // A heading in a quote or a list divides that, and not the text.
        for node in document.children() {
            let (level, line) = match (&node.data().value, node.data().sourcepos.start.line) {
                (NodeValue::Heading(heading), line) => (heading.level, line),
                _ => continue,
            };
            let Some(start) = starts.get(line.saturating_sub(1)).copied() else { continue };
            let heading = node.collect_text().trim().to_owned();
            sections.push(Section { level, heading, line, range: start..markdown.len() });
        }
        for place in 0..sections.len() {
            let level = sections[place].level;
            let next = sections[place + 1..].iter().find(|section| section.level <= level);
            if let Some(end) = next.map(|next| next.range.start) {
                sections[place].range.end = end;
            }
        }
        let lead = 0..sections.first().map_or(markdown.len(), |first| first.range.start);
        if !markdown[lead.clone()].trim().is_empty() {
            let (heading, line) = (String::new(), 1);
            sections.insert(0, Section { level: 0, heading, line, range: lead });
        }
        Self(sections)
    }

    /// The section under a heading: its text in whatever case, or `line:12` for the one that begins
    /// on that line.
    ///
    /// # Errors
    /// Where there is none, or more than one.
    pub fn find(&self, heading: &str) -> Result<&Section, NoSection> {
        let wanted = heading.trim();
        let line = wanted.strip_prefix("line:").and_then(|line| line.trim().parse::<usize>().ok());
        let wanted = wanted.trim_start_matches('#').trim().to_lowercase();
        let fits = |section: &&Section| match line {
            Some(line) => section.line == line,
            None => section.level > 0 && section.heading.to_lowercase() == wanted,
        };
        let found: Vec<&Section> = self.0.iter().filter(fits).collect();
        match found[..] {
            [] => Err(NoSection::Missing),
            [section] => Ok(section),
            _ => Err(NoSection::Several(found.iter().map(|section| section.line).collect())),
        }
    }
}

/// Where each line begins, as CommonMark §2.1 ends lines.
pub(super) fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let ends = bytes.iter().enumerate().filter_map(|(place, byte)| match byte {
        b'\n' => Some(place + 1),
        b'\r' if bytes.get(place + 1) != Some(&b'\n') => Some(place + 1),
        _ => None,
    });
    std::iter::once(0).chain(ends).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Before.\n\n# One *and* a half\n\n```\n# no heading\n```\n\n## Below\r\n\r\n\
                        under\n\nTwo\n---\n\n> # Quoted\n\n## Below\n\nagain\n";

    #[test]
    fn headings_are_those_of_the_renderer() {
        let sections = Sections::parse(TEXT);
        let found: Vec<_> = sections.0.iter().map(|s| (s.level, s.heading.as_str())).collect();
        let expected = [(0, ""), (1, "One and a half"), (2, "Below"), (2, "Two"), (2, "Below")];
        assert_eq!(found, expected);
        assert_eq!(&TEXT[sections.0[0].range.clone()], "Before.\n\n");
        assert!(TEXT[sections.0[1].range.clone()].ends_with("again\n"));
        assert_eq!(&TEXT[sections.0[2].range.clone()], "## Below\r\n\r\nunder\n\n");
        assert!(TEXT[sections.0[3].range.clone()].starts_with("Two\n---\n\n> # Quoted"));
    }

    #[test]
    fn a_line_begins_behind_every_kind_of_line_end() {
        assert_eq!(line_starts("a\nb\r\nc\rd\r"), [0, 2, 5, 7, 9]);
        assert_eq!(line_starts("\r\n\r"), [0, 2, 3]);
        assert_eq!(line_starts(""), [0]);
    }

    #[test]
    fn a_heading_that_stands_twice_is_named_by_its_line() {
        let sections = Sections::parse(TEXT);
        assert_eq!(sections.find("below"), Err(NoSection::Several(vec![9, 18])));
        assert_eq!(sections.find("line:18").unwrap().heading, "Below");
        assert_eq!(sections.find("## Two").unwrap().line, 13);
        assert_eq!(sections.find("no heading"), Err(NoSection::Missing));
        // What stands before the first heading has none.
        assert_eq!(sections.find("#"), Err(NoSection::Missing));
        assert_eq!(sections.find("line:1").unwrap().level, 0);
        assert_eq!(Sections::parse(&"> ".repeat(500)), Sections::default());
    }
}
