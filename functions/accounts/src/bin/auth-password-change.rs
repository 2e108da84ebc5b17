//! The Lambda function `auth-password-change`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(accounts::auth_password_change::OPERATION)
}
