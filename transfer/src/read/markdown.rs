//! A folder of Markdown files with front matter: what Jekyll, Hugo, Astro and others build from, and
//! what Byline exports.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use url::Url;

use super::clean;
use super::matter::{Habits, post_of};
use super::{ReadError, ReadOptions, export, front_matter};
use crate::export::FOLDERS;
use crate::model::{Author, Places, Post, Publication, Site, Skipped};

/// Where the generators keep their posts.
const POSTS: [&str; 8] = [
    "_posts",
    "_drafts",
    "content",
    "src/content",
    "source/_posts",
    "source/_drafts",
    "src/posts",
    "posts",
];
/// Where they keep the files that are served as they are.
const FILES: [&str; 6] = ["static", "public", "assets", "source", "src", "src/assets"];
/// Files of a repository that are no posts.
const ABOUT: [&str; 6] =
    ["readme", "license", "changelog", "contributing", "code_of_conduct", "security"];
/// Folders that hold no posts.
const OTHER: [&str; 5] = ["node_modules", "_site", "vendor", "target", "dist"];

pub(super) fn open(path: &Path, options: &ReadOptions) -> Result<Publication, ReadError> {
    let is_file = path.is_file();
    let root = match path.parent().filter(|_| is_file) {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => path,
    };
    let root = root.canonicalize().map_err(ReadError::file(path))?;
    let extras = export::extras(&root)?;
    let (mut files, mut skipped) = (Vec::new(), Vec::new());
    if is_file {
        files.extend(path.canonicalize());
    } else {
        let names: &[&str] = if extras.is_some() { &FOLDERS } else { &POSTS };
        let folders: Vec<PathBuf> =
            names.iter().map(|name| root.join(name)).filter(|folder| folder.is_dir()).collect();
        let folders = if folders.is_empty() { vec![root.clone()] } else { folders };
        for folder in folders {
            walk(&folder, &mut files, &mut skipped)?;
        }
        files.sort();
        files.dedup();
    }
    let settings = Settings::read(&root);
    let zone = settings.zone.clone();
    let folders = options.media_folder.iter().cloned();
    let folders = folders.chain([root.clone()]).chain(FILES.iter().map(|name| root.join(name)));
    let site = extras.as_ref().map_or(settings.site, |extras| extras.site.clone());
    let site_url = options.site_url.clone();
    let site_url = site_url.or_else(|| Url::parse(site.url.as_deref()?).ok());
    let key = match (&extras, &site_url) {
        // An export is about the same posts wherever it lies.
        (Some(_), _) => "byline".to_owned(),
        (None, Some(url)) => format!("markdown:{url}"),
        (None, None) => format!("markdown:{}", root.display()),
    };
    let mut authors = extras.as_ref().map_or(settings.authors, |extras| extras.authors.clone());
    let habits = Habits {
        is_ours: extras.is_some(),
        permalink: options.permalink.clone().or(settings.permalink),
        zone,
        now: options.now,
        tags: extras.as_ref().map(|extras| extras.tags.clone()).unwrap_or_default(),
    };
    // A look at all of them, for their number and their authors.
    let mut posts = Vec::new();
    for file in files {
        match read(&root, &file, &habits) {
            Read::Post(post, author) => {
                if let Some(author) = author
                    && !authors.iter().any(|known| known.source_id == author.source_id)
                {
                    authors.push(author);
                }
                let is_page = post.metadata.get("type").is_some_and(|kind| kind == "page");
                if is_page && options.skip_pages {
                    skipped.push(Skipped::new(
                        post.source_id,
                        "it is a page, and pages are left out.",
                    ));
                } else {
                    posts.push(file);
                }
            }
            Read::No(reason) => skipped.push(reason),
            Read::Unreadable(_) => posts.push(file),
        }
    }
    let (tags, media, redirects) =
        extras.map(|extras| (extras.tags, extras.media, extras.redirects)).unwrap_or_default();
    let places = Places { root: Some(root.clone()), folders: folders.collect(), site_url };
    Ok(Publication {
        key,
        site,
        authors,
        tags,
        media,
        redirects,
        places,
        post_count: posts.len() as u64,
        posts: Box::new(posts.into_iter().filter_map(move |file| {
            match read(&root, &file, &habits) {
                Read::Post(post, _) => Some(Ok(*post)),
                Read::Unreadable(reason) => Some(Err(reason)),
                Read::No(_) => None,
            }
        })),
        skipped,
    })
}

fn walk(
    folder: &Path,
    files: &mut Vec<PathBuf>,
    skipped: &mut Vec<Skipped>,
) -> Result<(), ReadError> {
    for entry in std::fs::read_dir(folder).map_err(ReadError::file(folder))? {
        let entry = entry.map_err(ReadError::file(folder))?;
        let path = entry.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            let why = "its name is not valid Unicode.";
            skipped.push(Skipped::new(path.display().to_string(), why));
            continue;
        };
        if name.starts_with('.') || OTHER.contains(&name) {
            continue;
        }
        // A link to elsewhere is not followed: it may lead in a circle.
        let kind = entry.file_type().map_err(ReadError::file(&path))?;
        if kind.is_dir() {
            walk(&path, files, skipped)?;
        } else if kind.is_file() && is_markdown(&path) {
            files.push(path);
        }
    }
    Ok(())
}

fn is_markdown(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or("");
    matches!(extension.to_ascii_lowercase().as_str(), "md" | "markdown" | "mdx")
}

enum Read {
    Post(Box<Post>, Option<Author>),
    /// It is no post.
    No(Skipped),
    /// It is one, and cannot be read.
    Unreadable(Skipped),
}

