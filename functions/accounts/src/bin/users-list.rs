//! The Lambda function `users-list`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(accounts::users_list::OPERATION)
}
