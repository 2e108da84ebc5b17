//! The publication's settings.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Description, Language, PostPath, Site, SiteUrl, StyleGuide, Time, Title};
use crate::model::Representation;

/// What agents and programs may make live: all that is not a person's own sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum AgentPublishing {
    /// Nothing.
    Never,
    /// A revision that a person with the right to publish has approved.
    Approved,
    /// Whatever their role and scopes allow.
    Allowed,
}

/// The settings of the publication.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Settings {
    /// Its name.
    pub title: Title,
    /// What it is about.
    pub description: Description,
    /// Where it is read, without a slash at the end.
    pub url: SiteUrl,
    /// The language that posts are in unless they say otherwise.
    pub language: Language,
    /// The path of a post's page on the site.
    pub post_path: PostPath,
    /// What agents may make live.
    pub agent_publishing: AgentPublishing,
    /// How texts are to be written here; agents read it.
    pub style_guide: StyleGuide,
    /// Rises with every change; `If-Match: "v<version>"`.
    pub version: u64,
    /// When it was last changed; null for the settings that a stack begins with.
    pub updated_at: Option<Time>,
}

impl Settings {
    /// What readers see of them.
    #[must_use]
    pub fn site(self) -> Site {
        let Self { title, description, url, language, post_path, .. } = self;
        Site { title, description, url, language, post_path }
    }
}

impl Representation for Settings {
    fn etag(&self) -> Option<String> {
        Some(format!("\"v{}\"", self.version))
    }
}
