//! The configuration of the built-in agent: off, unless a provider is set.

use std::time::Duration;

use super::error::{ConfigError, web_url};
use crate::model::Secret;

/// The variable of [`super::Config::agent_retention_days`].
pub(super) const RETENTION_DAYS: &str = "BYLINE_AGENT_RETENTION_DAYS";

/// How long an unused conversation is kept, unless the configuration says otherwise.
const DEFAULT_RETENTION_DAYS: u16 = 90;

/// The longest time that may be set, in days: ten years.
const MAX_RETENTION_DAYS: u16 = 3650;

/// How long the model may be silent, in seconds, unless the configuration says otherwise: some think for a
/// minute before they say a word.
const DEFAULT_SILENCE: u64 = 120;

/// The longest time that may be set, in seconds: as long as a turn.
const MAX_SILENCE: u64 = 240;

/// How many tokens a request and its answer have together, unless the configuration says otherwise.
const DEFAULT_CONTEXT: u32 = 100_000;

/// The smallest number that may be set: with less, instructions, tools and an answer leave no room for what
/// was said.
const MIN_CONTEXT: u32 = 32_768;

/// The largest number that may be set: requests of more megabytes take too long.
const MAX_CONTEXT: u32 = 1_000_000;

/// The largest budget that may be set, in tokens.
const MAX_BUDGET: u64 = 1_000_000_000_000;

/// The model of the built-in agent.
#[derive(Clone, Debug)]
pub struct AgentModel {
    /// The server that it is at.
    pub server: ModelServer,
    /// The model's name at this server. At Bedrock the id of a model or of an inference profile, or an ARN.
    pub model: String,
    /// How long the server may be silent, before an answer and within it.
    pub silence: Duration,
    /// How many tokens a request and its answer may have together: at most as many as the model's context has.
    pub context_tokens: u32,
    /// How many tokens an account may take from the model in a month; `None` for any number.
    pub user_budget: Option<u64>,
    /// The same for all accounts together.
    pub site_budget: Option<u64>,
}

/// Where a model is.
#[derive(Clone, Debug)]
pub enum ModelServer {
    /// A server of OpenAI's Chat Completions: OpenAI itself, Ollama, llama.cpp, vLLM and others.
    ChatCompletions {
        /// Where it is reached, without a slash at the end: `https://api.openai.com/v1`.
        base_url: String,
        /// Its key. `None` if it needs none, or if a parameter holds it.
        api_key: Option<Secret>,
        /// The SSM parameter that holds the key. If there is no such parameter, the server needs none.
        api_key_parameter: Option<String>,
    },
    /// Amazon Bedrock, in the region of the process, opened by its credentials.
    Bedrock,
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
    const API_KEY: &str = "BYLINE_AGENT_API_KEY";
    const API_KEY_PARAMETER: &str = "BYLINE_AGENT_API_KEY_PARAMETER";
    const SILENCE: &str = "BYLINE_AGENT_SILENCE_SECONDS";
    const CONTEXT: &str = "BYLINE_AGENT_CONTEXT_TOKENS";
    const USER_BUDGET: &str = "BYLINE_AGENT_MONTHLY_TOKENS_PER_USER";
    const SITE_BUDGET: &str = "BYLINE_AGENT_MONTHLY_TOKENS";
    let Some(provider) = optional(PROVIDER)? else { return Ok(None) };
    let needed = |variable: &'static str| {
        let missing = || ConfigError::new(variable, "is not set, but BYLINE_AGENT_PROVIDER is");
        optional(variable)?.ok_or_else(missing)
    };
    let server = match provider.as_str() {
        "openai" => ModelServer::ChatCompletions {
            base_url: base_url(BASE_URL, needed(BASE_URL)?)?,
            api_key: optional(API_KEY)?.map(|key| api_key(API_KEY, key)).transpose()?,
            api_key_parameter: optional(API_KEY_PARAMETER)?,
        },
        "bedrock" => {
            // The parameter's name is always set on AWS. These two say that somebody means another server.
            for variable in [BASE_URL, API_KEY] {
                if optional(variable)?.is_some() {
                    let fault = "must be empty if BYLINE_AGENT_PROVIDER is bedrock";
                    return Err(ConfigError::new(variable, fault));
                }
            }
            ModelServer::Bedrock
        }
        _ => return Err(ConfigError::new(PROVIDER, "must be bedrock, openai, or empty")),
    };
    Ok(Some(AgentModel {
        server,
        model: needed(MODEL)?,
        silence: Duration::from_secs(silence(SILENCE, optional(SILENCE)?)?),
        context_tokens: context(CONTEXT, optional(CONTEXT)?)?,
        user_budget: budget(USER_BUDGET, optional(USER_BUDGET)?)?,
        site_budget: budget(SITE_BUDGET, optional(SITE_BUDGET)?)?,
    }))
}

