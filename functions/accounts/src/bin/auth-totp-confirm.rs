//! The Lambda function `auth-totp-confirm`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_accounts::auth_totp_confirm::OPERATION)
}
