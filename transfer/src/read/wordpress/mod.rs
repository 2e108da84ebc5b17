//! The XML file that WordPress exports: posts, pages, and what is known of media files.
//!
//! The file is read twice: first everything but the posts' texts, as a post may name an attachment
//! that stands behind it, then post by post.

mod attachments;
mod attribute;
mod bounded;
mod highlighters;
mod library;
mod paragraphs;
mod post;
mod shortcodes;
mod wxr;

use std::path::Path;
use std::sync::Arc;

use url::Url;

use super::error::ReadError;
use super::options::ReadOptions;
use crate::model::{Places, Publication, Site, Skipped};
use library::Library;
use post::{is_post, post};
use wxr::Elements;

pub(super) fn open(path: &Path, options: &ReadOptions) -> Result<Publication, ReadError> {
    let mut library = Library::default();
    for element in Elements::open(path).map_err(ReadError::unusable(path))? {
        let element = element.map_err(|why| {
            ReadError::Format(path.to_owned(), "a whole WordPress export", why.to_string())
        })?;
        library.add(&element, options);
    }
    if library.site == Site::default() && library.posts == 0 {
        let why = "it has no `channel` with posts".to_owned();
        return Err(ReadError::Format(path.to_owned(), "a WordPress export", why));
    }
    let Library { site, authors, tags, attachments, posts, mut skipped, others } = library;
    skipped.extend(others.into_iter().map(|(kind, count)| {
        let why = "entries of this kind have no place in a publication.";
        Skipped::new(format!("{count} \u{d7} {kind}"), why)
    }));
    let site_url = options.site_url.clone();
    let site_url = site_url.or_else(|| Url::parse(site.url.as_deref()?).ok());
    let folders: Vec<_> = options.media_folder.iter().cloned().collect();
    let root = options.media_folder.clone();
    let places = Places { root, folders, media_folder: None, site_url };
    let attachments = Arc::new(attachments);
    let elements = Elements::open(path).map_err(ReadError::unusable(path))?;
    let (now, skip_pages) = (options.now, options.skip_pages);
    let key = format!("wordpress:{}", site.url.as_deref().unwrap_or_default());
    Ok(Publication {
        key,
        site,
        authors,
        tags,
        media: Vec::new(),
        redirects: Vec::new(),
        places,
        post_count: posts,
        posts: Box::new(elements.filter_map(move |element| match element {
            Ok(element) if is_post(&element, skip_pages) => Some(post(&element, &attachments, now)),
            Ok(_) => None,
            Err(why) => Some(Err(Skipped::new("the rest of the file", format!("{why}.")))),
        })),
        skipped,
    })
}

#[cfg(test)]
mod tests {
    use crate::model::Status;
    use crate::samples::{open, posts, sample, time};

    const UPLOADS: &str = "https://wp.example/wp-content/uploads/2022/05";

