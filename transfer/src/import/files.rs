//! Media files on their way: found in a post, fetched, given to the target, and their addresses
//! changed in the post.

use std::path::Path;

use futures_util::{StreamExt, stream};
use url::Url;

use super::{ImportError, Media, NewMedia, Run, StoredMedia, Target, counted};
use crate::fetch::{Fetch, Fetched};
use crate::journal::Kind as Done;
use crate::media::{self, Kind, Place, Reference};
use crate::model::{MediaFile, Post, Skipped};

/// How many files are fetched at once.
const AT_ONCE: usize = 4;

/// Endings of files that a link may lead to; other links lead to pages.
const FILES: [&str; 30] = [
    "jpg", "jpeg", "png", "gif", "webp", "avif", "svg", "bmp", "tif", "tiff", "ico", "mp4", "m4v",
    "webm", "mov", "ogv", "mp3", "m4a", "ogg", "wav", "flac", "pdf", "epub", "zip", "csv", "txt",
    "docx", "xlsx", "pptx", "odt",
];

impl<T: Target, F: Fetch> Run<'_, T, F> {
    /// Brings the files of a post along and changes their addresses in its body; answers the id of
    /// the cover.
    pub(super) async fn with_media(
        &mut self,
        post: &mut Post,
    ) -> Result<Option<String>, ImportError> {
        if self.which == Media::None {
            return Ok(None);
        }
        let references = media::references(&post.body);
        let folder = post.folder.clone();
        let mut wanted: Vec<(Place, Option<String>)> = Vec::new();
        for reference in &references {
            if let Some(place) = self.place_of(reference, folder.as_deref()) {
                let alt = Some(reference.text.clone())
                    .filter(|alt| !alt.is_empty() && reference.kind == Kind::Image);
                wanted.push((place, alt));
            }
        }
        let cover = post.cover.as_ref().and_then(|cover| {
            let place = media::place(&cover.url, folder.as_deref(), &self.places)?;
            self.is_wanted(&place).then(|| (place, cover.alt.clone()))
        });
        wanted.extend(cover.clone());
        self.bring(wanted).await?;

        let failed = {
            let (body, failed) = media::rewrite(&post.body, &references, |reference| {
                let place = self.place_of(reference, folder.as_deref())?;
                Some(self.files.get(&key_of(&place))?.as_ref()?.url.clone())
            });
            post.body = body;
            failed
        };
        let what = format!("{} ({})", post.title, post.source_id);
        self.report.skipped.extend(failed.into_iter().map(|url| {
            let why = format!("`{url}` could not be changed in its text, and stays as it is.");
            Skipped::new(what.clone(), why)
        }));
        // Where they used to be, they lead to where they are.
        for reference in &references {
            self.keep_address(&reference.url, folder.as_deref()).await?;
        }
        let Some((place, _)) = cover else { return Ok(None) };
        let stored = self.files.get(&key_of(&place)).cloned().flatten();
        if let Some(cover) = &post.cover {
            self.keep_address(&cover.url.clone(), folder.as_deref()).await?;
        }
        Ok(stored.map(|stored| stored.id))
    }

    /// Brings a file along that an export lists.
    pub(super) async fn listed(&mut self, file: &MediaFile) -> Result<(), ImportError> {
        let place = media::place(&file.path, None, &self.places);
        match place.filter(|_| self.which != Media::None) {
            Some(place) => self.bring(vec![(place, None)]).await,
            None => Ok(()),
        }
    }

    /// Where a file of an export is now.
    pub(super) fn moved(&self, path: &str) -> Option<String> {
        let file = self.described.get(path)?;
        let place = media::place(&file.path, None, &self.places)?;
        Some(self.files.get(&key_of(&place))?.as_ref()?.url.clone())
    }

    /// Where the file of a reference is, if it is to be brought along.
    fn place_of(&self, reference: &Reference, folder: Option<&Path>) -> Option<Place> {
        let path = reference.url.split(['?', '#']).next()?;
        let ending = path.rsplit('/').next()?.rsplit_once('.').map(|(_, ending)| ending);
        let is_file =
            ending.is_some_and(|ending| FILES.contains(&ending.to_ascii_lowercase().as_str()));
        if reference.kind == Kind::Link && !is_file {
            return None;
        }
        let place = media::place(&reference.url, folder, &self.places)?;
        let is_own = self.is_own(&place);
        let wanted = is_own || reference.kind == Kind::Image && self.is_wanted(&place);
        wanted.then_some(place)
    }

    fn is_wanted(&self, place: &Place) -> bool {
        self.which == Media::All || self.is_own(place)
    }

    fn is_own(&self, place: &Place) -> bool {
        match place {
            Place::File(_) => true,
            Place::Web(url) => self.is_own_site(url),
        }
    }

    fn is_own_site(&self, url: &Url) -> bool {
        self.places.site_url.as_ref().is_some_and(|site| site.host_str() == url.host_str())
    }

    /// Fetches files and gives them to the target, unless that is done.
    async fn bring(&mut self, mut wanted: Vec<(Place, Option<String>)>) -> Result<(), ImportError> {
        wanted.sort_by(|a, b| a.0.cmp(&b.0));
        wanted.dedup_by(|again, first| {
            let is_same = again.0 == first.0;
            if is_same && first.1.is_none() {
                first.1 = again.1.take();
            }
            is_same
        });
        let mut missing = Vec::new();
        for (place, alt) in wanted {
            let key = key_of(&place);
            if self.files.contains_key(&key) {
                continue;
            }
            let done = self.journal.done(Done::Media, &key).and_then(|made| made.split_once(' '));
            match done {
                Some((id, url)) => {
                    let stored = StoredMedia { id: id.to_owned(), url: url.to_owned() };
                    self.report.media.earlier += 1;
                    self.files.insert(key, Some(stored));
                }
                None => missing.push((key, place, alt)),
            }
        }
        let fetch = self.fetch;
        let fetched = stream::iter(missing).map(|(key, place, alt)| async move {
            let file = fetch.fetch(&place).await;
            (key, place, alt, file)
        });
        let mut fetched = std::pin::pin!(fetched.buffered(AT_ONCE));
        while let Some((key, place, alt, file)) = fetched.next().await {
            let stored = match file {
                Ok(file) => self.store(&key, &place, alt, &file).await?,
                Err(why) => {
                    let what = Skipped::new(key.clone(), why);
                    self.report.skipped.push(what);
                    None
                }
            };
            self.files.insert(key, stored);
        }
        Ok(())
    }

    async fn store(
        &mut self,
        key: &str,
        place: &Place,
        alt: Option<String>,
        file: &Fetched,
    ) -> Result<Option<StoredMedia>, ImportError> {
        let known = match (place, &self.places.root) {
            (Place::File(path), Some(root)) => {
                let path = path.strip_prefix(root).unwrap_or(path).display().to_string();
                self.described.get(&path)
            }
            _ => None,
        };
        let media = NewMedia { key, file, known, alt: alt.as_deref() };
        match self.target.media(media).await {
            Ok(outcome) => {
                let stored = counted(&mut self.report.media, outcome);
                self.journal.note(Done::Media, key, &format!("{} {}", stored.id, stored.url))?;
                Ok(Some(stored))
            }
            Err(why) => {
                self.skip(key.to_owned(), why)?;
                Ok(None)
            }
        }
    }

    /// A redirect from where a file of this site was, if it had an address of its own.
    async fn keep_address(&mut self, url: &str, folder: Option<&Path>) -> Result<(), ImportError> {
        let from = match Url::parse(url) {
            Ok(parsed) if self.is_own_site(&parsed) => parsed.path().to_owned(),
            Err(_) if url.starts_with('/') && !url.starts_with("//") => {
                url.split(['?', '#']).next().unwrap_or(url).to_owned()
            }
            _ => return Ok(()),
        };
        let Some(place) = media::place(url, folder, &self.places) else { return Ok(()) };
        let Some(Some(stored)) = self.files.get(&key_of(&place)).cloned() else { return Ok(()) };
        if self.journal.done(Done::Redirect, &from).is_some() {
            return Ok(());
        }
        self.redirect(&from, &stored.url).await
    }
}

fn key_of(place: &Place) -> String {
    match place {
        Place::File(path) => path.display().to_string(),
        Place::Web(url) => url.to_string(),
    }
}
