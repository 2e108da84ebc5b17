//! Which media files a post names, where they are, and which of them come along.

use std::path::Path;

use url::Url;

use crate::media::{self, Kind, Place, Reference};
use crate::model::{Places, Post};

/// Endings of files that a link may lead to; other links lead to pages.
const FILES: [&str; 30] = [
    "jpg", "jpeg", "png", "gif", "webp", "avif", "svg", "bmp", "tif", "tiff", "ico", "mp4", "m4v",
    "webm", "mov", "ogv", "mp3", "m4a", "ogg", "wav", "flac", "pdf", "epub", "zip", "csv", "txt",
    "docx", "xlsx", "pptx", "odt",
];

/// Which media files are imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// All images, and linked files of the same site.
    All,
    /// Files of the same site, and files on this machine.
    Own,
    /// None: posts keep the old URLs.
    None,
}

/// A file that is to come along, with what is seen in it.
pub(super) type Wanted = (Place, Option<String>);

/// Where the files of a source are, and which of them come along.
pub(super) struct Finder {
    pub(super) which: Media,
    pub(super) places: Places,
}

impl Finder {
    /// The files that a text names.
    pub(super) fn wanted(&self, references: &[Reference], folder: Option<&Path>) -> Vec<Wanted> {
        let found = references.iter().filter_map(|reference| {
            let place = self.place_of(reference, folder)?;
            let alt = Some(reference.text.clone())
                .filter(|alt| !alt.is_empty() && reference.kind == Kind::Image);
            Some((place, alt))
        });
        found.collect()
    }

    /// The picture above a post.
    pub(super) fn cover_of(&self, post: &Post) -> Option<Wanted> {
        let cover = post.cover.as_ref()?;
        let place = media::place(&cover.url, post.folder.as_deref(), &self.places)?;
        self.is_wanted(&place).then(|| (place, cover.alt.clone()))
    }

    /// The paths of files that are neither in the source nor at its site, as nobody knows that.
    pub(super) fn lost(&self, post: &Post, references: &[Reference]) -> Vec<String> {
        let shown = references.iter().filter(|found| found.kind == Kind::Image || is_file(found));
        let cover = post.cover.iter().map(|cover| cover.url.as_str());
        let mut lost: Vec<String> = shown
            .map(|reference| reference.url.as_str())
            .chain(cover)
            .filter(|url| {
                let url = url.trim();
                let is_path = Url::parse(url) == Err(url::ParseError::RelativeUrlWithoutBase);
                let folder = post.folder.as_deref();
                is_path
                    && !url.is_empty()
                    && !url.starts_with(['#', '{'])
                    && media::place(url, folder, &self.places).is_none()
            })
            .map(str::to_owned)
            .collect();
        lost.sort();
        lost.dedup();
        lost
    }

    /// Where the file of a reference is, if it is to be brought along.
    pub(super) fn place_of(&self, reference: &Reference, folder: Option<&Path>) -> Option<Place> {
        if reference.kind == Kind::Link && !is_file(reference) {
            return None;
        }
        let place = media::place(&reference.url, folder, &self.places)?;
        let is_own = self.is_own(&place);
        let wanted = is_own || reference.kind == Kind::Image && self.is_wanted(&place);
        wanted.then_some(place)
    }

    /// The address of its own that a file of this site had, and where the file is.
    pub(super) fn address_of(&self, url: &str, folder: Option<&Path>) -> Option<(String, Place)> {
        let from = match Url::parse(url) {
            Ok(parsed) if self.is_own_site(&parsed) => parsed.path().to_owned(),
            Err(_) if url.starts_with('/') && !url.starts_with("//") => {
                url.split(['?', '#']).next().unwrap_or(url).to_owned()
            }
            _ => return None,
        };
        Some((from, media::place(url, folder, &self.places)?))
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

    /// Whether an address is one of the site.
    pub(super) fn is_own_site(&self, url: &Url) -> bool {
        self.places.site_url.as_ref().is_some_and(|site| site.host_str() == url.host_str())
    }
}

/// Whether a link leads to a file and not to a page.
fn is_file(reference: &Reference) -> bool {
    let path = reference.url.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| FILES.contains(&ending.as_str()))
}

/// What a file is known by.
pub(super) fn key_of(place: &Place) -> String {
    match place {
        Place::File(path) => path.display().to_string(),
        Place::Web(url) => url.to_string(),
    }
}
