//! A file of what an import has done, so that an interrupted run resumes where it stopped.
//!
//! A line per thing that is done, written right after it. The operating system keeps what was
//! written when the process is killed; a power cut may lose the last lines, and a target takes the
//! same thing twice without doubling it.

use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The site's settings.
    Site,
    /// An author.
    Author,
    /// A tag.
    Tag,
    /// A media file.
    Media,
    /// A post.
    Post,
    /// A redirect.
    Redirect,
    /// Whether files of a post could not be had: [`SOME`] or [`NONE`].
    Missing,
    /// What was said of a post when it came, as a JSON list.
    Notes,
}

/// Files of a post are missing.
pub const SOME: &str = "some";

/// No file of a post is missing any more.
pub const NONE: &str = "none";

#[derive(Serialize, Deserialize)]
struct Begin {
    source: String,
    target: String,
}

#[derive(Serialize, Deserialize)]
struct Line {
    done: Kind,
    key: String,
    #[serde(rename = "as")]
    made: String,
}

/// Why a journal cannot be used. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file system.
    #[error("The state file {0} cannot be used: {1}.")]
    File(PathBuf, #[source] io::Error),
    /// Another process has it.
    #[error("Another import is at work with {0}. Wait for it, or stop it.")]
    InUse(PathBuf),
    /// It is about something else.
    #[error("{0} is the state of another import ({1}). Name another file with --state.")]
    Foreign(PathBuf, String),
}

/// An open journal; nobody else has it.
pub struct Journal {
    file: File,
    done: HashMap<(Kind, String), String>,
}

impl Journal {
    /// Opens the journal of an import from `source` to `target`, new or as it was left.
    ///
    /// # Errors
    /// As [`JournalError`] says.
    pub fn open(path: &Path, source: &str, target: &str) -> Result<Self, JournalError> {
        let failed = |error| JournalError::File(path.to_owned(), error);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        let mut options = OpenOptions::new();
        let options = options.create(true).read(true).append(true).mode(0o600);
        let mut file = options.open(path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(JournalError::InUse(path.to_owned())),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        // A line that was not finished was not done, as far as anybody knows.
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        file.set_len(whole as u64).map_err(failed)?;
        file.seek(SeekFrom::End(0)).map_err(failed)?;
        let text = String::from_utf8_lossy(&bytes[..whole]);
        let mut lines = text.lines();
        let mut journal = Self { file, done: HashMap::new() };
        match lines.next() {
            None => {
                let begin = Begin { source: source.to_owned(), target: target.to_owned() };
                journal.write(&begin).map_err(failed)?;
            }
            Some(line) => match serde_json::from_str::<Begin>(line) {
                Ok(begin) if begin.source == source && begin.target == target => {}
                Ok(begin) => {
                    let about = format!("{} to {}", begin.source, begin.target);
                    return Err(JournalError::Foreign(path.to_owned(), about));
                }
                Err(_) => {
                    let about = "or no state at all".to_owned();
                    return Err(JournalError::Foreign(path.to_owned(), about));
                }
            },
        }
        for line in lines.filter_map(|line| serde_json::from_str::<Line>(line).ok()) {
            journal.done.insert((line.done, line.key), line.made);
        }
        Ok(journal)
    }

    /// What was made of something, if it is done.
    #[must_use]
    pub fn done(&self, kind: Kind, key: &str) -> Option<&str> {
        self.done.get(&(kind, key.to_owned())).map(String::as_str)
    }

    /// Notes that something is done.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn note(&mut self, kind: Kind, key: &str, made: &str) -> io::Result<()> {
        self.write(&Line { done: kind, key: key.to_owned(), made: made.to_owned() })?;
        self.done.insert((kind, key.to_owned()), made.to_owned());
        Ok(())
    }

    fn write(&mut self, line: &impl Serialize) -> io::Result<()> {
        let mut bytes = serde_json::to_vec(line)?;
        bytes.push(b'\n');
        // In one call: a kill leaves all of a line or an end that the next start cuts off.
        self.file.write_all(&bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_is_known_after_a_kill() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/state.jsonl");
        let mut journal = Journal::open(&path, "a", "b").unwrap();
        journal.note(Kind::Post, "1", "post_1").unwrap();
        assert!(matches!(Journal::open(&path, "a", "b"), Err(JournalError::InUse(_))));
        drop(journal);
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"done\":\"po").unwrap();
        let mut journal = Journal::open(&path, "a", "b").unwrap();
        assert_eq!(journal.done(Kind::Post, "1"), Some("post_1"));
        assert_eq!(journal.done(Kind::Author, "1"), None);
        journal.note(Kind::Post, "2", "post_2").unwrap();
        drop(journal);
        let journal = Journal::open(&path, "a", "b").unwrap();
        assert_eq!(journal.done(Kind::Post, "2"), Some("post_2"));
        drop(journal);
        assert!(matches!(Journal::open(&path, "a", "c"), Err(JournalError::Foreign(..))));
    }
}
