//! Facts about a whole source that the reading of each file needs.

use std::collections::BTreeMap;

use byline_shared::model::Time;
use jiff::tz::TimeZone;

use super::permalink::Generator;
use crate::model::Tag;

/// Facts about a source that hold for all its files.
pub(super) struct SourceContext {
    /// Whether Byline exported it. Then ids are Byline's, and all tags are known.
    pub(super) is_ours: bool,
    /// Under which addresses posts were found.
    pub(super) addresses: Addresses,
    /// The time zone of times without an offset.
    pub(super) zone: TimeZone,
    /// The current time.
    pub(super) now: Time,
    /// The tags of the source.
    pub(super) tags: Vec<Tag>,
}

/// How the addresses of posts were made.
#[derive(Clone, Debug, Default)]
pub(super) struct Addresses {
    pub(super) generator: Generator,
    /// The pattern that the person who imports names.
    pub(super) given: Option<String>,
    /// The pattern of the settings.
    pub(super) pattern: Option<String>,
    /// The patterns of the settings by the first folder of a post, in small letters.
    pub(super) sections: BTreeMap<String, String>,
    /// Whether pages are files and not folders: `/a.html`.
    pub(super) is_ugly: bool,
    /// The path of the site, without a slash at the end.
    pub(super) base: String,
    /// The languages of the settings and of the folders, in small letters.
    pub(super) languages: Vec<String>,
    /// The language of files that name none.
    pub(super) default_language: Option<String>,
    /// Whether that language has a folder in addresses, too.
    pub(super) in_folder: bool,
}
