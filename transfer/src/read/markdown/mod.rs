//! A folder of Markdown files with front matter: what Jekyll, Hugo, Astro and others build from, and
//! what Byline exports.

mod defaults;
mod files;
mod languages;
mod liquid;
mod obsidian;
mod pages;
mod raw_media;
mod settings;
mod settings_files;
mod source;
mod text;

use std::path::{Path, PathBuf};

use url::Url;

use super::clean;
use super::error::ReadError;
use super::export::{self, Extras};
use super::options::ReadOptions;
use super::permalink::Generator;
use super::source_context::{Addresses, SourceContext};
use crate::model::{Places, Publication, Skipped};
use crate::source_folder::SourceFolder;
use files::Files;
use obsidian::Vault;
use settings::Settings;
use source::{Read, Source};

/// Where generators keep static files.
const FILES: [&str; 6] = ["static", "public", "assets", "source", "src", "src/assets"];

pub(super) fn open(path: &Path, options: &ReadOptions) -> Result<Publication, ReadError> {
    let path = &path.canonicalize().map_err(ReadError::file(path))?;
    let is_file = path.is_file();
    let folder = path.parent().filter(|_| is_file).unwrap_or(path);
    let root = SourceFolder::open(folder).map_err(ReadError::file(path))?;
    let extras = export::extras(&root)?;
    let is_ours = extras.is_some();
    let Files { posts: files, mut pages, mut skipped } = if is_file {
        Files { posts: vec![path.clone()], ..Files::default() }
    } else {
        files::of(&root, is_ours)?
    };
    if files.is_empty() && !is_ours {
        let why = "no Markdown file is in it".to_owned();
        return Err(ReadError::Format(path.to_owned(), "a folder of posts", why));
    }
    let settings = Settings::read(&root)?;
    skipped.extend(settings_files::outside(&root));
    let Extras { site, mut authors, tags, media, redirects } = extras.unwrap_or_else(|| Extras {
        site: settings.site,
        authors: settings.authors,
        ..Extras::default()
    });
    let folders = options.media_folder.iter().cloned();
    let base = root.path().to_owned();
    let folders = folders.chain([base.clone()]).chain(FILES.iter().map(|name| base.join(name)));
    let folders: Vec<PathBuf> = folders.collect();
    let site_url = options.site_url.clone();
    let site_url = site_url.or_else(|| Url::parse(site.url.as_deref()?).ok());
    let key = match (is_ours, &site_url) {
        // An export is about the same posts wherever it lies.
        (true, _) => "byline".to_owned(),
        (false, Some(url)) => format!("markdown:{url}"),
        (false, None) => format!("markdown:{}", base.display()),
    };
    let mut addresses = Addresses { given: options.permalink.clone(), ..settings.addresses };
    // Where the site is at another address than its settings say, the person who imports knows.
    if let Some(url) = options.site_url.as_ref().filter(|url| url.path() != "/") {
        addresses.base = url.path().trim_end_matches('/').to_owned();
    }
    if !is_ours {
        languages::add(&mut addresses, root.path(), &files);
    }
    if root.path().join(".obsidian").is_dir() {
        addresses.generator = Generator::Obsidian;
    }
    if !is_ours {
        pages.extend(pages::known_by_place(root.path(), &files, &addresses));
    }
    let context = SourceContext {
        is_ours,
        addresses,
        zone: settings.zone,
        now: options.now,
        tags: tags.clone(),
    };
    // A look at all of them, for their number and their authors.
    let mut posts = Vec::new();
    let defaults = if is_ours { Vec::new() } else { settings.defaults };
    let names = files
        .iter()
        .filter_map(|file| Some((file.file_stem()?.to_str()?.to_owned(), file.clone())));
    let names = names.collect();
    let vault = if is_ours { None } else { Vault::of(root.path()) };
    let mut source = Source { root, pages, defaults, context, names, vault };
    source.cascades(&files);
    for file in files {
        match source.read(&file) {
            Read::Post(post, author) => {
                if let Some(author) = author
                    && !authors.iter().any(|known| known.source_id == author.source_id)
                {
                    authors.push(author);
                }
                if !post.post_type.is_post() && options.skip_pages {
                    skipped.push(Skipped::new(post.source_id, clean::PAGE_LEFT_OUT));
                } else {
                    posts.push(file);
                }
            }
            Read::No(reason) => skipped.push(reason),
            Read::Unreadable(_) => posts.push(file),
        }
    }
    let media_folder = options.media_folder.clone();
    let places = Places { root: Some(base), folders, media_folder, site_url };
    Ok(Publication {
        key,
        site,
        authors,
        tags,
        media,
        redirects,
        places,
        post_count: posts.len() as u64,
        posts: Box::new(posts.into_iter().filter_map(move |file| match source.read(&file) {
            Read::Post(post, _) => Some(Ok(*post)),
            Read::Unreadable(reason) => Some(Err(reason)),
            Read::No(_) => None,
        })),
        skipped,
    })
}

