//! The secret that tokens are made with. It stands in the parameter store as a `SecureString`,
//! readable by issuing functions alone; the first of them to need it makes it.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use aws_sdk_ssm::error::ProvideErrorMetadata;
use aws_sdk_ssm::types::ParameterType;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine};
use jsonwebtoken::EncodingKey;
use serde::{Deserialize, Serialize};

use super::random;
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::KeyId;
use crate::store::signing_keys::SigningKeyItem;

/// The secret, ready for use.
pub struct TokenSecret {
    /// Names the signing key in tokens.
    pub key_id: KeyId,
    /// Signs access tokens (ES256).
    pub signing_key: EncodingKey,
    /// Makes refresh tokens.
    pub refresh_key: hmac::Key,
}

/// The secret as the parameter holds it, in JSON.
#[derive(Serialize, Deserialize)]
struct Stored {
    key_id: KeyId,
    /// PKCS #8, base64.
    private_key: String,
    /// 32 bytes, base64.
    refresh_key: String,
}

impl TokenSecret {
    /// The secret of this deployment, read once per process.
    ///
    /// # Errors
    /// 503 while the parameter store does not answer.
    pub async fn get(cx: &Context) -> Result<&Self, Problem> {
        cx.token_secret.get_or_try_init(|| Self::load(cx)).await
    }

    async fn load(cx: &Context) -> Result<Self, Problem> {
        let ssm = aws_sdk_ssm::Client::new(&cx.sdk);
        if let Some(stored) = read(cx, &ssm).await? {
            return stored.ready();
        }
        create(cx, &ssm).await?;
        let stored = read(cx, &ssm).await?;
        stored.ok_or_else(|| Problem::internal("the token secret is gone again"))?.ready()
    }
}

async fn read(cx: &Context, ssm: &aws_sdk_ssm::Client) -> Result<Option<Stored>, Problem> {
    let request = ssm.get_parameter().name(&cx.config.token_secret_parameter);
    match request.with_decryption(true).send().await {
        Ok(answer) => {
            let value = answer.parameter.and_then(|parameter| parameter.value);
            let value = value.ok_or_else(|| Problem::internal("the parameter has no value"))?;
            // The error of serde_json would quote the secret's text.
            let stored = serde_json::from_str(&value);
            stored.map(Some).map_err(|_| Problem::internal("the token secret cannot be read"))
        }
        Err(error) if error.code() == Some("ParameterNotFound") => Ok(None),
        Err(error) => Err(Problem::unavailable(error)),
    }
}

/// Makes the secret, unless another function does so at the same moment. The public key is stored
/// first: whatever is signed with the private one can be verified.
async fn create(cx: &Context, ssm: &aws_sdk_ssm::Client) -> Result<(), Problem> {
    let now = cx.clock.now();
    let key_id = KeyId::new(now);
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(
        &ECDSA_P256_SHA256_FIXED_SIGNING,
        &aws_lc_rs::rand::SystemRandom::new(),
    )
    .map_err(|_| Problem::internal("no signing key could be generated"))?;
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref())
        .map_err(|_| Problem::internal("a generated signing key cannot be read"))?;
    // 0x04, x, y: an uncompressed point (SEC 1 §2.3.3).
    let point = pair.public_key().as_ref();
    let coordinate = |range| BASE64_URL_SAFE_NO_PAD.encode(&point[range]);
    let public = SigningKeyItem {
        id: key_id.clone(),
        x: coordinate(1..33),
        y: coordinate(33..65),
        created_at: now,
    };
    cx.store.put_signing_key(&public).await?;
    let stored = Stored {
        key_id,
        private_key: BASE64_STANDARD.encode(pkcs8.as_ref()),
        refresh_key: BASE64_STANDARD.encode(random::bytes::<32>()),
    };
    let written = ssm
        .put_parameter()
        .name(&cx.config.token_secret_parameter)
        .r#type(ParameterType::SecureString)
        .value(serde_json::to_string(&stored).map_err(Problem::internal)?)
        .overwrite(false)
        .send()
        .await;
    match written {
        Ok(_) => Ok(()),
        Err(error) if error.code() == Some("ParameterAlreadyExists") => Ok(()),
        Err(error) => Err(Problem::unavailable(error)),
    }
}

impl Stored {
    fn ready(self) -> Result<TokenSecret, Problem> {
        let unreadable = |_| Problem::internal("the token secret cannot be read");
        let private_key = BASE64_STANDARD.decode(self.private_key).map_err(unreadable)?;
        let refresh_key = BASE64_STANDARD.decode(self.refresh_key).map_err(unreadable)?;
        Ok(TokenSecret {
            key_id: self.key_id,
            signing_key: EncodingKey::from_ec_der(&private_key),
            refresh_key: hmac::Key::new(hmac::HMAC_SHA256, &refresh_key),
        })
    }
}
