//! The Lambda function `auth-verify-email`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(accounts::auth_verify_email::OPERATION)
}
