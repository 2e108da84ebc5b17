//! Where objects stand, and which of them a text names.

use std::collections::BTreeSet;

use crate::config::Config;
use crate::endpoint::Objects;
use crate::model::{FileName, Media, MediaId, MediaStatus, MediaType, Slug};
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
    let url = ready.then(|| format!("{}/{}", config.media_url, key(Objects::Media, &item)));
    Media {
        id: item.id,
        status: item.status,
        kind: item.kind,
        content_type: item.content_type,
        size: item.size,
        filename: item.filename,
        url,
        width: item.width,
        height: item.height,
        alt: item.alt,
        caption: item.caption,
        uploaded_by: item.owner,
        created_at: item.created_at,
        updated_at: item.updated_at,
    }
}

/// The media that a text links to or shows: every one whose URL stands in it.
#[must_use]
pub fn ids_in(config: &Config, text: &str) -> BTreeSet<MediaId> {
    let base = format!("{}/{}", config.media_url, Objects::Media.prefix());
    let after = text.match_indices(&base).map(|(at, base)| &text[at + base.len()..]);
    let ulids = after.filter_map(|rest| rest.split('/').next());
    ulids.filter_map(|ulid| format!("media_{ulid}").parse().ok()).collect()
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

    #[test]
    fn a_text_names_its_media() {
        let config = Config::from_lookup(|name| {
            Ok(Some(match name {
                "BYLINE_CORS_ORIGINS" | "BYLINE_SECURITY_CONTACT" => String::new(),
                "BYLINE_PASSWORD_PEPPER" => "off".to_owned(),
                "BYLINE_MEDIA_URL" => "https://media.example.com".to_owned(),
                _ => "https://api.example.com".to_owned(),
            }))
        })
        .unwrap();
        let text = "![a](https://media.example.com/media/01JD9ZM5V8Q2M4T6W8X0Y2Z4C0/a.jpg) and \
                    <img src=\"https://media.example.com/media/01JD9ZK3V8Q2M4T6W8X0Y2Z4A6/b.png\"> \
                    https://media.example.com/media/short/c.jpg \
                    https://other.example.com/media/01JD9ZN5V8Q2M4T6W8X0Y2Z4G8/d.jpg";
        let ids = ids_in(&config, text);
        let ids: Vec<&str> = ids.iter().map(MediaId::as_str).collect();
        assert_eq!(ids, ["media_01JD9ZK3V8Q2M4T6W8X0Y2Z4A6", "media_01JD9ZM5V8Q2M4T6W8X0Y2Z4C0"]);
    }
}
