//! Reads publications: one reader per format.

mod bounded_yaml;
mod clean;
mod dates;
mod error;
mod export;
mod file_names;
mod front_matter;
mod ghost;
mod location;
mod markdown;
mod matter;
mod options;
mod pattern;
mod permalink;
mod source_context;
mod wordpress;

use std::path::Path;

pub use error::{ReadError, SourceFileError};
pub use options::ReadOptions;

use crate::model::Publication;
use file_names::{extension, is_markdown};

/// The format of a source.
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

impl Format {
    /// Recognizes the format of a file or folder by its name and its first bytes.
    ///
    /// # Errors
    /// If it cannot be read, or the format is not recognized.
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

/// Opens a source.
///
/// # Errors
/// If the source as a whole cannot be read. A single unreadable post is in its place among the posts,
/// as an `Err` with the reason.
pub fn open(path: &Path, format: Format, options: &ReadOptions) -> Result<Publication, ReadError> {
    // A JSON export is a folder too, so the given format may say Markdown.
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
