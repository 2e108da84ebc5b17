//! The JSON file that Ghost exports (versions 1 to 6), with the `content` folder beside it if there
//! is one.

mod lexical;
mod post;
mod redirects;
mod routes;
mod rows;
mod tables;

use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::clean;
use super::error::ReadError;
use super::options::ReadOptions;
use crate::encoding::Utf8;
use crate::model::{Author, Places, Publication, Site, Skipped, Tag};
use crate::source_folder::{self, MAX_EXPORT, SourceFolder};
use post::post;
use rows::{Export, PostRow, UserRow, id, is_internal, is_page, post_tag, text};
use tables::{Tables, sorted};

pub(super) fn open(path: &Path, options: &ReadOptions) -> Result<Publication, ReadError> {
    let wrong = |why: String| ReadError::Format(path.to_owned(), "a Ghost export", why);
    let file = source_folder::open(path, MAX_EXPORT).map_err(ReadError::unusable(path))?;
    let file: Export = serde_json::from_reader(Utf8::new(BufReader::new(file)))
        .map_err(|e| wrong(e.to_string()))?;
    let data = file.db.into_iter().next().map(|database| database.data).or(file.data);
    let data = data.ok_or_else(|| wrong("it has no `db` with `data`".into()))?;

    let setting = |names: &[&str]| {
        names.iter().find_map(|name| {
            let setting = data.settings.iter().find(|setting| setting.key == *name)?;
            clean::text_of(setting.value.as_ref()?)
        })
    };
    let site_url = options.site_url.clone();
    let site = Site {
        title: setting(&["title"]),
        description: setting(&["description"]),
        url: site_url.as_ref().map(ToString::to_string),
        language: setting(&["locale", "lang", "default_locale"]),
        ..Site::default()
    };
    let authors: Vec<Author> = data.users.iter().map(author).collect();
    let tags = data.tags.iter().filter(|tag| !is_internal(tag)).filter_map(|tag| {
        let shown = post_tag(tag)?;
        Some(Tag { slug: shown.slug, name: shown.name, description: text(&tag.description) })
    });
    let tags = tags.collect();
    let content = options.media_folder.clone().or_else(|| content_folder(path));
    let (redirects, mut skipped) = redirects::read(path, content.as_deref());
    let (routed, unread) = routes::pattern(path, content.as_deref());
    skipped.extend(unread);

    let mut posts = Vec::new();
    for (place, row) in data.posts.into_iter().enumerate() {
        match serde_json::from_value::<PostRow>(row) {
            Ok(row) => posts.push(row),
            Err(why) => {
                let what = format!("post {} of the export", place + 1);
                skipped.push(Skipped::new(what, format!("it cannot be read: {why}.")));
            }
        }
    }
    if options.skip_pages {
        posts.retain(|post| {
            let is_page = is_page(post);
            if is_page {
                let title = post.title.clone().unwrap_or_default();
                skipped.push(Skipped::new(title, clean::PAGE_LEFT_OUT));
            }
            !is_page
        });
    }
    let tables = Arc::new(Tables {
        meta: data.posts_meta.into_iter().map(|row| (id(&row.post_id), row)).collect(),
        tags_of: sorted(
            data.posts_tags.iter().map(|row| (&row.post_id, row.sort_order, &row.tag_id)),
        ),
        authors_of: sorted(
            data.posts_authors.iter().map(|row| (&row.post_id, row.sort_order, &row.author_id)),
        ),
        tags: data.tags.into_iter().map(|row| (id(&row.id), row)).collect(),
        authors: authors.clone(),
        now: options.now,
        permalink: options
            .permalink
            .clone()
            .or(routed)
            .or_else(|| setting(&["permalinks"]).filter(|pattern| pattern.contains(":slug")))
            .unwrap_or_else(|| "/:slug/".into()),
        zone: setting(&["timezone", "active_timezone", "activeTimezone"])
            .and_then(|name| TimeZone::get(&name).ok())
            .unwrap_or(TimeZone::UTC),
        site_url: site_url.clone(),
    });
    // `/content/images/a.png` is in the folder that holds `content`, or in what a backup calls so.
    let folders: Vec<PathBuf> = content
        .iter()
        .flat_map(|folder| folder.parent().map(Path::to_owned).into_iter().chain([folder.clone()]))
        .collect();
    let key = match &site_url {
        Some(url) => format!("ghost:{url}"),
        None => format!("ghost:{}", site.title.as_deref().unwrap_or("")),
    };
    Ok(Publication {
        key,
        site,
        authors,
        tags,
        media: Vec::new(),
        redirects,
        places: Places { root: content, folders, media_folder: None, site_url },
        post_count: posts.len() as u64,
        posts: Box::new(posts.into_iter().map(move |row| post(row, &tables))),
        skipped,
    })
}

