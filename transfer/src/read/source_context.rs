//! Facts about a whole source that the reading of each file needs.

use byline_shared::model::Time;
use jiff::tz::TimeZone;

use crate::model::Tag;

/// Facts about a source that hold for all its files.
pub(super) struct SourceContext {
    /// Whether Byline exported it. Then ids are Byline's, and all tags are known.
    pub(super) is_ours: bool,
    /// The pattern of the old paths.
    pub(super) permalink: Option<String>,
    /// The time zone of times without an offset.
    pub(super) zone: TimeZone,
    /// The current time.
    pub(super) now: Time,
    /// The tags of the source.
    pub(super) tags: Vec<Tag>,
}
