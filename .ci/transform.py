"""What AWS makes of a SAM template on standard input, as CloudFormation gets it."""

import json
import os
import re
import sys

os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")

from samtranslator.translator.transform import transform  # noqa: E402  it reads the region when it is loaded
from samtranslator.yaml_helper import yaml_parse  # noqa: E402


class NoManagedPolicies:
    """The template names none, so nobody need be asked for them."""

    def load(self):
        return {}


# As `sam deploy` does once it has put the zips into a bucket.
text = re.sub(r"CodeUri: functions/target/(\w+\.zip)", r"CodeUri: s3://bucket/\1", sys.stdin.read())
json.dump(transform(yaml_parse(text), {}, NoManagedPolicies()), sys.stdout, indent=1)
