/** Outputs that only a deployment knows, by type, as far as the program reads them. */
const OUTPUTS: Readonly<Record<string, (inputs: Readonly<Record<string, unknown>>, name: string) => object>> = {
  "random:index/randomId:RandomId": () => ({ hex: "000000" }),
  "random:index/randomPassword:RandomPassword": () => ({ result: "masked" }),
  "docker:index/image:Image": ({ imageName }) => ({ repoDigest: digest(imageName) }),
  "docker:index/remoteImage:RemoteImage": () => ({ imageId: `sha256:${ZEROS}` }),
  "aws:rds/instance:Instance": (_, name) => ({
    address: `${name}.example`,
    port: 5432,
    masterUserSecrets: [{ secretArn: arn("secretsmanager", "secret:rds!db-masked") }],
  }),
  "aws:acm/certificate:Certificate": ({ domainName, subjectAlternativeNames }, name) => ({
    arn: arn("acm", `certificate/${name}`),
    domainValidationOptions: [domainName, ...((subjectAlternativeNames ?? []) as string[])].map((domain) => ({
      domainName: domain,
      resourceRecordName: `_masked.${String(domain).replace(/^\*\./, "")}.`,
      resourceRecordType: "CNAME",
      resourceRecordValue: "_masked.acm-validations.aws.",
    })),
  }),
  "aws:lb/loadBalancer:LoadBalancer": () => ({ zoneId: "ZMASKED" }),
  "aws:ecr/repository:Repository": (_, name) => ({ repositoryUrl: `registry.example/${name}`, registryId: ACCOUNT }),
};

const ACCOUNT = "000000000000";
const ZEROS = "0".repeat(64);
const arn = (service: string, rest: string) => `arn:aws:${service}:region:${ACCOUNT}:${rest}`;

/** An image that was pushed is known by its repository and digest, one that stays here by its id. */
function digest(imageName: unknown): string {
  const [, repository] = /^([^/]+\.[^/]+\/.*):[^:]*$/.exec(String(imageName)) ?? [];
  return repository === undefined ? `sha256:${ZEROS}` : `${repository}@sha256:${ZEROS}`;
}

/** The state of a resource after its creation. */
export function stateOf(type: string, name: string, inputs: Readonly<Record<string, unknown>>): object {
  const service = /^aws:(\w+)\//.exec(type)?.[1];
  const common = service === undefined ? {} : { arn: arn(service, name), name, dnsName: `${name}.example` };
  return { ...common, ...inputs, ...OUTPUTS[type]?.(inputs, name) };
}

/** Answers of the data functions that the program asks. */
export const ANSWERS: Readonly<Record<string, object>> = {
  "aws:index/getAvailabilityZones:getAvailabilityZones": { names: ["region-a", "region-b", "region-c"] },
  "aws:index/getCallerIdentity:getCallerIdentity": { accountId: ACCOUNT },
  "aws:route53/getZone:getZone": { zoneId: "ZMASKED" },
  "aws:ecr/getAuthorizationToken:getAuthorizationToken": {
    proxyEndpoint: "https://registry.example",
    userName: "AWS",
    password: "masked",
  },
};
