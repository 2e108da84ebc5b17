//! What the API description says about the endpoints that take forms. They follow their RFCs, so the
//! schemas are written down here instead of being derived from input types.

use byline_shared::endpoint::{OtherAnswer, RawContract};
use byline_shared::examples;
use schemars::{Schema, json_schema};
use serde_json::{Value, json};

/// The fields that authenticate a client in a form.
fn client_fields() -> Value {
    json!({
        "client_id": { "type": "string", "description": "The client's id, unless it is sent with HTTP Basic." },
        "client_secret": { "type": "string", "description": "The client's secret, if it has one and does not send it with HTTP Basic." },
    })
}

/// A form with these fields and those of client authentication.
fn client_form(required: &[&str], fields: Value) -> Schema {
    let mut properties = fields;
    if let (Some(all), Value::Object(client)) = (properties.as_object_mut(), client_fields()) {
        all.extend(client);
    }
    json_schema!({ "type": "object", "required": required, "properties": properties })
}

/// An error of an OAuth endpoint (RFC 6749 §5.2).
fn oauth_error() -> Schema {
    json_schema!({
        "type": "object",
        "required": ["error", "error_description"],
        "properties": {
            "error": { "type": "string", "description": "The kind of error, for clients." },
            "error_description": { "type": "string", "description": "What is wrong and what to do, for developers." },
        },
    })
}

fn error_answer(status: u16, description: &'static str) -> OtherAnswer {
    let body = Some(("application/json", oauth_error()));
    OtherAnswer { status, description, location: false, body }
}

const INVALID_CLIENT: &str = "`invalid_client`: The client is unknown, or its secret is wrong.";

/// `POST /oauth/token`.
pub(crate) fn token() -> RawContract {
    RawContract {
        client_authentication: true,
        request: Some(client_form(
            &["grant_type"],
            json!({
                "grant_type": { "type": "string", "enum": ["authorization_code", "refresh_token"], "description": "What is exchanged." },
                "code": { "type": "string", "description": "The authorization code. It works once, within a minute." },
                "code_verifier": { "type": "string", "description": "The PKCE verifier whose challenge the authorization request named (RFC 7636)." },
                "redirect_uri": { "type": "string", "description": "Optional; if sent, it must be the one of the authorization request." },
                "refresh_token": { "type": "string", "description": "The latest refresh token. Each works once." },
                "scope": { "type": "string", "description": "With a refresh token: fewer scopes than were granted, separated by spaces." },
                "resource": { "type": "string", "description": "The resource that the token is for (RFC 8707); it must be the one that was granted." },
            }),
        )),
        response: Some(json_schema!({
            "type": "object",
            "required": ["access_token", "token_type", "expires_in", "refresh_token", "scope"],
            "properties": {
                "access_token": { "type": "string", "description": "For `Authorization: Bearer`, at the granted resource only." },
                "token_type": { "type": "string", "enum": ["Bearer"], "description": "Always `Bearer`." },
                "expires_in": { "type": "integer", "description": "How long the access token is valid, in seconds." },
                "refresh_token": { "type": "string", "description": "Exchange it for the next tokens. It works once." },
                "scope": { "type": "string", "description": "The scopes of the access token, separated by spaces." },
            },
        })),
        example: Some(json!({
            "access_token": "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.c2lnbmF0dXJl",
            "token_type": "Bearer",
            "expires_in": 600,
            "refresh_token": examples::REFRESH_TOKEN,
            "scope": "profile posts:read",
        })),
        others: vec![
            error_answer(
                400,
                "`invalid_request`, `invalid_grant`, `invalid_scope`, `invalid_target` or `unsupported_grant_type`: see `error_description`.",
            ),
            error_answer(401, INVALID_CLIENT),
        ],
        ..RawContract::default()
    }
}

/// `POST /oauth/revoke`.
pub(crate) fn revoke() -> RawContract {
    RawContract {
        client_authentication: true,
        request: Some(client_form(
            &["token"],
            json!({ "token": { "type": "string", "description": "An access or refresh token of this client." } }),
        )),
        response: Some(json_schema!({ "type": "object", "description": "An empty object." })),
        example: Some(json!({})),
        others: vec![
            error_answer(400, "`invalid_request`: The form has no `token`."),
            error_answer(401, INVALID_CLIENT),
        ],
        ..RawContract::default()
    }
}

/// `POST /oauth/introspect`.
pub(crate) fn introspect() -> RawContract {
    RawContract {
        client_authentication: true,
        request: Some(client_form(
            &["token"],
            json!({ "token": { "type": "string", "description": "An access or refresh token of this client." } }),
        )),
        response: Some(json_schema!({
            "type": "object",
            "required": ["active"],
            "properties": {
                "active": { "type": "boolean", "description": "Whether the token is valid and was issued to this client. If not, the other members are missing." },
                "scope": { "type": "string", "description": "Its scopes, separated by spaces." },
                "client_id": { "type": "string", "description": "The client that it was issued to." },
                "sub": { "type": "string", "description": "The user's id." },
                "aud": { "type": "string", "description": "The resource that it is for." },
                "iss": { "type": "string", "description": "This server." },
                "exp": { "type": "integer", "description": "When it expires, in seconds since 1970." },
                "iat": { "type": "integer", "description": "When an access token was issued, in seconds since 1970." },
                "jti": { "type": "string", "description": "The id of an access token." },
                "token_type": { "type": "string", "description": "`Bearer` for an access token; missing for a refresh token." },
            },
        })),
        example: Some(json!({ "active": false })),
        others: vec![
            error_answer(400, "`invalid_request`: The form has no `token`."),
            error_answer(
                401,
                "`invalid_client`: The client is unknown, its secret is wrong, or it has no secret.",
            ),
        ],
        ..RawContract::default()
    }
}

