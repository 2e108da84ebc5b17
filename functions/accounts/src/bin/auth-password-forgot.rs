//! The Lambda function `auth-password-forgot`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_accounts::auth_password_forgot::OPERATION)
}
