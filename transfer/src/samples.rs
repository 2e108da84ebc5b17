//! The sample exports of the tests, and a target in memory.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use byline_shared::model::{Slug, Time};
use bytes::Bytes;

use crate::fetch::{Fetch, FetchError, Fetched};
use crate::import::{NewMedia, NotTaken, Outcome, PostKey, StoredMedia, StoredPost, Target};
use crate::media::Place;
use crate::model::{Author, Post, Publication, Site, Skipped, Tag};
use crate::read::{self, ReadOptions};

/// A sample's place.
pub(crate) fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data").join(name)
}

/// The three samples.
pub(crate) const SAMPLES: [&str; 3] =
    ["markdown", "ghost/am-rhein.ghost.2024-03-10.json", "wordpress/berge.xml"];

pub(crate) fn options() -> ReadOptions {
    ReadOptions {
        site_url: None,
        media_folder: None,
        permalink: None,
        skip_pages: false,
        now: "2026-11-22T00:00:00Z".parse().unwrap(),
    }
}

pub(crate) fn open(path: &Path) -> Publication {
    let mut options = options();
    if path.ends_with("berge.xml") {
        options.media_folder = Some(sample("wordpress/uploads"));
    }
    read::open(path, read::Format::of(path).unwrap(), &options).unwrap()
}

/// All posts of a publication, and those that cannot be read.
pub(crate) fn posts(publication: Publication) -> (Vec<Post>, Vec<Skipped>) {
    let (mut posts, mut skipped) = (Vec::new(), Vec::new());
    for post in publication.posts {
        match post {
            Ok(post) => posts.push(post),
            Err(reason) => skipped.push(reason),
        }
    }
    (posts, skipped)
}

pub(crate) fn time(text: &str) -> Time {
    text.parse().unwrap()
}

/// Files from the disk; the web has nothing.
pub(crate) struct Disk;

impl Fetch for Disk {
    async fn fetch(&self, place: &Place) -> Result<Fetched, FetchError> {
        let Place::File(path) = place else {
            return Err(FetchError::Answer(reqwest::StatusCode::NOT_FOUND));
        };
        let bytes: Bytes = std::fs::read(path)?.into();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        Ok(Fetched { bytes, name, content_type: None })
    }
}

/// A target in memory. It stops working after some calls, if it is told to.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) site: RefCell<Option<Site>>,
    pub(crate) authors: RefCell<Vec<Author>>,
    pub(crate) tags: RefCell<Vec<Tag>>,
    pub(crate) media: RefCell<BTreeMap<String, (Fetched, Option<String>)>>,
    pub(crate) posts: RefCell<BTreeMap<String, (Post, Option<String>)>>,
    pub(crate) redirects: RefCell<BTreeMap<String, String>>,
    pub(crate) writes: Cell<u32>,
    pub(crate) works_for: Cell<Option<u32>>,
}

impl Memory {
    fn write(&self) -> Result<(), NotTaken> {
        if self.works_for.get() == Some(self.writes.get()) {
            return Err(NotTaken::Failed("It stopped.".into()));
        }
        self.writes.set(self.writes.get() + 1);
        Ok(())
    }
}

impl Target for Memory {
    async fn site(&self, site: &Site) -> Result<Outcome<()>, NotTaken> {
        self.write()?;
        *self.site.borrow_mut() = Some(site.clone());
        Ok(Outcome::New(()))
    }

    async fn author(&self, author: &Author) -> Result<Outcome<String>, NotTaken> {
        self.write()?;
        let mut authors = self.authors.borrow_mut();
        if authors.contains(author) {
            return Ok(Outcome::Found(author.source_id.clone()));
        }
        authors.push(author.clone());
        Ok(Outcome::New(author.source_id.clone()))
    }

    async fn tag(&self, tag: &Tag) -> Result<Outcome<()>, NotTaken> {
        self.write()?;
        self.tags.borrow_mut().push(tag.clone());
        Ok(Outcome::New(()))
    }

    async fn media(&self, media: NewMedia<'_>) -> Result<Outcome<StoredMedia>, NotTaken> {
        self.write()?;
        let id = media.known.map_or(&media.file.name, |known| &known.id).clone();
        let stored = StoredMedia { url: format!("https://media.example/{id}"), id: id.clone() };
        let alt = media.known.map_or(media.alt, |known| known.alt.as_deref());
        let file = (media.file.clone(), alt.map(str::to_owned));
        let was = self.media.borrow_mut().insert(id, file);
        Ok(if was.is_some() { Outcome::Found(stored) } else { Outcome::New(stored) })
    }

    async fn post(
        &self,
        key: PostKey<'_>,
        post: &Post,
        author: Option<&str>,
        cover: Option<&str>,
    ) -> Result<Outcome<StoredPost>, NotTaken> {
        self.write()?;
        let id = match key.source {
            "byline" => key.id.to_owned(),
            source => format!("{source}#{}", key.id),
        };
        let mut post = post.clone();
        post.author = author.map(str::to_owned);
        let made = Slug::from_text(&post.title).map(|slug| slug.to_string());
        post.slug = post.slug.or(made);
        let kept = (post.clone(), cover.map(str::to_owned));
        let was = self.posts.borrow_mut().insert(id.clone(), kept);
        assert!(was.is_none(), "{id} came twice");
        let new_tags = post.tags.into_iter().map(|tag| tag.slug).collect();
        Ok(Outcome::New(StoredPost { id, notes: Vec::new(), new_tags }))
    }

    async fn mend(
        &self,
        id: &str,
        post: &Post,
        cover: Option<&str>,
    ) -> Result<Outcome<()>, NotTaken> {
        let mut posts = self.posts.borrow_mut();
        let (kept, kept_cover) = posts.get_mut(id).unwrap();
        if kept.body == post.body && kept_cover.as_deref() == cover {
            return Ok(Outcome::Found(()));
        }
        self.write()?;
        kept.body.clone_from(&post.body);
        *kept_cover = cover.map(str::to_owned);
        Ok(Outcome::New(()))
    }

    async fn old_slug(&self, slug: &str, post: &str) -> Result<Outcome<()>, NotTaken> {
        self.redirect(&format!("slug {slug}"), post).await
    }

    async fn old_tag(&self, slug: &str, to: &str) -> Result<Outcome<()>, NotTaken> {
        self.redirect(&format!("tag {slug}"), to).await
    }

    async fn redirect(&self, from: &str, to: &str) -> Result<Outcome<()>, NotTaken> {
        self.write()?;
        let was = self.redirects.borrow_mut().insert(from.to_owned(), to.to_owned());
        assert_eq!(was, None, "{from} came twice");
        Ok(Outcome::New(()))
    }
}
