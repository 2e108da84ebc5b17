//! Media: the images, videos, sounds and documents of posts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AltText, Caption, FileName, MediaId, Time, UserId};
use crate::model::Representation;

macro_rules! types {
    ($($name:ident = $mime:literal, $extension:literal, $kind:ident;)*) => {
        /// What may be uploaded: nothing that a browser would run, which SVG, HTML and XML are.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[schemars(inline)]
        pub enum MediaType {
            $(#[doc = concat!("`", $mime, "`")] #[serde(rename = $mime)] $name,)*
        }

        impl MediaType {
            /// Every type.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// As in `Content-Type`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $mime,)* }
            }

            /// How names of such files end.
            #[must_use]
            pub const fn extension(self) -> &'static str {
                match self { $(Self::$name => $extension,)* }
            }

            /// The kind of the item.
            #[must_use]
            pub const fn kind(self) -> MediaKind {
                match self { $(Self::$name => MediaKind::$kind,)* }
            }
        }
    };
}

types! {
    Jpeg = "image/jpeg", "jpg", Image;
    Png = "image/png", "png", Image;
    Gif = "image/gif", "gif", Image;
    Webp = "image/webp", "webp", Image;
    Avif = "image/avif", "avif", Image;
    Mp4 = "video/mp4", "mp4", Video;
    Webm = "video/webm", "webm", Video;
    Mp3 = "audio/mpeg", "mp3", Audio;
    Ogg = "audio/ogg", "ogg", Audio;
    Wav = "audio/wav", "wav", Audio;
    Pdf = "application/pdf", "pdf", Document;
}

/// The kind of a media item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum MediaKind {
    /// An image.
    Image,
    /// A video.
    Video,
    /// An audio file.
    Audio,
    /// A document to download.
    Document,
}

impl MediaKind {
    /// Its name in JSON and in messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Document => "document",
        }
    }

    /// How large it may be, in MiB.
    #[must_use]
    pub const fn max_mebibytes(self) -> u64 {
        match self {
            Self::Image => 25,
            Self::Video => Self::MAX_MEBIBYTES,
            Self::Audio => 100,
            Self::Document => 50,
        }
    }

    /// How large anything may be, in MiB.
    pub const MAX_MEBIBYTES: u64 = 200;
}

/// The state of an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum MediaStatus {
    /// Announced. Unless it is completed, it is removed after a day.
    Pending,
    /// Public at its URL.
    Ready,
    /// Being deleted. If that was interrupted, delete it again.
    Deleting,
}

impl MediaStatus {
    /// Its name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Ready => "ready",
            Self::Deleting => "deleting",
        }
    }
}

/// A media item: an uploaded file.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Media {
    /// The item's id.
    pub id: MediaId,
    /// The state of the upload.
    pub status: MediaStatus,
    /// The kind of the item.
    pub kind: MediaKind,
    /// The file's media type.
    pub content_type: MediaType,
    /// The file's size in bytes.
    pub size: u64,
    /// The name of the uploaded file.
    pub filename: FileName,
    /// The public URL; null until the item is ready.
    pub url: Option<String>,
    /// The width of an image in pixels; null for other kinds and until it is ready.
    pub width: Option<u32>,
    /// The height of an image in pixels; null for other kinds and until it is ready.
    pub height: Option<u32>,
    /// The alternative text: what an image shows, for people who cannot see it.
    pub alt: AltText,
    /// The caption below the item.
    pub caption: Caption,
    /// How often the alternative text and the caption were changed, for `If-Match`.
    pub version: u64,
    /// The account that uploaded it.
    pub uploaded_by: UserId,
    /// When it was announced.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
}

impl Representation for Media {
    fn etag(&self) -> Option<String> {
        Some(format!("\"v{}\"", self.version))
    }

    fn location(&self) -> Option<String> {
        Some(format!("/v1/manage/media/{}", self.id))
    }
}
