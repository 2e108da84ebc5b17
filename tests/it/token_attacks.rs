//! Forged access tokens, made at run time from a live one and the live keys: each is 401, none 500.

use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD, Engine};
use byline_shared::secrets::TokenSecret;
use jsonwebtoken::crypto::sign;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

use crate::harness::App;

/// A live token taken apart, and the means to put others together.
struct Forge {
    header: Value,
    claims: Value,
    live: String,
    secret: std::sync::Arc<TokenSecret>,
    now: byline_shared::model::Time,
    /// The public key: x and y.
    public: (Vec<u8>, Vec<u8>),
}

fn encode(part: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(part.to_string())
}

impl Forge {
    async fn new(app: &App) -> Self {
        let live = app.tokens("ada@example.com").await.text("/access_token");
        let part = |place: usize| -> Value {
            let part = live.split('.').nth(place).unwrap();
            serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
        };
        let keys = app.anonymous().get("/.well-known/jwks.json", 200).await;
        let coordinate = |name: &str| {
            let text = keys.text(&format!("/keys/0/{name}"));
            BASE64_URL_SAFE_NO_PAD.decode(text).unwrap()
        };
        let cx = &app.byline.context;
        Self {
            header: part(0),
            claims: part(1),
            public: (coordinate("x"), coordinate("y")),
            secret: cx.secrets.token.get().await.unwrap(),
            now: cx.clock.now(),
            live: live.clone(),
        }
    }

    /// A token with these parts, signed with the key that signs the real ones.
    fn signed(&self, header: &Value, claims: &Value) -> String {
        let message = format!("{}.{}", encode(header), encode(claims));
        let key = &self.secret.signing_key(self.now).unwrap().key;
        let signature = sign(message.as_bytes(), key, Algorithm::ES256).unwrap();
        format!("{message}.{signature}")
    }

    fn with_header(&self, changes: Value) -> String {
        self.signed(&changed(&self.header, changes), &self.claims)
    }

    fn with_claims(&self, changes: Value) -> String {
        self.signed(&self.header, &changed(&self.claims, changes))
    }

    /// A token signed with HMAC under a key that everybody knows.
    fn hmac(&self, algorithm: Algorithm, name: &str, key: &[u8]) -> String {
        let header = changed(&self.header, json!({ "alg": name }));
        let message = format!("{}.{}", encode(&header), encode(&self.claims));
        let key = EncodingKey::from_secret(key);
        format!("{message}.{}", sign(message.as_bytes(), &key, algorithm).unwrap())
    }
}

/// `of` with these members; null removes one.
fn changed(of: &Value, changes: Value) -> Value {
    let mut changed = of.clone();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            changed.as_object_mut().unwrap().remove(name);
        } else {
            changed[name] = value.clone();
        }
    }
    changed
}

/// A signature of fixed length as DER, which some verifiers take as well.
fn der(signature: &[u8]) -> Vec<u8> {
    let integer = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        if bytes[0] & 0x80 != 0 {
            bytes.insert(0, 0);
        }
        [&[2, u8::try_from(bytes.len()).unwrap()], bytes.as_slice()].concat()
    };
    let (r, s) = signature.split_at(32);
    let both = [integer(r), integer(s)].concat();
    [&[0x30, u8::try_from(both.len()).unwrap()], both.as_slice()].concat()
}

