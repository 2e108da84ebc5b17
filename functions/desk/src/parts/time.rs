//! Times in words, with the exact time where somebody points.

use byline_shared::Context;
use byline_shared::model::{Time, Zone};
use jiff::Zoned;
use jiff::civil::Weekday;
use maud::{Markup, html};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

/// The moment at which a page is made, and the zone whose clocks it shows: the site's, so that two people talk
/// of the same day.
#[derive(Clone, Debug)]
pub(crate) struct Now {
    pub(crate) time: Time,
    pub(crate) zone: Zone,
}

impl Now {
    /// This moment. The settings were read with the session.
    pub(crate) fn of(cx: &Context) -> Self {
        Self { time: cx.clock.now(), zone: Zone::of(&cx.settings.last().time_zone) }
    }
}

/// A time as people say it: `3 hours ago`, `tomorrow at 09:00 CET`. The exact time is in the title.
pub(crate) fn time(now: &Now, at: Time) -> Markup {
    let there = now.zone.at(at);
    let title = format!("{} {}", there.strftime("%A, %-d %B %Y, %H:%M"), Zone::mark(&there));
    html! { time datetime=(at.to_string()) title=(title) { (words(now, at)) } }
}

fn words(now: &Now, at: Time) -> String {
    let seconds = (at.as_millis() - now.time.as_millis()) / 1000;
    let (here, there) = (now.zone.at(now.time), now.zone.at(at));
    // Of dates alone: days of a place are not equally long.
    let days = (there.date() - here.date()).get_days();
    let clock = format!("{} {}", there.strftime("%H:%M"), Zone::mark(&there));
    match seconds {
        -44..=44 if seconds <= 0 => "just now".to_owned(),
        0..=44 => "in a moment".to_owned(),
        _ if -HOUR < seconds && seconds < 0 => format!("{} ago", count(-seconds, MINUTE, "minute")),
        _ if 0 < seconds && seconds < HOUR => format!("in {}", count(seconds, MINUTE, "minute")),
        _ if seconds < 0 && (days == 0 || seconds > -6 * HOUR) => {
            format!("{} ago", count(-seconds, HOUR, "hour"))
        }
        _ if days == -1 => "yesterday".to_owned(),
        _ if (-6..=-2).contains(&days) => weekday(there.weekday()).to_owned(),
        _ if seconds < 0 => date(&here, &there),
        _ if days == 0 => format!("today at {clock}"),
        _ if days == 1 => format!("tomorrow at {clock}"),
        _ if (2..=6).contains(&days) => format!("{} at {clock}", weekday(there.weekday())),
        _ => format!("{} at {clock}", date(&here, &there)),
    }
}

/// The nearest whole number of a unit.
fn count(seconds: i64, unit: i64, name: &str) -> String {
    let number = ((seconds + unit / 2) / unit).max(1);
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {name}{plural}")
}

/// The day and the month, with the year if it is another.
fn date(now: &Zoned, at: &Zoned) -> String {
    let format = if now.year() == at.year() { "%-d %B" } else { "%-d %B %Y" };
    at.strftime(format).to_string()
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_as_people_say_them() {
        let now = Now { time: "2026-11-29T12:00:00Z".parse().unwrap(), zone: Zone::utc() };
        let cases = [
            ("2026-11-29T11:59:40Z", "just now"),
            ("2026-11-29T12:00:00Z", "just now"),
            ("2026-11-29T12:00:30Z", "in a moment"),
            ("2026-11-29T11:59:00Z", "1 minute ago"),
            ("2026-11-29T11:15:00Z", "45 minutes ago"),
            ("2026-11-29T09:10:00Z", "3 hours ago"),
            ("2026-11-29T00:10:00Z", "12 hours ago"),
            ("2026-11-28T23:50:00Z", "yesterday"),
            ("2026-11-26T08:00:00Z", "Thursday"),
            ("2026-11-22T08:00:00Z", "22 November"),
            ("2025-11-29T12:00:00Z", "29 November 2025"),
            ("2026-11-29T12:05:00Z", "in 5 minutes"),
            ("2026-11-29T17:00:00Z", "today at 17:00 UTC"),
            ("2026-11-30T09:00:00Z", "tomorrow at 09:00 UTC"),
            ("2026-12-04T09:00:00Z", "Friday at 09:00 UTC"),
            ("2026-12-24T09:00:00Z", "24 December at 09:00 UTC"),
            ("2027-03-03T09:00:00Z", "3 March 2027 at 09:00 UTC"),
        ];
        for (at, expected) in cases {
            assert_eq!(words(&now, at.parse().unwrap()), expected, "{at}");
        }
        let zone = Zone::named("Europe/Berlin").unwrap();
        let now = Now { time: "2026-07-24T21:30:00Z".parse().unwrap(), zone };
        let cases = [
            ("2026-07-23T22:10:00Z", "23 hours ago"),
            ("2026-07-23T21:50:00Z", "yesterday"),
            ("2026-07-24T22:40:00Z", "tomorrow at 00:40 CEST"),
            ("2026-12-24T08:00:00Z", "24 December at 09:00 CET"),
        ];
        for (at, expected) in cases {
            assert_eq!(words(&now, at.parse().unwrap()), expected, "{at}");
        }
    }

    #[test]
    fn the_exact_time_is_in_the_title() {
        let at: Time = "2026-11-29T08:12:00Z".parse().unwrap();
        let expected = "<time datetime=\"2026-11-29T08:12:00.000Z\" \
                        title=\"Sunday, 29 November 2026, 08:12 UTC\">just now</time>";
        let mut now = Now { time: at, zone: Zone::utc() };
        assert_eq!(time(&now, at).into_string(), expected);
        now.zone = Zone::named("Asia/Tokyo").unwrap();
        let expected = expected.replace("08:12 UTC", "17:12 JST");
        assert_eq!(time(&now, at).into_string(), expected);
    }
}
