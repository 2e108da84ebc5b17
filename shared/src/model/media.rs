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

            /// What kind of thing it is.
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

/// What kind of thing an upload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum MediaKind {
    /// A picture.
    Image,
    /// Moving pictures.
    Video,
    /// Sound.
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

/// How far an upload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum MediaStatus {
    /// It was announced. Unless it is completed, it goes away after a day.
    Pending,
    /// Readers find it at its URL.
    Ready,
    /// It is being deleted. Where that broke off, deleting it again ends it.
    Deleting,
}

/// An upload, as those who write posts see it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Media {
    /// Its id.
    pub id: MediaId,
    /// How far it is.
    pub status: MediaStatus,
    /// What kind of thing it is.
    pub kind: MediaKind,
    /// Its type.
    pub content_type: MediaType,
    /// Its size in bytes.
    pub size: u64,
    /// Its name on its owner's machine.
    pub filename: FileName,
    /// Where readers find it, once it is ready.
    pub url: Option<String>,
    /// The width of an image in pixels, once it is ready.
    pub width: Option<u32>,
    /// The height of an image in pixels, once it is ready.
    pub height: Option<u32>,
    /// What it shows, for those who do not see it.
    pub alt: AltText,
    /// What stands under it.
    pub caption: Caption,
    /// Who uploaded it.
    pub uploaded_by: UserId,
    /// When it was announced.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
}

impl Representation for Media {
    fn location(&self) -> Option<String> {
        Some(format!("/v1/manage/media/{}", self.id))
    }
}