fn forgeries(forge: &Forge) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    let mut add = |what: &str, token: String| all.push((what.to_owned(), token));
    let parts: Vec<&str> = forge.live.split('.').collect();
    let [header, claims, signature] = [parts[0], parts[1], parts[2]];
    let raw = BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap();

    for none in ["none", "None", "NONE", "nOnE", "noNE", ""] {
        let header = encode(&changed(&forge.header, json!({ "alg": none })));
        add(&format!("alg {none:?} unsigned"), format!("{header}.{claims}."));
        add(&format!("alg {none:?}"), format!("{header}.{claims}.{signature}"));
    }
    let point = [&[4], forge.public.0.as_slice(), forge.public.1.as_slice()].concat();
    let spki =
        [&hex("3059301306072a8648ce3d020106082a8648ce3d030107034200"), point.as_slice()].concat();
    let pem = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        BASE64_STANDARD.encode(&spki)
    );
    let jwk = json!({
        "kty": "EC", "crv": "P-256",
        "x": BASE64_URL_SAFE_NO_PAD.encode(&forge.public.0),
        "y": BASE64_URL_SAFE_NO_PAD.encode(&forge.public.1),
    });
    let encodings: [&[u8]; 4] = [&point, &spki, pem.as_bytes(), &jwk.to_string().into_bytes()];
    for (place, key) in encodings.iter().enumerate() {
        for (algorithm, name) in
            [(Algorithm::HS256, "HS256"), (Algorithm::HS384, "HS384"), (Algorithm::HS512, "HS512")]
        {
            add(&format!("{name} with public key {place}"), forge.hmac(algorithm, name, key));
        }
    }
    for alg in ["ES384", "ES512", "RS256", "PS256", "EdDSA", "Ed25519", "es256", "ES256 "] {
        add(&format!("alg {alg}"), forge.with_header(json!({ "alg": alg })));
    }
    for (name, value) in [
        ("jwk", jwk.clone()),
        ("jku", json!("https://evil.example/jwks.json")),
        ("x5u", json!("https://evil.example/key.pem")),
    ] {
        // The header is ignored: what counts is that the key in it is not used.
        let other = EncodingKey::from_ec_der(&other_key());
        let with = changed(&forge.header, json!({ name: value }));
        let message = format!("{}.{}", encode(&with), encode(&forge.claims));
        let signature = sign(message.as_bytes(), &other, Algorithm::ES256).unwrap();
        add(&format!("{name} of another key"), format!("{message}.{signature}"));
    }
    for kid in [
        json!(""),
        json!("../../etc/passwd"),
        json!("kid_' OR 1=1"),
        json!("kid_01JD9ZQ9V8Q2M4T6W8X0Y2Z4J2"),
        json!("x".repeat(1500)),
        json!("kid_\u{0}"),
        json!(7),
        json!(["kid"]),
        Value::Null,
    ] {
        add(&format!("kid {kid}"), forge.with_header(json!({ "kid": kid })));
    }
    for typ in [json!("JWT"), json!("id+jwt"), json!("at+jwt2"), json!(""), json!(1), Value::Null] {
        add(&format!("typ {typ}"), forge.with_header(json!({ "typ": typ })));
    }
    for crit in [json!(["exp"]), json!([]), json!(["b64"])] {
        add(&format!("crit {crit}"), forge.with_header(json!({ "crit": crit, "b64": true })));
    }
    let now = forge.now.as_seconds();
    for (name, values) in [
        (
            "iss",
            vec![json!("https://evil.example"), json!(1), json!(["a"]), json!({}), Value::Null],
        ),
        ("aud", vec![json!("https://evil.example"), json!(1), json!([]), json!({}), Value::Null]),
        ("sub", vec![json!("user_01JD9ZK3V8Q2M4T6W8X0Y2Z4A6"), json!(1), json!(""), Value::Null]),
        ("sid", vec![json!("sess_01JD9ZK9V8Q2M4T6W8X0Y2Z4F6"), json!(1), Value::Null]),
        ("jti", vec![json!(1), Value::Null]),
        ("client_id", vec![json!(1), Value::Null]),
        ("scope", vec![json!(1), json!(["admin"]), Value::Null]),
        (
            "exp",
            vec![
                json!(now - 1),
                json!(0),
                json!(-1),
                json!("9999999999"),
                json!(now as f64 + 600.5),
                json!(1e300),
                json!(u64::MAX),
                Value::Null,
            ],
        ),
        ("nbf", vec![json!(now + 600), json!("0"), json!(1e300), Value::Null]),
        ("iat", vec![json!(now + 600), json!("0"), Value::Null]),
    ] {
        for value in values {
            add(&format!("{name} {value}"), forge.with_claims(json!({ name: value })));
        }
    }
    add("DER signature", format!("{header}.{claims}.{}", BASE64_URL_SAFE_NO_PAD.encode(der(&raw))));
    let longer = [raw.as_slice(), &[0]].concat();
    add("a byte more", format!("{header}.{claims}.{}", BASE64_URL_SAFE_NO_PAD.encode(longer)));
    add("a byte less", format!("{header}.{claims}.{}", BASE64_URL_SAFE_NO_PAD.encode(&raw[..63])));
    add("zeros", format!("{header}.{claims}.{}", BASE64_URL_SAFE_NO_PAD.encode([0; 64])));
    add("padding", format!("{header}.{claims}.{}", BASE64_URL_SAFE.encode(&raw)));
    add("no signature", format!("{header}.{claims}"));
    add("an empty signature", format!("{header}.{claims}."));
    add("a part more", format!("{}.{signature}", forge.live));
    add("a dot behind", format!("{}.", forge.live));
    add("bytes behind", format!("{}%00", forge.live));
    add("a space within", format!("{header}. {claims}.{signature}"));
    let serialised = json!({ "protected": header, "payload": claims, "signature": signature });
    add("JSON serialisation", serialised.to_string());
    let general = json!({
        "payload": claims,
        "signatures": [{ "protected": header, "signature": signature }],
    });
    add("general JSON serialisation", general.to_string());
    add("oversized", forge.with_claims(json!({ "pad": "x".repeat(8000) })));
    add(
        "other claims",
        format!(
            "{header}.{}.{signature}",
            encode(&changed(&forge.claims, json!({ "scope": "admin" }),))
        ),
    );
    add("nothing", "..".to_owned());
    add("text", "token".to_owned());
    all
}

