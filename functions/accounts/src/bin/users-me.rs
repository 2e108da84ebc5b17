//! The Lambda function `users-me`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(accounts::users_me::OPERATION)
}
