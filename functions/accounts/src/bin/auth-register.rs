//! The Lambda function `auth-register`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_accounts::auth_register::OPERATION)
}
