import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ContainerDefinition } from "../../components/host/container-definitions.ts";
import { planOf, type Plan, type PlannedResource } from "./planned.ts";
import { reaches } from "./reaches.ts";

const STACK = "pulumi:pulumi:Stack";
const COMPONENT = /^wsgi-on-aws:index:[A-Z][A-Za-z]+$/;

const plans = { dev: planOf({}, {}, "dev"), prod: planOf({}, {}, "prod") };
const of = ({ resources }: Plan, type: RegExp) => resources.filter((resource) => type.test(resource.type));

/** What the release command and the service need and do not name: reached by reference or `dependsOn`. */
const NEEDED =
  /^aws:(ec2\/(route|routeTableAssociation|vpcEndpoint)|vpc\/|iam\/rolePolicy|cloudwatch\/logGroup|secretsmanager\/secretVersion|rds\/instance):?/;
/** Logs of the network, which no task writes. */
const NOT_NEEDED = /^network-flows-/;

/** Which of the resources that a task needs one of the two does not wait for. */
function missed(plan: Plan, waiting: string): string[] {
  const needed = of(plan, NEEDED).filter(({ name }) => !NOT_NEEDED.test(name));
  assert.ok(needed.length > 15, String(needed.length));
  return needed.filter(({ name }) => !reaches(plan, waiting, name)).map(({ name }) => name);
}

for (const [stack, plan] of Object.entries(plans)) {
  describe(`the program of ${stack}`, () => {
    const byUrn = new Map(plan.resources.map((resource) => [resource.urn, resource]));
    const parentOf = ({ parent }: PlannedResource) => (parent === undefined ? undefined : byUrn.get(parent));
    const custom = plan.resources.filter(({ type }) => type !== STACK && !COMPONENT.test(type));

    it("puts every resource into a component, named after it", () => {
      assert.ok(custom.length > 50);
      for (const resource of custom) {
        const parent = parentOf(resource);
        assert.match(parent?.type ?? "none", COMPONENT, resource.urn);
        const isAct = resource.type === "pulumi:index:Stash";
        const named = isAct ? resource.name === parent?.name : resource.name.startsWith(`${parent?.name ?? ""}-`);
        assert.ok(named, resource.urn);
      }
    });

    it("gives nothing on AWS a physical name that could be taken, nor one that is too long", () => {
      for (const { name, inputs, type } of of(plan, /^aws:/)) {
        if (type !== "aws:route53/record:Record") assert.equal(inputs["name"], undefined, name);
        if (/^aws:lb\/(loadBalancer|targetGroup):/.test(type)) assert.ok(name.length <= 24, name);
      }
    });

    it("lets the release command and the service wait for all that they need", () => {
      for (const waiting of ["host-release-migrated", "host-service-tasks"]) {
        assert.deepEqual(missed(plan, waiting), [], waiting);
      }
      for (const listener of ["edge-http", "edge-https"]) assert.ok(reaches(plan, "host-service-tasks", listener));
      assert.ok(reaches(plan, "host-service-tasks", "host-release-migrated"), "new code before its migrations");
      assert.ok(reaches(plan, "host-service-live", "host-service-tasks"));
      assert.ok(reaches(plan, "edge-https", "certificate-issued"));
    });

    it("names the edge that is missing when one is broken", () => {
      for (const lost of ["network-public-routes-out", "firewall-postgres-in", "host-roles-execution-policy"]) {
        const urn = plan.resources.find(({ name }) => name === lost)?.urn;
        const resources = plan.resources.map((resource) => ({
          ...resource,
          dependencies: resource.dependencies.filter((dependency) => dependency !== urn),
        }));
        assert.deepEqual(missed({ ...plan, resources }, "host-service-tasks"), [lost]);
      }
    });

    it("opens nothing to the world but the load balancer's two ports", () => {
      const open = of(plan, /SecurityGroupIngressRule$/).filter(({ inputs }) => "cidrIpv4" in inputs);
      assert.deepEqual(open.map(({ name, inputs }) => [name, inputs["fromPort"], inputs["toPort"]]).sort(), [
        ["firewall-http-in", 80, 80],
        ["firewall-https-in", 443, 443],
      ]);
    });

    it("knows each image by digest, runs it without root and locked down", () => {
      const containers = of(plan, /TaskDefinition$/)
        .filter(({ type }) => type.startsWith("aws:"))
        .flatMap(({ inputs }) => JSON.parse(String(inputs["containerDefinitions"])) as ContainerDefinition[]);
      assert.deepEqual(
        containers.map(({ name }) => name),
        ["gunicorn", "gunicorn", "nginx", "nginx-conf", "static"],
      );
      for (const container of containers) {
        assert.match(container.image, /@sha256:[0-9a-f]{64}$/);
        assert.match(container.user, /^[1-9]\d*:[1-9]\d*$/);
        assert.equal(container.readonlyRootFilesystem, true);
        assert.deepEqual(container.linuxParameters, { capabilities: { drop: ["ALL"] } });
        assert.equal(container.logConfiguration.options["mode"], "non-blocking");
        for (const { name } of container.environment) assert.doesNotMatch(name, /(SECRET_KEY|PASSWORD)$/);
      }
    });

    it("protects data in prod, and leaves nothing behind in dev", () => {
      const prod = stack === "prod";
      const [database] = of(plan, /^aws:rds\/instance:/);
      const [balancer] = of(plan, /^aws:lb\/loadBalancer:/);
      const [repository] = of(plan, /^aws:ecr\/repository:/);
      assert.equal(database?.inputs["deletionProtection"], prod);
      assert.equal(database.inputs["multiAz"], prod);
      assert.equal(database.inputs["skipFinalSnapshot"], !prod);
      assert.equal(balancer?.inputs["enableDeletionProtection"], prod);
      assert.equal(repository?.inputs["forceDelete"], !prod);
      assert.equal(of(plan, /natGateway:/).length, prod ? 2 : 0);
      assert.equal(of(plan, /flowLog:/).length, prod ? 1 : 0);
      assert.equal(of(plan, /^aws:s3\/bucket:/).length, prod ? 1 : 0);
    });
  });
}

describe("DNS elsewhere", () => {
  it("makes no record, and holds HTTPS and the service until the certificate is issued", () => {
    const plan = planOf({ zone: null }, {}, "dev");
    assert.deepEqual(of(plan, /^aws:(route53|acm\/certificateValidation)/), []);
    assert.ok(reaches(plan, "edge-https", "certificate-issued"));
    assert.ok(reaches(plan, "host-service-tasks", "certificate-issued"));
    assert.ok(!reaches(plan, "edge-http", "certificate-issued"));
    assert.ok(!reaches(plan, "database-instance", "certificate-issued"));
    assert.deepEqual(plan.outputs["dnsRecords"], [
      { name: "dev.example.com", type: "CNAME", value: "edge-lb.example" },
      { name: "_masked.dev.example.com.", type: "CNAME", value: "_masked.acm-validations.aws." },
    ]);
  });
});
