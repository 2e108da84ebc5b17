//! The Lambda function `auth-totp-enrol`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_accounts::auth_totp_enrol::OPERATION)
}
