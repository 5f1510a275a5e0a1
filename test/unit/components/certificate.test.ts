import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { Certificate } from "../../../components/certificate/certificate.ts";
import { requireIssued } from "../../../components/certificate/issued.ts";
import { zoneId, zoneProblem } from "../../../components/certificate/zone.ts";
import { scriptedAws } from "../release/scripted-aws.ts";
import { made, ofType, valueOf } from "./mocks.ts";

const CERTIFICATE = "aws:acm/certificate:Certificate";
const GET_ZONE = "aws:route53/getZone:getZone";
type Domains = readonly [string, ...string[]];

/** What ACM asks for: a wildcard and its parent domain share a record. */
const option = (domainName: string) => {
  const domain = domainName.replace(/^\*\./, "");
  return {
    domainName,
    resourceRecordName: `_name.${domain}.`,
    resourceRecordType: "CNAME",
    resourceRecordValue: `_value.${domain}.acm-validations.aws.`,
  };
};

const certificate = (domains: Domains, zone?: string, order: readonly string[] = domains) =>
  made(
    () => {
      const place = { region: "eu-central-1", account: "123456789012" };
      const made = new Certificate("certificate", { place, domains, zoneId: zone });
      return { arn: made.arn, records: made.records, issued: made.issuedAfter([]) };
    },
    {
      outputs: {
        [CERTIFICATE]: { domainValidationOptions: order.map(option) },
        "aws:route53/record:Record": { fqdn: "proof.example" },
      },
    },
  );

const record = (domain: string) => ({
  zoneId: "Z1",
  ttl: 300,
  type: "CNAME",
  name: `_name.${domain}.`,
  records: [`_value.${domain}.acm-validations.aws.`],
  allowOverwrite: true,
});

describe("a zone of Route 53", () => {
  test("one certificate, proven by DNS so that it renews itself", async () => {
    const of = await certificate(["example.com", "*.example.com", "www.example.org"], "Z1");
    assert.deepEqual(ofType(of, /certificate:Certificate$/)["certificate-acm"]?.inputs, {
      domainName: "example.com",
      subjectAlternativeNames: ["*.example.com", "www.example.org"],
      validationMethod: "DNS",
      keyAlgorithm: "EC_prime256v1",
    });
  });

  test("a wildcard has the record of its parent domain", async () => {
    for (const domains of [
      ["example.com", "*.example.com"],
      ["*.example.com", "example.com"],
      ["*.example.com"],
      ["example.com"],
    ] as unknown as Domains[]) {
      const records = ofType(await certificate(domains, "Z1"), /record:Record$/);
      assert.deepEqual(Object.keys(records), ["certificate-proof-example.com"], domains.join());
      assert.deepEqual(records["certificate-proof-example.com"]?.inputs, record("example.com"));
    }
  });

  test("each record is found by its domain, in whatever order ACM and the settings name them", async () => {
    const names = ["example.com", "*.example.com", "a.example.com", "*.b.example.com", "b.example.com"];
    const shuffled = fc.shuffledSubarray(names, { minLength: names.length });
    await fc.assert(
      fc.asyncProperty(shuffled, shuffled, async (domains, order) => {
        const of = await certificate(domains as unknown as Domains, "Z1", order);
        const records = Object.entries(ofType(of, /record:Record$/)).map(([name, { inputs }]) => [name, inputs]);
        assert.deepEqual(
          Object.fromEntries(records),
          Object.fromEntries(
            ["example.com", "a.example.com", "b.example.com"].map((domain) => [
              `certificate-proof-${domain}`,
              record(domain),
            ]),
          ),
        );
      }),
      { numRuns: 30 },
    );
  });

  test("what serves waits until ACM has issued, by all the records", async () => {
    const of = await certificate(["example.com", "www.example.com"], "Z1");
    const issued = ofType(of, /certificateValidation:/)["certificate-issued"];
    assert.deepEqual(issued?.inputs, {
      certificateArn: "certificate-acm-arn",
      validationRecordFqdns: ["proof.example", "proof.example"],
    });
    assert.deepEqual(issued.waitsFor, [
      "certificate-acm",
      "certificate-proof-example.com",
      "certificate-proof-www.example.com",
    ]);
    assert.match(await valueOf(of.result.issued.urn), /::certificate-issued$/);
    assert.equal(await valueOf(of.result.arn), "certificate-acm-arn");
  });
});

describe("DNS elsewhere", () => {
  test("the certificate is asked for, a gate stands before what serves, and no record is written", async () => {
    const of = await certificate(["example.com", "*.example.com", "www.example.com"]);
    assert.deepEqual(of.resources.map(({ type, name }) => `${type} ${name}`).sort(), [
      "aws:acm/certificate:Certificate certificate-acm",
      "pulumi:index:Stash certificate-issued",
      "wsgi-on-aws:index:Certificate certificate",
      "wsgi-on-aws:index:Gate certificate-issued",
    ]);
    assert.deepEqual(ofType(of, /Stash$/)["certificate-issued"]?.inputs, {
      input: { certificate: "certificate-acm-arn" },
    });
    assert.match(await valueOf(of.result.issued.urn), /Gate::certificate-issued$/);
  });

  test("a certificate that can never serve says why, and how to ask for another", async () => {
    for (const [status, why] of [
      [{ Status: "VALIDATION_TIMED_OUT" }, "VALIDATION_TIMED_OUT"],
      [{ Status: "EXPIRED" }, "EXPIRED"],
      [{ Status: "FAILED", FailureReason: "CAA_ERROR" }, "CAA_ERROR"],
    ] as const) {
      const aws = await scriptedAws({ DescribeCertificate: [{ Certificate: status }] });
      try {
        await assert.rejects(requireIssued(aws.clients.acm, "some-arn"), {
          name: "ActFailed",
          message:
            `The certificate some-arn cannot serve: ${why}. Mend what stands in its way, ` +
            "then ask for another one: pulumi up --replace '**acm/certificate:**'",
        });
      } finally {
        aws.close();
      }
    }
  });

  test("people are told each record once", async () => {
    const domains = ["www.example.com", "*.example.com", "example.com"] as const;
    const of = await certificate(domains);
    assert.deepEqual(
      await valueOf(of.result.records),
      ["example.com", "www.example.com"].map((domain) => ({
        domain,
        type: "CNAME",
        name: `_name.${domain}.`,
        value: `_value.${domain}.acm-validations.aws.`,
      })),
    );
  });
});

test("a zone is looked up, by name among the public ones or by id, and never made", async () => {
  for (const [zone, query] of [
    ["example.com", { name: "example.com", privateZone: false }],
    ["Z0123456789ABC", { zoneId: "Z0123456789ABC" }],
  ] as const) {
    const { result, asked, resources } = await made(() => zoneId(zone, ["www.example.com"], {}), {
      calls: { [GET_ZONE]: { zoneId: "Z1", name: "example.com", privateZone: false } },
    });
    assert.equal(await valueOf(result), "Z1");
    assert.deepEqual(asked, [[GET_ZONE, query]]);
    assert.deepEqual(resources, []);
  }
});

test("a zone has to be public, and that of every name", () => {
  const found = { name: "example.com", privateZone: false };
  assert.equal(zoneProblem("Z1", found, ["example.com", "www.example.com", "*.example.com"]), undefined);
  assert.match(
    zoneProblem("Z1", found, ["example.com", "an-example.com"]) ?? "",
    /"Z1".*"example\.com".*"an-example\.com"/,
  );
  assert.match(zoneProblem("Z1", { ...found, privateZone: true }, ["example.com"]) ?? "", /private/);
});
