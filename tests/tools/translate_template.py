"""Prints template.yaml as the CloudFormation that SAM makes of it, in JSON."""

import json
import os
import sys

os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse


class NoManagedPolicies:
    def load(self):
        return {}


with open(sys.argv[1]) as file:
    template = yaml_parse(file.read())
for resource in template["Resources"].values():
    if resource["Type"] == "AWS::Serverless::Function":
        # `sam deploy` puts the address of the uploaded folder here.
        resource["Properties"]["CodeUri"] = "s3://bucket/key"
parameters = {"SiteUrl": "https://example.com", "SenderAddress": "no-reply@example.com"}
json.dump(transform(template, parameters, NoManagedPolicies()), sys.stdout)
