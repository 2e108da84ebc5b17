//! `byline import` and `byline export`: into and out of this machine's data, or a stack's tables.

mod arguments;
mod opened;

use std::collections::hash_map::DefaultHasher;
use std::fs::OpenOptions;
use std::hash::{Hash, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use byline_shared::Context;
use byline_shared::clock::{Clock, SystemClock};
use byline_shared::model::Email;
use byline_transfer::byline::Tables;
use byline_transfer::fetch::{Fetcher, Limits};
use byline_transfer::import;
use byline_transfer::journal::Journal;
use byline_transfer::read::{self, Format, ReadOptions};
use byline_transfer::report::counted;
use indicatif::{ProgressBar, ProgressStyle};

pub use arguments::{
    ExportArguments, ExportFormat, ImportArguments, MediaChoice, Place, SourceFormat,
};
use opened::{open, open_existing};

/// Imports; answers the report.
///
/// # Errors
/// What stopped it, and what to do.
pub async fn import(arguments: ImportArguments) -> Result<String, String> {
    let ImportArguments { source, place, .. } = &arguments;
    let format = match arguments.format {
        Some(format) => format.into(),
        None => Format::of(source).map_err(|error| error.to_string())?,
    };
    let options = ReadOptions {
        site_url: arguments.source_url.clone(),
        media_folder: arguments.media_folder.clone(),
        permalink: arguments.permalink.clone(),
        skip_pages: arguments.skip_pages,
        now: SystemClock.now(),
    };
    let publication = read::open(source, format, &options).map_err(|error| error.to_string())?;
    let bar = bar(publication.post_count);
    if arguments.dry_run {
        return Ok(format!(
            "Would import:\n{}",
            import::look(publication, arguments.media.into(), &bar)
        ));
    }
    let opened = open(place).await?;
    let tables = Tables::open(opened.context.clone(), &Email::trusted(&place.admin_email)).await?;
    let target = target_name(place, &opened.context);
    let (state, report_file) = files(source, place, &publication.key, &target);
    let state = arguments.state.clone().unwrap_or(state);
    let report_file = arguments.report.clone().unwrap_or(report_file);
    let journal = Journal::open(&state, &publication.key, &target);
    let mut journal = journal.map_err(|error| error.to_string())?;
    let fetcher = Fetcher::new(Limits {
        bytes: arguments.max_file_size.saturating_mul(1024 * 1024),
        time: Duration::from_secs(arguments.timeout),
        private: arguments.allow_private_addresses,
    })?;
    let media = arguments.media.into();
    let outcome = import::run(publication, &tables, &fetcher, &mut journal, media, &bar).await;
    let report = outcome.map_err(|error| error.to_string())?;
    let address = opened.media_address();
    opened.close().await;
    let text = format!("Imported:\n{report}\n{address}");
    append(&report_file, &format!("{}\n{text}\n\n", SystemClock.now()))
        .map_err(|error| format!("{text}\n{} cannot be written: {error}", report_file.display()))?;
    Ok(format!("{text}\nThe report is in {}.", report_file.display()))
}

/// Exports; answers what was written.
///
/// # Errors
/// What stopped it, and what to do.
pub async fn export(arguments: ExportArguments) -> Result<String, String> {
    let opened = open_existing(&arguments.place).await?;
    let form = arguments.format.into();
    let exported =
        byline_transfer::byline::export(&opened.context, &arguments.folder, form, &bar(0)).await;
    let exported = exported.map_err(|error| error.to_string())?;
    let address = opened.media_address();
    opened.close().await;
    let mut text = format!(
        "Exported {} and {} to {}.\n{address}",
        counted(exported.posts, "post"),
        counted(exported.media, "media file"),
        arguments.folder.display()
    );
    for skipped in exported.skipped {
        text.push_str(&format!("\n- {skipped}"));
    }
    Ok(text)
}

/// Adds to a report: what an earlier run said stays.
fn append(file: &Path, text: &str) -> io::Result<()> {
    // The journal may be elsewhere, and then nothing has made this folder.
    file.parent().map_or(Ok(()), std::fs::create_dir_all)?;
    let mut file = OpenOptions::new().create(true).append(true).open(file)?;
    file.write_all(text.as_bytes())
}

fn bar(length: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}");
    let style = style.expect("the template is a constant");
    ProgressBar::new(length).with_style(style)
}

/// Names the target among others.
fn target_name(place: &Place, context: &Context) -> String {
    if place.stack {
        return context.config.content_table.clone();
    }
    let folder = place.data.canonicalize().unwrap_or_else(|_| place.data.clone());
    folder.display().to_string()
}

/// The files of the state and of the report: with this machine's data, or beside the source.
fn files(source: &Path, place: &Place, key: &str, target: &str) -> (PathBuf, PathBuf) {
    let source = source.canonicalize().unwrap_or_else(|_| source.to_owned());
    let name = source.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut hasher = DefaultHasher::new();
    (key, target).hash(&mut hasher);
    let name = format!("{name}.import-{:016x}", hasher.finish());
    let folder = if place.stack {
        source.parent().unwrap_or(Path::new(".")).to_owned()
    } else {
        place.data.join("imports")
    };
    (folder.join(format!("{name}.jsonl")), folder.join(format!("{name}.txt")))
}
