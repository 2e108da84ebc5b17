//! Our validator agrees with one that knows all of JSON Schema, on every schema that is in use.

use std::collections::BTreeSet;

use byline_shared::endpoint::InputContract;
use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::{Value, json};

/// Values that are near a limit, of another type, or spelled to mislead.
fn candidates() -> Vec<Value> {
    let texts = [
        "",
        " ",
        "a",
        "ada@example.com",
        "Ada <ada@example.com>",
        "\"a b\"@example.com",
        "ada@[127.0.0.1]",
        "ada@example",
        "@",
        "two-words",
        "Two Words",
        "-two",
        "two--words",
        "line\nbreak",
        "trailing\n",
        "tab\tstop",
        "nul\0",
        "\u{7f}",
        "\u{a0}",
        "é",
        "文",
        "🎉",
        "!!!",
        "post_01KE6P6V000000000000000000",
        "post_01KE6P6V00000000000000000I",
        "user_01KE6P6V000000000000000000",
        "rev_01KE6P6V000000000000000000",
        "\"v3\"",
        "reader",
        "owner",
    ];
    let lengths = [11, 12, 50, 51, 100, 101, 200, 201, 254, 255, 256, 257, 500, 501, 1024, 1025];
    let texts = texts.map(Value::from).into_iter();
    let long = lengths.into_iter().flat_map(|n| [json!("a".repeat(n)), json!("é".repeat(n))]);
    let numbers = [json!(-1), json!(0), json!(1), json!(50), json!(100), json!(101), json!(255)];
    let numbers = numbers.into_iter().chain([json!(1.5), json!(u64::MAX), json!(1e300)]);
    let others = [json!(null), json!(true), json!({}), json!({ "a": 1 }), json!([]), json!([[]])];
    let lists = [0, 1, 10, 20, 21, 50].map(|n| json!(vec!["tag"; n]));
    texts.chain(long).chain(numbers).chain(others).chain(lists).chain([json!(["ok", 7])]).collect()
}

fn reference(validator: &Validator, value: &Value) -> BTreeSet<String> {
    let faults = validator.iter_errors(value).flat_map(|error| {
        let at = error.instance_path().as_str().to_owned();
        match error.kind() {
            Kind::Required { property } => vec![format!("{at}/{}", property.as_str().unwrap())],
            Kind::AdditionalProperties { unexpected } => {
                unexpected.iter().map(|name| format!("{at}/{name}")).collect()
            }
            _ => vec![at],
        }
    });
    faults.collect()
}

fn ours(contract: &InputContract, value: &Value) -> BTreeSet<String> {
    let Err(problem) = contract.validate(value.clone()) else { return BTreeSet::new() };
    problem.errors.iter().map(|field| field.pointer.clone()).collect()
}

#[test]
fn every_schema_is_checked_as_json_schema_says() {
    let operations = byline_local::operations();
    let of_operations = operations.iter().filter_map(|operation| {
        let example = (operation.example)().input;
        Some((operation.name.to_owned(), operation.input_contract()?, example))
    });
    let of_tools = byline_tools::ALL
        .iter()
        .map(|tool| (tool.name.to_owned(), (tool.input)(), Value::Object(Default::default())));
    let mut compared = 0;
    for (name, contract, example) in of_operations.chain(of_tools) {
        let options = jsonschema::draft202012::options().should_validate_formats(true);
        let validator = options.build(contract.schema()).unwrap();
        let fields = contract.schema()["properties"].as_object().unwrap().clone();
        let names = fields.keys().map(String::as_str).chain(["no_such_field", "a/b~c"]);
        let mut inputs = vec![example.clone(), json!({})];
        for field in names {
            for candidate in candidates() {
                let mut input = example.clone();
                input[field] = candidate;
                inputs.push(input);
            }
        }
        for input in inputs {
            let escaped = |pointer: String| pointer.replace("a/b~c", "a~1b~0c");
            let expected: BTreeSet<String> =
                reference(&validator, &input).into_iter().map(escaped).collect();
            assert_eq!(ours(&contract, &input), expected, "{name}: {input}");
            compared += 1;
        }
    }
    assert!(compared > 2_000, "only {compared} inputs were compared");
}
