//! Where objects stand.

use crate::config::Config;
use crate::model::{FileName, Media, MediaStatus, MediaType, Slug};
use crate::permission::Objects;
use crate::store::media::MediaItem;

/// The key of an upload's object: the ULID makes it one that nobody guesses.
pub(super) fn key(objects: Objects, item: &MediaItem) -> String {
    format!("{}{}/{}", objects.prefix(), item.id.ulid(), item.file)
}

/// The last segment of a key: readable, harmless in every URL and header, and with the one ending
/// of its type.
pub(super) fn safe_name(filename: &FileName, content_type: MediaType) -> String {
    // Some programs send a path.
    let name = filename.as_str().rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let stem = Slug::from_text(stem).unwrap_or_else(|| Slug::trusted("file"));
    format!("{stem}.{}", content_type.extension())
}

/// The item as callers see it.
pub(super) fn shown(config: &Config, item: MediaItem) -> Media {
    let ready = item.status == MediaStatus::Ready;
    let url = ready.then(|| address(config, &item));
    item.shown(url)
}

/// Where readers find a file.
#[must_use]
pub fn address(config: &Config, item: &MediaItem) -> String {
    format!("{}/{}", config.media_url, key(Objects::Media, item))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_and_end_as_their_type_does() {
        let safe = |name: &str| safe_name(&FileName::trusted(name), MediaType::Jpeg);
        assert_eq!(safe("Ein schönes Bild.JPEG"), "ein-schones-bild.jpg");
        assert_eq!(safe("../../etc/passwd"), "passwd.jpg");
        assert_eq!(safe("x.html"), "x.jpg");
        assert_eq!(safe("…"), "file.jpg");
        assert_eq!(safe(".jpg"), "file.jpg");
    }
}
