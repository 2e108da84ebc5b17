//! What the settings of Jekyll, Hugo and others say of the site and its authors.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use url::Url;

use super::super::clean;
use super::super::error::ReadError;
use super::super::permalink::Generator;
use super::super::source_context::Addresses;
use super::defaults::Defaults;
use super::settings_files::{self, AUTHORS, Found, values};
use crate::model::{Author, Site};
use crate::source_folder::SourceFolder;

/// What the generator's own settings say.
pub(super) struct Settings {
    pub(super) site: Site,
    pub(super) addresses: Addresses,
    pub(super) defaults: Vec<Defaults>,
    pub(super) zone: TimeZone,
    pub(super) authors: Vec<Author>,
}

impl Settings {
    /// What they say decides on addresses and times, which nobody mends afterwards: those that cannot be read
    /// stop the import.
    pub(super) fn read(root: &SourceFolder) -> Result<Self, ReadError> {
        let Found { values: found, is_hugo } = settings_files::read(root)?;
        let text = |names: &[&str]| names.iter().find_map(|name| clean::text_of(found.get(*name)?));
        let inside = |outer: &str, inner: &str| clean::text_of(found.get(outer)?.get(inner)?);
        let generator = generator(root, &found, is_hugo);
        let url = text(&["url", "baseurl", "base_url"]).filter(|url| url.starts_with("http"));
        // Jekyll and Hexo have the path of the site apart from its address.
        let base = text(&["baseurl", "root"]).filter(|base| base.starts_with('/'));
        let base = base.or_else(|| Some(Url::parse(url.as_deref()?).ok()?.path().to_owned()));
        let base = base.unwrap_or_default().trim_end_matches('/').to_owned();
        let languages = found.get("languages").and_then(Value::as_object);
        let languages = languages.into_iter().flat_map(Map::keys).map(|code| code.to_lowercase());
        let default_language =
            text(&["defaultcontentlanguage", "default_language"]).map(|code| code.to_lowercase());
        let is_true = |name: &str| text(&[name]).is_some_and(|value| value == "true");
        Ok(Self {
            site: Site {
                title: text(&["title"]),
                description: text(&["description"]).or_else(|| inside("params", "description")),
                url,
                language: text(&[
                    "lang",
                    "locale",
                    "languagecode",
                    "defaultcontentlanguage",
                    "default_language",
                    "language",
                ]),
                ..Site::default()
            },
            addresses: Addresses {
                generator,
                given: None,
                pattern: text(&["permalink"]),
                sections: sections(&found),
                is_ugly: is_true("uglyurls"),
                base,
                languages: languages.collect(),
                in_folder: is_true("defaultcontentlanguageinsubdir"),
                default_language,
            },
            defaults: Defaults::of(&found),
            zone: text(&["timezone"])
                .and_then(|name| TimeZone::get(&name).ok())
                .unwrap_or(TimeZone::UTC),
            authors: authors(root)?,
        })
    }
}

/// What builds the site, by its settings and folders.
fn generator(root: &SourceFolder, found: &Map<String, Value>, is_hugo: bool) -> Generator {
    let has = |name: &str| root.path().join(name).exists();
    let has_any = |names: &[&str]| names.iter().any(|name| has(name));
    let is_config = |names: [&str; 3]| names.iter().any(|name| has(name));
    match () {
        () if is_hugo => Generator::Hugo,
        () if has("source/_posts") => Generator::Hexo,
        () if is_config(["_config.yml", "_config.yaml", "_config.toml"]) || has("_posts") => {
            Generator::Jekyll
        }
        () if found.contains_key("base_url") && has("content") => Generator::Zola,
        () if found.contains_key("baseurl")
            || has("content") && has_any(&["archetypes", "layouts"]) =>
        {
            Generator::Hugo
        }
        () if has_any(&[
            ".eleventy.js",
            "eleventy.config.js",
            "eleventy.config.mjs",
            "eleventy.config.cjs",
            "eleventy.config.ts",
        ]) =>
        {
            Generator::Eleventy
        }
        () => Generator::Other,
    }
}

/// Hugo's patterns by the first folder of a post.
fn sections(found: &Map<String, Value>) -> BTreeMap<String, String> {
    let by = found.get("permalinks").and_then(Value::as_object);
    // `[permalinks.page]` is newer than `[permalinks]`.
    let newer = by.and_then(|by| by.get("page")).and_then(Value::as_object);
    let all = by.into_iter().chain(newer).flatten();
    let all = all.filter_map(|(section, pattern)| {
        Some((section.trim_matches('/').to_lowercase(), clean::text_of(pattern)?))
    });
    all.collect()
}

/// `authors.yml`, as Jekyll's themes and Docusaurus have it: a name and an address under each key.
fn authors(root: &SourceFolder) -> Result<Vec<Author>, ReadError> {
    let found = AUTHORS.iter().find_map(|name| values(root, Path::new(name)).transpose());
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
