//! A rate limit, counted by the generic cell rate algorithm (GCRA).

/// At most `quota` requests in `window` seconds, evenly spread or in one burst.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Its name, also in `RateLimit-Policy`.
    pub name: &'static str,
    /// The number of requests.
    pub quota: u32,
    /// The time after which the whole quota is available again, in seconds.
    pub window: u32,
}

impl RateLimit {
    /// A limit of `quota` requests in `window` seconds.
    #[must_use]
    pub const fn new(name: &'static str, quota: u32, window: u32) -> Self {
        Self { name, quota, window }
    }

    /// The time that one request uses up, in milliseconds.
    pub(crate) fn emission_interval(&self) -> i64 {
        i64::from(self.window) * 1000 / i64::from(self.quota)
    }

    /// How far the theoretical arrival time may lie ahead for one more request to be allowed, in
    /// milliseconds.
    pub(crate) fn burst(&self) -> i64 {
        self.emission_interval() * (i64::from(self.quota) - 1)
    }
}
