//! The Lambda function `users-update`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(accounts::users_update::OPERATION)
}
