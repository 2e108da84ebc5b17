//! `POST /v1/auth/email-change/confirm`: confirms a change of e-mail address with the token of a mail.
//! The change happens when both the old and the new address have confirmed it.

use byline_shared::auth::audit;
use byline_shared::auth::limits;
use byline_shared::crypto::digest;
use byline_shared::model::Secret;
use byline_shared::model::audit::{AuditEntry, Event};
use byline_shared::prelude::*;
use byline_shared::store::email_changes::Confirmation;
use byline_shared::store::outbox::Notice;
use byline_shared::store::tokens::Purpose;

use crate::mails::notice;

/// Confirms a change of e-mail address.
pub struct ConfirmEmailChange;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ConfirmEmailChange>(module_path!());

/// The proof that the mail arrived.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The `token` parameter of the link in the mail.
    pub token: Secret,
}

/// The state of the change.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "EmailChangeState")]
pub struct Output {
    /// Whether both addresses have confirmed, so that the address has changed.
    pub changed: bool,
}

impl Representation for Output {}

impl Endpoint for ConfirmEmailChange {
    const NAME: &'static str = "auth-email-change-confirm";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/auth/email-change/confirm";
    const SUMMARY: &'static str = "Confirm a change of e-mail address";
    const DESCRIPTION: &'static str = "Both the old and the new address get a mail with a link. The address changes when both \
        links were confirmed; the first confirmation answers with `changed: false`. If the new \
        address belongs to another account, nothing changes.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[GetItem, PutItem, UpdateItem, DeleteItem]),
        audit::AUDIT_PERMISSION,
    ];
    const LIMIT: Option<RateLimit> = Some(limits::TOKEN_NETWORK);

    type Auth = Public;
    type Input = Input;
    type Output = Json<Output>;

    fn example() -> Example<Self> {
        let token = Secret::new(byline_shared::examples::MAILED_TOKEN);
        Example { input: Input { token }, output: Json(Output { changed: false }) }
    }

    async fn handle(cx: &Context, (): (), input: Input) -> Result<Json<Output>, Problem> {
        let digest = digest::sha256(input.token.expose());
        let now = cx.clock.now();
        let token = cx.store.tokens().get(&digest).await?.filter(|token| token.is_live(now));
        let Some(Purpose::ConfirmEmailChange { user_id, change_id, side }) =
            token.map(|token| token.purpose)
        else {
            return Err(spent());
        };
        let account = cx.store.users().get(&user_id).await?.ok_or_else(spent)?;
        let change = account.email_change.clone();
        let change = change.filter(|change| change.id == change_id && change.ends_at > now);
        let change = change.ok_or_else(spent)?;
        let notice = notice(cx, &account.user, Notice::EmailChanged);
        let entry = AuditEntry::new(cx, Event::EmailChanged).by_user(&account.user).about(&user_id);
        let consent = cx
            .store
            .email_changes()
            .confirm(&account, &change, side, &digest, &notice, &entry)
            .await?;
        match consent {
            Confirmation::Pending => Ok(Json(Output { changed: false })),
            Confirmation::Completed => Ok(Json(Output { changed: true })),
            Confirmation::Invalid => Err(spent()),
        }
    }
}

fn spent() -> Problem {
    let message = "The link has expired, has already been used or is incomplete, or the new address \
                   now belongs to another account.";
    Problem::invalid_field("token", "invalid_token", message)
}
