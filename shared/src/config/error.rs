//! What is wrong with a variable.

/// What is wrong with the configuration.
#[derive(Debug, thiserror::Error)]
#[error("{variable}: {fault}")]
pub struct ConfigError {
    pub(super) variable: &'static str,
    pub(super) fault: String,
}

impl ConfigError {
    /// A variable that is missing or cannot be used; `fault` continues the sentence after its name.
    #[must_use]
    pub fn new(variable: &'static str, fault: impl Into<String>) -> Self {
        Self { variable, fault: fault.into() }
    }
}

/// A URL that paths can be added to.
pub(super) fn web_url(variable: &'static str, value: String) -> Result<String, ConfigError> {
    let web = value.starts_with("https://") || value.starts_with("http://");
    if web && !value.ends_with('/') {
        return Ok(value);
    }
    let fault = "must start with https:// or http:// and not end with /";
    Err(ConfigError::new(variable, fault))
}
