//! What limits count the requests of: networks, addresses, accounts, credentials.

use std::net::IpAddr;

use aws_lc_rs::digest::{SHA256, digest};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};

use super::caller::{Caller, Credential};
use crate::model::{Email, Subject, UserId};

/// The network of a caller: an IPv4 address, or the /64 of an IPv6 one, which is what one
/// customer gets.
#[must_use]
pub fn network(ip: Option<IpAddr>) -> Subject {
    Subject::new(match ip {
        Some(IpAddr::V4(ip)) => ip.to_string(),
        Some(IpAddr::V6(ip)) => match ip.to_ipv4_mapped() {
            Some(ip) => ip.to_string(),
            None => {
                let [a, b, c, d, ..] = ip.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        },
        None => "unknown".to_owned(),
    })
}

/// The wider network of a caller: the /24 of an IPv4 address, the /56 of an IPv6 one. Somebody with many
/// addresses usually has them side by side.
#[must_use]
pub fn neighbourhood(ip: Option<IpAddr>) -> Subject {
    Subject::new(match ip.map(|ip| ip.to_canonical()) {
        Some(IpAddr::V4(ip)) => {
            let [a, b, c, _] = ip.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        Some(IpAddr::V6(ip)) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{:x}::/56", d & 0xff00)
        }
        None => "unknown".to_owned(),
    })
}

/// An address as a subject: its digest, alike for known and unknown ones.
#[must_use]
pub fn address(email: &Email) -> Subject {
    let digest = digest(&SHA256, email.normalised().as_bytes());
    Subject::new(BASE64_URL_SAFE_NO_PAD.encode(&digest.as_ref()[..16]))
}

/// An account as a subject.
#[must_use]
pub fn account(user: &UserId) -> Subject {
    Subject::new(user.to_string())
}

/// In whose bucket a caller's requests count: a person's sessions share that of the account, and each API key
/// and each app has its own. So none of them uses up what its person needs, to take down what it did for example.
#[must_use]
pub fn caller(caller: &Caller) -> Subject {
    match &caller.credential {
        Credential::Session { .. } => account(&caller.user.id),
        Credential::ApiKey { .. } | Credential::Grant { .. } => credential(caller),
    }
}

/// What a caller has proved who they are with, as a subject.
#[must_use]
pub fn credential(caller: &Caller) -> Subject {
    Subject::new(match &caller.credential {
        Credential::Session { id, .. } => id.to_string(),
        Credential::ApiKey { id, .. } => id.to_string(),
        Credential::Grant { id, .. } => id.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_customer_is_one_network() {
        let network = |ip: &str| network(ip.parse().ok()).to_string();
        assert_eq!(network("203.0.113.7"), "203.0.113.7");
        assert_eq!(network("::ffff:203.0.113.7"), "203.0.113.7");
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2:ffff::1"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
    }

    #[test]
    fn a_neighbourhood_is_wider_than_a_network() {
        let wide = |ip: &str| neighbourhood(ip.parse().ok()).to_string();
        assert_eq!(wide("203.0.113.7"), "203.0.113.0/24");
        assert_eq!(wide("::ffff:203.0.113.9"), wide("203.0.113.7"));
        assert_ne!(wide("203.0.114.7"), wide("203.0.113.7"));
        assert_eq!(wide("2001:db8:1:201::1"), wide("2001:db8:1:2ff::1"));
        assert_ne!(wide("2001:db8:1:201::1"), wide("2001:db8:1:301::1"));
    }
}