/// A URL that paths can be added to, and that holds no secret: it is no place for one, since it is in logs of
/// networks and in the template.
fn base_url(variable: &'static str, given: String) -> Result<String, ConfigError> {
    let given = web_url(variable, given)?;
    let read = url::Url::parse(&given);
    let is_plain = read.is_ok_and(|url| {
        let is_anonymous = url.username().is_empty() && url.password().is_none();
        is_anonymous && url.query().is_none() && url.fragment().is_none()
    });
    let fault = "must be a URL without a user name, password, query or fragment";
    if is_plain { Ok(given) } else { Err(ConfigError::new(variable, fault)) }
}

/// A key that can be sent in a header. The error does not repeat it.
fn api_key(variable: &'static str, key: String) -> Result<Secret, ConfigError> {
    let fault = "must be printable ASCII without spaces";
    let sent = key.bytes().all(|byte| byte.is_ascii_graphic());
    if sent { Ok(Secret::new(key)) } else { Err(ConfigError::new(variable, fault)) }
}

fn budget(variable: &'static str, given: Option<String>) -> Result<Option<u64>, ConfigError> {
    let Some(given) = given else { return Ok(None) };
    let tokens = given.parse().ok().filter(|tokens| (1..=MAX_BUDGET).contains(tokens));
    let fault = || format!("must be a number of tokens from 1 to {MAX_BUDGET}, or empty");
    tokens.map(Some).ok_or_else(|| ConfigError::new(variable, fault()))
}

fn context(variable: &'static str, given: Option<String>) -> Result<u32, ConfigError> {
    let Some(given) = given else { return Ok(DEFAULT_CONTEXT) };
    let tokens = given.parse().ok().filter(|tokens| (MIN_CONTEXT..=MAX_CONTEXT).contains(tokens));
    let fault = || format!("must be a number of tokens from {MIN_CONTEXT} to {MAX_CONTEXT}");
    tokens.ok_or_else(|| ConfigError::new(variable, fault()))
}

