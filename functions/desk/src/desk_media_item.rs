//! `/desk/media/{media_id}`: one file: what it shows, which posts use it, and the way to delete it.

use byline_shared::auth::limits;
use byline_shared::http::Response;
use byline_shared::media::{self, Description, Uses};
use byline_shared::model::{Media, MediaId, MediaKind};
use byline_shared::permission::{ObjectAction, Objects};
use byline_shared::prelude::*;
use byline_shared::store::keys::{self, MEDIA_PREFIX};
use http::StatusCode;
use maud::{Markup, html};

use crate::answers::done;
use crate::layout::{Section, Sheet, sheet};
use crate::notice::Done;
use crate::page;
use crate::parts::{self, Field, Kind, fault};
use crate::post;
use crate::typed::{Typed, agreed};
use crate::visit::Visit;

/// Shows a file.
struct Item;

/// The operation.
pub const OPERATION: Operation = page::operation::<Item>(module_path!());

impl page::Page for Item {
    const NAME: &'static str = "desk-media-item";
    const PATH: &'static str = "/desk/media/{media_id}";
    const SUMMARY: &'static str = "Show a file of the library";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Items(Content, MEDIA_PREFIX, &[GetItem, PutItem, UpdateItem]),
        HOLD_RIGHT,
        Permission::Index(Content, "gsi1"),
        Permission::Items(Content, keys::SETTINGS, &[GetItem]),
        Permission::Items(Content, keys::AUTHORS, &[Query, UpdateItem]),
        Permission::Objects(Objects::Pending, &[ObjectAction::DeleteObject]),
        Permission::Objects(Objects::Media, &[ObjectAction::DeleteObject]),
    ];
    const ERRORS: &'static [Code] =
        &[Code::NotFound, Code::MediaInUse, Code::PreconditionFailed, Code::ApprovalRequired];
    const EXAMPLE_PATH: &'static [(&'static str, &'static str)] =
        &[("media_id", byline_shared::examples::MEDIA_ID)];
    const DONE: &'static [Done] = &[Done::Uploaded, Done::MediaChanged];

    type Needs = scope::MediaWrite;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        view(cx, visit, None).await
    }

    async fn submit(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        match act(cx, visit).await {
            Ok(response) => Ok(response),
            Err(problem) if problem.code == Code::PreconditionFailed => {
                changed_meanwhile(cx, visit).await
            }
            Err(problem) if problem.code == Code::NotFound => gone(cx, visit, problem),
            Err(problem) if matches!(problem.code.status(), 403 | 409 | 422 | 429) => {
                view(cx, visit, Some(problem)).await
            }
            Err(problem) => Err(problem),
        }
    }
}

async fn act(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
    visit.count(cx, &limits::WRITE_ACCOUNT).await?;
    let id: MediaId = visit.id("media_id")?;
    match visit.form.text("action") {
        "describe" => {
            let mut form = Typed::new(&visit.form);
            let said = Description { alt: form.required("alt"), caption: form.required("caption") };
            form.finish()?;
            media::update(cx, &visit.caller, &id, Some(&post::seen(visit)), said).await?;
            Ok(done(&format!("/desk/media/{id}"), Done::MediaChanged))
        }
        "delete" => {
            agreed(&visit.form, "delete")?;
            // The page has said which posts get a gap.
            let is_known = visit.form.has("gap");
            media::delete(cx, &visit.caller, &id, is_known).await?;
            Ok(done("/desk/media", Done::MediaDeleted))
        }
        _ => Err(Problem::new(Code::MalformedRequest, "The form has no known button.")),
    }
}

