//! What the bytes of an upload are, whatever was said of them.

use crate::model::{MediaKind, MediaType};

/// How many bytes from the start are looked at: the dimensions of a photograph stand behind its
/// embedded profile and preview.
pub(super) const HEAD: u64 = 1024 * 1024;

/// Why an upload is refused, in words for its sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    /// Another type.
    #[error("its bytes are not those of the announced type")]
    OtherType,
    /// An image without dimensions.
    #[error("it is damaged: its dimensions cannot be read")]
    Damaged,
}

/// Holds the first bytes of an object to its announced type. For an image, says its width and
/// height in pixels.
pub(super) fn inspect(head: &[u8], announced: MediaType) -> Result<Option<(u32, u32)>, Refusal> {
    if !is(head, announced) {
        return Err(Refusal::OtherType);
    }
    if announced.kind() != MediaKind::Image {
        return Ok(None);
    }
    let size = imagesize::blob_size(head).map_err(|_| Refusal::Damaged)?;
    let side = |pixels: usize| u32::try_from(pixels).ok().filter(|pixels| *pixels > 0);
    side(size.width).zip(side(size.height)).map(Some).ok_or(Refusal::Damaged)
}

fn is(head: &[u8], announced: MediaType) -> bool {
    match announced {
        MediaType::Jpeg => infer::image::is_jpeg(head),
        MediaType::Png => infer::image::is_png(head),
        MediaType::Gif => infer::image::is_gif(head),
        // RIFF is a family: the matcher looks at its member alone.
        MediaType::Webp => head.starts_with(b"RIFF") && infer::image::is_webp(head),
        MediaType::Avif => infer::image::is_avif(head),
        // An M4V is an MP4 by another brand.
        MediaType::Mp4 => infer::video::is_mp4(head) || infer::video::is_m4v(head),
        MediaType::Webm => infer::video::is_webm(head),
        MediaType::Mp3 => infer::audio::is_mp3(head),
        MediaType::Ogg => infer::audio::is_ogg(head),
        MediaType::Wav => infer::audio::is_wav(head),
        MediaType::Pdf => infer::archive::is_pdf(head),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIF: &[u8] = b"GIF89a\x03\x00\x02\x00\x80\x00\x00";

    #[test]
    fn bytes_are_held_to_what_was_said() {
        assert_eq!(inspect(GIF, MediaType::Gif), Ok(Some((3, 2))));
        for other in MediaType::ALL.iter().filter(|other| **other != MediaType::Gif) {
            assert_eq!(inspect(GIF, *other), Err(Refusal::OtherType), "{other:?}");
        }
        for hostile in ["<!doctype html><script>a()</script>", "<svg xmlns='x'/>", "<?xml?>", ""] {
            for announced in MediaType::ALL {
                let found = inspect(hostile.as_bytes(), *announced);
                assert_eq!(found, Err(Refusal::OtherType), "{announced:?}");
            }
        }
    }

    #[test]
    fn an_image_has_dimensions() {
        assert_eq!(inspect(b"\xff\xd8\xff\xe0", MediaType::Jpeg), Err(Refusal::Damaged));
        assert_eq!(inspect(b"GIF89a\x00\x00\x00\x00", MediaType::Gif), Err(Refusal::Damaged));
        assert_eq!(inspect(b"%PDF-1.7\n", MediaType::Pdf), Ok(None));
    }
}
