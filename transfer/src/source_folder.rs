//! The files of a source: none of them outside of its folder, each of them bounded in size.
//!
//! A source may come from anyone. A link in it could name any file of this machine, and what is
//! imported is soon public.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::encoding::{self, Decoded};

/// How large a file with one post may be, in bytes. A post's body may have an eighth of it.
pub(crate) const MAX_POST: u64 = 2 * 1024 * 1024;

/// How large a file with settings may be, in bytes.
pub(crate) const MAX_SETTINGS: u64 = 1024 * 1024;

/// How large a list in a file of its own may be, in bytes.
pub(crate) const MAX_LIST: u64 = 64 * 1024 * 1024;

/// How large a whole export in one JSON file may be, in bytes: it is read into memory.
pub(crate) const MAX_EXPORT: u64 = 1024 * 1024 * 1024;

/// Why a file of a source is not read.
#[derive(Debug, thiserror::Error)]
pub enum SourceFileError {
    /// The file system.
    #[error("{0}.")]
    Io(#[from] io::Error),
    /// A link leads out of the source.
    #[error("it is a link that leads out of the source. Put the file itself in its place.")]
    Outside,
    /// A folder, a device or a pipe.
    #[error("it is no regular file.")]
    NotAFile,
    /// Larger than this, in bytes.
    #[error("it is larger than {0} bytes.")]
    TooLarge(u64),
}

/// The folder that all files of a source are in.
#[derive(Clone, Debug)]
pub(crate) struct SourceFolder(PathBuf);

impl SourceFolder {
    /// The folder at a path, which may be a link itself: a person named it.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        path.canonicalize().map(Self)
    }

    /// Its real path.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The real path of something in it.
    pub(crate) fn find(&self, path: &Path) -> Result<PathBuf, SourceFileError> {
        let real = path.canonicalize()?;
        if real.starts_with(&self.0) { Ok(real) } else { Err(SourceFileError::Outside) }
    }

    /// The bytes of a file in it.
    pub(crate) fn read(&self, path: &Path, max: u64) -> Result<Vec<u8>, SourceFileError> {
        let mut bytes = Vec::new();
        // It may grow while it is read.
        open(&self.find(path)?, max)?.take(max + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > max { Err(SourceFileError::TooLarge(max)) } else { Ok(bytes) }
    }

    /// The text of a file in it, whatever its encoding.
    pub(crate) fn read_text(&self, path: &Path, max: u64) -> Result<String, SourceFileError> {
        self.read_decoded(path, max).map(|decoded| decoded.text)
    }

    /// The same, with what is to be said of its encoding.
    pub(crate) fn read_decoded(&self, path: &Path, max: u64) -> Result<Decoded, SourceFileError> {
        self.read(path, max).map(|bytes| encoding::decode(&bytes))
    }
}

/// Opens a regular file of at most `max` bytes.
pub(crate) fn open(path: &Path, max: u64) -> Result<File, SourceFileError> {
    // Opening a pipe would wait for somebody who writes.
    let about = std::fs::metadata(path)?;
    if !about.is_file() {
        return Err(SourceFileError::NotAFile);
    }
    if about.len() > max {
        return Err(SourceFileError::TooLarge(max));
    }
    Ok(File::open(path)?)
}
