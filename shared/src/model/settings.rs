//! The publication's settings.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Description, Language, PostPath, Site, SiteUrl, StyleGuide, Time, TimeZoneName, Title,
};
use crate::model::Representation;

/// What agents may do that readers see: API keys, MCP clients and apps, in whose name they may act.
///
/// With every value agents may read, draft and propose as their role and scopes allow, and never
/// approve, reject or change settings. Files that no post uses are theirs to delete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum AgentPublishing {
    /// Nothing: they publish, schedule, unpublish and unschedule no post, move no published or
    /// scheduled post to the trash, and delete no file that a post uses.
    Never,
    /// They publish and schedule only revisions that a person with the scope `posts:publish`
    /// approved. They change no tag, and no words or files of a published or scheduled post. They
    /// may unpublish, unschedule and trash posts as their role and scopes allow.
    Approved,
    /// Everything that their role and scopes allow.
    Allowed,
}

/// How people get an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Registration {
    /// An admin invites them. Nobody else can sign up.
    #[default]
    Invited,
    /// Everybody can sign up, and begins as a reader. Admins can invite, too.
    Open,
}

impl std::str::FromStr for Registration {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "invited" => Ok(Self::Invited),
            "open" => Ok(Self::Open),
            _ => Err("must be invited or open"),
        }
    }
}

/// The settings of the publication.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Settings {
    /// The publication's name, as mails, feeds and pages say it.
    pub title: Title,
    /// A description in plain text.
    pub description: Description,
    /// The URL of the publication's website, without a slash at the end. Feeds, sitemaps and mails link to it.
    pub url: SiteUrl,
    /// The language of posts that name no other.
    pub language: Language,
    /// The time zone of the publication, by its IANA name. At the Desk, times are times of its clocks. The API
    /// takes and gives UTC.
    #[serde(default = "TimeZoneName::utc")]
    pub time_zone: TimeZoneName,
    /// The path of a post on the website, with `{slug}`.
    pub post_path: PostPath,
    /// The path of a page on the website, with `{slug}`.
    #[serde(default = "Settings::default_page_path")]
    pub page_path: PostPath,
    /// What agents may do that readers see.
    pub agent_publishing: AgentPublishing,
    /// Whether authors publish, schedule and take down their own posts: people, and never their API keys
    /// and apps, for which `agent_publishing` and the role count as before.
    #[serde(default)]
    pub author_publishing: bool,
    /// How to write for this publication, in Markdown. Agents read it.
    pub style_guide: StyleGuide,
    /// How people get an account.
    #[serde(default)]
    pub registration: Registration,
    /// Rises with every change. For `If-Match: "v<version>"`.
    pub version: u64,
    /// When the settings were last changed; null if they never were.
    pub updated_at: Option<Time>,
}

impl Settings {
    /// Where pages are on most websites: at its top.
    #[must_use]
    pub fn default_page_path() -> PostPath {
        PostPath::trusted("/{slug}")
    }

    /// What readers see of them.
    #[must_use]
    pub fn site(self) -> Site {
        let Self { title, description, url, language, post_path, page_path, .. } = self;
        Site { title, description, url, language, post_path, page_path }
    }
}

impl Representation for Settings {
    fn etag(&self) -> Option<String> {
        Some(format!("\"v{}\"", self.version))
    }
}
