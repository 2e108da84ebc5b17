//! Files for the library: pictures that come with a form, and files that a script of a page sends to the bucket.
//!
//! A script announces a file, sends it with the request that it is answered with, and completes it, as clients of
//! the API do. A Lambda function takes 6 MB, so larger files come in no other way.

use byline_shared::auth::limits;
use byline_shared::crypto::digest::sha256;
use byline_shared::http::Response;
use byline_shared::media::{self, NewUpload};
use byline_shared::model::{AltText, FileName, Media, MediaId, MediaType};
use byline_shared::prelude::*;
use serde_json::{Value, json};

use crate::answers::{json, refusal};
use crate::fields::File;
use crate::once;
use crate::refusals;
use crate::visit::Visit;

/// The largest file of a form, in bytes: 4 MiB. Lambda takes a request of 6 MB, in base64.
pub(crate) const MAX_FILE: usize = 4 * 1024 * 1024;

/// The most pictures of one form.
const MAX_FILES: usize = 20;

/// What can be uploaded, in words.
const KINDS: &str = "Pictures (JPEG, PNG, GIF, WebP, AVIF), videos (MP4, WebM), sounds (MP3, Ogg, WAV) and PDF can.";

/// The same for the form without scripts.
const PICTURES: &str = "JPEG, PNG, GIF, WebP and AVIF can.";

/// Keeps the pictures of a form.
///
/// # Errors
/// 422 for a form without a picture, with too many, or with a file that is too large or none that is kept; 429.
pub(crate) async fn with_form(cx: &Context, visit: &Visit) -> Result<Vec<Media>, Problem> {
    let files = &visit.files;
    if files.is_empty() {
        return Err(fault("Choose a picture to upload."));
    }
    if files.len() > MAX_FILES {
        return Err(fault(format!("Upload {MAX_FILES} pictures at a time at most.")));
    }
    let alt = visit.form.text("alt").trim().parse::<AltText>();
    let alt = alt.map_err(|error| Problem::invalid_field("alt", "invalid", error.to_string()))?;
    let mut items = Vec::new();
    for (number, file) in files.iter().enumerate() {
        visit.count(cx, &limits::WRITE_ACCOUNT).await?;
        match keep(cx, visit, number, file, &alt).await {
            Ok(item) => items.push(item),
            // Of several files, it is said which one.
            Err(mut problem) => {
                for error in problem.errors.iter_mut().filter(|it| it.code == media::UNKNOWN_KIND) {
                    let kinds = if visit.is_script { KINDS } else { PICTURES };
                    error.message =
                        format!("It is none of the kinds that can be uploaded here. {kinds}");
                }
                for error in problem.errors.iter_mut().filter(|_| files.len() > 1) {
                    error.message = format!("{}: {}", file.name, error.message);
                }
                return Err(problem);
            }
        }
    }
    Ok(items)
}

async fn keep(
    cx: &Context,
    visit: &Visit,
    number: usize,
    File { name, bytes }: &File,
    alt: &AltText,
) -> Result<Media, Problem> {
    if bytes.len() > MAX_FILE {
        let limit = MAX_FILE / 1024 / 1024;
        return Err(fault(format!(
            "It is larger than {limit} MiB, the most that a form may send."
        )));
    }
    let filename = filename(name)?;
    // Known before, so that a form that is sent twice keeps each picture once. The form of the editor sends
    // many pictures, one by one.
    let what = format!("file {number} {name} {} {alt}", sha256(bytes));
    let id = MediaId::from_ulid(once::ulid(cx, visit, &what).await?);
    media::upload(cx, &visit.caller, id, filename, bytes.clone(), alt.clone()).await
}

/// Does what a script asks for: `announce`, `complete` or `cancel`; `None` for the form of the page.
///
/// # Errors
/// What is no fault of the visitor.
pub(crate) async fn of_script(cx: &Context, visit: &Visit) -> Result<Option<Response>, Problem> {
    let outcome = match visit.form.text("action") {
        "announce" => announce(cx, visit).await,
        "complete" => complete(cx, visit).await,
        "cancel" => cancel(cx, visit).await,
        _ => return Ok(None),
    };
    told(outcome).map(Some)
}

/// The answer for a script.
///
/// # Errors
/// What is no fault of the visitor.
pub(crate) fn told(outcome: Result<Value, Problem>) -> Result<Response, Problem> {
    match outcome {
        Ok(body) => Ok(json(200, &body)),
        Err(problem) if problem.code.status() >= 500 => Err(problem),
        Err(problem) => {
            let detail = refusals::detail(&problem);
            let mut response = refusal(problem.code.status(), detail);
            response.headers_mut().extend(problem.headers.iter().cloned());
            Ok(response)
        }
    }
}

