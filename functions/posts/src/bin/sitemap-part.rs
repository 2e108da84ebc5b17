//! The Lambda function `sitemap-part`. Written by `cargo gen`.

fn main() -> std::process::ExitCode {
    byline_shared::lambda::serve(byline_posts::sitemap_part::OPERATION)
}
