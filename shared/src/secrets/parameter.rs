//! Secrets in the parameter store, as `SecureString`s.

use aws_config::SdkConfig;
use aws_sdk_ssm::Client;
use aws_sdk_ssm::error::ProvideErrorMetadata;
use aws_sdk_ssm::operation::put_parameter::builders::PutParameterFluentBuilder;
use aws_sdk_ssm::types::ParameterType;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::http::problem::Problem;

/// The parameter store.
#[derive(Clone)]
pub(super) struct Parameters {
    sdk: SdkConfig,
}

impl Parameters {
    pub(super) fn new(sdk: SdkConfig) -> Self {
        Self { sdk }
    }

    /// The value of a parameter that holds JSON; `None` if it does not exist.
    ///
    /// # Errors
    /// 503 while the parameter store does not answer, 500 for a value that cannot be read.
    pub(super) async fn read<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Problem> {
        let Some(value) = self.read_text(name).await? else { return Ok(None) };
        // The error of serde_json would quote the secret's text.
        let stored = serde_json::from_str(&value);
        stored.map(Some).map_err(|_| Problem::internal(format!("{name} cannot be read")))
    }

    /// The value of a parameter as it is; `None` if it does not exist.
    ///
    /// # Errors
    /// 503 while the parameter store does not answer.
    pub(super) async fn read_text(&self, name: &str) -> Result<Option<String>, Problem> {
        let request = Client::new(&self.sdk).get_parameter().name(name).with_decryption(true);
        match request.send().await {
            Ok(answer) => {
                let value = answer.parameter.and_then(|parameter| parameter.value);
                value.map(Some).ok_or_else(|| Problem::internal("the parameter has no value"))
            }
            Err(error) if error.code() == Some("ParameterNotFound") => Ok(None),
            Err(error) => Err(Problem::unavailable(error)),
        }
    }

    /// Creates a parameter. One that exists already keeps its value: another function was faster.
    ///
    /// # Errors
    /// 503 while the parameter store does not answer.
    pub(super) async fn create<T: Serialize>(&self, name: &str, value: &T) -> Result<(), Problem> {
        send(self.put(name, value)?.overwrite(false)).await
    }

    /// Replaces the value of a parameter.
    ///
    /// # Errors
    /// 503 while the parameter store does not answer.
    pub(super) async fn replace<T: Serialize>(&self, name: &str, value: &T) -> Result<(), Problem> {
        send(self.put(name, value)?.overwrite(true)).await
    }

    fn put<T: Serialize>(
        &self,
        name: &str,
        value: &T,
    ) -> Result<PutParameterFluentBuilder, Problem> {
        let value = serde_json::to_string(value).map_err(Problem::internal)?;
        let request = Client::new(&self.sdk).put_parameter().name(name);
        Ok(request.r#type(ParameterType::SecureString).value(value))
    }
}

/// Writes a parameter, unless it exists and is not to be replaced.
async fn send(request: PutParameterFluentBuilder) -> Result<(), Problem> {
    match request.send().await {
        Ok(_) => Ok(()),
        Err(error) if error.code() == Some("ParameterAlreadyExists") => Ok(()),
        Err(error) => Err(Problem::unavailable(error)),
    }
}
