//! Secrets in the parameter store, as `SecureString`s: read once per process, and made by the first
//! function that needs one.

use aws_sdk_ssm::Client;
use aws_sdk_ssm::error::ProvideErrorMetadata;
use aws_sdk_ssm::types::ParameterType;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::context::Context;
use crate::http::problem::Problem;

/// The parameter, as JSON; `None` where there is none.
///
/// # Errors
/// 503 while the parameter store does not answer, 500 for a value that cannot be read.
pub(super) async fn read<T: DeserializeOwned>(
    cx: &Context,
    name: &str,
) -> Result<Option<T>, Problem> {
    match Client::new(&cx.sdk).get_parameter().name(name).with_decryption(true).send().await {
        Ok(answer) => {
            let value = answer.parameter.and_then(|parameter| parameter.value);
            let value = value.ok_or_else(|| Problem::internal("the parameter has no value"))?;
            // The error of serde_json would quote the secret's text.
            let stored = serde_json::from_str(&value);
            stored.map(Some).map_err(|_| Problem::internal(format!("{name} cannot be read")))
        }
        Err(error) if error.code() == Some("ParameterNotFound") => Ok(None),
        Err(error) => Err(Problem::unavailable(error)),
    }
}

/// Makes the parameter. Where `replace` is off and it is there already, it stays as it is.
///
/// # Errors
/// 503 while the parameter store does not answer.
pub(super) async fn write<T: Serialize>(
    cx: &Context,
    name: &str,
    value: &T,
    replace: bool,
) -> Result<(), Problem> {
    let written = Client::new(&cx.sdk)
        .put_parameter()
        .name(name)
        .r#type(ParameterType::SecureString)
        .value(serde_json::to_string(value).map_err(Problem::internal)?)
        .overwrite(replace)
        .send()
        .await;
    match written {
        Ok(_) => Ok(()),
        Err(error) if error.code() == Some("ParameterAlreadyExists") => Ok(()),
        Err(error) => Err(Problem::unavailable(error)),
    }
}
