//! Times as people and generators write them.

use byline_shared::model::Time;
use jiff::civil::{Date, DateTime, Time as Clock};
use jiff::tz::{Offset, TimeZone};

/// The beginnings of the names of months.
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The beginnings of the names of weekdays.
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Zones that are written as three letters or more, with their hours and minutes from UTC.
const ZONES: [(&str, i8, i8); 42] = [
    ("utc", 0, 0),
    ("gmt", 0, 0),
    ("wet", 0, 0),
    ("bst", 1, 0),
    ("west", 1, 0),
    ("cet", 1, 0),
    ("met", 1, 0),
    ("cest", 2, 0),
    ("mest", 2, 0),
    ("eet", 2, 0),
    ("sast", 2, 0),
    ("eest", 3, 0),
    ("msk", 3, 0),
    ("ist", 5, 30),
    ("ict", 7, 0),
    ("wib", 7, 0),
    ("sgt", 8, 0),
    ("hkt", 8, 0),
    ("awst", 8, 0),
    ("pht", 8, 0),
    ("jst", 9, 0),
    ("kst", 9, 0),
    ("acst", 9, 30),
    ("aest", 10, 0),
    ("acdt", 10, 30),
    ("aedt", 11, 0),
    ("nzst", 12, 0),
    ("nzdt", 13, 0),
    ("brt", -3, 0),
    ("art", -3, 0),
    ("nst", -3, -30),
    ("ndt", -2, -30),
    ("ast", -4, 0),
    ("adt", -3, 0),
    ("est", -5, 0),
    ("edt", -4, 0),
    ("cst", -6, 0),
    ("cdt", -5, 0),
    ("mst", -7, 0),
    ("mdt", -6, 0),
    ("pst", -8, 0),
    ("pdt", -7, 0),
];

/// How long the text of a time may be, in bytes.
const MAX_BYTES: usize = 100;

/// A time as it stands in a file. One without a zone is in that of the site; a day alone begins there.
pub(super) fn time(text: &str, zone: &TimeZone) -> Option<Time> {
    let text = text.trim();
    if text.len() > MAX_BYTES {
        return None;
    }
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return Some(Time::from_millis(time.as_millisecond()));
    }
    if let Some(seconds) = seconds(text) {
        return Some(Time::from_millis(seconds));
    }
    let time = match text.parse::<DateTime>() {
        Ok(civil) => zone.to_timestamp(civil).ok()?,
        Err(_) => Parts::of(text)?.timestamp(zone)?,
    };
    Some(Time::from_millis(time.as_millisecond()))
}

/// Whether a date such as `05/03/2015` is another day where the month comes first.
pub(super) fn is_ambiguous(text: &str) -> bool {
    let date = text.split_whitespace().next().unwrap_or_default();
    let numbers: Vec<u16> = date.split('/').filter_map(|part| part.parse().ok()).collect();
    matches!(numbers.as_slice(), [day, month, year] if day != month && *day <= 12 && *month <= 12 && *year > 31)
}

/// Seconds or milliseconds since 1970, as milliseconds.
fn seconds(text: &str) -> Option<i64> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse::<i64>().ok().filter(|_| is_number)?;
    match text.len() {
        10 => Some(number * 1000),
        13 => Some(number),
        _ => None,
    }
}

/// The parts of a time, in whatever order they come.
#[derive(Default)]
struct Parts {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    clock: Option<Clock>,
    is_afternoon: Option<bool>,
    zone: Option<TimeZone>,
}

impl Parts {
    fn of(text: &str) -> Option<Self> {
        let mut parts = Self::default();
        // `Thu Mar 05 2015 10:00:00 GMT+0100 (Central European Standard Time)`.
        let text = text.split('(').next().unwrap_or(text);
        let text = text.replace(['\u{5e74}', '\u{6708}'], "-").replace('\u{65e5}', " ");
        for word in text.split(|char: char| char.is_whitespace() || char == ',') {
            if !word.is_empty() {
                parts.word(word)?;
            }
        }
        Some(parts)
    }

    fn word(&mut self, word: &str) -> Option<()> {
        let small = word.to_lowercase();
        let name = small.trim_end_matches('.');
        let begins = |names: &[&str]| names.iter().position(|start| name.starts_with(start));
        if name.len() >= 3 && name.chars().all(char::is_alphabetic) {
            if let Some((_, hours, minutes)) = ZONES.iter().find(|(zone, ..)| *zone == name) {
                // Go writes the name of the zone behind its offset.
                if self.zone.is_some() {
                    return Some(());
                }
                return self.offset(*hours, *minutes);
            }
            if let Some(month) = begins(&MONTHS) {
                return set(&mut self.month, month as i8 + 1);
            }
            return begins(&WEEKDAYS).map(|_| ());
        }
        match name {
            "am" | "a.m" => return set(&mut self.is_afternoon, false),
            "pm" | "p.m" => return set(&mut self.is_afternoon, true),
            "z" | "ut" => return self.offset(0, 0),
            "at" | "t" | "of" | "um" => return Some(()),
            _ => {}
        }
        if small.contains(':') || small.ends_with("am") || small.ends_with("pm") {
            return self.clock_or_more(&small);
        }
        let letters = small.trim_start_matches(char::is_alphabetic);
        if letters.starts_with(['+', '-']) {
            return self.signed(&small);
        }
        if word.contains('/') && word.starts_with(|char: char| char.is_ascii_alphabetic()) {
            return set(&mut self.zone, TimeZone::get(word).ok()?);
        }
        self.date(name)
    }

