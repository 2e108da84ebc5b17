//! The Lambda function `auth-logout`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_accounts::auth_logout::OPERATION)
}
