//! The Lambda function `auth-register`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(accounts::auth_register::OPERATION)
}
