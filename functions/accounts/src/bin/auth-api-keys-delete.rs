//! The Lambda function `auth-api-keys-delete`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_accounts::auth_api_keys_delete::OPERATION)
}
