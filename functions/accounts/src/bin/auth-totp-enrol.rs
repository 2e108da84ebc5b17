//! The Lambda function `auth-totp-enrol`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(accounts::auth_totp_enrol::OPERATION)
}