/// `content` beside the export, where it has images.
fn content_folder(path: &Path) -> Option<PathBuf> {
    let folder = SourceFolder::open(path.canonicalize().ok()?.parent()?).ok()?;
    let content = folder.find(&folder.path().join("content")).ok()?;
    content.is_dir().then_some(content)
}

fn author(row: &UserRow) -> Author {
    let slug = text(&row.slug);
    Author {
        source_id: id(&row.id),
        name: text(&row.name).or_else(|| slug.clone()).unwrap_or_else(|| "Author".into()),
        email: text(&row.email),
        slug,
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Status;
    use crate::samples::{open, posts, sample, time};

    #[test]
    fn a_whole_export_is_read() {
        let publication = open(&sample("ghost/am-rhein.ghost.2024-03-10.json"));
        assert_eq!(publication.site.title.as_deref(), Some("Am Rhein"));
        assert_eq!(publication.authors.len(), 2);
        assert_eq!(publication.tags.len(), 2, "internal tags are none");
        assert_eq!(publication.redirects.len(), 2);
        assert_eq!(publication.skipped.len(), 1, "{:?}", publication.skipped);
        assert_eq!(publication.post_count, 7);
        let (posts, skipped) = posts(publication);
        assert_eq!((posts.len(), skipped.len()), (7, 0));

        let first = &posts[0];
        assert_eq!(
            first.body,
            "Grüße aus *Köln*: [the other post](/markdown-only/).\n\n\
             ![Eine Brücke](/content/images/2024/03/bruecke.png)\n\n*Die Brücke*\n\n\
             ## Code\n\n```rust\nfn main() {\n    println!(\"{}\", 1 < 2);\n}\n```\n\n\
             | Stadt | Fluss |\n| --- | --- |\n| Köln | Rhein |\n\n\
             <https://www.youtube.com/watch?v=abcdefghijk>\n\n\
             [More to read](https://example.org/more)\n"
        );
        let tags: Vec<_> = first.tags.iter().map(|tag| tag.slug.as_str()).collect();
        assert_eq!(tags, ["reisen", "rust"]);
        assert_eq!(first.author.as_deref(), Some("1"));
        assert_eq!(first.metadata["other_authors"], serde_json::json!(["Björn"]));
        assert_eq!(first.metadata["internal_tags"], serde_json::json!(["#newsletter"]));
        assert_eq!(first.metadata["cover_caption"], "Foto: Ada");
        let cover = first.cover.as_ref().unwrap();
        assert_eq!(cover.url, "/content/images/2024/03/titel.png");
        assert_eq!(cover.alt.as_deref(), Some("Der Titel"));
        assert_eq!(first.meta_title.as_deref(), Some("Grüße | Example"));
        assert_eq!(first.old_paths, ["/gruesse-vom-rhein/"]);
        assert!(first.featured);
        assert_eq!(first.published_at, Some(time("2024-03-01T10:00:00Z")));

        assert_eq!(
            posts[1].body,
            "## X\n\n* one\n* two  \n  more\n\n\
             ![Brücke](/content/images/2024/03/bruecke.png \"t\")\n\n\
             See <https://example.org/content/images/x.png>.\n",
            "Markdown is taken as it was written"
        );
        assert_eq!(posts[2].status, Status::Draft);
        assert_eq!(posts[3].status, Status::Scheduled(time("2099-01-01T06:00:00Z")));
        assert_eq!(posts[4].post_type, byline_shared::model::PostType::Page);
        let paid = &posts[5];
        assert_eq!((paid.status, paid.published_at), (Status::Draft, None), "it stays closed");
        assert_eq!(posts[6].body, "## Straße\n\n**bold** & plain\n");
        assert!(posts[6].skipped[0].why.contains("signup"));
    }
}
