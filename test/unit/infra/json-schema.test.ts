import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { settingsTables, stackFileSchema } from "../../../infra/settings/json-schema.ts";

/** What stands in the column "default", by setting, for each section of docs/settings.md. */
const sections = settingsTables()
  .split(/^## /m)
  .slice(1)
  .map((section) => {
    const cells = section.matchAll(/^\| `(?<key>[^`]+)` \| (?<fallback>.*?) \| /gm);
    return new Map([...cells].map(({ groups }) => [groups?.["key"] ?? "", groups?.["fallback"] ?? ""]));
  });
const [everywhere = new Map<string, string>(), docker = everywhere, ecs = everywhere] = sections;

const required = (table: ReadonlyMap<string, string>) =>
  [...table].filter(([, fallback]) => fallback === "required").map(([key]) => key);

describe("the tables of the settings", () => {
  it("are those of every host, and of each", () => {
    assert.equal(sections.length, 3);
    assert.deepEqual(
      [everywhere.get("requestTimeout"), docker.get("port"), ecs.get("zones")],
      ['`"30s"`', "`8080`", "`2`"],
    );
  });

  it("show what a mapping holds, also where it is one choice of several", () => {
    assert.equal(everywhere.get("balancing.maxFails"), "`0`");
    assert.equal(everywhere.get("paths.<path>.timeout"), "");
    const limit = [...everywhere].filter(([key]) => key.startsWith("paths.<path>.rateLimit"));
    assert.deepEqual(limit, [
      ["paths.<path>.rateLimit", ""],
      ["paths.<path>.rateLimit.rate", "required"],
      ["paths.<path>.rateLimit.burst", "`20`"],
      ["paths.<path>.rateLimit.dryRun", "`false`"],
    ]);
  });

  it("say what must be written, and not what each host implies", () => {
    assert.deepEqual(required(everywhere), ["wsgiModule", "paths.<path>.rateLimit.rate"]);
    assert.deepEqual(required(docker), ["host"]);
    assert.deepEqual(required(ecs), ["profile", "domain"]);
  });
});

describe("the schema of a stack's file", () => {
  it("asks for the same settings", () => {
    const hosts = stackFileSchema().properties.config.anyOf;
    assert.deepEqual(
      hosts.map((host) => host.required),
      [
        ["wsgi-on-aws:host", "wsgi-on-aws:wsgiModule"],
        ["wsgi-on-aws:wsgiModule", "wsgi-on-aws:profile", "wsgi-on-aws:domain"],
      ],
    );
  });
});
