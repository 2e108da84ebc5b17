//! `POST /v1/auth/login`: signs in with address and password, and a one-time code where the account
//! has them on.
//!
//! An unknown address costs what a wrong password does: the same calls and one hash. Attempts are
//! taken from their buckets before the hash is computed, and given back to those who get in.

use shared::auth::audit::{self, Entry, Event};
use shared::auth::{device, limits, password, refresh, totp};
use shared::model::{Email, Secret, User, UserId};
use shared::prelude::*;
use shared::store::outbox::{Message, Notice, OutboxItem};
use shared::store::users::UserItem;

use crate::mails::notice;
use crate::tokens::Tokens;

/// Signs in.
pub struct Login;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<Login>(module_path!());

/// The credentials.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The account's address.
    pub email: Email,
    /// Its password.
    pub password: Secret,
    /// A one-time code or a recovery code, where the account has them on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Secret>,
    /// `device_token` of an earlier sign-in from here. With it, strangers who try passwords for
    /// this address cannot keep its owner out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_token: Option<Secret>,
}

/// Tokens, and whose they are.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SignedIn")]
pub struct Output {
    /// The tokens.
    #[serde(flatten)]
    pub tokens: Tokens,
    /// To be sent along at the next sign-in from here. It opens nothing.
    pub device_token: Secret,
    /// Who signed in.
    pub user: User,
}

impl Representation for Output {}

impl Endpoint for Login {
    const NAME: &'static str = "auth-login";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/auth/login";
    const SUMMARY: &'static str = "Sign in with address and password";
    const GRANTS: &'static [Grant] = &[
        Grant::Table(Identity, &[ConditionCheckItem, GetItem, PutItem, UpdateItem]),
        Grant::TokenSecret,
        Grant::AccountSecret,
        audit::AUDIT_GRANT,
    ];
    const ERRORS: &'static [Code] = &[Code::InvalidCredentials, Code::SecondFactorRequired];
    const LIMIT: Option<Policy> = Some(limits::LOGIN_NETWORK);
    const MEMORY: Memory = Memory::Hashing;

    type Auth = Public;
    type Input = Input;
    type Output = Json<Output>;

    fn example() -> Example<Self> {
        let user = shared::examples::user();
        let password = Secret::new(shared::examples::PASSWORD);
        let email = user.email.clone();
        let device_token = Secret::new(shared::examples::DEVICE_TOKEN);
        Example {
            input: Input { email, password, code: None, device_token: None },
            output: Json(Output { tokens: Tokens::example(), device_token, user }),
        }
    }

    async fn handle(cx: &Context, (): (), input: Input) -> Result<Json<Output>, Problem> {
        let subject = limits::address(&input.email);
        let id = cx.store.account_id(&input.email).await?;
        let id = id.unwrap_or_else(|| UserId::new(cx.clock.now()));
        let account = cx.store.user(&id).await?;
        let version = account.as_ref().map_or(0, |account| account.token_version);
        let attempt = Attempt::take(cx, &input, &subject, version).await?;

        let stored = account.as_ref().map(|account| account.password_hash.clone());
        let matches = password::verify(cx, input.password.expose().to_owned(), stored).await?;
        let account = account.filter(|account| matches && !account.user.disabled);
        let Some(account) = account else {
            Entry::new(cx, Event::SignedIn).about(subject).refused().record(cx).await;
            return Err(refused());
        };
        // Whoever knows the password has guessed nothing yet.
        let code = match (asks_for_code(&account), input.code) {
            (true, None) => {
                attempt.give_back(cx).await;
                let detail = "Send the one-time code of your app, or a recovery code, as `code`.";
                return Err(Problem::new(Code::SecondFactorRequired, detail));
            }
            (_, code) => code,
        };
        second_factor(cx, &account, code.as_ref()).await?;

        attempt.give_back(cx).await;
        password::renew(cx, &account, &input.password).await;
        let session = refresh::begin(cx, &account).await?.ok_or_else(refused)?;
        let tokens = Tokens::of(cx, &session).await?;
        let device_token = device::token(cx, &account.user.email, account.token_version).await?;
        Ok(Json(Output { tokens, device_token, user: account.user }))
    }
}

fn refused() -> Problem {
    let detail = "The address or the password is wrong, or the address is not confirmed yet: look \
                  for our mail.";
    Problem::new(Code::InvalidCredentials, detail)
}

/// What an attempt took from the buckets.
struct Attempt(Vec<(&'static Policy, String)>);

impl Attempt {
    /// Takes from the buckets of the device and of all devices, where one is known; or else from
    /// those of the address and network and of the address.
    async fn take(
        cx: &Context,
        input: &Input,
        address: &str,
        version: u64,
    ) -> Result<Self, Problem> {
        let token = input.device_token.as_ref();
        let buckets = match device::known(cx, &input.email, version, token).await? {
            // A device answers for itself; its network may be an attacker's, too.
            Some(device) => {
                let all = format!("{address}#devices");
                vec![(&limits::LOGIN_DEVICE, device), (&limits::LOGIN_DEVICES, all)]
            }
            None => {
                let network = limits::network(cx.request.source_ip);
                let narrow = format!("{address}#{network}");
                vec![
                    (&limits::LOGIN_ADDRESS_NETWORK, narrow),
                    (&limits::LOGIN_ADDRESS, address.to_owned()),
                ]
            }
        };
        for (policy, subject) in &buckets {
            if let Err(refusal) = limits::take(cx, policy, subject).await {
                if *policy == &limits::LOGIN_ADDRESS {
                    warn(cx, &input.email, address).await?;
                }
                return Err(refusal);
            }
        }
        Ok(Self(buckets))
    }

    async fn give_back(self, cx: &Context) {
        for (policy, subject) in self.0 {
            limits::give_back(cx, policy, &subject).await;
        }
    }
}

/// Asks for word to the owner, once a day. Whether there is an owner, the worker sees that writes it.
async fn warn(cx: &Context, email: &Email, address: &str) -> Result<(), Problem> {
    if limits::take(cx, &limits::WARN_ADDRESS, address).await.is_ok() {
        let message = Message::ManyWrongPasswords;
        cx.store.put_mail(&OutboxItem::new(cx.clock.now(), email.clone(), message)).await?;
    }
    Ok(())
}

fn asks_for_code(account: &UserItem) -> bool {
    account.totp.as_ref().is_some_and(|item| item.confirmed)
}

/// Uses up a one-time code, where the account has them on. The password was right: whoever gets
/// this far may hear what is wrong.
async fn second_factor(
    cx: &Context,
    account: &UserItem,
    code: Option<&Secret>,
) -> Result<(), Problem> {
    let item = account.totp.as_ref().filter(|item| item.confirmed);
    let (Some(item), Some(code)) = (item, code) else { return Ok(()) };
    let id = &account.user.id;
    let used = totp::check(cx, id, item, code.expose()).await?;
    let accepted = match &used {
        Some(used) => cx.store.use_totp(account, item, used).await?,
        None => false,
    };
    if !accepted {
        let entry = Entry::new(cx, Event::SignedIn).by(id).about(id).refused();
        entry.with("wrong one-time code").record(cx).await;
        let detail = "The code is wrong or was used before. Wait for the next one of the app, or use \
                      another recovery code.";
        return Err(Problem::new(Code::SecondFactorRequired, detail));
    }
    if let Some(totp::Used::Recovery(_)) = used {
        cx.store.put_mail(&notice(cx, &account.user, Notice::RecoveryCodeUsed)).await?;
        Entry::new(cx, Event::RecoveryCodeUsed).by(id).about(id).record(cx).await;
    }
    Ok(())
}
