//! The deployment's secrets and the public keys of its tokens, each read once and kept for a while.
//!
//! They are `SecureString` parameters. Two of them, so that a function that hashes passwords cannot
//! sign tokens: IAM gives each function the one it needs.

mod account_secret;
mod parameter;
mod token_secret;
mod verifying_keys;

pub use account_secret::AccountSecret;
pub use token_secret::{SigningKey, TokenSecret};

use std::sync::Arc;

use aws_config::SdkConfig;
use tokio::sync::{Mutex, OnceCell};

use crate::clock::Clock;
use crate::config::Config;
use crate::store::Store;

use self::parameter::Parameters;
use self::verifying_keys::VerifyingKeys;

/// Reads and keeps the secrets of this deployment.
pub struct Secrets {
    parameters: Parameters,
    store: Store,
    clock: Arc<dyn Clock>,
    /// The name of the parameter with the account secret.
    account_parameter: String,
    /// The name of the parameter with the token secret.
    token_parameter: String,
    account: OnceCell<AccountSecret>,
    token: Mutex<Option<Arc<TokenSecret>>>,
    verifying_keys: VerifyingKeys,
}

impl Secrets {
    /// The secrets that `config` names. Nothing is read yet.
    #[must_use]
    pub fn new(config: &Config, sdk: &SdkConfig, store: Store, clock: Arc<dyn Clock>) -> Self {
        Self {
            parameters: Parameters::new(sdk.clone()),
            store,
            clock,
            account_parameter: config.account_secret_parameter.clone(),
            token_parameter: config.token_secret_parameter.clone(),
            account: OnceCell::new(),
            token: Mutex::new(None),
            verifying_keys: VerifyingKeys::default(),
        }
    }
}
