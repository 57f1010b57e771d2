"""Validates *.statement.json and *.host.json of the working folder against the schemas in the folder given."""
import glob
import json
import os
import sys

from jsonschema import Draft202012Validator
from jsonschema.validators import RefResolver

folder = os.path.abspath(sys.argv[1])
schemas = {name: json.load(open(os.path.join(folder, name))) for name in os.listdir(folder) if name.endswith(".schema.json")}
store = {f"file://{folder}/{name}": schema for name, schema in schemas.items()}
failed = False
for name, schema in schemas.items():
    Draft202012Validator.check_schema(schema)
for path in sorted(glob.glob("*.json")):
    kind = path.split(".")[-2]
    base = f"file://{folder}/{kind}.schema.json"
    validator = Draft202012Validator(store[base], resolver=RefResolver(base, store[base], store=store))
    for error in validator.iter_errors(json.load(open(path))):
        failed = True
        print(f"{path}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")
sys.exit(failed)