/// The file as it is now, with what was entered, after somebody else has described it. A form that was sent
/// twice has done its work already.
async fn changed_meanwhile(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
    let id: MediaId = visit.id("media_id")?;
    let (item, uses) = media::get_with_uses(cx, &visit.caller, &id).await?;
    let sent = |name: &str| visit.form.text(name).trim();
    if (item.alt.as_str(), item.caption.as_str()) == (sent("alt"), sent("caption")) {
        return Ok(done(&format!("/desk/media/{id}"), Done::MediaChanged));
    }
    let told = html! {
        div.alert role="alert" tabindex="-1" {
            h2 { "Somebody else described this file while you did" }
            p { "What you entered is in the form below, and nothing of it is saved. Compare it with what is \
                 saved now, and save again." }
            dl.facts {
                div { dt { "Alternative text" } dd.keep { @if item.alt.as_str().is_empty() { "none" } @else { (item.alt) } } }
                div { dt { "Caption" } dd.keep { @if item.caption.as_str().is_empty() { "none" } @else { (item.caption) } } }
            }
        }
    };
    let version = item.version.to_string();
    let main = main(cx, visit, (&item, &uses), (&version, &told, None));
    let frame = Sheet::new(item.filename.as_str(), Section::Media);
    Ok(sheet(cx, visit, frame.status(StatusCode::PRECONDITION_FAILED), &main))
}

/// After a form about a file that is not there any more. What was entered can still be copied.
///
/// # Errors
/// The problem itself, where nothing was entered.
fn gone(cx: &Context, visit: &Visit, problem: Problem) -> Result<Response, Problem> {
    match visit.form.text("action") {
        "delete" => return Ok(done("/desk/media", Done::MediaDeleted)),
        "describe" => {}
        _ => return Err(problem),
    }
    let title = "The file is not here any more";
    let main = html! {
        a.back href="/desk/media" { "All media" }
        (parts::head(title, Some("Somebody else deleted it while you described it. Upload it again, and copy your words from here."), None))
        section.sheet {
            dl.facts.padded {
                div { dt { "Alternative text" } dd.keep { (visit.form.text("alt")) } }
                div { dt { "Caption" } dd.keep { (visit.form.text("caption")) } }
            }
        }
    };
    Ok(sheet(cx, visit, Sheet::new(title, Section::Media).status(StatusCode::NOT_FOUND), &main))
}

async fn view(cx: &Context, visit: &Visit, problem: Option<Problem>) -> Result<Response, Problem> {
    let id: MediaId = visit.id("media_id")?;
    let (item, uses) = media::get_with_uses(cx, &visit.caller, &id).await?;
    // A form that comes back is still based on what it began with.
    let stored = item.version.to_string();
    let version = visit.form.get("version").unwrap_or(&stored);
    let told = html! { @if let Some(problem) = &problem { (parts::problem(problem)) } };
    let main = main(cx, visit, (&item, &uses), (version, &told, problem.as_ref()));
    let frame = Sheet::new(item.filename.as_str(), Section::Media);
    Ok(sheet(cx, visit, frame.telling(problem.as_ref()), &main))
}

/// The page below its frame: `version` is what the form is based on, `told` what happened.
fn main(
    cx: &Context,
    visit: &Visit,
    (item, uses): (&Media, &Uses),
    (version, told, problem): (&str, &Markup, Option<&Problem>),
) -> Markup {
    html! {
        a.back href="/desk/media" { "All media" }
        (parts::head(item.filename.as_str(), None, None))
        (told)
        (facts(cx, item, uses))
        (describe(visit, item, version, problem))
        (delete(visit, item, uses, problem))
    }
}

