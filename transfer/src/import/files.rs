//! Media files on their way: found in a post, fetched, given to the target, and their addresses
//! changed in the post.

use std::path::Path;

use byline_shared::model::old_path;
use futures_util::{StreamExt, stream};

use super::finder::{Media, key_of};
use super::run::{ImportError, Run, counted};
use super::target::{NewMedia, StoredMedia, Target};
use crate::fetch::{Fetch, Fetched};
use crate::journal::Kind as Done;
use crate::media::{self, Place};
use crate::model::{MediaFile, Post, Skipped};

/// How many files are fetched at once.
const AT_ONCE: usize = 4;

/// What became of the files of a post.
pub(super) struct Brought {
    /// The id of the cover.
    pub(super) cover: Option<String>,
    /// Whether some could not be had.
    pub(super) is_missing: bool,
}

impl<T: Target, F: Fetch> Run<'_, T, F> {
    /// Brings the files of a post along and changes their addresses in its body.
    pub(super) async fn with_media(&mut self, post: &mut Post) -> Result<Brought, ImportError> {
        if self.finder.which == Media::None {
            return Ok(Brought { cover: None, is_missing: false });
        }
        let what = format!("{} ({})", post.title, post.source_id);
        let references = media::references(&post.body).unwrap_or_else(|why| {
            self.report.skipped.push(Skipped::new(what.clone(), media::not_looked_for(&why)));
            Vec::new()
        });
        let folder = post.folder.clone();
        let folder = folder.as_deref();
        let cover = self.finder.cover_of(post);
        let mut wanted = self.finder.wanted(&references, folder);
        wanted.extend(cover.clone());
        let places: Vec<Place> = wanted.iter().map(|(place, _)| place.clone()).collect();
        self.bring(wanted).await?;
        let lost = self.finder.lost(post, &references);
        let is_missing = !lost.is_empty()
            || places.iter().any(|place| !matches!(self.files.get(&key_of(place)), Some(Some(_))));
        self.report.skipped.extend(lost.into_iter().map(|url| {
            let why = format!(
                "the file `{url}` is not there. Put it in its place, or name the site with \
                 --source-url, and run the same command again."
            );
            Skipped::new(what.clone(), why)
        }));

        let failed = {
            let (body, failed) = media::rewrite(&post.body, &references, |reference| {
                let place = self.finder.place_of(reference, folder)?;
                Some(self.files.get(&key_of(&place))?.as_ref()?.url.clone())
            });
            post.body = body;
            failed
        };
        self.report.skipped.extend(failed.into_iter().map(|url| {
            let why = format!("`{url}` could not be changed in its text, and stays as it is.");
            Skipped::new(what.clone(), why)
        }));
        // Where they used to be, they lead to where they are.
        for reference in &references {
            self.keep_address(&reference.url, folder).await?;
        }
        let Some((place, _)) = cover else { return Ok(Brought { cover: None, is_missing }) };
        let stored = self.files.get(&key_of(&place)).cloned().flatten();
        if let Some(cover) = &post.cover {
            self.keep_address(&cover.url.clone(), folder).await?;
        }
        Ok(Brought { cover: stored.map(|stored| stored.id), is_missing })
    }

    /// Brings a file along that an export lists.
    pub(super) async fn listed(&mut self, file: &MediaFile) -> Result<(), ImportError> {
        let place = media::place(&file.path, None, &self.finder.places);
        match place.filter(|_| self.finder.which != Media::None) {
            Some(place) => self.bring(vec![(place, None)]).await,
            None => Ok(()),
        }
    }

    /// Where a file of an export is now.
    pub(super) fn moved(&self, path: &str) -> Option<String> {
        let file = self.described.get(path)?;
        let place = media::place(&file.path, None, &self.finder.places)?;
        Some(self.files.get(&key_of(&place))?.as_ref()?.url.clone())
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
                    let what = Skipped::new(key.clone(), why.to_string());
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
        let known = match (place, &self.finder.places.root) {
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
        let Some((from, place)) = self.finder.address_of(url, folder) else { return Ok(()) };
        let Some(Some(stored)) = self.files.get(&key_of(&place)).cloned() else { return Ok(()) };
        if self.journal.done(Done::Redirect, &old_path::normal(&from)).is_some() {
            return Ok(());
        }
        self.redirect(&from, &stored.url).await
    }
}
