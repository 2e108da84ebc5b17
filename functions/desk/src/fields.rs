//! The fields and files of a form or a query.

use byline_shared::http::Request;
use byline_shared::http::problem::{Code, Problem};
use bytes::Bytes;
use futures_util::stream;
use http::header::CONTENT_TYPE;
use percent_encoding::percent_decode;

/// The most fields and files of a form. None of our pages has as many; a page that keeps what was sent
/// would grow with them.
const MAX_FIELDS: usize = 200;

/// A file of a form.
#[derive(Clone, Debug)]
pub(crate) struct File {
    /// Its name on the visitor's machine.
    pub(crate) name: String,
    /// What is in it.
    pub(crate) bytes: Bytes,
}

/// Names and values in the order in which they were sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The fields of the query.
    pub(crate) fn of_query(request: &Request) -> Self {
        Self::parse(request.uri().query().unwrap_or_default().as_bytes())
    }

    /// The fields of the body, and its files.
    ///
    /// # Errors
    /// 415 for another content type, 400 for a form that cannot be read.
    pub(crate) async fn of_form(request: &Request) -> Result<(Self, Vec<File>), Problem> {
        let content_type = request.headers().get(CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
        if let Ok(boundary) = multer::parse_boundary(content_type) {
            return Self::of_parts(request.body().clone(), boundary).await;
        }
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            let detail =
                "Send the form as application/x-www-form-urlencoded or multipart/form-data.";
            return Err(Problem::new(Code::UnsupportedMediaType, detail));
        }
        // The parser would put U+FFFD for what is no UTF-8, and the text would be saved with it. Both
        // separators are ASCII, so the parts are UTF-8 if the whole is.
        let decoded: Vec<u8> = percent_decode(request.body()).collect();
        if std::str::from_utf8(&decoded).is_err() {
            return Err(unreadable());
        }
        let fields = Self::parse(request.body());
        if fields.0.len() > MAX_FIELDS { Err(too_many()) } else { Ok((fields, Vec::new())) }
    }

    /// A file field that is left empty sends a file without a name, which is left out.
    async fn of_parts(body: Bytes, boundary: String) -> Result<(Self, Vec<File>), Problem> {
        let broken = |error: multer::Error| unreadable().because(error);
        let body = stream::iter([Ok::<_, std::convert::Infallible>(body)]);
        let mut parts = multer::Multipart::new(body, boundary);
        let (mut fields, mut files) = (Vec::new(), Vec::new());
        while let Some(part) = parts.next_field().await.map_err(broken)? {
            if fields.len() + files.len() == MAX_FIELDS {
                return Err(too_many());
            }
            let name = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(str::to_owned) {
                Some(file) => {
                    let bytes = part.bytes().await.map_err(broken)?;
                    if !file.is_empty() {
                        files.push(File { name: file, bytes });
                    }
                }
                None => {
                    let bytes = part.bytes().await.map_err(broken)?;
                    let value = std::str::from_utf8(&bytes).map_err(|_| unreadable())?;
                    fields.push((name, value.replace("\r\n", "\n")));
                }
            }
        }
        Ok((Self(fields), files))
    }

    /// Browsers send line ends as CR LF; texts are kept with LF.
    fn parse(text: &[u8]) -> Self {
        let fields = url::form_urlencoded::parse(text);
        Self(fields.map(|(name, value)| (name.into_owned(), value.replace("\r\n", "\n"))).collect())
    }

    /// The first field of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The first field of this name; empty if there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// Every field of this name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether a field of this name was sent.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Whether nothing was sent.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

fn unreadable() -> Problem {
    let detail = "The form cannot be read: it has bytes that are no UTF-8 text. Nothing was changed. Go back, \
                  and send it from the page itself.";
    Problem::new(Code::MalformedRequest, detail)
}

fn too_many() -> Problem {
    let detail = format!(
        "The form has more than {MAX_FIELDS} fields, more than any page here. Nothing was changed. Go back, and \
         send it from the page itself."
    );
    Problem::new(Code::MalformedRequest, detail)
}
