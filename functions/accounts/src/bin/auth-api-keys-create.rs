//! The Lambda function `auth-api-keys-create`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(accounts::auth_api_keys_create::OPERATION)
}