/// `POST /oauth/register`.
pub(crate) fn register() -> RawContract {
    let redirect_uris = json!({ "type": "array", "minItems": 1, "maxItems": 10, "items": { "type": "string" }, "description": "Where users may be sent back to: https URLs, loopback URLs, or URLs of a private scheme." });
    let method = json!({ "type": "string", "enum": ["none", "client_secret_basic", "client_secret_post"], "description": "How the client authenticates; `none` for a public client. Default: `client_secret_basic`." });
    let grant_types = json!({ "type": "array", "items": { "type": "string" }, "description": "Must include `authorization_code`, if sent." });
    let response_types = json!({ "type": "array", "items": { "type": "string" }, "description": "Must include `code`, if sent." });
    RawContract {
        request: Some(json_schema!({
            "type": "object",
            "required": ["redirect_uris"],
            "properties": {
                "redirect_uris": redirect_uris,
                "client_name": { "type": "string", "maxLength": 100, "description": "The name that users see when they are asked to authorize the app." },
                "token_endpoint_auth_method": method,
                "grant_types": grant_types,
                "response_types": response_types,
            },
        })),
        response: Some(json_schema!({
            "type": "object",
            "required": ["client_id", "client_id_issued_at", "client_name", "redirect_uris", "token_endpoint_auth_method", "grant_types", "response_types"],
            "properties": {
                "client_id": { "type": "string", "description": "The client's id." },
                "client_secret": { "type": "string", "description": "The secret, unless the method is `none`. It is not shown again." },
                "client_secret_expires_at": { "type": "integer", "description": "Always 0, with a secret: it does not expire." },
                "client_id_issued_at": { "type": "integer", "description": "When the client was registered, in seconds since 1970." },
                "client_name": { "type": "string", "description": "The name that users see." },
                "redirect_uris": { "type": "array", "items": { "type": "string" }, "description": "Where users may be sent back to." },
                "token_endpoint_auth_method": method,
                "grant_types": { "type": "array", "items": { "type": "string" }, "description": "`authorization_code` and `refresh_token`." },
                "response_types": { "type": "array", "items": { "type": "string" }, "description": "`code`." },
            },
        })),
        example: Some(json!({
            "client_id": examples::OAUTH_CLIENT_ID,
            "client_id_issued_at": 1_767_604_200,
            "client_name": "Example agent",
            "redirect_uris": [examples::OAUTH_REDIRECT_URI],
            "token_endpoint_auth_method": "none",
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
        })),
        others: vec![
            error_answer(
                400,
                "`invalid_redirect_uri` or `invalid_client_metadata`: see `error_description`.",
            ),
            error_answer(
                403,
                "`access_denied`: This server does not register clients. Use a Client ID Metadata Document.",
            ),
        ],
        ..RawContract::default()
    }
}

/// The parameters of an authorization request (OAuth 2.1 §4.1.1).
fn authorization_request() -> Value {
    json!({
        "type": "object",
        "required": ["response_type", "client_id", "redirect_uri", "code_challenge", "code_challenge_method"],
        "properties": {
            "response_type": { "type": "string", "enum": ["code"], "description": "Always `code`." },
            "client_id": { "type": "string", "description": "The id of a registered client, or the https URL of a Client ID Metadata Document." },
            "redirect_uri": { "type": "string", "description": "Where to send the user back to: one of the client's redirect URIs." },
            "code_challenge": { "type": "string", "description": "The SHA-256 of the PKCE verifier, in base64url (RFC 7636)." },
            "code_challenge_method": { "type": "string", "enum": ["S256"], "description": "Always `S256`." },
            "scope": { "type": "string", "description": "The scopes to ask for, separated by spaces." },
            "state": { "type": "string", "description": "Comes back unchanged with the answer. Use it to recognise your own request." },
            "resource": { "type": "string", "description": "The resource that the token is for (RFC 8707): the URL of `/mcp`, or of this server for the REST API." },
            "response_mode": { "type": "string", "enum": ["query"], "description": "Always `query`, if sent." },
            "prompt": { "type": "string", "description": "`consent` asks the user even if they authorized the app before." },
        },
    })
}

/// `GET /oauth/authorize`.
pub(crate) fn authorize() -> RawContract {
    RawContract {
        parameters: Schema::try_from(authorization_request()).ok(),
        others: authorize_answers(),
        ..RawContract::default()
    }
}

/// `POST /oauth/authorize`.
pub(crate) fn authorize_submit() -> RawContract {
    let mut form = authorization_request();
    form["description"] = "An authorization request, and the fields of the page's form.".into();
    RawContract {
        request: Schema::try_from(form).ok(),
        others: authorize_answers(),
        ..RawContract::default()
    }
}

fn authorize_answers() -> Vec<OtherAnswer> {
    let page = || Some(("text/html; charset=utf-8", json_schema!({ "type": "string" })));
    vec![
        OtherAnswer {
            status: 303,
            description: "Back to the app: `Location` is the redirect URI with `code`, `state` and `iss`, or with `error` and `error_description`.",
            location: true,
            body: None,
        },
        OtherAnswer {
            status: 400,
            description: "The client or its redirect URI is unknown, so the user is not sent anywhere: a page says why.",
            location: false,
            body: page(),
        },
        OtherAnswer {
            status: 403,
            description: "Signing in failed, or the page is too old: the page says what to do.",
            location: false,
            body: page(),
        },
    ]
}
