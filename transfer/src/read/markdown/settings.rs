//! What the settings of Jekyll, Hugo and others say of the site and its authors.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::tz::TimeZone;
use serde_json::{Map, Value};

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
    /// Settings are a help: what cannot be read of them is as if it were not there.
    pub(super) fn read(root: &SourceFolder) -> Self {
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
        let found = names.iter().find_map(|name| values(root, Path::new(name))).unwrap_or_default();
        let text = |names: &[&str]| names.iter().find_map(|name| clean::text_of(found.get(*name)?));
        let inside = |outer: &str, inner: &str| clean::text_of(found.get(outer)?.get(inner)?);
        let permalinks = found.get("permalinks").and_then(Value::as_object);
        let permalinks =
            permalinks.map(|by| by.get("page").and_then(Value::as_object).unwrap_or(by));
        let hugo = permalinks.and_then(|by| {
            ["posts", "post", "blog"].iter().find_map(|section| clean::text_of(by.get(*section)?))
        });
        Self {
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
            authors: authors(root),
        }
    }
}

/// A file of settings, in whatever of the three languages.
fn values(root: &SourceFolder, name: &Path) -> Option<Map<String, Value>> {
    let text = root.read_text(&root.path().join(name), MAX_SETTINGS).ok()?;
    match name.extension()?.to_str()? {
        "toml" => text.parse().ok().map(front_matter::object_of),
        "json" => serde_json::from_str(&text).ok(),
        _ => bounded_yaml::object(&text).ok(),
    }
}

/// `authors.yml`, as Jekyll's themes and Docusaurus have it: a name and an address under each key.
fn authors(root: &SourceFolder) -> Vec<Author> {
    let files = ["_data/authors.yml", "_data/authors.yaml", "data/authors.yml", "authors.yml"];
    let found = files.iter().find_map(|name| {
        let text = root.read_text(&root.path().join(name), MAX_SETTINGS).ok()?;
        bounded_yaml::object(&text).ok()
    });
    let found: BTreeMap<String, Value> = found.unwrap_or_default().into_iter().collect();
    let authors = found.into_iter().map(|(key, about)| {
        let field = |name: &str| clean::text_of(about.get(name)?);
        Author {
            name: field("name").unwrap_or_else(|| key.clone()),
            email: field("email"),
            slug: None,
            source_id: key,
        }
    });
    authors.collect()
}
