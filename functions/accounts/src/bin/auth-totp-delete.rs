//! The Lambda function `auth-totp-delete`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_accounts::auth_totp_delete::OPERATION)
}