fn hex(text: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(byte).collect()
}

/// Another P-256 key, in PKCS #8.
fn other_key() -> Vec<u8> {
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
    let random = aws_lc_rs::rand::SystemRandom::new();
    let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    key.as_ref().to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_forged_token_is_401() {
    let app = App::unlimited().await;
    app.sign_up("ada@example.com", "Ada").await;
    let forge = Forge::new(&app).await;
    // The forge works: what it leaves as it was is accepted.
    let unchanged = forge.signed(&forge.header, &forge.claims);
    app.with_token(&unchanged).get("/v1/users/me", 200).await;
    let forgeries = forgeries(&forge);
    assert!(forgeries.len() > 80);
    for (what, token) in forgeries {
        let headers = [("authorization", format!("Bearer {token}"))];
        let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
        let method = http::Method::GET;
        let answer = app.anonymous().try_send(method, "/v1/users/me", &headers, None).await;
        let answer = answer.unwrap();
        assert_eq!(answer.status, 401, "{what}: {}", answer.body);
        answer.is_problem("unauthenticated");
    }
    // Neither in the query, nor twice, nor by another scheme.
    let query = format!("/v1/users/me?access_token={}", forge.live);
    app.anonymous().get(&query, 401).await;
    for scheme in ["Basic", "Token", "DPoP"] {
        let value = format!("{scheme} {}", forge.live);
        let headers = [("authorization", value.as_str())];
        let method = http::Method::GET;
        app.anonymous().send_raw(method, "/v1/users/me", &headers, None, 401).await;
    }
}

/// Longer ones are not even read; an honest one of this length is taken.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_may_have_2048_bytes() {
    let app = App::start().await;
    app.sign_up("ada@example.com", "Ada").await;
    let forge = Forge::new(&app).await;
    let padded = |header: usize, claims: usize| {
        let pad = |length: usize| json!({ "pad": "x".repeat(length) });
        forge.signed(&changed(&forge.header, pad(header)), &changed(&forge.claims, pad(claims)))
    };
    let claims = (2048 - forge.live.len()) * 3 / 4;
    let mut tried = std::collections::BTreeMap::new();
    for header in 0..4 {
        for less in 0..40 {
            let token = padded(header, claims - less);
            tried.insert(token.len(), token);
        }
    }
    for (length, status) in [(2047, 200), (2048, 200), (2049, 401)] {
        app.with_token(&tried[&length]).get("/v1/users/me", status).await;
    }
}
