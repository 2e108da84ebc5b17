//! WordPress's export format (WXR 1.0 to 1.2) as elements, one at a time: a file of hundreds of
//! megabytes takes the memory of its largest post.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use super::bounded::Bounded;
use crate::encoding::Utf8;
use crate::source_folder::{self, SourceFileError};

/// An element directly inside `channel`, with all that is in it.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// Its name with its prefix, such as `wp:post_id`.
    pub(super) name: String,
    /// Its attributes.
    attributes: Vec<(String, String)>,
    /// Its text, without that of the elements in it.
    pub(super) text: String,
    /// The elements in it.
    pub(super) children: Vec<Element>,
    /// Why it is not whole, if it is not.
    pub(super) fault: Option<ElementFault>,
}

/// Why an element is not read as a whole. The elements behind it are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ElementFault {
    /// Too deep.
    #[error("it has more than {MAX_DEPTH} XML elements inside one another.")]
    TooDeep,
    /// Too long, or too many elements.
    #[error("it has more than {MAX_ELEMENT} bytes or {MAX_CHILDREN} XML elements.")]
    TooLarge,
}

/// Why the rest of a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum XmlError {
    /// It is no XML; the place in bytes.
    #[error("{0} (at byte {1})")]
    Syntax(#[source] quick_xml::Error, u64),
    /// An attribute is written wrongly.
    #[error("{0}")]
    Attribute(#[from] quick_xml::events::attributes::AttrError),
    /// An entity is written wrongly.
    #[error("{0}")]
    Escape(#[from] quick_xml::escape::EscapeError),
    /// The file was cut off.
    #[error("the file ends before its end; export it once more")]
    Unfinished,
}

/// How deep elements may be in each other. A WordPress export has four levels.
const MAX_DEPTH: usize = 50;

/// How much text an element of the channel may have with all that is in it, in bytes.
const MAX_ELEMENT: usize = 32 * 1024 * 1024;

/// How many elements may be in an element of the channel.
const MAX_CHILDREN: usize = 200_000;

/// How large a file may be, in bytes. It is read piece by piece.
const MAX_FILE: u64 = 16 * 1024 * 1024 * 1024;

impl Element {
    /// The trimmed text of the first such child, unless it is empty.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        let child = self.children.iter().find(|child| child.name == name)?;
        Some(child.text.trim()).filter(|text| !text.is_empty())
    }

    /// The text of the first such child as it is.
    pub(super) fn raw(&self, name: &str) -> &str {
        let child = self.children.iter().find(|child| child.name == name);
        child.map_or("", |child| child.text.as_str())
    }

    /// All such children.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// An attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// A value of `wp:postmeta`.
    pub(super) fn meta(&self, key: &str) -> Option<&str> {
        let meta = self.all("wp:postmeta").find(|meta| meta.field("wp:meta_key") == Some(key))?;
        meta.field("wp:meta_value")
    }
}

/// The elements of a file.
pub(super) struct Elements<R> {
    reader: Reader<Bounded<R>>,
    buffer: Vec<u8>,
    is_inside: bool,
    is_over: bool,
}

impl Elements<Utf8<BufReader<File>>> {
    /// Opens a file.
    pub(super) fn open(path: &Path) -> Result<Self, SourceFileError> {
        Ok(Self::new(Utf8::new(BufReader::new(source_folder::open(path, MAX_FILE)?))))
    }
}

impl<R: BufRead> Elements<R> {
    fn new(reader: R) -> Self {
        let mut reader = Reader::from_reader(Bounded::new(reader));
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        // Some plugins write `&` as it is.
        config.allow_dangling_amp = true;
        Self { reader, buffer: Vec::new(), is_inside: false, is_over: false }
    }

    fn read(&mut self) -> Result<Option<Element>, XmlError> {
        let mut open = Open::default();
        loop {
            self.buffer.clear();
            self.reader.get_mut().allow();
            let event = self.reader.read_event_into(&mut self.buffer);
            let position = self.reader.error_position();
            match event.map_err(|error| XmlError::Syntax(error, position))? {
                Event::Start(start) if !self.is_inside => {
                    self.is_inside = start.name().as_ref() == "channel";
                }
                Event::Start(start) => open.start(&start)?,
                Event::End(_) if open.depth == 0 => self.is_inside = false,
                Event::End(_) => {
                    if let Some(done) = open.end() {
                        return Ok(Some(done));
                    }
                }
                Event::Text(text) => open.text(&text.xml10_content()),
                Event::CData(text) => open.text(&text.xml10_content()),
                Event::GeneralRef(reference) => {
                    let name = reference.xml10_content();
                    match reference.resolve_char_ref() {
                        Ok(Some(char)) => open.text(char.encode_utf8(&mut [0; 4])),
                        _ => match resolve_predefined_entity(&name) {
                            Some(text) => open.text(text),
                            // HTML's own names, which the text's reader knows.
                            None => open.text(&format!("&{name};")),
                        },
                    }
                }
                Event::Eof if open.depth == 0 && !self.is_inside => return Ok(None),
                Event::Eof => return Err(XmlError::Unfinished),
                _ => {}
            }
        }
    }
}

/// An element of the channel while it is read, with those in it that are open.
#[derive(Default)]
struct Open {
    elements: Vec<Element>,
    /// How many are open, with those that are too deep to be kept.
    depth: usize,
    /// How much is kept.
    bytes: usize,
    count: usize,
    fault: Option<ElementFault>,
}

impl Open {
    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), XmlError> {
        self.depth += 1;
        self.count += 1;
        if self.depth > MAX_DEPTH {
            self.fault = self.fault.or(Some(ElementFault::TooDeep));
        } else if self.count > MAX_CHILDREN || !self.has_room(start.len()) {
            self.fault = self.fault.or(Some(ElementFault::TooLarge));
        }
        if self.depth <= MAX_DEPTH {
            let is_kept = self.fault.is_none();
            self.elements.push(if is_kept { element(start)? } else { Element::default() });
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if self.depth == 0 || self.depth > MAX_DEPTH || self.fault.is_some() {
            return;
        }
        if !self.has_room(text.len()) {
            self.fault = Some(ElementFault::TooLarge);
        } else if let Some(element) = self.elements.last_mut() {
            element.text.push_str(text);
        }
    }

    fn has_room(&mut self, bytes: usize) -> bool {
        self.bytes += bytes;
        self.bytes <= MAX_ELEMENT
    }

    /// Closes the innermost one; answers it if it was the last.
    fn end(&mut self) -> Option<Element> {
        self.depth -= 1;
        if self.depth >= MAX_DEPTH {
            return None;
        }
        let mut done = self.elements.pop()?;
        match self.elements.last_mut() {
            Some(parent) => {
                // One that was not kept has no name.
                if !done.name.is_empty() {
                    parent.children.push(done);
                }
                None
            }
            None => {
                done.fault = self.fault;
                Some(done)
            }
        }
    }
}

impl<R: BufRead> Iterator for Elements<R> {
    type Item = Result<Element, XmlError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let read = self.read().transpose();
        self.is_over = !matches!(read, Some(Ok(_)));
        read
    }
}

fn element(start: &BytesStart<'_>) -> Result<Element, XmlError> {
    // Each would be compared with all before it. Of two with one name, the first counts.
    let mut attributes = start.attributes();
    let attributes = attributes.with_checks(false).map(|attribute| {
        let attribute = attribute?;
        let value = quick_xml::escape::unescape(&attribute.value)?.into_owned();
        Ok((attribute.key.as_ref().to_owned(), value))
    });
    Ok(Element {
        name: start.name().as_ref().to_owned(),
        attributes: attributes.collect::<Result<_, XmlError>>()?,
        ..Element::default()
    })
}

#[cfg(test)]
mod tests;
