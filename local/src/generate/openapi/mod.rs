//! `openapi.json`: OpenAPI 3.1 (<https://spec.openapis.org/oas/v3.1.1>).

mod headers;
mod request;
mod responses;
mod schema;
mod tags;

use byline_shared::auth::requirement::Access;
use byline_shared::endpoint::Operation;
use byline_shared::model::Scope;
use schemars::SchemaGenerator;
use schemars::generate::{Contract, SchemaSettings};
use serde_json::{Map, Value, json};

const DESCRIPTION: &str = "\
Byline is a publishing backend for people and their AI agents.

- **Authentication**: send `Authorization: Bearer <token>` with the access token of a sign-in \
(valid for 10 minutes) or an API key (`POST /v1/auth/api-keys`). Apps that act for a user get tokens \
with OAuth.
- **Sign-in**: `POST /v1/auth/login` takes a password. Without one, `POST /v1/auth/sign-in-link` sends \
a link, and `POST /v1/auth/sign-in-link/confirm` takes its token. Both also take a one-time code if \
the account uses them. Offer the link when `POST /v1/auth/login` answers 429.
- **Bodies** are JSON objects with `snake_case` names. Unknown fields and query parameters are \
rejected with 422, so a typo never looks like success. In a `PATCH`, fields that you leave out stay \
unchanged.
- **Times** are UTC in RFC 3339 with three decimals. **Ids** are prefixed ULIDs, such as \
`post_01JD9ZM5V8Q2M4T6W8X0Y2Z4C0`; they sort by creation time.
- **Lists** return `items` and `next_cursor`. Send `next_cursor` as `cursor` to get the next page; it \
is null on the last page. A page can be shorter than `limit` and still have a next page.
- **Errors** are problem details (RFC 9457): `code` is for clients, `detail` tells people what to do \
next, and a 422 lists every invalid field in `errors`.
- **Conditional requests**: a post has a `version`, and its `ETag` is `\"v<version>\"`. Changes to a \
draft need it in `If-Match`: without it the answer is 428, with an old one 412. Approving a proposal \
needs the `ETag` of its review in the same way.
- **Sending again**: a request that makes something can have an `Idempotency-Key`. Where it is listed, \
sending the same request with the same key again makes nothing twice and gets the first answer. Its \
answer is kept for 24 hours, for the same account and operation, if it was a success; after an error \
the same request is carried out again.
- **Reviews**: `GET /v1/manage/proposals/{proposal_id}` has a `review` with everything that approving \
would make visible: the changes from what readers see now, tags, cover, new hosts, findings, and the \
schedule of another revision. `GET /v1/manage/posts/{post_id}/review` has the same for a revision \
that you are about to publish; send its `ETag` as `review` to publish exactly that. A proposal that \
changes the same part as the post did since has a `conflict` instead, and cannot be approved.
- **HEAD** is answered wherever GET is, with the same headers and without the body.
- **Limits**: above a rate limit the answer is 429 with `Retry-After` and the `RateLimit` headers. Mails \
to an address have further limits: 5 an hour from one network, and 5 of one kind in 10 minutes from \
all networks.";

const BEARER: &str = "An access token of a sign-in or an API key, in the `Authorization` header. The \
    scopes of the token and the role of its user must both allow the operation. Operations that need \
    a signed-in person reject API keys.";

const OAUTH: &str = "An access token that a user granted to an app. It is valid for one resource \
    only (RFC 8707): the REST API or `/mcp`.";

const CLIENT: &str = "The id and secret of an OAuth client (RFC 6749 §2.3.1). They can be form \
    fields instead; a public client sends `client_id` alone.";

pub(super) fn document(operations: &[Operation]) -> String {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
            settings.contract = Contract::Serialize;
        })
        .into_generator();
    let mut responses = Map::new();
    let mut paths = Map::new();
    for operation in operations.iter().filter(|operation| operation.described) {
        let item = paths.entry(operation.path).or_insert_with(|| json!({}));
        item[operation.method.as_str().to_lowercase()] =
            describe(operation, &mut generator, &mut responses);
    }
    let mut schemas = generator.take_definitions(true);
    schemas.values_mut().for_each(schema::of_answers);
    let mut document = json!({
        "openapi": "3.1.1",
        "info": {
            "title": "Byline",
            "version": env!("CARGO_PKG_VERSION"),
            "description": DESCRIPTION,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/", "description": "The server that serves this document" }],
        "tags": tags::used(operations),
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": responses,
            "headers": headers::components(),
            "securitySchemes": {
                "bearer": {
                    "type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": BEARER,
                },
                "oauth": {
                    "type": "oauth2",
                    "description": OAUTH,
                    "flows": { "authorizationCode": {
                        "authorizationUrl": "/oauth/authorize",
                        "tokenUrl": "/oauth/token",
                        "refreshUrl": "/oauth/token",
                        "scopes": scopes(),
                    } },
                },
                "client": { "type": "http", "scheme": "basic", "description": CLIENT },
            },
        },
    });
    schema::plain(&mut document);
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

/// Every scope with its meaning, from the doc comments of [`Scope`].
fn scopes() -> Value {
    let schema = schemars::schema_for!(Scope).to_value();
    let scopes = schema["oneOf"].as_array().into_iter().flatten();
    let scopes = scopes.map(|scope| {
        (scope["const"].as_str().unwrap_or_default().to_owned(), scope["description"].clone())
    });
    scopes.collect::<Map<String, Value>>().into()
}

fn describe(
    operation: &Operation,
    generator: &mut SchemaGenerator,
    components: &mut Map<String, Value>,
) -> Value {
    let example = (operation.example)();
    let contract = (operation.contract)(generator);
    let mut description = json!({
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [tags::of(operation.name)],
    });
    if !operation.description.is_empty() {
        description["description"] = operation.description.into();
    }
    let typed = operation.input_contract();
    let mut parameters = match &typed {
        Some(typed) => request::parameters(typed, &example),
        None => request::raw_parameters(operation, contract.parameters.as_ref(), &example),
    };
    if operation.idempotent {
        parameters.push(request::idempotency_key());
    }
    if !parameters.is_empty() {
        description["parameters"] = parameters.into();
    }
    let body = match &typed {
        Some(typed) => request::body(typed, &example.input),
        None => request::raw_body(operation, contract.request.as_ref(), &example),
    };
    if let Some(body) = body {
        description["requestBody"] = body;
    }
    description["security"] = match operation.access {
        Access::Public if contract.client_authentication => json!([{ "client": [] }, {}]),
        // Pages of the Desk are not described.
        Access::Public | Access::Desk(_) => json!([]),
        Access::Person { scope, .. } => json!([{ "bearer": [scope.as_str()] }]),
        Access::Scope(scope) => for_scope(scope),
        Access::Publish => for_scope(Scope::PostsPublish),
    };
    description["responses"] =
        responses::responses(operation, generator, components, &example, contract);
    description
}

/// A token or an API key with this scope.
fn for_scope(scope: Scope) -> Value {
    json!([{ "bearer": [scope.as_str()] }, { "oauth": [scope.as_str()] }])
}
