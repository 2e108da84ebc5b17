//! Medians and Markdown tables.

/// The median; `values` has at least one.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    percentile(&mut values, 50)
}

/// The value that this many percent of `values` do not exceed; it has at least one.
pub(crate) fn percentile(values: &mut [f64], percent: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    values[(values.len() * percent / 100).min(values.len() - 1)]
}

/// A limit, and whether a value keeps it.
#[derive(Clone, Copy)]
pub(crate) enum Budget {
    /// There is none.
    None,
    /// This much or less.
    AtMost(f64),
    /// This much or more.
    AtLeast(f64),
}

impl Budget {
    /// What the table says about `value`.
    fn verdict(self, value: f64, unit: &str) -> String {
        let (sign, limit, kept) = match self {
            Self::None => return String::new(),
            Self::AtMost(limit) => ("≤", limit, value <= limit),
            Self::AtLeast(limit) => ("≥", limit, value >= limit),
        };
        format!("{sign} {limit}{unit}{}", if kept { "" } else { ": **missed**" })
    }
}

/// Prints a heading and the head of a table.
pub(crate) fn table(title: &str, columns: &[&str]) {
    println!("\n### {title}\n\n| {} |\n|{}", columns.join(" | "), "---|".repeat(columns.len()));
}

/// Prints a row: what, value, budget.
pub(crate) fn row(what: &str, value: f64, digits: usize, unit: &str, budget: Budget) {
    println!("| {what} | {value:.digits$}{unit} | {} |", budget.verdict(value, unit));
}

/// A cell: a value, its ratio to the floor, and the budget of that ratio.
pub(crate) fn ratio(value: f64, digits: usize, unit: &str, floor: f64, budget: Budget) -> String {
    let ratio = value / floor;
    let verdict = match budget.verdict(ratio, "×") {
        verdict if verdict.is_empty() => verdict,
        verdict => format!(", {verdict}"),
    };
    format!("{value:.digits$}{unit} ({ratio:.2}×{verdict})")
}

/// A cell: a value and its budget.
pub(crate) fn value(value: f64, digits: usize, unit: &str, budget: Budget) -> String {
    match budget.verdict(value, unit) {
        verdict if verdict.is_empty() => format!("{value:.digits$}{unit}"),
        verdict => format!("{value:.digits$}{unit} ({verdict})"),
    }
}
