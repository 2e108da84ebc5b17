//! A time in a form: what the clocks of the site's time zone show.
//!
//! Browsers send no zone with a date and time. The form carries the one that its label names, so that a time means
//! what its reader saw, also if an admin has chosen another zone since.

use byline_shared::http::problem::Problem;
use byline_shared::model::{ClockFault, Time, Zone};
use jiff::civil::DateTime;
use maud::{Markup, html};

use crate::fields::Fields;
use crate::parts::{self, Field, Kind};

/// The names of the fields.
const AT: &str = "publish_at";
const ZONE: &str = "zone";

/// The field of a schedule, with what was sent.
pub(crate) fn fields(form: &Fields, problem: Option<&Problem>, site: &Zone) -> Markup {
    field((AT, "Goes live at"), (form, form.text(AT), None), problem, site)
}

/// A field with this name and label, with a value and a hint.
pub(crate) fn field(
    (name, label): (&str, &str),
    (form, value, hint): (&Fields, &str, Option<&str>),
    problem: Option<&Problem>,
    site: &Zone,
) -> Markup {
    let zone = zone_of(form, site);
    let label = format!("{label} ({})", zone.name());
    html! {
        (parts::field(Field {
            name,
            label: &label,
            value,
            hint,
            kind: Kind::DateTime,
            fault: parts::fault(problem, name),
            ..Field::default()
        }))
        input type="hidden" name=(ZONE) value=(zone.name());
    }
}

/// The zone that the form was made for, or else that of the site.
pub(crate) fn zone_of(form: &Fields, site: &Zone) -> Zone {
    form.get(ZONE).and_then(Zone::named).unwrap_or_else(|| site.clone())
}

/// A time as the field shows it, to the minute.
pub(crate) fn shown(time: Time, zone: &Zone) -> String {
    zone.at(time).strftime("%Y-%m-%dT%H:%M").to_string()
}

/// The time of a schedule that was sent.
///
/// # Errors
/// As [`time_in`].
pub(crate) fn time(form: &Fields) -> Result<Time, Problem> {
    time_in(form, AT)
}

/// The time that was sent in the field with this name.
///
/// # Errors
/// 422 without a date and a time, and for a time that clocks skip or show twice.
pub(crate) fn time_in(form: &Fields, name: &str) -> Result<Time, Problem> {
    let Some(zone) = form.get(ZONE).and_then(Zone::named) else {
        return Err(Problem::invalid_field(ZONE, "required", "The form lacks its time zone."));
    };
    let invalid = |message: &str| Problem::invalid_field(name, "invalid", message);
    let clock =
        clock(form.text(name).trim()).ok_or_else(|| invalid("Choose a date and a time."))?;
    zone.moment(clock).map_err(|fault| {
        let zone = zone.name();
        invalid(&match fault {
            ClockFault::Skipped => format!(
                "There is no such time in {zone}: the clocks are put forward over it on that day. Choose an \
                 earlier or a later one."
            ),
            ClockFault::Twice => format!(
                "This time comes twice in {zone}: the clocks are put back on that day. Choose an earlier or a \
                 later one."
            ),
            ClockFault::OutOfRange => "Choose a time within a hundred years.".to_owned(),
        })
    })
}

/// What the field for a date and a time sends. Browsers leave the seconds out if there are none.
fn clock(text: &str) -> Option<DateTime> {
    let is_clock = matches!(text.len(), 16 | 19)
        && text.bytes().all(|byte| byte.is_ascii_digit() || b"-T:".contains(&byte));
    text.parse().ok().filter(|_| is_clock)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_browsers_send_is_a_date_and_a_time() {
        let expected = "2026-12-24T09:00:00".parse().ok();
        assert!(expected.is_some());
        assert_eq!(clock("2026-12-24T09:00"), expected);
        assert_eq!(clock("2026-12-24T09:00:00"), expected);
        for text in [
            "",
            "2026-12-24",
            "tomorrow",
            "2026-13-24T09:00",
            "2026-12-24T09:00Z",
            "2026-12-24T09+01:00",
        ] {
            assert_eq!(clock(text), None, "{text}");
        }
    }
}
