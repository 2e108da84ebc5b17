//! The Lambda function `auth-totp-confirm`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(accounts::auth_totp_confirm::OPERATION)
}
