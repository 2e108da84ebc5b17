//! Keeps an import off this machine's own network: the posts that it reads name the URLs, and anybody
//! may have written them.

use std::net::IpAddr;

use byline_shared::http::public_address::{self, ResolveError, is_public};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// Why a URL is not fetched.
#[derive(Debug, thiserror::Error)]
pub enum NotAllowed {
    /// Neither http nor https.
    #[error("`{0}` URLs are not fetched; only http and https are")]
    Scheme(String),
    /// A server of a private network.
    #[error("its server is in a private network; --allow-private-addresses allows that")]
    PrivateAddress,
}

/// Checks the scheme of a URL, and its host where that is an IP address. Host names are checked when
/// they are resolved ([`PublicAddresses`]).
pub(super) fn check(url: &Url, private: bool) -> Result<(), NotAllowed> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(NotAllowed::Scheme(url.scheme().to_owned()));
    }
    let address: Option<IpAddr> = match url.host() {
        Some(Host::Ipv4(address)) => Some(address.into()),
        Some(Host::Ipv6(address)) => Some(address.into()),
        _ => None,
    };
    match address {
        Some(address) if !private && !is_public(address) => Err(NotAllowed::PrivateAddress),
        _ => Ok(()),
    }
}

/// Resolves host names to public addresses alone.
pub(super) struct PublicAddresses;

impl Resolve for PublicAddresses {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            match public_address::resolve(name.as_str(), 0).await {
                Ok(addresses) => Ok(Box::new(addresses.into_iter()) as Addrs),
                Err(ResolveError::NotPublic) => Err(NotAllowed::PrivateAddress.into()),
                Err(error) => Err(error.into()),
            }
        })
    }
}