fn read(root: &Path, file: &Path, habits: &Habits) -> Read {
    let name = file.strip_prefix(root).unwrap_or(file).display().to_string();
    let text = match std::fs::read(file).map(String::from_utf8) {
        Ok(Ok(text)) => text,
        Ok(Err(_)) => return Read::Unreadable(Skipped::new(name, "it is not UTF-8.")),
        Err(error) => return Read::Unreadable(Skipped::new(name, format!("{error}."))),
    };
    let split = match front_matter::split(&text) {
        Ok(split) => split,
        Err(why) => return Read::Unreadable(Skipped::new(name, why)),
    };
    let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    if stem == "_index" {
        return Read::No(Skipped::new(name, "it is the page of a section, not a post."));
    }
    if split.matter.is_empty() && ABOUT.contains(&stem.to_ascii_lowercase().as_str()) {
        return Read::No(Skipped::new(name, "it has no front matter and is about the folder."));
    }
    let (mut post, author) = post_of(&name, split.matter, split.body, habits);
    post.folder = file.parent().map(Path::to_owned);
    Read::Post(Box::new(post), author)
}

/// What the generator's own settings say.
struct Settings {
    site: Site,
    permalink: Option<String>,
    zone: TimeZone,
    authors: Vec<Author>,
}

impl Settings {
    /// Settings are a help: what cannot be read of them is as if it were not there.
    fn read(root: &Path) -> Self {
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
        let found = names.iter().find_map(|name| values(&root.join(name))).unwrap_or_default();
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
fn values(file: &Path) -> Option<Map<String, Value>> {
    let text = std::fs::read_to_string(file).ok()?;
    match file.extension()?.to_str()? {
        "toml" => {
            let table: toml::Table = text.parse().ok()?;
            Some(table.into_iter().map(|(k, v)| (k, front_matter::value_of(v))).collect())
        }
        "json" => serde_json::from_str(&text).ok(),
        _ => serde_yaml_ng::from_str(&text).ok(),
    }
}

/// `authors.yml`, as Jekyll's themes and Docusaurus have it: a name and an address under each key.
fn authors(root: &Path) -> Vec<Author> {
    let files = ["_data/authors.yml", "_data/authors.yaml", "data/authors.yml", "authors.yml"];
    let found = files.iter().find_map(|name| {
        let text = std::fs::read_to_string(root.join(name)).ok()?;
        serde_yaml_ng::from_str::<BTreeMap<String, Value>>(&text).ok()
    });
    let found = found.unwrap_or_default().into_iter();
    let authors = found.map(|(key, about)| {
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

#[cfg(test)]
mod tests {
    use crate::model::Status;
    use crate::samples::{open, posts, sample, time};

    #[test]
    fn a_whole_folder_is_read() {
        let publication = open(&sample("markdown"));
        assert_eq!(publication.key, "markdown:https://werkstatt.example/");
        assert_eq!(publication.site.title.as_deref(), Some("Werkstatt"));
        let authors = publication.authors.iter().map(|author| author.name.as_str());
        assert_eq!(authors.collect::<Vec<_>>(), ["Dora Döring", "Emil"]);
        assert_eq!(publication.post_count, 9);
        let (posts, skipped) = posts(publication);
        assert_eq!((posts.len(), skipped.len()), (8, 1));
        assert!(skipped[0].what.ends_with("broken.md"), "{skipped:?}");
        assert!(skipped[0].why.contains("YAML"), "{skipped:?}");
        let post =
            |slug: &str| posts.iter().find(|post| post.slug.as_deref() == Some(slug)).unwrap();

        let first = post("groesse");
        let file = sample("markdown/_posts/2024-01-15-groesse.md");
        let file = std::fs::read_to_string(file).unwrap();
        assert!(file.ends_with(&format!("---\n\n{}", first.body)), "the body is the file's");
        assert_eq!(first.title, "Größe: über Maße");
        assert_eq!(first.published_at, Some(time("2024-01-15T08:30:00Z")));
        assert_eq!(first.updated_at, Some(time("2024-01-31T23:00:00Z")), "in the site's zone");
        let paths = ["/werkzeug/2024/01/15/groesse/", "/alt/groesse.html", "/noch-aelter/"];
        assert_eq!(first.old_paths, paths);
        assert_eq!(first.author.as_deref(), Some("dora"));
        assert_eq!(first.metadata["rating"], 4);
        assert_eq!(first.metadata.len(), 1, "{:?}", first.metadata);
        let tags: Vec<_> = first.tags.iter().map(|tag| tag.slug.as_str()).collect();
        assert_eq!(tags, ["holz", "mass-zahl", "werkzeug"]);

        let toml = post("toml-matter");
        let body = "Directly, without a blank line.\r\nWith a carriage return.\r\n";
        assert_eq!(toml.body, body);
        assert_eq!(toml.canonical_url.as_deref(), Some("https://first.example/toml"));
        assert!(toml.featured && toml.old_paths.contains(&"/posts/toml/".to_owned()));

        assert_eq!(post("morgen").status, Status::Scheduled(time("2098-12-31T23:00:00Z")));
        assert_eq!(post("idee").status, Status::Draft);
        assert_eq!(post("weg").status, Status::Trashed);
        assert_eq!(post("impressum").old_paths, ["/impressum/"]);
        assert_eq!(post("buendel").cover.as_ref().unwrap().url, "bild.png");
        assert!(post("missing").skipped[0].why.contains("Liquid"));
    }
}
