//! `byline import` and `byline export`: into and out of this machine's data, or a stack's tables.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use aws_config::{BehaviorVersion, Region};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use shared::Context;
use shared::clock::SystemClock;
use shared::config::Config;
use shared::model::Email;
use transfer::byline::Tables;
use transfer::export::Form;
use transfer::fetch::{Fetcher, Limits};
use transfer::import::{self, Media};
use transfer::journal::Journal;
use transfer::read::{self, Format, ReadOptions};
use url::Url;

use crate::engine::Data;
use crate::{Byline, Options};

/// Where the local runner is reached unless it is told otherwise: addresses of media hold it.
const LOCAL_URL: &str = "http://127.0.0.1:8000";

/// Which Byline is meant.
#[derive(Args, Clone, Debug)]
pub struct Place {
    /// The folder of this machine's data. `byline` must not be running on it.
    #[arg(long, default_value = ".byline")]
    pub data: PathBuf,
    /// Work on a deployed stack, with the AWS credentials of the environment; the names of its
    /// resources come from the variables that its functions have, or from the options below.
    #[arg(long, conflicts_with = "data")]
    pub stack: bool,
    /// The stack's region.
    #[arg(long, requires = "stack")]
    pub region: Option<String>,
    /// The stack's table of content.
    #[arg(long, env = "BYLINE_CONTENT_TABLE")]
    pub content_table: Option<String>,
    /// The stack's table of accounts.
    #[arg(long, env = "BYLINE_IDENTITY_TABLE")]
    pub identity_table: Option<String>,
    /// The stack's bucket of media.
    #[arg(long, env = "BYLINE_MEDIA_BUCKET")]
    pub media_bucket: Option<String>,
    /// Where readers find the stack's media.
    #[arg(long, env = "BYLINE_MEDIA_URL")]
    pub media_url: Option<String>,
    /// The admin in whose name it is done.
    #[arg(long, env = "BYLINE_ADMIN_EMAIL", default_value = "admin@example.com")]
    pub admin_email: String,
}

/// What to import, and how.
#[derive(Args, Clone, Debug)]
pub struct ImportArguments {
    /// A folder of Markdown files, an export of Byline, Ghost (.json) or WordPress (.xml).
    pub source: PathBuf,
    /// What the source is, where its name does not say so.
    #[arg(long, value_enum)]
    pub format: Option<SourceFormat>,
    /// Where the site was reached: for its media, and where the source does not say it.
    #[arg(long)]
    pub source_url: Option<Url>,
    /// Where its media files are on this machine, such as Ghost's `content` folder.
    #[arg(long)]
    pub media_folder: Option<PathBuf>,
    /// The pattern of its posts' addresses, such as `/blog/:year/:month/:title/`.
    #[arg(long)]
    pub permalink: Option<String>,
    /// Leave pages out; they become posts otherwise.
    #[arg(long)]
    pub skip_pages: bool,
    /// Which media files to bring along.
    #[arg(long, value_enum, default_value_t = MediaChoice::All)]
    pub media: MediaChoice,
    /// How large a media file may be, in MiB.
    #[arg(long, default_value_t = 50)]
    pub max_file_size: u64,
    /// How long fetching one may take, in seconds.
    #[arg(long, default_value_t = 60)]
    pub timeout: u64,
    /// Fetch from this machine and its network, too.
    #[arg(long)]
    pub allow_private_addresses: bool,
    /// The file that says what has been done.
    #[arg(long)]
    pub state: Option<PathBuf>,
    /// The file that the report is written to.
    #[arg(long)]
    pub report: Option<PathBuf>,
    /// Read everything, say what would be imported, and write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Where it goes.
    #[command(flatten)]
    pub place: Place,
}

/// What to export, and how.
#[derive(Args, Clone, Debug)]
pub struct ExportArguments {
    /// A folder that is empty or missing.
    pub folder: PathBuf,
    /// Markdown files, or one JSON file.
    #[arg(long, value_enum, default_value_t = ExportFormat::Markdown)]
    pub format: ExportFormat,
    /// Where it comes from.
    #[command(flatten)]
    pub place: Place,
}

/// What a source is.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum SourceFormat {
    /// Markdown files with front matter.
    Markdown,
    /// Ghost's JSON file.
    Ghost,
    /// WordPress's XML file.
    Wordpress,
    /// Byline's JSON file.
    Json,
}

/// Which media files are brought along.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum MediaChoice {
    /// All images, and files of the same site that are linked to.
    All,
    /// Those of the same site alone.
    Own,
    /// None.
    None,
}

/// The form of an export.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ExportFormat {
    /// A Markdown file per post.
    Markdown,
    /// `byline.json`.
    Json,
}

/// An open Byline, on this machine or on AWS.
struct Opened {
    context: Context,
    local: Option<Byline>,
}

impl Opened {
    /// Ends what was begun.
    async fn close(self) {
        if let Some(byline) = self.local {
            byline.stop().await;
        }
    }
}

