//! The Lambda function `auth-password-forgot`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(accounts::auth_password_forgot::OPERATION)
}
