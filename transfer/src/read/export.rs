//! What Byline itself exports: one JSON file, or what stands beside the Markdown in a folder.

use std::io::{BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::ReadError;
use super::matter::post_of;
use super::options::ReadOptions;
use super::source_context::{Addresses, SourceContext};
use crate::encoding::Utf8;
use crate::export::{FORMAT, Manifest};
use crate::model::{Author, MediaFile, Places, Publication, Redirect, Site, Skipped, Tag};
use crate::source_folder::{
    self, MAX_EXPORT, MAX_LIST, MAX_SETTINGS, SourceFileError, SourceFolder,
};

/// All but the posts.
#[derive(Default)]
pub(super) struct Extras {
    pub(super) site: Site,
    pub(super) authors: Vec<Author>,
    pub(super) tags: Vec<Tag>,
    pub(super) media: Vec<MediaFile>,
    pub(super) redirects: Vec<Redirect>,
}

/// The extras of a folder, if Byline wrote it.
pub(super) fn extras(root: &SourceFolder) -> Result<Option<Extras>, ReadError> {
    let path = root.path().join("site.json");
    let Ok(text) = root.read_text(&path, MAX_SETTINGS) else { return Ok(None) };
    let Ok(manifest) = serde_json::from_str::<Manifest>(&text) else { return Ok(None) };
    supported(&path, manifest.byline_export)?;
    Ok(Some(Extras {
        site: manifest.site,
        authors: list(root, "authors.json")?,
        tags: list(root, "tags.json")?,
        media: list(root, "media.json")?,
        redirects: list(root, "redirects.json")?,
    }))
}

fn supported(path: &Path, format: u32) -> Result<(), ReadError> {
    if format == FORMAT {
        return Ok(());
    }
    let why = format!("it is of version {format}, and this Byline reads version {FORMAT}");
    Err(ReadError::Format(path.to_owned(), "a Byline export that is understood", why))
}

/// A list in a file of its own; one that was deleted is empty.
fn list<T: DeserializeOwned>(root: &SourceFolder, name: &str) -> Result<Vec<T>, ReadError> {
    let path = root.path().join(name);
    match root.read(&path, MAX_LIST) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| {
            ReadError::Format(path, "a file of a Byline export", error.to_string())
        }),
        Err(SourceFileError::Io(error)) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(ReadError::Unusable(path, error)),
    }
}

#[derive(Deserialize)]
struct Whole {
    byline_export: u32,
    site: Site,
    authors: Vec<Author>,
    tags: Vec<Tag>,
    media: Vec<MediaFile>,
    redirects: Vec<Redirect>,
    posts: Vec<Value>,
}

/// Whether a JSON file is Byline's: its first member says so.
pub(super) fn is_ours(path: &Path) -> Result<bool, ReadError> {
    let mut start = Vec::new();
    let file = source_folder::open(path, MAX_EXPORT).map_err(ReadError::unusable(path))?;
    file.take(64).read_to_end(&mut start).map_err(ReadError::file(path))?;
    let start: String = String::from_utf8_lossy(&start).split_whitespace().collect();
    let start = start.trim_start_matches('\u{feff}');
    Ok(start.starts_with("{\"byline_export\":"))
}

/// The file in a folder that an export in JSON made.
pub(super) fn in_folder(path: &Path) -> Option<PathBuf> {
    let file = path.join("byline.json");
    SourceFolder::open(path).ok()?.find(&file).ok()?;
    is_ours(&file).is_ok_and(|is_ours| is_ours).then_some(file)
}

pub(super) fn open(path: &Path, options: &ReadOptions) -> Result<Publication, ReadError> {
    let inside = in_folder(path);
    let path = inside.as_deref().unwrap_or(path);
    let file = source_folder::open(path, MAX_EXPORT).map_err(ReadError::unusable(path))?;
    let whole: Whole =
        serde_json::from_reader(Utf8::new(BufReader::new(file))).map_err(|error| {
            ReadError::Format(path.to_owned(), "a Byline export", error.to_string())
        })?;
    supported(path, whole.byline_export)?;
    let folder = path.canonicalize().map_err(ReadError::file(path))?;
    let folder = folder.parent().map(Path::to_owned);
    let context = SourceContext {
        is_ours: true,
        addresses: Addresses::default(),
        zone: TimeZone::UTC,
        now: options.now,
        tags: whole.tags.clone(),
    };
    let places = Places {
        root: folder.clone(),
        folders: folder.iter().cloned().collect(),
        media_folder: None,
        site_url: options.site_url.clone(),
    };
    Ok(Publication {
        key: "byline".into(),
        site: whole.site,
        authors: whole.authors,
        tags: whole.tags,
        media: whole.media,
        redirects: whole.redirects,
        places,
        post_count: whole.posts.len() as u64,
        posts: Box::new(whole.posts.into_iter().map(move |post| {
            let Value::Object(mut matter) = post else {
                return Err(Skipped::new("a post", "it is no JSON object."));
            };
            let Some(Value::String(body)) = matter.shift_remove("body") else {
                return Err(Skipped::new("a post", "it has no `body`."));
            };
            let name = matter.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
            let (mut post, _) = post_of(&name, matter, &body, false, &context);
            post.folder.clone_from(&folder);
            Ok(post)
        })),
        skipped: Vec::new(),
    })
}
