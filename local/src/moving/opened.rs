//! The Byline that is moved into or out of: on this machine, or on AWS.

use std::sync::{Arc, OnceLock};

use aws_config::{BehaviorVersion, Region};
use byline_shared::Context;
use byline_shared::clock::SystemClock;
use byline_shared::config::Config;
use byline_shared::model::Email;

use super::Place;
use crate::engine::Data;
use crate::{Byline, Options};

/// Where the local runner is reached unless it is told otherwise: addresses of media hold it.
const LOCAL_URL: &str = "http://127.0.0.1:8000";

/// What `--public-url` says: configuration is looked up by a function that knows nothing else.
static PUBLIC_URL: OnceLock<String> = OnceLock::new();

/// An open Byline, on this machine or on AWS.
pub(super) struct Opened {
    pub(super) context: Context,
    local: Option<Byline>,
}

impl Opened {
    /// Where the files of this Byline are reached, in a sentence: posts name them by it.
    pub(super) fn media_address(&self) -> String {
        let url = &self.context.config.media_url;
        match self.local {
            Some(_) => format!(
                "Addresses of its media begin with {url}; --public-url or BYLINE_PUBLIC_URL \
                 says where it is reached."
            ),
            None => format!("Addresses of its media begin with {url}."),
        }
    }

    /// Ends what was begun.
    pub(super) async fn close(self) {
        if let Some(byline) = self.local {
            byline.stop().await;
        }
    }
}

/// Opens what is there, and makes nothing.
///
/// # Errors
/// Where there is no Byline, and as [`open`].
pub(super) async fn open_existing(place: &Place) -> Result<Opened, String> {
    if !place.stack && !Data::Folder(place.data.clone()).is_there() {
        return Err(format!(
            "There is no Byline in {}. Name the folder of its data with --data.",
            place.data.display()
        ));
    }
    open(place).await
}

/// Opens what is meant.
///
/// # Errors
/// Why it cannot be opened, and what to do.
pub(super) async fn open(place: &Place) -> Result<Opened, String> {
    if place.stack {
        return stack(place).await.map(|context| Opened { context, local: None });
    }
    if let Some(url) = &place.public_url {
        let url = url.as_str().trim_end_matches('/').to_owned();
        // One command, one address.
        let _ = PUBLIC_URL.set(url);
    }
    let options = Options {
        address: ([127, 0, 0, 1], 0).into(),
        data: Data::Folder(place.data.clone()),
        admin_email: Email::trusted(&place.admin_email),
        variable: |name| {
            let is_url = name == "BYLINE_PUBLIC_URL";
            let told = is_url.then(|| PUBLIC_URL.get().cloned()).flatten();
            let given = std::env::var(name).ok().filter(|value| !value.is_empty());
            told.or(given).or_else(|| is_url.then(|| LOCAL_URL.to_owned()))
        },
        ..Options::in_memory()
    };
    let byline = Byline::start(options).await.map_err(|error| error.to_string())?;
    if let Some(password) = &byline.admin.password {
        eprintln!(
            "The admin {} was made with the password {}\nIt is shown this once.",
            byline.admin.email,
            password.expose()
        );
    }
    Ok(Opened { context: byline.context.clone(), local: Some(byline) })
}

/// A deployed stack, reached with the credentials of the environment.
async fn stack(place: &Place) -> Result<Context, String> {
    let config = Config::from_lookup(|name| {
        let given = match name {
            "BYLINE_CONTENT_TABLE" => place.content_table.clone(),
            "BYLINE_IDENTITY_TABLE" => place.identity_table.clone(),
            "BYLINE_MEDIA_BUCKET" => place.media_bucket.clone(),
            "BYLINE_MEDIA_URL" => place.media_url.clone(),
            _ => std::env::var(name).ok(),
        };
        let unused = match name {
            // Neither tokens nor mails are made here.
            "BYLINE_PUBLIC_URL" | "BYLINE_SITE_URL" => "https://byline.invalid",
            "BYLINE_MAIL_FROM" => "byline@byline.invalid",
            "BYLINE_TOKEN_SECRET_PARAMETER" | "BYLINE_ACCOUNT_SECRET_PARAMETER" => "/unused",
            _ => return Ok(given),
        };
        Ok(Some(given.unwrap_or_else(|| unused.to_owned())))
    });
    let config = config.map_err(|error| {
        format!(
            "{error}. Take the variables from one of the stack's functions (docs/OPERATIONS.md, \
             \"Moving in and out\"), or name what is missing by its option."
        )
    })?;
    let mut loader = aws_config::defaults(BehaviorVersion::latest());
    if let Some(region) = &place.region {
        loader = loader.region(Region::new(region.clone()));
    }
    Ok(Context::new(Arc::new(config), loader.load().await, Arc::new(SystemClock)))
}
