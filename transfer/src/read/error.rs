//! Why a source cannot be read.

use std::io;
use std::path::{Path, PathBuf};

pub use crate::source_folder::SourceFileError;

/// Why a source as a whole cannot be read. A single unreadable post is reported in its place among the
/// posts instead.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A file or folder cannot be read.
    #[error("{0} cannot be read: {1}.")]
    File(PathBuf, #[source] io::Error),
    /// A file of the source cannot be used as it is.
    #[error("{0} cannot be read: {1}")]
    Unusable(PathBuf, #[source] SourceFileError),
    /// The path, the expected format, and the reason why it is not that.
    #[error("{0} is not {1}: {2}.")]
    Format(PathBuf, &'static str, String),
    /// The format was neither given nor recognized.
    #[error(
        "{0} is neither a folder nor a Markdown, Ghost (.json) or WordPress (.xml) file. Say which \
         with --format."
    )]
    Unknown(PathBuf),
}

impl ReadError {
    /// Adds the path to an I/O error, for `map_err`.
    pub(super) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::File(path, error)
    }

    /// Adds the path to the reason why a file cannot be used, for `map_err`.
    pub(super) fn unusable(path: &Path) -> impl FnOnce(SourceFileError) -> Self {
        let path = path.to_owned();
        move |error| Self::Unusable(path, error)
    }
}