    /// `10:00`, `9:00pm`, `10:00:00.000Z`, `10:00+0100`, `2015-03-05T9:00`, or `+05:30` alone.
    fn clock_or_more(&mut self, word: &str) -> Option<()> {
        if word.starts_with(['+', '-']) || word.starts_with("utc") || word.starts_with("gmt") {
            return self.signed(word);
        }
        let word = match word.split_once('t').filter(|(date, _)| date.contains('-')) {
            Some((date, rest)) => {
                self.date(date)?;
                rest
            }
            None => word,
        };
        let end = word.find(|char: char| !(char.is_ascii_digit() || matches!(char, ':' | '.')));
        let (clock, rest) = word.split_at(end.unwrap_or(word.len()));
        let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
        let mut numbers = clock.split(':').map(|part| part.parse::<i8>());
        let hour = numbers.next()?.ok()?;
        let minute = numbers.next().transpose().ok()?.unwrap_or(0);
        let second = numbers.next().transpose().ok()?.unwrap_or(0);
        if numbers.next().is_some() {
            return None;
        }
        let nanos: String = fraction.chars().chain("000000000".chars()).take(9).collect();
        let clock = Clock::new(hour, minute, second, nanos.parse().ok()?).ok()?;
        set(&mut self.clock, clock)?;
        match rest {
            "" => Some(()),
            "am" => set(&mut self.is_afternoon, false),
            "pm" => set(&mut self.is_afternoon, true),
            rest if rest.starts_with(['+', '-']) => self.signed(rest),
            zone => self.word(zone),
        }
    }

    /// `+0100`, `-05:00`, `+1`, `GMT+0100`.
    fn signed(&mut self, word: &str) -> Option<()> {
        let rest = word.trim_start_matches(|char: char| char.is_ascii_alphabetic());
        let letters = &word[..word.len() - rest.len()];
        if !matches!(letters, "" | "utc" | "gmt") {
            return None;
        }
        let sign = if rest.starts_with('-') { -1 } else { 1 };
        let digits = rest.get(1..)?.replace(':', "");
        let (hours, minutes) = match digits.len() {
            1 | 2 => (digits.as_str(), "0"),
            4 => digits.split_at(2),
            _ => return None,
        };
        let (hours, minutes) = (hours.parse::<i8>().ok()?, minutes.parse::<i8>().ok()?);
        // Some write the name of a zone and its offset behind it.
        self.zone = None;
        self.offset(sign * hours, sign * minutes)
    }

    fn offset(&mut self, hours: i8, minutes: i8) -> Option<()> {
        let seconds = (i32::from(hours) * 60 + i32::from(minutes)) * 60;
        set(&mut self.zone, TimeZone::fixed(Offset::from_seconds(seconds).ok()?))
    }

    /// `2012-1-5`, `5.3.2015`, `05/03/2015`, `20150305`, `5th`, `2015`, `02-Jan-06`.
    fn date(&mut self, word: &str) -> Option<()> {
        let parts: Vec<&str> =
            word.split(['-', '/', '.']).filter(|part| !part.is_empty()).collect();
        match parts.as_slice() {
            [one] if one.len() == 8 && one.is_ascii() => {
                self.day_of(&one[..4], &one[4..6], &one[6..])
            }
            [one] if one.len() == 4 => set(&mut self.year, one.parse().ok()?),
            [one] => {
                let one = one.trim_end_matches(|char: char| char.is_ascii_alphabetic());
                let day = one.parse::<i8>().ok().filter(|day| (1..=31).contains(day))?;
                set(&mut self.day, day)
            }
            [year, month, day] if year.len() == 4 => self.day_of(year, month, day),
            // As Ruby reads it, and most of the world: the day first, unless that is no month.
            [day, month, year] if month.parse::<i8>().is_ok_and(|month| month > 12) => {
                self.day_of(year, day, month)
            }
            [day, month, year] => self.day_of(year, month, day),
            _ => None,
        }
    }

    fn day_of(&mut self, year: &str, month: &str, day: &str) -> Option<()> {
        let written = year.parse::<i16>().ok()?;
        let year = match year.len() {
            4 => written,
            2 if written < 70 => written + 2000,
            2 => written + 1900,
            _ => return None,
        };
        let named = || MONTHS.iter().position(|name| month.to_lowercase().starts_with(name));
        let month = month.parse::<i8>().ok().or_else(|| named().map(|at| at as i8 + 1))?;
        set(&mut self.year, year)?;
        set(&mut self.month, month)?;
        set(&mut self.day, day.parse().ok()?)
    }

    fn timestamp(self, site: &TimeZone) -> Option<jiff::Timestamp> {
        let date = Date::new(self.year?, self.month?, self.day?).ok()?;
        let clock = self.clock.unwrap_or(Clock::midnight());
        let hour = match (self.is_afternoon, clock.hour()) {
            (Some(_), 0 | 13..) => return None,
            (Some(true), hour @ 1..=11) => hour + 12,
            (Some(false), 12) => 0,
            (_, hour) => hour,
        };
        let clock =
            Clock::new(hour, clock.minute(), clock.second(), clock.subsec_nanosecond()).ok()?;
        let zone = self.zone.unwrap_or_else(|| site.clone());
        zone.to_timestamp(date.to_datetime(clock)).ok()
    }
}

/// Sets what was not said before.
fn set<T>(part: &mut Option<T>, value: T) -> Option<()> {
    part.is_none().then(|| *part = Some(value))
}

#[cfg(test)]
mod tests;
