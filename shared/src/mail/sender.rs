//! Who a mail is from.

use std::sync::Arc;

use crate::config::Config;
use crate::context::Context;
use crate::model::{Settings, Time, Zone};
use crate::store::StoreError;

/// The publication that a mail is from, and the deployment that its links lead to.
#[derive(Clone, Debug)]
pub struct Sender<'a> {
    /// The deployment.
    pub config: &'a Config,
    /// The publication: its name and URL.
    pub site: Arc<Settings>,
}

impl<'a> Sender<'a> {
    /// The sender of a mail that is written now.
    pub async fn now(cx: &'a Context) -> Result<Self, StoreError> {
        Ok(Self { config: &cx.config, site: cx.settings.read().await? })
    }

    /// The day and the minute in words, by the clocks of the publication: `5 January 2026 at 09:00 CET`.
    pub(super) fn when(&self, at: Time) -> String {
        Zone::of(&self.site.time_zone).in_words(at)
    }
}
