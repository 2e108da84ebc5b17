//! The Lambda function `auth-password-reset`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(accounts::auth_password_reset::OPERATION)
}
