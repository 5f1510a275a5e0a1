/** The three ways to a certificate: proven in the looked-up zone (every other test here), DNS elsewhere, and one that exists. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ThrowAwayStack } from "../../commands/lib/throw-away.ts";
import { CERTIFICATE } from "../../tools/aws/records/acm.ts";
import { assertGreen, open } from "./stacks.ts";

const LONGEST = { timeout: 300_000 };
const ARN = "arn:aws:acm:eu-central-1:123456789012:certificate/00000000-0000-0000-0000-000000000000";

async function using(stack: ThrowAwayStack, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } finally {
    await stack.close();
  }
}
const names = async (stack: ThrowAwayStack) =>
  ((await stack.export()).deployment.resources ?? []).map(({ urn }) => urn.split("::").at(-1) ?? "");

test("DNS elsewhere: all but HTTPS and the service comes up, and up is red until ACM has issued", LONGEST, async () => {
  const stack = await open("dev", ["zone=null", 'alternativeNames=["*.dev.example.com", "www.example.com"]']);
  await using(stack, async () => {
    const { world } = stack.aws.place;
    for (const attempt of [1, 2]) {
      const { code, output } = await stack.up();
      assert.notEqual(code, 0, `attempt ${attempt}`);
      assert.match(output, /The certificate waits for proof that the domain is yours\. DNS records:/);
      const asked = output.slice(output.lastIndexOf("DNS records:")).match(/CNAME +_[0-9a-f]{32}\.\S+/g) ?? [];
      const domains = asked.map((line) => line.replace(/^CNAME +_[0-9a-f]{32}\./, ""));
      assert.deepEqual(domains, ["dev.example.com.", "www.example.com."]); // the wildcard has its parent's
      const there = await names(stack);
      for (const up of ["database-instance", "edge-lb", "edge-http", "host-release-migrated"])
        assert.ok(there.includes(up), up);
      for (const held of ["edge-https", "host-service-tasks"]) assert.ok(!there.includes(held), held);
    }
    const [certificate] = world.all(CERTIFICATE);
    assert.ok(certificate);
    world.put({ ...certificate, properties: { ...certificate.properties, status: "ISSUED" } });
    const issued = await stack.up();
    assertGreen(issued);
    assert.match(issued.output, /dnsRecords/);
    assert.ok((await names(stack)).includes("host-service-tasks"));
  });
});

test("an existing certificate is used as it is, and one that does not exist is refused", LONGEST, async () => {
  const stack = await open("dev", [`certificateArn=${ARN}`]);
  await using(stack, async () => {
    assertGreen(await stack.up());
    assert.deepEqual(
      (await names(stack)).filter((name) => name.startsWith("certificate")),
      [],
    );
    stack.set({ certificateArn: ARN.replace(/0$/, "1") });
    const { code, output } = await stack.up();
    assert.notEqual(code, 0);
    assert.match(output, /CertificateNotFound/);
  });
});

test("a zone given by its id is refused in a preview when the domain is not its own", LONGEST, async () => {
  const zones = [{ zoneId: "Z0123456789ABC", name: "example.org" }];
  const stack = await open("dev", ["zone=Z0123456789ABC"], { zones });
  await using(stack, async () => {
    const { code, output } = await stack.engine("preview");
    assert.notEqual(code, 0);
    assert.match(
      output,
      /error: zone: "Z0123456789ABC" is the zone of "example\.org", to which "dev\.example\.com" does not/,
    );
    assert.doesNotMatch(output, /at .*\.ts:\d/);
  });
});
