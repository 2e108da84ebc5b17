//! The Lambda function `auth-login`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(accounts::auth_login::OPERATION)
}
