//! `/desk/media`: the library, and a form to upload pictures.

use byline_shared::http::Response;
use byline_shared::media;
use byline_shared::model::{Media, MediaKind, MediaStatus, MediaType, Time};
use byline_shared::permission::{ObjectAction, Objects};
use byline_shared::prelude::*;
use byline_shared::store::keys::MEDIA_PREFIX;
use maud::{Markup, html};

use crate::answers::done;
use crate::layout::{Section, Sheet, sheet};
use crate::notice::Done;
use crate::page;
use crate::parts::{self, Tone};
use crate::uploads::{self, MAX_FILE};
use crate::visit::Visit;
use crate::{assets, once};

/// Shows the library.
struct ShowMedia;

/// The operation.
pub const OPERATION: Operation = page::operation::<ShowMedia>(module_path!());

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
        Permission::Items(Content, MEDIA_PREFIX, &[GetItem, PutItem, UpdateItem]),
        Permission::ListObjects,
        Permission::Objects(
            Objects::Pending,
            &[ObjectAction::DeleteObject, ObjectAction::GetObject, ObjectAction::PutObject],
        ),
        Permission::Objects(Objects::Media, &[ObjectAction::DeleteObject, ObjectAction::PutObject]),
    ];
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::UploadMissing, Code::UploadRefused];
    const BODY_LIMIT: usize = MAX_FILE + 64 * 1024;
    const DONE: &'static [Done] = &[Done::MediaDeleted, Done::UploadedSeveral];

    type Needs = scope::MediaWrite;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        view(cx, visit, None).await
    }

    async fn submit(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        if let Some(response) = uploads::of_script(cx, visit).await? {
            return Ok(response);
        }
        let outcome = uploads::with_form(cx, visit).await;
        if visit.is_script {
            return uploads::told(outcome.map(|items| uploads::shown(&items)));
        }
        match outcome {
            Ok(items) => match items.as_slice() {
                [item] => Ok(done(&format!("/desk/media/{}", item.id), Done::Uploaded)),
                _ => Ok(done("/desk/media", Done::UploadedSeveral)),
            },
            Err(problem) if problem.code.status() >= 500 => Err(problem),
            Err(problem) => view(cx, visit, Some(problem)).await,
        }
    }
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
        (assets::scripts(&["upload.js"]))
    };
    let frame = Sheet::new("Media", Section::Media).wide().uploads();
    Ok(sheet(cx, visit, frame.telling(problem.as_ref()), &main))
}

/// Without scripts, pictures come with the form. With them, every kind of file is sent by itself.
fn form(now: Time, visit: &Visit, problem: Option<&Problem>) -> Markup {
    let fault = parts::fault(problem, "file");
    let all: Vec<&str> = MediaType::ALL.iter().map(|kind| kind.as_str()).collect();
    let largest = |kind: MediaKind| kind.max_mebibytes();
    html! {
        section.sheet {
            header { h2 { "Upload" } }
            form.form.padded method="post" action="/desk/media" enctype="multipart/form-data"
                data-upload="/desk/media" data-upload-max=(MAX_FILE)
                data-done={ "/desk/media?done=" (Done::UploadedSeveral.as_str()) } {
                (parts::token(visit))
                (once::field(now))
                div.field {
                    label for="file" {
                        span data-swap { "Pictures" }
                        span data-swap hidden { "Files" }
                    }
                    div.hint #file-hint {
                        p data-swap { "JPEG, PNG, GIF, WebP or AVIF, together up to 4 MiB. They are public at their address as soon as they are here." }
                        p data-swap hidden {
                            "As many as you like; they can be dropped here, too. Pictures up to " (largest(MediaKind::Image))
                            " MiB, videos (MP4, WebM) up to " (largest(MediaKind::Video)) ", sounds (MP3, Ogg, WAV) up to "
                            (largest(MediaKind::Audio)) ", PDF up to " (largest(MediaKind::Document))
                            ". They are public at their address as soon as they are here."
                        }
                    }
                    input.input #file type="file" name="file" multiple required
                        accept="image/jpeg,image/png,image/gif,image/webp,image/avif" data-accept=(all.join(","))
                        aria-invalid=[fault.map(|_| "true")]
                        aria-describedby={ @if fault.is_some() { "file-fault " } "file-hint" };
                    @if let Some(fault) = fault { p.fault #file-fault { (fault) } }
                }
                button.button.go type="submit" { "Upload" }
                ul.uploads aria-label="Uploads" data-uploads {}
                p.sr role="status" data-say {}
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
            @if item.status != MediaStatus::Ready { (parts::badge(Tone::Waiting, "not complete")) }
            @if picture.is_some() && item.alt.as_str().is_empty() { (parts::badge(Tone::Draft, "no alternative text")) }
        }
    }
}
