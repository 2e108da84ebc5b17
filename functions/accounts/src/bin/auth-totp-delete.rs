//! The Lambda function `auth-totp-delete`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(accounts::auth_totp_delete::OPERATION)
}
