//! The configuration of the built-in agent: off, unless a provider is set.

use super::error::{ConfigError, web_url};

/// The variable of [`super::Config::agent_retention_days`].
pub(super) const RETENTION_DAYS: &str = "BYLINE_AGENT_RETENTION_DAYS";

/// How long an unused conversation is kept, unless the configuration says otherwise.
const DEFAULT_RETENTION_DAYS: u16 = 90;

/// The longest time that may be set, in days: ten years.
const MAX_RETENTION_DAYS: u16 = 3650;

/// The model of the built-in agent, at a server of OpenAI's Chat Completions: OpenAI itself, Ollama,
/// llama.cpp, vLLM and others.
#[derive(Clone, Debug)]
pub struct AgentModel {
    /// Where the server is reached, without a slash at the end: `https://api.openai.com/v1`.
    pub base_url: String,
    /// The model's name at this server.
    pub model: String,
}

/// Reads the model.
///
/// # Errors
/// Where a provider is not known, or lacks what it needs.
pub(super) fn model(
    optional: &impl Fn(&'static str) -> Result<Option<String>, ConfigError>,
) -> Result<Option<AgentModel>, ConfigError> {
    const PROVIDER: &str = "BYLINE_AGENT_PROVIDER";
    const BASE_URL: &str = "BYLINE_AGENT_BASE_URL";
    const MODEL: &str = "BYLINE_AGENT_MODEL";
    match optional(PROVIDER)?.as_deref() {
        None => return Ok(None),
        Some("openai") => {}
        Some(_) => return Err(ConfigError::new(PROVIDER, "must be openai, or empty")),
    }
    let needed = |variable: &'static str| {
        let missing = || ConfigError::new(variable, "is not set, but BYLINE_AGENT_PROVIDER is");
        optional(variable)?.ok_or_else(missing)
    };
    Ok(Some(AgentModel { base_url: web_url(BASE_URL, needed(BASE_URL)?)?, model: needed(MODEL)? }))
}

/// Reads for how many days an unused conversation is kept.
///
/// # Errors
/// Where it is no number of days within the bounds.
pub(super) fn retention_days(given: Option<String>) -> Result<u16, ConfigError> {
    let Some(given) = given else { return Ok(DEFAULT_RETENTION_DAYS) };
    let days = given.parse().ok().filter(|days| (1..=MAX_RETENTION_DAYS).contains(days));
    let fault = || format!("must be a number of days from 1 to {MAX_RETENTION_DAYS}");
    days.ok_or_else(|| ConfigError::new(RETENTION_DAYS, fault()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[(&'static str, &str)]) -> Result<Option<AgentModel>, String> {
        let lookup = |variable: &'static str| {
            let value = values.iter().find(|(name, _)| *name == variable);
            Ok(value.map(|(_, value)| (*value).to_owned()))
        };
        model(&lookup).map_err(|error| error.to_string())
    }

    #[test]
    fn the_agent_is_off_or_whole() {
        assert!(of(&[]).unwrap().is_none());
        assert!(of(&[("BYLINE_AGENT_MODEL", "m")]).unwrap().is_none(), "a model alone turns it on");
        let provider = ("BYLINE_AGENT_PROVIDER", "openai");
        let url = ("BYLINE_AGENT_BASE_URL", "http://127.0.0.1:11434/v1");
        let on = of(&[provider, url, ("BYLINE_AGENT_MODEL", "m")]).unwrap().unwrap();
        assert_eq!((on.base_url.as_str(), on.model.as_str()), (url.1, "m"));
        for (given, says) in [
            (vec![("BYLINE_AGENT_PROVIDER", "OpenAI")], "BYLINE_AGENT_PROVIDER: must be openai"),
            (vec![provider], "BYLINE_AGENT_BASE_URL: is not set"),
            (vec![provider, url], "BYLINE_AGENT_MODEL: is not set"),
            (
                vec![provider, ("BYLINE_AGENT_BASE_URL", "localhost"), ("BYLINE_AGENT_MODEL", "m")],
                "BYLINE_AGENT_BASE_URL: must start with",
            ),
        ] {
            let error = of(&given).unwrap_err();
            assert!(error.contains(says), "{error}");
        }
    }

    #[test]
    fn conversations_are_kept_for_a_day_to_ten_years() {
        let days = |given: &str| retention_days(Some(given.to_owned())).ok();
        assert_eq!(retention_days(None).ok(), Some(90));
        assert_eq!((days("1"), days("3650")), (Some(1), Some(3650)));
        for wrong in ["0", "3651", "-1", "ninety", "1.5", ""] {
            assert_eq!(days(wrong), None, "{wrong}");
        }
    }
}
