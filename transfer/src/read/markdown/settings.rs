//! What the settings of Jekyll, Hugo and others say of the site and its authors.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::super::error::{ReadError, SourceFileError};
use super::super::{bounded_yaml, clean, front_matter};
use crate::model::{Author, Site};
use crate::source_folder::{MAX_SETTINGS, SourceFolder};

/// What the generator's own settings say.
pub(super) struct Settings {
    pub(super) site: Site,
    pub(super) permalink: Option<String>,
    pub(super) zone: TimeZone,
    pub(super) authors: Vec<Author>,
}

impl Settings {
    /// What they say decides on addresses and times, which nobody mends afterwards: those that cannot be read
    /// stop the import.
    pub(super) fn read(root: &SourceFolder) -> Result<Self, ReadError> {
        let names = [
            "_config.yml",
            "_config.yaml",
            "hugo.toml",
            "hugo.yaml",
            "hugo.yml",
            "hugo.json",
            "config.toml",
            "config.yaml",
            "config.yml",
            "config.json",
        ];
        let found = names.iter().find_map(|name| values(root, Path::new(name)).transpose());
        let found = found.transpose()?.unwrap_or_default();
        let text = |names: &[&str]| names.iter().find_map(|name| clean::text_of(found.get(*name)?));
        let inside = |outer: &str, inner: &str| clean::text_of(found.get(outer)?.get(inner)?);
        let permalinks = found.get("permalinks").and_then(Value::as_object);
        let permalinks =
            permalinks.map(|by| by.get("page").and_then(Value::as_object).unwrap_or(by));
        let hugo = permalinks.and_then(|by| {
            ["posts", "post", "blog"].iter().find_map(|section| clean::text_of(by.get(*section)?))
        });
        Ok(Self {
            site: Site {
                title: text(&["title"]),
                description: text(&["description"]).or_else(|| inside("params", "description")),
                url: text(&["url", "baseURL", "baseurl"]).filter(|url| url.starts_with("http")),
                language: text(&["lang", "languageCode", "defaultContentLanguage", "language"]),
                ..Site::default()
            },
            permalink: text(&["permalink"]).or(hugo),
            zone: text(&["timezone", "timeZone"])
                .and_then(|name| TimeZone::get(&name).ok())
                .unwrap_or(TimeZone::UTC),
            authors: authors(root)?,
        })
    }
}

/// A file of settings, in whatever of the three languages; `None` where there is none.
fn values(root: &SourceFolder, name: &Path) -> Result<Option<Map<String, Value>>, ReadError> {
    let path = root.path().join(name);
    let text = match root.read_text(&path, MAX_SETTINGS) {
        Ok(text) => text,
        Err(SourceFileError::Io(error)) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(why) => return Err(ReadError::Unusable(path, why)),
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
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

/// `authors.yml`, as Jekyll's themes and Docusaurus have it: a name and an address under each key.
fn authors(root: &SourceFolder) -> Result<Vec<Author>, ReadError> {
    let files = ["_data/authors.yml", "_data/authors.yaml", "data/authors.yml", "authors.yml"];
    let found = files.iter().find_map(|name| values(root, Path::new(name)).transpose());
    let found: BTreeMap<String, Value> =
        found.transpose()?.unwrap_or_default().into_iter().collect();
    let authors = found.into_iter().map(|(key, about)| {
        let field = |name: &str| clean::text_of(about.get(name)?);
        Author {
            name: field("name").unwrap_or_else(|| key.clone()),
            email: field("email"),
            slug: None,
            source_id: key,
        }
    });
    Ok(authors.collect())
}
