//! A rate limit, counted by the generic cell rate algorithm (GCRA).

use std::time::Duration;

/// At most `quota` requests in a `window`, evenly spread or in one burst.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Its name, also in `RateLimit-Policy`.
    pub name: &'static str,
    /// The number of requests.
    pub quota: u32,
    /// The time after which the whole quota is available again: whole seconds.
    pub window: Duration,
    /// What all API keys and apps of one account may do together, where one of them may do this much.
    pub agents: Option<&'static Self>,
}

impl RateLimit {
    /// A limit of `quota` requests in so many seconds.
    #[must_use]
    pub const fn new(name: &'static str, quota: u32, seconds: u32) -> Self {
        Self { name, quota, window: Duration::from_secs(seconds as u64), agents: None }
    }

    /// The same limit, with one on all API keys and apps of an account together.
    #[must_use]
    pub const fn with_agents(self, agents: &'static Self) -> Self {
        Self { agents: Some(agents), ..self }
    }

    /// The time that one request uses up, in milliseconds.
    pub(crate) fn emission_interval(&self) -> i64 {
        let window = self.window.as_secs().cast_signed() * 1000;
        window / i64::from(self.quota)
    }

    /// How far the theoretical arrival time may lie ahead for one more request to be allowed, in
    /// milliseconds.
    pub(crate) fn burst(&self) -> i64 {
        self.emission_interval() * (i64::from(self.quota) - 1)
    }
}
