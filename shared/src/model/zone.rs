//! A time zone: the clocks of a place, with all their changes.

use std::sync::LazyLock;

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, Zoned};

use super::{Time, TimeZoneName};

/// The rules that are part of the program: functions have none in files, and all of them have the same.
static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// A time zone of the IANA database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

/// Why a clock shows a time at no single moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClockFault {
    /// The clocks are put forward over it.
    #[error("the clocks are put forward over this time")]
    Skipped,
    /// The clocks are put back, and show it twice.
    #[error("the clocks are put back and show this time twice")]
    Twice,
    /// It is too far away.
    #[error("this time is out of range")]
    OutOfRange,
}

impl Zone {
    /// The zone with this name, in any case. `None` if there is none.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let zone = DATABASE.get(name).ok().filter(|zone| !zone.is_unknown());
        zone.filter(|zone| zone.iana_name().is_some()).map(Self)
    }

    /// The zone of a setting. Names that the database no longer has count as UTC.
    #[must_use]
    pub fn of(name: &TimeZoneName) -> Self {
        Self::named(name.as_str()).unwrap_or_else(Self::utc)
    }

    /// Coordinated universal time.
    #[must_use]
    pub const fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The names to choose from: those of places, and `UTC`. The database has more, which are kept for old
    /// programs.
    pub fn names() -> impl Iterator<Item = String> {
        const PLACES: [&str; 10] = [
            "Africa",
            "America",
            "Antarctica",
            "Arctic",
            "Asia",
            "Atlantic",
            "Australia",
            "Europe",
            "Indian",
            "Pacific",
        ];
        let all = DATABASE.available().map(|name| name.as_str().to_owned());
        all.filter(|name| {
            let area = name.split_once('/').map_or("", |(area, _)| area);
            name == "UTC" || PLACES.contains(&area)
        })
    }

    /// Its name as the database writes it.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// What calendars and clocks show here at a time.
    #[must_use]
    pub fn at(&self, time: Time) -> Zoned {
        let nearest = if time.as_millis() < 0 { Timestamp::MIN } else { Timestamp::MAX };
        Timestamp::from_millisecond(time.as_millis()).unwrap_or(nearest).to_zoned(self.0.clone())
    }

    /// When clocks here show this.
    ///
    /// # Errors
    /// If they never do, or twice.
    pub fn moment(&self, clock: DateTime) -> Result<Time, ClockFault> {
        let moment = self.0.to_ambiguous_timestamp(clock);
        match moment.offset() {
            AmbiguousOffset::Unambiguous { .. } => {}
            AmbiguousOffset::Gap { .. } => return Err(ClockFault::Skipped),
            AmbiguousOffset::Fold { .. } => return Err(ClockFault::Twice),
        }
        let moment = moment.unambiguous().map_err(|_| ClockFault::OutOfRange)?;
        Ok(Time::from_millis(moment.as_millisecond()))
    }

    /// When a day begins here: at midnight, or later where the clocks skip it.
    #[must_use]
    pub fn beginning_of(&self, day: Date) -> Option<Time> {
        let moment = day.to_zoned(self.0.clone()).ok()?.timestamp();
        Some(Time::from_millis(moment.as_millisecond()))
    }

    /// The day and the minute in words, as mails say it: `5 January 2026 at 09:00 CET`.
    #[must_use]
    pub fn in_words(&self, time: Time) -> String {
        let at = self.at(time);
        format!("{} {}", at.strftime("%-d %B %Y at %H:%M"), Self::mark(&at))
    }

    /// What stands behind the time of a clock: the abbreviation that the place uses, or else the distance
    /// from UTC.
    #[must_use]
    pub fn mark(at: &Zoned) -> String {
        let mark = at.strftime("%Z").to_string();
        if mark.starts_with(['+', '-']) { format!("UTC{mark}") } else { mark }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(zone: &str, clock: &str) -> Result<String, ClockFault> {
        let zone = Zone::named(zone).unwrap();
        zone.moment(clock.parse().unwrap()).map(|time| time.to_string())
    }

    #[test]
    fn a_clock_is_at_one_moment_unless_it_is_changed() {
        for (zone, clock, expected) in [
            ("Europe/Berlin", "2026-12-24T09:00", Ok("2026-12-24T08:00:00.000Z")),
            ("Europe/Berlin", "2026-07-24T09:00", Ok("2026-07-24T07:00:00.000Z")),
            ("Europe/Berlin", "2026-03-29T02:30", Err(ClockFault::Skipped)),
            ("Europe/Berlin", "2026-10-25T02:30", Err(ClockFault::Twice)),
            ("Europe/Berlin", "2026-10-25T03:00", Ok("2026-10-25T02:00:00.000Z")),
            ("America/New_York", "2026-03-08T02:00", Err(ClockFault::Skipped)),
            ("Asia/Kathmandu", "2026-01-01T00:00", Ok("2025-12-31T18:15:00.000Z")),
            ("UTC", "2026-03-29T02:30", Ok("2026-03-29T02:30:00.000Z")),
            // Beyond the years that the database lists one by one.
            ("Europe/Berlin", "2099-07-01T12:00", Ok("2099-07-01T10:00:00.000Z")),
        ] {
            assert_eq!(moment(zone, clock), expected.map(str::to_owned), "{zone} {clock}");
        }
    }

    #[test]
    fn names_are_found_in_any_case_and_written_in_one() {
        for (name, found) in [
            ("europe/berlin", Some("Europe/Berlin")),
            ("utc", Some("UTC")),
            ("Europe/Atlantis", None),
            ("Etc/Unknown", None),
            ("+01:00", None),
            ("", None),
        ] {
            let zone = Zone::named(name);
            assert_eq!(zone.as_ref().map(Zone::name), found, "{name}");
        }
    }

    #[test]
    fn every_name_to_choose_is_a_setting_that_works() {
        let names: Vec<String> = Zone::names().collect();
        assert!(names.iter().any(|name| name == "UTC") && names.len() > 400, "{}", names.len());
        for name in names {
            let setting: TimeZoneName = name.parse().unwrap();
            assert_eq!(Zone::of(&setting).name(), name);
        }
    }

    #[test]
    fn times_are_said_with_the_mark_of_the_place() {
        let time: Time = "2026-07-24T07:00:00Z".parse().unwrap();
        for (zone, words) in [
            ("UTC", "24 July 2026 at 07:00 UTC"),
            ("Europe/Berlin", "24 July 2026 at 09:00 CEST"),
            ("America/Sao_Paulo", "24 July 2026 at 04:00 UTC-03"),
        ] {
            assert_eq!(Zone::named(zone).unwrap().in_words(time), words);
        }
    }
}
