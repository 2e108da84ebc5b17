//! The link that signs the admin in to the Desk.

use byline_shared::http::problem::Problem;
use byline_shared::mail;

use super::start::describe;
use super::{Byline, StartError};

impl Byline {
    /// A link that signs the admin in to the Desk once, within 15 minutes. It follows the rules of
    /// mailed links: an account with one-time codes asks for one.
    ///
    /// # Errors
    /// [`StartError::Admin`] where the database fails, or the account is gone.
    pub async fn sign_in_link(&self) -> Result<String, StartError> {
        let token = self.sign_in_token().await;
        let token = token.map_err(|problem| StartError::Admin(describe(&problem)))?;
        let token = token.ok_or_else(|| StartError::Admin("it was deleted".to_owned()))?;
        Ok(format!("{}/desk/sign-in?token={token}", self.context.config.public_url))
    }

    async fn sign_in_token(&self) -> Result<Option<String>, Problem> {
        let users = self.context.store.users();
        let Some(id) = users.find_id_by_email(&self.admin.email).await? else { return Ok(None) };
        let Some(account) = users.get(&id).await? else { return Ok(None) };
        mail::sign_in_token(&self.context, &account).await.map(Some)
    }
}
