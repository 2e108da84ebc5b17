//! The Lambda function `authors-list`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(posts::authors_list::OPERATION)
}
