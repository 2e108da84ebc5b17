//! The choice of a cover: the newest pictures of the library, the present one, or none.

use byline_shared::Context;
use byline_shared::http::if_match::IfMatch;
use byline_shared::http::page::PageParams;
use byline_shared::http::problem::{Code, Problem};
use byline_shared::media::{self, Description};
use byline_shared::model::{AltText, Media, MediaId, MediaKind, MediaStatus, Scope};
use maud::{Markup, html};

use super::values::Values;
use crate::parts::{self, Field, Kind};
use crate::visit::Visit;

/// How many pictures are offered.
const OFFERED: u8 = 12;

/// The pictures to choose from.
pub(crate) struct Covers {
    pictures: Vec<Media>,
    /// Whether the library has more.
    has_more: bool,
}

/// The newest pictures, with the one that is chosen, if the visitor may see it.
///
/// # Errors
/// 503 while the database does not answer.
pub(crate) async fn choices(cx: &Context, visit: &Visit, chosen: &str) -> Result<Covers, Problem> {
    let page = PageParams { limit: OFFERED, cursor: None };
    let found = media::list(cx, &visit.caller, Some(MediaKind::Image), &page).await?;
    let is_ready = |picture: &Media| picture.status == MediaStatus::Ready;
    let mut pictures: Vec<Media> = found.items.into_iter().filter(is_ready).collect();
    if let Ok(id) = chosen.parse::<MediaId>()
        && !pictures.iter().any(|picture| picture.id == id)
    {
        match media::get(cx, &visit.caller, &id).await {
            Ok(picture) => pictures.insert(0, picture),
            // Somebody else's picture, or one that is gone.
            Err(problem) if problem.code == Code::NotFound => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(Covers { pictures, has_more: found.next_cursor.is_some() })
}

/// The fields for the cover and for its alternative text.
pub(crate) fn fieldset(
    covers: &Covers,
    values: &Values,
    problem: Option<&Problem>,
    alt: Option<&str>,
) -> Markup {
    let chosen = values.get("cover");
    let present = covers.pictures.iter().find(|picture| picture.id.as_str() == chosen);
    html! {
        fieldset.stack #cover {
            legend { "Cover" }
            @if let Some(fault) = parts::fault(problem, "cover") {
                p.fault { (fault) }
            }
            ul.tiles {
                li {
                    label.tick for="cover-none" {
                        input #cover-none type="radio" name="cover" value="" checked[chosen.is_empty()];
                        span { "No cover" }
                    }
                }
                @if !chosen.is_empty() && present.is_none() {
                    li {
                        label.tick for="cover-kept" {
                            input #cover-kept type="radio" name="cover" value=(chosen) checked;
                            span { "The present one, which is another person's picture" }
                        }
                    }
                }
                @for picture in &covers.pictures { li { (tile(picture, chosen)) } }
            }
            @if covers.has_more {
                p.hint { "These are the newest pictures. To use an older one, open it in the library first." }
            }
            @if let Some(picture) = present {
                (alternative(picture, problem, alt))
            }
        }
    }
}

fn tile(picture: &Media, chosen: &str) -> Markup {
    let id = format!("cover-{}", picture.id);
    let url = picture.url.as_deref().unwrap_or_default();
    html! {
        label for=(id) {
            img src=(url) alt=(picture.alt) loading="lazy" width=[picture.width] height=[picture.height];
        }
        label.tick for=(id) {
            input #(id) type="radio" name="cover" value=(picture.id)
                checked[picture.id.as_str() == chosen];
            span { (picture.filename) }
        }
    }
}

/// The alternative text belongs to the picture. The hidden fields tell which picture it was shown for, so
/// that it is never given to another one that is chosen in the same form.
fn alternative(picture: &Media, problem: Option<&Problem>, sent: Option<&str>) -> Markup {
    html! {
        input type="hidden" name="cover_alt_of" value=(picture.id);
        input type="hidden" name="cover_alt_was" value=(picture.alt);
        (parts::field(Field {
            name: "cover_alt",
            label: "Alternative text of the present cover",
            value: sent.unwrap_or_else(|| picture.alt.as_str()),
            hint: Some("What the picture shows, for people who cannot see it. It belongs to the \
                        picture: it changes wherever the picture is shown, at once."),
            kind: Kind::Area(2),
            max: Some(1000),
            fault: parts::fault(problem, "cover_alt"),
            ..Field::default()
        }))
    }
}

/// An alternative text that was changed in the form.
pub(crate) struct NewAlt {
    id: MediaId,
    alt: AltText,
    /// The text that the form began with.
    was: String,
}

/// The alternative text of the form, if it is another one for the picture that is still the cover.
///
/// # Errors
/// 422 for a text that is none.
pub(crate) fn new_alt(visit: &Visit, values: &Values) -> Result<Option<NewAlt>, Problem> {
    let form = &visit.form;
    let Some(sent) = form.get("cover_alt").map(str::trim) else { return Ok(None) };
    let is_same = sent == form.text("cover_alt_was").trim();
    let Ok(id) = form.text("cover_alt_of").parse::<MediaId>() else { return Ok(None) };
    if is_same || values.get("cover") != id.as_str() {
        return Ok(None);
    }
    let alt = sent.parse().map_err(|error: byline_shared::model::TextError| {
        Problem::invalid_field("cover_alt", "invalid", error.to_string())
    })?;
    Ok(Some(NewAlt { id, alt, was: form.text("cover_alt_was").trim().to_owned() }))
}

/// Saves an alternative text. A form that is sent twice saves it once.
///
/// # Errors
/// 403 without the scope for media; 404 for somebody else's picture; 422 where somebody else has changed the
/// text meanwhile.
pub(crate) async fn describe(cx: &Context, visit: &Visit, new: NewAlt) -> Result<(), Problem> {
    visit.caller.require(Scope::MediaWrite)?;
    let now = media::get(cx, &visit.caller, &new.id).await?;
    if now.alt == new.alt {
        return Ok(());
    }
    if now.alt.as_str().trim() != new.was {
        let message = format!(
            "Somebody else changed it meanwhile. It is now: \u{201c}{}\u{201d}. Yours is in the field, and everything \
             else is saved. Save again to replace theirs.",
            now.alt
        );
        return Err(Problem::invalid_field("cover_alt", "changed", message));
    }
    let said = Description { alt: Some(new.alt), caption: None };
    let seen = IfMatch::version(now.version);
    media::update(cx, &visit.caller, &new.id, Some(&seen), said).await.map(drop)
}
