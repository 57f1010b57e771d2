// Asks others whether a document keeps to its standard: node check.mjs html|openapi|ro-crate FILE...
// Nothing is printed of what does; of what does not, a line for each fault, and the exit status is 1.
import fs from "node:fs";
import path from "node:path";

const checks = {
  // HTML Living Standard, as html-validate knows it.
  async html(files) {
    const { HtmlValidate } = await import("html-validate");
    const validator = new HtmlValidate({ extends: ["html-validate:standard"], root: true });
    const report = await validator.validateMultipleFiles(files);
    return report.results.flatMap((result) =>
      result.messages.map((fault) => `${path.basename(result.filePath)}:${fault.line}:${fault.column}: ${fault.ruleId}: ${fault.message}`));
  },
  // The JSON Schema of the version that the document names.
  async openapi(files) {
    const { Validator } = await import("@seriousme/openapi-schema-validator");
    const faults = [];
    for (const file of files) {
      const result = await new Validator().validate(JSON.parse(fs.readFileSync(file)));
      faults.push(...(result.valid ? [] : [`${file}: ${JSON.stringify(result.errors)}`]));
    }
    return faults;
  },
  // Read by the RO-Crate library of others: a root that describes itself, and no reference to an entity of the crate that is not there.
  async "ro-crate"(files) {
    const { ROCrate } = await import("ro-crate");
    const faults = [];
    for (const file of files) {
      const crate = new ROCrate(JSON.parse(fs.readFileSync(file)), { array: true, link: true });
      const root = crate.rootDataset;
      for (const name of ["name", "description", "datePublished", "hasPart"]) {
        if (!root?.[name]?.length) faults.push(`${file}: the root has no ${name}`);
      }
      for (const entity of crate.entities()) {
        if (!entity["@type"]?.length) faults.push(`${file}: '${entity["@id"]}' has no type`);
        for (const [name, values] of Object.entries(entity.toJSON())) {
          for (const value of [values].flat()) {
            const id = value?.["@id"];
            if (id && !/^https?:/.test(id) && !crate.getEntity(id)) faults.push(`${file}: ${name} of '${entity["@id"]}' refers to '${id}', which is not there`);
          }
        }
      }
      const actions = [...crate.entities()].filter((entity) => entity["@type"].includes("CreateAction"));
      if (!actions.some((action) => action.instrument?.length && action.result?.length)) faults.push(`${file}: no action with an instrument and a result`);
    }
    return faults;
  },
};

const [kind, ...files] = process.argv.slice(2);
const faults = await checks[kind](files);
faults.forEach((fault) => console.log(fault));
process.exit(faults.length > 0 ? 1 : 0);
