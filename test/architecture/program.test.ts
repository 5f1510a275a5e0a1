import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { planOf, type Plan, type PlannedResource } from "./planned.ts";
import { reaches } from "./reaches.ts";

const STACK = "pulumi:pulumi:Stack";
const COMPONENT = /^wsgi-on-aws:index:[A-Z][A-Za-z]+$/;

for (const database of ["sqlite", "postgres"]) {
  describe(`the program with ${database}`, () => {
    const plan = planOf({ database });
    const byUrn = new Map(plan.resources.map((resource) => [resource.urn, resource]));
    const parentOf = ({ parent }: PlannedResource) => (parent === undefined ? undefined : byUrn.get(parent));
    const custom = plan.resources.filter(({ type }) => type !== STACK && !COMPONENT.test(type));

    it("puts every resource into a component", () => {
      assert.ok(custom.length > 10);
      for (const resource of custom) assert.match(parentOf(resource)?.type ?? "none", COMPONENT, resource.urn);
    });

    it("names every child after its parent", () => {
      for (const resource of plan.resources) {
        const parent = parentOf(resource);
        if (!parent || parent.type === STACK) continue;
        const isAct = resource.type === "pulumi:index:Stash"; // a gate has one child, which shares its name
        assert.ok(isAct ? resource.name === parent.name : resource.name.startsWith(`${parent.name}-`), resource.urn);
      }
    });

    it("knows each image by digest", () => {
      for (const { inputs, urn } of containersOf(plan))
        assert.match(String(inputs.image), /^sha256:[0-9a-f]{64}$/, urn);
    });

    it("denies every container what it does not need", () => {
      for (const { inputs, urn } of containersOf(plan)) {
        assert.equal(inputs.readOnly, true, urn);
        assert.deepEqual(inputs.capabilities, { drops: ["ALL"] }, urn);
        assert.deepEqual(inputs.securityOpts, ["no-new-privileges:true"], urn);
        assert.match(String(inputs.user), /^[1-9]\d*:[1-9]\d*$/, urn);
        assert.ok(Number(inputs.memory) >= 128, urn);
        assert.equal(inputs.memorySwap, inputs.memory, urn);
        assert.ok(Number(inputs.destroyGraceSeconds) >= 30, urn);
        assert.equal(inputs.privileged, undefined, urn);
      }
    });

    it("publishes one port, on loopback", () => {
      const ports = containersOf(plan).flatMap(({ inputs }) => (inputs.ports ?? []) as object[]);
      assert.deepEqual(ports, [{ internal: 8080, external: 8080, ip: "127.0.0.1" }]);
    });

    it("keeps data and generated secrets when the stack is stopped", () => {
      const kept = plan.resources.filter(({ type }) => type.startsWith("random:"));
      assert.deepEqual(kept.map(({ name }) => name).sort(), ["names-id", "secrets-database", "secrets-secret-key"]);
    });

    it("lets a new version serve only after its gates, one replica after the other, and nginx last", () => {
      const waits = (from: string, to: string) => {
        assert.ok(reaches(plan, from, to), `${from} does not wait for ${to}`);
      };
      waits("host-release-published", "host-release-migrated");
      waits("host-release-proven", "host-release-published");
      waits("host-gunicorn-1", "host-release-proven");
      waits("host-gunicorn-2", "host-gunicorn-1-live");
      waits("edge-server", "edge-configured");
      waits("edge-configured", "host-gunicorn-2-live");
      if (database === "postgres") waits("host-release-migrated", "database-server-live");
    });
  });
}

describe("secrets", () => {
  it("stand nowhere in a plan", () => {
    const sentinel = "sentinel-3f9c";
    const plan = planOf({ secrets: { API_KEY: "env:SENTINEL" } }, { SENTINEL: sentinel });
    const text = JSON.stringify(plan);
    assert.equal(text.includes(sentinel), false);
    assert.equal(text.includes("API_KEY=masked"), false);
    const [gunicorn] = containersOf(plan).filter(({ name }) => name === "host-gunicorn-1-container");
    assert.ok((gunicorn?.inputs.envs as string[]).includes("[secret]"));
    assert.ok((gunicorn?.inputs.envs as string[]).includes("SITE_SCHEME=http"));
  });
});

function containersOf({ resources }: Plan): PlannedResource[] {
  return resources.filter(({ type }) => type === "docker:index/container:Container");
}
