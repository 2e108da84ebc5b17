//! Logs: one JSON object per event on Lambda. No secret, token, password or mail body is ever an
//! event's field.

use tracing_subscriber::EnvFilter;

/// Starts structured logging; `AWS_LAMBDA_LOG_LEVEL` sets the level, `INFO` by default.
pub fn init_json() {
    let level = std::env::var("AWS_LAMBDA_LOG_LEVEL").unwrap_or_else(|_| "info".to_owned());
    let filter = EnvFilter::try_new(level).unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_env_filter(filter)
        // CloudWatch stamps the time.
        .without_time()
        .init();
}
