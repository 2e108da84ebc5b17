//! A time in a form: the date and time of a clock, and how far that clock is from UTC.
//!
//! Browsers send no zone with a date and time. Names of zones would need the database of their rules,
//! which functions do not have; a distance from UTC is exact without it.

use byline_shared::http::problem::Problem;
use byline_shared::model::Time;
use maud::{Markup, html};

use crate::fields::Fields;
use crate::parts::{self, Field, Kind};

/// The distances from UTC that clocks have, as RFC 3339 writes them, and in words.
const OFFSETS: [(&str, &str); 38] = [
    ("-12:00", "UTC\u{2212}12"),
    ("-11:00", "UTC\u{2212}11"),
    ("-10:00", "UTC\u{2212}10"),
    ("-09:30", "UTC\u{2212}9:30"),
    ("-09:00", "UTC\u{2212}9"),
    ("-08:00", "UTC\u{2212}8"),
    ("-07:00", "UTC\u{2212}7"),
    ("-06:00", "UTC\u{2212}6"),
    ("-05:00", "UTC\u{2212}5"),
    ("-04:00", "UTC\u{2212}4"),
    ("-03:30", "UTC\u{2212}3:30"),
    ("-03:00", "UTC\u{2212}3"),
    ("-02:00", "UTC\u{2212}2"),
    ("-01:00", "UTC\u{2212}1"),
    ("+00:00", "UTC"),
    ("+01:00", "UTC+1"),
    ("+02:00", "UTC+2"),
    ("+03:00", "UTC+3"),
    ("+03:30", "UTC+3:30"),
    ("+04:00", "UTC+4"),
    ("+04:30", "UTC+4:30"),
    ("+05:00", "UTC+5"),
    ("+05:30", "UTC+5:30"),
    ("+05:45", "UTC+5:45"),
    ("+06:00", "UTC+6"),
    ("+06:30", "UTC+6:30"),
    ("+07:00", "UTC+7"),
    ("+08:00", "UTC+8"),
    ("+08:45", "UTC+8:45"),
    ("+09:00", "UTC+9"),
    ("+09:30", "UTC+9:30"),
    ("+10:00", "UTC+10"),
    ("+10:30", "UTC+10:30"),
    ("+11:00", "UTC+11"),
    ("+12:00", "UTC+12"),
    ("+12:45", "UTC+12:45"),
    ("+13:00", "UTC+13"),
    ("+14:00", "UTC+14"),
];

/// The names of the fields.
const AT: &str = "publish_at";
const OFFSET: &str = "offset";

/// The two fields, with what was sent.
pub(crate) fn fields(form: &Fields, problem: Option<&Problem>) -> Markup {
    let offset = form.get(OFFSET).unwrap_or("+00:00");
    html! {
        (parts::field(Field {
            name: AT,
            label: "Goes live at",
            value: form.text(AT),
            kind: Kind::DateTime,
            fault: parts::fault(problem, AT),
            ..Field::default()
        }))
        (parts::field(Field {
            name: OFFSET,
            label: "Time zone",
            value: offset,
            hint: Some("UTC+1 is Berlin in winter, UTC\u{2212}5 New York in winter."),
            kind: Kind::Choice(&OFFSETS),
            ..Field::default()
        }))
    }
}

/// The time that was sent.
///
/// # Errors
/// 422 without a date and a time.
pub(crate) fn time(form: &Fields) -> Result<Time, Problem> {
    let time = of(form.text(AT).trim(), form.get(OFFSET).unwrap_or("+00:00"));
    time.ok_or_else(|| Problem::invalid_field(AT, "invalid", "Choose a date and a time."))
}

fn of(at: &str, offset: &str) -> Option<Time> {
    let is_known = OFFSETS.iter().any(|(known, _)| *known == offset);
    // Browsers leave the seconds out if there are none.
    let seconds = if at.len() == "2026-12-24T09:00".len() { ":00" } else { "" };
    format!("{at}{seconds}{offset}").parse().ok().filter(|_| is_known && !at.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_and_its_distance_make_a_time() {
        let of = |at: &str, offset: &str| of(at, offset).map(|time| time.to_string());
        let expected = Some("2026-12-24T08:00:00.000Z".to_owned());
        assert_eq!(of("2026-12-24T09:00", "+01:00"), expected);
        assert_eq!(of("2026-12-24T09:00:00", "+01:00"), expected);
        assert_eq!(of("2026-12-24T03:00", "-05:00"), expected);
        for at in ["", "2026-12-24", "tomorrow", "2026-13-24T09:00"] {
            assert_eq!(of(at, "+01:00"), None, "{at}");
        }
        assert_eq!(of("2026-12-24T09:00", "+01:07"), None);
        assert_eq!(of("2026-12-24T09:00Z", ""), None);
    }
}
