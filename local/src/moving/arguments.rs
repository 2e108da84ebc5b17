//! What `byline import` and `byline export` are told on the command line.

use std::path::PathBuf;

use byline_transfer::export::Form;
use byline_transfer::import::Media;
use byline_transfer::read::Format;
use clap::{Args, ValueEnum};
use url::Url;

/// Which Byline is meant.
#[derive(Args, Clone, Debug)]
pub struct Place {
    /// The folder of this machine's data. `byline` must not be running on it.
    #[arg(long, default_value = ".byline")]
    pub data: PathBuf,
    /// Where the Byline of this machine is reached, if not at `BYLINE_PUBLIC_URL` or
    /// http://127.0.0.1:8000: posts name their media files by it.
    #[arg(long, conflicts_with = "stack")]
    pub public_url: Option<Url>,
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

impl From<MediaChoice> for Media {
    fn from(choice: MediaChoice) -> Self {
        match choice {
            MediaChoice::All => Self::All,
            MediaChoice::Own => Self::Own,
            MediaChoice::None => Self::None,
        }
    }
}

/// The form of an export.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ExportFormat {
    /// A Markdown file per post.
    Markdown,
    /// `byline.json`.
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