/// Imports; answers the report.
///
/// # Errors
/// What stopped it, and what to do.
pub async fn import(arguments: ImportArguments) -> Result<String, String> {
    let ImportArguments { source, place, .. } = &arguments;
    let format = match arguments.format {
        Some(SourceFormat::Markdown) => Format::Markdown,
        Some(SourceFormat::Ghost) => Format::Ghost,
        Some(SourceFormat::Wordpress) => Format::Wordpress,
        Some(SourceFormat::Json) => Format::Json,
        None => Format::of(source).map_err(|error| error.to_string())?,
    };
    let clock = Arc::new(SystemClock);
    let options = ReadOptions {
        site_url: arguments.source_url.clone(),
        media_folder: arguments.media_folder.clone(),
        permalink: arguments.permalink.clone(),
        skip_pages: arguments.skip_pages,
        now: shared::clock::Clock::now(&*clock),
    };
    let publication = read::open(source, format, &options).map_err(|error| error.to_string())?;
    let bar = bar(publication.post_count);
    if arguments.dry_run {
        return Ok(format!("Would import:\n{}", import::look(publication, &bar)));
    }
    let opened = open(place).await?;
    let tables = Tables::open(opened.context.clone(), &Email::trusted(&place.admin_email)).await?;
    let target = target_name(place, &opened.context);
    let files = files(source, place, &publication.key, &target);
    let (state, report_file) = files;
    let state = arguments.state.clone().unwrap_or(state);
    let report_file = arguments.report.clone().unwrap_or(report_file);
    let mut journal = Journal::open(&state, &publication.key, &target);
    let journal = journal.as_mut().map_err(|error| error.to_string())?;
    let fetcher = Fetcher::new(Limits {
        bytes: arguments.max_file_size.saturating_mul(1024 * 1024),
        time: Duration::from_secs(arguments.timeout),
        private: arguments.allow_private_addresses,
    })?;
    let media = match arguments.media {
        MediaChoice::All => Media::All,
        MediaChoice::Own => Media::Own,
        MediaChoice::None => Media::None,
    };
    let outcome = import::run(publication, &tables, &fetcher, journal, media, &bar).await;
    let report = outcome.map_err(|error| error.to_string())?;
    opened.close().await;
    let text = format!("Imported:\n{report}");
    // The journal may be elsewhere, and then nothing has made this folder.
    let folder = report_file.parent().map_or(Ok(()), std::fs::create_dir_all);
    folder
        .and_then(|()| std::fs::write(&report_file, &text))
        .map_err(|error| format!("{text}\n{} cannot be written: {error}", report_file.display()))?;
    Ok(format!("{text}\nThe report is in {}.", report_file.display()))
}

/// Exports; answers what was written.
///
/// # Errors
/// What stopped it, and what to do.
pub async fn export(arguments: ExportArguments) -> Result<String, String> {
    let opened = open(&arguments.place).await?;
    let form = match arguments.format {
        ExportFormat::Markdown => Form::Markdown,
        ExportFormat::Json => Form::Json,
    };
    let exported =
        transfer::byline::export(&opened.context, &arguments.folder, form, &bar(0)).await;
    let exported = exported.map_err(|error| error.to_string())?;
    opened.close().await;
    let mut text = format!(
        "Exported {} posts and {} media files to {}.",
        exported.posts,
        exported.media,
        arguments.folder.display()
    );
    for skipped in exported.skipped {
        text.push_str(&format!("\n- {skipped}"));
    }
    Ok(text)
}

fn bar(length: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}");
    let style = style.expect("the template is a constant");
    ProgressBar::new(length).with_style(style)
}

async fn open(place: &Place) -> Result<Opened, String> {
    if place.stack {
        return stack(place).await.map(|context| Opened { context, local: None });
    }
    let options = Options {
        address: ([127, 0, 0, 1], 0).into(),
        data: Data::Folder(place.data.clone()),
        admin_email: Email::trusted(&place.admin_email),
        variable: |name| {
            let given = std::env::var(name).ok().filter(|value| !value.is_empty());
            given.or_else(|| (name == "BYLINE_PUBLIC_URL").then(|| LOCAL_URL.to_owned()))
        },
        ..Options::in_memory()
    };
    let byline = Byline::start(options).await.map_err(|error| error.to_string())?;
    if let Some(password) = &byline.admin.password {
        eprintln!(
            "The admin {} was made with the password {}\nIt is shown this once.",
            byline.admin.email,
            password.expose()
        );
    }
    Ok(Opened { context: byline.context.clone(), local: Some(byline) })
}

/// A deployed stack, reached with the credentials of the environment.
async fn stack(place: &Place) -> Result<Context, String> {
    let config = Config::from_lookup(|name| {
        let given = match name {
            "BYLINE_CONTENT_TABLE" => place.content_table.clone(),
            "BYLINE_IDENTITY_TABLE" => place.identity_table.clone(),
            "BYLINE_MEDIA_BUCKET" => place.media_bucket.clone(),
            "BYLINE_MEDIA_URL" => place.media_url.clone(),
            _ => std::env::var(name).ok(),
        };
        let unused = match name {
            // Neither tokens nor mails are made here.
            "BYLINE_PUBLIC_URL" | "BYLINE_SITE_URL" => "https://byline.invalid",
            "BYLINE_MAIL_FROM" => "byline@byline.invalid",
            "BYLINE_TOKEN_SECRET_PARAMETER" | "BYLINE_ACCOUNT_SECRET_PARAMETER" => "/unused",
            _ => return Ok(given),
        };
        Ok(Some(given.unwrap_or_else(|| unused.to_owned())))
    });
    let config = config.map_err(|error| {
        format!(
            "{error}. Take the variables from one of the stack's functions (docs/OPERATIONS.md, \
             \"Moving in and out\"), or name what is missing by its option."
        )
    })?;
    let mut loader = aws_config::defaults(BehaviorVersion::latest());
    if let Some(region) = &place.region {
        loader = loader.region(Region::new(region.clone()));
    }
    Ok(Context::new(Arc::new(config), loader.load().await, Arc::new(SystemClock)))
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
