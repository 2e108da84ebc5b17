//! `byline import` and `byline export`, for a local data folder or a deployed stack.

mod arguments;
mod error;
mod target;

use std::collections::hash_map::DefaultHasher;
use std::fs::OpenOptions;
use std::hash::{Hash, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use byline_shared::Context;
use byline_shared::clock::{Clock, SystemClock};
use byline_transfer::byline::Tables;
use byline_transfer::fetch::{Fetcher, Limits};
use byline_transfer::import;
use byline_transfer::journal::Journal;
use byline_transfer::read::{self, Format, ReadOptions};
use byline_transfer::report::counted;
use indicatif::{ProgressBar, ProgressStyle};

pub use arguments::{
    ExportArguments, ExportFormat, ImportArguments, MediaChoice, SourceFormat, TargetArguments,
};
pub use error::ImportExportError;
use target::{open, open_existing};

/// Imports. Returns the report.
///
/// # Errors
/// See [`ImportExportError`].
pub async fn import(arguments: ImportArguments) -> Result<String, ImportExportError> {
    let ImportArguments { source, target: target_arguments, .. } = &arguments;
    let format = match arguments.format {
        Some(format) => format.into(),
        None => Format::of(source).map_err(ImportExportError::transfer)?,
    };
    let options = ReadOptions {
        site_url: arguments.source_url.clone(),
        media_folder: arguments.media_folder.clone(),
        permalink: arguments.permalink.clone(),
        skip_pages: arguments.skip_pages,
        now: SystemClock.now(),
    };
    let publication = read::open(source, format, &options).map_err(ImportExportError::transfer)?;
    let bar = bar(publication.post_count);
    if arguments.dry_run {
        return Ok(format!(
            "Would import:\n{}",
            import::look(publication, arguments.media.into(), &bar)
        ));
    }
    let target = open(target_arguments).await?;
    let tables = Tables::open(target.context.clone(), &target_arguments.admin_email).await;
    let tables = tables.map_err(ImportExportError::transfer)?;
    let name = target_name(target_arguments, &target.context);
    let (state, report_file) = files(source, target_arguments, &publication.key, &name);
    let state = arguments.state.clone().unwrap_or(state);
    let report_file = arguments.report.clone().unwrap_or(report_file);
    let journal = Journal::open(&state, &publication.key, &name);
    let mut journal = journal.map_err(ImportExportError::transfer)?;
    let fetcher = Fetcher::new(Limits {
        bytes: arguments.max_file_size.saturating_mul(1024 * 1024),
        time: Duration::from_secs(arguments.timeout),
        private: arguments.allow_private_addresses,
    });
    let fetcher = fetcher.map_err(ImportExportError::transfer)?;
    let media = arguments.media.into();
    let run = import::run(publication, &tables, &fetcher, &mut journal, media, &bar);
    let outcome = Box::pin(run).await;
    let report = outcome.map_err(ImportExportError::transfer)?;
    let media_url = target.describe_media_url();
    target.close().await;
    let text = format!("Imported:\n{report}\n{media_url}");
    match append(&report_file, &format!("{}\n{text}\n\n", SystemClock.now())) {
        Ok(()) => Ok(format!("{text}\nThe report is in {}.", report_file.display())),
        Err(cause) => Err(ImportExportError::Report { text, file: report_file, cause }),
    }
}

/// Exports. Returns a summary of the files that were written.
///
/// # Errors
/// See [`ImportExportError`].
pub async fn export(arguments: ExportArguments) -> Result<String, ImportExportError> {
    let target = open_existing(&arguments.target).await?;
    let form = arguments.format.into();
    let exported =
        byline_transfer::byline::export(&target.context, &arguments.folder, form, &bar(0)).await;
    let exported = exported.map_err(ImportExportError::transfer)?;
    let media_url = target.describe_media_url();
    target.close().await;
    let mut text = format!(
        "Exported {} and {} to {}.\n{media_url}",
        counted(exported.posts, "post"),
        counted(exported.media, "media file"),
        arguments.folder.display()
    );
    for skipped in exported.skipped {
        text.push_str(&format!("\n- {skipped}"));
    }
    Ok(text)
}

/// Appends to a report, which keeps the results of earlier runs.
fn append(file: &Path, text: &str) -> io::Result<()> {
    // With --state elsewhere, nothing has created this folder yet.
    file.parent().map_or(Ok(()), std::fs::create_dir_all)?;
    let mut file = OpenOptions::new().create(true).append(true).open(file)?;
    file.write_all(text.as_bytes())
}

fn bar(length: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}");
    let style = style.expect("the template is a constant");
    ProgressBar::new(length).with_style(style)
}

/// A name for the target, to tell the journals of different targets apart.
fn target_name(target: &TargetArguments, context: &Context) -> String {
    if target.stack {
        return context.config.content_table.clone();
    }
    let folder = target.data.canonicalize().unwrap_or_else(|_| target.data.clone());
    folder.display().to_string()
}

/// The files of the journal and the report: in the data folder, or beside the source for a stack.
fn files(
    source: &Path,
    target: &TargetArguments,
    key: &str,
    target_name: &str,
) -> (PathBuf, PathBuf) {
    let source = source.canonicalize().unwrap_or_else(|_| source.to_owned());
    let name = source.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut hasher = DefaultHasher::new();
    (key, target_name).hash(&mut hasher);
    let name = format!("{name}.import-{:016x}", hasher.finish());
    let folder = if target.stack {
        source.parent().unwrap_or(Path::new(".")).to_owned()
    } else {
        target.data.join("imports")
    };
    (folder.join(format!("{name}.jsonl")), folder.join(format!("{name}.txt")))
}
