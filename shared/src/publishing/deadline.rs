//! A last limit of time for rendering, for what the counted limits of `html_limits` do not foresee.
//!
//! Each stage asks it as it goes on: the parser between two steps, the writers at each piece that
//! they write. So a text that a stage is slow with ends that stage, and the thread is free again.

use std::cell::Cell;
use std::fmt;
use std::io;
use std::time::{Duration, Instant};

use crate::model::too_complex::{MAX_HTML, TooComplex};

/// How long rendering may take. What the counted limits admit takes less than a second on one core,
/// and a function has a fraction of a core and 15 seconds to answer.
const LIMIT: Duration = Duration::from_secs(5);

/// How long comparing two rendered texts may take, beside the comparison of their sources.
const COMPARING: Duration = Duration::from_millis(800);

/// How often it is asked between two looks at the clock.
const ASKED: u32 = 64;

/// When rendering has to be done.
pub(super) struct Deadline {
    ends: Instant,
    asked: Cell<u32>,
    past: Cell<bool>,
}

impl Deadline {
    /// The deadline of a rendering that begins now.
    pub(super) fn of_rendering() -> Self {
        Self::after(LIMIT)
    }

    /// The deadline of a comparison that begins now.
    pub(super) fn of_comparing() -> Self {
        Self::after(COMPARING)
    }

    /// When the time is over, for work that looks at the clock itself.
    pub(super) fn ends(&self) -> Instant {
        self.ends
    }

    /// Whether the time is over, after work of some length.
    pub(super) fn is_past_now(&self) -> bool {
        self.past.set(self.past.get() || Instant::now() >= self.ends);
        self.past.get()
    }

    /// A deadline that is past.
    #[cfg(test)]
    pub(super) fn over() -> Self {
        Self::after(Duration::ZERO)
    }

    fn after(limit: Duration) -> Self {
        Self { ends: Instant::now() + limit, asked: Cell::new(0), past: Cell::new(false) }
    }

    /// Whether the time is over.
    pub(super) fn is_past(&self) -> bool {
        let asked = self.asked.get();
        if asked.is_multiple_of(ASKED) && Instant::now() >= self.ends {
            self.past.set(true);
        }
        self.asked.set(asked.wrapping_add(1));
        self.past.get()
    }

    /// Why a stage ended early.
    fn reason(&self, otherwise: TooComplex) -> TooComplex {
        if self.past.get() { TooComplex::Time } else { otherwise }
    }
}

/// HTML as it is written, until it is too long or the time is over.
pub(super) struct Bounded<'a> {
    html: Vec<u8>,
    deadline: &'a Deadline,
}

impl<'a> Bounded<'a> {
    pub(super) fn new(deadline: &'a Deadline) -> Self {
        Self { html: Vec::new(), deadline }
    }

    /// What was written, with what its writer said at the end.
    ///
    /// # Errors
    /// Which limit ended it.
    pub(super) fn finish<E>(self, outcome: Result<(), E>) -> Result<String, TooComplex> {
        match outcome {
            Ok(()) => Ok(String::from_utf8(self.html).expect("the writers of HTML write UTF-8")),
            Err(_) => Err(self.deadline.reason(TooComplex::Length)),
        }
    }

    /// Takes a piece; false if there is no more room or time.
    fn takes(&mut self, piece: &[u8]) -> bool {
        let fits = self.html.len() + piece.len() <= MAX_HTML && !self.deadline.is_past();
        if fits {
            self.html.extend_from_slice(piece);
        }
        fits
    }
}

impl fmt::Write for Bounded<'_> {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        if self.takes(piece.as_bytes()) { Ok(()) } else { Err(fmt::Error) }
    }
}

impl io::Write for Bounded<'_> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        if self.takes(piece) {
            return Ok(piece.len());
        }
        Err(io::Error::other("no room or time is left"))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// HTML as it is read, until the time is over.
pub(super) struct Timed<'a> {
    html: &'a [u8],
    deadline: &'a Deadline,
}

impl<'a> Timed<'a> {
    pub(super) fn new(html: &'a str, deadline: &'a Deadline) -> Self {
        Self { html: html.as_bytes(), deadline }
    }
}

impl io::Read for Timed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.deadline.is_past() {
            return Err(io::Error::other("no time is left"));
        }
        self.html.read(buffer)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::io::Read as _;

    use super::*;

    #[test]
    fn what_is_past_stays_past_and_ends_reading_and_writing() {
        let deadline = Deadline::after(Duration::ZERO);
        assert!(deadline.is_past());
        let mut text = String::new();
        assert!(Timed::new("<p>x</p>", &deadline).read_to_string(&mut text).is_err());
        let mut html = Bounded::new(&deadline);
        let outcome = html.write_str("<p>");
        assert_eq!(html.finish(outcome), Err(TooComplex::Time));
    }

    #[test]
    fn what_is_too_long_ends_while_it_is_written() {
        let deadline = Deadline::of_rendering();
        let mut html = Bounded::new(&deadline);
        html.write_str("<p>").unwrap();
        let outcome = html.write_str(&"x".repeat(MAX_HTML));
        assert_eq!(html.finish(outcome), Err(TooComplex::Length));
        let mut html = Bounded::new(&deadline);
        let outcome = html.write_str("<p>");
        assert_eq!(html.finish(outcome).as_deref(), Ok("<p>"));
    }

    #[test]
    fn a_deadline_is_past_when_its_time_is_over() {
        let (over, later) = (Deadline::over(), Deadline::of_rendering());
        assert!(over.is_past_now() && over.is_past_now());
        assert!(!later.is_past_now() && !later.is_past());
        assert!(later.ends() > over.ends());
        // It is not asked at each step.
        let soon = Deadline::over();
        soon.asked.set(1);
        for _ in 1..ASKED {
            assert!(!soon.is_past());
        }
        assert!(soon.is_past());
        // What was found past stays so, whatever is asked next.
        soon.asked.set(1);
        assert!(soon.is_past() && soon.is_past_now());
    }

    #[test]
    fn what_is_written_has_room_for_the_longest_html() {
        use std::io::Write as _;
        let deadline = Deadline::of_rendering();
        let (half, rest) = (MAX_HTML / 2, MAX_HTML - MAX_HTML / 2);
        for (more, fits) in [(0, true), (1, false)] {
            let mut html = Bounded::new(&deadline);
            assert_eq!(html.write(&vec![b'x'; half]).unwrap(), half);
            let written = html.write(&vec![b'x'; rest + more]).map(drop);
            assert_eq!(written.is_ok(), fits);
            let expected = if fits { Ok(MAX_HTML) } else { Err(TooComplex::Length) };
            assert_eq!(html.finish(written).map(|html| html.len()), expected);
        }
    }
}
