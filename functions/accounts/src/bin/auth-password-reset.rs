//! The Lambda function `auth-password-reset`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_accounts::auth_password_reset::OPERATION)
}
