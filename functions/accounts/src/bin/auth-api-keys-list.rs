//! The Lambda function `auth-api-keys-list`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(accounts::auth_api_keys_list::OPERATION)
}
