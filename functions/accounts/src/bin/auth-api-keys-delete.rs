//! The Lambda function `auth-api-keys-delete`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(accounts::auth_api_keys_delete::OPERATION)
}
