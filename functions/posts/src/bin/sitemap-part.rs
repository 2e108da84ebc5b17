//! The Lambda function `sitemap-part`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    shared::lambda::serve(posts::sitemap_part::OPERATION)
}
