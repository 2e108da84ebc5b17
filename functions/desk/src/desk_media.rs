//! `/desk/media`: the library, and a form to upload pictures.

use aws_lc_rs::digest::{Digest, SHA256, digest};
use byline_shared::auth::limits;
use byline_shared::http::Response;
use byline_shared::media;
use byline_shared::model::{AltText, FileName, Media, MediaId, MediaKind, MediaStatus, Time};
use byline_shared::permission::{ObjectAction, Objects};
use byline_shared::prelude::*;
use byline_shared::store::keys::MEDIA_PREFIX;
use maud::{Markup, html};
use serde_json::json;

use crate::answers::{done, json};
use crate::fields::File;
use crate::layout::{Section, Sheet, sheet};
use crate::notice::Done;
use crate::once;
use crate::page;
use crate::parts::{self, Tone};
use crate::visit::Visit;

/// Shows the library.
struct ShowMedia;

/// The operation.
pub const OPERATION: Operation = page::operation::<ShowMedia>(module_path!());

/// The largest file of a form, in bytes: 4 MiB. Lambda takes a request of 6 MB, in base64.
const MAX_FILE: usize = 4 * 1024 * 1024;

/// The most pictures of one form.
const MAX_FILES: usize = 20;

/// The filters: their words in the query, and what they are called.
const FILTERS: [(&str, &str, Option<MediaKind>); 5] = [
    ("", "Everything", None),
    ("image", "Pictures", Some(MediaKind::Image)),
    ("video", "Videos", Some(MediaKind::Video)),
    ("audio", "Sounds", Some(MediaKind::Audio)),
    ("document", "Documents", Some(MediaKind::Document)),
];

impl page::Page for ShowMedia {
    const NAME: &'static str = "desk-media";
    const PATH: &'static str = "/desk/media";
    const SUMMARY: &'static str = "Show the media library";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Index(Content, "gsi1"),
        Permission::Index(Content, "gsi2"),
        Permission::Items(Content, MEDIA_PREFIX, &[GetItem, PutItem]),
        Permission::Objects(Objects::Media, &[ObjectAction::PutObject]),
    ];
    const BODY_LIMIT: usize = MAX_FILE + 64 * 1024;
    const DONE: &'static [Done] = &[Done::MediaDeleted, Done::UploadedSeveral];

    type Needs = scope::MediaWrite;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        view(cx, visit, None).await
    }

    async fn submit(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        match (upload(cx, visit).await, visit.is_script) {
            (Ok(items), true) => Ok(json(200, &json!({ "markdown": markdown(&items) }))),
            (Ok(items), false) => match items.as_slice() {
                [item] => Ok(done(&format!("/desk/media/{}", item.id), Done::Uploaded)),
                _ => Ok(done("/desk/media", Done::UploadedSeveral)),
            },
            (Err(problem), _) if problem.code.status() >= 500 => Err(problem),
            (Err(problem), true) => {
                let detail = problem.errors.first().map_or(&problem.detail, |error| &error.message);
                Ok(json(problem.code.status(), &json!({ "detail": detail })))
            }
            (Err(problem), false) => view(cx, visit, Some(problem)).await,
        }
    }
}

async fn upload(cx: &Context, visit: &Visit) -> Result<Vec<Media>, Problem> {
    let fault = |message: String| Problem::invalid_field("file", "invalid", message);
    let files = &visit.files;
    if files.is_empty() {
        return Err(fault("Choose a picture to upload.".to_owned()));
    }
    if files.len() > MAX_FILES {
        return Err(fault(format!("Upload {MAX_FILES} pictures at a time at most.")));
    }
    let mut items = Vec::new();
    for (number, File { name, bytes }) in files.iter().enumerate() {
        visit.count(cx, &limits::WRITE_ACCOUNT).await?;
        if bytes.len() > MAX_FILE {
            let limit = MAX_FILE / 1024 / 1024;
            return Err(fault(format!(
                "{name} is larger than {limit} MiB, the most that a form may send."
            )));
        }
        let filename: FileName = name.parse().map_err(|error| fault(format!("{name}: {error}")))?;
        let alt = visit.form.text("alt").trim();
        let alt: AltText = alt
            .parse()
            .map_err(|error| Problem::invalid_field("alt", "invalid", format!("{error}")))?;
        // Known before, so that a form that is sent twice keeps each picture once. The form of the editor
        // sends many pictures, one by one.
        let what = format!("file {number} {name} {} {alt}", hex(&digest(&SHA256, bytes)));
        let id = MediaId::from_ulid(once::ulid(visit, &what, cx.clock.now())?);
        items.push(media::upload(cx, &visit.caller, id, filename, bytes.clone(), alt).await?);
    }
    Ok(items)
}

