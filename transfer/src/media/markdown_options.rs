//! The Markdown dialect of Byline.

use comrak::Options;

/// The parser options that Byline renders posts with.
pub(crate) fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.autolink = true;
    options.extension.footnotes = true;
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.tasklist = true;
    options.render.r#unsafe = true;
    options
}
