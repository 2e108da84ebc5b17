//! Readers: one per format.

mod clean;
mod export;
mod front_matter;
mod ghost;
mod markdown;
mod matter;
mod permalink;
mod wordpress;

use std::io;
use std::path::{Path, PathBuf};

use byline_shared::model::Time;
use url::Url;

use crate::model::Publication;

/// What a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A folder of Markdown files, or one of them.
    Markdown,
    /// The JSON file that Ghost exports.
    Ghost,
    /// The XML file that WordPress exports (WXR).
    Wordpress,
    /// The JSON file that Byline exports.
    Json,
}

/// What the source itself does not say.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// Where the site was reached.
    pub site_url: Option<Url>,
    /// Where its media files are, beside the usual places.
    pub media_folder: Option<PathBuf>,
    /// The pattern of the posts' old addresses, such as `/blog/:year/:month/:title/`.
    pub permalink: Option<String>,
    /// Whether pages are left out.
    pub skip_pages: bool,
    /// The time: what is dated later is scheduled.
    pub now: Time,
}

/// Why a source cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file system.
    #[error("{0} cannot be read: {1}.")]
    File(PathBuf, #[source] io::Error),
    /// It is not what it should be.
    #[error("{0} is not {1}: {2}.")]
    Format(PathBuf, &'static str, String),
    /// Nobody knows what it is.
    #[error(
        "{0} is neither a folder nor a Markdown, Ghost (.json) or WordPress (.xml) file. Say which \
         with --format."
    )]
    Unknown(PathBuf),
}

impl ReadError {
    fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::File(path, error)
    }
}

impl Format {
    /// What the file or folder looks like.
    ///
    /// # Errors
    /// Where it is not there, or looks like nothing known.
    pub fn of(path: &Path) -> Result<Self, ReadError> {
        let about = std::fs::metadata(path).map_err(ReadError::file(path))?;
        if about.is_dir() && export::in_folder(path).is_some() {
            return Ok(Self::Json);
        }
        if about.is_dir() || is_markdown(path) {
            return Ok(Self::Markdown);
        }
        match extension(path).as_str() {
            "xml" => Ok(Self::Wordpress),
            "json" if export::is_ours(path)? => Ok(Self::Json),
            "json" => Ok(Self::Ghost),
            _ => Err(ReadError::Unknown(path.to_owned())),
        }
    }
}

/// What follows the last dot of a file's name, in small letters.
fn extension(path: &Path) -> String {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.unwrap_or_default().to_ascii_lowercase()
}

fn is_markdown(path: &Path) -> bool {
    matches!(extension(path).as_str(), "md" | "markdown" | "mdx")
}

/// Opens a source.
///
/// # Errors
/// Where the source as a whole cannot be read. A single post that cannot be read is in its place
/// among the posts, with the reason.
pub fn open(path: &Path, format: Format, options: &ReadOptions) -> Result<Publication, ReadError> {
    // What an export in JSON made is a folder, too, whatever it is called here.
    let format = match export::in_folder(path) {
        Some(_) if format == Format::Markdown => Format::Json,
        _ => format,
    };
    match format {
        Format::Markdown => markdown::open(path, options),
        Format::Ghost => ghost::open(path, options),
        Format::Wordpress => wordpress::open(path, options),
        Format::Json => export::open(path, options),
    }
}
