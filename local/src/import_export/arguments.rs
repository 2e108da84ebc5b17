//! The command-line arguments of `byline import` and `byline export`.

use std::path::PathBuf;

use byline_shared::model::Email;
use byline_transfer::export::Form;
use byline_transfer::import::Media;
use byline_transfer::read::Format;
use clap::{Args, ValueEnum};
use url::Url;

/// Which Byline to import into or export from.
#[derive(Args, Clone, Debug)]
pub struct TargetArguments {
    /// The data folder of the local Byline, which must not be running.
    #[arg(long, default_value = ".byline")]
    pub data: PathBuf,
    /// The URL of the local Byline. URLs of media files in posts begin with it. Default:
    /// `BYLINE_PUBLIC_URL`, or http://127.0.0.1:8000.
    #[arg(long, conflicts_with = "stack")]
    pub public_url: Option<Url>,
    /// Use a deployed stack, with the AWS credentials of the environment. Name its resources with the
    /// variables of its functions, or with the options below.
    #[arg(long, conflicts_with = "data")]
    pub stack: bool,
    /// The AWS region of the stack.
    #[arg(long, requires = "stack")]
    pub region: Option<String>,
    /// The name of the stack's `content` table.
    #[arg(long, env = "BYLINE_CONTENT_TABLE")]
    pub content_table: Option<String>,
    /// The name of the stack's `identity` table.
    #[arg(long, env = "BYLINE_IDENTITY_TABLE")]
    pub identity_table: Option<String>,
    /// The name of the stack's media bucket.
    #[arg(long, env = "BYLINE_MEDIA_BUCKET")]
    pub media_bucket: Option<String>,
    /// The URL at which readers find the stack's media.
    #[arg(long, env = "BYLINE_MEDIA_URL")]
    pub media_url: Option<String>,
    /// The e-mail address of the admin whose account is used.
    #[arg(long, env = "BYLINE_ADMIN_EMAIL", default_value = "admin@example.com")]
    pub admin_email: Email,
}

/// The arguments of `byline import`.
#[derive(Args, Clone, Debug)]
pub struct ImportArguments {
    /// A folder of Markdown files, or an export of Byline, Ghost (.json) or WordPress (.xml).
    pub source: PathBuf,
    /// The format of the source. Default: recognised by its name.
    #[arg(long, value_enum)]
    pub format: Option<SourceFormat>,
    /// The URL of the old site, to fetch its media. Needed if the source does not contain it.
    #[arg(long)]
    pub source_url: Option<Url>,
    /// A local folder with the old site's media files, such as Ghost's `content` folder.
    #[arg(long)]
    pub media_folder: Option<PathBuf>,
    /// The URL pattern of the old site's posts, such as `/blog/:year/:month/:title/`.
    #[arg(long)]
    pub permalink: Option<String>,
    /// Skip pages. By default they become pages.
    #[arg(long)]
    pub skip_pages: bool,
    /// Which media files to import.
    #[arg(long, value_enum, default_value_t = MediaChoice::All)]
    pub media: MediaChoice,
    /// The maximum size of a media file, in MiB.
    #[arg(long, default_value_t = 50)]
    pub max_file_size: u64,
    /// The time limit for fetching a media file, in seconds.
    #[arg(long, default_value_t = 60)]
    pub timeout: u64,
    /// Also fetch media from private addresses: this machine and its network.
    #[arg(long)]
    pub allow_private_addresses: bool,
    /// The file that records the progress, so that an interrupted import can resume.
    #[arg(long)]
    pub state: Option<PathBuf>,
    /// The file that the report is appended to.
    #[arg(long)]
    pub report: Option<PathBuf>,
    /// Print what would be imported, and write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// The Byline to import into.
    #[command(flatten)]
    pub target: TargetArguments,
}

/// The arguments of `byline export`.
#[derive(Args, Clone, Debug)]
pub struct ExportArguments {
    /// The folder to write to. It must be empty or missing.
    pub folder: PathBuf,
    /// The format of the export.
    #[arg(long, value_enum, default_value_t = ExportFormat::Markdown)]
    pub format: ExportFormat,
    /// The Byline to export from.
    #[command(flatten)]
    pub target: TargetArguments,
}

/// The format of a source.
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

impl From<SourceFormat> for Format {
    fn from(format: SourceFormat) -> Self {
        match format {
            SourceFormat::Markdown => Self::Markdown,
            SourceFormat::Ghost => Self::Ghost,
            SourceFormat::Wordpress => Self::Wordpress,
            SourceFormat::Json => Self::Json,
        }
    }
}

/// Which media files are imported.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum MediaChoice {
    /// All images, and linked files of the same site.
    All,
    /// Only files of the same site.
    Own,
    /// No files.
    None,
}

impl From<MediaChoice> for Media {
    fn from(choice: MediaChoice) -> Self {
        match choice {
            MediaChoice::All => Self::All,
            MediaChoice::Own => Self::Own,
            MediaChoice::None => Self::None,
        }
    }
}

/// The format of an export.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ExportFormat {
    /// One Markdown file per post.
    Markdown,
    /// One JSON file, `byline.json`.
    Json,
}

impl From<ExportFormat> for Form {
    fn from(format: ExportFormat) -> Self {
        match format {
            ExportFormat::Markdown => Self::Markdown,
            ExportFormat::Json => Self::Json,
        }
    }
}
