//! Functions with a URL of their own: there with the agent alone, and open to everybody at that URL.

use serde_json::{Value, json};

use super::{pascal_case, resources};

/// The longest policy of a role, in characters without spaces:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>.
const POLICY: usize = 10_240;

#[test]
fn every_function_url_streams_to_everybody_if_the_agent_is_on() {
    let Some(resources) = resources() else { return };
    for url in byline_local::function_urls() {
        let id = pascal_case(url.fallback.name);
        let function = format!("{id}Function");
        let of_url: Vec<&Value> = resources
            .iter()
            .filter(|(name, _)| name.starts_with(&function) || **name == format!("{id}Role"))
            .map(|(_, resource)| resource)
            .collect();
        // Function, role, URL, and the permissions to call the URL, and the function by it.
        assert_eq!(of_url.len(), 5, "{of_url:?}");
        for resource in &of_url {
            assert_eq!(resource["Condition"], "HasAgent", "{resource}");
        }
        let properties = |kind: &str| {
            let of_kind = of_url.iter().filter(|resource| resource["Type"] == kind);
            of_kind.map(|resource| resource["Properties"].clone()).collect::<Vec<_>>()
        };
        let [at] = &properties("AWS::Lambda::Url")[..] else { panic!("{of_url:?}") };
        assert_eq!(at["AuthType"], "NONE");
        assert_eq!(at["InvokeMode"], "RESPONSE_STREAM");
        // The function answers preflights.
        assert_eq!(at["Cors"], Value::Null);
        let mut actions: Vec<Value> = properties("AWS::Lambda::Permission")
            .into_iter()
            .map(|permission| {
                assert_eq!(permission["Principal"], "*");
                // None of them lets anybody call the function but at its URL.
                let by_url = permission["FunctionUrlAuthType"] == "NONE"
                    || permission["InvokedViaFunctionUrl"] == true;
                assert!(by_url, "{permission}");
                permission["Action"].clone()
            })
            .collect();
        actions.sort_by_key(Value::to_string);
        assert_eq!(actions, ["lambda:InvokeFunction", "lambda:InvokeFunctionUrl"]);
        let function = &resources[&function]["Properties"];
        assert_eq!(function["Timeout"], 300);
        let reserved = json!({ "Fn::If": [
            format!("Reserves{id}"), { "Ref": format!("{id}Concurrency") }, { "Ref": "AWS::NoValue" },
        ] });
        assert_eq!(function["ReservedConcurrentExecutions"], reserved);
        // It would depend on itself.
        let variables = &function["Environment"]["Variables"];
        assert_eq!(variables["BYLINE_AGENT_URL"], Value::Null);
        for operation in url.operations {
            let told = &resources[&format!("{}Function", pascal_case(operation.name))];
            let told = &told["Properties"]["Environment"]["Variables"]["BYLINE_AGENT_URL"];
            let address = format!("${{{id}FunctionUrl.FunctionUrl}}v1");
            assert_eq!(*told, json!({ "Fn::If": ["HasAgent", { "Fn::Sub": address }, ""] }));
        }
    }
}

#[test]
fn every_policy_is_short_enough() {
    let Some(resources) = resources() else { return };
    for (id, resource) in resources.iter().filter(|(_, one)| one["Type"] == "AWS::IAM::Role") {
        let policies = resource["Properties"]["Policies"].to_string().len();
        assert!(policies < POLICY * 9 / 10, "{id}: {policies} characters");
    }
}
