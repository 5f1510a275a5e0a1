import assert from "node:assert/strict";
import { test } from "node:test";
import { provenNames } from "../../../components/certificate/certificate.ts";
import { requireIssued } from "../../../components/certificate/issued.ts";
import { recordsFor } from "../../../components/certificate/records.ts";
import { ActFailed } from "../../../components/release/act-failed.ts";
import { scriptedAws } from "./scripted-aws.ts";

const ARN = "arn:aws:acm:eu-central-1:123456789012:certificate/1";
const option = (domain: string, proof = domain.replace(/^\*\./, "")) => ({
  DomainName: domain,
  ResourceRecord: { Name: `_a.${proof}.`, Type: "CNAME", Value: `_b.${proof}.acm-validations.aws.` },
});

async function outcome(certificate: object): Promise<string> {
  const aws = await scriptedAws({ DescribeCertificate: [{ Certificate: certificate }] });
  try {
    await requireIssued(aws.clients.acm, ARN);
    return "passes";
  } catch (error) {
    assert.ok(error instanceof ActFailed, String(error));
    return error.message;
  } finally {
    aws.close();
  }
}

test("an issued certificate passes", async () => {
  assert.equal(await outcome({ Status: "ISSUED" }), "passes");
});

test("one that waits names the records to write, each once", async () => {
  const options = [option("www.example.com"), option("*.example.com"), option("example.com")];
  assert.equal(
    await outcome({ Status: "PENDING_VALIDATION", DomainValidationOptions: options }),
    `The certificate waits for proof that the domain is yours. DNS records:

    CNAME   _a.example.com.
    value   _b.example.com.acm-validations.aws.

    CNAME   _a.www.example.com.
    value   _b.www.example.com.acm-validations.aws.

Create them where your domain's DNS is; they stay for the renewals. Then run pulumi up again.`,
  );
  const early = await outcome({
    Status: "PENDING_VALIDATION",
    DomainValidationOptions: [{ DomainName: "example.com" }],
  });
  assert.match(early, /^ACM has not made the records yet/);
});

test("one that failed says why", async () => {
  assert.match(await outcome({ Status: "FAILED", FailureReason: "CAA_ERROR" }), /cannot serve: CAA_ERROR\./);
  assert.match(await outcome({ Status: "EXPIRED" }), /cannot serve: EXPIRED\./);
});

test("a wildcard and its parent domain need one record, whatever the order", () => {
  assert.deepEqual(provenNames(["example.com", "*.example.com", "www.example.com"]), [
    "example.com",
    "www.example.com",
  ]);
  const plain = (domainName: string) => ({
    domainName,
    resourceRecordName: `_a.${domainName.replace(/^\*\./, "")}.`,
    resourceRecordType: "CNAME",
    resourceRecordValue: "_b",
  });
  const [one, other] = [
    ["example.com", "*.example.com", "www.example.com"],
    ["www.example.com", "*.example.com", "example.com"],
  ];
  assert.deepEqual(recordsFor(one.map(plain)), recordsFor(other.map(plain)));
  assert.deepEqual(
    recordsFor(one.map(plain)).map(({ domain }) => domain),
    ["example.com", "www.example.com"],
  );
});
