//! Logs: one JSON object per event on Lambda. No secret, token, password or mail body is ever an
//! event's field.

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;

/// Starts structured logging; `AWS_LAMBDA_LOG_LEVEL` sets the level, `INFO` by default.
pub fn init_json() {
    let level = std::env::var("AWS_LAMBDA_LOG_LEVEL").ok();
    let filter = level.and_then(|level| level.parse::<Targets>().ok());
    let filter = filter.unwrap_or_else(|| Targets::new().with_default(Level::INFO));
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        // CloudWatch stamps the time.
        .without_time();
    tracing_subscriber::registry().with(lines.with_filter(filter)).init();
}
