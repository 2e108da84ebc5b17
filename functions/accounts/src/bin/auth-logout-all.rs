//! The Lambda function `auth-logout-all`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(accounts::auth_logout_all::OPERATION)
}
