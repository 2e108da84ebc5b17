//! The choice of a cover, and its alternative text.

use byline_shared::Context;
use byline_shared::http::if_match::IfMatch;
use byline_shared::http::problem::Problem;
use byline_shared::media::{self, Description};
use byline_shared::model::{AltText, Media, MediaId, Scope};
use maud::{Markup, html};

use super::values::Values;
use crate::parts::{self, Field, Kind};
use crate::visit::Visit;

pub(crate) use crate::pictures::{Pictures as Covers, choices};

/// The fields for the cover and for its alternative text.
pub(crate) fn fieldset(
    covers: &Covers,
    values: &Values,
    problem: Option<&Problem>,
    alt: Option<&str>,
) -> Markup {
    let chosen = values.get("cover");
    let present = covers.find(chosen);
    html! {
        fieldset.stack #cover {
            legend { "Cover" }
            @if let Some(fault) = parts::fault(problem, "cover") {
                p.fault { (fault) }
            }
            (covers.tiles("cover", chosen, "No cover"))
            @if let Some(picture) = present {
                (alternative(picture, problem, alt))
            }
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
