//! The options of a reader.

use std::path::PathBuf;

use byline_shared::model::Time;
use url::Url;

/// Facts that a source does not contain, given by the person who imports it.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// The URL of the old site.
    pub site_url: Option<Url>,
    /// A folder with media files, searched before the usual places.
    pub media_folder: Option<PathBuf>,
    /// The pattern of the old paths of posts, such as `/blog/:year/:month/:title/`.
    pub permalink: Option<String>,
    /// Whether to skip pages and read only posts.
    pub skip_pages: bool,
    /// The current time: posts with a later date are scheduled.
    pub now: Time,
}
