//! The files that generators keep their settings in.

use std::io::ErrorKind;
use std::path::Path;

use serde_json::{Map, Value};

use super::super::error::{ReadError, SourceFileError};
use super::super::{bounded_yaml, front_matter};
use crate::model::Skipped;
use crate::source_folder::{MAX_SETTINGS, SourceFolder};

/// Where settings stand in one file, by their names.
const WHOLE: [&str; 12] = [
    "_config.yml",
    "_config.yaml",
    "_config.toml",
    "hugo.toml",
    "hugo.yaml",
    "hugo.yml",
    "hugo.json",
    "config.toml",
    "config.yaml",
    "config.yml",
    "config.json",
    "_config.json",
];

/// Where Jekyll's themes and Docusaurus keep the authors.
pub(super) const AUTHORS: [&str; 4] =
    ["_data/authors.yml", "_data/authors.yaml", "data/authors.yml", "authors.yml"];

/// Folders of settings in several files, as Hugo has them; the later ones count.
const FOLDERS: [&str; 2] = ["config/_default", "config/production"];

/// The settings of a site.
#[derive(Default)]
pub(super) struct Found {
    pub(super) values: Map<String, Value>,
    /// Whether only Hugo has them where they stand.
    pub(super) is_hugo: bool,
}

/// All settings of a folder.
///
/// # Errors
/// Where a file of them cannot be read: they decide on addresses and times, which nobody mends afterwards.
pub(super) fn read(root: &SourceFolder) -> Result<Found, ReadError> {
    let mut found = Found::default();
    for name in WHOLE {
        if let Some(values) = values(root, Path::new(name))? {
            found = Found { values, is_hugo: name.starts_with("hugo.") };
            break;
        }
    }
    for folder in FOLDERS {
        let Ok(entries) = std::fs::read_dir(root.path().join(folder)) else { continue };
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| {
                let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
                matches!(ending, Some("toml" | "yaml" | "yml" | "json"))
            })
            .collect();
        names.sort();
        for name in names {
            let Some(values) = values(root, &Path::new(folder).join(&name))? else { continue };
            found.is_hugo = true;
            let stem = name.split('.').next().unwrap_or_default();
            if matches!(stem, "hugo" | "config") {
                found.values.extend(values);
                continue;
            }
            match found.values.get_mut(stem) {
                Some(Value::Object(known)) => known.extend(values),
                _ => {
                    found.values.insert(stem.to_owned(), Value::Object(values));
                }
            }
        }
    }
    // Hugo's names are the same in any case.
    found.values =
        found.values.into_iter().map(|(name, value)| (name.to_lowercase(), value)).collect();
    Ok(found)
}

/// The files of settings that are links to elsewhere, which are not followed.
pub(super) fn outside(root: &SourceFolder) -> Vec<Skipped> {
    let found = WHOLE.iter().chain(&AUTHORS).filter_map(|name| {
        let why = root.find(&root.path().join(name)).err()?;
        matches!(why, SourceFileError::Outside).then(|| Skipped::new(*name, why.to_string()))
    });
    found.collect()
}

/// A file of settings, in whatever of the three languages; `None` where there is none.
pub(super) fn values(
    root: &SourceFolder,
    name: &Path,
) -> Result<Option<Map<String, Value>>, ReadError> {
    let path = root.path().join(name);
    let text = match root.read_text(&path, MAX_SETTINGS) {
        Ok(text) => text,
        Err(SourceFileError::Io(error)) if error.kind() == ErrorKind::NotFound => return Ok(None),
        // Not followed; `outside` says so.
        Err(SourceFileError::Outside) => return Ok(None),
        Err(why) => return Err(ReadError::Unusable(path, why)),
    };
    let text = text.as_str();
    let read = match name.extension().and_then(|extension| extension.to_str()) {
        Some("toml") => text
            .parse()
            .map(front_matter::object_of)
            .map_err(|why: toml::de::Error| why.message().replace('\n', " ")),
        Some("json") => serde_json::from_str(text).map_err(|why| why.to_string()),
        _ => bounded_yaml::object(text).map_err(|why| why.to_string()),
    };
    let wrong = |why| ReadError::Format(path.clone(), "a file of settings that can be read", why);
    read.map(Some).map_err(wrong)
}
