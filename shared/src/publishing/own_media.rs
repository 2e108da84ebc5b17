//! The host of the publication's own files, the only one that a text may make a browser ask for a sound or a video.

use url::Url;

/// Where the publication's files are.
pub(super) struct OwnMedia {
    url: Option<Url>,
}

impl OwnMedia {
    pub(super) fn new(media_url: &str) -> Self {
        Self { url: Url::parse(media_url).ok() }
    }

    /// Whether an address, as a browser reads it, leads to one of its files.
    pub(super) fn holds(&self, address: &str) -> bool {
        let (Some(own), Ok(address)) = (&self.url, Url::parse(address)) else { return false };
        let folder = own.path().trim_end_matches('/');
        let file = address.path().strip_prefix(folder);
        address.origin() == own.origin() && file.is_some_and(|file| file.starts_with('/'))
    }
}