fn facts(cx: &Context, item: &Media, uses: &Uses) -> Markup {
    html! {
        section.sheet {
            @if item.kind == MediaKind::Image && item.url.is_some() {
                div.padded { img src=[&item.url] alt=(item.alt) width=[item.width] height=[item.height]; }
            }
            dl.facts.padded {
                div { dt { "Address" } dd {
                    @match &item.url {
                        Some(url) => a href=(url) { (url) },
                        None => "none: it did not arrive completely. Delete it, or it goes away by itself within a day.",
                    }
                } }
                @if let Some(url) = &item.url {
                    div { dt { "In a text" } dd { code { (in_markdown(item, url)) } } }
                }
                div { dt { "Kind" } dd { (item.content_type.as_str()) ", " (size(item.size)) @if let (Some(width), Some(height)) = (item.width, item.height) { ", " (width) " × " (height) } } }
                div { dt { "Uploaded" } dd { (parts::time(&parts::Now::of(cx), item.created_at)) } }
                div {
                    dt { "Used in" }
                    dd {
                        @if uses.is_empty() { "no post" } @else {
                            ul.bare {
                                @for person in &uses.people { li { "the profile of " (person.name) } }
                                @for found in &uses.posts {
                                    li { a href={ "/desk/posts/" (found.post) } { (found.title) } @if found.is_live { " (readers see it)" } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What a writer puts into a text to show a picture, or to link another file.
fn in_markdown(item: &Media, url: &str) -> String {
    let (mark, words) = match item.kind {
        MediaKind::Image => ("!", item.alt.as_str()),
        _ => ("", item.filename.as_str()),
    };
    // A bracket would end the words, a line end the paragraph.
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let escaped = words.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]");
    format!("{mark}[{escaped}]({url})")
}

/// A size as people say it, to the nearest KiB or tenth of a MiB.
fn size(bytes: u64) -> String {
    const KIB: u64 = 1024;
    const MIB: u64 = 1024 * KIB;
    // From here on, the nearest number of KiB would be 1024.
    const NEARLY_MIB: u64 = MIB - KIB / 2;
    match bytes {
        0..KIB => format!("{bytes} bytes"),
        KIB..NEARLY_MIB => format!("{} KiB", (bytes + KIB / 2) / KIB),
        _ => {
            let tenths = (u128::from(bytes) * 10 + u128::from(MIB / 2)) / u128::from(MIB);
            format!("{}.{} MiB", tenths / 10, tenths % 10)
        }
    }
}

fn describe(visit: &Visit, item: &Media, version: &str, problem: Option<&Problem>) -> Markup {
    let value = |name: &str, stored: &str| visit.form.get(name).unwrap_or(stored).to_owned();
    let alt = value("alt", item.alt.as_str());
    let caption = value("caption", item.caption.as_str());
    html! {
        section.sheet {
            header { h2 { "In words" } }
            form.form.padded method="post" action={ "/desk/media/" (item.id) } {
                (parts::token(visit))
                input type="hidden" name="version" value=(version);
                (parts::field(Field { name: "alt", label: "Alternative text", value: &alt, hint: Some("What the picture shows, for people who do not see it."), kind: Kind::Area(2), fault: fault(problem, "alt"), ..Field::default() }))
                (parts::field(Field { name: "caption", label: "Caption (optional)", value: &caption, kind: Kind::Area(2), fault: fault(problem, "caption"), ..Field::default() }))
                button.button.go type="submit" name="action" value="describe" { "Save" }
            }
        }
    }
}

fn delete(visit: &Visit, item: &Media, uses: &Uses, problem: Option<&Problem>) -> Markup {
    html! {
        section.sheet {
            header { h2 { "Delete the file" } }
            form.form.padded method="post" action={ "/desk/media/" (item.id) } {
                (parts::token(visit))
                @if uses.is_empty() {
                    p.quiet { "Nothing uses it. It is gone at once, and cannot be brought back." }
                } @else {
                    p.quiet { "Where it is used, it leaves a gap. It is gone at once, and cannot be brought back." }
                    input type="hidden" name="gap" value="yes";
                }
                (parts::agree("delete", "Delete it for good", fault(problem, "delete")))
                button.button.risk type="submit" name="action" value="delete" { "Delete file" }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_told_to_the_nearest_tenth() {
        for (bytes, told) in [
            (43, "43 bytes"),
            (1024, "1 KiB"),
            (1535, "1 KiB"),
            (1536, "2 KiB"),
            (1_048_063, "1023 KiB"),
            (1_048_064, "1.0 MiB"),
            (6_301_942, "6.0 MiB"),
            (6_815_744, "6.5 MiB"),
            (u64::MAX, "17592186044416.0 MiB"),
        ] {
            assert_eq!(size(bytes), told);
        }
    }
}
