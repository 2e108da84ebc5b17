//! What the files are generated from, and the files that hold only a generated block.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use byline_shared::endpoint::{FunctionUrl, Operation};
use byline_shared::worker::Worker;

use super::names::domain;

/// What to generate from.
pub struct Source<'a> {
    /// The root of the project. Some files there are generated only in part.
    pub root: &'a Path,
    /// All operations.
    pub operations: Vec<Operation>,
    /// All functions with a URL of their own.
    pub function_urls: Vec<FunctionUrl>,
    /// All workers.
    pub workers: Vec<Worker>,
}

/// Why the files cannot be generated.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// A file cannot be read or written.
    #[error("{0}: {1}")]
    File(PathBuf, #[source] io::Error),
    /// A file lacks the lines around its generated block.
    #[error("{0}: the lines `{1}` and `{2}` are missing; put them back around the generated block")]
    Markers(PathBuf, &'static str, &'static str),
    /// The file of an operation or worker has another name.
    #[error("`{0}` is in the module `{1}`: rename its file to {2}")]
    Name(&'static str, &'static str, String),
}

/// The generated files, by path in the project.
pub(super) type Files = BTreeMap<PathBuf, String>;

impl Source<'_> {
    /// The folders in `functions` that hold operations or workers.
    pub(super) fn crates(&self) -> Vec<&'static str> {
        let modules = self.operations.iter().map(|operation| operation.module);
        let urls = self.function_urls.iter().map(|url| url.fallback.module);
        let modules = modules.chain(urls).chain(self.workers.iter().map(|worker| worker.module));
        let mut crates: Vec<&str> = modules.map(domain).collect();
        crates.sort_unstable();
        crates.dedup();
        crates
    }

    /// The text of a file, with the block between two lines replaced.
    pub(super) fn with_block(
        &self,
        path: &str,
        begin: &'static str,
        end: &'static str,
        block: &str,
    ) -> Result<String, GenerateError> {
        let read = std::fs::read_to_string(self.root.join(path));
        let text = read.map_err(|error| GenerateError::File(path.into(), error))?;
        replace_block(path, &text, begin, end, block)
    }
}

/// `text` with the block between two lines replaced.
pub(super) fn replace_block(
    path: &str,
    text: &str,
    begin: &'static str,
    end: &'static str,
    block: &str,
) -> Result<String, GenerateError> {
    let parts = text.split_once(begin).and_then(|(head, rest)| {
        let (_, tail) = rest.split_once(end)?;
        Some((head, tail))
    });
    let (head, tail) = parts.ok_or_else(|| GenerateError::Markers(path.into(), begin, end))?;
    Ok(format!("{head}{begin}\n{block}{end}{tail}"))
}
