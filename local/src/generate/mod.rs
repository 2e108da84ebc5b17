//! `cargo gen`: generates the files that are derived from the operations, and checks that they are up to
//! date.

mod bins;
mod events;
mod listing;
mod names;
mod openapi;
mod router;
mod sam;
mod source;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

pub use names::domain;
use source::Files;
pub use source::{GenerateError, Source};

/// A file that is out of date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drift {
    /// Its content differs, or it is missing.
    Differs(PathBuf),
    /// No operation generates it any more.
    Leftover(PathBuf),
}

impl Source<'_> {
    /// All generated files.
    ///
    /// # Errors
    /// See [`GenerateError`].
    pub fn files(&self) -> Result<BTreeMap<PathBuf, String>, GenerateError> {
        self.check_names()?;
        let mut files = Files::new();
        files.insert("openapi.json".into(), openapi::document(&self.operations));
        files.insert("operations.txt".into(), listing::text(self));
        files.insert("functions/site/src/routes.txt".into(), router::list(&self.operations));
        files.insert("template.yaml".into(), sam::template(self)?);
        files.insert("Cargo.toml".into(), router::manifest(self)?);
        files.extend(events::files(self));
        files.extend(bins::files(self)?);
        Ok(files)
    }

    /// The files that are out of date.
    ///
    /// # Errors
    /// See [`GenerateError`].
    pub fn check(&self) -> Result<Vec<Drift>, GenerateError> {
        let files = self.files()?;
        let mut drifts: Vec<Drift> = Vec::new();
        for (path, expected) in &files {
            if std::fs::read_to_string(self.root.join(path)).ok().as_ref() != Some(expected) {
                drifts.push(Drift::Differs(path.clone()));
            }
        }
        drifts.extend(self.leftovers(&files)?.into_iter().map(Drift::Leftover));
        Ok(drifts)
    }

    /// Writes or removes the files that are out of date, and returns them.
    ///
    /// # Errors
    /// See [`GenerateError`].
    pub fn write(&self) -> Result<Vec<Drift>, GenerateError> {
        let files = self.files()?;
        let drifts = self.check()?;
        for drift in &drifts {
            let (Drift::Differs(path) | Drift::Leftover(path)) = drift;
            let file = self.root.join(path);
            let outcome = match files.get(path) {
                Some(content) => {
                    let folder = file.parent().unwrap_or(self.root);
                    std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&file, content))
                }
                None => std::fs::remove_file(&file),
            };
            outcome.map_err(|error| GenerateError::File(path.clone(), error))?;
        }
        Ok(drifts)
    }

    /// Files in generated folders that no operation generates.
    fn leftovers(&self, files: &Files) -> Result<Vec<PathBuf>, GenerateError> {
        let mut leftovers = Vec::new();
        for name in self.crates() {
            for folder in [format!("events/{name}"), format!("functions/{name}/src/bin")] {
                let entries = match std::fs::read_dir(self.root.join(&folder)) {
                    Ok(entries) => entries,
                    Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                    Err(error) => return Err(GenerateError::File(folder.into(), error)),
                };
                let names = entries.filter_map(|entry| Some(entry.ok()?.file_name()));
                let paths = names.map(|name| Path::new(&folder).join(name));
                leftovers.extend(paths.filter(|path| !files.contains_key(path)));
            }
        }
        leftovers.sort();
        Ok(leftovers)
    }

    /// Checks that files are named as their operations, so that one leads to the other.
    fn check_names(&self) -> Result<(), GenerateError> {
        let operations = self.operations.iter().map(|operation| (operation.name, operation.module));
        let urls = self.function_urls.iter().map(|url| (url.fallback.name, url.fallback.module));
        let workers = self.workers.iter().map(|worker| (worker.name, worker.module));
        for (name, module) in operations.chain(urls).chain(workers) {
            let expected = name.replace('-', "_");
            if module.split_once("::").map(|(_, file)| file) != Some(expected.as_str()) {
                return Err(GenerateError::Name(name, module, format!("{expected}.rs")));
            }
        }
        Ok(())
    }
}