/// The pictures as a text shows them. What each shows is for its writer to say.
fn markdown(items: &[Media]) -> String {
    let images =
        items.iter().map(|item| format!("![]({})", item.url.as_deref().unwrap_or_default()));
    images.collect::<Vec<_>>().join("\n\n")
}

fn hex(digest: &Digest) -> String {
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn view(cx: &Context, visit: &Visit, problem: Option<Problem>) -> Result<Response, Problem> {
    let filter = visit.query.text("kind");
    let (word, _, kind) =
        FILTERS.into_iter().find(|(word, ..)| *word == filter).unwrap_or(FILTERS[0]);
    let page = PageParams { limit: 48, cursor: visit.query.get("cursor").map(str::to_owned) };
    let items = media::list(cx, &visit.caller, kind, &page).await?;
    let path =
        if word.is_empty() { "/desk/media".to_owned() } else { format!("/desk/media?kind={word}") };
    let main = html! {
        (parts::head("Media", Some("Pictures and other files of posts."), None))
        @if let Some(problem) = &problem { (parts::problem(problem)) }
        (form(cx.clock.now(), visit, problem.as_ref()))
        ul.filters {
            @for (other, label, _) in FILTERS {
                li {
                    a href={ "/desk/media" @if !other.is_empty() { "?kind=" (other) } }
                        aria-current=[(other == word).then_some("true")] { (label) }
                }
            }
        }
        @if items.items.is_empty() && items.next_cursor.is_none() {
            (parts::empty("Nothing here yet", "Upload a picture above, or put one into a post while you write.", None))
        } @else {
            ul.tiles { @for item in &items.items { (tile(item)) } }
        }
        (parts::pager(&path, items.next_cursor.as_deref()))
    };
    let frame = Sheet::new("Media", Section::Media).wide();
    Ok(sheet(cx, visit, frame.telling(problem.as_ref()), &main))
}

fn form(now: Time, visit: &Visit, problem: Option<&Problem>) -> Markup {
    let fault = parts::fault(problem, "file");
    html! {
        section.sheet {
            header { h2 { "Upload pictures" } }
            form.form.padded method="post" action="/desk/media" enctype="multipart/form-data" {
                (parts::token(visit))
                (once::field(now))
                div.field {
                    label for="file" { "Pictures" }
                    p.hint #file-hint { "JPEG, PNG, GIF, WebP or AVIF, together up to 4 MiB. They are public at their address as soon as they are here." }
                    input.input #file type="file" name="file" multiple required
                        accept="image/jpeg,image/png,image/gif,image/webp,image/avif"
                        aria-invalid=[fault.map(|_| "true")]
                        aria-describedby={ @if fault.is_some() { "file-fault " } "file-hint" };
                    @if let Some(fault) = fault { p.fault #file-fault { (fault) } }
                }
                button.button.go type="submit" { "Upload" }
            }
        }
    }
}

fn tile(item: &Media) -> Markup {
    let picture = item.url.as_deref().filter(|_| item.kind == MediaKind::Image);
    html! {
        li {
            a href={ "/desk/media/" (item.id) } {
                @if let Some(url) = picture {
                    img src=(url) alt=(item.alt) width=[item.width] height=[item.height] loading="lazy";
                }
                span { (item.filename) }
            }
            @if item.kind != MediaKind::Image { (parts::badge(Tone::Plain, item.kind.as_str())) }
            @if item.status != MediaStatus::Ready { (parts::badge(Tone::Waiting, item.status.as_str())) }
            @if picture.is_some() && item.alt.as_str().is_empty() { (parts::badge(Tone::Draft, "no alternative text")) }
        }
    }
}