    #[test]
    fn a_whole_export_is_read() {
        let publication = open(&sample("wordpress/berge.xml"));
        assert_eq!(publication.site.title.as_deref(), Some("Berge & Täler"));
        assert_eq!(publication.authors.len(), 2);
        assert_eq!(publication.tags.len(), 2);
        let skipped: Vec<String> = publication.skipped.iter().map(ToString::to_string).collect();
        assert_eq!(skipped.len(), 3, "{skipped:?}");
        assert_eq!(publication.post_count, 8);
        let (posts, skipped) = posts(publication);
        assert_eq!((posts.len(), skipped.len()), (8, 0));

        let first = &posts[0];
        assert_eq!(
            first.body,
            format!(
                "Übung macht den **Meister**.[^1]\n\n\
                 [![Ein Berg]({UPLOADS}/berg.png)]({UPLOADS}/berg.png)\n\n*Der Berg*\n\n\
                 ```python\ndef f(a):\n    return a < 1\n```\n\n\
                 | a | b |\n| --- | --- |\n| 1 | x\\|y |\n\n*Zahlen*\n\n<https://vimeo.com/1>\n\n\
                 [^1]: Sagt man so.\n"
            )
        );
        assert_eq!(first.title, "Übung & Meister");
        assert_eq!(first.excerpt.as_deref(), Some("Kurz & gut."));
        assert_eq!(first.old_paths, ["/2022/05/uebung-meister/", "/2022/05/uebung/"]);
        assert_eq!(first.published_at, Some(time("2022-05-01T08:00:00Z")));
        assert_eq!(first.cover.as_ref().unwrap().alt.as_deref(), Some("Ein Tal"));
        assert_eq!(first.meta_title.as_deref(), Some("Übung – Berge"));
        assert!(first.featured);
        assert!(first.skipped.iter().any(|skipped| skipped.why.contains("latest-posts")));

        let classic = &posts[1];
        assert_eq!(
            classic.body,
            format!(
                "First line\\\nsecond line with *stress*.\n\n\
                 [![Berg]({UPLOADS}/berg.png)](https://wp.example/x)\n\nAm *Berg*\n\n\
                 ![Ein Berg]({UPLOADS}/berg.png)\n\n![Ein Tal]({UPLOADS}/tal.png)\n\n*Das Tal*\n\n\
                 ```php\n$a = array( 1 );\n\necho $a[0];\n```\n\n\
                 <https://www.youtube.com/watch?v=abc>\n\n\
                 \\[contact-form to=\"me\"\\]Write\\[/contact-form\\]\n"
            )
        );
        assert!(classic.skipped.iter().any(|skipped| skipped.why.contains("[contact-form]")));
        assert_eq!(classic.tags.len(), 1, "Uncategorized is no tag");

        assert_eq!(posts[2].status, Status::Draft);
        assert_eq!(posts[3].status, Status::Scheduled(time("2099-05-01T08:00:00Z")));
        let trashed = &posts[4];
        assert_eq!(
            (trashed.status, trashed.slug.as_deref()),
            (Status::Trashed, Some("thrown-away"))
        );
        assert_eq!((posts[5].status, posts[6].status), (Status::Draft, Status::Draft));
        assert_eq!(posts[7].post_type, byline_shared::model::PostType::Page);
    }

    fn export(items: &str) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("wp.xml");
        let text = format!(
            "<rss xmlns:wp=\"w\" xmlns:content=\"c\"><channel><title>W</title>\
             <link>https://wp.example</link>{items}"
        );
        std::fs::write(&file, text).unwrap();
        (folder, file)
    }

    #[test]
    fn what_is_lost_is_said() {
        let meta = |key: &str| {
            format!(
                "<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>good</wp:meta_value>\
                 </wp:postmeta>"
            )
        };
        let (_folder, file) = export(&format!(
            "<item><title>P</title><wp:post_id>1</wp:post_id><wp:status>publish</wp:status>\
             <wp:post_date_gmt>2020-01-01 00:00:00</wp:post_date_gmt>\
             <content:encoded><![CDATA[p1<!--nextpage-->p2]]></content:encoded>{}{}</item>\
             </channel></rss>",
            meta("mood"),
            meta("_edit_last")
        ));
        let (posts, _) = posts(open(&file));
        assert_eq!(posts[0].body, "p1\n\np2\n");
        let said: Vec<&str> = posts[0].skipped.iter().map(|said| said.why.as_str()).collect();
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said.iter().any(|why| why.contains("pages")), "{said:?}");
        assert!(said.iter().any(|why| why.contains("`mood`")), "{said:?}");
    }

    #[test]
    fn a_file_that_was_cut_off_is_called_so() {
        for rest in ["", "<item><title>P"] {
            let (_folder, file) = export(rest);
            let options = crate::samples::options();
            let error = super::open(&file, &options).err().unwrap().to_string();
            assert!(error.contains("not a whole WordPress export: the file ends"), "{error}");
        }
    }
}
