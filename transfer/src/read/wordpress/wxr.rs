//! WordPress's export format (WXR 1.0 to 1.2) as elements, one at a time: a file of hundreds of
//! megabytes takes the memory of its largest post.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

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
}

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
    reader: Reader<R>,
    buffer: Vec<u8>,
    is_inside: bool,
    is_over: bool,
}

impl Elements<BufReader<File>> {
    /// Opens a file.
    pub(super) fn open(path: &Path) -> std::io::Result<Self> {
        Ok(Self::new(BufReader::new(File::open(path)?)))
    }
}

impl<R: BufRead> Elements<R> {
    fn new(reader: R) -> Self {
        let mut reader = Reader::from_reader(reader);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        // Some plugins write `&` as it is.
        config.allow_dangling_amp = true;
        Self { reader, buffer: Vec::new(), is_inside: false, is_over: false }
    }

    fn read(&mut self) -> Result<Option<Element>, String> {
        let mut open: Vec<Element> = Vec::new();
        loop {
            self.buffer.clear();
            let event = self.reader.read_event_into(&mut self.buffer);
            let event = event
                .map_err(|error| format!("{error} (at byte {})", self.reader.error_position()))?;
            match event {
                Event::Start(start) if !self.is_inside => {
                    self.is_inside = start.name().as_ref() == "channel";
                }
                Event::Start(start) => open.push(element(&start)?),
                Event::End(_) => match open.pop() {
                    Some(done) => match open.last_mut() {
                        Some(parent) => parent.children.push(done),
                        None => return Ok(Some(done)),
                    },
                    None => self.is_inside = false,
                },
                Event::Text(text) => {
                    if let Some(element) = open.last_mut() {
                        element.text.push_str(&text.xml10_content());
                    }
                }
                Event::CData(text) => {
                    if let Some(element) = open.last_mut() {
                        element.text.push_str(&text.xml10_content());
                    }
                }
                Event::GeneralRef(reference) => {
                    let Some(element) = open.last_mut() else { continue };
                    let name = reference.xml10_content();
                    match reference.resolve_char_ref() {
                        Ok(Some(char)) => element.text.push(char),
                        _ => match resolve_predefined_entity(&name) {
                            Some(text) => element.text.push_str(text),
                            // HTML's own names, which the text's reader knows.
                            None => element.text.push_str(&format!("&{name};")),
                        },
                    }
                }
                Event::Eof if open.is_empty() && !self.is_inside => return Ok(None),
                Event::Eof => {
                    return Err("the file ends before its end; export it once more".into());
                }
                _ => {}
            }
        }
    }
}

impl<R: BufRead> Iterator for Elements<R> {
    type Item = Result<Element, String>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let read = self.read().transpose();
        self.is_over = !matches!(read, Some(Ok(_)));
        read
    }
}

fn element(start: &BytesStart<'_>) -> Result<Element, String> {
    let attributes = start.attributes().map(|attribute| {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = quick_xml::escape::unescape(&attribute.value);
        let value = value.map_err(|error| error.to_string())?.into_owned();
        Ok((attribute.key.as_ref().to_owned(), value))
    });
    Ok(Element {
        name: start.name().as_ref().to_owned(),
        attributes: attributes.collect::<Result<_, String>>()?,
        ..Element::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_come_one_by_one() {
        let text = "<?xml version=\"1.0\"?><rss><channel><title>A &amp; B &#8211; C</title>\
                    <item><a><![CDATA[x ]]]]><![CDATA[> y]]></a><c d=\"1 &lt; 2\"/></item></channel></rss>";
        let elements: Vec<Element> = Elements::new(text.as_bytes()).map(Result::unwrap).collect();
        assert_eq!(elements[0].text, "A & B \u{2013} C");
        assert_eq!(elements[1].field("a"), Some("x ]]> y"));
        assert_eq!(elements[1].children[1].attribute("d"), Some("1 < 2"));
        assert_eq!(elements.len(), 2);
    }

    #[test]
    fn a_file_that_breaks_off_says_so() {
        let text = "<rss><channel><item><a>x";
        let mut elements = Elements::new(text.as_bytes());
        assert!(elements.next().unwrap().is_err());
        assert!(elements.next().is_none());
    }
}