/// The request that sends a file to the bucket, and the id to complete it with.
async fn announce(cx: &Context, visit: &Visit) -> Result<Value, Problem> {
    visit.count(cx, &limits::WRITE_ACCOUNT).await?;
    let (name, named) = (visit.form.text("filename"), visit.form.text("content_type"));
    let filename = filename(name)?;
    let content_type = media_type(named, name)
        .ok_or_else(|| fault(format!("Files of this kind cannot be uploaded. {KINDS}")))?;
    let size: u64 = visit.form.text("size").parse().unwrap_or_default();
    if size == 0 {
        return Err(fault("The file is empty."));
    }
    let new = NewUpload { filename, content_type, size, sha256: None };
    let (item, upload) = media::create(cx, &visit.caller, new).await?;
    if !upload.url.starts_with(&format!("{}/", cx.config.upload_url)) {
        // The page's policy names no other place: the browser would not send the file.
        return Err(Problem::internal(
            "uploads are signed to another place than BYLINE_UPLOAD_URL",
        ));
    }
    Ok(json!({ "media_id": item.id, "upload": upload }))
}

async fn complete(cx: &Context, visit: &Visit) -> Result<Value, Problem> {
    visit.count(cx, &limits::WRITE_ACCOUNT).await?;
    let id = announced(visit)?;
    match media::complete_or_delete(cx, &visit.caller, &id).await {
        Ok(item) => Ok(shown(&[item])),
        Err(problem) => {
            let detail = match problem.code {
                Code::UploadMissing => "The file did not arrive. Try again.",
                Code::UploadRefused => {
                    "The file is damaged, or it is not of the kind that its name says. It was not kept."
                }
                _ => return Err(problem),
            };
            Err(Problem::new(problem.code, detail))
        }
    }
}

async fn cancel(cx: &Context, visit: &Visit) -> Result<Value, Problem> {
    visit.count(cx, &limits::WRITE_ACCOUNT).await?;
    media::cancel(cx, &visit.caller, &announced(visit)?).await?;
    Ok(json!({}))
}

fn announced(visit: &Visit) -> Result<MediaId, Problem> {
    visit.form.text("media_id").parse().map_err(|_| Problem::not_found("media item"))
}

/// What a script shows of files that are kept: as a text has them, and where they are described.
pub(crate) fn shown(items: &[Media]) -> Value {
    let href = match items {
        [item] => format!("/desk/media/{}", item.id),
        _ => "/desk/media".to_owned(),
    };
    json!({ "markdown": markdown(items), "href": href })
}

/// The pictures as a text shows them. What each shows is for its writer to say.
fn markdown(items: &[Media]) -> String {
    let images =
        items.iter().map(|item| format!("![]({})", item.url.as_deref().unwrap_or_default()));
    images.collect::<Vec<_>>().join("\n\n")
}

fn filename(name: &str) -> Result<FileName, Problem> {
    name.parse().map_err(|error: byline_shared::model::TextError| fault(error.to_string()))
}

/// The type that a browser names; of a name's ending, where the browser knows none.
fn media_type(named: &str, filename: &str) -> Option<MediaType> {
    let find = |is: &dyn Fn(&MediaType) -> bool| MediaType::ALL.iter().copied().find(|it| is(it));
    let named = match named {
        "" => {
            let ending = filename.rsplit_once('.')?.1.to_ascii_lowercase();
            let ending = if ending == "jpeg" { "jpg" } else { ending.as_str() };
            return find(&|it| it.extension() == ending);
        }
        "image/jpg" | "image/pjpeg" => "image/jpeg",
        "video/x-m4v" => "video/mp4",
        "audio/mp3" => "audio/mpeg",
        "application/ogg" => "audio/ogg",
        "audio/wave" | "audio/x-wav" | "audio/vnd.wave" => "audio/wav",
        named => named,
    };
    find(&|it| it.as_str() == named)
}

fn fault(message: impl Into<String>) -> Problem {
    Problem::invalid_field("file", "invalid", message.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_name_types_in_many_ways() {
        for (named, filename, expected) in [
            ("image/png", "a.jpg", Some(MediaType::Png)),
            ("audio/x-wav", "a", Some(MediaType::Wav)),
            ("image/jpg", "a", Some(MediaType::Jpeg)),
            ("", "A.B.JPEG", Some(MediaType::Jpeg)),
            ("", "a.avif", Some(MediaType::Avif)),
            ("", "avif", None),
            ("text/html", "a.png", None),
            ("image/svg+xml", "a.svg", None),
        ] {
            assert_eq!(media_type(named, filename), expected, "{named} {filename}");
        }
    }
}
