// Reads every CSV table of a package with two libraries; prints the rows of each, or fails with what is wrong.
const fs = require("fs");
const path = require("path");
const { Package } = require("datapackage");
const { Dataset } = require("frictionless.js");

async function judge(folder) {
  const file = path.join(folder, "datapackage.json");
  const package_ = await Package.load(file);
  if (!package_.valid) throw new Error(package_.errors.map(String).join("\n"));
  const rows = {};
  for (const resource of package_.resources.filter((each) => each.descriptor.format === "csv")) {
    rows[resource.name] = (await resource.read({ relations: true })).length;
  }
  const dataset = await Dataset.load(file);
  for (const resource of dataset.resources) {
    const stated = JSON.parse(fs.readFileSync(file)).resources.find((each) => each.name === resource.descriptor.name);
    if (`sha256:${await resource.hash("sha256")}` !== stated.hash) throw new Error(`${stated.path}: another hash`);
  }
  return rows;
}

judge(process.argv[2]).then(
  (rows) => console.log(JSON.stringify(rows)),
  (error) => {
    console.error(String(error), (error.errors || []).map(String).join("\n"));
    process.exitCode = 1;
  },
);
