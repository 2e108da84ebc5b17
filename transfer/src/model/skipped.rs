//! What was lost or changed, for the report.

use std::fmt;

use byline_shared::model::hidden;
use serde::{Deserialize, Serialize};

/// Something that was not taken as it is, and the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// Which post, file or entry.
    pub what: String,
    /// Why, in a sentence.
    pub why: String,
}

impl Skipped {
    /// Something, and why it was skipped. Both may repeat texts of the source, and are shown on a
    /// terminal: without characters that nobody sees, or that turn what stands beside them.
    #[must_use]
    pub fn new(what: impl Into<String>, why: impl Into<String>) -> Self {
        let shown = |text: String| hidden::replace(&text, |_| None).text.into_owned();
        Self { what: shown(what.into()), why: shown(why.into()) }
    }
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.why)
    }
}
