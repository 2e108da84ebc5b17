//! The Lambda function `auth-logout`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(accounts::auth_logout::OPERATION)
}
