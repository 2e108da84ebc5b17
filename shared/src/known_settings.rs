//! The publication's settings as this process read them last: pages, mails and the API take its name and URL from
//! here.
//!
//! Until an admin saves them, they are what the deployment begins with. A decision about what
//! somebody may do reads them afresh.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::config::Config;
use crate::model::{
    AgentPublishing, Description, Language, PostPath, Settings, SiteUrl, StyleGuide, TimeZoneName,
    Title,
};
use crate::permission::{Action, Permission, Table};
use crate::store::{Store, StoreError, keys};

/// What reading the settings needs.
pub const SETTINGS_PERMISSION: Permission =
    Permission::Items(Table::Content, keys::SETTINGS, &[Action::GetItem]);

/// The settings as they were read last.
pub struct KnownSettings {
    store: Store,
    known: Mutex<Arc<Settings>>,
}

impl KnownSettings {
    /// Those that a deployment begins with. Nothing is read yet.
    #[must_use]
    pub fn new(config: &Config, store: &Store) -> Self {
        Self { store: store.clone(), known: Mutex::new(Arc::new(initial(config))) }
    }

    /// What was read last.
    #[must_use]
    pub fn last(&self) -> Arc<Settings> {
        Arc::clone(&self.lock())
    }

    /// Reads them, at half the price: a change of the last moment may be missing.
    pub async fn read(&self) -> Result<Arc<Settings>, StoreError> {
        Ok(self.keep(self.store.settings().get().await?))
    }

    /// Reads them in a consistent read.
    pub async fn read_consistent(&self) -> Result<Arc<Settings>, StoreError> {
        Ok(self.keep(self.store.settings().get_consistent().await?))
    }

    /// Keeps what was read elsewhere, unless a newer version is known. `None` is no news: another reader of the
    /// same moment may have seen more. Returns the newest.
    pub fn keep(&self, read: Option<Settings>) -> Arc<Settings> {
        let mut known = self.lock();
        if let Some(read) = read
            && read.version >= known.version
        {
            *known = Arc::new(read);
        }
        Arc::clone(&known)
    }

    fn lock(&self) -> MutexGuard<'_, Arc<Settings>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn initial(config: &Config) -> Settings {
    Settings {
        title: Title::trusted(config.initial_title.clone()),
        description: Description::trusted(""),
        url: SiteUrl::trusted(config.initial_url.clone()),
        language: Language::trusted("en"),
        time_zone: TimeZoneName::utc(),
        post_path: PostPath::trusted("/posts/{slug}"),
        page_path: Settings::default_page_path(),
        agent_publishing: AgentPublishing::Approved,
        author_publishing: false,
        style_guide: StyleGuide::trusted(""),
        registration: config.registration,
        version: 0,
        updated_at: None,
    }
}
