//! The deployment's secrets and the public keys of its tokens, each read once and kept for a while.
//!
//! They are `SecureString` parameters. Two of them are made here, so that a function that hashes passwords
//! cannot sign tokens; the key of the agent's model server is the owner's. IAM gives each function the one
//! it needs.

mod account_secret;
mod model_key;
mod parameter;
mod token_secret;
mod verifying_keys;

pub use account_secret::{AccountSecret, AccountSecrets};
pub use model_key::ModelKey;
pub use token_secret::{SigningKey, TokenSecret, TokenSecrets};
pub use verifying_keys::VerifyingKeys;

use std::sync::Arc;

use aws_config::SdkConfig;

use crate::clock::Clock;
use crate::config::Config;
use crate::store::Store;

use self::parameter::Parameters;

/// The secrets and public keys of this deployment.
pub struct Secrets {
    /// Protects the data of accounts.
    pub account: AccountSecrets,
    /// Signs tokens.
    pub token: TokenSecrets,
    /// Verify access tokens.
    pub verifying_keys: VerifyingKeys,
    /// Opens the model server of the built-in agent.
    pub model: ModelKey,
}

impl Secrets {
    /// The secrets that `config` names. Nothing is read yet.
    #[must_use]
    pub fn new(config: &Config, sdk: &SdkConfig, store: &Store, clock: &Arc<dyn Clock>) -> Self {
        let parameters = Parameters::new(sdk.clone());
        let (account, token) = (&config.account_secret_parameter, &config.token_secret_parameter);
        Self {
            account: AccountSecrets::new(parameters.clone(), account.clone()),
            model: ModelKey::new(parameters.clone(), Arc::clone(clock), config.agent.as_ref()),
            token: TokenSecrets::new(parameters, store.clone(), Arc::clone(clock), token.clone()),
            verifying_keys: VerifyingKeys::new(store.clone(), Arc::clone(clock)),
        }
    }
}
