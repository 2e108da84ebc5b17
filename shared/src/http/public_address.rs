//! Which IP addresses are on the public internet, and a resolver that returns no others.
//!
//! Byline fetches some URLs that a stranger chose: the metadata document of an OAuth client, and the
//! images of a post that is imported. Neither may make Byline send a request into its own network
//! (server-side request forgery). A fetch therefore resolves names with [`resolve`], and connects to
//! what it returned: a name cannot point elsewhere between the check and the connection.
//!
//! `ipnet`, which the HTTP client already links, holds the blocks. The table is our own: the crates that offer
//! `is_global` (and the unstable method of the standard library) accept the globally reachable blocks
//! inside 192.0.0.0/24 and 2001::/23 and know neither 3fff::/20 nor NAT64. No web server has an
//! address there, so this table refuses each such block as a whole.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ipnet::{Ipv4Net, Ipv6Net};

/// The IPv4 blocks that are not public, after the IANA IPv4 Special-Purpose Address Registry
/// (RFC 6890), with multicast.
const SPECIAL_V4: [Ipv4Net; 15] = [
    v4([0, 0, 0, 0], 8),       // this network
    v4([10, 0, 0, 0], 8),      // private use
    v4([100, 64, 0, 0], 10),   // shared address space of carriers
    v4([127, 0, 0, 0], 8),     // loopback
    v4([169, 254, 0, 0], 16),  // link local, with the metadata service of clouds
    v4([172, 16, 0, 0], 12),   // private use
    v4([192, 0, 0, 0], 24),    // protocol assignments
    v4([192, 0, 2, 0], 24),    // documentation
    v4([192, 88, 99, 0], 24),  // 6to4 relays, deprecated
    v4([192, 168, 0, 0], 16),  // private use
    v4([198, 18, 0, 0], 15),   // benchmarks
    v4([198, 51, 100, 0], 24), // documentation
    v4([203, 0, 113, 0], 24),  // documentation
    v4([224, 0, 0, 0], 4),     // multicast
    v4([240, 0, 0, 0], 4),     // reserved, with the broadcast address
];

/// Global unicast: every other IPv6 block is for special use or unassigned.
const UNICAST_V6: Ipv6Net = v6([0x2000, 0], 3);

/// The blocks within [`UNICAST_V6`] that are not public, after the IANA IPv6 Special-Purpose Address
/// Registry.
const SPECIAL_V6: [Ipv6Net; 4] = [
    v6([0x2001, 0], 23),      // protocol assignments, with Teredo
    v6([0x2001, 0x0db8], 32), // documentation
    v6([0x2002, 0], 16),      // 6to4, which carries any IPv4 address
    v6([0x3fff, 0], 20),      // documentation
];

/// NAT64 (RFC 6052): the last four bytes are the IPv4 address that the packet goes to.
const NAT64: Ipv6Net = v6([0x64, 0xff9b], 96);

const fn v4([a, b, c, d]: [u8; 4], bits: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), bits)
}

const fn v6([a, b]: [u16; 2], bits: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0), bits)
}

/// Whether an address is on the public internet. An IPv6 address that carries an IPv4 address
/// (`::ffff:0:0/96` and `64:ff9b::/96`) is as public as the one that it carries.
#[must_use]
pub fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => !SPECIAL_V4.iter().any(|block| block.contains(&ip)),
        IpAddr::V6(ip) if NAT64.contains(&ip) => {
            let [.., a, b, c, d] = ip.octets();
            is_public(Ipv4Addr::new(a, b, c, d).into())
        }
        IpAddr::V6(ip) => {
            UNICAST_V6.contains(&ip) && !SPECIAL_V6.iter().any(|block| block.contains(&ip))
        }
    }
}

/// Why a name was not resolved.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// The system's resolver failed, or knows no address.
    #[error("the host name cannot be resolved")]
    NotFound(#[source] Option<std::io::Error>),
    /// At least one address of the name is not public.
    #[error("the host is in a private or special-purpose network")]
    NotPublic,
}

/// The addresses of a host, by the system's resolver. If any of them is not public, none is returned:
/// a name with public and private addresses is an attempt to slip one of the latter through.
///
/// # Errors
/// Where the name has no address, or has one that is not public.
pub async fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, ResolveError> {
    let found = tokio::net::lookup_host((host, port)).await;
    all_public(found.map_err(|error| ResolveError::NotFound(Some(error)))?.collect())
}

fn all_public(found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, ResolveError> {
    if found.is_empty() {
        return Err(ResolveError::NotFound(None));
    }
    if found.iter().all(|address| is_public(address.ip())) {
        return Ok(found);
    }
    Err(ResolveError::NotPublic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_purpose_addresses_are_not_public() {
        for ip in [
            "0.0.0.0",
            "0.255.255.255",
            "10.0.0.0",
            "10.255.255.255",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.0.9",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:1ff:ffff::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff:fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn addresses_beside_a_special_purpose_block_are_public() {
        for ip in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "93.184.216.34",
            "100.63.255.255",
            "100.128.0.1",
            "126.255.255.255",
            "128.0.0.1",
            "169.253.255.255",
            "172.15.255.255",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.255.255",
            "198.20.0.1",
            "223.255.255.255",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2003::1",
            "2606:4700::1111",
            "2a00:1450::1",
            "3fff:1000::1",
        ] {
            assert!(is_public(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn one_private_address_among_public_ones_refuses_the_name() {
        let addresses = |ips: &[&str]| {
            let ips = ips.iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), 443));
            ips.collect::<Vec<_>>()
        };
        let public = addresses(&["1.1.1.1", "2606:4700::1111"]);
        assert_eq!(all_public(public.clone()).unwrap(), public);
        let mixed = addresses(&["1.1.1.1", "10.0.0.1"]);
        assert!(matches!(all_public(mixed), Err(ResolveError::NotPublic)));
        assert!(matches!(all_public(Vec::new()), Err(ResolveError::NotFound(None))));
    }

    #[tokio::test]
    async fn localhost_is_refused_by_the_systems_resolver() {
        assert!(matches!(resolve("localhost", 443).await, Err(ResolveError::NotPublic)));
        assert!(matches!(resolve("127.0.0.1", 443).await, Err(ResolveError::NotPublic)));
    }
}
