//! The media files of a Byline, into and out of an export.

use std::collections::BTreeMap;
use std::io;

use byline_shared::Context;
use byline_shared::http::problem::Problem;
use byline_shared::media::{self, ImportedMedia};
use byline_shared::model::{AltText, Caption, FileName, MediaId, MediaStatus, hidden};
use byline_shared::permission::Objects;
use byline_shared::store::media::MediaItem;
use byline_shared::store::posts::PostItem;
use indicatif::ProgressBar;

use super::fit::one_line;
use super::incoming::made;
use super::pages::all;
use super::tables::Tables;
use crate::export::{Form, Writer};
use crate::import::{NewMedia, Outcome, StoredMedia};
use crate::media::{not_looked_for, references, rewrite};
use crate::model::{MediaFile, MediaRef, Post, Skipped};

impl Tables {
    /// Keeps a file in the bucket.
    pub(super) async fn store_media(
        &self,
        new: NewMedia<'_>,
    ) -> Result<Outcome<StoredMedia>, Problem> {
        let known = new.known;
        let id = known.and_then(|known| known.id.parse::<MediaId>().ok());
        let created_at = known.and_then(|known| known.created_at);
        // Hidden characters are taken out before; what is left of one that was cut in two goes, too.
        let text = |text: Option<&str>, most: usize| -> String {
            let cut: String = text.unwrap_or_default().chars().take(most).collect();
            hidden::replace(&cut, |_| None).text.into_owned()
        };
        let alt = known.map_or(new.alt, |known| known.alt.as_deref());
        let name = known.and_then(|known| known.filename.as_deref()).unwrap_or(&new.file.name);
        let name = text(Some(&one_line(name)), 255).parse::<FileName>();
        let file = ImportedMedia {
            id: id.unwrap_or_else(|| MediaId::from_ulid(made(&format!("media {}", new.key), None))),
            filename: name.unwrap_or_else(|_| FileName::trusted("file")),
            bytes: new.file.bytes.clone(),
            alt: AltText::trusted(text(alt, 1000)),
            caption: Caption::trusted(text(known.and_then(|known| known.caption.as_deref()), 2000)),
            created_at: created_at.unwrap_or_else(|| self.cx.clock.now()),
        };
        let (media, is_new) = media::import(&self.cx, &self.actor.caller, file).await?;
        let missing = || Problem::internal(format!("{} has no address", media.id));
        let url = media.url.clone().ok_or_else(missing)?;
        let stored = StoredMedia { id: media.id.to_string(), url };
        Ok(if is_new { Outcome::New(stored) } else { Outcome::Found(stored) })
    }
}

/// What stands before the key of a file where the local runner serves it.
const LOCAL_BUCKET: &str = "/local-bucket/";

/// Why files were not written.
pub(super) enum NotWritten {
    /// The folder.
    Folder(io::Error),
    /// The tables or the bucket.
    Tables(Problem),
}

/// All files that are ready, by what their addresses begin with.
pub(super) struct Library {
    items: BTreeMap<String, MediaItem>,
}

impl Library {
    pub(super) async fn read(cx: &Context) -> Result<Self, Problem> {
        let items = all(async |page| cx.store.media().list(None, None, page).await).await?;
        let ready = items.into_iter().filter(|item| item.status == MediaStatus::Ready);
        let items = ready.map(|item| (media::address_prefix(cx, &item.id), item));
        Ok(Self { items: items.collect() })
    }

    pub(super) fn files(&self) -> Vec<MediaFile> {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let files = self.items.values().map(|item| MediaFile {
            id: item.id.to_string(),
            path: path(item),
            filename: Some(item.filename.to_string()),
            alt: text(item.alt.as_str()),
            caption: text(item.caption.as_str()),
            created_at: Some(item.created_at),
        });
        files.collect()
    }

    /// The path in the export of the file with this address.
    pub(super) fn path_of(&self, url: &str) -> Option<String> {
        self.at(url).or_else(|| self.anywhere(url))
    }

    /// A file of this Byline, wherever it was reached when the address was written: on this machine
    /// the port is part of it, and ports change.
    fn anywhere(&self, url: &str) -> Option<String> {
        let (origin, key) = url.split_once(LOCAL_BUCKET)?;
        if !(origin.starts_with("http://") || origin.starts_with("https://")) {
            return None;
        }
        let file = self.items.values().find(|item| {
            let rest = key.strip_prefix(Objects::Media.prefix());
            let rest = rest.and_then(|rest| rest.strip_prefix(&item.id.ulid().to_string()));
            rest.is_some_and(|rest| rest.starts_with('/'))
        });
        file.map(path)
    }

    fn at(&self, url: &str) -> Option<String> {
        // The last one that is not behind it is the only one that it can begin with.
        let (prefix, file) = self.items.range(..=url.to_owned()).next_back()?;
        url.starts_with(prefix).then(|| path(file))
    }

    /// Makes a post name the files of the export instead of those in the bucket.
    pub(super) fn localise(
        &self,
        post: &mut Post,
        item: &PostItem,
        cover: Option<&MediaId>,
        form: Form,
        skipped: &mut Vec<Skipped>,
    ) {
        let what = || format!("{} ({})", item.summary.fields.title, item.summary.id);
        let found = references(&post.body).unwrap_or_else(|why| {
            skipped.push(Skipped::new(what(), not_looked_for(&why)));
            Vec::new()
        });
        let (body, failed) = rewrite(&post.body, &found, |reference| {
            self.path_of(&reference.url).map(|path| form.reference(&path))
        });
        post.body = body;
        skipped.extend(failed.into_iter().map(|url| {
            Skipped::new(what(), format!("`{url}` could not be changed in its text, and stays."))
        }));
        let Some(cover) = cover else { return };
        match self.items.values().find(|file| file.id == *cover) {
            Some(file) => {
                post.cover = Some(MediaRef { url: form.reference(&path(file)), alt: None });
            }
            None => skipped.push(Skipped::new(what(), format!("Its cover {cover} is not there."))),
        }
    }

    pub(super) async fn write(
        &self,
        cx: &Context,
        writer: &Writer,
        bar: &ProgressBar,
        skipped: &mut Vec<Skipped>,
    ) -> Result<u64, NotWritten> {
        let mut count = 0;
        for item in self.items.values() {
            bar.set_message(item.filename.to_string());
            match media::bytes(cx, item).await.map_err(NotWritten::Tables)? {
                Some(bytes) => {
                    writer.media(&path(item), &bytes).map_err(NotWritten::Folder)?;
                    count += 1;
                }
                None => skipped.push(Skipped::new(path(item), "its object is gone.")),
            }
        }
        Ok(count)
    }
}

/// Where a file stands in an export.
fn path(item: &MediaItem) -> String {
    format!("media/{}-{}", item.id.ulid(), item.file)
}