fn silence(variable: &'static str, given: Option<String>) -> Result<u64, ConfigError> {
    let Some(given) = given else { return Ok(DEFAULT_SILENCE) };
    let seconds = given.parse().ok().filter(|seconds| (1..=MAX_SILENCE).contains(seconds));
    let fault = || format!("must be a number of seconds from 1 to {MAX_SILENCE}");
    seconds.ok_or_else(|| ConfigError::new(variable, fault()))
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
        let ModelServer::ChatCompletions { base_url, api_key, api_key_parameter } = on.server
        else {
            panic!("{on:?}")
        };
        assert_eq!((base_url.as_str(), on.model.as_str()), (url.1, "m"));
        assert!(api_key.is_none() && api_key_parameter.is_none());
        assert_eq!((on.user_budget, on.site_budget), (None, None));
        assert_eq!(on.silence, Duration::from_secs(120));
        assert_eq!(on.context_tokens, 100_000);
        for (given, says) in [
            (
                vec![("BYLINE_AGENT_PROVIDER", "OpenAI")],
                "BYLINE_AGENT_PROVIDER: must be bedrock, openai",
            ),
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
    fn bedrock_needs_a_model_and_no_other_server() {
        let provider = ("BYLINE_AGENT_PROVIDER", "bedrock");
        let model = ("BYLINE_AGENT_MODEL", "eu.anthropic.claude-sonnet-4-5-20250929-v1:0");
        let parameter = ("BYLINE_AGENT_API_KEY_PARAMETER", "/byline/agent/model-key");
        let on = of(&[provider, model, parameter]).unwrap().unwrap();
        assert!(matches!(on.server, ModelServer::Bedrock));
        assert_eq!(on.model, model.1);
        for (given, says) in [
            (vec![provider], "BYLINE_AGENT_MODEL: is not set"),
            (
                vec![provider, model, ("BYLINE_AGENT_BASE_URL", "https://api.openai.com/v1")],
                "BYLINE_AGENT_BASE_URL: must be empty",
            ),
            (
                vec![provider, model, ("BYLINE_AGENT_API_KEY", "sk-canary")],
                "BYLINE_AGENT_API_KEY: must be empty",
            ),
        ] {
            let error = of(&given).unwrap_err();
            assert!(error.contains(says) && !error.contains("canary"), "{error}");
        }
    }

    #[test]
    fn values_of_the_agent_are_checked_and_its_key_is_never_shown() {
        let whole = |name, value| {
            of(&[
                (name, value),
                ("BYLINE_AGENT_PROVIDER", "openai"),
                ("BYLINE_AGENT_BASE_URL", "http://127.0.0.1/v1"),
                ("BYLINE_AGENT_MODEL", "m"),
            ])
        };
        let on = whole("BYLINE_AGENT_API_KEY", "sk-canary").unwrap().unwrap();
        assert!(!format!("{on:?}").contains("canary"));
        let ModelServer::ChatCompletions { api_key, .. } = on.server else { panic!("{on:?}") };
        assert_eq!(api_key.as_ref().map(Secret::expose), Some("sk-canary"));
        let error = whole("BYLINE_AGENT_API_KEY", "sk canary").unwrap_err();
        assert!(error.contains("printable") && !error.contains("canary"), "{error}");
        for (given, budget) in [("1", Some(1)), ("0", None), ("-1", None), ("many", None)] {
            let on = whole("BYLINE_AGENT_MONTHLY_TOKENS", given).ok().flatten();
            assert_eq!(on.and_then(|on| on.site_budget), budget, "{given}");
        }
        for (given, tokens) in [
            ("32768", Some(32_768)),
            ("1000000", Some(1_000_000)),
            ("32767", None),
            ("1000001", None),
        ] {
            let on = whole("BYLINE_AGENT_CONTEXT_TOKENS", given);
            let on = on.ok().flatten().map(|on| on.context_tokens);
            assert_eq!(on, tokens, "{given}");
        }
        for wrong in [
            "https://user@example.com/v1",
            "https://user:canary@example.com/v1",
            "https://:canary@example.com/v1",
            "https://example.com/v1?key=canary",
            "https://example.com/v1#canary",
            "https://",
            "https://[/v1",
        ] {
            let error = whole("BYLINE_AGENT_BASE_URL", wrong).unwrap_err();
            assert!(error.starts_with("BYLINE_AGENT_BASE_URL: must"), "{wrong}: {error}");
            assert!(!error.contains("canary"), "{error}");
        }
        for (given, silence) in [("1", Some(1)), ("240", Some(240)), ("0", None), ("241", None)] {
            let on = whole("BYLINE_AGENT_SILENCE_SECONDS", given);
            let on = on.ok().flatten().map(|on| on.silence.as_secs());
            assert_eq!(on, silence, "{given}");
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