#[cfg(test)]
mod tests {
    use byline_shared::model::PostType;

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
        assert!(post("missing").skipped[0].why.contains("{% "));
    }

    fn one(matter: &str) -> crate::model::Post {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.md");
        std::fs::write(&file, format!("---\ntitle: A\n{matter}\n---\n\nText.\n")).unwrap();
        posts(open(&file)).0.remove(0)
    }

    #[test]
    fn what_only_some_might_see_is_a_draft() {
        let dated = |matter: &str| one(&format!("date: 2020-01-01\n{matter}"));
        assert_eq!(dated("status: public").status, Status::Published);
        for matter in [
            "password: hunter2secret\nvisibility: private\nstatus: private",
            "password: hunter2secret",
            "params:\n  Password: hunter2secret",
            "visibility: members",
            "status: private",
            "status: pending\n",
            "private: true",
            "public: false",
            "expiryDate: 2021-01-01",
            "unpublishDate: soon",
        ] {
            let post = dated(matter);
            assert_eq!(post.status, Status::Draft, "{matter}");
            assert!(!post.skipped.is_empty(), "{matter}");
            let kept = serde_json::to_string(&post.metadata).unwrap();
            assert!(!kept.contains("hunter2secret"), "{kept}");
        }
        let later = dated("expiryDate: 2098-01-01");
        assert_eq!((later.status, later.skipped.len()), (Status::Published, 1));
        let publish = dated("publishDate: 2098-01-01");
        assert_eq!(publish.status, Status::Scheduled(time("2098-01-01T00:00:00Z")));
    }

    #[test]
    fn what_has_no_date_is_a_draft() {
        for matter in ["", "date: 2020-13-45", "status: published"] {
            let post = one(matter);
            assert_eq!((post.status, post.published_at), (Status::Draft, None), "{matter}");
            assert!(post.skipped.iter().any(|skipped| skipped.why.contains("draft")), "{matter}");
        }
        let changed = one("lastmod: 2020-02-02");
        assert_eq!(changed.published_at, Some(time("2020-02-02T00:00:00Z")));
        assert_eq!(changed.status, Status::Published);
    }

    #[test]
    fn pages_of_jekyll_come_along_and_what_is_left_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let matter = "---\ntitle: T\ndate: 2020-01-01\n---\n\nText.\n";
        for name in [
            "_posts/2020-01-01-p.md",
            "_posts/2020-01-02-q.html",
            "about.md",
            "de/index.md",
            "_recipes/soup.md",
            "contact.html",
            "_layouts/page.html",
        ] {
            let file = folder.path().join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, matter).unwrap();
        }
        let publication = open(folder.path());
        let skipped: Vec<String> =
            publication.skipped.iter().map(|skipped| skipped.what.clone()).collect();
        assert_eq!(skipped.len(), 2, "{skipped:?}");
        for name in ["contact.html", "_recipes"] {
            assert!(skipped.iter().any(|what| what == name), "{name}: {skipped:?}");
        }
        let (posts, _) = posts(publication);
        let about = posts.iter().find(|post| post.source_id == "about.md").unwrap();
        assert_eq!((posts.len(), about.post_type), (4, PostType::Page));
        let pages = posts.iter().filter(|post| post.post_type == PostType::Page);
        assert_eq!(pages.count(), 2);
        assert!(posts.iter().all(|post| post.metadata.is_empty()));
    }
}
